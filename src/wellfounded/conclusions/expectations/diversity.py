"""concentrated, diverse: whether a place lives from few sectors or from many."""

from __future__ import annotations

import numpy as np

from wellfounded.analysis.diversity import entropy, hhi
from wellfounded.conclusions.expectations.categories import (
    NOTE_NO_INTERVAL,
    category_bars,
    category_figures,
    cube,
    leaves_of,
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
    rule_step,
    when_words,
)
from wellfounded.conclusions.frame import Frame, Judgement
from wellfounded.conclusions.subjects import Indices
from wellfounded.conclusions.types import Dimension
from wellfounded.evidence.columns import Floats

DIVERSITY_MEASURES = ("hhi", "entropy")


def _parts_for_diversity(frame: Frame, sets: Indices) -> Floats:
    values = cube(frame, sets, leaves_of(frame))
    if frame.sectors == "without largest":
        top = np.argmax(np.nan_to_num(values, nan=-np.inf), axis=-1)
        values = values.copy()
        np.put_along_axis(values, top[..., None], 0.0, axis=-1)
    return values


def judge_diversity(frame: Frame) -> Judgement:
    """The verdict on concentration (HHI) or diversity (entropy) against the comparator's."""
    assert frame.comparator is not None
    measure = entropy if frame.test.options.get("measure") == "entropy" else hhi
    with np.errstate(invalid="ignore", divide="ignore"):
        own = measure(_parts_for_diversity(frame, frame.place))
        other = measure(_parts_for_diversity(frame, frame.comparator))
    estimate = own / other - 1
    concentrated_is_up = measure is hhi
    sign = 1.0 if (frame.test.expect == "concentrated") == concentrated_is_up else -1.0
    margin = frame.option("by_at_least")
    size = margin.value if margin else 0.0
    known = np.isfinite(estimate)
    meets = goes_by(estimate, size, sign=sign)
    nothing = np.full(estimate.shape, np.nan)
    verdict = decide(meets=meets, known=known, told=known, has_interval=np.zeros_like(known))
    reason = "" if known[0].any() else "a sector is missing, suppressed or below zero"
    return Judgement(verdict, estimate, nothing, nothing, nothing, reason, {"own": own, "other": other})


def explain_diversity(frame: Frame, judgement: Judgement) -> Explanation:
    assert frame.comparator is not None
    area, comparator, indicator = place_name(frame), comparator_name(frame), frame.indicator
    margin = frame.option("by_at_least")
    by_entropy = frame.test.options.get("measure") == "entropy"
    word = "concentrated in few sectors" if frame.test.expect == "concentrated" else "diverse"
    tail = f", by at least {margin}" if margin else ""
    out = Explanation(f"Is {lower_first(indicator.label)} in {area} more {word} than in {comparator}{tail}?")
    own, other = first(judgement.extra["own"]), first(judgement.extra["other"])
    leaves = leaves_of(frame)
    place = int(frame.place[0, 0])
    out.figures = category_figures(frame, [place], leaves)
    if not (np.isfinite(own) and np.isfinite(other)):
        return out
    period = period_words(frame, frame.periods)
    when = when_words(frame, frame.periods)
    values = cube(frame, frame.place, leaves)[0, 0]
    top = leaves[int(np.argmax(values))]
    panel = frame.combined.panel
    largest = indicator.category_labels.get(panel.categories[top], panel.categories[top])
    out.slots = {
        "area": area,
        "comparator": comparator,
        "period": period,
        "when": when,
        "index": f"{own:.3f}",
        "comparator_index": f"{other:.3f}",
        "difference": percent(abs(own / other - 1)),
        "largest": largest,
        "largest_share": percent(float(values.max() / values.sum())),
        "more_or_less": "more" if own > other else "less",
        "higher_or_lower": "higher" if own > other else "lower",
        "effective": f"{1 / own:.1f}" if not by_entropy else "",
        "comparator_effective": f"{1 / other:.1f}" if not by_entropy else "",
    }
    out.slots = {name: text for name, text in out.slots.items() if text}
    as_if = (
        f"One divided by the index: as if spread over {1 / own:.1f} sectors of equal size in {area}, "
        f"over {1 / other:.1f} in {comparator}."
    )
    what = "Shannon entropy over its maximum" if by_entropy else "Herfindahl-Hirschman index"
    out.working = [
        (
            f"{what} over {len(leaves)} sectors of {lower_first(indicator.label)}, {period}: "
            f"{own:.3f} in {area}, {other:.3f} in {comparator}."
        ),
        *([] if by_entropy else [as_if]),
        *rule_step(frame, place),
        *fallback_step(frame),
        f"The largest sector in {area} is {lower_first(largest)}, with {percent(float(values.max() / values.sum()))}.",
        f"Difference: {percent(own / other - 1)}; the margin is {margin or 'none'}. {NOTE_NO_INTERVAL}",
    ]
    label = lower_first(indicator.label)
    seen = f"By the {what} of {label}, {area} stood at {own:.3f} and {comparator} at {other:.3f} {when}"
    out.honest = {"uncertain": f"{seen}.", "fails": f"{seen}: {area} is not more {word}{tail}."}
    out.series = category_bars(frame, leaves, "share")
    return out


_SLOTS = (
    "area", "comparator", "period", "when", "index", "comparator_index", "difference", "largest", "largest_share",
    "more_or_less", "higher_or_lower", "effective", "comparator_effective",
)  # fmt: skip
_DIMENSIONS = (Dimension.COMPARATOR, Dimension.PERIOD, Dimension.BOUNDARY, Dimension.VINTAGE, Dimension.SECTORS)

CONCENTRATED, DIVERSE = (
    Expectation(
        name, title, "diversity", "required",
        {"measure": "diversity measure", "by_at_least": "percentage", "period": "text"}, (), (),
        _DIMENSIONS, _SLOTS, judge_diversity, explain_diversity,
    )
    for name, title in (("concentrated", "concentrated in few sectors"), ("diverse", "spread over many sectors"))
)  # fmt: skip
