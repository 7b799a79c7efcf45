"""The front page and the chapters."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from wellfounded.people.engagement import queries
from wellfounded.people.engagement.types import SessionState
from wellfounded.publishing import sureness
from wellfounded.publishing.model import Block, Impact, ShownConclusion
from wellfounded.web import consultation
from wellfounded.web.downloads import documents_of
from wellfounded.web.pages.engagement.words import Card, card, districts_of
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, shown, shown_with

_log = logging.getLogger(__name__)
SHOWN_OF_A_KIND = 6
AT_MOST_A_CHAPTER = 2
SESSIONS_SHOWN = 3


@dataclass(frozen=True)
class Present:
    """What the front page shows of the present: the next sessions with the places left, and the consultation."""

    sessions: tuple[Card, ...] = ()
    call: consultation.Call | None = None


def present(request: HttpRequest, opened: Opened, _: Mapping[str, Any]) -> Present:
    """What the front page shows of the present; nothing where the database can't be asked."""
    now = timezone.now()
    try:
        coming = [one for one in queries.upcoming(now=now) if one.state is not SessionState.CANCELLED]
        call = consultation.call(opened, now=now)
    except DatabaseError:
        _log.exception("the front page is shown without sessions and responses")
        return Present()
    places = districts_of(opened)
    return Present(tuple(card(one, districts=places, now=now) for one in coming[:SESSIONS_SHOWN]), call)


@shown_with(present)
def front(request: HttpRequest, opened: Opened, live: Present | None = None) -> Page:
    """What we know about this economy, and what we want from whoever reads it."""
    conclusions = sureness.published(opened.shown.conclusions)
    of_kind = {kind: [c for c in conclusions if c.kind == kind] for kind in ("strength", "issue")}
    leading = {
        kind: sureness.firmest(some, n=SHOWN_OF_A_KIND, a_chapter=AT_MOST_A_CHAPTER) for kind, some in of_kind.items()
    }
    impacts = [
        (impact, sureness.published(opened.conclusions[c] for c in impact.conclusions if c in opened.conclusions))
        for impact in opened.shown.impacts
    ]
    return Page(
        "front.html",
        {
            "leading": leading,
            "all_of_kind": {kind: len(some) for kind, some in of_kind.items()},
            "impacts": [(impact, _headline(impact, some), len(some)) for impact, some in impacts],
            "verdicts": sureness.by_verdict(conclusions),
            "conclusions": conclusions,
            "documents": documents_of(opened),
            "sessions": live.sessions if live else (),
            "call": live.call if live else None,
        },
    )


@shown
def chapter(request: HttpRequest, opened: Opened, identifier: str) -> Page:
    """What the evidence says on one subject."""
    page = opened.shown.chapter_pages.get(identifier)
    if page is None:
        raise NotInPublication(f"the publication has no chapter {identifier!r}")
    conclusions = sureness.published(opened.conclusions[c] for c in page.conclusions if c in opened.conclusions)
    order = [c.id for c in opened.shown.chapters]
    at = order.index(identifier) if identifier in order else -1
    return Page(
        "chapter.html",
        {
            "page": page,
            "story": _side_by_side(page.blocks),
            "by_kind": sureness.by_kind(conclusions),
            "conclusions": conclusions,
            "releases": [opened.shown.releases[r] for r in page.releases if r in opened.shown.releases],
            "before": opened.shown.chapters[at - 1] if at > 0 else None,
            "after": opened.shown.chapters[at + 1] if 0 <= at < len(order) - 1 else None,
            "here": identifier,
        },
    )


def _headline(impact: Impact, conclusions: Sequence[ShownConclusion]) -> ShownConclusion | None:
    """The conclusion whose chart stands for an impact area, or else the one that holds most surely."""
    holding = [conclusion for conclusion in conclusions if sureness.sayable(conclusion)]
    charted = [conclusion for conclusion in holding if impact.chart and conclusion.chart == impact.chart]
    return next(iter(charted or sureness.firmest(holding, n=1, a_chapter=1)), None)


def _side_by_side(blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """A chapter's blocks in rows: conclusions that follow each other together, beside the chart next to them."""
    rows: list[tuple[Block, ...]] = []
    for block in blocks:
        before = rows[-1] if rows else ()
        kinds = {one.kind for one in before}
        if block.kind == "conclusion" and kinds and kinds <= {"chart", "conclusion"}:
            rows[-1] = (*before, block)
        elif block.kind == "chart" and kinds == {"conclusion"}:
            rows[-1] = (block, *before)
        else:
            rows.append((block,))
    return rows
