"""Points with their words, many at a time: what the rest of preparing reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import Substr

from wellfounded.people.consultation.models import Point

AT_ONCE = 5000


class Said(NamedTuple):
    """A point and its words, with whom they count for."""

    point: int
    text: str
    response: int
    party: int
    district: str


def words() -> Any:
    """The words of a point as a database gives them."""
    return Substr("response__text", F("start") + 1, F("end") - F("start"))


def said(points: QuerySet[Point], *, at_once: int = AT_ONCE) -> Iterator[list[Said]]:
    """The points of a query with their words, in order of their number, in portions."""
    rows = (
        points.order_by("pk")
        .annotate(words=words())
        .values_list("pk", "words", "response_id", "response__party_id", "response__district")
    )
    last = 0
    while portion := [Said(*row) for row in rows.filter(pk__gt=last)[:at_once]]:
        last = portion[-1].point
        yield portion


__all__ = ["Said", "said", "words"]
