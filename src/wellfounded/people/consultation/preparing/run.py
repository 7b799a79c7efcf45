"""All of it in order, as a job and as a command: new responses at once, everything now and then."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Count, Max

from wellfounded.people.consultation.models import Link, Point, Response, Subject, ThemeChange, Understood
from wellfounded.people.consultation.preparing import campaigning, kept, splitting, suggesting, theming
from wellfounded.people.consultation.preparing.subjects import Known, know
from wellfounded.people.consultation.understanding.embedding import MODEL, load_embedder

if TYPE_CHECKING:
    from wellfounded.people.consultation.understanding.linking import Linker

AT_ONCE = 10_000


def understand(
    subjects: Sequence[Known], *, now: datetime, everything: bool = True, embeddings: bool = True,
    again: bool = False, say: Callable[[str], object] = str,
) -> dict[str, int]:  # fmt: skip
    """How much was done of each step. Without `everything` only what is new is split, and suggestions made for it.

    With nothing new since the last time it does nothing, unless asked to do it `again`.
    """
    began = time.monotonic()
    counts = {"links to check again": know(subjects, now=now)}
    step = "all" if everything else "new"
    before = _state()
    waits = Response.objects.filter(prepared_at=None).exists()
    if not (again or waits) and Understood.objects.filter(step__in=["all", step], state=before).exists():
        return counts
    latest = Understood.objects.order_by("-pk").first()
    counts["responses split"] = splitting.split(now=now, say=say)
    if everything:
        say("looking for campaigns")
        counts["campaigns"] = campaigning.find(now=now)
    state = _state()  # what others do from here on is for the next run
    embedder = load_embedder() if embeddings else None
    found = suggesting.linker(embedder=embedder)
    made_with = "nothing to link to"
    if found is not None:
        made_with = f"{MODEL if embedder else 'words'}, {found.calibration.source}"[:60]
    if everything:
        counts |= _everything(found, made_with=made_with, now=now, say=say)
    elif found is not None:
        counts["points read for suggestions"] = suggesting.suggest_for_new(
            found, since=latest.at if latest else None, made_with=made_with, say=say
        )
    Understood.objects.create(
        at=now,
        step=step,
        counts=counts,
        made_with=made_with,
        seconds=round(time.monotonic() - began, 1),
        state=state,
    )
    return counts


def _everything(found: Linker | None, *, made_with: str, now: datetime, say: Callable[[str], object]) -> dict[str, int]:
    """How many suggestions, misses and themes: each point is read once for all three."""
    counts: dict[str, int] = {}
    points = sorted(theming.everything(), key=lambda each: (each.text, each.point))  # the same words are read once
    confidence, vectors = np.zeros(len(points), np.float32), []
    if found is not None:
        counts["points read for suggestions"] = 0
        for at in range(0, len(points), AT_ONCE):
            say(f"{at:,} of {len(points):,} points compared with what we say")
            some = points[at : at + AT_ONCE]
            read = kept.read(found, some)
            confidence[at : at + AT_ONCE] = read.confidence.max(axis=1)
            counts["points read for suggestions"] += suggesting.propose(
                some, found.suggestions(read.confidence), made_with=made_with
            )
            if read.vectors is not None and len(points) <= theming.MOST_VECTORS:
                vectors.append(read.vectors)
        say("looking for what we have missed")
        counts["missed"] = theming.find_missed(found, points, confidence)
        if found.semantic is not None:
            counts["embeddings forgotten"] = kept.forget_all_but(points, frame=found.frame)
    say("looking for themes")
    counts["themes"] = theming.find(points, vectors=np.concatenate(vectors) if vectors else None, now=now)
    return counts


def _state() -> str:
    """What a run depends on, in a line: where it is the same as after the last run, there is nothing to do."""
    responses = Response.objects.aggregate(n=Count("id"), last=Max("id"), prepared=Count("prepared_at"))
    points = Point.objects.aggregate(n=Count("id"), decided=Max("decided_at"))
    subjects = list(Subject.objects.filter(gone_at=None).order_by("id").values_list("id", "hash"))
    links = Link.objects.aggregate(last=Max("id"))
    themes = ThemeChange.objects.aggregate(last=Max("id"))
    states = sorted(Response.objects.exclude(state="unread").values_list("state").annotate(n=Count("id")))
    told = [*responses.values(), *points.values(), subjects, *links.values(), *themes.values(), states]
    return hashlib.sha256(str(told).encode()).hexdigest()


__all__ = ["understand"]
