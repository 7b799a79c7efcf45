"""The demonstration responses received as others are, part of them read by two demonstration people, and taken away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from wellfounded.people.consultation import demonstration
from wellfounded.people.consultation.actions import answering, arrivals, aside, privacy, removing
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.actions.linking import Linked, decide
from wellfounded.people.consultation.actions.messages import receive_message
from wellfounded.people.consultation.demonstration import Demonstration
from wellfounded.people.consultation.models import (
    Attachment,
    Decision,
    Link,
    Original,
    Personal,
    Point,
    Response,
    Understood,
)
from wellfounded.people.consultation.preparing import splitting, subjects
from wellfounded.people.consultation.preparing.subjects import Known
from wellfounded.people.consultation.receiving import attachments as files
from wellfounded.people.consultation.receiving.message import read_message
from wellfounded.people.consultation.receiving.types import Arrival, File
from wellfounded.people.consultation.types import WITHOUT_ID, About, Channel, Consent, Opinion, Target
from wellfounded.people.models import Staff

READER, SECOND = "reader@demonstration.example", "second@demonstration.example"
READ = 0.55  # share of them, the earliest, that the demonstration people have read; the rest waits in the queues
APPROVED = 0.7  # share of the copies that the second person has approved
NOBODY = Target(About.NOT_EVIDENCE)


def load(known: Sequence[Known], *, subject_lines: Sequence[str], now: datetime) -> int:
    """How many demonstration responses were loaded that were not there."""
    with transaction.atomic():
        subjects.know(known, now=now)
        theirs = Response.objects.filter(demonstration=True)
        before, there = theirs.count(), set(theirs.values_list("demonstration_id", flat=True))
        wanted = sorted(
            (each for each in demonstration.responses() if each.id not in there), key=lambda each: each.received_at
        )
        if not wanted:
            return 0
        for address, name in ((READER, "Demonstration reader"), (SECOND, "Demonstration second reader")):
            staff, new = Staff.objects.get_or_create(
                email=address, defaults={"name": name, "roles": ["analyst"], "is_active": False, "demonstration": True}
            )
            if new:
                staff.set_unusable_password()
                staff.save()
        loaded = {each.id: _received(each, subject_lines) for each in wanted}
        splitting.split(now=now)
        for each in wanted[: int(len(wanted) * READ)]:
            _read(each, loaded[each.id], loaded, now)
        _answered(now)
        return theirs.count() - before  # a message that passes others on is several


def remove(*, now: datetime) -> int:
    """How many demonstration responses were taken away, with all that was made of them."""
    with transaction.atomic():
        theirs = Response.objects.filter(demonstration=True)
        ids = list(theirs.values_list("pk", flat=True))
        hashes = set(Attachment.objects.filter(response__in=theirs).values_list("hash", flat=True))
        hashes |= set(Original.objects.filter(demonstration=True).values_list("raw_hash", flat=True))
        removing.take_away(ids, now=now, with_kept_themes=True)
        Original.objects.filter(demonstration=True, responses=None).delete()
        Decision.objects.filter(demonstration=True).delete()
        if not Response.objects.exists():
            Understood.objects.all().delete()
        transaction.on_commit(lambda: privacy.take_away(hashes))
    return len(ids)


def _received(each: Demonstration, subject_lines: Sequence[str]) -> Response:
    known = Sent(
        questions=each.questions, answers=[(a.conclusion, a.opinion, a.reason) for a in each.answers], text=each.text,
        opened_on=each.opened_on.target if each.opened_on else None, respondent=each.respondent or "", name=each.name,
        email=each.email, organisation=each.organisation, sector=each.sector, district=each.district,
        consent=each.consent, language=each.language, session=each.session, table=each.table, demonstration_id=each.id,
    )  # fmt: skip
    at = each.received_at
    if each.channel is Channel.EMAIL:
        message = read_message(each.message)
        privacy.store().keep(each.message)
        _keep([file for voice in message.voices for file in voice.files])
        taken = receive_message(
            message, arrival=Arrival("file", each.mail, at), subjects=subject_lines, now=at, demonstration_id=each.id,
            about=known,
        )  # fmt: skip
        return taken.responses[0] if taken.responses else Response.objects.get(original=taken.original)
    if each.vote is not None:
        votes = {
            Opinion.AGREE: each.vote.agree, Opinion.PARTLY: each.vote.partly, Opinion.DISAGREE: each.vote.disagree,
            Opinion.DONT_KNOW: each.vote.dont_know,
        }  # fmt: skip
        return arrivals.receive_votes(
            each.vote.conclusion, votes=votes, session=each.session, by=READER, now=at, key=each.id,
            demonstration_id=each.id,
        ).response  # fmt: skip
    sent = replace(known, files=_keep([files.look(name, "", demonstration.file(name)) for name in each.files]))
    if each.channel is Channel.WEB:
        return arrivals.receive_web(sent, key=each.id, now=at).response
    return arrivals.receive_note(sent, by=READER, now=at, channel=each.channel, key=each.id).response


def _keep(found: Sequence[File]) -> Sequence[File]:
    for file in found:
        if not file.refused:
            privacy.store().keep(file.content)
    return found


def _read(each: Demonstration, response: Response, loaded: dict[str, Response], now: datetime) -> None:
    """Decides on a response as its author meant it to be read."""
    at = min(now, each.received_at + timedelta(days=2))
    response.refresh_from_db()
    if each.withheld:
        aside.withhold(response, reason=each.withheld, version=response.version, by=READER, now=at)
        return
    if each.duplicate_of and each.duplicate_of in loaded:
        aside.duplicate(response, of=loaded[each.duplicate_of], version=response.version, by=READER, now=at)
        return
    points = list(Point.objects.filter(response=response, open=True))
    meant = _meant(each, response, points)
    for point in points:
        decide(point, meant.get(point.pk) or {Linked(NOBODY)}, version=point.version, by=READER, now=at)
    if each.consent is not Consent.NOTHING and response.text and points:
        _ready_to_publish(each, response, at)


def _meant(each: Demonstration, response: Response, points: Sequence[Point]) -> dict[int, set[Linked]]:
    """The links that its author meant, on the points into which the software split it."""
    known = subjects.targets()
    found: dict[int, set[Linked]] = {}
    for said in each.points:
        span = demonstration.find(said.words, response.text)
        links = {
            Linked(link.target, link.says) for link in said.links if link.about in WITHOUT_ID or link.target in known
        }
        if span is None or not links:
            continue
        overlap = {p.pk: min(p.end, span.end) - max(p.start, span.start) for p in points}
        best = max(overlap, key=lambda pk: overlap[pk], default=0)
        if best and overlap[best] > 0:
            found.setdefault(best, set()).update(links)
    return {
        pk: {link for link in links if link.target != NOBODY} or links for pk, links in found.items()
    }  # a point that is on something is on that


def _ready_to_publish(each: Demonstration, response: Response, at: datetime) -> None:
    for personal in each.personal:
        if (span := demonstration.find(personal.words, response.text)) is not None:
            privacy.mark_personal(response, kind=personal.kind, start=span.start, end=span.end, by=READER, now=at)
    waiting = Personal.objects.filter(response=response, remove=None)
    privacy.decide_personal(response, remove=list(waiting.values_list("pk", flat=True)), keep=(), by=READER, now=at)
    redaction = privacy.redact(response, by=READER, now=at)
    if int(each.id.rpartition("-")[2]) % 10 < APPROVED * 10:
        privacy.approve(redaction, made_at=redaction.made_at, by=SECOND, now=at + timedelta(hours=3))


def _answered(now: datetime) -> None:
    """Some of what was challenged is answered."""
    for each in json.loads((demonstration.FOLDER / "decisions.json").read_text(encoding="utf-8")):
        links = Link.objects.filter(
            about=each["about"], target=each["id"], ended_at=None, response__demonstration=True
        ).exclude(says__in=["", "supports"])
        ids = list(links.values_list("pk", flat=True))
        if ids:
            target = Target(About(each["about"]), each["id"])
            answering.answer(target, each["kind"], why=each["why"], links=ids, by=READER, now=now)


__all__ = ["READER", "SECOND", "load", "remove"]
