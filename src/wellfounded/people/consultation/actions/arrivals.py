"""Responses received: by the form, from a spreadsheet, typed in, and from the room. Received twice is received once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from wellfounded.people import jobs
from wellfounded.people.consultation import parties, passages, receipts, references, tokens
from wellfounded.people.consultation.actions import files
from wellfounded.people.consultation.actions.settling import reopen_sign_off
from wellfounded.people.consultation.models import Attachment, Contact, OpinionGiven, Original, Response
from wellfounded.people.consultation.passages import Passage
from wellfounded.people.consultation.receipts import Receipt
from wellfounded.people.consultation.rules import Reading, State, settled
from wellfounded.people.consultation.types import Channel, Consent, Opinion, Segment, Target
from wellfounded.people.consultation.understanding.language import language_of
from wellfounded.people.models import Done, Job

if TYPE_CHECKING:
    from wellfounded.people.consultation.receiving.types import File

UNDERSTAND = files.UNDERSTAND
AT_ONCE = 2000
_TRIES = 3  # a reference or a party may be taken by somebody else in between


class NothingSaid(ValueError):
    """There is neither a word, nor a tick, nor a file in it."""


@dataclass(frozen=True)
class Sent:
    """What somebody sends: the answers to the three questions, by conclusion, in free text, as files; and who they are.

    `files` have been looked at, and those that were not refused are in the store.
    """

    questions: Sequence[str] = ()
    answers: Sequence[tuple[str, Opinion, str]] = ()  # conclusion, what was ticked, and why
    ideas: Sequence[tuple[Target, str]] = ()  # what is said of a chapter, an indicator or a Grand Challenge
    text: str = ""
    subject: str = ""  # what it is headed, as an e-mail is
    opened_on: Target | None = None
    respondent: str = ""  # one of Respondent, or what another system has
    name: str = ""
    email: str = ""
    organisation: str = ""
    sector: str = ""
    district: str = ""
    consent: Consent = Consent.NOTHING
    language: str = "en"
    files: Sequence[File] = ()
    session: str = ""
    table: int = 0
    demonstration_id: str = ""  # marks it as demonstration


@dataclass(frozen=True)
class Uploaded:
    """A response from another system. `key` makes the same row the same response, whenever it is uploaded."""

    sent: Sent
    key: str
    received_at: datetime | None = None
    rest: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """A response, the token of its link, and whether it is new."""

    response: Response
    token: str
    new: bool


@dataclass(frozen=True)
class Rows:
    """How many of the rows of a file are new, and how many were known."""

    new: int
    known: int


@dataclass(frozen=True)
class Arriving:
    """A response on its way into the tables."""

    sent: Sent
    key: str
    channel: Channel
    received_at: datetime
    text: str
    passages: tuple[Passage, ...]
    segments: tuple[Segment, ...]
    subject: str = ""
    original: Original | None = None
    voice: str = ""
    follows: Response | None = None
    hands: Mapping[Opinion, int] = field(default_factory=dict)  # of a vote in the room
    failed: str = ""  # why it can't be read
    rest: Mapping[str, str] = field(default_factory=dict)


def receive_web(sent: Sent, *, key: str, now: datetime, receipt: Receipt | None = None) -> Received:
    """A response by the form. `key` is chance from the form, so that sending it twice makes one. Raises NothingSaid."""
    arriving = _from(sent, key=f"web {key} {_same(sent)}", channel=Channel.WEB, at=now)
    if not arriving.text and not sent.answers and not sent.files:
        raise NothingSaid("there is neither a word, nor a tick, nor a file in it")
    received = _one(arriving, by="respondent", now=now)
    if received.new and receipt is not None and sent.email:
        receipts.ask(sent.email, received.response.reference, receipt, now=now)
    return received


def receive_note(
    sent: Sent,
    *,
    key: str,
    by: str,
    now: datetime,
    channel: Channel = Channel.ROOM_NOTE,
    at: datetime | None = None,
) -> Received:
    """What a facilitator noted in the room, or a letter that was typed in. Raises NothingSaid.

    `key` is chance from the form, so that sending it twice makes one.
    """
    arriving = _from(sent, key=f"{channel} {key} {_same(sent)}", channel=channel, at=at or now)
    if not arriving.text and not sent.files:
        raise NothingSaid("there is neither a word nor a file in it")
    return _one(arriving, by=by, now=now)


def receive_votes(
    conclusion: str, *, votes: Mapping[Opinion, int], session: str, by: str, now: datetime, key: str = "",
    at: datetime | None = None, demonstration_id: str = "",
) -> Received:  # fmt: skip
    """Hands that went up in the room for one conclusion. Counted as hands, never as organisations."""
    if not any(votes.values()):
        raise NothingSaid(f"no hand went up for {conclusion}")
    sent = Sent(
        answers=[(conclusion, opinion, "") for opinion, n in votes.items() if n],
        session=session, demonstration_id=demonstration_id,
    )  # fmt: skip
    arriving = _from(sent, key=f"votes {key or f'{session} {conclusion}'}", channel=Channel.ROOM_VOTE, at=at or now)
    return _one(replace(arriving, hands=dict(votes)), by=by, now=now)


def receive_rows(rows: Iterable[Uploaded], *, file: str, by: str, now: datetime) -> Rows:
    """The rows of a file from another system, many at a time; each portion is in the tables or nothing of it is."""
    new = known = 0
    portion: list[Arriving] = []

    def put() -> None:
        nonlocal new, known
        received = receive(portion, by=by, now=now)
        new += sum(each.new for each in received)
        known += sum(not each.new for each in received)
        portion.clear()

    for row in rows:
        arriving = _from(row.sent, key=f"upload {row.key}", channel=Channel.UPLOAD, at=row.received_at or now)
        portion.append(replace(arriving, rest={"file": file, **row.rest}))
        if len(portion) == AT_ONCE:
            put()
    if portion:
        put()
    return Rows(new, known)


def receive(arriving: Sequence[Arriving], *, by: str, now: datetime) -> list[Received]:
    """What became of each, in order: all are in the tables when this returns, with what belongs to them."""
    arriving = [replace(each, sent=_storable(each.sent)) for each in arriving]
    for last in range(_TRIES):
        try:
            with transaction.atomic():
                return _receive(arriving, by=by, now=now)
        except IntegrityError:
            if last == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _one(arriving: Arriving, *, by: str, now: datetime) -> Received:
    return receive([arriving], by=by, now=now)[0]


def _from(sent: Sent, *, key: str, channel: Channel, at: datetime) -> Arriving:
    fields = [("question", str(n), answer) for n, answer in enumerate(sent.questions, start=1)]
    fields += [("reason", conclusion, reason) for conclusion, _, reason in sent.answers]
    fields += [("about", f"{target.about}:{target.id}", idea) for target, idea in sent.ideas]
    text, found = passages.joined([*fields, ("text", "", sent.text)])
    return Arriving(sent, key, channel, at, text, found, passages.all_said(text), sent.subject)


def _language(arriving: Arriving) -> str:
    """The language that it is written in, which need not be that of the form."""
    said = language_of(arriving.text)
    return said or arriving.sent.language


def _receive(arriving: Sequence[Arriving], *, by: str, now: datetime) -> list[Received]:
    keys = [each.key for each in arriving]
    known = _known(keys)
    fresh = {each.key: each for each in arriving if each.key not in known}
    numbers = {key: references.new() for key in fresh}
    theirs = {
        key: parties.key_of(organisation=each.sent.organisation, email=each.sent.email, otherwise=numbers[key])
        for key, each in fresh.items()
    }
    party = parties.found_or_made({theirs[key]: each.sent.organisation for key, each in fresh.items()})
    made = Response.objects.bulk_create(
        [_row(each, reference=numbers[key], party=party[theirs[key]], now=now) for key, each in fresh.items()]
    )
    _with_what_belongs(made, list(fresh.values()))
    Done.objects.bulk_create(
        [
            Done(at=now, who=by, what="response.received", about=row.reference, detail={"channel": row.channel})
            for row in made
        ]
    )
    if made:
        reopen_sign_off(now)
        if not Job.objects.filter(kind=UNDERSTAND, done_at=None, failed_at=None, leased_until=None).exists():
            jobs.ask(UNDERSTAND, {"only": "new"}, by=by)
    if any(each.sent.files for each in fresh.values()):
        files.ask(now)
    by_key = known | {row.key: row for row in made}
    new = set(fresh)
    received = []
    for key in keys:
        received.append(Received(by_key[key], tokens.token_for(by_key[key].reference), key in new))
        new.discard(key)
    return received


def _known(keys: Sequence[str]) -> dict[str, Response]:
    found: dict[str, Response] = {}
    for at in range(0, len(keys), 500):
        found |= {row.key: row for row in Response.objects.filter(key__in=keys[at : at + 500])}
    return found


def _row(each: Arriving, *, reference: str, party: int, now: datetime) -> Response:
    sent = each.sent
    ticks_only = bool(sent.answers) and not each.text and not sent.files
    return Response(
        reference=reference, key=each.key, token_hash=tokens.hash_of(tokens.token_for(reference)),
        channel=each.channel, received_at=each.received_at, party_id=party, subject=_cut(each.subject, 500),
        text=each.text, passages=[passage.plain() for passage in each.passages], segments=passages.kept(each.segments),
        content_hash=_hash(" ".join(each.text.split()).casefold()), language=_language(each)[:12],
        respondent=_cut(str(sent.respondent or ""), 60), organisation=_cut(sent.organisation, 200),
        sector=_cut(sent.sector, 120), district=_cut(sent.district, 80), consent=sent.consent,
        opened_on_about=sent.opened_on.about if sent.opened_on else "",
        opened_on_id=sent.opened_on.id if sent.opened_on else "",
        session=_cut(sent.session, 120), table=sent.table, rest=dict(each.rest), original=each.original,
        voice=each.voice, follows=each.follows, demonstration=bool(sent.demonstration_id),
        demonstration_id=sent.demonstration_id,
        state=State.FAILED if each.failed else _ticked(each) if ticks_only else State.UNREAD,
        reason=_cut(each.failed, 300), prepared_at=now if ticks_only else None, done_at=now if ticks_only else None,
    )  # fmt: skip


def _ticked(each: Arriving) -> State:
    """What a response is in which things are only ticked: nobody has to read it."""
    return settled(Reading(0, 0, sum(opinion is not Opinion.DONT_KNOW for _, opinion in _opinions(each)), done=True))


def _with_what_belongs(made: Sequence[Response], arriving: Sequence[Arriving]) -> None:
    contacts, opinions, attached = [], [], []
    for row, each in zip(made, arriving, strict=True):
        sent = each.sent
        if sent.name or sent.email:
            contacts.append(Contact(response=row, name=_cut(sent.name, 200), email=sent.email.strip()[:254]))
        for (conclusion, opinion), n in _opinions(each).items():
            opinions.append(OpinionGiven(response=row, conclusion=conclusion[:120], opinion=opinion, n=n))
        attached += [
            Attachment(
                response=row,
                name=file.name,
                kind=file.kind,
                hash=file.hash,
                size=file.size,
                refused=_cut(file.refused, 300),
            )
            for file in sent.files
        ]
    Contact.objects.bulk_create(contacts)
    OpinionGiven.objects.bulk_create(opinions)
    Attachment.objects.bulk_create(attached)


def _opinions(each: Arriving) -> dict[tuple[str, Opinion], int]:
    return {
        (conclusion, opinion): each.hands.get(opinion, 1) for conclusion, opinion, _ in each.sent.answers if opinion
    }


def _storable(sent: Sent) -> Sent:
    """The same, who sends it in characters that every database takes."""
    return replace(
        sent, name=passages.storable(sent.name), email=passages.storable(sent.email),
        organisation=passages.storable(sent.organisation), language=passages.storable(sent.language),
    )  # fmt: skip


def _cut(text: str, most: int) -> str:
    return passages.storable(" ".join(text.split()))[:most]


def _same(sent: Sent) -> str:
    """What tells a form that is sent twice from one that was gone back to and filled in with something else."""
    return _hash(repr(sent))[:32]


def _hash(*parts: Any) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


__all__ = [
    "UNDERSTAND", "Arriving", "NothingSaid", "Received", "Rows", "Sent", "Uploaded",
    "receive", "receive_note", "receive_rows", "receive_votes", "receive_web",
]  # fmt: skip
