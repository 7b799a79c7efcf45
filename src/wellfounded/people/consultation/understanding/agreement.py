"""How far two people agree who decided the same points blind, beyond what chance would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np


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
