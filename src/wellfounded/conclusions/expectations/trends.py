"""rising, falling, flat; faster, slower; converging, diverging: how a series moves over a window of years."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wellfounded.analysis.trend import FEWEST_FOR_RANKS, slopes_without_each_year, trend
from wellfounded.conclusions.amounts import Amount
from wellfounded.conclusions.expectations.common import (
    Expectation,
    Explanation,
    check_unit,
    comparator_name,
    decide,
    fallback_step,
    figures_at,
    first,
    goes_by,
    lower_first,
    moved,
    p_words,
    percent,
    place_name,
    points,
    points_unit,
    reaches,
    relative,
    roles,
    rule_step,
)
from wellfounded.conclusions.frame import CannotTest, Frame, Judgement
from wellfounded.conclusions.types import Dimension
from wellfounded.evidence.columns import Floats

SLOTS = ("area", "period", "from_period", "to_period", "start_value", "end_value", "value", "change", "growth")
PACE_SLOTS = (*SLOTS, "comparator", "comparator_growth", "comparator_start_value", "comparator_value", "difference",
              "faster_or_slower", "grew_or_fell")  # fmt: skip


def _margin(frame: Frame) -> Amount | None:
    margin = frame.option("within" if frame.test.expect == "flat" else "by_at_least")
    check_unit(margin, frame)
    return margin


def judge_trend(frame: Frame) -> Judgement:
    """The verdict on the slope of the place's series: weighted regression with intervals, else Mann-Kendall."""
    periods = frame.window(least=3)
    values, errors = frame.series(frame.place, periods)
    margin = _margin(frame)
    found = trend(frame.years(periods), values, se=errors, confidence=frame.confidence)
    if not np.isfinite(found.slope).any():
        raise CannotTest(f"its window has {len(periods)} years, and a trend without intervals needs {FEWEST_FOR_RANKS}")
    scale = 1 / np.where(found.level > 0, found.level, np.nan) if relative(margin, frame.indicator) else 1.0
    estimate, lower, upper = found.slope * scale, found.lower * scale, found.upper * scale
    known = np.isfinite(estimate) & np.isfinite(values).all(axis=-1)
    size = margin.value if margin else 0.0
    clear = found.p < 1 - frame.confidence
    if frame.test.expect == "flat":
        meets = reaches(-np.abs(estimate), -size)
        told = (lower >= -size) & (upper <= size)
    else:
        sign = 1.0 if frame.test.expect == "rising" else -1.0
        meets = goes_by(estimate, size, sign=sign)
        told = clear
    verdict = decide(meets=meets, known=known, told=told, has_interval=np.ones_like(known))
    return Judgement(verdict, estimate, lower, upper, found.p, extra={"periods": periods, "weighted": found.weighted})


def explain_trend(frame: Frame, judgement: Judgement) -> Explanation:
    indicator, unit, area = frame.indicator, frame.indicator.unit, place_name(frame)
    margin = _margin(frame)
    tail = (
        "" if margin is None else (f", within {margin}" if frame.test.expect == "flat" else f", by at least {margin}")
    )
    doing = {"rising": "rising", "falling": "falling", "flat": "flat"}[frame.test.expect]
    out = Explanation(f"{indicator.label} in {area}: {doing} over {frame.test.options['over']}{tail}?")
    periods: list[int] = judgement.extra.get("periods") or frame.window(least=3)
    place = int(frame.place[0, 0])
    values, errors = frame.series(frame.place, periods)
    out.figures = figures_at(frame, [place], periods)
    start, end = float(values[0, 0, 0]), float(values[0, 0, -1])
    estimate = first(judgement.estimate)
    if not np.isfinite([start, end, estimate]).all():
        return out
    in_points = not relative(margin, indicator) and points_unit(indicator)
    growth = _growth_words(estimate, margin, frame)
    labels = [frame.combined.panel.periods[at].label for at in periods]
    change = (
        points(abs(end - start))
        if in_points
        else percent(abs(end / start - 1))
        if start > 0
        else unit.write(abs(end - start))
    )
    out.slots = {
        "area": area,
        "period": labels[-1],
        "from_period": labels[0],
        "to_period": labels[-1],
        "start_value": unit.write(start),
        "end_value": unit.write(end),
        "value": unit.write(end),
        "change": change,
        "growth": growth,
    }
    weighted = bool(judgement.extra.get("weighted", np.array([[False]]))[0, 0])
    method = (
        "a regression weighted by the published intervals"
        if weighted
        else "the median slope between any two years (Theil-Sen), tested by Mann-Kendall, as no interval is published"
    )
    robust = slopes_without_each_year(frame.years(periods), values[0, 0], se=errors[0, 0])
    steady = float(robust.lower) * float(robust.upper) > 0
    went = f"went from {unit.write(start)} in {labels[0]} to {unit.write(end)} in {labels[-1]}"
    out.working = [
        f"{indicator.label} in {area} {went}.",
        *rule_step(frame, place),
        (
            f"Over these {len(periods)} periods the change is {'' if estimate > 0 else 'minus '}{growth} a year, "
            f"by {method}; {p_words(first(judgement.p))}."
        ),
        "Leaving out any one period does not change its direction."
        if steady
        else "Its direction changes when one period is left out.",
    ]
    if margin:
        out.working.append(f"The margin that matters is {margin}.")
    seen = f"{indicator.label} in {area} {went}"
    out.honest = {
        "uncertain": f"{seen}, which can't be told apart from no change.",
        "fails": f"{seen}: not {doing}{tail}.",
    }
    out.series = _lines(frame, periods)
    return out


def _growth_words(estimate: float, margin: Amount | None, frame: Frame) -> str:
    if relative(margin, frame.indicator):
        return percent(abs(estimate), decimals=1)
    if points_unit(frame.indicator):
        return points(abs(estimate))
    return frame.indicator.unit.write(abs(estimate))


def _lines(frame: Frame, periods: list[int]) -> dict[str, object]:
    lines = []
    for role in roles(frame):
        combined, which = frame.combined, (role["set"], np.array(periods), frame.category)
        value = combined.value[which]
        if np.isfinite(value).any():
            lines.append(
                {
                    **role,
                    "values": _nullable(value),
                    "lower": _nullable(combined.lower[which]),
                    "upper": _nullable(combined.upper[which]),
                }
            )
    panel = frame.combined.panel
    return {
        "kind": "lines",
        "periods": [panel.periods[at].label for at in periods],
        "starts": [panel.periods[at].start.isoformat() for at in periods],
        "lines": lines,
    }


def _nullable(values: Floats) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def judge_pace(frame: Frame) -> Judgement:
    """The verdict on growth against a comparator's: the trend of the log ratio (or of the difference in points)."""
    if frame.comparator is None:
        raise CannotTest("it names no comparator")
    periods = frame.window(least=3)
    a, se_a = frame.series(frame.place, periods)
    b, se_b = frame.series(frame.comparator, periods)
    margin = _margin(frame)
    known_b = np.where(np.isfinite(se_b), se_b, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        in_logs = relative(margin, frame.indicator)
        gap = np.log(a / b) if in_logs else a - b
        error = np.hypot(se_a / a, known_b / b) if in_logs else np.hypot(se_a, known_b)
    gap = np.round(gap, 12)  # two years with the same gap tie, whatever binary fractions make of it
    closing = frame.test.expect in ("converging", "diverging")
    if closing:
        gap = np.abs(gap)
    found = trend(frame.years(periods), gap, se=error, confidence=frame.confidence)
    if not np.isfinite(found.slope).any():
        raise CannotTest(f"its window has {len(periods)} years, and this test needs {FEWEST_FOR_RANKS}")
    known = np.isfinite(found.slope) & np.isfinite(gap).all(axis=-1)
    sign = 1.0 if frame.test.expect in ("faster", "diverging") else -1.0
    size = margin.value if margin else 0.0
    meets = goes_by(found.slope, size, sign=sign)
    verdict = decide(meets=meets, known=known, told=found.p < 1 - frame.confidence, has_interval=np.ones_like(known))
    extra = {"periods": periods, "weighted": found.weighted, "gap": gap}
    return Judgement(verdict, found.slope, found.lower, found.upper, found.p, extra=extra)


def explain_pace(frame: Frame, judgement: Judgement) -> Explanation:
    assert frame.comparator is not None  # judge has refused it otherwise
    indicator, unit, area = frame.indicator, frame.indicator.unit, place_name(frame)
    comparator, label, margin = comparator_name(frame), lower_first(indicator.label), _margin(frame)
    tail = f", by at least {margin}" if margin else ""
    over = frame.test.options["over"]
    asked = {
        "faster": f"{indicator.label} in {area}: faster growth than in {comparator} over {over}{tail}?",
        "slower": f"{indicator.label} in {area}: slower growth than in {comparator} over {over}{tail}?",
        "converging": f"{indicator.label}: a narrowing gap between {area} and {comparator} over {over}{tail}?",
        "diverging": f"{indicator.label}: a widening gap between {area} and {comparator} over {over}{tail}?",
    }
    out = Explanation(asked[frame.test.expect])
    periods: list[int] = judgement.extra.get("periods") or frame.window(least=3)
    place, other = int(frame.place[0, 0]), int(frame.comparator[0, 0])
    a, b = (frame.series(sets, periods)[0][0, 0] for sets in (frame.place, frame.comparator))
    out.figures = figures_at(frame, [place, other], [periods[0], periods[-1]])
    estimate = first(judgement.estimate)
    if not (np.isfinite(a).all() and np.isfinite(b).all() and np.isfinite(estimate)):
        return out
    years = float(frame.years(periods)[-1] - frame.years(periods)[0])

    def growth(values: Floats) -> float:
        if relative(margin, indicator):
            return float((values[-1] / values[0]) ** (1 / years) - 1)
        return float((values[-1] - values[0]) / years)

    def write(rate: float) -> str:
        return percent(rate, decimals=1) if relative(margin, indicator) else points(rate)

    labels = [frame.combined.panel.periods[at].label for at in periods]
    out.slots = {
        "area": area,
        "comparator": comparator,
        "period": labels[-1],
        "from_period": labels[0],
        "to_period": labels[-1],
        "start_value": unit.write(float(a[0])),
        "end_value": unit.write(float(a[-1])),
        "value": unit.write(float(a[-1])),
        "change": percent(abs(float(a[-1] / a[0]) - 1))
        if relative(margin, indicator)
        else points(abs(float(a[-1] - a[0]))),
        "growth": write(growth(a)),
        "grew_or_fell": "grew" if growth(a) > 0 else "fell",
        "comparator_growth": write(growth(b)),
        "comparator_start_value": unit.write(float(b[0])),
        "comparator_value": unit.write(float(b[-1])),
        "difference": write(abs(estimate)) if relative(margin, indicator) else points(abs(estimate)),
        "faster_or_slower": "faster" if estimate > 0 else "more slowly",
    }
    weighted = bool(judgement.extra["weighted"][0, 0])
    method = "weighted by the published intervals" if weighted else "Theil-Sen, tested by Mann-Kendall"
    what = "the ratio of the two" if relative(margin, indicator) else "the difference of the two"
    out.working = [
        (
            f"{indicator.label} in {area}: {unit.write(float(a[0]))} in {labels[0]}, "
            f"{unit.write(float(a[-1]))} in {labels[-1]}: {write(growth(a))} a year."
        ),
        *rule_step(frame, place),
        *fallback_step(frame),
        f"In {comparator}: {unit.write(float(b[0]))} to {unit.write(float(b[-1]))}: {write(growth(b))} a year.",
        *rule_step(frame, other),
        (
            f"Over all {len(periods)} periods {what} changed by {write(estimate)} a year "
            f"({method}; {p_words(first(judgement.p))})."
        ),
        _steps(judgement.extra["gap"][0, 0], write),
    ]
    if margin:
        out.working.append(f"The margin that matters is {margin}.")
    here, there = (moved(growth(path), write(abs(growth(path)))) for path in (a, b))
    if growth(a) * growth(b) > 0:  # one verb for both
        there = there.removeprefix("grew ").removeprefix("fell ")
    seen = f"Between {labels[0]} and {labels[-1]} {label} {here} a year in {area} and {there} in {comparator}"
    out.honest = {"uncertain": f"{seen}, which can't be told apart.", "fails": f"{seen}."}
    out.series = _lines(frame, periods)
    return out


def _steps(gap: Floats, write: Callable[[float], str]) -> str:
    """A stricter look at the same numbers, as a step of the working: the yearly steps, taken as independent."""
    steps = np.diff(gap)
    error = float(steps.std(ddof=1) / np.sqrt(len(steps)))
    return (
        f"A stricter reading takes each year's step as independent: {write(float(steps.mean()))} a period on average, "
        f"with a standard error of {write(error)}."
    )


_TREND = (Dimension.PERIOD, Dimension.MEASURE, Dimension.BOUNDARY, Dimension.VINTAGE)
_PACE = (Dimension.COMPARATOR, *_TREND)
WINDOWS = ("previous", "later", "all")


def _trend(name: str, title: str, option: str, required: tuple[str, ...]) -> Expectation:
    return Expectation(
        name, title, "trend", "none", {"over": "window", option: "yearly amount", "category": "text"},
        ("over", *required), (),
        _TREND, SLOTS, judge_trend, explain_trend, WINDOWS,
    )  # fmt: skip


def _pace(name: str, title: str, method: str) -> Expectation:
    return Expectation(
        name, title, method, "required", {"over": "window", "by_at_least": "yearly amount", "category": "text"},
        ("over",), (),
        _PACE, PACE_SLOTS, judge_pace, explain_pace, WINDOWS,
    )  # fmt: skip


RISING = _trend("rising", "rising over a window of years", "by_at_least", ())
FALLING = _trend("falling", "falling over a window of years", "by_at_least", ())
FLAT = _trend("flat", "neither rising nor falling over a window of years", "within", ("within",))
FASTER = _pace("faster", "growing faster than a comparator", "trend")
SLOWER = _pace("slower", "growing more slowly than a comparator", "trend")
CONVERGING = _pace("converging", "closing the gap to a comparator", "convergence")
DIVERGING = _pace("diverging", "moving away from a comparator", "convergence")
