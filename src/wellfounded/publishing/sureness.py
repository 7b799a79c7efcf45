"""How sure: the words for verdicts and sureness, and which conclusions pages and documents lead with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from wellfounded.publishing.model import ShownConclusion
from wellfounded.publishing.strings import ENGLISH, Strings

SURENESS = {
    "firm": "Firm",
    "mostly": "Fairly firm",
    "fragile": "Fragile",
    "none": "Not testable",
}
SURENESS_MEANS = {
    "firm": "it holds in at least nine of ten reasonable ways to test it",
    "mostly": "it holds in at least six of ten reasonable ways to test it, and what breaks it is told",
    "fragile": "it holds in fewer than six of ten reasonable ways to test it",
    "none": "no test of it can be run on the figures that we hold",
}
VERDICTS = {
    "holds": "Holds",
    "uncertain": "Uncertain",
    "fails": "Does not hold",
    "cannot test": "Cannot be tested",
}
VERDICT_MEANS = {
    "holds": "the figures meet the test, and the test could have failed",
    "uncertain": "the figures point this way, but can’t be told apart from the opposite",
    "fails": "the figures do not meet the test",
    "cannot test": "a figure that the test needs is missing, withheld or out of date",
}
COUNTED = {
    "holds": ("{n} holds", "{n} hold"),
    "uncertain": ("{n} is uncertain", "{n} are uncertain"),
    "fails": ("{n} does not hold", "{n} do not hold"),
    "cannot test": ("{n} cannot be tested", "{n} cannot be tested"),
}
KINDS = {"strength": "Strengths", "issue": "Issues", "context": "Context"}
KIND = {"strength": "Strength", "issue": "Issue", "context": "Context"}
SEGMENTS = 5


def segments(conclusion: ShownConclusion) -> tuple[float, ...]:
    """How much of each of the five segments of its mark is filled, from 0 to 1."""
    filled = SEGMENTS * conclusion.holds / conclusion.of if conclusion.of else 0.0
    return tuple(min(1.0, max(0.0, filled - at)) for at in range(SEGMENTS))


def published(conclusions: Iterable[ShownConclusion]) -> list[ShownConclusion]:
    """Those that are part of the evidence base: neither draft nor withdrawn."""
    return [conclusion for conclusion in conclusions if conclusion.state == "published"]


def sayable(conclusion: ShownConclusion) -> bool:
    """Whether its sentence may lead a page: it holds."""
    return conclusion.verdict == "holds"


def firmest(conclusions: Iterable[ShownConclusion], *, n: int, a_chapter: int) -> list[ShownConclusion]:
    """The `n` that hold most surely, at most `a_chapter` from one chapter: 228 ways of 240 come before 3 of 3.

    They are ordered by Wilson's lower limit of the share of ways in which they hold.
    """
    from wellfounded.analysis.intervals import wilson

    some = [conclusion for conclusion in conclusions if sayable(conclusion) and conclusion.of]
    at_least = wilson([c.holds for c in some], [c.of for c in some]).lower
    taken: Counter[str] = Counter()
    chosen: list[ShownConclusion] = []
    for _, _, conclusion in sorted(zip(-at_least, range(len(some)), some, strict=True)):
        if len(chosen) < n and taken[conclusion.chapter] < a_chapter:
            taken[conclusion.chapter] += 1
            chosen.append(conclusion)
    return chosen


def by_kind(conclusions: Iterable[ShownConclusion]) -> dict[str, list[ShownConclusion]]:
    """Conclusions by kind, strengths first, those that hold before those that don't; kinds without any are left out."""
    found: dict[str, list[ShownConclusion]] = {kind: [] for kind in KINDS}
    for conclusion in conclusions:
        found[conclusion.kind].append(conclusion)
    return {kind: sorted(some, key=lambda c: not sayable(c)) for kind, some in found.items() if some}


def by_verdict(conclusions: Iterable[ShownConclusion]) -> dict[str, int]:
    """How many conclusions have each verdict, in the order of VERDICTS, without those that none has."""
    counts = Counter(conclusion.verdict for conclusion in conclusions)
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}


def mark(conclusion: ShownConclusion, say: Strings = ENGLISH) -> tuple[str, str]:
    """What stands beside a conclusion: a word, and in how many of the reasonable ways to test it it holds."""
    holds = sayable(conclusion)
    word = (
        SURENESS[conclusion.sureness]
        if holds and conclusion.of
        else VERDICTS.get(conclusion.verdict, conclusion.verdict)
    )
    if not conclusion.of:
        return say(word), say("no other reasonable way to test it can be computed") if holds else ""
    one, many = (
        ("holds in {holds} of {n} way to test it", "holds in {holds} of {n} ways to test it")
        if holds
        else (
            "as first written, it holds in {holds} of {n} way to test it",
            "as first written, it holds in {holds} of {n} ways to test it",
        )
    )
    return say(word), say.count(conclusion.of, one, many, holds=conclusion.holds)
