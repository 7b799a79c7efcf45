"""higher, lower, similar: how a place stands against a comparator now."""

from __future__ import annotations

import numpy as np

from wellfounded.analysis.difference import difference, relative_difference
from wellfounded.conclusions.expectations.common import (
    Expectation,
    Explanation,
    behind,
    check_unit,
    comparator_name,
    decide,
    fallback_step,
    figures_at,
    first,
    goes_by,
    interval_words,
    lower_first,
    p_words,
    percent,
    period_words,
    place_name,
    point,
    points,
    points_unit,
    reaches,
    relative,
    roles,
    rule_step,
    when_words,
    write_difference,
)
from wellfounded.conclusions.frame import CANNOT, CannotTest, Frame, Judgement
from wellfounded.conclusions.subjects import Indices
from wellfounded.conclusions.types import Dimension
from wellfounded.evidence.types import Rule

DIMENSIONS = (
    Dimension.COMPARATOR,
    Dimension.PERIOD,
    Dimension.MEASURE,
    Dimension.BOUNDARY,
    Dimension.VINTAGE,
)
SLOTS = (
    "area",
    "comparator",
    "period",
    "when",
    "value",
    "comparator_value",
    "difference",
    "more_or_less",
    "higher_or_lower",
)


def judge(frame: Frame) -> Judgement:
    """The verdict on the difference of the place from the comparator, each counted with its own interval."""
    if frame.comparator is None:
        raise CannotTest("it names no comparator")
    if frame.indicator.additivity.rule is Rule.SUM and not frame.indicator.per:
        raise CannotTest(f"{lower_first(frame.indicator.label)} is a total: compare a rate or a share instead")
    a, se_a = frame.at(frame.place)
    b, se_b = frame.at(frame.comparator)
    margin = frame.option("within" if frame.test.expect == "similar" else "by_at_least")
    check_unit(margin, frame)
    has_interval = np.isfinite(se_a)
    known_b = np.where(np.isfinite(se_b), se_b, 0.0)
    compare = relative_difference if relative(margin, frame.indicator) else difference
    result = compare(a, b, se_a=np.where(has_interval, se_a, np.nan), se_b=known_b, confidence=frame.confidence)
    estimate, lower, upper, p = result.estimate, result.lower, result.upper, result.p
    known = np.isfinite(estimate)
    size = margin.value if margin else 0.0
    if frame.test.expect == "similar":
        meets = reaches(-np.abs(estimate), -size)
        told = (lower >= -size) & (upper <= size)
    else:
        sign = 1.0 if frame.test.expect == "higher" else -1.0
        meets = goes_by(estimate, size, sign=sign)
        told = (lower > 0) if sign > 0 else (upper < 0)
    verdict = decide(meets=meets, known=known, told=told, has_interval=has_interval)
    reason = ""
    if margin is None and not has_interval.all():
        verdict = np.where((verdict == 0) & ~has_interval, 1, verdict).astype(np.int8)
        reason = "no interval is published and no margin is stated, so nothing tells the difference from none"
    if (verdict[0] == CANNOT).all():
        reason = frame.why_missing()
    return Judgement(verdict, estimate, lower, upper, p, reason)


def explain(frame: Frame, judgement: Judgement) -> Explanation:
    assert frame.comparator is not None  # judge has refused it otherwise
    indicator, unit, comparator_sets = frame.indicator, frame.indicator.unit, frame.comparator
    area, comparator = place_name(frame), comparator_name(frame)
    margin = frame.option("within" if frame.test.expect == "similar" else "by_at_least")
    wanted = {"higher": "higher than", "lower": "lower than", "similar": "about the same as"}[frame.test.expect]
    tail = (
        ""
        if margin is None
        else (f", within {margin}" if frame.test.expect == "similar" else f", by at least {margin}")
    )
    question = f"{indicator.label} in {area}: {wanted} in {comparator}{tail}?"
    out = Explanation(question)
    periods = frame.periods
    place, other = int(frame.place[0, 0]), int(frame.comparator[0, 0])
    out.figures = figures_at(frame, [place, other], periods)
    for period_at in periods:
        out.figures += behind(frame, place, period_at)
    a, se_a = (first(part) for part in frame.at(frame.place))
    b, se_b = (first(part) for part in frame.at(frame.comparator))
    if not (np.isfinite(a) and np.isfinite(b)):
        return out
    estimate, lower, upper = first(judgement.estimate), first(judgement.lower), first(judgement.upper)
    size = write_difference(estimate, margin, indicator)
    period = period_words(frame, periods)
    when = when_words(frame, periods)
    out.slots = {
        "area": area,
        "comparator": comparator,
        "period": period,
        "when": when,
        "value": unit.write(a),
        "comparator_value": unit.write(b),
        "difference": size,
        "more_or_less": "more" if estimate > 0 else "less",
        "higher_or_lower": "higher" if estimate > 0 else "lower",
    }

    def write(number: float) -> str:
        if relative(margin, indicator):
            return percent(number)
        return points(number) if points_unit(indicator) else unit.write(number, signed=True)

    def shown(value: float, sets: Indices) -> str:
        lowest, highest = (first(limit) for limit in frame.limits(sets))
        limits = interval_words(lowest, highest, unit.write)
        return unit.write(value) + (f" (95% interval {limits})" if limits else " (no interval is published)")

    out.working = [
        f"{indicator.label} in {area}, {period}: {shown(a, frame.place)}.",
        *rule_step(frame, place),
        *fallback_step(frame),
        f"In {comparator}: {shown(b, comparator_sets)}.",
        *rule_step(frame, other),
        f"Difference: {write(estimate)}"
        + (
            f", {frame.confidence:.0%} interval {interval_words(lower, upper, write)}, {p_words(first(judgement.p))}"
            if np.isfinite(lower)
            else ""
        )
        + ".",
    ]
    if margin:
        reached = "is inside" if abs(estimate) < margin.value else "reaches"
        out.working.append(f"The margin that matters is {margin}; the difference {reached} it.")
    if np.isfinite(se_a) and not np.isfinite(se_b):
        out.working.append(f"No interval is published for {comparator}: its figure counts as exact.")
    if not np.isfinite(se_a):
        out.working.append("No interval is published for the place, so the margin decides.")
    here, there = f"{unit.write(a)} {when}", unit.write(b)
    out.honest = {
        "uncertain": f"{indicator.label} in {area} ({here}) can't be told apart from that of {comparator} ({there}).",
        "fails": (
            f"{indicator.label} in {area} was {here}, against {there} in {comparator}: not {wanted} there{tail}."
        ),
    }
    everyone = roles(frame)
    out.series = {
        "kind": "level",
        "period": period,
        "when": when,
        "points": [point(frame, role) for role in everyone],
    }
    return out


def _make(name: str, title: str, option: str, required: tuple[str, ...]) -> Expectation:
    return Expectation(
        name=name,
        title=title,
        method="difference",
        than="required",
        options={option: "amount", "category": "text", "period": "text"},
        required=required,
        one_of=(),
        dimensions=DIMENSIONS,
        slots=SLOTS,
        judge=judge,
        explain=explain,
    )


HIGHER = _make("higher", "higher than a comparator", "by_at_least", ())
LOWER = _make("lower", "lower than a comparator", "by_at_least", ())
SIMILAR = _make("similar", "about the same as a comparator", "within", ("within",))
