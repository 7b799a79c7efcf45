"""resilient, volatile: how deep a place fell in a named shock, and how soon it was back, against a comparator."""

from __future__ import annotations

import numpy as np

from wellfounded.analysis.resilience import shock
from wellfounded.conclusions.expectations.common import (
    Expectation,
    Explanation,
    comparator_name,
    decide,
    first,
    goes_by,
    lower_first,
    percent,
    place_name,
    rule_step,
)
from wellfounded.conclusions.frame import CannotTest, Frame, Judgement
from wellfounded.conclusions.subjects import Indices
from wellfounded.conclusions.types import Dimension
from wellfounded.core import AreaCode, Figure, NoValue
from wellfounded.evidence.columns import Floats

SHOCKS = {
    "2008": (2007, 2010, "the recession of 2008-09"),
    "2020": (2019, 2021, "the pandemic of 2020"),
}


def _paths(frame: Frame, sets: Indices) -> tuple[list[int], Floats]:
    """Years, and the path [choice, subject, year] of each set."""
    return frame.combined.panel.years.tolist(), frame.combined.value[sets][..., frame.category]


def judge(frame: Frame) -> Judgement:
    """The verdict on the place's fall in the shock against the comparator's; no interval is published."""
    assert frame.comparator is not None
    before, until, _ = SHOCKS[str(frame.test.options["shock"])]
    years, own = _paths(frame, frame.place)
    _, other = _paths(frame, frame.comparator)
    if before not in years or until not in years:
        raise CannotTest(f"its figures cover {years[0]} to {years[-1]}, not {before} to {until}")
    x = np.array(years, dtype=float)
    hit, ref = (shock(x, values, before=before, until=until) for values in (own, other))
    estimate = hit.change - ref.change  # above zero: the place fell less
    margin = frame.option("by_at_least")
    size = margin.value / 100 if margin else 0.0
    sign = 1.0 if frame.test.expect == "resilient" else -1.0
    known = np.isfinite(estimate)
    meets = goes_by(estimate, size, sign=sign)
    nothing = np.full(estimate.shape, np.nan)
    verdict = decide(meets=meets, known=known, told=known, has_interval=np.zeros_like(known))
    reason = "" if known[0].any() else "a member of the place or the comparator has no figure for a year of the shock"
    return Judgement(verdict, estimate, nothing, nothing, nothing, reason,
                     {"own": own, "other": other, "hit": hit, "ref": ref, "years": years})  # fmt: skip


def explain(frame: Frame, judgement: Judgement) -> Explanation:
    before, until, name = SHOCKS[str(frame.test.options["shock"])]
    area, comparator, indicator = place_name(frame), comparator_name(frame), frame.indicator
    margin = frame.option("by_at_least")
    word = "less" if frame.test.expect == "resilient" else "more"
    tail = f", by at least {margin}" if margin else ""
    out = Explanation(f"Did {lower_first(indicator.label)} in {area} fall {word} than in {comparator} in {name}{tail}?")
    if "hit" not in judgement.extra or not np.isfinite(first(judgement.estimate)):
        return out
    hit, ref, years = judgement.extra["hit"], judgement.extra["ref"], judgement.extra["years"]
    fall, other = first(hit.fall), first(ref.fall)
    recover = first(hit.years_to_recover)
    other_recover = first(ref.years_to_recover)
    out.slots = {
        "area": area,
        "comparator": comparator,
        "period": name,
        "from_period": str(before),
        "to_period": str(until),
        "fall": percent(fall),
        "comparator_fall": percent(other),
        "difference": f"{abs(fall - other) * 100:.1f} percentage points",
        "years_to_recover": _years(recover, years[-1], before),
        "comparator_years_to_recover": _years(other_recover, years[-1], before),
        "recovered_in": _year(recover, years[-1], before),
    }
    out.working = [
        *rule_step(frame, int(frame.place[0, 0])),
        (
            f"{indicator.label} in {area} fell by {percent(fall)} between {before} and its low by {until}; "
            f"it was back at the level of {before} after {out.slots['years_to_recover']}."
        ),
        f"In {comparator} it fell by {percent(other)}, and was back after {out.slots['comparator_years_to_recover']}.",
        f"The difference is {out.slots['difference']}; the margin is {margin or 'none'}. No interval is published.",
    ]
    label = lower_first(indicator.label)
    seen = f"In {name} {label} fell by {percent(fall)} in {area} and by {percent(other)} in {comparator}"
    out.honest = {"uncertain": f"{seen}.", "fails": f"{seen}: it did not fall {word}{tail}."}
    out.figures = _figures(frame, years, before, until)
    own, ref_path = judgement.extra["own"][0, 0], judgement.extra["other"][0, 0]
    start = years.index(before)
    last = min(len(years), start + 9)
    out.series = {
        "kind": "shock",
        "before": str(before),
        "periods": [str(year) for year in years[max(0, start - 2) : last]],
        "lines": [
            {"name": line, "role": role, "code": code, "values": _indexed(path, start)[max(0, start - 2) : last]}
            for line, role, code, path in (
                (area, "place", frame.subjects.sets[int(frame.place[0, 0])].id, own),
                (comparator, "comparator", "", ref_path),
            )
        ],
    }
    return out


def _indexed(path: Floats, start: int) -> list[float | None]:
    """The path as an index: 100 at `start`."""
    return [float(value / path[start] * 100) if np.isfinite(value) else None for value in path]


def _year(number: float, last: int, before: int) -> str:
    if np.isnan(number):
        return "an unknown year"
    return str(int(before + number)) if np.isfinite(number) else f"not by {last}"


def _years(number: float, last: int, before: int) -> str:
    if np.isnan(number):
        return "an unknown number of years"
    if number == float("inf"):
        return f"more than {last - before} years (not yet by {last})"
    return f"{int(number)} year{'' if number == 1 else 's'}"


def _figures(frame: Frame, years: list[int], before: int, until: int) -> list[Figure]:
    """The members' published real output in the years of the shock."""
    panel, column = frame.combined.panel, frame.category
    the_set = frame.subjects.sets[int(frame.place[0, 0])]
    found = []
    for code in the_set.members:
        row = panel.area_index.get(code)
        for at, year in enumerate(years):
            if before <= year <= until and row is not None:
                value = float(panel.value[row, at, column])
                found.append(
                    Figure(frame.indicator.id, AreaCode(code), panel.periods[at],
                           value if np.isfinite(value) else NoValue.MISSING,
                           release=panel.release, category=panel.categories[column])
                )  # fmt: skip
    return found


RESILIENT, VOLATILE = (
    Expectation(
        name, title, "resilience", "required", {"shock": "shock", "by_at_least": "points", "category": "text"},
        ("shock",), (), (Dimension.COMPARATOR, Dimension.BOUNDARY, Dimension.VINTAGE, Dimension.MEASURE),
        ("area", "comparator", "period", "from_period", "to_period", "fall", "comparator_fall", "difference",
         "years_to_recover", "comparator_years_to_recover", "recovered_in"),
        judge, explain,
    )
    for name, title in (("resilient", "falling less in a named shock"), ("volatile", "falling more in a named shock"))
)  # fmt: skip
