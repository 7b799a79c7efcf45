"""What is notable among many figures: large for its kind, certain, and relevant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Bools, Floats, Ints, Numbers, floats, together
from wellfounded.analysis.discovery import false_discovery

METHOD = "scan"

RATE = 0.05  # of false discoveries among those reported
FEWEST_AREAS = 10  # below it, the spread of areas says too little of what is usual


@dataclass(frozen=True)
class Notable:
    """Candidates scored for a reader's attention. `order` lists positions, best first, of those `kept`."""

    score: Floats
    q: Floats
    kept: Bools
    order: Ints


def standardised(value: Numbers, all_areas: Numbers) -> Floats:
    """How far `value` [...] lies from the middle of `all_areas` [..., area], in units of their usual spread.

    Median and median absolute deviation (times 1.4826, the normal's factor), so that a few outliers such as the City
    of London don't set the scale. nan where fewer than ten areas have values or they don't differ.
    """
    own, areas = floats(value), floats(all_areas)
    middle = _median(areas)
    usual = 1.4826 * _median(np.abs(areas - middle[..., None]))
    enough = (~np.isnan(areas)).sum(axis=-1) >= FEWEST_AREAS
    return np.where(enough, own - middle, np.nan) / np.where(usual > 0, usual, np.nan)


def notable(
    size: Numbers,
    *,
    p: Numbers | None = None,
    relevance: Numbers = 1.0,
    least_size: float = 0.5,
    rate: float = RATE,
) -> Notable:
    """Candidates scored by `size` (see `standardised`), certainty and relevance, with false discoveries controlled.

    The score is |size| x relevance x (1 - q). A candidate without interval (p nan) can't be wrong by sampling that
    anybody published: it counts with one half of its score and only if its size is double the least. Kept are those at
    least `least_size` in size whose q is at most `rate`.
    """
    given, weight = together(size=size, relevance=relevance)
    probability = together(p=np.nan if p is None else p, size=given)[0]
    q = false_discovery(np.where(np.isnan(given), np.nan, probability))
    untested = np.isnan(q)
    magnitude = np.where(np.isnan(given), 0.0, np.abs(given))
    score = magnitude * weight * np.where(untested, 0.5, 1 - np.where(untested, 0.0, q))
    kept = np.where(untested, magnitude >= 2 * least_size, (magnitude >= least_size) & (q <= rate)) & (weight > 0)
    flat = np.where(kept, score, -np.inf).ravel()
    order = np.argsort(-flat, kind="stable")[: int(kept.sum())]
    return Notable(score, q, kept, order.astype(np.int64))


def _median(values: Floats) -> Floats:
    """The median over the last axis, missing left out."""
    ordered = np.sort(values, axis=-1)
    count = (~np.isnan(values)).sum(axis=-1)
    last = np.maximum(count - 1, 0)
    low = np.take_along_axis(ordered, (last // 2)[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(ordered, (last // 2 + last % 2)[..., None], axis=-1)[..., 0]
    return (low + high) / 2
