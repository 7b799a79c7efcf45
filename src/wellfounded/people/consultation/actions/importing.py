"""Spreadsheets that were taken: what came of each, and taking one back as if it had never been put in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from wellfounded.people.consultation.actions import arrivals, removing
from wellfounded.people.consultation.actions.arrivals import Rows, Uploaded
from wellfounded.people.consultation.models import (
    Claim,
    Coding,
    Link,
    Point,
    Redaction,
    Response,
)
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import Channel
from wellfounded.people.models import Done

TAKEN, BACK, RECEIVED = "spreadsheet.taken", "spreadsheet.taken-back", "response.received"


class NoSuchImport(LookupError):
    """No spreadsheet was taken that has this number."""


@dataclass(frozen=True)
class Import:
    """A spreadsheet that was taken: how many of its rows were new, and whether nobody has begun to read some."""

    pk: int
    file: str
    at: datetime
    by: str
    new: int
    untouched: bool


def take(rows: Iterable[Uploaded], *, file: str, by: str, now: datetime) -> Rows:
    """What became of the rows of a spreadsheet; that it was taken stands in the record.

    It stands there first: also what came of one that broke off can be taken back.
    """
    Done.objects.create(at=now, who=by, what=TAKEN, about=file[:160])
    return arrivals.receive_rows(rows, file=file, by=by, now=now)


def latest(*, now: datetime, most: int = 10) -> list[Import]:
    """The spreadsheets taken last, those left out that were taken back as a whole."""
    theirs = Done.objects.filter(what=RECEIVED, at=OuterRef("at"), who=OuterRef("who"))
    there = Response.objects.filter(channel=Channel.UPLOAD, reference=OuterRef("about"))
    found = Done.objects.filter(Exists(theirs.filter(Exists(there))), what=TAKEN).order_by("-at", "-pk")[:most]
    waits = Exists(_untouched(there, now=now))  # looked for entry by entry: it ends with the first
    return [
        Import(row.pk, row.about, row.at, row.who, _received(row).count(), _received(row).filter(waits).exists())
        for row in found
    ]


def take_back(pk: int, *, by: str, now: datetime) -> tuple[int, int]:
    """How many rows of a spreadsheet were taken away, and how many stay as somebody has begun to read them.

    What is taken away can be put in again: nothing knows it any more. Raises NoSuchImport.
    """
    with transaction.atomic():
        row = Done.objects.filter(pk=pk, what=TAKEN).first()
        if row is None:
            raise NoSuchImport("there is no such spreadsheet: it may have been taken back before")
        going = list(_untouched(_of(row), now=now).select_for_update(of=("self",)).values_list("pk", flat=True))
        removing.take_away(going, now=now)
        stay = _of(row).count()
        Done.objects.create(at=now, who=by, what=BACK, about=row.about, detail={"responses": len(going), "stay": stay})
    return len(going), stay


def _received(taken: Done) -> QuerySet[Done]:
    """The entries of what a spreadsheet brought."""
    return Done.objects.filter(at=taken.at, who=taken.who, what=RECEIVED)


def _of(taken: Done) -> QuerySet[Response]:
    """The responses that are left of a spreadsheet."""
    return Response.objects.filter(channel=Channel.UPLOAD, reference__in=_received(taken).values("about"))


def _untouched(some: QuerySet[Response], *, now: datetime) -> QuerySet[Response]:
    """Those of some that nobody has decided anything in, set aside or is at work on."""
    theirs = {"response": OuterRef("pk")}
    return some.filter(
        ~Exists(Link.objects.filter(**theirs)), ~Exists(Redaction.objects.filter(**theirs)),
        ~Exists(Claim.objects.filter(until__gt=now, **theirs)),
        ~Exists(Point.objects.filter(~Q(decided_by="") | Q(read_as__decided_at__isnull=False), **theirs)),
        ~Exists(Coding.objects.filter(of__point__response=OuterRef("pk"))),
        ~Exists(Response.objects.filter(duplicate_of=OuterRef("pk"))),
        begun_at=None, erased_at=None, state__in=sorted(READABLE),
    )  # fmt: skip


__all__ = ["Import", "NoSuchImport", "latest", "take", "take_back"]
