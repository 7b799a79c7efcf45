"""Confidence intervals: to and from standard errors, of proportions, counts, differences and ratios."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, floats, together

METHOD = "intervals"

_erfc = np.frompyfunc(math.erfc, 1, 1)  # SciPy would add most of a second to every start


class NotAConfidence(ValueError):
    """A level of confidence lies between 0 and 1, both left out."""


class LimitsOutOfOrder(ValueError):
    """A lower limit is above its upper limit."""


class NegativeError(ValueError):
    """A standard error is below zero."""


class CountOutOfRange(ValueError):
    """A count is below zero, or above the number that it was counted among."""


class Limits(NamedTuple):
    """Lower and upper limits; nan where there are none."""

    lower: Floats
    upper: Floats


class Estimate(NamedTuple):
    """Values and their standard errors; an error of nan is one that is not known."""

    value: Floats
    se: Floats


def z_critical(confidence: float = 0.95) -> float:
    """The number of standard errors either side that a two-sided interval takes: 1.96 for 0.95."""
    if not 0.0 < confidence < 1.0:
        raise NotAConfidence(f"a level of confidence lies between 0 and 1, as 0.95; found {confidence}")
    return NormalDist().inv_cdf((1.0 + confidence) / 2.0)


def two_sided_p(z: Numbers) -> Floats:
    """The probability of a standard normal at least as far from zero as `z`, to full relative precision."""
    distance = np.abs(floats(z)) / math.sqrt(2.0)
    return np.asarray(_erfc(distance), dtype=np.float64)


def known_errors(se: Numbers | None, shape: tuple[int, ...]) -> Floats:
    """`se` stretched to `shape`, nan throughout where it is None. Raises NegativeError."""
    if se is None:
        return np.full(shape, np.nan)
    errors = np.asarray(se, dtype=np.float64)
    if np.any(errors < 0):
        raise NegativeError(f"a standard error cannot be below zero; found {float(np.nanmin(errors))}")
    return together(se=errors, values=np.empty(shape))[0]


def standard_error(lower: Numbers, upper: Numbers, *, confidence: float = 0.95) -> Floats:
    """The standard error that published limits imply, taking them as symmetric on the scale they're given in.

    nan where a limit is missing. Raises LimitsOutOfOrder.
    """
    low, high = together(lower=lower, upper=upper)
    wrong = low > high
    if np.any(wrong):
        raise LimitsOutOfOrder(
            f"{int(wrong.sum())} lower limits are above their upper limits, as {low[wrong][0]} above {high[wrong][0]}"
        )
    return (high - low) / (2.0 * z_critical(confidence))


def limits(value: Numbers, se: Numbers, *, confidence: float = 0.95) -> Limits:
    """`value` less and plus the critical number of standard errors."""
    centre, error = together(value=value, se=se)
    reach = z_critical(confidence) * error
    return Limits(centre - reach, centre + reach)


def weighted_sum(values: Numbers, weights: Numbers, *, se: Numbers | None = None, axis: int = -1) -> Estimate:
    """The sum of `weights` times `values` over `axis`, errors taken as independent: the variances add.

    nan where any value or weight is missing.
    """
    value, weight = together(values=values, weights=weights)
    error = known_errors(se, value.shape)
    return Estimate((value * weight).sum(axis=axis), np.sqrt(((weight * error) ** 2).sum(axis=axis)))


def ratio_of_sums(
    numerators: Numbers,
    denominators: Numbers,
    *,
    numerator_se: Numbers | None = None,
    denominator_se: Numbers | None = None,
    axis: int = -1,
) -> Estimate:
    """The sum of `numerators` over the sum of `denominators`, with its standard error by the delta method.

    Errors are taken as independent. A denominator without `denominator_se` counts as exactly known; a numerator
    without `numerator_se` leaves the error unknown. nan where a part is missing or the denominators sum to zero.
    """
    top, bottom = together(numerators=numerators, denominators=denominators)
    top_variance = (known_errors(numerator_se, top.shape) ** 2).sum(axis=axis)
    bottom_error = 0.0 if denominator_se is None else denominator_se
    bottom_variance = (known_errors(bottom_error, bottom.shape) ** 2).sum(axis=axis)
    total = bottom.sum(axis=axis)
    total = np.where(total == 0, np.nan, total)
    ratio = top.sum(axis=axis) / total
    return Estimate(ratio, np.sqrt(top_variance + ratio**2 * bottom_variance) / np.abs(total))


def wilson(successes: Numbers, trials: Numbers, *, confidence: float = 0.95) -> Limits:
    """Wilson's score limits of a proportion, for counts. nan where `trials` is 0 or a count is missing.

    Raises CountOutOfRange for counts below zero or above `trials`.
    """
    count, of = together(successes=successes, trials=trials)
    if np.any((count < 0) | (of < 0) | (count > of)):
        raise CountOutOfRange("a proportion needs 0 <= successes <= trials")
    z = z_critical(confidence)
    n = np.where(of == 0, np.nan, of)
    p = count / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    lower = np.where(count == 0, 0.0, np.clip(centre - reach, 0.0, None))  # exact at the ends
    upper = np.where(count == of, 1.0, np.clip(centre + reach, None, 1.0))
    unknown = np.isnan(p)
    return Limits(np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper))


def byar(count: Numbers, *, confidence: float = 0.95) -> Limits:
    """Byar's approximate limits of a Poisson count; good from about 10 events, use `poisson` below.

    Raises CountOutOfRange for counts below zero.
    """
    observed = floats(count)
    if np.any(observed < 0):
        raise CountOutOfRange(f"a count cannot be below zero; found {float(np.nanmin(observed))}")
    z = z_critical(confidence)
    some = np.where(observed > 0, observed, np.nan)
    lower = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    above = observed + 1
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return Limits(np.where(observed == 0, 0.0, lower), upper)


def poisson(count: Numbers, *, confidence: float = 0.95) -> Limits:
    """The exact limits of a Poisson count, from the chi-squared distribution. Raises CountOutOfRange."""
    from scipy.stats import chi2

    observed = floats(count)
    if np.any(observed < 0):
        raise CountOutOfRange(f"a count cannot be below zero; found {float(np.nanmin(observed))}")
    z_critical(confidence)  # refuses what is not a confidence
    tail = (1 - confidence) / 2
    some = np.where(observed > 0, observed, np.nan)
    lower = np.where(observed == 0, 0.0, chi2.ppf(tail, 2 * some) / 2)
    return Limits(lower, np.asarray(chi2.ppf(1 - tail, 2 * observed + 2) / 2, dtype=np.float64))


def dobson(rate: Numbers, variance: Numbers, count: Numbers, *, confidence: float = 0.95) -> Limits:
    """Dobson's limits of a directly standardised rate, from its variance and its total count of events.

    Uses Byar's limits of the count; nan where there are no events. Raises CountOutOfRange.
    """
    value, var, events = together(rate=rate, variance=variance, count=count)
    around = byar(events, confidence=confidence)
    scale = np.sqrt(var / np.where(events > 0, events, np.nan))
    return Limits(value + scale * (around.lower - events), value + scale * (around.upper - events))


def limits_of_difference(a: Numbers, limits_a: Limits, b: Numbers, limits_b: Limits) -> Limits:
    """Limits of `a` - `b` from the limits of each, which need not be symmetric: square and add (Newcombe's way).

    The two are taken as independent, with limits at one confidence, which is then the result's.
    """
    va, la, ua, vb, lb, ub = together(
        a=a, lower_a=limits_a.lower, upper_a=limits_a.upper, b=b, lower_b=limits_b.lower, upper_b=limits_b.upper
    )
    gap = va - vb
    return Limits(gap - np.hypot(va - la, ub - vb), gap + np.hypot(ua - va, vb - lb))


def newcombe(
    successes_a: Numbers, trials_a: Numbers, successes_b: Numbers, trials_b: Numbers, *, confidence: float = 0.95
) -> Limits:
    """Newcombe's hybrid score limits of the difference of two independent proportions, a less b."""
    count_a, of_a, count_b, of_b = together(
        successes_a=successes_a, trials_a=trials_a, successes_b=successes_b, trials_b=trials_b
    )
    limits_a = wilson(count_a, of_a, confidence=confidence)
    limits_b = wilson(count_b, of_b, confidence=confidence)
    share_a = count_a / np.where(of_a == 0, np.nan, of_a)
    share_b = count_b / np.where(of_b == 0, np.nan, of_b)
    return limits_of_difference(share_a, limits_a, share_b, limits_b)


def fieller(
    a: Numbers, b: Numbers, *, se_a: Numbers, se_b: Numbers, covariance: Numbers = 0.0, confidence: float = 0.95
) -> Limits:
    """Fieller's limits of the ratio a / b of two normal estimates.

    nan where `b` cannot be told from zero at this confidence, for then no finite interval has it.
    """
    va, vb, ea, eb, cov = together(a=a, b=b, se_a=se_a, se_b=se_b, covariance=covariance)
    z2 = z_critical(confidence) ** 2
    bottom = vb**2 - z2 * eb**2
    bottom = np.where(bottom > 0, bottom, np.nan)
    middle = va * vb - z2 * cov
    inside = middle**2 - bottom * (va**2 - z2 * ea**2)
    reach = np.sqrt(np.maximum(inside, 0.0))  # below zero only by rounding, where both errors are zero
    return Limits((middle - reach) / bottom, (middle + reach) / bottom)
