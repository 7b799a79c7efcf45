"""Reconciliation: what members make together, against the official figure of the same ground where there is one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.core import Period
from wellfounded.evidence.aggregation import Combined


@dataclass(frozen=True)
class Reconciliation:
    """A combined value and the one published for the same ground under `code`, in the latest period of both."""

    code: str
    period: Period
    combined: float
    official: float

    @property
    def difference(self) -> float:
        return self.combined - self.official

    @property
    def relative(self) -> float:
        """The difference as a share of the official figure; nan where that is zero."""
        return self.difference / self.official if self.official else float("nan")


def reconcile(combined: Combined, which: int, *, category: int = 0) -> Reconciliation | None:
    """How a set's combined figure compares with the official one of the same ground; None where there is none."""
    if combined.source[which] != "combined":
        return None
    panel = combined.panel
    for code in combined.sets[which].official:
        row = panel.area_index.get(code)
        if row is None:
            continue
        both = np.flatnonzero(
            np.isfinite(panel.value[row, :, category]) & np.isfinite(combined.value[which, :, category])
        )
        if both.size:
            at = int(both[-1])
            return Reconciliation(
                code,
                panel.periods[at],
                float(combined.value[which, at, category]),
                float(panel.value[row, at, category]),
            )
    return None
