"""Work outside of a request: asked for in the transaction that needs it, claimed by workers, tried again, given up.

A job is leased for a time, again and again while its handler is at work; a worker that dies leaves it to the next.
Handlers may so be called twice for one job, and have to bear it.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from wellfounded.people.faults import without_rows
from wellfounded.people.models import Job, Payload

_log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
AT_ONCE = 500
MOST_ATTEMPTS = 6
KEPT = timedelta(days=30)
WAIT = timedelta(seconds=30)  # before the second attempt; it doubles from one to the next
Handler = Callable[[Job, Callable[[str], None]], Payload | None]


class GiveUp(Exception):
    """Raised by a handler where trying again is of no use; its words are for staff, and `result` is kept."""

    def __init__(self, words: str, result: Payload | None = None) -> None:
        self.result = result or {}
        super().__init__(words)


def ask(kind: str, payload: Payload, *, key: str | None = None, due_at: datetime | None = None, by: str = "") -> Job:
    """A job to be done; the one that there is already where it has the same `key`."""
    values = {"kind": kind, "payload": payload, "due_at": due_at or timezone.now(), "by": by}
    if key is None:
        return Job.objects.create(**values)
    return Job.objects.get_or_create(key=key, defaults=values)[0]


def ask_all(kind: str, wanted: Mapping[str, Payload], *, by: str = "") -> None:
    """Nothing; a job of each key that there is none of yet, many at a time."""
    made = [Job(kind=kind, key=key, payload=payload, by=by) for key, payload in wanted.items()]
    Job.objects.bulk_create(made, ignore_conflicts=True, batch_size=AT_ONCE)


def every(kind: str, span: timedelta, *, now: datetime) -> Job:
    """The job of a kind that is done once in each span of time, whichever worker asks for it."""
    return ask(kind, {}, key=f"{kind} {int(now.timestamp() // span.total_seconds())}", due_at=now)


def again(job: Job, *, now: datetime) -> None:
    """Nothing; a job that was given up, or waits for another try, is due now. One that is at work is left to it."""
    waits = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    Job.objects.filter(waits, pk=job.pk, done_at__isnull=True).update(failed_at=None, due_at=now, attempts=0)


def forget(*, now: datetime) -> int:
    """How many jobs were deleted that were done or given up long ago: an e-mail among them says whom it was for."""
    return Job.objects.filter(Q(done_at__lt=now - KEPT) | Q(failed_at__lt=now - KEPT)).delete()[0]


def give_back() -> int:
    """How many jobs this process had and gave back undone, as it is about to end: they are due for another."""
    mine = Job.objects.filter(done_at=None, failed_at=None, leased_by=_us(), leased_until__isnull=False)
    return mine.update(leased_until=None, leased_by="", attempts=F("attempts") - 1)


def work(handlers: Mapping[str, Handler], *, now: datetime | None = None) -> bool:
    """Whether there was a job that is due: it has been done, failed or given up."""
    job = _claimed(list(handlers), now or timezone.now())
    if job is None:
        return False

    def say(words: str) -> None:
        Job.objects.filter(id=job.id).update(progress=words[:300], leased_until=timezone.now() + LEASE)

    try:
        with _held(job):
            result = handlers[job.kind](job, say)
    except GiveUp as error:
        _end(job, error=str(error), given_up=True, result=error.result)
    except Exception as error:
        _log.exception("the job %s %s failed", job.kind, job.id)
        _end(job, error=without_rows(f"{type(error).__name__}: {error}"), given_up=job.attempts >= MOST_ATTEMPTS)
    else:
        Job.objects.filter(id=job.id).update(
            done_at=timezone.now(), leased_until=None, error="", result=result or {}, progress=""
        )
    return True


@contextmanager
def _held(job: Job) -> Iterator[None]:
    """The job stays leased until the block ends, however long nothing is said of it."""
    over = threading.Event()

    def hold() -> None:
        while not over.wait(LEASE.total_seconds() / 3):
            with suppress(Error):  # busy for the moment: a third of the lease later is early enough
                Job.objects.filter(id=job.id).update(leased_until=timezone.now() + LEASE)
            connection.close()

    holding = threading.Thread(target=hold, daemon=True)
    holding.start()
    try:
        yield
    finally:
        over.set()
        holding.join()


def _claimed(kinds: list[str], now: datetime) -> Job | None:
    """The next job that is due, leased by this process: a conditional update, so that no two have it."""
    open_ = Q(done_at__isnull=True, failed_at__isnull=True) & (Q(leased_until__isnull=True) | Q(leased_until__lte=now))
    for job in Job.objects.filter(open_, kind__in=kinds, due_at__lte=now).order_by("due_at", "id")[:5]:
        with transaction.atomic():
            mine = Job.objects.filter(open_, id=job.id).update(
                leased_until=now + LEASE, leased_by=_us(),
                attempts=F("attempts") + 1,
            )  # fmt: skip
        if mine:
            job.refresh_from_db()
            if job.attempts <= MOST_ATTEMPTS:
                return job
            _end(job, error=f"the worker died in each of {MOST_ATTEMPTS} attempts", given_up=True)
    return None


def _us() -> str:
    return f"{socket.gethostname()[:40]} {os.getpid()}"


def _end(job: Job, *, error: str, given_up: bool, result: Payload | None = None) -> None:
    now = timezone.now()
    wait = WAIT * 2 ** (job.attempts - 1)
    Job.objects.filter(id=job.id).update(
        leased_until=None,
        error=error[:4000],
        failed_at=now if given_up else None,
        due_at=now + wait,
        result=result or {},
    )


__all__ = ["GiveUp", "Handler", "again", "ask", "ask_all", "every", "forget", "give_back", "work"]
