"""share, specialised, concentrated, diverse: what an economy is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wellfounded.analysis.diversity import entropy, hhi
from wellfounded.analysis.specialisation import location_quotient
from wellfounded.conclusions.amounts import Amount
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
    roles,
    rule_step,
    when_words,
)
from wellfounded.conclusions.frame import CannotTest, Frame, Judgement
from wellfounded.conclusions.subjects import Indices
from wellfounded.conclusions.types import Dimension
from wellfounded.core import Figure
from wellfounded.evidence.columns import Floats

DIVERSITY_MEASURES = ("hhi", "entropy")
NO_INDUSTRY = ("68IMP",)  # owner-occupiers' imputed rent: output that nobody works for
NOTE_NO_INTERVAL = "No interval is published for these figures, so the threshold decides."


def _leaves(frame: Frame) -> list[int]:
    """Columns of categories that add up to the whole without overlap, at the detail chosen."""
    panel = frame.combined.panel
    wanted = [code for code in frame.indicator.leaf_categories if code not in NO_INDUSTRY]
    leaves = [panel.category_index[code] for code in wanted if code in panel.category_index]
    if not leaves:
        leaves = [at for at, code in enumerate(panel.categories) if code and code != frame.indicator.total_category]
    if not leaves:
        raise CannotTest(f"{lower_first(frame.indicator.label)} has no categories")
    return leaves


def _cube(frame: Frame, sets: Indices, columns: list[int]) -> Floats:
    """Values [choice, subject, category], the mean over the test's periods."""
    periods = np.array(frame.periods)
    cube: Floats = frame.combined.value[sets][..., periods, :][..., np.array(columns)].mean(axis=-2)
    return cube


def _total(frame: Frame, sets: Indices) -> Floats:
    panel = frame.combined.panel
    total = panel.category_index.get(frame.indicator.total_category)
    if total is not None:
        return _cube(frame, sets, [total])[..., 0]
    whole: Floats = _cube(frame, sets, _leaves(frame)).sum(axis=-1)
    return whole


def _parts(frame: Frame) -> tuple[list[int], str]:
    """The columns whose share is meant, and what they are called. "members" takes the member areas' codes."""
    panel, part = frame.combined.panel, frame.test.options.get("part", frame.test.options.get("category"))
    if part == "largest":
        leaves = _leaves(frame)
        values = _cube(frame, frame.place[:1, :1], leaves)[0, 0]
        if not np.isfinite(values).all():
            raise CannotTest("a part is missing or suppressed, so the largest is not known")
        column = leaves[int(np.argmax(values))]
        return [column], frame.indicator.category_labels.get(panel.categories[column], panel.categories[column])
    wanted = list(part) if isinstance(part, list | tuple) else [part]
    if wanted == ["members"]:
        wanted = list(frame.subjects.sets[int(frame.place[0, 0])].members)
    missing = [code for code in wanted if code not in panel.category_index]
    if missing:
        raise CannotTest(f"{lower_first(frame.indicator.label)} has no category {missing[0]!r}")
    labels = [frame.indicator.category_labels.get(str(code), str(code)) for code in wanted]
    return [panel.category_index[str(code)] for code in wanted], " and ".join(labels[:3])


def judge_share(frame: Frame) -> Judgement:
    """The verdict on a part's share of the whole, against a threshold or against the comparator's share."""
    columns, _ = _parts(frame)
    options = frame.test.options
    own = _cube(frame, frame.place, columns).sum(axis=-1) / _positive(_total(frame, frame.place))
    if frame.test.than:
        assert frame.comparator is not None
        other = _cube(frame, frame.comparator, columns).sum(axis=-1) / _positive(_total(frame, frame.comparator))
        margin = options.get("by_at_least")
        if not isinstance(margin, Amount):
            raise CannotTest("a share against a comparator needs by_at_least")
        sign = -1.0 if options.get("lower") else 1.0
        estimate = own - other if margin.kind == "points" else own / _positive(other) - 1
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
    reason = "" if known.any() else "a part or the whole is missing or suppressed"
    return Judgement(verdict, estimate, nothing, nothing, nothing, reason, {"share": own})


def explain_share(frame: Frame, judgement: Judgement) -> Explanation:
    columns, label = _parts(frame)
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
    out.figures = _figures(frame, [place], columns)
    if not np.isfinite(share):
        return out
    part, whole = float(_cube(frame, frame.place, columns).sum(axis=-1)[0, 0]), first(_total(frame, frame.place))
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
        other = float((_cube(frame, frame.comparator, columns).sum(axis=-1) / _total(frame, frame.comparator))[0, 0])
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
    out.series = _bars(frame, columns, "share")
    return out


def judge_specialised(frame: Frame) -> Judgement:
    """The verdict on a location quotient against the threshold; no interval is published for what it divides."""
    assert frame.comparator is not None
    columns, _ = _parts(frame)
    estimate = location_quotient(
        _cube(frame, frame.place, columns).sum(axis=-1),
        _total(frame, frame.place),
        _cube(frame, frame.comparator, columns).sum(axis=-1),
        _total(frame, frame.comparator),
    )
    least = frame.test.options["at_least"]
    size = least.value if isinstance(least, Amount) else 1.25
    known = np.isfinite(estimate)
    nothing = np.full(estimate.shape, np.nan)
    verdict = decide(meets=reaches(estimate, size), known=known, told=known, has_interval=np.zeros_like(known))
    reason = "" if known.any() else "a part or the whole is missing or suppressed"
    return Judgement(verdict, estimate, nothing, nothing, nothing, reason)


def explain_specialised(frame: Frame, judgement: Judgement) -> Explanation:
    assert frame.comparator is not None
    columns, label = _parts(frame)
    area, comparator, indicator = place_name(frame), comparator_name(frame), frame.indicator
    least = frame.test.options["at_least"]
    out = Explanation(
        f"{label}: at least {least} times as large a part of {lower_first(indicator.label)} "
        f"in {area} as in {comparator}?"
    )
    place, other = int(frame.place[0, 0]), int(frame.comparator[0, 0])
    out.figures = _figures(frame, [place, other], columns)
    quotient = first(judgement.estimate)
    if not np.isfinite(quotient):
        return out
    period = period_words(frame, frame.periods)
    when = when_words(frame, frame.periods)
    part, whole = float(_cube(frame, frame.place, columns).sum(axis=-1)[0, 0]), first(_total(frame, frame.place))
    ref_part = float(_cube(frame, frame.comparator, columns).sum(axis=-1)[0, 0])
    ref_whole = first(_total(frame, frame.comparator))
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
    out.series = _bars(frame, columns, "lq")
    return out


def _parts_for_diversity(frame: Frame, sets: Indices) -> Floats:
    values = _cube(frame, sets, _leaves(frame))
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
    reason = "" if known.any() else "a sector is missing, suppressed or below zero"
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
    leaves = _leaves(frame)
    place = int(frame.place[0, 0])
    out.figures = _figures(frame, [place], leaves)
    if not (np.isfinite(own) and np.isfinite(other)):
        return out
    period = period_words(frame, frame.periods)
    when = when_words(frame, frame.periods)
    values = _cube(frame, frame.place, leaves)[0, 0]
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
    what = "Shannon entropy over its maximum" if by_entropy else "Herfindahl-Hirschman index"
    out.working = [
        (
            f"{what} over {len(leaves)} sectors of {lower_first(indicator.label)}, {period}: "
            f"{own:.3f} in {area}, {other:.3f} in {comparator}."
        ),
        *rule_step(frame, place),
        *fallback_step(frame),
        f"The largest sector in {area} is {lower_first(largest)}, with {percent(float(values.max() / values.sum()))}.",
        f"Difference: {percent(own / other - 1)}; the margin is {margin or 'none'}. {NOTE_NO_INTERVAL}",
    ]
    label = lower_first(indicator.label)
    seen = f"By the {what} of {label}, {area} stood at {own:.3f} and {comparator} at {other:.3f} {when}"
    out.honest = {"uncertain": f"{seen}.", "fails": f"{seen}: {area} is not more {word}{tail}."}
    out.series = _bars(frame, leaves, "share")
    return out


def _figures(frame: Frame, sets: list[int], columns: list[int]) -> list[Figure]:
    panel = frame.combined.panel
    total = panel.category_index.get(frame.indicator.total_category)
    wanted = [*columns, *([total] if total is not None else [])]
    store = frame.subjects.store
    return [
        store.figure(frame.combined, which, at, column) for which in sets for at in frame.periods for column in wanted
    ]


def _bars(frame: Frame, columns: list[int], measure: str) -> dict[str, Any]:
    """Shares of categories, for the place, its members and the comparator: the ones tested, or the largest twelve."""
    panel, leaves = frame.combined.panel, _leaves(frame)
    everyone = roles(frame)
    sets = np.array([[role["set"]] for role in everyone])
    shown = list(dict.fromkeys([*columns, *leaves]))
    values = _cube(frame, sets, shown)[:, 0, :]
    totals = _total(frame, sets)[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = values / totals[:, None]
    order = np.argsort(-np.nan_to_num(shares[0])).tolist()
    keep = list(dict.fromkeys([*[at for at in order if shown[at] in columns], *order]))[:12]
    labels, codes = frame.indicator.category_labels, panel.categories
    return {
        "kind": "bars",
        "measure": measure,
        "period": period_words(frame, frame.periods),
        "categories": [
            {
                "code": codes[shown[at]],
                "label": labels.get(codes[shown[at]], codes[shown[at]]),
                "tested": shown[at] in columns and (measure != "share" or len(columns) < 4),
            }
            for at in keep
        ],
        "areas": [
            {**role, "shares": [float(shares[row, at]) if np.isfinite(shares[row, at]) else None for at in keep]}
            for row, role in enumerate(everyone)
        ],
    }


def _positive(values: Floats) -> Floats:
    result: Floats = np.where(values > 0, values, np.nan)
    return result


def _share_disagrees(table: Mapping[str, Any]) -> str:
    if not {"part", "category"} & set(table):
        return "`share` needs `part` or `category`: what it is the share of"
    if "than" in table and ("by_at_least" not in table or {"at_least", "at_most"} & set(table)):
        return "a share `than` a comparator's takes `by_at_least`, and no `at_least` or `at_most`"
    if "by_at_least" in table and "than" not in table:
        return "`by_at_least` needs `than`: whose share it is compared with"
    return ""


_DIVERSITY_SLOTS = (
    "area", "comparator", "period", "when", "index", "comparator_index", "difference", "largest", "largest_share",
    "more_or_less", "higher_or_lower", "effective", "comparator_effective",
)  # fmt: skip
_DIVERSITY = (Dimension.COMPARATOR, Dimension.PERIOD, Dimension.BOUNDARY, Dimension.VINTAGE, Dimension.SECTORS)

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
CONCENTRATED, DIVERSE = (
    Expectation(
        name, title, "diversity", "required",
        {"measure": "diversity measure", "by_at_least": "percentage", "period": "text"}, (), (),
        _DIVERSITY, _DIVERSITY_SLOTS, judge_diversity, explain_diversity,
    )
    for name, title in (("concentrated", "concentrated in few sectors"), ("diverse", "spread over many sectors"))
)  # fmt: skip
