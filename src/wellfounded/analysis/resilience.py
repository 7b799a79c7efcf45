"""How a place came through a shock: the fall, the recovery, and what its mix of sectors would have led to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wellfounded.analysis.arrays import Floats, Ints, Numbers, ShapesDoNotMatch, floats, together

METHOD = "resilience"


class NoSuchYear(ValueError):
    """A shock's years are not among the years of the series."""


@dataclass(frozen=True)
class Shock:
    """What a shock did to each series, as fractions of the level in the year before it.

    `change` is the lowest level in the window over the level before, less 1: -0.04 is a fall of 4%; above zero, the
    series never fell. `years_to_recover` counts from the year before to the first year after the low in which the
    level was reached again: 0 where it never fell, infinity where it wasn't reached by the last year.
    """

    change: Floats
    trough_year: Floats
    years_to_recover: Floats

    @property
    def fall(self) -> Floats:
        """The fall as a fraction of the level before, 0 where there was none."""
        return np.maximum(-self.change, 0.0) + 0.0


class WithoutLargest(NamedTuple):
    """Which part is the largest (-1: unknown), its share of the whole, and what is left without it."""

    largest: Ints
    share: Floats
    rest: Floats


def shock(years: Numbers, values: Numbers, *, before: int, until: int) -> Shock:
    """How far each series of `values` [..., year] fell from its level in `before` by `until`, and when it was back.

    The change is nan where `before` or a year of the window is missing or the level before isn't above zero; the
    recovery also where a year is missing before it is reached. Raises NoSuchYear, ShapesDoNotMatch.
    """
    x, y = floats(years), floats(values)
    if x.ndim != 1 or not y.ndim or y.shape[-1] != len(x):
        raise ShapesDoNotMatch(f"the last axis of values {y.shape} must be the years {x.shape}")
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[..., order]
    if not until > before or not {before, until} <= set(x.tolist()):
        raise NoSuchYear(f"the series has the years {x.min():g} to {x.max():g}, not a window from {before} to {until}")
    level = y[..., x == before][..., :1]
    relative = y / np.where(level > 0, level, np.nan)
    window = (x > before) & (x <= until)
    inside = relative[..., window]
    unknown = np.isnan(inside).any(axis=-1)
    low = np.argmin(np.where(np.isnan(inside), np.inf, inside), axis=-1)
    lowest = np.where(unknown, np.nan, np.take_along_axis(inside, low[..., None], axis=-1)[..., 0])
    trough = np.where(unknown, np.nan, x[window][low])
    after = x > trough[..., None]
    reached = after & (relative >= 1)
    gap = after & np.isnan(relative)
    first = np.where(reached.any(axis=-1), x[np.argmax(reached, axis=-1)], np.inf)
    first_gap = np.where(gap.any(axis=-1), x[np.argmax(gap, axis=-1)], np.inf)
    recovered = np.where(first_gap < first, np.nan, first - before)
    recovered = np.where(unknown, np.nan, np.where(lowest >= 1, 0.0, recovered))
    return Shock(lowest - 1, trough, recovered)


def sensitivity(change: Numbers, ref_change: Numbers) -> Floats:
    """Martin's sensitivity index: the change in the place over that in the reference; above 1, it was hit harder.

    nan where the reference did not fall: then there was no shock to be sensitive to.
    """
    own, reference = together(change=change, ref_change=ref_change)
    return own / np.where(reference < 0, reference, np.nan)


def resistance(change: Numbers, expected_change: Numbers) -> Floats:
    """The change against the expected one, over the size of that: above 0 is more resistant than expected.

    `expected_change` is the comparator's, or that of `expected_path` (Martin, Sunley, Gardiner and Tyler 2016). nan
    where the expected change is zero.
    """
    own, expected = together(change=change, expected_change=expected_change)
    size = np.abs(expected)
    return (own - expected) / np.where(size > 0, size, np.nan)


def expected_path(parts: Numbers, ref_values: Numbers, *, before: int) -> Floats:
    """The path [..., year] that a place would have gone had each of its sectors gone as in the reference.

    `parts` [..., sector] are the place's sectors in the year before the shock, `ref_values` [year, sector] the
    reference's (volumes or jobs), `before` the position of that year. nan where a sector is missing, or was zero in the
    reference but not in the place. Raises ShapesDoNotMatch.
    """
    own, reference = floats(parts), floats(ref_values)
    if reference.ndim != 2 or own.shape[-1:] != reference.shape[-1:]:
        raise ShapesDoNotMatch(
            f"parts {own.shape} and ref_values {reference.shape} must be [..., sector], [year, sector]"
        )
    start = reference[before]
    growth = reference / np.where(start == 0, np.nan, start)
    path = np.where(own[..., None, :] == 0, 0.0, own[..., None, :] * growth)
    return np.asarray(np.where(np.isnan(reference).any(axis=-1), np.nan, path.sum(axis=-1)))


def without_largest(parts: Numbers, whole: Numbers | None = None) -> WithoutLargest:
    """The largest of `parts` [..., sector], its share of `whole` (by default their sum), and the whole without it.

    nan, and -1 for the largest, where a part or the whole is missing.
    """
    given = floats(parts)
    total = given.sum(axis=-1) if whole is None else floats(whole)
    index = np.argmax(np.where(np.isnan(given), -np.inf, given), axis=-1)
    missing = np.isnan(given).any(axis=-1)
    top = np.where(missing, np.nan, np.take_along_axis(given, index[..., None], axis=-1)[..., 0])
    share = top / np.where(total > 0, total, np.nan)
    return WithoutLargest(np.where(missing | np.isnan(total), -1, index), share, total - top)
