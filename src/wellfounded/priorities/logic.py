"""The chain of a policy as a picture: figures, conclusions, policy, impact areas, and how strong each link is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from wellfounded.conclusions.types import Result, State, TestResult, Verdict
from wellfounded.evidence.base import ImpactArea
from wellfounded.evidence.store import Store
from wellfounded.priorities.criteria import NOT_ASSESSED, said_words
from wellfounded.priorities.types import (
    ChainLink,
    ChainNode,
    Finding,
    Kind,
    Policy,
    RestsOn,
    Said,
    ShownCriterion,
    ShownPrize,
)
from wellfounded.priorities.words import first, listed

FIRM, MOSTLY = 0.9, 0.6  # shares of reasonable tests, as conclusions are called firm and fairly firm
Strength = Literal["strong", "middling", "weak", "broken", "not assessed"]
_OF_FINDING: dict[Finding, Strength] = {
    Finding.POSITIVE: "strong",
    Finding.MIXED: "middling",
    Finding.NONE: "weak",
    Finding.NEGATIVE: "broken",
}


def rests_on(policy: Policy, results: Mapping[str, Result], said: Mapping[str, Said]) -> tuple[RestsOn, ...]:
    """The conclusions beneath a policy, each with how it stands and what was said of it."""
    found = []
    for name in policy.conclusions:
        result, spoken = results[name], said.get(name, Said())
        found.append(
            RestsOn(
                conclusion=name,
                sentence=result.sentence,
                verdict=result.verdict.value,
                holds=result.robustness.holds,
                of=result.robustness.of,
                impact=result.conclusion.impact,
                how_sure=_how_sure(result),
                sureness=_sureness(result),
                supporting=spoken.supporting,
                challenging=spoken.challenging,
                qualifying=spoken.qualifying,
                said=said_words(spoken),
                warning=_warning(result),
            )
        )
    return tuple(found)


def warnings(rests: Sequence[RestsOn]) -> tuple[str, ...]:
    """What is wrong with the conclusions that a policy rests on, in sentences."""
    return tuple(f"{one.warning} ({one.conclusion}: {one.sentence})" for one in rests if one.warning)


def beware(rests: Sequence[RestsOn]) -> str:
    """How much of what a policy rests on is shaky, in a line; nothing where all of it is firm."""
    kinds = {
        "fails": [one for one in rests if one.verdict == Verdict.FAILS],
        "is uncertain": [one for one in rests if one.verdict in (Verdict.UNCERTAIN, Verdict.CANNOT_TEST)],
    }
    told = [one for some in kinds.values() for one in some]
    fragile = [one for one in rests if one not in told and one.of and one.holds / one.of < MOSTLY]
    kinds |= {"is fragile": fragile, "is a draft": [one for one in rests if one.warning and one not in told + fragile]}
    parts = [f"{len(some)} {kind if len(some) == 1 else _PLURAL[kind]}" for kind, some in kinds.items() if some]
    if not parts:
        return ""
    if len(rests) == 1:
        return f"The conclusion beneath it {next(kind for kind, some in kinds.items() if some)}, which draws it down"
    return f"Of the {len(rests)} conclusions beneath it, {listed(parts)}, which draws it down"


_PLURAL = {"fails": "fail", "is uncertain": "are uncertain", "is fragile": "are fragile", "is a draft": "are drafts"}


def chain_of(
    policy: Policy,
    impacts: Sequence[ImpactArea],
    *,
    results: Mapping[str, Result],
    said: Mapping[str, Said],
    prizes: Mapping[str, ShownPrize],
    criteria: Sequence[ShownCriterion],
    store: Store,
) -> tuple[tuple[ChainNode, ...], tuple[ChainLink, ...]]:
    """The nodes and links of a policy's chain, from figures to impact areas."""
    nodes: dict[str, ChainNode] = {}
    links: list[ChainLink] = []
    me = f"policy:{policy.id}"
    for name in policy.conclusions:
        result = results[name]
        here = f"conclusion:{name}"
        nodes[here] = ChainNode(
            here, "conclusion", result.sentence, note=result.verdict.value, said=said_words(said.get(name, Said()))
        )
        by_indicator: dict[str, list[TestResult]] = {}
        for test in result.tests:
            by_indicator.setdefault(test.test.indicator, []).append(test)
        for indicator, tests in by_indicator.items():
            start = f"figure:{indicator}"
            nodes.setdefault(
                start, ChainNode(start, "figure", store.indicator(indicator).label, note=_figure(tests, store))
            )
            strength, text = _of_tests(tests)
            links.append(ChainLink(start, here, strength, text=text))
        strength, share = _of_conclusion(result)
        links.append(ChainLink(here, me, strength, share, _how_sure(result)))
    nodes[me] = ChainNode(me, "policy", policy.title)
    own = {one.id: one for one in criteria}
    for area in impacts:
        if area.id not in policy.impact:
            continue
        end = f"impact:{area.id}"
        prize = prizes.get(area.id)
        nodes[end] = ChainNode(end, "impact", area.title, note=prize.text if prize and prize.text else NOT_ASSESSED)
        works = own[f"{area.id}.{Kind.WORKS.value}"]
        cited = [one for one in policy.evaluations if area.id in one.impact]
        worst: Strength = "not assessed"
        if cited:
            order = list(_OF_FINDING.values())
            worst = max((_OF_FINDING[one.finding] for one in cited), key=order.index)
        text = first(works.text) if cited else "No evaluation that can be opened is cited"
        links.append(ChainLink(me, end, worst, text=text))
    ordered = sorted(nodes.values(), key=lambda node: ("figure", "conclusion", "policy", "impact").index(node.kind))
    return tuple(ordered), tuple(links)


def _of_tests(tests: Sequence[TestResult]) -> tuple[Strength, str]:
    """How firmly figures carry a conclusion: by the least sure of its tests on them."""
    verdicts = {test.outcome.verdict for test in tests}
    if Verdict.FAILS in verdicts:
        return "broken", "The figures do not meet the test"
    if Verdict.CANNOT_TEST in verdicts:
        return "not assessed", "It cannot be tested"
    if Verdict.UNCERTAIN in verdicts:
        return "weak", "The figures cannot tell it from its opposite"
    if all(test.outcome.interval_published for test in tests):
        return "strong", "The figures meet the test, and their interval allows us to say so"
    return "middling", "The figures meet the test by its margin; no interval is published"


def _of_conclusion(result: Result) -> tuple[Strength, float | None]:
    share = result.robustness.holds / result.robustness.of if result.robustness.of else None
    if result.verdict is Verdict.FAILS:
        return "broken", share
    if result.verdict is Verdict.CANNOT_TEST or share is None:
        return "not assessed", share
    if result.verdict is Verdict.UNCERTAIN or share < MOSTLY:
        return "weak", share
    return ("strong" if share >= FIRM else "middling"), share


def _sureness(result: Result) -> str:
    strength, _ = _of_conclusion(result)
    return {"strong": "firm", "middling": "mostly", "not assessed": "none"}.get(strength, "fragile")


def _how_sure(result: Result) -> str:
    holds, of = result.robustness.holds, result.robustness.of
    return f"Holds in {holds} of {of} reasonable ways to test it" if of else "No other way to test it can be computed"


def _warning(result: Result) -> str:
    holds, of = result.robustness.holds, result.robustness.of
    match result.verdict:
        case Verdict.FAILS:
            return "It rests on a conclusion that fails on the present figures"
        case Verdict.UNCERTAIN:
            return "It rests on a conclusion that the figures cannot tell from its opposite"
        case Verdict.CANNOT_TEST:
            return "It rests on a conclusion that cannot be tested on the present figures"
    if of and holds / of < MOSTLY:
        return f"It rests on a fragile conclusion, which holds in {holds} of {of} reasonable ways to test it"
    return "It rests on a draft" if result.conclusion.state is State.DRAFT else ""


def _figure(tests: Sequence[TestResult], store: Store) -> str:
    """The latest figure of the tests as people read it, the first of several."""
    figures = [figure for test in tests for figure in test.figures if isinstance(figure.value, float)]
    if not figures:
        return ""
    latest = max(figure.period.end for figure in figures)
    figure = next(figure for figure in figures if figure.period.end == latest)
    text = store.indicator(figure.indicator).unit.write(float(figure.value))
    area = str(figure.area)
    name = store.base.name if store.base and area == store.base.code else ""
    if not name and area in store.catalogue.areas:
        name = store.catalogue.areas.name(area)
    part = store.indicator(figure.indicator).category_labels.get(figure.category, "") if figure.category else ""
    return f"{text} in {name or area}, {', '.join(filter(None, (part, figure.period.label)))}"
