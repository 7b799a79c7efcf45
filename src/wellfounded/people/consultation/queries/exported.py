"""Rows for files: responses and links, in the words of the site, without contacts."""

from __future__ import annotations

from collections.abc import Iterator

from wellfounded.people.consultation.models import Link, Response
from wellfounded.people.consultation.queries.queues import said_in

RESPONSES = (
    "reference", "received_at", "channel", "state", "reason", "respondent", "organisation", "sector", "district",
    "consent", "language", "session", "subject", "text", "demonstration",
)  # fmt: skip
LINKS = (
    "reference", "point_start", "point_end", "words", "about", "id", "says", "by", "at", "check_again", "decision",
    "decided_why", "demonstration",
)  # fmt: skip


def responses() -> Iterator[tuple[object, ...]]:
    """A row a response, in the order in which they came."""
    rows = Response.objects.order_by("received_at", "id").values_list(*RESPONSES)
    for row in rows.iterator(chunk_size=2000):
        yield (row[0], row[1].isoformat(), *row[2:-1], "yes" if row[-1] else "no")


def links() -> Iterator[tuple[object, ...]]:
    """A row a link that stands."""
    rows = (
        Link.objects.filter(ended_at=None)
        .order_by("id")
        .annotate(words=said_in())
        .values_list(
            "response__reference", "point__start", "point__end", "words", "about", "target", "says", "by", "at",
            "recheck", "decision__kind", "decision__why", "response__demonstration",
        )
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        yield (*row[:8], row[8].isoformat(), "yes" if row[9] else "no", *row[10:12], "yes" if row[12] else "no")


__all__ = ["LINKS", "RESPONSES", "links", "responses"]
