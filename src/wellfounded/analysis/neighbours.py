"""Which areas are most like a given one on a stated list of measures."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wellfounded.analysis.arrays import Floats, Ints, Numbers, ShapesDoNotMatch, floats

METHOD = "statistical-neighbours"


class TooFewMeasures(ValueError):
    """An area has no measure in common with the one it's compared with, or all measures are constant."""


class Neighbours(NamedTuple):
    """Positions of the nearest areas, nearest first, and their distances."""

    nearest: Ints
    distance: Floats


def distances(measures: Numbers, *, weights: Numbers = 1.0) -> Floats:
    """The distance [area, area] between areas on `measures` [area, measure], each standardised over all areas.

    Euclidean over z-scores, with `weights` [measure], over the root of the weight used, so that areas lacking a
    measure stay comparable: it is left out for them. nan where two areas have no measure in common.
    Raises ShapesDoNotMatch, TooFewMeasures.
    """
    given = floats(measures)
    weight = floats(weights)
    if given.ndim != 2 or weight.ndim > 1 or (weight.ndim and weight.shape[0] != given.shape[1]):
        raise ShapesDoNotMatch(f"measures {given.shape} must be [area, measure] and weights {weight.shape} [measure]")
    known = ~np.isnan(given)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, given, 0.0)
    mean = filled.sum(axis=0) / count
    away = np.where(known, given - mean, 0.0)
    deviation = np.sqrt((away**2).sum(axis=0) / count)
    tells = deviation > 1e-12 * np.maximum(np.abs(mean), 1e-300)
    if not tells.any():
        raise TooFewMeasures("no measure differs between the areas, so none is nearer than another")
    scores = away[:, tells] / deviation[tells]
    has = known[:, tells].astype(np.float64)
    used = np.broadcast_to(weight, given.shape[1:])[tells]
    # sum over common measures of w (a - b)^2 = a^2 . has_b + b^2 . has_a - 2 a . b
    squares = ((scores**2 * used) @ has.T) + (has @ (scores**2 * used).T) - 2 * ((scores * used) @ scores.T)
    common = (has * used) @ has.T
    distance: Floats = np.asarray(np.sqrt(np.maximum(squares, 0.0) / np.where(common > 0, common, np.nan)))
    np.fill_diagonal(distance, 0.0)
    return distance


def nearest(
    measures: Numbers, area: int, n: int, *, weights: Numbers = 1.0, leave_out: tuple[int, ...] = ()
) -> Neighbours:
    """The `n` areas nearest to `area` (a position in `measures` [area, measure]), without itself and `leave_out`.

    Areas that have no measure in common with it are never near. Raises as `distances`.
    """
    row = distances(measures, weights=weights)[area].copy()
    row[[area, *leave_out]] = np.nan
    order = np.argsort(row, kind="stable")[: min(n, int((~np.isnan(row)).sum()))]
    return Neighbours(order.astype(np.int64), row[order])
