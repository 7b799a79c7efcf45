"""Responses that anybody may read, searched and narrowed, as pages and as a table: what consent allows and no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.http.request import QueryDict

from wellfounded.people.consultation.queries import published as responses
from wellfounded.people.consultation.queries.published import PublishedResponse, Wanted
from wellfounded.people.spreadsheets import harmless
from wellfounded.publishing import sureness, who_said
from wellfounded.web import consultation
from wellfounded.web.pages.respond.frame import public
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

A_PAGE = 20
LONGEST = 200  # characters that are searched for
FILTERS = ("q", "type", "place", "sector", "conclusion", "question")
COLUMNS = (
    "reference", "received", "way", "name", "organisation", "type", "sector", "place", "language", "conclusions",
    "text", "demonstration",
)  # fmt: skip


@public
def listing(request: HttpRequest, opened: Opened) -> Page:
    """The published responses, the newest first, narrowed by what the form asks for."""
    given = _given(opened, request.GET)
    number = request.GET.get("page", "1")
    found = responses.search(
        _wanted(opened, given), page=int(number) if number.isdecimal() and len(number) < 7 else 1, size=A_PAGE
    )
    return Page(
        "respond/published.html",
        {
            "found": found,
            "items": [(each, _by(each), _about(opened, each)) for each in found.items],
            "counts": responses.counts(),
            "asked": given,
            "query": urlencode({name: text for name, text in given.items() if text}),
            "choices": _choices(opened),
            "channels": who_said.CHANNELS,
            "district": lambda code: consultation.district_name(opened.shown, code),
            "here": "responses",
        },
    )


@public
def as_csv(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """The same responses as a table; no cell of it is taken for a formula."""
    response = StreamingHttpResponse(
        _lines(opened, responses.every(_wanted(opened, _given(opened, request.GET)))),
        content_type="text/csv; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="responses.csv"'
    return response


def _given(opened: Opened, given: QueryDict) -> dict[str, str]:
    """What an address asks for, as far as the form offers it: nobody is found by the one town that they come from."""
    asked = {name: given.get(name, "").replace("\0", "").strip()[:LONGEST] for name in FILTERS}
    offered = _choices(opened)
    return {name: text if name not in offered or text in dict(offered[name]) else "" for name, text in asked.items()}


def _wanted(opened: Opened, asked: dict[str, str]) -> Wanted:
    elsewhere = asked["place"] == consultation.ELSEWHERE
    return Wanted(
        words=asked["q"], respondent=asked["type"], district="" if elsewhere else asked["place"],
        outside=tuple(consultation.districts(opened.shown)) if elsewhere else (), sector=asked["sector"],
        conclusion=asked["conclusion"], question=asked["question"],
    )  # fmt: skip


def _lines(opened: Opened, every: Iterator[PublishedResponse]) -> Iterator[str]:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")

    def line(*cells: str) -> str:
        writer.writerow([harmless(cell) for cell in cells])
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return text

    yield "\ufeff" + line(*COLUMNS)
    for each in every:
        yield line(
            each.reference, each.received_on, each.channel, each.name, each.organisation, each.respondent, each.sector,
            consultation.district_name(opened.shown, each.district) if each.district else "", each.language,
            "; ".join(each.conclusions), each.text, "yes" if each.demonstration else "no",
        )  # fmt: skip


def _by(each: PublishedResponse) -> str:
    """Who says it, as far as they agreed to be named."""
    named = [part for part in (each.name, each.organisation) if part]
    return ", ".join(named) or who_said.somebody(each.respondent)


def _about(opened: Opened, each: PublishedResponse) -> list[tuple[str, str]]:
    """The conclusions that it is about: sentence and address."""
    known = [opened.conclusions[name] for name in each.conclusions if name in opened.conclusions]
    return [(c.sentence, f"/conclusions/{c.id}") for c in sureness.published(known)]


def _choices(opened: Opened) -> dict[str, list[tuple[str, str]]]:
    """What each filter can be."""
    shown = opened.shown
    return {
        "type": list(consultation.respondents(shown).items()),
        "place": [*consultation.districts(shown).items(), (consultation.ELSEWHERE, "Somewhere else")],
        "sector": [(name, name) for name in consultation.sectors(shown)],
        "conclusion": [(c.id, c.sentence) for c in sureness.published(shown.conclusions)],
        "question": [(str(n), text) for n, text in enumerate(shown.consultation_questions, start=1)],
    }


__all__ = ["as_csv", "listing"]
