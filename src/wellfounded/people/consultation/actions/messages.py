"""Messages received: the original is in the store, and each voice in it becomes a response of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wellfounded.people.consultation import passages, receipts, references
from wellfounded.people.consultation.actions.arrivals import Arriving, Received, Sent, receive
from wellfounded.people.consultation.models import Original, Response, Subject
from wellfounded.people.consultation.passages import Passage
from wellfounded.people.consultation.receipts import Receipt
from wellfounded.people.consultation.receiving import routing
from wellfounded.people.consultation.receiving.types import Arrival, Kind, Message, Outcome, Voice
from wellfounded.people.consultation.types import About, Channel, Consent, Part, Target
from wellfounded.people.models import Done

_ABOUT = re.compile(r"^\s*About:.*\(([a-z0-9][a-z0-9-]*)\)\s*$", re.MULTILINE)  # as our own links to e-mail begin


@dataclass(frozen=True)
class Taken:
    """What became of a message: whether it is new, the responses in it, and the record of the original."""

    outcome: Outcome
    responses: tuple[Response, ...]
    original: Original


def receive_message(
    message: Message,
    *,
    arrival: Arrival,
    subjects: Sequence[str],
    now: datetime,
    receipt: Receipt | None = None,
    demonstration_id: str = "",
    about: Sent | None = None,
) -> Taken:
    """What became of a message; one that is known changes nothing, and nothing is dropped.

    `subjects` are those that the base asks for; `about` says what staff know of the sender beside the message.
    """
    with transaction.atomic():
        if (known := Original.objects.filter(content_hash=message.content_hash).first()) is not None:
            return Taken(Outcome.KNOWN, tuple(known.responses.all()), known)
        outcome = Outcome.CHANGED if _is_known(message) else Outcome.NEW
        answered = _answered(message)
        original = Original.objects.create(
            raw_hash=message.raw_hash, content_hash=message.content_hash, message_id=message.message_id[:500],
            thread=_thread(message, answered), kind=message.kind, reason=_cut(message.reason, 300),
            how=arrival.how[:20], routed=routing.route(message.subject, subjects).subject[:200],
            source=_cut(arrival.source, 300), subject=_cut(message.subject, 500),
            size=message.size, signed=message.signed[:20],
            troubles=[{"code": each.code, "said": passages.storable(each.said)[:300]} for each in message.troubles],
            arrived_at=arrival.at, demonstration=bool(demonstration_id),
        )  # fmt: skip
        if message.kind is not Kind.PERSON:
            Done.objects.create(
                at=now, who="worker", what="message.kept", about=f"message {original.pk}", detail={"as": original.kind}
            )
            return Taken(outcome, (), original)
        received = _voices(message, original, answered, now=now, demonstration_id=demonstration_id, about=about)
        if receipt is not None and original.routed and received:
            _receipt(message, received[0], receipt, now=now)
    return Taken(outcome, tuple(each.response for each in received), original)


def take_as_response(original: Original, message: Message, *, by: str, now: datetime) -> tuple[Response, ...]:
    """The responses in a message that was kept as no person's, after a person said that it is one.

    `message` is what was read from the original's bytes. Taken once: another time it gives the same responses.
    """
    with transaction.atomic():
        taken = (
            Original.objects.filter(pk=original.pk)
            .exclude(kind=Kind.PERSON)
            .update(kind=Kind.PERSON, reason=_cut(f"{original.kind} by its headers; {by} took it as a response", 300))
        )
        if not taken:
            return tuple(original.responses.order_by("id"))
        received = _voices(message, original, None, now=now, by=by)
        Done.objects.create(
            at=now, who=by, what="message.taken", about=f"message {original.pk}", detail={"was": original.kind}
        )
    return tuple(each.response for each in received)


def _voices(
    message: Message, original: Original, answered: Response | None, *, now: datetime, by: str = "worker",
    demonstration_id: str = "", about: Sent | None = None,
) -> list[Received]:  # fmt: skip
    said = [voice for voice in message.voices if _says(voice)]
    chosen = said or [message.voice]
    failed = "" if said else "; ".join(trouble.said for trouble in message.troubles)
    return receive(
        [
            _arriving(
                voice, message, original, answered, failed, demonstration_id, about if voice.path == "1" else None
            )
            for voice in chosen
        ],
        by=by,
        now=now,
    )


def _says(voice: Voice) -> bool:
    own = any(s.part is Part.SAID and voice.text[s.start : s.end].strip() for s in voice.segments)
    return own or any(not file.inline for file in voice.files)


def _arriving(
    voice: Voice, message: Message, original: Original, answered: Response | None, failed: str,
    demonstration_id: str, about: Sent | None,
) -> Arriving:  # fmt: skip
    text = passages.storable(voice.text)
    whole = (Passage("text", "", 0, len(text)),) if text.strip() else ()
    sent = Sent(
        text=text, opened_on=_opened_on(text), name=voice.author.name, email=voice.author.address,
        files=[file for file in voice.files if not file.inline], demonstration_id=demonstration_id,
        respondent=about.respondent if about else "", organisation=about.organisation if about else "",
        sector=about.sector if about else "", district=about.district if about else "",
        consent=about.consent if about else Consent.NOTHING, language=about.language if about else "en",
    )  # fmt: skip
    return Arriving(
        sent, f"mail {message.content_hash} {voice.path}", Channel.EMAIL, original.arrived_at, text, whole,
        voice.segments, subject=voice.subject, original=original, voice=voice.path,
        follows=answered if voice.path == "1" else None, failed=failed,
    )  # fmt: skip


def _is_known(message: Message) -> bool:
    return bool(message.message_id) and Original.objects.filter(message_id=message.message_id[:500]).exists()


def _answered(message: Message) -> Response | None:
    """The response that a message answers: by our receipt's reference or by Message-IDs, never by subject alone."""
    if message.token and (reference := references.read(message.token)):
        found = Response.objects.filter(reference=reference).first()
        if found is not None:
            return found
    before = {
        row.message_id: row.pk
        for row in Original.objects.filter(message_id__in=[each[:500] for each in message.references])
    }
    nearest = next((before[each[:500]] for each in message.references if each[:500] in before), None)
    return Response.objects.filter(original=nearest).order_by("id").first() if nearest is not None else None


def _thread(message: Message, answered: Response | None) -> str:
    if answered is not None and answered.original is not None:
        return answered.original.thread
    return message.message_id[:500]


def _opened_on(text: str) -> Target | None:
    """The conclusion that a message says it is about, as the links of our pages make it."""
    found = _ABOUT.search(text[:2000])
    if found is None or not Subject.objects.filter(about=About.CONCLUSION, target=found[1]).exists():
        return None
    return Target(About.CONCLUSION, found[1])


def _receipt(message: Message, received: Received, receipt: Receipt, *, now: datetime) -> None:
    if received.new and message.sender.address and not message.list_id:
        receipts.ask(message.sender.address, received.response.reference, receipt, now=now)


def _cut(text: str, most: int) -> str:
    return passages.storable(" ".join(text.split()))[:most]


__all__ = ["Taken", "receive_message", "take_as_response"]
