"""Responses split into points, and what may be personal in them marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from wellfounded.people.consultation import parties, passages
from wellfounded.people.consultation.actions.privacy import own_words
from wellfounded.people.consultation.actions.settling import settle
from wellfounded.people.consultation.models import Contact, Personal, Point, Response
from wellfounded.people.consultation.rules import READABLE, State
from wellfounded.people.consultation.types import Consent, Segment, Span
from wellfounded.people.consultation.understanding.personal import personal_in
from wellfounded.people.consultation.understanding.points import points_in

AT_ONCE = 1000
ORGANISATION = "organisation"  # as kinds of personal data are called
_FIELDS = ("pk", "text", "passages", "segments", "consent", "state", "organisation")


def split(*, now: datetime, say: Callable[[str], object] = str) -> int:
    """How many responses were split that had not been yet."""
    number = 0
    while portion := _split_some(now):
        number += portion
        say(f"{number:,} responses split into points")
    return number


@transaction.atomic
def _split_some(now: datetime) -> int:
    """How many more were split. Their rows are ours meanwhile, so that none is erased or added to unnoticed."""
    waiting = Response.objects.select_for_update().filter(prepared_at=None).only(*_FIELDS)
    batch = list(waiting.order_by("received_at")[:AT_ONCE])
    names = dict(Contact.objects.filter(response__in=batch).values_list("response_id", "name"))
    points: list[Point] = []
    personal: list[Personal] = []
    for response in batch:
        readable = response.state in READABLE
        theirs = _personal(response, names.get(response.pk, ""))
        points += [
            Point(response=response, start=span.start, end=span.end, open=readable)
            for span in points_of(response)
            if _says(response.text, span, theirs)
        ]
        personal += theirs
    Point.objects.bulk_create(points, ignore_conflicts=True)
    Personal.objects.bulk_create(personal, ignore_conflicts=True)
    Response.objects.filter(pk__in=[response.pk for response in batch]).update(prepared_at=now)
    again = (response.pk for response in batch if response.state != State.UNREAD)  # words of a file came later
    settle(again, now=now)
    return len(batch)


def _says(text: str, span: Span, personal: list[Personal]) -> bool:
    """Whether anything is left of it without a name, an address or a number: a line of these is no point."""
    left, at = "", span.start
    for each in sorted(personal, key=lambda each: each.start):
        if each.end > at and each.start < span.end:
            left, at = left + text[at : max(at, each.start)], each.end
    left += text[at : span.end]
    return any(character.isalpha() for character in left)


def points_of(response: Response) -> Iterator[Span]:
    """Where the points of a response are: each within one passage; none runs from one question into another."""
    segments = passages.read(response.segments)
    for passage in response.passages:
        start, end = int(passage["start"]), int(passage["end"])
        parts = tuple(
            Segment(part.part, max(part.start, start) - start, min(part.end, end) - start)
            for part in segments
            if max(part.start, start) < min(part.end, end)
        )
        for span in points_in(response.text[start:end], segments=parts):
            yield Span(span.start + start, span.end + start)


def _personal(response: Response, name: str) -> list[Personal]:
    """What may be personal in what could be published: the person's own words."""
    own = own_words(response)
    found = personal_in(response.text, segments=passages.read(response.segments), names=[name] if name else [])
    spans = {(each.span.start, each.span.end): str(each.kind) for each in found}
    if response.consent == Consent.TEXT:  # its words may be published, and not who says them
        spans = dict.fromkeys(parties.written(response.organisation, response.text), ORGANISATION) | spans
    return [
        Personal(response=response, kind=kind, start=start, end=end)
        for (start, end), kind in spans.items()
        if any(start < span.end and span.start < end for span in own)
    ]


__all__ = ["points_of", "split"]
