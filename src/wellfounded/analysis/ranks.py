"""Where an area stands among others, and between which ranks it may lie."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from wellfounded.analysis.arrays import Floats, Ints, Numbers, floats, together
from wellfounded.analysis.intervals import known_errors, z_critical

METHOD = "ranks"


class RankInterval(NamedTuple):
    """A rank (1 is the highest value), its lowest and highest possible number, and how many were ranked."""

    rank: Floats
    lower: Floats
    upper: Floats
    of: Ints


def rank(values: Numbers) -> Floats:
    """The rank of each value on the last axis: 1 is the highest, ties share the better rank, missing stays nan."""
    given = floats(values)
    order = np.argsort(-given, axis=-1, kind="stable")  # nan goes last
    ordered = np.take_along_axis(given, order, axis=-1)
    starts = np.zeros(given.shape)  # where each run of ties begins
    starts[..., 1:] = np.where(ordered[..., 1:] != ordered[..., :-1], np.arange(1, given.shape[-1]), 0)
    ranks = np.empty(given.shape)
    np.put_along_axis(ranks, order, np.maximum.accumulate(starts, axis=-1) + 1, axis=-1)
    return np.where(np.isnan(given), np.nan, ranks)


def rank_interval(
    value: Numbers,
    others: Numbers,
    *,
    se: Numbers | None = None,
    se_others: Numbers | None = None,
    confidence: float = 0.95,
) -> RankInterval:
    """The rank of `value` [...] among itself and `others` [..., area], with a confidence interval of the rank.

    Each other area is compared with it at a critical value that holds over all the comparisons together (Sidak);
    those clearly above bound the rank from one side, those clearly below from the other. `others` must leave the
    area itself out. An area whose error is unknown is never clearly above or below. Without `se` the limits are nan.
    Raises ShapesDoNotMatch, NegativeError.
    """
    own = floats(value)[..., None]
    mine, theirs = together(value=own, others=others)
    my_error = together(se=known_errors(None if se is None else floats(se)[..., None], own.shape), others=theirs)[0]
    their_error = known_errors(se_others, theirs.shape)
    gap = theirs - mine
    compared = ~np.isnan(gap)
    count = compared.sum(axis=-1)
    critical = _over_all(count, confidence)[..., None]
    reach = critical * np.hypot(my_error, their_error)
    above = (gap > reach).sum(axis=-1)
    below = (gap < -reach).sum(axis=-1)
    missing = np.isnan(mine).any(axis=-1)
    unknown = missing | np.isnan(my_error).any(axis=-1)
    place = np.where(missing, np.nan, 1 + (gap > 0).sum(axis=-1))
    return RankInterval(
        rank=place,
        lower=np.where(unknown, np.nan, 1 + above),
        upper=np.where(unknown, np.nan, 1 + count - below),
        of=(~np.isnan(theirs)).sum(axis=-1) + ~missing,
    )


def rank_intervals(
    values: Numbers, se: Numbers, *, confidence: float = 0.95, over: Literal["each", "all"] = "each"
) -> RankInterval:
    """The rank and rank interval of every area of `values` [area].

    `over` = "each": each interval holds on its own with the stated confidence. "all": all hold at once, which a
    reader needs who scans the whole table; those are wider.
    """
    given = floats(values)
    error = known_errors(se, given.shape)
    gap = given[None, :] - given[:, None]
    compared = ~np.isnan(gap)
    np.fill_diagonal(compared, False)
    count = compared.sum(axis=-1)
    pairs = count if over == "each" else np.full(count.shape, compared.sum() // 2)
    reach = _over_all(pairs, confidence)[:, None] * np.hypot(error[None, :], error[:, None])
    above = (compared & (gap > reach)).sum(axis=-1)
    below = (compared & (gap < -reach)).sum(axis=-1)
    missing = np.isnan(given)
    unknown = missing | np.isnan(error)
    of = np.full(given.shape, (~missing).sum(), dtype=np.int64)
    return RankInterval(
        rank(given), np.where(unknown, np.nan, 1 + above), np.where(unknown, np.nan, 1 + count - below), of
    )


def _over_all(comparisons: Ints, confidence: float) -> Floats:
    """The critical value at which so many comparisons hold together: Sidak's, valid whatever their correlation."""
    critical = np.zeros(int(comparisons.max(initial=0)) + 1)
    for kind in set(comparisons.reshape(-1).tolist()):
        critical[kind] = z_critical(confidence ** (1 / max(kind, 1)))
    return critical[comparisons]
