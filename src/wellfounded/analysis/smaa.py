"""SMAA-2: how often each alternative comes first, second, ..., over all weights and over what is not known of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from wellfounded.analysis.arrays import Bools, Floats, Ints, Numbers, ShapesDoNotMatch, floats

METHOD = "priorities"

POINT, UNIFORM, NORMAL = range(3)
Z95 = 1.959963984540054
CHUNK = 1024  # draws worked on at once: small enough for the processor's cache
SWEEPS = 60  # moves of each pair of weights before a draw between limits is used
TIE = 12  # decimals in which scores are compared: what adding in another order may change is no difference


class NotARange(ValueError):
    """A lowest value lies above the highest, or a scale has no length that is a number."""


class WeightsCannotSum(ValueError):
    """No weights between the limits add up to one."""


class TooFewDraws(ValueError):
    """Fewer draws than one."""


@dataclass(frozen=True)
class Criteria:
    """Measurements [alternative, criterion] in the unit of each criterion, and the scales [criterion] they enter on.

    `low` to `high` is the range of a uniform measurement and the 95% interval of a normal one, whose middle is
    `value`; nan in either says that nothing is known, and the whole scale is entered. `worst` to `best` is the scale:
    best may be the smaller number. Cells with the same `stream` (0 and above) and shape are drawn together: they go up
    and down as one; -1 is drawn on its own.
    """

    low: Floats
    high: Floats
    value: Floats
    worst: Floats
    best: Floats
    shape: Ints
    stream: Ints


@dataclass(frozen=True)
class Acceptability:
    """What came of the draws. `rank` [alternative, rank] and `before` [row, column] are shares of them.

    `central_weights` [alternative, criterion] is the mean of the weights that put an alternative first (nan where none
    did), `confidence` how often nobody is ahead of it under them, `central_values` its own mean scores in these draws
    and `mean_values` those in all, on the scale of 0 to 1.
    """

    rank: Floats
    expected_rank: Floats
    before: Floats
    central_weights: Floats
    confidence: Floats
    central_values: Floats
    mean_values: Floats


def criteria(
    low: Numbers,
    high: Numbers,
    *,
    worst: Numbers = 0.0,
    best: Numbers = 1.0,
    value: Numbers | None = None,
    shape: Numbers | None = None,
    stream: Numbers | None = None,
) -> Criteria:
    """The measurements of alternatives, checked. By default low to high is uniform, and a point where they are equal.

    Raises ShapesDoNotMatch, NotARange.
    """
    lows, highs = floats(low), floats(high)
    if lows.ndim != 2 or highs.shape != lows.shape:
        raise ShapesDoNotMatch(f"low {lows.shape} and high {highs.shape} must both be [alternative, criterion]")
    middles = (lows + highs) / 2 if value is None else floats(value)
    shapes = np.where(lows == highs, POINT, UNIFORM) if shape is None else np.asarray(shape, dtype=np.int64)
    streams = np.full(lows.shape, -1) if stream is None else np.asarray(stream, dtype=np.int64)
    if not middles.shape == shapes.shape == streams.shape == lows.shape:
        raise ShapesDoNotMatch(
            f"value {middles.shape}, shape {shapes.shape} and stream {streams.shape} must be as low {lows.shape}"
        )
    try:
        ends = [np.broadcast_to(floats(end), lows.shape[1:]) for end in (worst, best)]
    except ValueError:
        raise ShapesDoNotMatch(f"worst and best must have an end for each of {lows.shape[1]} criteria") from None
    if not np.isfinite(ends).all():
        raise NotARange("a scale needs two ends that are numbers")
    if (lows > highs).any():
        row, column = np.argwhere(lows > highs)[0].tolist()
        raise NotARange(f"alternative {row}, criterion {column}: {lows[row, column]} is above {highs[row, column]}")
    return Criteria(lows, highs, middles, ends[0], ends[1], shapes, streams)


def smaa(
    given: Criteria, *, rng: Generator, draws: int = 100_000, least: Numbers | None = None, most: Numbers | None = None
) -> Acceptability:
    """The acceptability of each alternative over `draws` weights and measurements.

    Weights are uniform over all that add up to one, or over those of them between `least` and `most` [criterion];
    where these are equal the weights are stated. Scores are added up, weighted; equal scores are put in order by lot.
    Raises TooFewDraws, WeightsCannotSum, ShapesDoNotMatch.
    """
    if draws < 1:
        raise TooFewDraws(f"{draws} draws: at least one is needed")
    cells = _Cells.of(given)
    count, width = given.low.shape
    places = np.zeros((count, count))
    before = np.zeros((count, count))
    firsts = np.zeros(count)
    weights_of_first = np.zeros((count, width))
    drawn_of_first = np.zeros(cells.count)
    for size in _chunks(draws):
        weights = between(width, least=least, most=most, draws=size, rng=rng)
        drawn = cells.draw(size, rng)
        order = _order(cells.scores(drawn, weights), rng)
        ranks = np.empty_like(order)
        np.put_along_axis(ranks, order, np.broadcast_to(np.arange(count), order.shape), axis=1)
        cell = ranks + np.arange(count) * count
        places += np.bincount(cell.ravel(), minlength=count * count).reshape(count, count)
        columns = np.ascontiguousarray(ranks.T.astype(np.int16))
        for row in range(count - 1):
            ahead = np.count_nonzero(columns[row] < columns[row + 1 :], axis=1)
            before[row, row + 1 :] += ahead
            before[row + 1 :, row] += size - ahead
        is_first = (ranks == 0).astype(np.float64)
        firsts += is_first.sum(axis=0)
        weights_of_first += is_first.T @ weights
        drawn_of_first += np.einsum("nk,nk->k", drawn, is_first[:, cells.row])
    some = np.where(firsts > 0, firsts, np.nan)
    central = weights_of_first / some[:, None]
    values = np.where(firsts[:, None] > 0, cells.fixed, np.nan)
    values[cells.row, cells.column] = drawn_of_first / some[cells.row]
    rank = places / draws
    return Acceptability(
        rank=rank,
        expected_rank=rank @ np.arange(1, count + 1),
        before=before / draws,
        central_weights=central,
        confidence=_confidence(cells, central, draws=draws, rng=rng),
        central_values=values,
        mean_values=cells.means(),
    )


def between(
    count: int, *, draws: int, rng: Generator, least: Numbers | None = None, most: Numbers | None = None
) -> Floats:
    """Weights [draw, criterion] drawn uniformly from all that add up to one and lie between `least` and `most`.

    Without an upper limit that matters they are drawn outright; with one, by moving weight between pairs of criteria
    within what both allow, often enough to forget where they began. Raises WeightsCannotSum, ShapesDoNotMatch.
    """
    low = np.zeros(count) if least is None else floats(least)
    high = np.ones(count) if most is None else np.minimum(floats(most), 1.0)
    if low.shape != (count,) or high.shape != (count,):
        raise ShapesDoNotMatch(
            f"least {low.shape} and most {high.shape} must have a limit for each of {count} criteria"
        )
    room = 1 - low.sum()
    if (low < 0).any() or (low > high + 1e-9).any() or room < -1e-9 or high.sum() < 1 - 1e-9:
        raise WeightsCannotSum(
            f"weights of at least {low.sum():.3g} and at most {high.sum():.3g} in all can't add up to 1"
            if (low >= 0).all() and (low <= high + 1e-9).all()
            else "a weight must be zero or more, and its least no more than its most"
        )
    if room <= 1e-12 or (high - low).max(initial=0.0) <= 1e-12 or high.sum() <= 1 + 1e-12:
        stated = low if room <= 1e-12 else high
        return np.broadcast_to(stated / stated.sum(), (draws, count)).copy()
    if (high >= low + room - 1e-12).all():
        parts = rng.standard_exponential((draws, count))
        result: Floats = low + room * parts / parts.sum(axis=1, keepdims=True)
        return result
    return _moved(low, high, draws=draws, rng=rng)


def dominance(given: Criteria) -> Bools:
    """Whether each row is at least as good as each column on every criterion whatever the draw, and better on one.

    Such an alternative is never behind the other, whatever the weights.
    """
    cells = _Cells.of(given)
    low, high = cells.limits()
    tied = (
        (given.stream[:, None] >= 0)
        & (given.stream[:, None] == given.stream[None])
        & (given.shape[:, None] == given.shape[None])
        & (low[:, None] == low[None])
        & (high[:, None] == high[None])
    )
    never_worse = (tied | (low[:, None] >= high[None])).all(axis=-1)
    better = (~tied & (low[:, None] > high[None])).any(axis=-1)
    result: Bools = never_worse & better
    return result


@dataclass(frozen=True)
class _Cells:
    """Measurements as scores of 0 to 1: those that are known [alternative, criterion], and those to be drawn [cell]."""

    fixed: Floats  # 0 where a cell is drawn
    row: Ints
    column: Ints
    start: Floats  # of a uniform cell; the middle of a normal one
    length: Floats  # of a uniform cell; the standard deviation of a normal one
    normal: Bools
    source: Ints  # which standard draw a cell takes
    sources: int
    first: Ints  # where each alternative that has cells begins among them
    owners: Ints

    @property
    def count(self) -> int:
        return len(self.row)

    @classmethod
    def of(cls, given: Criteria) -> _Cells:
        length = given.best - given.worst
        scale = np.where(length == 0, np.inf, length)  # a scale without length tells nobody apart
        unknown = np.isnan(given.low) | np.isnan(given.high)
        ends = (np.stack([given.low, given.high]) - given.worst) / scale
        low, high = np.sort(np.where(unknown, np.array([0.0, 1.0])[:, None, None], np.clip(ends, 0, 1)), axis=0)
        if (length == 0).any():
            low, high = (np.where(length == 0, 0.0, end) for end in (low, high))
        normal = (given.shape == NORMAL) & ~unknown & (given.low != given.high)
        middle = (given.value - given.worst) / scale
        deviation = np.abs(given.high - given.low) / np.abs(scale) / (2 * Z95)
        drawn = np.where(normal, deviation > 0, high > low) & ((given.shape != POINT) | unknown) & (length != 0)
        row, column = np.nonzero(drawn)
        is_normal = normal[drawn]
        streams = given.stream[drawn]
        own = np.arange(len(row))
        keys = np.where(streams >= 0, streams * 2 + is_normal, -own - 1)
        _, source = np.unique(keys, return_inverse=True)
        owners, first = np.unique(row, return_index=True)
        point = np.clip(np.where(given.shape == POINT, (given.value - given.worst) / scale, low), 0, 1)
        return cls(
            fixed=np.where(drawn, 0.0, np.where(unknown, 0.0, point)),
            row=row,
            column=column,
            start=np.where(is_normal, middle[drawn], low[drawn]),
            length=np.where(is_normal, deviation[drawn], (high - low)[drawn]),
            normal=is_normal,
            source=source.reshape(-1),
            sources=int(source.max(initial=-1)) + 1,
            first=first,
            owners=owners,
        )

    def draw(self, size: int, rng: Generator) -> Floats:
        """Scores [draw, cell]."""
        kind = np.zeros(self.sources, dtype=bool)
        kind[self.source] = self.normal
        standard = rng.random((size, self.sources))
        if kind.any():
            standard[:, kind] = rng.standard_normal((size, int(kind.sum())))
        drawn = standard if self.sources == self.count and self._in_order else standard[:, self.source]
        drawn = drawn * self.length
        drawn += self.start
        if self.normal.any():
            drawn[:, self.normal] = np.clip(drawn[:, self.normal], 0, 1)
        return drawn

    @property
    def _in_order(self) -> bool:
        return bool((self.source == np.arange(self.count)).all())

    def scores(self, drawn: Floats, weights: Floats) -> Floats:
        """Weighted scores [draw, alternative]."""
        total: Floats = weights @ self.fixed.T
        if self.count:
            total[:, self.owners] += np.add.reduceat(drawn * weights[:, self.column], self.first, axis=1)
        return total

    def limits(self) -> tuple[Floats, Floats]:
        """The lowest and highest score that each measurement can have."""
        low, high = self.fixed.copy(), self.fixed.copy()
        low[self.row, self.column] = np.where(self.normal, 0.0, self.start)
        high[self.row, self.column] = np.where(self.normal, 1.0, self.start + self.length)
        return low, high

    def means(self) -> Floats:
        """The mean score of each measurement; of a normal one its middle, clipped."""
        mean = self.fixed.copy()
        middle = np.where(self.normal, np.clip(self.start, 0, 1), self.start + self.length / 2)
        mean[self.row, self.column] = middle
        return mean


def _confidence(cells: _Cells, central: Floats, *, draws: int, rng: Generator) -> Floats:
    """How often nobody is ahead of each alternative under its own central weights; nan where it has none."""
    count = len(central)
    reached = np.flatnonzero(np.isfinite(central).all(axis=1))
    result = np.full(count, np.nan)
    if not len(reached):
        return result
    weights = central[reached]
    fixed = weights @ cells.fixed.T  # [reached, alternative]
    parts = np.split(np.arange(cells.count), cells.first[1:])
    wins = np.zeros(len(reached))
    for size in _chunks(draws):
        drawn = cells.draw(size, rng).T
        scores = np.repeat(fixed.T[:, :, None], size, axis=2)  # [alternative, reached, draw]
        for owner, part in zip(cells.owners.tolist(), parts, strict=False):
            scores[owner] += weights[:, cells.column[part]] @ drawn[part]
        own = scores[reached, np.arange(len(reached))]
        wins += (own >= scores.max(axis=0) - 10.0**-TIE).sum(axis=1)
    result[reached] = wins / draws
    return result


def _order(scores: Floats, rng: Generator) -> Ints:
    """Alternatives [draw, rank] from the highest score down; equal ones by lot."""
    scores = np.round(scores, TIE)
    order = np.argsort(-scores, axis=1, kind="stable")
    ranked = np.take_along_axis(scores, order, axis=1)
    level = np.flatnonzero((ranked[:, 1:] == ranked[:, :-1]).any(axis=1))
    if len(level):
        lots = rng.permuted(np.broadcast_to(np.arange(scores.shape[1]), (len(level), scores.shape[1])), axis=1)
        shuffled = np.take_along_axis(scores[level], lots, axis=1)
        order[level] = np.take_along_axis(lots, np.argsort(-shuffled, axis=1, kind="stable"), axis=1)
    return order


def _moved(low: Floats, high: Floats, *, draws: int, rng: Generator) -> Floats:
    room = (1 - low.sum()) / (high - low).sum()
    weights = np.broadcast_to(low + room * (high - low), (draws, len(low))).copy()
    for _ in range(SWEEPS):
        shuffled = rng.permutation(len(low))
        half = len(low) // 2
        one, other = shuffled[:half], shuffled[half : 2 * half]
        both = weights[:, one] + weights[:, other]
        bottom = np.maximum(low[one], both - high[other])
        top = np.minimum(high[one], both - low[other])
        weights[:, one] = bottom + (top - bottom) * rng.random((draws, half))
        weights[:, other] = both - weights[:, one]
    return weights


def _chunks(draws: int) -> Iterator[int]:
    for start in range(0, draws, CHUNK):
        yield min(CHUNK, draws - start)
