"""spread: how far apart the member areas of a place are."""

from __future__ import annotations

import numpy as np

from wellfounded.analysis.spread import spread
from wellfounded.conclusions.amounts import Amount
from wellfounded.conclusions.expectations.common import (
    Expectation,
    Explanation,
    check_unit,
    decide,
    figures_at,
    lower_first,
    only_one_of,
    percent,
    period_words,
    place_name,
    point,
    points,
    points_unit,
    reaches,
    roles,
    when_words,
)
from wellfounded.conclusions.frame import CannotTest, Frame, Judgement
from wellfounded.conclusions.types import Dimension


def _members(frame: Frame) -> list[list[int]]:
    """For each choice, the sets of the member areas of its boundary."""
    subjects = frame.subjects
    if subjects.count > 1:
        raise CannotTest("a single area has no members to differ")
    found = []
    for index in frame.place[:, 0].tolist():
        members = subjects.sets[index].members
        if len(members) < 2:
            members = ()
        found.append([int(subjects.roles[f"area:{code}"][0]) for code in members])
    if found[0]:
        frame.witnesses = np.array([found[0]])
    return found


def judge(frame: Frame) -> Judgement:
    """The verdict on the highest member over the lowest, less one, allowing for both having been picked."""
    verdicts, numbers = [], []
    for members in _members(frame):
        if not members:
            verdicts.append(np.array([3], dtype=np.int8))
            numbers.append((np.nan,) * 4)
            continue
        sets = np.array([members])
        values, errors = frame.at(sets)
        found = spread(values[0], se=errors[0], confidence=frame.confidence)
        in_points = _in_points(frame)
        estimate = float(found.gap if in_points else found.relative)
        size = _threshold(frame)
        at_most = "at_most" in frame.test.options
        has_interval = bool(np.isfinite(found.relative_lower))
        known = np.isfinite(estimate)
        sign = -1 if at_most else 1
        meets = reaches(np.array([sign * estimate]), sign * size)
        lowest = float(found.lowest_value)
        most = size / lowest if in_points and lowest > 0 else size
        told = np.array([bool(found.relative_upper <= most if at_most else found.relative_lower > 0)])
        verdicts.append(decide(meets=meets, known=np.array([known]), told=told, has_interval=np.array([has_interval])))
        limits = (np.nan, np.nan) if in_points else (float(found.relative_lower), float(found.relative_upper))
        numbers.append((estimate, *limits, float(found.p)))
    stacked = np.array(numbers)[:, :, None]
    reason = "fewer than two members are left" if len(numbers) > 1 else "it has no members to differ"
    if frame.witnesses is not None and np.isnan(stacked[0, 0]).all():
        reason = frame.why_missing() or "the lowest is not above zero, so the gap has no percentage"
    return Judgement(np.stack(verdicts), stacked[:, 0], stacked[:, 1], stacked[:, 2], stacked[:, 3], reason=reason)


def _in_points(frame: Frame) -> bool:
    amount = frame.test.options.get("at_least") or frame.test.options.get("at_most")
    return isinstance(amount, Amount) and amount.kind != "relative"


def _threshold(frame: Frame) -> float:
    amount = frame.test.options.get("at_least") or frame.test.options.get("at_most")
    assert isinstance(amount, Amount)  # one of the two is required
    check_unit(amount, frame)
    return amount.value


def explain(frame: Frame, _judgement: Judgement) -> Explanation:
    indicator, area, options = frame.indicator, place_name(frame), frame.test.options
    amount = options.get("at_least") or options.get("at_most")
    asked = f"at {'least' if 'at_least' in options else 'most'} {amount}"
    out = Explanation(
        f"Is the gap in {lower_first(indicator.label)} between the highest and the lowest district of {area} {asked}?"
    )
    members = _members(frame)[0]
    if not members:
        return out
    out.figures = figures_at(frame, members, frame.periods)
    values, errors = (part[0] for part in frame.at(np.array([members])))
    found = spread(values, se=errors, confidence=frame.confidence)
    if int(found.highest) < 0:
        return out
    names = [frame.subjects.sets[index].name for index in members]
    write, period = indicator.unit.write, period_words(frame, frame.periods)
    when = when_words(frame, frame.periods)
    high, low = names[int(found.highest)], names[int(found.lowest)]
    gap = float(found.gap)
    relative = float(found.relative)
    shown_gap = points(gap) if points_unit(indicator) else write(gap)
    out.slots = {
        "area": area,
        "period": period,
        "when": when,
        "highest_area": high,
        "highest_value": write(float(found.highest_value)),
        "lowest_area": low,
        "lowest_value": write(float(found.lowest_value)),
        "gap": shown_gap,
        "gap_percent": percent(relative) if np.isfinite(relative) else "",
    }
    out.slots = {name: text for name, text in out.slots.items() if text}
    ranked = sorted(zip(names, values.tolist(), strict=True), key=lambda pair: -pair[1])
    out.working = [
        f"{indicator.label}, {period}: " + ", ".join(f"{name} {write(value)}" for name, value in ranked) + ".",
        f"The highest is {shown_gap} ({percent(relative)}) above the lowest."
        if np.isfinite(relative)
        else f"The gap is {shown_gap}.",
    ]
    if np.isfinite(found.relative_lower):
        limits = f"{percent(float(found.relative_lower))} to {percent(float(found.relative_upper))}"
        out.working.append(f"{frame.confidence:.0%} interval of that, over all pairs of districts: {limits}.")
    else:
        out.working.append("No interval is published, so the margin decides.")
    out.working.append(f"Asked: {asked}.")
    highest, lowest = write(float(found.highest_value)), write(float(found.lowest_value))
    seen = f"{indicator.label} was {highest} in {high} and {lowest} in {low} {when}"
    out.honest = {"uncertain": f"{seen}, which can't be told apart.", "fails": f"{seen}: a gap that is not {asked}."}
    out.series = {"kind": "level", "period": period, "points": [point(frame, role) for role in roles(frame)]}
    return out


SPREAD = Expectation(
    "spread", "a gap between the member areas", "spread", "none",
    {"at_least": "amount", "at_most": "amount", "category": "text", "period": "text"}, (), ("at_least", "at_most"),
    (Dimension.PERIOD, Dimension.MEASURE, Dimension.BOUNDARY, Dimension.VINTAGE),
    ("area", "period", "when", "highest_area", "highest_value", "lowest_area", "lowest_value", "gap", "gap_percent"),
    judge, explain, disagree=lambda table: only_one_of(("at_least", "at_most"), table),
)  # fmt: skip
