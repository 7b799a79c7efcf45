"""Responses as anybody may read them: what consent allows, without personal data, approved by a second person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from wellfounded.people.consultation import references
from wellfounded.people.consultation.models import Contact, Link, OpinionGiven, Point, Redaction, Response
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import About, Consent

MOST_WORDS = 8
AT_ONCE = 500


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


@dataclass(frozen=True)
class Wanted:
    """What published responses are narrowed by: all these words, and what is not empty."""

    words: str = ""  # or the reference of one
    conclusion: str = ""
    respondent: str = ""
    district: str = ""
    outside: tuple[str, ...] = ()  # from some district that is none of these
    sector: str = ""
    question: str = ""  # its number, from 1
    theme: int = 0


def search(wanted: Wanted, *, page: int = 1, size: int = 20) -> PublishedPage:
    """A page of the published responses that are wanted."""
    pages = Paginator(_matching(wanted), size)
    shown = pages.get_page(page)
    return PublishedPage(pages.count, shown.number, pages.num_pages, tuple(_items(list(shown.object_list))))


def every(wanted: Wanted) -> Iterator[PublishedResponse]:
    """All published responses that are wanted, read a portion at a time."""
    ids = list(_matching(wanted).values_list("pk", flat=True))
    for at in range(0, len(ids), AT_ONCE):
        portion = {each.pk: each for each in _published().filter(pk__in=ids[at : at + AT_ONCE])}
        yield from _items([portion[pk] for pk in ids[at : at + AT_ONCE] if pk in portion])


def _matching(wanted: Wanted) -> QuerySet[Redaction]:
    """The newest first."""
    found = _published()
    if reference := references.read(wanted.words):
        found = found.filter(response__reference=reference)
    else:
        for word in wanted.words.split()[:MOST_WORDS]:
            found = found.filter(text__icontains=word)
    if wanted.conclusion:
        own = Link.objects.filter(
            response=OuterRef("response"), about=About.CONCLUSION, target=wanted.conclusion, ended_at=None
        )
        common = Point.objects.filter(
            response=OuterRef("response"), read_as__links__about=About.CONCLUSION,
            read_as__links__target=wanted.conclusion, read_as__links__ended_at=None,
        )  # fmt: skip
        ticked = OpinionGiven.objects.filter(response=OuterRef("response"), conclusion=wanted.conclusion)
        found = found.filter(Exists(own) | Exists(common) | Exists(ticked))
    if wanted.respondent:
        found = found.filter(response__respondent=wanted.respondent)
    if wanted.district:
        found = found.filter(response__district=wanted.district)
    if wanted.outside:
        found = found.exclude(response__district__in=["", *wanted.outside])
    if wanted.sector:
        found = found.filter(response__sector=wanted.sector)
    if wanted.question.isdecimal():
        found = _answering(found, wanted.question)
    if wanted.theme:
        found = found.filter(Exists(Point.objects.filter(response=OuterRef("response"), theme_of__theme=wanted.theme)))
    return found.order_by("-response__received_at", "-pk")


def _answering(found: QuerySet[Redaction], question: str) -> QuerySet[Redaction]:
    """Those that have a passage which answers a question, by its number."""
    if connection.features.supports_json_field_contains:
        return found.filter(response__passages__contains=[{"kind": "question", "id": question}])
    plain = Cast("response__passages", TextField())  # SQLite keeps JSON as the text that we wrote
    return found.annotate(written=plain).filter(written__contains=f'"kind": "question", "id": "{question}"')


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
        reference=row.reference, received_on=timezone.localdate(row.received_at).isoformat(), channel=row.channel,
        name=names.get(row.pk, ""), organisation=row.organisation if named else "", respondent=row.respondent,
        sector=row.sector, district=row.district, language=row.language, text=redaction.text,
        conclusions=tuple(about.get(row.pk, ())), demonstration=row.demonstration,
    )  # fmt: skip


__all__ = ["Counts", "PublishedPage", "PublishedResponse", "Wanted", "counts", "every", "search"]
