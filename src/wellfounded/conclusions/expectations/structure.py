"""share, specialised: how large a part of an economy something is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wellfounded.analysis.specialisation import location_quotient
from wellfounded.conclusions.amounts import Amount
from wellfounded.conclusions.expectations.categories import (
    NOTE_NO_INTERVAL,
    category_bars,
    category_figures,
    cube,
    parts_of,
    positive,
    total_of,
)
from wellfounded.conclusions.expectations.common import (
    Expectation,
    Explanation,
    comparator_name,
    decide,
    fallback_step,
    first,
    goes_by,
    lower_first,
    percent,
    period_words,
    place_name,
    points,
    reaches,
    rule_step,
    when_words,
)
from wellfounded.conclusions.frame import CannotTest, Frame, Judgement
from wellfounded.conclusions.types import Dimension


def judge_share(frame: Frame) -> Judgement:
    """The verdict on a part's share of the whole, against a threshold or against the comparator's share."""
    columns, _ = parts_of(frame)
    options = frame.test.options
    own = cube(frame, frame.place, columns).sum(axis=-1) / positive(total_of(frame, frame.place))
    if frame.test.than:
        assert frame.comparator is not None
        other = cube(frame, frame.comparator, columns).sum(axis=-1) / positive(total_of(frame, frame.comparator))
        margin = options.get("by_at_least")
        if not isinstance(margin, Amount):
            raise CannotTest("a share against a comparator needs by_at_least")
        sign = -1.0 if options.get("lower") else 1.0
        estimate = own - other if margin.kind == "points" else own / positive(other) - 1
        size = margin.value / 100 if margin.kind == "points" else margin.value
        meets = goes_by(estimate, size, sign=sign)
    else:
        estimate = own
        least, most = options.get("at_least"), options.get("at_most")
        meets = np.ones(own.shape, dtype=bool)
        if isinstance(least, Amount):
            meets &= reaches(own, least.value)
        if isinstance(most, Amount):
            meets &= reaches(-own, -most.value)
    known = np.isfinite(estimate)
    nothing = np.full(own.shape, np.nan)
    verdict = decide(meets=meets, known=known, told=known, has_interval=np.zeros_like(known))
    reason = "" if known[0].any() else "a part or the whole is missing or suppressed"
    return Judgement(verdict, estimate, nothing, nothing, nothing, reason, {"share": own})


def explain_share(frame: Frame, judgement: Judgement) -> Explanation:
    columns, label = parts_of(frame)
    area, indicator, options = place_name(frame), frame.indicator, frame.test.options
    least, most, margin = options.get("at_least"), options.get("at_most"), options.get("by_at_least")
    if frame.test.than:
        less = "lower" if options.get("lower") else "higher"
        asked = f"{less} than in {comparator_name(frame)}, by at least {margin}"
    else:
        asked = " and ".join(f"at {word} {amount}" for word, amount in (("least", least), ("most", most)) if amount)
    out = Explanation(f"{label}, as a share of {lower_first(indicator.label)} in {area}: {asked}?")
    period = period_words(frame, frame.periods)
    when = when_words(frame, frame.periods)
    place = int(frame.place[0, 0])
    share = first(judgement.extra["share"])
    out.figures = category_figures(frame, [place], columns)
    if not np.isfinite(share):
        return out
    part, whole = float(cube(frame, frame.place, columns).sum(axis=-1)[0, 0]), first(total_of(frame, frame.place))
    out.slots = {
        "area": area,
        "period": period,
        "when": when,
        "share": percent(share),
        "category": label,
        "value": indicator.unit.write(part),
    }
    out.working = [
        (
            f"{label} in {area}, {period}: {indicator.unit.write(part)} of {indicator.unit.write(whole)}, "
            f"a share of {percent(share)}."
        ),
        *rule_step(frame, place),
    ]
    said = f"{label} made up {percent(share)} of {lower_first(indicator.label)} in {area} {when}"
    if frame.test.than:
        assert frame.comparator is not None
        comparator = comparator_name(frame)
        other = float((cube(frame, frame.comparator, columns).sum(axis=-1) / total_of(frame, frame.comparator))[0, 0])
        out.slots |= {
            "comparator": comparator,
            "comparator_share": percent(other),
            "difference": points(abs(share - other) * 100),
            "more_or_less": "more" if share > other else "less",
            "higher_or_lower": "higher" if share > other else "lower",
        }
        out.working += [*fallback_step(frame), f"In {comparator}: {percent(other)}."]
        said += f", against {percent(other)} in {comparator}"
    out.working.append(f"Asked: {asked}. {NOTE_NO_INTERVAL}")
    out.honest = {"uncertain": f"{said}.", "fails": f"{said}: not {asked}."}
    out.series = category_bars(frame, columns, "share")
    return out


def judge_specialised(frame: Frame) -> Judgement:
    """The verdict on a location quotient against the threshold; no interval is published for what it divides."""
    assert frame.comparator is not None
    columns, _ = parts_of(frame)
    estimate = location_quotient(
        cube(frame, frame.place, columns).sum(axis=-1),
        total_of(frame, frame.place),
        cube(frame, frame.comparator, columns).sum(axis=-1),
        total_of(frame, frame.comparator),
    )
    least = frame.test.options["at_least"]
    size = least.value if isinstance(least, Amount) else 1.25
    known = np.isfinite(estimate)
    nothing = np.full(estimate.shape, np.nan)
    verdict = decide(meets=reaches(estimate, size), known=known, told=known, has_interval=np.zeros_like(known))
    reason = "" if known[0].any() else "a part or the whole is missing or suppressed"
    return Judgement(verdict, estimate, nothing, nothing, nothing, reason)


def explain_specialised(frame: Frame, judgement: Judgement) -> Explanation:
    assert frame.comparator is not None
    columns, label = parts_of(frame)
    area, comparator, indicator = place_name(frame), comparator_name(frame), frame.indicator
    least = frame.test.options["at_least"]
    out = Explanation(
        f"{label}: at least {least} times as large a part of {lower_first(indicator.label)} "
        f"in {area} as in {comparator}?"
    )
    place, other = int(frame.place[0, 0]), int(frame.comparator[0, 0])
    out.figures = category_figures(frame, [place, other], columns)
    quotient = first(judgement.estimate)
    if not np.isfinite(quotient):
        return out
    period = period_words(frame, frame.periods)
    when = when_words(frame, frame.periods)
    part, whole = float(cube(frame, frame.place, columns).sum(axis=-1)[0, 0]), first(total_of(frame, frame.place))
    ref_part = float(cube(frame, frame.comparator, columns).sum(axis=-1)[0, 0])
    ref_whole = first(total_of(frame, frame.comparator))
    out.slots = {
        "area": area,
        "comparator": comparator,
        "period": period,
        "when": when,
        "category": label,
        "lq": f"{quotient:.1f}",
        "share": percent(part / whole),
        "comparator_share": percent(ref_part / ref_whole),
        "value": indicator.unit.write(part),
    }
    out.working = [
        (
            f"{label} in {area}, {period}: {indicator.unit.write(part)} of {indicator.unit.write(whole)}, "
            f"a share of {percent(part / whole)}."
        ),
        *rule_step(frame, place),
        *fallback_step(frame),
        (
            f"In {comparator}: {indicator.unit.write(ref_part)} of {indicator.unit.write(ref_whole)}, "
            f"a share of {percent(ref_part / ref_whole)}."
        ),
        (
            f"Location quotient: {percent(part / whole)} over {percent(ref_part / ref_whole)} = {quotient:.2f}. "
            f"The threshold is {least}."
        ),
        NOTE_NO_INTERVAL,
    ]
    out.honest = {
        "uncertain": f"{label} had a location quotient of {quotient:.2f} in {area} {when}.",
        "fails": f"{label} had a location quotient of {quotient:.2f} in {area} {when}, below {least}.",
    }
    out.series = category_bars(frame, columns, "lq")
    return out


def _share_disagrees(table: Mapping[str, Any]) -> str:
    if not {"part", "category"} & set(table):
        return "`share` needs `part` or `category`: what it is the share of"
    if "than" in table and ("by_at_least" not in table or {"at_least", "at_most"} & set(table)):
        return "a share `than` a comparator's takes `by_at_least`, and no `at_least` or `at_most`"
    if "by_at_least" in table and "than" not in table:
        return "`by_at_least` needs `than`: whose share it is compared with"
    return ""


SHARE = Expectation(
    "share", "a part of a whole", "shares", "optional",
    {"part": "list", "category": "text", "at_least": "percentage", "at_most": "percentage",
     "by_at_least": "percentage or points", "lower": "flag", "period": "text"},
    (), ("at_least", "at_most", "by_at_least"),
    (Dimension.COMPARATOR, Dimension.PERIOD, Dimension.BOUNDARY, Dimension.VINTAGE),
    ("area", "period", "when", "share", "category", "value", "comparator", "comparator_share", "difference",
     "more_or_less", "higher_or_lower"),
    judge_share, explain_share, disagree=_share_disagrees,
)  # fmt: skip
SPECIALISED = Expectation(
    "specialised", "a larger part of the economy than elsewhere", "location-quotient", "required",
    {"part": "list", "category": "text", "at_least": "number", "period": "text"}, ("at_least",), ("category", "part"),
    (Dimension.COMPARATOR, Dimension.PERIOD, Dimension.MEASURE, Dimension.BOUNDARY, Dimension.VINTAGE),
    ("area", "comparator", "period", "when", "category", "lq", "share", "comparator_share", "value"),
    judge_specialised, explain_specialised,
)  # fmt: skip
