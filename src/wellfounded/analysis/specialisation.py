"""How much more of a sector an area has than a larger one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wellfounded.analysis.arrays import Floats, Numbers, floats, together
from wellfounded.analysis.intervals import known_errors, z_critical

METHOD = "location-quotient"

# Edges in common use: within a quarter of 1 is about the same; 1.25 and 1.5 mark specialisation and strong
# specialisation.
BANDS = (0.75, 1.25, 1.5)
BAND_NAMES = ("under-represented", "about the same", "specialised", "highly specialised")


class LocationQuotient(NamedTuple):
    """The quotient, and limits that are nan where nothing is known of the numbers' precision."""

    value: Floats
    lower: Floats
    upper: Floats


def location_quotient(part: Numbers, whole: Numbers, ref_part: Numbers, ref_whole: Numbers) -> Floats:
    """The share that `part` has in `whole` over the share that `ref_part` has in `ref_whole`; 1 is the same.

    nan where a number is missing, or a whole or the reference's part is not above zero.
    """
    a, b, c, d = together(part=part, whole=whole, ref_part=ref_part, ref_whole=ref_whole)
    return _over(a, b) / _over(np.where(c > 0, c, np.nan), d)


def location_quotient_from_rounded(
    part: Numbers,
    whole: Numbers,
    ref_part: Numbers,
    ref_whole: Numbers,
    *,
    unit: Numbers,
    ref_unit: Numbers = 0.0,
    whole_unit: Numbers = 0.0,
) -> LocationQuotient:
    """The location quotient with the lowest and highest value that rounded numbers allow.

    `part` was rounded to `unit`, `ref_part` to `ref_unit`, `whole` to `whole_unit`; 0 is not rounded. A bound, not
    a probability: the true quotient lies within it for certain, as far as rounding goes.
    """
    a, b, c, d, u, ru, wu = together(
        part=part,
        whole=whole,
        ref_part=ref_part,
        ref_whole=ref_whole,
        unit=unit,
        ref_unit=ref_unit,
        whole_unit=whole_unit,
    )
    lowest = location_quotient(np.maximum(a - u / 2, 0.0), b + wu / 2, c + ru / 2, d)
    highest = location_quotient(a + u / 2, b - wu / 2, c - ru / 2, d)
    return LocationQuotient(location_quotient(a, b, c, d), lowest, highest)


def location_quotient_from_sample(
    part: Numbers,
    whole: Numbers,
    ref_part: Numbers,
    ref_whole: Numbers,
    *,
    se_part: Numbers,
    se_ref_part: Numbers = 0.0,
    confidence: float = 0.95,
) -> LocationQuotient:
    """The location quotient with limits from the sampling errors of the parts, on the log scale by the delta method.

    The wholes count as known. nan limits where an error is unknown or `part` is zero.
    """
    a, b, c, d = together(part=part, whole=whole, ref_part=ref_part, ref_whole=ref_whole)
    value = location_quotient(a, b, c, d)
    relative = np.hypot(
        known_errors(se_part, a.shape) / np.where(a > 0, a, np.nan),
        known_errors(se_ref_part, a.shape) / np.where(c > 0, c, np.nan),
    )
    factor = np.exp(z_critical(confidence) * relative)
    return LocationQuotient(value, value / factor, value * factor)


def band(quotient: Numbers) -> NDArray[np.str_]:
    """The band of each quotient in words, by the edges 0.75, 1.25 and 1.5; empty where there is no quotient."""
    value = floats(quotient)
    words = np.asarray(BAND_NAMES)[np.digitize(np.where(np.isnan(value), 0.0, value), BANDS)]
    return np.where(np.isnan(value), "", words)


def krugman(parts: Numbers, ref_parts: Numbers) -> Floats:
    """Krugman's index of `parts` [..., sector] against `ref_parts`: the sum of absolute differences of the shares.

    0 where both have the same mix, 2 where they share no sector. nan where a sector is missing.
    """
    return np.asarray(np.abs(_shares(parts) - _shares(ref_parts)).sum(axis=-1))


def hoover(parts: Numbers, ref_parts: Numbers) -> Floats:
    """Hoover's index of `parts` [..., sector]: the share that would have to change sector to have the reference's mix.

    Half of Krugman's index: 0 to 1. nan where a sector is missing.
    """
    return krugman(parts, ref_parts) / 2


def _over(part: Floats, whole: Floats) -> Floats:
    return part / np.where(whole > 0, whole, np.nan)


def _shares(parts: Numbers) -> Floats:
    given = floats(parts)
    return _over(given, given.sum(axis=-1, keepdims=True))
