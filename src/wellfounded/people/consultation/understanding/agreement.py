"""How far two or more people agree who decided the same points blind, beyond what chance would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

DRAWS = 2_000  # resamples of the units for the interval of alpha


class CodingsDoNotMatch(ValueError):
    """The people did not judge the same list of points."""


@dataclass(frozen=True)
class Agreement:
    """A coefficient: 1 is full agreement, 0 what chance gives. None, with the reason, where it can't be said."""

    value: float | None
    low: float | None
    high: float | None
    n: int  # points that at least two people decided
    observed: float | None  # the plain share of agreeing pairs
    reason: str = ""


def cohens_kappa(first: Sequence[str], second: Sequence[str], *, confidence: float = 0.95) -> Agreement:
    """Cohen's kappa of two people with its asymptotic interval (Fleiss, Cohen and Everitt 1969)."""
    if len(first) != len(second):
        raise CodingsDoNotMatch(f"the one decided {len(first)} points and the other {len(second)}; give both the same")
    n = len(first)
    if n == 0:
        return Agreement(None, None, None, 0, None, "nobody has decided the same point twice yet")
    names, codes = np.unique(np.array([*first, *second], dtype=np.str_), return_inverse=True)
    table = np.zeros((len(names), len(names)))
    np.add.at(table, (codes[:n], codes[n:]), 1 / n)
    rows, columns, same = table.sum(axis=1), table.sum(axis=0), np.diag(table)
    observed, expected = float(same.sum()), float(rows @ columns)
    if np.isclose(expected, 1):
        return Agreement(None, None, None, n, observed, "all decisions are the same: chance explains all agreement")
    value = (observed - expected) / (1 - expected)
    crossed = rows[None, :] + columns[:, None]
    diagonal = same @ (1 - (rows + columns) * (1 - value)) ** 2
    off = (1 - value) ** 2 * float((table * crossed**2).sum() - same @ np.diag(crossed) ** 2)
    variance = (diagonal + off - (value - expected * (1 - value)) ** 2) / (n * (1 - expected) ** 2)
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * float(np.sqrt(max(variance, 0.0)))
    return Agreement(value, max(-1.0, value - reach), min(1.0, value + reach), n, observed)


def krippendorffs_alpha(codings: Sequence[Sequence[str | None]], *, seed: int, confidence: float = 0.95) -> Agreement:
    """Krippendorff's alpha (nominal) of any number of people, a row each; None where somebody did not decide.

    The interval is that of the points drawn again (percentiles), so it wants some dozens of them.
    """
    if len({len(row) for row in codings}) > 1:
        raise CodingsDoNotMatch(
            f"people decided lists of {sorted({len(row) for row in codings})} points; give one list"
        )
    names = sorted({code for row in codings for code in row if code is not None})
    place = {name: number for number, name in enumerate(names)}
    units = len(codings[0]) if codings else 0
    counts = np.zeros((units, len(names)))
    for row in codings:
        decided = [(unit, place[code]) for unit, code in enumerate(row) if code is not None]
        if decided:
            np.add.at(counts, tuple(np.array(decided).T), 1)
    counts = counts[counts.sum(axis=1) >= 2]
    if not len(counts):
        return Agreement(None, None, None, 0, None, "nobody has decided the same point twice yet")
    pairs = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1)
    observed = float((agreeing / (pairs - 1)).sum() / pairs.sum())
    value = _alpha(counts, np.ones((1, len(counts))))[0]
    if np.isnan(value):
        return Agreement(
            None, None, None, len(counts), observed, "all decisions are the same: chance explains all agreement"
        )
    draws = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), DRAWS)
    drawn = _alpha(counts, draws.astype(np.float64))
    drawn = np.where(np.isnan(drawn), 1.0, drawn)  # a draw of one code only: full agreement
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Agreement(float(value), float(low), float(high), len(counts), observed)


def _alpha(counts: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Alpha with each unit (row of counts) taken so many times (draws, units); nan where only one code is used."""
    pairs = counts.sum(axis=1)
    disagreeing = (pairs**2 - (counts**2).sum(axis=1)) / (pairs - 1)
    totals = times @ counts
    n = totals.sum(axis=1)
    by_chance = (n**2 - (totals**2).sum(axis=1)) / np.maximum(n - 1, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(by_chance > 0, 1 - (times @ disagreeing) / by_chance, np.nan)
