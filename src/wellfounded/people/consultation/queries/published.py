"""Responses as anybody may read them: what consent allows, without personal data, approved by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from wellfounded.people.consultation.models import Contact, Link, OpinionGiven, Point, Redaction, Response
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import About, Consent

MOST_WORDS = 8


@dataclass(frozen=True)
class PublishedResponse:
    """A response that anybody may read. `name` and `organisation` are empty unless the respondent agreed to them."""

    reference: str
    received_on: str  # ISO date
    channel: str
    name: str
    organisation: str
    respondent: str
    sector: str
    district: str
    language: str
    text: str
    conclusions: tuple[str, ...]
    demonstration: bool


@dataclass(frozen=True)
class PublishedPage:
    """A page of published responses, the newest first."""

    total: int
    page: int
    pages: int
    items: tuple[PublishedResponse, ...]


@dataclass(frozen=True)
class Counts:
    """How many were received and how many anybody may read."""

    received: int
    published: int
    demonstration: int
    by_channel: tuple[tuple[str, int], ...]


def search(
    *, words: str = "", conclusion: str = "", respondent: str = "", district: str = "", theme: int = 0, page: int = 1,
    size: int = 20,
) -> PublishedPage:  # fmt: skip
    """A page of the published responses that have all these words, and are about a conclusion or in a theme."""
    found = _published()
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(text__icontains=word)
    if conclusion:
        own = Link.objects.filter(
            response=OuterRef("response"), about=About.CONCLUSION, target=conclusion, ended_at=None
        )
        common = Point.objects.filter(
            response=OuterRef("response"), read_as__links__about=About.CONCLUSION, read_as__links__target=conclusion,
            read_as__links__ended_at=None,
        )  # fmt: skip
        ticked = OpinionGiven.objects.filter(response=OuterRef("response"), conclusion=conclusion)
        found = found.filter(Exists(own) | Exists(common) | Exists(ticked))
    if respondent:
        found = found.filter(response__respondent=respondent)
    if district:
        found = found.filter(response__district=district)
    if theme:
        found = found.filter(Exists(Point.objects.filter(response=OuterRef("response"), theme_of__theme=theme)))
    pages = Paginator(found.order_by("-response__received_at", "-pk"), size)
    shown = pages.get_page(page)
    return PublishedPage(pages.count, shown.number, pages.num_pages, tuple(_items(list(shown.object_list))))


def one(reference: str) -> PublishedResponse | None:
    """One published response."""
    found = list(_published().filter(response__reference=reference))
    return _items(found)[0] if found else None


def counts() -> Counts:
    """How many were received and how many anybody may read."""
    by_channel = sorted(Response.objects.values_list("channel").annotate(n=Count("id")))
    return Counts(
        received=sum(n for _, n in by_channel),
        published=_published().count(),
        demonstration=Response.objects.filter(demonstration=True).count(),
        by_channel=tuple(by_channel),
    )


def _published() -> QuerySet[Redaction]:
    return (
        Redaction.objects.filter(
            ~Q(approved_by=""), response__state__in=sorted(READABLE), response__erased_at=None,
            response__consent__in=[Consent.TEXT, Consent.NAME_AND_TEXT],
        )
        .select_related("response")
        .defer("response__text", "response__passages", "response__segments", "response__rest")
    )  # fmt: skip


def _items(redactions: Sequence[Redaction]) -> list[PublishedResponse]:
    responses = [redaction.response_id for redaction in redactions]
    about: dict[int, dict[str, None]] = {}
    rows = Link.objects.filter(response__in=responses, about=About.CONCLUSION, ended_at=None)
    for response, target in [
        *rows.order_by("id").values_list("response_id", "target"),
        *Point.objects.filter(
            response__in=responses, read_as__links__about=About.CONCLUSION, read_as__links__ended_at=None
        ).values_list("response_id", "read_as__links__target"),
        *OpinionGiven.objects.filter(response__in=responses).order_by("id").values_list("response_id", "conclusion"),
    ]:
        about.setdefault(response, {})[target] = None
    names = dict(
        Contact.objects.filter(response__in=responses, response__consent=Consent.NAME_AND_TEXT).values_list(
            "response_id", "name"
        )
    )
    return [_item(redaction, names, about) for redaction in redactions]


def _item(redaction: Redaction, names: dict[int, str], about: dict[int, dict[str, None]]) -> PublishedResponse:
    row = redaction.response
    named = row.consent == Consent.NAME_AND_TEXT
    return PublishedResponse(
        reference=row.reference, received_on=row.received_at.date().isoformat(), channel=row.channel,
        name=names.get(row.pk, ""), organisation=row.organisation if named else "", respondent=row.respondent,
        sector=row.sector, district=row.district, language=row.language, text=redaction.text,
        conclusions=tuple(about.get(row.pk, ())), demonstration=row.demonstration,
    )  # fmt: skip


__all__ = ["Counts", "PublishedPage", "PublishedResponse", "counts", "one", "search"]
