"""What members make together: sums, weighted rates and rebuilt ratios, never plain means.

Members are on the first axis of every array; `membership` [subject, member] is 1 where a member belongs to a subject,
so that many subjects are one pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Floats, Ints, Numbers, ShapesDoNotMatch, floats, together
from wellfounded.analysis.intervals import known_errors

METHOD = "aggregation"


class NotAMembership(ValueError):
    """A membership matrix holds 0 and 1 only."""


@dataclass(frozen=True)
class Combined:
    """Subjects' values [subject, ...] with their standard errors; nan where any member is missing.

    `missing` counts each subject's members without a usable value (or weight, or numerator); a subject without members
    has one missing.
    """

    value: Floats
    se: Floats
    missing: Ints


def combine_sum(values: Numbers, membership: Numbers, *, se: Numbers | None = None) -> Combined:
    """The sum over each subject's members of `values` [member, ...]. Independent errors: the variances add.

    Raises ShapesDoNotMatch, NotAMembership.
    """
    value = floats(values)
    belongs = _belongs(membership, value)
    error = known_errors(se, value.shape)
    missing = _missing(np.isnan(value), belongs)
    total = _sum(value, belongs)
    return Combined(np.where(missing > 0, np.nan, total), _root(error**2, belongs, missing), missing)


def combine_weighted(values: Numbers, weights: Numbers, membership: Numbers, *, se: Numbers | None = None) -> Combined:
    """The mean over members of `values` [member, ...], weighted by `weights`: their denominators, or the population.

    Where the weights are what the values were divided by, this is exactly the subject's own ratio. Weights count as
    known; members' errors as independent. A weight below zero, or weights that sum to zero, leave nan.
    Raises ShapesDoNotMatch, NotAMembership.
    """
    value, weight = together(values=values, weights=weights)
    belongs = _belongs(membership, value)
    error = known_errors(se, value.shape)
    missing = _missing(np.isnan(value) | np.isnan(weight) | (weight < 0), belongs)
    total = _sum(weight, belongs)
    total = np.where(total > 0, total, np.nan)
    mean = _sum(value * weight, belongs) / total
    return Combined(
        np.where(missing > 0, np.nan, mean), _root((weight * error) ** 2, belongs, missing) / total, missing
    )


def combine_harmonic(
    values: Numbers, numerators: Numbers, membership: Numbers, *, se: Numbers | None = None
) -> Combined:
    """The ratio of each subject rebuilt from members' ratios and numerators: sum(n) / sum(n / v), [subject, ...].

    n / v is the denominator that a member's ratio implies, so GVA per hour needs no hours to be published. A value not
    above zero, or a numerator below, is unusable. The error is by the delta method, numerators taken as known.
    Raises ShapesDoNotMatch, NotAMembership.
    """
    value, top = together(values=values, numerators=numerators)
    belongs = _belongs(membership, value)
    error = known_errors(se, value.shape)
    usable = (value > 0) & (top >= 0)
    safe = np.where(usable, value, np.nan)
    missing = _missing(~usable, belongs)
    bottom = _sum(top / safe, belongs)
    bottom = np.where(bottom > 0, bottom, np.nan)
    ratio = _sum(top, belongs) / bottom
    # d ratio / d v = ratio / bottom * n / v^2
    spread = _root((top / safe**2 * error) ** 2, belongs, missing)
    return Combined(np.where(missing > 0, np.nan, ratio), ratio / bottom * spread, missing)


def combine_chained(volumes: Numbers, nominal: Numbers, membership: Numbers) -> Combined:
    """The volume [subject, period, ...] of each subject from members' volumes and nominal values [member, period, ...].

    Each year's growth is that of the members weighted by their nominal values of the year before, chained (an annually
    linked Laspeyres index, as in national accounts), and set to the sum of volumes in the reference year, the one in
    which volumes and nominal values agree best. nan for a subject from the first gap of a member outwards; no errors.
    Raises ShapesDoNotMatch, NotAMembership.
    """
    volume, value = together(values=volumes, weights=nominal)
    belongs = _belongs(membership, volume)
    before = np.where(value[:, :-1] > 0, value[:, :-1], np.nan)
    growth = volume[:, 1:] / np.where(volume[:, :-1] > 0, volume[:, :-1], np.nan)
    missing = _missing(np.isnan(growth * before), belongs)
    weight = _sum(np.where(np.isnan(growth), np.nan, before), belongs)
    links = _sum(growth * before, belongs) / np.where(weight > 0, weight, np.nan)
    links = np.where(missing > 0, np.nan, links)
    path = np.concatenate([np.ones_like(links[:, :1]), np.cumprod(links, axis=1)], axis=1)
    total, total_value = _sum(volume, belongs), _sum(value, belongs)
    distance = np.abs(np.log(np.where(total > 0, total, np.nan) / np.where(total_value > 0, total_value, np.nan)))
    gaps = _missing(np.isnan(volume) | np.isnan(value), belongs)
    distance = np.where(np.isnan(path) | (gaps > 0), np.nan, distance)
    reference = np.argmin(np.where(np.isnan(distance), np.inf, distance), axis=1)[:, None]
    level = np.take_along_axis(total, reference, axis=1) / np.take_along_axis(path, reference, axis=1)
    unknown = np.full(path.shape, np.nan)
    return Combined(np.where(gaps > 0, np.nan, path * level), unknown, gaps)


def _belongs(membership: Numbers, values: Floats) -> Floats:
    matrix = floats(membership)
    if matrix.ndim != 2 or not values.ndim or matrix.shape[1] != values.shape[0]:
        raise ShapesDoNotMatch(
            f"membership {matrix.shape} must be [subject, member] and values {values.shape} [member, ...]"
        )
    if not ((matrix == 0) | (matrix == 1)).all():
        raise NotAMembership(
            "a membership holds 1 for a member and 0 for the rest; weights are an argument of their own"
        )
    return matrix


def _sum(values: Floats, belongs: Floats) -> Floats:
    """The sum over members, with what is missing left out. Members are few: adding them beats a matrix product."""
    total = np.zeros((belongs.shape[0], *values.shape[1:]))
    _, member = np.nonzero(belongs)
    count = belongs.sum(axis=1).astype(np.int64)
    some = count > 0
    if some.any():
        filled = np.where(np.isnan(values), 0.0, values)
        total[some] = np.add.reduceat(filled[member], (np.cumsum(count) - count)[some], axis=0)
    return total


def _missing(unusable: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], belongs: Floats) -> Ints:
    if unusable.any():
        count = _sum(unusable.astype(np.float64), belongs).astype(np.int64)
    else:
        count = np.zeros((belongs.shape[0], *unusable.shape[1:]), dtype=np.int64)
    empty = (belongs.sum(axis=1) == 0).reshape(-1, *([1] * (count.ndim - 1)))
    return np.asarray(np.where(empty, 1, count), dtype=np.int64)


def _root(variances: Floats, belongs: Floats, missing: Ints) -> Floats:
    missing_error = np.isnan(variances)
    if missing_error.all():
        return np.full(missing.shape, np.nan)
    unknown = _missing(missing_error, belongs) > 0
    return np.where(unknown | (missing > 0), np.nan, np.sqrt(_sum(variances, belongs)))
