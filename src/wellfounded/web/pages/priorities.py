"""Where to act: the ranking, a page a policy, what if, weights of one's own, the impact areas, the Grand Challenges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from wellfounded.priorities import scenarios, weights
from wellfounded.priorities.types import Kind, ShownPolicy, ShownPriorities, Weights
from wellfounded.publishing import sureness
from wellfounded.publishing.model import Impact, ShownConclusion
from wellfounded.web import picturing
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, shown

SHARES = (25, 50, 75, 100)  # per cent of a gap that is closed
FURTHEST = 30  # years ahead
POINTS = range(11)  # that somebody may give to what matters
DRAWS = 10_000
KINDS = {
    Kind.PRIZE: "Size of the prize",
    Kind.EVIDENCE: "Strength of the evidence",
    Kind.SAID: "What stakeholders said",
    Kind.WORKS: "Evidence that policy works",
    Kind.TIME: "Time to effect",
}


@dataclass(frozen=True)
class WhatIf:
    """What a reader asks to see the ranking under, and what is wrong with it."""

    comparator: str = ""
    share: int = 100
    year: int | None = None
    errors: tuple[tuple[str, str], ...] = ()  # field, words

    @property
    def stated(self) -> bool:
        return not self.comparator and self.share == 100 and self.year is None

    @property
    def query(self) -> str:
        """The scenario as it stands in an address, by which it can be cited."""
        parts: dict[str, object] = {}
        if self.comparator:
            parts["comparator"] = self.comparator
        if self.share != 100:
            parts["share"] = self.share
        if self.year is not None:
            parts["year"] = self.year
        return urlencode(parts)


@shown
def listing(request: HttpRequest, opened: Opened) -> Page:
    """The ranking, how sure it is, and what it rests on."""
    stated = opened.shown.priorities
    if stated is None:
        return Page("priorities/none.html", {"here": "priorities"})
    asked = what_if(request.GET, opened, stated)
    now = ranked(stated, asked)
    return Page(
        "priorities/listing.html",
        {
            "now": now,
            "asked": asked,
            "comparators": opened.shown.comparators,
            "shares": SHARES,
            "parts": {policy.id: picturing.rank_parts(policy.acceptabilities) for policy in now.policies},
            "before": {policy.id: policy.rank for policy in stated.policies},
            "here": "priorities",
        },
    )


@shown
def one(request: HttpRequest, opened: Opened, identifier: str) -> Page:
    """One policy: what it is worth, how sure that is, and the chain that it rests on."""
    stated = _priorities(opened)
    if not any(policy.id == identifier for policy in stated.policies):
        raise NotInPublication(f"the publication has no priority {identifier!r}")
    asked = what_if(request.GET, opened, stated)
    now = ranked(stated, asked)
    policy = next(policy for policy in now.policies if policy.id == identifier)
    at = now.policies.index(policy)
    return Page(
        "priorities/one.html",
        {
            "policy": policy,
            "now": now,
            "asked": asked,
            "picture": picturing.chain(policy),
            "parts": picturing.rank_parts(policy.acceptabilities),
            "tracks": [picturing.track(success) for success in policy.success],
            "criteria": {criterion.id: criterion for criterion in now.criteria},
            "titles": {other.id: other.title for other in now.policies},
            "before": now.policies[at - 1] if at else None,
            "after": now.policies[at + 1] if at + 1 < len(now.policies) else None,
            "here": "priorities",
        },
    )


@shown
def own_weights(request: HttpRequest, opened: Opened) -> Page:
    """The ranking under the reader's own weights: points from 0 to 10 for what matters."""
    stated = _priorities(opened)
    asked = what_if(request.GET, opened, stated)
    impacts = impacts_of(stated)
    points, problems = points_of(request.GET, impacts)
    given = bool(points) and not problems
    now = ranked(stated, asked, points=points) if given else ranked(stated, asked)
    return Page(
        "priorities/weights.html",
        {
            "now": now,
            "asked": asked,
            "impacts": impacts,
            "kinds": {kind.value: title for kind, title in KINDS.items()},
            "points": points,
            "choices": POINTS,
            "problems": problems,
            "given": given,
            "query": request.GET.urlencode() if given else "",
            "parts": {policy.id: picturing.rank_parts(policy.acceptabilities) for policy in now.policies},
            "before": {policy.id: policy.rank for policy in stated.policies},
            "here": "priorities",
        },
    )


@shown
def impact(request: HttpRequest, opened: Opened, identifier: str) -> Page:
    """The scorecard of one impact area: what we conclude, and which priorities bear on it most."""
    found = next((area for area in opened.shown.impacts if area.id == identifier), None)
    if found is None:
        raise NotInPublication(f"the publication has no impact area {identifier!r}")
    conclusions = _conclusions(opened, found)
    return Page(
        "priorities/impact.html",
        {
            "impact": found,
            "by_kind": sureness.by_kind(conclusions),
            "verdicts": sureness.by_verdict(conclusions),
            "bearing": _bearing(opened.shown.priorities, identifier),
            "others": [area for area in opened.shown.impacts if area.id != identifier],
            "here": "priorities",
        },
    )


def what_if(query: QueryDict, opened: Opened, stated: ShownPriorities) -> WhatIf:
    """The scenario that an address asks for; what it can't be is left out, and said."""
    errors: list[tuple[str, str]] = []
    comparator = query.get("comparator", "")
    if comparator and comparator not in {c.id for c in opened.shown.comparators}:
        errors.append(("comparator", "Choose one of the comparators in the list"))
        comparator = ""
    share = _whole(query.get("share", ""), least=1, most=100)
    if query.get("share") and share is None:
        errors.append(("share", "The share of the gap is a whole number from 1 to 100"))
    year = None
    if query.get("year"):
        this_year = int(opened.shown.built_at[:4])
        year = _whole(query.get("year", ""), least=this_year + 1, most=this_year + FURTHEST)
        if year is None:
            errors.append(("year", f"The year is one from {this_year + 1} to {this_year + FURTHEST}"))
    return WhatIf(comparator if comparator != stated.comparator else "", share or 100, year, tuple(errors))


def ranked(
    stated: ShownPriorities, asked: WhatIf, *, points: Mapping[str, int] | None = None, name: str = "you"
) -> ShownPriorities:
    """The ranking under a scenario, and under somebody's points where there are any."""
    if asked.stated and points is None:
        return stated
    return scenarios.under(
        stated,
        comparator=asked.comparator,
        share=asked.share / 100,
        year=asked.year,
        weights=None if points is None else as_weights(name, points, stated),
        draws=DRAWS,
    )


def as_weights(name: str, points: Mapping[str, int], stated: ShownPriorities) -> Weights:
    """Somebody's points as weights that sum to 1 over the impact areas, and over what criteria look at."""
    impacts = {key: points[key] for key, _ in impacts_of(stated)}
    kinds = {kind.value: points[kind.value] for kind in KINDS}
    return weights.of(
        name,
        impact={key: n / sum(impacts.values()) for key, n in impacts.items()},
        kind={key: n / sum(kinds.values()) for key, n in kinds.items()},
    )


def is_whole(points: Mapping[str, int], stated: ShownPriorities) -> bool:
    """Whether points still say something of what the publication asks now: it may ask for other things than before."""
    impacts, kinds = [key for key, _ in impacts_of(stated)], [kind.value for kind in KINDS]
    asked = all(key in points for key in (*impacts, *kinds))
    return asked and any(points[key] for key in impacts) and any(points[key] for key in kinds)


def points_of(query: QueryDict, impacts: tuple[tuple[str, str], ...]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """The points that a form gives to impact areas and to what criteria look at, and what is wrong with them."""
    names = [key for key, _ in impacts] + [kind.value for kind in KINDS]
    if not any(name in query for name in names):
        return {}, []
    points, problems = {}, []
    titles = dict(impacts) | {kind.value: title for kind, title in KINDS.items()}
    for name in names:
        number = _whole(query.get(name, "5"), least=0, most=10)
        if number is None:
            problems.append((name, f"{titles[name]}: give a whole number of points from 0 to 10"))
        points[name] = 5 if number is None else number
    if not any(points[key] for key, _ in impacts):
        problems.append((impacts[0][0], "Give points to at least one of the impact areas"))
    if not any(points[kind.value] for kind in KINDS):
        problems.append((Kind.PRIZE.value, "Give points to at least one of the things to look at"))
    return points, problems


def impacts_of(stated: ShownPriorities) -> tuple[tuple[str, str], ...]:
    """The impact areas that criteria are for, as (id, title)."""
    return tuple(dict.fromkeys((criterion.impact, criterion.impact_title) for criterion in stated.criteria))


def _whole(text: str, *, least: int, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most else None


def _priorities(opened: Opened) -> ShownPriorities:
    if opened.shown.priorities is None:
        raise NotInPublication("the publication has no priorities")
    return opened.shown.priorities


def _conclusions(opened: Opened, found: Impact) -> list[ShownConclusion]:
    return sureness.published(opened.conclusions[c] for c in found.conclusions if c in opened.conclusions)


def _bearing(stated: ShownPriorities | None, impact_id: str) -> list[ShownPolicy]:
    """The policies that claim an impact area, the largest prize first."""

    def prize(policy: ShownPolicy) -> float:
        return next((p.value or 0.0 for p in policy.prizes if p.impact == impact_id), -1.0)

    return sorted((p for p in stated.policies if impact_id in p.impact), key=prize, reverse=True) if stated else []
