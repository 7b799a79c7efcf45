"""Whether a series rises or falls over years, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from wellfounded.analysis.arrays import Bools, Floats, Ints, Numbers, ShapesDoNotMatch, floats
from wellfounded.analysis.intervals import known_errors, two_sided_p, z_critical

METHOD = "trend"

FEWEST_FOR_SLOPE = 3  # two points fit any line exactly
FEWEST_FOR_RANKS = 5  # with four years even a perfect run has p = 0.083
MOST_FOR_EXACT = 40  # above it the normal approximation of Kendall's S differs in no digit that matters


class TooFewYears(ValueError):
    """Growth needs an end after its start."""


class Slope(NamedTuple):
    """A change per year and its limits."""

    slope: Floats
    lower: Floats
    upper: Floats


class Drift(NamedTuple):
    """The mean change a year, its limits and the two-sided p of none, over `n` steps between known years."""

    slope: Floats
    lower: Floats
    upper: Floats
    p: Floats
    n: Ints


class MannKendall(NamedTuple):
    """Kendall's S, tau and the two-sided p of no trend, over the `n` years that have values."""

    s: Floats
    tau: Floats
    p: Floats
    n: Ints


@dataclass(frozen=True)
class Trend:
    """The change a year of each series, with limits and the two-sided p of no change; nan where it can't be tested.

    `level` is the series' middle (the weighted mean, or the median), over which a change a year becomes a rate.
    `weighted` says which series were fitted by weighted regression; the others by Mann-Kendall and Theil-Sen.
    """

    slope: Floats
    lower: Floats
    upper: Floats
    p: Floats
    level: Floats
    n: Ints
    weighted: Bools

    @property
    def rate(self) -> Floats:
        """`slope` as a fraction of `level`: 0.01 is 1% a year. nan where the level is not above zero."""
        return self.slope / np.where(self.level > 0, self.level, np.nan)


def weighted_slope(years: Numbers, values: Numbers, se: Numbers, *, confidence: float = 0.95) -> Trend:
    """The slope per year of each series, each year weighted by the inverse of its variance.

    `values` and `se` are [..., year], `years` [year]. A year without value, or without an error above zero, is left
    out; fewer than three leave nan. Where the years scatter more than their errors explain, the slope's error is
    widened by the square root of chi-squared over its degrees of freedom (Birge).
    """
    x, y = _series(years, values)
    error = known_errors(se, y.shape)
    known = ~np.isnan(y) & (error > 0)
    n = known.sum(axis=-1)
    weight = np.where(known, 1.0, 0.0) / np.where(known, error, 1.0) ** 2
    filled = np.where(known, y, 0.0)
    enough = n >= FEWEST_FOR_SLOPE
    total = np.where(enough, weight.sum(axis=-1), np.nan)
    middle = (weight * x).sum(axis=-1) / total
    level = (weight * filled).sum(axis=-1) / total
    away = x - middle[..., None]
    spread = (weight * away**2).sum(axis=-1)
    slope = (weight * away * filled).sum(axis=-1) / spread
    residual = filled - level[..., None] - slope[..., None] * away
    scatter = (weight * residual**2).sum(axis=-1) / np.where(enough, n - 2, 1)
    slope_se = np.sqrt(np.maximum(scatter, 1.0) / spread)
    reach = z_critical(confidence) * slope_se
    return Trend(slope, slope - reach, slope + reach, two_sided_p(slope / slope_se), level, n, enough)


def mann_kendall(years: Numbers, values: Numbers) -> MannKendall:
    """Mann and Kendall's test of a monotonic trend in each series of `values` [..., year]; missing years drop out.

    p is exact where no two values tie (up to 40 years), else by the normal approximation with correction for ties
    and continuity. With fewer than five years p is nan: it cannot be tested.
    """
    x, y = _series(years, values)
    y = y[..., np.argsort(x, kind="stable")]
    known = ~np.isnan(y)
    n = known.sum(axis=-1)
    s = np.zeros(y.shape[:-1])
    tied_with = np.where(known, 1.0, 0.0)  # how many years share each year's value, itself included
    for lag in range(1, y.shape[-1]):  # over pairs of years, for all series at once
        step = y[..., lag:] - y[..., :-lag]
        s = s + np.nansum(np.sign(step), axis=-1)
        same = step == 0
        tied_with[..., lag:] += same
        tied_with[..., :-lag] += same
    pairs = n * (n - 1) / 2
    tie_pairs = np.where(known, tied_with - 1, 0.0).sum(axis=-1) / 2
    scale = np.sqrt(pairs * (pairs - tie_pairs))
    tau = s / np.where(scale > 0, scale, np.nan)
    variance = _variance_of_s(n, np.where(known, (tied_with - 1) * (2 * tied_with + 5), 0.0).sum(axis=-1))
    z = np.sign(s) * np.maximum(np.abs(s) - 1, 0.0) / np.sqrt(np.where(variance > 0, variance, np.nan))
    p = np.where(variance > 0, two_sided_p(z), 1.0)  # all values the same
    exact = (tie_pairs == 0) & (n <= MOST_FOR_EXACT)
    table = _exact_p(int(np.max(np.where(exact, n, 0), initial=0)))
    p = np.where(exact, table[np.where(exact, n, 0), np.where(exact, np.abs(s), 0).astype(np.int64)], p)
    return MannKendall(s, tau, np.where(n >= FEWEST_FOR_RANKS, p, np.nan), n)


def theil_sen(years: Numbers, values: Numbers, *, confidence: float = 0.95) -> Slope:
    """Theil and Sen's slope per year of each series of `values` [..., year]: the median over all pairs of years.

    The limits are Sen's, by the normal approximation. Missing years drop out; fewer than two leave nan.
    """
    x, y = _series(years, values)
    first, second = np.triu_indices(len(x), k=1)
    slopes = np.sort((y[..., second] - y[..., first]) / (x[second] - x[first]), axis=-1)  # nan goes last
    count = (~np.isnan(slopes)).sum(axis=-1)
    if not len(first):
        nothing = np.full(y.shape[:-1], np.nan)
        return Slope(nothing, nothing, nothing)
    known = ~np.isnan(y)
    tied_with = np.where(known, (y[..., :, None] == y[..., None, :]).sum(axis=-1), 1)
    ties = np.where(known, (tied_with - 1) * (2 * tied_with + 5), 0).sum(axis=-1)
    reach = z_critical(confidence) * np.sqrt(np.maximum(_variance_of_s(known.sum(axis=-1), ties), 0.0))
    low = np.round((count - reach) / 2) - 1  # the slopes of these ranks are Sen's limits
    high = np.round((count + reach) / 2)

    def at(position: Floats | Ints) -> Floats:
        index = np.clip(np.asarray(position, dtype=np.int64), 0, np.maximum(count - 1, 0))
        return np.take_along_axis(slopes, index[..., None], axis=-1)[..., 0]

    return Slope((at((count - 1) // 2) + at(count // 2)) / 2, at(low), at(high))


def trend(years: Numbers, values: Numbers, *, se: Numbers | None = None, confidence: float = 0.95) -> Trend:
    """The trend of each series of `values` [..., year], by the method that its intervals allow.

    Weighted regression where every year with a value has an error above zero; otherwise Mann-Kendall for the p and
    Theil-Sen for the slope, with five years at least. All is nan where there are too few.
    """
    x, y = _series(years, values)
    error = known_errors(se, y.shape)
    known = ~np.isnan(y)
    fitted = weighted_slope(x, y, error, confidence=confidence)
    weighted = (~known | (error > 0)).all(axis=-1) & (fitted.n >= FEWEST_FOR_SLOPE)
    ranked = mann_kendall(x, y)
    enough = ranked.n >= FEWEST_FOR_RANKS
    sen = theil_sen(x, y, confidence=confidence)
    ordered = np.sort(y, axis=-1)
    last = np.maximum(ranked.n - 1, 0)
    middle = (
        np.take_along_axis(ordered, (last // 2)[..., None], axis=-1)[..., 0]
        + np.take_along_axis(ordered, ((last + 1) // 2)[..., None], axis=-1)[..., 0]
    ) / 2

    def choose(by_regression: Floats, by_ranks: Floats) -> Floats:
        return np.where(weighted, by_regression, np.where(enough, by_ranks, np.nan))

    return Trend(
        slope=choose(fitted.slope, sen.slope),
        lower=choose(fitted.lower, sen.lower),
        upper=choose(fitted.upper, sen.upper),
        p=choose(fitted.p, ranked.p),
        level=choose(fitted.level, middle),
        n=ranked.n,
        weighted=weighted,
    )


def slopes_without_each_year(years: Numbers, values: Numbers, *, se: Numbers | None = None) -> Slope:
    """The trend's slope, and the lowest and highest it takes when any one year is left out (not a confidence interval).

    A sign that changes between the two tells that the trend hangs on a single year.
    """
    x, y = _series(years, values)
    error = known_errors(se, y.shape)
    left_out = np.eye(len(x), dtype=bool)
    each = trend(x, np.where(left_out, np.nan, y[..., None, :]), se=error[..., None, :]).slope
    return Slope(trend(x, y, se=error).slope, each.min(axis=-1), each.max(axis=-1))


def drift(years: Numbers, values: Numbers, *, confidence: float = 0.95) -> Drift:
    """The mean change a year of each series of `values` [..., year], taken as a random walk with drift.

    Where each year starts from the last one's level, as output does, this is the test that Mann-Kendall isn't: the
    steps are what is independent, and p is Student's over them. Give logs for growth. nan with fewer than three steps.
    """
    from scipy.stats import t as student

    z_critical(confidence)  # refuses what is not a confidence
    x, y = _series(years, values)
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[..., order]
    known = ~np.isnan(y)
    at = np.arange(len(x))
    latest = np.maximum.accumulate(np.where(known, at, -1), axis=-1)  # the last known year up to each
    before = np.concatenate([np.full((*y.shape[:-1], 1), -1), latest[..., :-1]], axis=-1)
    step = known & (before >= 0)
    start = np.maximum(before, 0)
    length = np.where(step, x - x[start], 0.0)
    change = np.where(step, y - np.take_along_axis(y, start, axis=-1), 0.0)
    n = step.sum(axis=-1)
    span = np.where(n >= FEWEST_FOR_SLOPE, length.sum(axis=-1), np.nan)
    slope = change.sum(axis=-1) / span
    scatter = np.where(step, (change - slope[..., None] * length) ** 2 / np.where(step, length, 1.0), 0.0).sum(axis=-1)
    free = np.where(n >= FEWEST_FOR_SLOPE, n - 1, 1)
    se = np.sqrt(scatter / free / span)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where((se == 0) & (slope == 0), 0.0, slope / se)
    p = np.asarray(2 * student.sf(np.abs(statistic), free), dtype=np.float64)
    reach = np.asarray(student.ppf((1 + confidence) / 2, free), dtype=np.float64) * se
    return Drift(slope, slope - reach, slope + reach, p, n)


def annual_growth(start: Numbers, end: Numbers, years: Numbers) -> Floats:
    """Compound growth a year from `start` to `end`, as a fraction; nan unless both are above zero.

    Raises TooFewYears where `years` is not above zero.
    """
    first, last, span = floats(start), floats(end), floats(years)
    _check_span(span)
    ratio = np.where(last > 0, last, np.nan) / np.where(first > 0, first, np.nan)
    return np.asarray(ratio ** (1 / span) - 1, dtype=np.float64)


def annual_growth_error(start: Numbers, end: Numbers, years: Numbers, *, se_start: Numbers, se_end: Numbers) -> Floats:
    """The standard error of `annual_growth` by the delta method, the two ends taken as independent."""
    first, last, span = floats(start), floats(end), floats(years)
    growth = annual_growth(first, last, span)
    relative = np.hypot(known_errors(se_start, first.shape) / first, known_errors(se_end, last.shape) / last)
    return np.asarray((1 + growth) * relative / span, dtype=np.float64)


def _check_span(span: Floats) -> None:
    if np.any(span <= 0):
        raise TooFewYears(f"growth needs an end after its start; found {float(np.nanmin(span)):g} years between them")


def _series(years: Numbers, values: Numbers) -> tuple[Floats, Floats]:
    x, y = floats(years), floats(values)
    if x.ndim != 1 or y.ndim < 1 or y.shape[-1] != len(x):
        raise ShapesDoNotMatch(f"the last axis of values {y.shape} must be the years {x.shape}")
    return x, y


def _variance_of_s(n: Ints, ties: Floats | Ints) -> Floats:
    return np.asarray((n * (n - 1) * (2 * n + 5) - ties) / 18, dtype=np.float64)


@cache
def _exact_p(most: int) -> Floats:
    """p[n, s]: the probability that |S| of n untied values in random order reaches s."""
    table = np.ones((most + 1, most * (most - 1) // 2 + 2))
    orders = np.array([1.0])  # how likely each number of inversions is
    for n in range(2, most + 1):
        orders = np.convolve(orders, np.full(n, 1 / n))
        largest = n * (n - 1) // 2
        tail = np.cumsum(orders)  # P(inversions <= k), with S = largest - 2k
        s = np.arange(largest + 1)
        table[n, : largest + 1] = np.minimum(1.0, np.where(s > 0, 2 * tail[(largest - s) // 2], 1.0))
    return table
