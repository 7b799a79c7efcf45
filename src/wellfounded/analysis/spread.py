"""How far apart areas are from each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Floats, Ints, Numbers, floats, together
from wellfounded.analysis.difference import relative_difference
from wellfounded.analysis.intervals import known_errors

METHOD = "spread"


@dataclass(frozen=True)
class Spread:
    """The gap between the highest and the lowest area; limits and p are nan where an interval is missing.

    `highest` and `lowest` are positions on the area axis, -1 where an area is missing.
    """

    highest: Ints
    lowest: Ints
    highest_value: Floats
    lowest_value: Floats
    gap: Floats  # highest less lowest, in the unit
    relative: Floats  # highest over lowest less 1, as a fraction
    relative_lower: Floats
    relative_upper: Floats
    p: Floats  # that the two differ, allowing for having been picked as highest and lowest
    variation: Floats  # standard deviation over mean


def spread(values: Numbers, *, se: Numbers | None = None, confidence: float = 0.95) -> Spread:
    """The spread of `values` [..., area] between areas. nan where any area is missing, or fewer than two are there.

    Highest and lowest are picked after the fact, so the interval and p are those of all pairs of areas read together
    (Sidak). `relative` and `variation` need a lowest value and a mean above zero, else they are nan.
    """
    given = floats(values)
    error = known_errors(se, given.shape)
    areas = given.shape[-1]
    missing = np.isnan(given).any(axis=-1) | (areas < 2)
    high = np.argmax(np.where(np.isnan(given), -np.inf, given), axis=-1)
    low = np.argmin(np.where(np.isnan(given), np.inf, given), axis=-1)

    def at(array: Floats, index: Ints) -> Floats:
        return np.where(missing, np.nan, np.take_along_axis(array, index[..., None], axis=-1)[..., 0])

    top, bottom = at(given, high), at(given, low)
    positive = np.where(bottom > 0, bottom, np.nan)
    pairs = max(areas * (areas - 1) // 2, 1)
    compared = relative_difference(
        top, positive, se_a=at(error, high), se_b=at(error, low), confidence=confidence ** (1 / pairs)
    )
    mean = given.mean(axis=-1)
    deviation = given.std(axis=-1)
    return Spread(
        highest=np.where(missing, -1, high),
        lowest=np.where(missing, -1, low),
        highest_value=top,
        lowest_value=bottom,
        gap=top - bottom,
        relative=compared.estimate,
        relative_lower=compared.lower,
        relative_upper=compared.upper,
        p=_over_pairs(compared.p, pairs),
        variation=np.where(missing, np.nan, deviation / np.where(mean > 0, mean, np.nan)),
    )


def gini(values: Numbers, *, weights: Numbers = 1.0) -> Floats:
    """Gini's coefficient of `values` [..., area] with `weights` (as population): 0 equal, towards 1 unequal.

    nan where an area is missing, a value is below zero or the weighted sum isn't above zero.
    """
    value, weight = _weighted(values, weights)
    order = np.argsort(value, axis=-1)
    ordered, counts = np.take_along_axis(value, order, axis=-1), np.take_along_axis(weight, order, axis=-1)
    amounts = ordered * counts
    people, held = counts.sum(axis=-1), amounts.sum(axis=-1)
    under = (counts * (2 * np.cumsum(amounts, axis=-1) - amounts)).sum(axis=-1)  # twice the area under Lorenz's curve
    return np.asarray(1 - under / (_some(people) * _some(held)))


def theil(values: Numbers, *, weights: Numbers = 1.0) -> Floats:
    """Theil's T of `values` [..., area] with `weights` (as population): 0 equal, at most the log of total weight.

    nan as for `gini`. A zero counts as its limit, nothing.
    """
    value, weight = _weighted(values, weights)
    people = weight.sum(axis=-1, keepdims=True)
    mean = _some((value * weight).sum(axis=-1, keepdims=True)) / _some(people)
    ratio = value / mean
    return np.asarray((weight / _some(people) * ratio * np.log(np.where(ratio > 0, ratio, 1.0))).sum(axis=-1))


def _over_pairs(p: Floats, pairs: int) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(pairs * np.log1p(-p)))  # 1 - (1 - p) ** pairs, without losing a small p


def _some(amount: Floats) -> Floats:
    return np.where(amount > 0, amount, np.nan)


def _weighted(values: Numbers, weights: Numbers) -> tuple[Floats, Floats]:
    value, weight = together(values=values, weights=weights)
    wrong = ((value < 0) | (weight < 0)).any(axis=-1, keepdims=True)
    return np.where(wrong, np.nan, value), weight
