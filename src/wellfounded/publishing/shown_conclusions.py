"""Conclusions as they are shown: sentence, verdict in words, tests with their working, robustness."""

from __future__ import annotations

from typing import Literal

from wellfounded.conclusions.types import Choice, Result, TestResult, Verdict
from wellfounded.publishing import methods
from wellfounded.publishing.estimates import margin, written
from wellfounded.publishing.model import HistoryEntry, ShownConclusion, ShownTest, ShownVariant
from wellfounded.publishing.readings import Readings
from wellfounded.publishing.text import html
from wellfounded.publishing.words import capital

FIRM, MOSTLY = 0.9, 0.6

_LINES = {
    Verdict.HOLDS: "Holds on the present figures",
    Verdict.UNCERTAIN: "Uncertain: the figures cannot tell it from its opposite",
    Verdict.FAILS: "Does not hold on the present figures",
    Verdict.CANNOT_TEST: "Cannot be tested on the present figures",
}


def shown(result: Result, readings: Readings, *, chart: str, curve: str) -> ShownConclusion:
    """A result as it is shown; `chart` and `curve` are ids of its charts, empty where it has none."""
    conclusion, robustness = result.conclusion, result.robustness
    releases = dict.fromkeys(figure.release for test in result.tests for figure in test.figures if figure.release)
    return ShownConclusion(
        id=conclusion.id,
        chapter=conclusion.chapter,
        kind=conclusion.kind.value,
        state=conclusion.state.value,
        impact=conclusion.impact,
        sentence=result.sentence,
        as_written=result.as_written,
        written=_as_author_wrote(result),
        verdict=result.verdict.value,
        verdict_line=verdict_line(result),
        holds=robustness.holds,
        of=robustness.of,
        how_sure=how_sure(result),
        sureness=sureness(result),
        tests=tuple(_test(test, readings) for test in result.tests),
        breaks=robustness.breaks,
        variants=tuple(
            ShownVariant(_variant_label(variant.choices), variant.verdict.value, variant.estimate, variant.reason)
            for variant in robustness.variants
        ),
        refused=robustness.refused,
        beside=tuple((words, verdict.value) for words, verdict in robustness.beside),
        detail_html=html(result.detail) if result.detail else "",
        matters_html=html(conclusion.matters) if conclusion.matters else "",
        kept_because=conclusion.kept_because,
        chart=chart,
        curve=curve,
        challenges=conclusion.challenges,
        history=tuple(HistoryEntry(c.date, c.change, c.why, c.responses) for c in conclusion.history),
        sources=tuple(releases),
        q="" if result.q is None else _probability(result.q),
    )


def verdict_line(result: Result) -> str:
    """The verdict in a line, with the reason where it can't be tested."""
    line = _LINES[result.verdict]
    if result.verdict is Verdict.CANNOT_TEST:
        reasons = [test.outcome.reason for test in result.tests if test.outcome.verdict is Verdict.CANNOT_TEST]
        reason = next((reason for reason in reasons if reason), "")
        return f"{line}: {reason}" if reason else line
    return line


def how_sure(result: Result) -> str:
    """In how many fair ways of testing it a conclusion holds, in a sentence."""
    holds, of = result.robustness.holds, result.robustness.of
    if not of:
        return "No other way to test it can be computed"
    if of == 1:
        return (
            "Holds in the one way that it can be tested"
            if holds
            else "Does not hold in the one way that it can be tested"
        )
    return f"Holds in {holds} of {of} reasonable ways to test it"


def sureness(result: Result) -> Literal["firm", "mostly", "fragile", "none"]:
    """How firm a conclusion is, by the share of variants in which it holds."""
    if not result.robustness.of or result.verdict is Verdict.CANNOT_TEST:
        return "none"
    share = result.robustness.holds / result.robustness.of
    if result.verdict is not Verdict.HOLDS or share < MOSTLY:
        return "fragile"
    return "firm" if share >= FIRM else "mostly"


def _as_author_wrote(result: Result) -> str:
    """The author's sentence with the slots that can be filled."""
    if result.as_written:
        return result.sentence
    text = result.conclusion.says
    for at, test in enumerate(result.tests):
        for name, value in test.slots.items():
            text = text.replace(f"{{{test.test.id}.{name}}}", value)
            if at == 0:
                text = text.replace(f"{{{name}}}", value)
    return capital(text)


def _test(result: TestResult, readings: Readings) -> ShownTest:
    test, outcome = result.test, result.outcome
    how = written(test, readings.evaluation.store.indicator(test.indicator))
    stated = margin(test)
    return ShownTest(
        id=test.id,
        question=result.question,
        indicator=test.indicator,
        expect=test.expect,
        verdict=outcome.verdict.value,
        method=result.method,
        method_title=methods.title(result.method),
        working=result.working,
        figures=tuple(readings.shown(figure) for figure in result.figures),
        reason=outcome.reason,
        estimate=f"{how.text(outcome.estimate)} ({how.words})" if outcome.estimate is not None else "",
        interval=how.limits(outcome.lower, outcome.upper),
        p="" if outcome.p is None else _probability(outcome.p),
        margin=str(stated) if stated else "",
        interval_published=outcome.interval_published,
    )


def _variant_label(choices: tuple[Choice, ...]) -> str:
    changed = [choice.label for choice in choices if not choice.stated]
    return "; ".join(changed) or "as stated"


def _probability(p: float) -> str:
    return "below 0.001" if p < 0.001 else f"{p:.3f}"
