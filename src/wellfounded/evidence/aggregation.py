"""Honest aggregation: what a set of areas shows, combined by the rule that its indicator declares, or refused.

Counts are added; ratios are rebuilt from numerator and denominator; survey rates are weighted by population with
their variance; medians, indices and chained volumes are refused. Never a mean of members. See docs/methods.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from wellfounded.analysis.aggregate import combine_chained, combine_harmonic, combine_sum, combine_weighted
from wellfounded.evidence.columns import Floats
from wellfounded.evidence.panel import Panel
from wellfounded.evidence.types import Indicator, Rule

Z95 = 1.959963984540054
STALE_YEARS = 2  # a weight may be at most this much older than the figure it weighs


@dataclass(frozen=True)
class AreaSet:
    """Areas read as one: `members` to combine, `official` codes under which the whole may itself be published.

    `prefer` says which comes first: a comparator is read as published; a place is combined from its members and
    reconciled to what is published, unless its members can only be combined approximately.
    """

    id: str
    name: str
    members: tuple[str, ...]
    official: tuple[str, ...] = ()
    prefer: Literal["official", "members"] = "official"


@dataclass
class Combined:
    """What each of several sets shows: `value`, `lower`, `upper`, `se` are [set, period, category], nan for none.

    `source` says per set what was done: "published", "combined", or "none"; `code` the code it was published under;
    `rule` the rule in words; `reason` why there is nothing at all.
    """

    panel: Panel
    sets: tuple[AreaSet, ...]
    value: Floats
    lower: Floats
    upper: Floats
    source: list[str]
    code: list[str]
    rule: list[str]
    reason: list[str]
    weight_year: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def se(self) -> Floats:
        result: Floats = (self.upper - self.lower) / (2 * Z95)
        return result

    def why_none(self, which: int, period: int, category: int, *, names: dict[str, str]) -> str:
        """Why a cell of a set has no value, in words; `names` are the areas' names by code."""
        if self.reason[which]:
            return self.reason[which]
        panel, the_set = self.panel, self.sets[which]
        codes = (self.code[which],) if self.source[which] == "published" else the_set.members
        parts = []
        for code in codes:
            row = panel.area_index.get(code)
            if row is None:
                parts.append(f"no figure for {names.get(code, code)}")
            elif np.isnan(panel.value[row, period, category]):
                status = panel.status_of(row, period, category)
                word = {"missing": "not published", "": "not published"}.get(status, status)
                parts.append(f"{names.get(code, code)}: {word}")
        return "; ".join(parts) or f"no denominator for {panel.periods[period].label}"


def combine(
    panel: Panel,
    indicator: Indicator,
    sets: Sequence[AreaSet],
    *,
    weights: Panel | None = None,
    weight_label: str = "",
    same: Callable[[str], Sequence[str]] | None = None,
) -> Combined:
    """What each of `sets` shows of `indicator`. `same` gives other codes of the same ground, tried for members.

    `weights` is the panel of the denominator (or numerator) that the indicator's additivity names; its rows are
    aligned by area, and by the year in which a period starts (an older year, at most two, where there is none).
    """
    count = len(sets)
    _, periods, categories = panel.value.shape
    shape = (count, periods, categories)
    value, lower, upper = (np.full(shape, np.nan) for _ in range(3))
    source, code, rule, reason = ["none"] * count, [""] * count, [""] * count, [""] * count
    to_combine: list[int] = []
    row_of = _Rows(panel, same or _no_other_code)
    for index, the_set in enumerate(sets):
        official = _published(panel, the_set)
        addable = indicator.additivity.rule is not Rule.REFUSED and bool(the_set.members)
        rough = indicator.additivity.rule in (Rule.RATIO, Rule.SURVEY_RATE) and not indicator.additivity.exact
        if official and (the_set.prefer == "official" or rough or not addable):
            row = panel.area_index[official]
            value[index], lower[index], upper[index] = panel.value[row], panel.lower[row], panel.upper[row]
            source[index], code[index] = "published", official
        elif addable and all(row_of(member) >= 0 for member in the_set.members):
            to_combine.append(index)
        elif official:
            row = panel.area_index[official]
            value[index], lower[index], upper[index] = panel.value[row], panel.lower[row], panel.upper[row]
            source[index], code[index] = "published", official
        elif withheld := _withheld(panel, the_set):
            reason[index] = withheld
        elif indicator.additivity.rule is Rule.REFUSED and len(the_set.members) > 1:
            why = indicator.additivity.reason or "a figure of this kind"
            reason[index] = f"not published for {the_set.name}, and members' values cannot be combined ({why})"
        else:
            missing = [member for member in the_set.members if row_of(member) < 0]
            reason[index] = f"not published for {the_set.name}" + (
                f" (no figures for {len(missing)} of its {len(the_set.members)} members)"
                if missing and len(the_set.members) > 1
                else ""
            )
    weight_year = np.zeros(periods, dtype=np.int64)
    if to_combine:
        membership = np.zeros((len(to_combine), len(panel.areas)))
        for row, index in enumerate(to_combine):
            membership[row, [row_of(member) for member in sets[index].members]] = 1
        aligned, weight_year = _align(weights, panel) if weights is not None else (None, weight_year)
        combined, se = _combine(panel, indicator, membership, aligned)
        words = rule_in_words(indicator, weight_label)
        for row, index in enumerate(to_combine):
            value[index], lower[index], upper[index] = (
                combined[row],
                combined[row] - Z95 * se[row],
                combined[row] + Z95 * se[row],
            )
            source[index] = "combined"
            rule[index] = f"{words} of {len(sets[index].members)} members"
            if np.isnan(combined[row]).all():
                official = _published(panel, sets[index])
                if official:
                    at = panel.area_index[official]
                    value[index], lower[index], upper[index] = panel.value[at], panel.lower[at], panel.upper[at]
                    source[index], code[index], rule[index] = "published", official, ""
    return Combined(panel, tuple(sets), value, lower, upper, source, code, rule, reason, weight_year)


def _no_other_code(_code: str) -> tuple[str, ...]:
    return ()


class _Rows:
    """The row of an area in a panel, under its own code or another of the same ground; -1 where there is none."""

    def __init__(self, panel: Panel, same: Callable[[str], Sequence[str]]) -> None:
        self.panel, self.same, self.known = panel, same, dict(panel.area_index)

    def __call__(self, code: str) -> int:
        if code not in self.known:
            others = (self.panel.area_index.get(other, -1) for other in self.same(code))
            self.known[code] = next((row for row in others if row >= 0), -1)
        return self.known[code]


def rule_in_words(indicator: Indicator, weight_label: str) -> str:
    """How members combine, as a phrase that ends before 'of N members'."""
    additivity = indicator.additivity
    label = weight_label[:1].lower() + weight_label[1:] if weight_label[1:2].islower() else weight_label
    if additivity.rule is Rule.SUM:
        return "sum"
    if additivity.rule is Rule.SURVEY_RATE:
        return f"rate weighted by {label}, with its variance,"
    if additivity.rule is Rule.CHAINED:
        return "volume chained from the growth, weighted by current-price output of the year before,"
    if additivity.numerator:
        text = f"ratio rebuilt from {label}"
    else:
        text = f"ratio rebuilt with {label}"
    return text if additivity.exact else f"approximate {text}"


def _published(panel: Panel, the_set: AreaSet) -> str:
    candidates = the_set.official or (the_set.members if len(the_set.members) == 1 else ())
    for code in candidates:
        row = panel.area_index.get(code)
        if row is not None and np.isfinite(panel.value[row]).any():
            return code
    return ""


def _withheld(panel: Panel, the_set: AreaSet) -> str:
    """That the publisher has a row for the whole and withholds its value, in words; nothing where it has no row."""
    for code in the_set.official or (the_set.members if len(the_set.members) == 1 else ()):
        row = panel.area_index.get(code)
        if row is not None:
            status = panel.status_of(row, len(panel.periods) - 1, 0)
            if status not in ("", "missing"):
                return f"the figure for {the_set.name} is {status}"
    return ""


def _align(weights: Panel, panel: Panel) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Weights as [area, period, 1 or category] on the areas and periods of `panel`, and the year of each."""
    if weights.categories == panel.categories:
        columns = list(range(len(panel.categories)))
    else:
        total = weights.category_index.get("", weights.category_index.get("Total", 0))
        columns = [total]
    chosen = np.full(len(panel.periods), -1, dtype=np.int64)
    years = np.zeros(len(panel.periods), dtype=np.int64)
    for index, year in enumerate(panel.years.tolist()):
        candidates = np.flatnonzero((weights.years <= year) & (weights.years >= year - STALE_YEARS))
        if candidates.size:
            chosen[index] = candidates[np.argmax(weights.years[candidates])]
            years[index] = weights.years[chosen[index]]
    aligned = np.full((len(panel.areas), len(panel.periods), len(columns)), np.nan)
    rows = np.array([weights.area_index.get(code, -1) for code in panel.areas])
    have_rows, have_periods = np.flatnonzero(rows >= 0), np.flatnonzero(chosen >= 0)
    picked = weights.value[np.ix_(rows[have_rows], chosen[have_periods], np.array(columns))]
    aligned[np.ix_(have_rows, have_periods, np.arange(len(columns)))] = picked
    return aligned, years


def _combine(panel: Panel, indicator: Indicator, membership: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
    """Values and standard errors [set, period, category]; nan where any member is missing."""
    value, se = panel.value, panel.standard_error
    if indicator.additivity.rule is Rule.SUM:
        found = combine_sum(value, membership, se=se)
    elif weights is None:
        nothing = np.full((membership.shape[0], *value.shape[1:]), np.nan)
        return nothing, nothing
    elif indicator.additivity.rule is Rule.CHAINED:
        found = combine_chained(value, np.broadcast_to(weights, value.shape), membership)
    elif indicator.additivity.numerator:
        found = combine_harmonic(value, np.broadcast_to(weights, value.shape), membership, se=se)
    else:
        found = combine_weighted(value, np.broadcast_to(weights, value.shape), membership, se=se)
    return found.value, found.se
