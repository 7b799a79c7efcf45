"""The list of conclusions, and each with its whole working."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpRequest

from wellfounded.people.consultation.queries import ledger
from wellfounded.publishing import sureness
from wellfounded.publishing.model import ShownConclusion, ShownRelease
from wellfounded.web import choosing, editions, methods
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, Text, shown, shown_with

FILTERS = ("chapter", "kind", "verdict", "impact")


@shown
def listing(request: HttpRequest, opened: Opened) -> Page:
    """Every conclusion, narrowed by what the form asks for."""
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    everything = sureness.published(opened.shown.conclusions)
    found = choosing.matching(everything, asked)
    titles = {chapter.id: chapter.title for chapter in opened.shown.chapters}
    groups = [(chapter, [c for c in found if c.chapter == chapter.id]) for chapter in opened.shown.chapters]
    return Page(
        "conclusions.html",
        {
            "filters": choosing.filters(asked, chapters=titles, impacts=opened.shown.impacts),
            "filtered": any(asked.values()),
            "groups": [(chapter, some) for chapter, some in groups if some],
            "found": found,
            "everything": everything,
            "verdicts": sureness.by_verdict(everything),
            "here": "conclusions",
        },
    )


def _said(_: HttpRequest, __: Opened, kwargs: Mapping[str, Any]) -> ledger.Ledger:
    """Who supports and who challenges a conclusion now."""
    return ledger.of(str(kwargs["identifier"]))


@shown_with(_said)
def one(request: HttpRequest, opened: Opened, identifier: str, live: ledger.Ledger | None) -> Page:
    """Whether one conclusion is true, and how fragile it is."""
    conclusion = _published(opened, identifier)
    same_chapter = [c for c in sureness.published(opened.shown.conclusions) if c.chapter == conclusion.chapter]
    at = same_chapter.index(conclusion)
    return Page(
        "conclusion.html",
        {
            "conclusion": conclusion,
            "chapter": opened.chapters.get(conclusion.chapter),
            "impacts": [impact for impact in opened.shown.impacts if impact.id in conclusion.impact],
            "challenges": [c for c in opened.shown.challenges if c.id in conclusion.challenges],
            "releases": _releases(opened, conclusion),
            "methods": methods.everything(),
            "in_editions": editions.editions().saying(conclusion.id),
            "before": same_chapter[at - 1] if at > 0 else None,
            "after": same_chapter[at + 1] if at < len(same_chapter) - 1 else None,
            "ledger": live,
            "here": "conclusions",
        },
    )


@shown
def as_json(request: HttpRequest, opened: Opened, identifier: str) -> Text:
    """One conclusion with its working, for machines."""
    body = msgspec.json.format(msgspec.json.encode(_published(opened, identifier)), indent=1)
    return Text(body, "application/json")


def _published(opened: Opened, identifier: str) -> ShownConclusion:
    conclusion = opened.conclusions.get(identifier)
    if conclusion is None or conclusion.state != "published":
        raise NotInPublication(f"the publication has no conclusion {identifier!r}")
    return conclusion


def _releases(opened: Opened, conclusion: ShownConclusion) -> list[ShownRelease]:
    used = dict.fromkeys(conclusion.sources)
    for test in conclusion.tests:
        used |= dict.fromkeys(figure.release for figure in test.figures if figure.release)
    return [opened.shown.releases[release] for release in used if release in opened.shown.releases]
