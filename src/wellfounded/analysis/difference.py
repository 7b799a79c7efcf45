"""Differences between two figures, absolute and relative, with the uncertainty of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, together
from wellfounded.analysis.intervals import fieller, known_errors, two_sided_p, z_critical

METHOD = "difference"


@dataclass(frozen=True)
class Difference:
    """Differences with what is known of their certainty; all but `estimate` are nan where an interval is missing."""

    estimate: Floats
    se: Floats
    lower: Floats
    upper: Floats
    z: Floats
    p: Floats  # two-sided, against no difference


def difference(
    a: Numbers,
    b: Numbers,
    *,
    se_a: Numbers | None = None,
    se_b: Numbers | None = None,
    overlap: Numbers = 0.0,
    confidence: float = 0.95,
) -> Difference:
    """`a` - `b`, with its standard error, interval and two-sided p.

    An error of None or nan is unknown, and so then is that of the difference; say 0 for a benchmark that is exact.
    `overlap` is the share of `b` that `a` makes up, where one area lies within the other (0: apart). Arrays stretch
    to one shape, or ShapesDoNotMatch is raised.
    """
    va, vb, share = together(a=a, b=b, overlap=overlap)
    ea = known_errors(se_a, va.shape)
    eb = known_errors(se_b, vb.shape)
    estimate = va - vb
    se = np.sqrt(np.maximum(ea**2 + eb**2 - 2 * share * ea**2, 0.0))
    z = _standardised(estimate, se)
    reach = z_critical(confidence) * se
    return Difference(estimate, se, estimate - reach, estimate + reach, z, two_sided_p(z))


def relative_difference(
    a: Numbers,
    b: Numbers,
    *,
    se_a: Numbers | None = None,
    se_b: Numbers | None = None,
    overlap: Numbers = 0.0,
    confidence: float = 0.95,
) -> Difference:
    """`a` / `b` - 1, as a fraction (0.05 is 5% more), with delta standard error and Fieller's interval.

    z and p are those of `difference`, with which Fieller's interval always agrees on whether the two can be told
    apart. nan where `b` is zero. `overlap` as for `difference`.
    """
    va, vb, share = together(a=a, b=b, overlap=overlap)
    ea = known_errors(se_a, va.shape)
    eb = known_errors(se_b, vb.shape)
    bottom = np.where(vb == 0, np.nan, vb)
    ratio = va / bottom
    covariance = share * ea**2
    variance = ea**2 + (ratio * eb) ** 2 - 2 * ratio * covariance
    se = np.sqrt(np.maximum(variance, 0.0)) / np.abs(bottom)
    around = fieller(va, bottom, se_a=ea, se_b=eb, covariance=covariance, confidence=confidence)
    gap = difference(va, vb, se_a=ea, se_b=eb, overlap=share, confidence=confidence)
    return Difference(ratio - 1, se, around.lower - 1, around.upper - 1, gap.z, gap.p)


def _standardised(estimate: Floats, se: Floats) -> Floats:
    """`estimate` over `se`; where nothing is uncertain, 0 for no difference and infinity for any."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = estimate / se
    return np.where((se == 0) & (estimate == 0), 0.0, z)
