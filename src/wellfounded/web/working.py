"""The work of a worker: which job is done by what, and what is done again and again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from wellfounded.evidence.located import read_toml
from wellfounded.people import accounts, jobs, limits, mail
from wellfounded.people.consultation import mailroom
from wellfounded.people.consultation.actions.arrivals import UNDERSTAND
from wellfounded.people.engagement import ticking
from wellfounded.people.engagement.types import Site
from wellfounded.people.models import Job, Payload
from wellfounded.publishing.editions import shelf
from wellfounded.web import consulting, freezing

_log = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between two looks
PATIENCE = 4.0  # seconds that work which was begun gets when the worker is told to stop
MOST = 500  # jobs at a time
SESSIONS = "sessions.tick"
LOCAL = "http://127.0.0.1:8000"  # where `make run` serves, for a base that names no site

Handler = Callable[[Job, Callable[[str], None]], Payload | None]


def _tidied(_: Job, __: Callable[[str], None]) -> Payload:
    """Old tallies, jobs, sign-in links and sessions of staff are deleted."""
    now = timezone.now()
    return {
        "tallies": limits.forget(now=now), "jobs": jobs.forget(now=now), "signed in": accounts.forget(now=now),
    }  # fmt: skip


def handlers(base: Path) -> dict[str, Handler]:
    """What does each kind of job, for the base in a folder."""

    def sessions_ticked(job: Job, _: Callable[[str], None]) -> Payload:
        """What time brings to sessions; of the ticks before, none is kept."""
        done = ticking.tick(now=timezone.now(), site=site_of(base), edition=_latest_edition(base))
        Job.objects.filter(kind=job.kind, done_at__isnull=False, pk__lt=job.pk).delete()
        return done

    return {
        mail.KIND: mail.send, "tidy": _tidied, freezing.KIND: freezing.handler(base), SESSIONS: sessions_ticked,
        **mailroom.handlers(base), **consulting.handlers(base),
    }  # fmt: skip


def site_of(base: Path) -> Site:
    """In whose name the worker writes, and where links lead: WELLFOUNDED_SITE, or what the base's settings say now."""
    settings_of = read_toml(base / "base.toml", shown_as="base.toml").data
    address = str(settings.WELLFOUNDED_SITE or settings_of.get("site") or LOCAL).rstrip("/")
    return Site(address, str(settings_of.get("title") or settings_of["name"]), str(settings_of.get("contact", "")))


def _latest_edition(base: Path) -> int:
    """The number of the latest edition; 0 where none has been frozen."""
    listed = shelf.listing(Path(settings.WELLFOUNDED_EDITIONS or base / shelf.FOLDER))
    return listed[0].number if listed else 0


# Kinds of jobs that are done again and again.
EVERY: dict[str, timedelta] = {"tidy": timedelta(days=1), SESSIONS: timedelta(minutes=1), **consulting.EVERY}
if settings.WELLFOUNDED_IMAP_URL:
    EVERY[mailroom.POLL] = timedelta(minutes=1)


# What somebody waits for: a lane of its own does it, however long other work takes.
PROMPT = frozenset({mail.KIND, SESSIONS, mailroom.POLL})


def due(
    base: Path, *, now: datetime | None = None, prompt: bool | None = None, stop: threading.Event | None = None
) -> int:
    """How many jobs were done, failed or given up, of all that were due; of one lane's where `prompt` says which."""
    close_old_connections()
    known = {kind: does for kind, does in handlers(base).items() if prompt is None or (kind in PROMPT) is prompt}
    for kind, span in EVERY.items():
        if kind in known:
            jobs.every(kind, span, now=now or timezone.now())
    if UNDERSTAND in known:
        consulting.ask_when_built(base, now=now or timezone.now())
    done = 0
    while done < MOST and not (stop and stop.is_set()) and jobs.work(known, now=now):
        done += 1
    return done


def go_on(base: Path, *, prompt: bool | None = None, stop: threading.Event | None = None) -> int:
    """As `due`, in a worker that stays: where the database is away or busy for too long it is asked again later."""
    try:
        return due(base, prompt=prompt, stop=stop)
    except Error as error:
        _log.error("the database could not be asked (%s): trying again in %.0f seconds", type(error).__name__, PAUSE)
        return 0


def stay(base: Path, stop: threading.Event, *, patience: float = PATIENCE) -> bool:
    """Works in two lanes until told to stop. Whether what was begun was done within `patience` seconds of that.

    What was not is given back: whoever calls has to end the process, and the next worker does it.
    """

    def lane(prompt: bool) -> None:
        go_on(base, prompt=prompt, stop=stop)
        while not stop.wait(PAUSE):
            go_on(base, prompt=prompt, stop=stop)
        connection.close()

    lanes = [threading.Thread(target=lane, args=(prompt,), daemon=True) for prompt in (True, False)]
    for each in lanes:
        each.start()
    stop.wait()
    for each in lanes:
        each.join(patience)
    if not any(each.is_alive() for each in lanes):
        return True
    jobs.give_back()
    return False


__all__ = ["EVERY", "PAUSE", "PROMPT", "SESSIONS", "Handler", "due", "go_on", "handlers", "site_of", "stay"]
