"""The consultation's mail and uploads: kept in the store first, then in the tables, whichever way they came."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from wellfounded.people import jobs
from wellfounded.people.consultation.actions import files
from wellfounded.people.consultation.actions.arrivals import Sent, Uploaded
from wellfounded.people.consultation.actions.messages import receive_message
from wellfounded.people.consultation.models import MailFolder, Original
from wellfounded.people.consultation.receipts import Receipt
from wellfounded.people.consultation.receiving.message import read_message
from wellfounded.people.consultation.receiving.store import Store
from wellfounded.people.consultation.receiving.types import Arrival, Outcome
from wellfounded.people.consultation.types import About, Target
from wellfounded.people.models import Job, Payload

if TYPE_CHECKING:
    from wellfounded.evidence.base import Base
    from wellfounded.people.consultation.receiving.imap import Polled
    from wellfounded.people.consultation.receiving.sheets import Row

_log = logging.getLogger(__name__)
POLL = "mail.poll"  # the kind of the job
OLDEST = timedelta(days=5 * 365)  # of a date that a message from a file is believed to bear
_LONDON = ZoneInfo("Europe/London")  # the day that a spreadsheet gives


@dataclass(frozen=True)
class Mailroom:
    """Where mail is kept, which addresses are ours, and which subjects the base asks for."""

    store: Store
    own: frozenset[str]
    subjects: tuple[str, ...]
    receipt: Receipt | None = None  # none is sent where it is None

    def deliver(self, raw: bytes, arrival: Arrival) -> Outcome:
        """What became of a message. When this returns, it is recorded, and it and its files are on the disk."""
        message = read_message(raw, own=self.own)
        if Original.objects.filter(content_hash=message.content_hash).exists():
            return Outcome.KNOWN
        self.store.keep(raw)
        for voice in message.voices:
            for file in voice.files:
                if not file.refused:
                    self.store.keep(file.content)
        # What was sent long ago and is read from a file is of the day that it bears; nobody waits for a receipt.
        receipt, now = None if arrival.how == "file" else self.receipt, arrival.at
        if arrival.how == "file" and message.sent_at is not None and now - OLDEST < message.sent_at < now:
            arrival = replace(arrival, at=message.sent_at)
        return receive_message(message, arrival=arrival, subjects=self.subjects, now=now, receipt=receipt).outcome

    def deliver_apart(self, raw: bytes, arrival: Arrival) -> Outcome:
        """The same, in a thread that lives for long: no connection to the database is kept that has gone stale."""
        close_old_connections()
        try:
            return self.deliver(raw, arrival)
        finally:
            close_old_connections()


def mailroom_of(base: Base) -> Mailroom:
    """The mail of a base: its address and subjects, and receipts where the base says where its site is."""
    from wellfounded.people.consultation.receiving.imap import WrongMailbox, mailplace

    own = {base.consultation.address, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}
    try:
        own.add(mailplace(settings.WELLFOUNDED_IMAP_URL).user if settings.WELLFOUNDED_IMAP_URL else "")
    except WrongMailbox as error:
        _log.error("WELLFOUNDED_IMAP_URL: %s", error)
    site = settings.WELLFOUNDED_SITE or base.site
    return Mailroom(
        store=Store(settings.WELLFOUNDED_UPLOADS),
        own=frozenset(address.lower() for address in own if "@" in address),
        subjects=base.consultation.subjects,
        receipt=Receipt(site, base.title) if site else None,
    )


def look(room: Mailroom, url: str, *, now: Callable[[], datetime] = timezone.now) -> Polled:
    """What a look into the mailbox at `url` brought. How far it has been read is kept, and so is what went wrong.

    Raises WrongMailbox and MailboxUnreachable.
    """
    from wellfounded.people.consultation.receiving import imap

    place = imap.mailplace(url)
    folder, _ = MailFolder.objects.get_or_create(name=str(place)[:300])
    MailFolder.objects.exclude(pk=folder.pk).exclude(trouble="").update(trouble="")  # nobody looks into those any more
    seen = imap.Seen(folder.numbering, folder.last, tuple(folder.again))
    try:
        polled = imap.poll(place, room.deliver, seen=seen, now=now)
    except imap.MailboxUnreachable as error:
        MailFolder.objects.filter(pk=folder.pk).update(trouble=str(error)[:300], polled_at=now())
        raise
    MailFolder.objects.filter(pk=folder.pk).update(
        numbering=polled.seen.numbering,
        last=polled.seen.last,
        again=list(polled.seen.again),
        polled_at=now(),
        trouble="; ".join(polled.failed)[:300],
    )
    return polled


def poll(base: Base, job: Job) -> Payload:
    """Looks into the mailbox of the settings, unless another look is still going on.

    Where there is more in it than one look takes, that is another job: e-mails that wait meanwhile come first.
    """
    from wellfounded.people.consultation.receiving.imap import MailboxUnreachable, WrongMailbox

    going_on = Job.objects.filter(kind=POLL, leased_until__gt=timezone.now()).exclude(pk=job.pk)
    if not settings.WELLFOUNDED_IMAP_URL or going_on.exists():
        return {}
    try:
        polled = look(mailroom_of(base), settings.WELLFOUNDED_IMAP_URL)
    except MailboxUnreachable as error:  # the next look comes soon; staff see it beside the mailbox
        _log.warning("%s", error)
        return {"new": 0, "known": 0, "trouble": str(error)}
    except WrongMailbox as error:
        raise jobs.GiveUp(f"WELLFOUNDED_IMAP_URL: {error}") from None
    if polled.more and not polled.failed:
        jobs.ask(POLL, {})
    return {"new": polled.new + polled.changed, "known": polled.known}


def handlers(folder: Path) -> dict[str, jobs.Handler]:
    """What a worker does with mail and with files, for the base in a folder."""

    def polled(job: Job, _: Callable[[str], None]) -> Payload:
        done = poll(_base(folder), job)
        Job.objects.filter(
            kind=POLL, done_at__isnull=False, pk__lt=job.pk
        ).delete()  # of the looks before, none is kept
        return done

    def read(_: Job, say: Callable[[str], None]) -> Payload:
        return {"files": files.read_files(Store(settings.WELLFOUNDED_UPLOADS), now=timezone.now(), say=say)}

    return {POLL: polled, files.READ: read}


@cache
def _base(folder: Path) -> Base:
    """The base in a folder, read once by a worker."""
    from wellfounded.evidence.base import load_base

    return load_base(folder)


def uploaded(rows: Iterable[Row], *, system: str) -> Iterator[Uploaded]:
    """The rows of another system's spreadsheet as they are received.

    `system` and a row's reference make it the same again. Where there is no reference, all that stands in the row does,
    and which it is among those that say the same: forty forms with the same tick and no name are forty.
    """
    times: Counter[str] = Counter()
    for row in rows:
        told = row.reference or repr(replace(row, line=0))
        times[told] += 1
        yield _uploaded(row, system=system, told=told if times[told] == 1 else f"{told} {times[told]}")


def _uploaded(row: Row, *, system: str, told: str) -> Uploaded:
    stable = told if row.reference and len(told) <= 100 else hashlib.sha256(told.encode()).hexdigest()[:32]
    at = datetime.combine(row.received_on, time(12), tzinfo=_LONDON) if row.received_on else None
    sent = Sent(
        questions=row.questions,
        answers=[(each.conclusion, each.opinion, each.reason) for each in row.answers if each.opinion],
        ideas=[(Target(About.CONCLUSION, each.conclusion), each.reason) for each in row.answers if not each.opinion],
        name=row.name, email=row.email, organisation=row.organisation, sector=row.sector, district=row.district,
        respondent=row.respondent or "", consent=row.consent, language=row.language,
    )  # fmt: skip
    return Uploaded(sent, f"{system[:60]} {stable}", at, dict(row.rest))


__all__ = ["POLL", "Mailroom", "handlers", "look", "mailroom_of", "poll", "uploaded"]
