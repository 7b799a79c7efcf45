"""The consultation's jobs: understanding what has come, and deleting what has been kept for its time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from wellfounded.conclusions import rival
from wellfounded.evidence.base import load_base
from wellfounded.evidence.located import BaseErrors
from wellfounded.evidence.store import Store
from wellfounded.people import jobs
from wellfounded.people.consultation.actions import demonstrating, privacy
from wellfounded.people.consultation.actions.arrivals import UNDERSTAND
from wellfounded.people.consultation.preparing.run import understand
from wellfounded.people.consultation.preparing.subjects import Known
from wellfounded.people.models import Job, Payload
from wellfounded.web import answered, rendering
from wellfounded.web.publication import NothingPublished, Opened, UnreadablePublication
from wellfounded.web.subjects import subjects_of

TIDY, RERUN = "responses.tidy", "responses.rerun"
BUILT = Path("build", "publication")  # within a base: its working version


EVERY = {UNDERSTAND: timedelta(hours=1), TIDY: timedelta(days=1)}


def handlers(base: Path) -> dict[str, jobs.Handler]:
    """What a worker does with responses, for the base in a folder."""

    def understood(job: Job, say: Callable[[str], None]) -> Payload:
        everything = job.payload.get("only") != "new"
        done = dict(understand(subjects_at(base), now=timezone.now(), everything=everything, say=say))
        return {**done, "calls for evidence answered": answered.note()}

    def tidied(_: Job, __: Callable[[str], None]) -> Payload:
        return dict(privacy.tidy(now=timezone.now()))

    def put_against(job: Job, say: Callable[[str], None]) -> Payload:
        asked = job.payload
        say("testing it again")
        try:
            opened_base = load_base(base)
            store = Store.open(opened_base)
            figures = rival.read_figures(asked["figures"], store=store)
            found = rival.put_against(opened_base, asked["conclusion"], asked["indicator"], figures, store=store)
        except (rival.UnusableFigures, BaseErrors) as error:
            _leave_out_figures(job)
            raise jobs.GiveUp(str(error)) from error
        _leave_out_figures(job)
        return {**asdict(found), "told": found.told}

    return {UNDERSTAND: understood, TIDY: tidied, RERUN: put_against}


def _leave_out_figures(job: Job) -> None:
    """A respondent's figures are kept where they came from, and not in the list of jobs."""
    Job.objects.filter(pk=job.pk).update(payload={**job.payload, "figures": ""})


def demonstrated(base: Path) -> dict[str, int]:
    """How many demonstration responses were loaded; the worker understands them a moment later."""
    lines = load_base(base).consultation.subjects
    return {"demonstration responses": demonstrating.load(subjects_at(base), subject_lines=lines, now=timezone.now())}


def demonstration_removed() -> dict[str, int]:
    """How many demonstration responses were taken away."""
    return {"demonstration responses": demonstrating.remove(now=timezone.now())}


def ask_when_built(base: Path, *, now: datetime) -> None:
    """Nothing; what people linked to is compared with the working version soon after a build, not within the hour."""
    with suppress(OSError):
        made = (base / BUILT / "publication.json").stat().st_mtime_ns
        jobs.ask(UNDERSTAND, {"only": "new"}, key=f"{UNDERSTAND} built {made}", due_at=now)


def subjects_at(base: Path) -> tuple[Known, ...]:
    """What can be linked to; nothing where nothing is built."""
    found = shown_at(base)
    return subjects_of(found) if found is not None else ()


def shown_at(base: Path) -> Opened | None:
    """What the site shows, else the working version of the base; None where nothing is built."""
    with suppress(NothingPublished, UnreadablePublication):
        return rendering.shelf().current()
    with suppress(UnreadablePublication):
        return Opened((base / BUILT).resolve())
    return None


__all__ = [
    "EVERY",
    "RERUN",
    "ask_when_built",
    "demonstrated",
    "demonstration_removed",
    "handlers",
    "shown_at",
    "subjects_at",
]
