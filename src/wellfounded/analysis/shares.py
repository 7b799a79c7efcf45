"""What part of a whole something makes up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, together
from wellfounded.analysis.intervals import known_errors, wilson, z_critical

METHOD = "shares"


class Share(NamedTuple):
    """A share as a fraction, with limits that are nan where nothing is known of its precision."""

    value: Floats
    lower: Floats
    upper: Floats


def share(part: Numbers, whole: Numbers) -> Floats:
    """`part` as a fraction of `whole`; nan where either is missing or the whole is not above zero.

    For money, a part may be negative, and a share then is too; nothing is cut off.
    """
    a, b = together(part=part, whole=whole)
    return a / np.where(b > 0, b, np.nan)


def share_of_counts(part: Numbers, whole: Numbers, *, confidence: float = 0.95) -> Share:
    """The share of a sample's or a process's counts, with Wilson's limits. Raises CountOutOfRange."""
    around = wilson(part, whole, confidence=confidence)
    return Share(share(part, whole), around.lower, around.upper)


def share_of_rounded(part: Numbers, whole: Numbers, *, unit: Numbers, whole_unit: Numbers = 0.0) -> Share:
    """The share with the lowest and highest value that rounding to `unit` allows: bounds, not probabilities."""
    a, b, u, wu = together(part=part, whole=whole, unit=unit, whole_unit=whole_unit)
    lowest = share(np.maximum(a - u / 2, np.minimum(a, 0.0)), b + wu / 2)
    highest = np.minimum(share(a + u / 2, b - wu / 2), np.maximum(share(a, b), 1.0))
    return Share(share(a, b), lowest, highest)


def share_of_estimates(
    part: Numbers, rest: Numbers, *, se_part: Numbers, se_rest: Numbers, confidence: float = 0.95
) -> Share:
    """The share of `part` in `part` + `rest`, two independent estimates, with limits by the delta method.

    The limits are kept within 0 and 1.
    """
    a, b = together(part=part, rest=rest)
    whole = np.where(a + b > 0, a + b, np.nan)
    value = a / whole
    se = np.hypot(b * known_errors(se_part, a.shape), a * known_errors(se_rest, a.shape)) / whole**2
    reach = z_critical(confidence) * se
    return Share(value, np.clip(value - reach, 0.0, None), np.clip(value + reach, None, 1.0))
