"""The work of a worker: which job is done by what, and what is done again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import close_old_connections
from django.utils import timezone

from wellfounded.people import jobs, limits, mail
from wellfounded.people.models import Job, Payload
from wellfounded.web import freezing

PAUSE = 2.0  # seconds between two looks
MOST = 500  # jobs at a time

Handler = Callable[[Job, Callable[[str], None]], Payload | None]


def _tidied(_: Job, __: Callable[[str], None]) -> Payload:
    """Old tallies and jobs are deleted."""
    now = timezone.now()
    return {"tallies": limits.forget(now=now), "jobs": jobs.forget(now=now)}


def handlers(base: Path) -> dict[str, Handler]:
    """What does each kind of job, for the base in a folder."""
    return {mail.KIND: mail.send, "tidy": _tidied, freezing.KIND: freezing.handler(base)}


EVERY: dict[str, timedelta] = {"tidy": timedelta(days=1)}  # kinds of jobs that are done again and again


def due(base: Path, *, now: datetime | None = None) -> int:
    """How many jobs were done, failed or given up, of all that were due."""
    close_old_connections()
    for kind, span in EVERY.items():
        jobs.every(kind, span, now=now or timezone.now())
    known = handlers(base)
    done = 0
    while done < MOST and jobs.work(known, now=now):
        done += 1
    return done


__all__ = ["EVERY", "PAUSE", "Handler", "due", "handlers"]
