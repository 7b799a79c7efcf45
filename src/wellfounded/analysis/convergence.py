"""Whether a gap closes or widens over time, and whether many areas grow alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, floats, together
from wellfounded.analysis.difference import relative_difference
from wellfounded.analysis.intervals import known_errors
from wellfounded.analysis.trend import Trend, annual_growth, trend

METHOD = "convergence"


@dataclass(frozen=True)
class Convergence:
    """How the size of a gap changes a year. `gap` [..., year] keeps its sign; `trend` is that of its size.

    Below zero the two converge, above zero they diverge. Gap and trend are fractions of the comparator where the
    measure is relative, else in the unit.
    """

    gap: Floats
    start: Floats  # the first gap there is
    end: Floats  # the last
    trend: Trend


@dataclass(frozen=True)
class Beta:
    """The slope of growth a year on the log of the starting level over areas; below zero, the lower ones catch up."""

    slope: Floats
    se: Floats
    p: Floats
    n: int


def convergence(
    years: Numbers,
    values: Numbers,
    comparator: Numbers,
    *,
    se: Numbers | None = None,
    se_comparator: Numbers | None = None,
    relative: bool = True,
    confidence: float = 0.95,
) -> Convergence:
    """The trend in the size of the gap between `values` [..., year] and `comparator` [..., year].

    `relative` measures the gap as a fraction of the comparator, which common growth leaves alone. Where the sides
    change over the years, the size falls and rises again: look at `gap`. Raises ShapesDoNotMatch.
    """
    x = floats(years)
    own, other = together(values=values, comparator=comparator)
    own_error, other_error = known_errors(se, own.shape), known_errors(se_comparator, other.shape)
    if relative:
        compared = relative_difference(own, other, se_a=own_error, se_b=other_error)
        gap, gap_error = compared.estimate, compared.se
    else:
        gap, gap_error = own - other, np.hypot(own_error, other_error)
    known = ~np.isnan(gap)
    none = ~known.any(axis=-1)
    first = np.argmax(known, axis=-1)
    last = known.shape[-1] - 1 - np.argmax(known[..., ::-1], axis=-1)
    at_start = np.take_along_axis(gap, first[..., None], axis=-1)[..., 0]
    at_end = np.take_along_axis(gap, last[..., None], axis=-1)[..., 0]
    return Convergence(
        gap,
        np.where(none, np.nan, at_start),
        np.where(none, np.nan, at_end),
        trend(x, np.abs(gap), se=gap_error, confidence=confidence),
    )


def sigma(values: Numbers) -> Floats:
    """The coefficient of variation over areas of `values` [..., area]; falling over years is sigma convergence.

    Missing areas drop out, so hold the set of areas fixed over the years. nan unless the mean is above zero.
    """
    given = floats(values)
    count = (~np.isnan(given)).sum(axis=-1)
    some = np.where(count > 1, count, np.nan)
    mean = np.nansum(given, axis=-1) / some
    deviation = np.sqrt(np.nansum((given - mean[..., None]) ** 2, axis=-1) / some)
    return np.asarray(deviation / np.where(mean > 0, mean, np.nan))


def beta(start: Numbers, end: Numbers, years: float) -> Beta:
    """Beta convergence over areas: growth a year from `start` to `end` [area] regressed on the log of `start`.

    Least squares. An area without both values above zero is left out; fewer than three leave nan. Raises TooFewYears.
    """
    first, last = together(start=start, end=end)
    growth = annual_growth(first, last, years)
    known = ~np.isnan(growth)
    n = int(known.sum())
    nothing = np.asarray(np.nan)
    if n < 3:
        return Beta(nothing, nothing, nothing, n)
    from scipy.stats import linregress

    fit = linregress(np.log(first[known]), growth[known])
    return Beta(np.asarray(fit.slope), np.asarray(fit.stderr), np.asarray(fit.pvalue), n)
