"""Frames: what one test sees under one measure, release, period and sector choice, for many sets at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from wellfounded.conclusions.amounts import Amount, Window
from wellfounded.conclusions.subjects import Indices, Subjects
from wellfounded.conclusions.types import Test, Verdict
from wellfounded.evidence.aggregation import Z95, Combined
from wellfounded.evidence.columns import Floats
from wellfounded.evidence.types import Indicator

HOLDS, UNCERTAIN, FAILS, CANNOT = range(4)
VERDICTS = (Verdict.HOLDS, Verdict.UNCERTAIN, Verdict.FAILS, Verdict.CANNOT_TEST)

Codes = npt.NDArray[np.int8]


class CannotTest(Exception):
    """A test that the figures don't allow, with the reason in words."""


@dataclass
class Judgement:
    """What a test came to over [choice, subject]: verdict codes, the estimate, its limits and p, nan for none."""

    verdict: Codes
    estimate: Floats
    lower: Floats
    upper: Floats
    p: Floats
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def none(cls, shape: tuple[int, ...], reason: str) -> Judgement:
        empty = np.full(shape, np.nan)
        return cls(np.full(shape, CANNOT, dtype=np.int8), empty, empty, empty, empty, reason)


@dataclass
class Frame:
    """A test with its choices. `place` and `comparator` are set indices [choice, subject].

    `period` is "stated", "previous" or "mean"; `sectors` is "stated", "without largest" or "broad".
    Raises CannotTest from any reading that the figures don't allow for all choices at once.
    """

    test: Test
    subjects: Subjects
    indicator: Indicator
    release: str
    period: str
    sectors: str
    place: Indices
    comparator: Indices | None
    confidence: float
    witnesses: Indices | None = None  # sets that must have values in the place's stead, where parts are compared
    looked_at: tuple[int, ...] = field(default=(), init=False)  # the periods read, once they are

    @cached_property
    def combined(self) -> Combined:
        reading = self.subjects.reading(self.indicator.id, self.release)
        if isinstance(reading, str):
            raise CannotTest(reading)
        return reading

    @cached_property
    def category(self) -> int:
        """The column of the test's category; the whole, where the test names none."""
        panel = self.combined.panel
        wanted = self.test.options.get("category") or self.indicator.total_category
        if wanted in panel.category_index:
            return panel.category_index[str(wanted)]
        if len(panel.categories) == 1:
            return 0
        raise CannotTest(f"{self.indicator.label} has no category {wanted!r}")

    @cached_property
    def available(self) -> list[int]:
        """Periods, in order, for which the stated place, and comparator where there is one, have a value."""
        has = self._has_value(self.place[:1] if self.witnesses is None else self.witnesses)
        if self.comparator is not None and self.test.than:
            has &= self._has_value(self.comparator[:1])
        return np.flatnonzero(has).tolist()

    def _has_value(self, sets: Indices) -> npt.NDArray[np.bool_]:
        values = self.combined.value[sets.reshape(-1)][:, :, self.category]
        share: npt.NDArray[np.bool_] = np.isfinite(values).mean(axis=0) >= 0.5
        return share

    @cached_property
    def periods(self) -> list[int]:
        """The periods that the test looks at: one, or three to be averaged."""
        found = self._periods()
        self.looked_at = tuple(found)
        return found

    def _periods(self) -> list[int]:
        available = self.available
        asked = self.test.options.get("period")
        panel = self.combined.panel
        if asked not in (None, "latest"):
            matching = [
                at for at in range(len(panel.periods)) if _is(panel.periods[at].label, str(asked), panel.years[at])
            ]
            if not matching:
                raise CannotTest(f"{self.indicator.label} has no figure for {asked} in {panel.release}")
            position = matching[-1]
            before = [at for at in available if at < position]
            chosen = [*before, position]
        else:
            chosen = available
        if not chosen:
            raise CannotTest(self._why_nothing())
        if self.period == "previous":
            if len(chosen) < 2:
                raise CannotTest("there is no earlier period")
            return [chosen[-2]]
        if self.period == "mean":
            if len(chosen) < 3:
                raise CannotTest("there are fewer than three periods to average")
            days = panel.periods[chosen[-1]].days
            if not 360 <= days <= 370 and days != 1:
                raise CannotTest("its periods overlap or are not years, so three of them can't be averaged")
            return chosen[-3:]
        return [chosen[-1]]

    def _why_nothing(self) -> str:
        """Why there is no period to look at, in words."""
        last = len(self.combined.panel.periods) - 1
        for sets in (self.place if self.witnesses is None else self.witnesses, self.comparator):
            if sets is not None and not np.isfinite(self.combined.value[int(sets[0, 0]), :, self.category]).any():
                return self._why_none(int(sets[0, 0]), last)
        return f"{self.indicator.label} has no period with figures for both"

    def why_missing(self) -> str:
        """Why a figure that the stated test needs in its periods has no value, in words; nothing if all have one."""
        for sets in (self.place[0, :1] if self.witnesses is None else self.witnesses[0], self.comparator):
            for which in [] if sets is None else sets.reshape(-1)[: sets.shape[-1]].tolist():
                for at in self.periods:
                    if np.isnan(self.combined.value[which, at, self.category]):
                        return self._why_none(which, at)
        return ""

    def _why_none(self, which: int, period: int) -> str:
        names = {code: self.subjects.store.catalogue.areas.name(code) for code in self.subjects.sets[which].members}
        return self.combined.why_none(which, period, self.category, names=names)

    def at(self, sets: Indices) -> tuple[Floats, Floats]:
        """Values and standard errors of sets [choice, subject] in the test's period (a mean over several)."""
        periods = np.array(self.periods)
        values = self.combined.value[sets][..., periods, self.category]
        errors = self.combined.se[sets][..., periods, self.category]
        if len(periods) == 1:
            return values[..., 0], errors[..., 0]
        return values.mean(axis=-1), np.sqrt((errors**2).sum(axis=-1)) / len(periods)

    def limits(self, sets: Indices) -> tuple[Floats, Floats]:
        """The 95% limits of sets [choice, subject] in the test's period: as published, or of a mean of several."""
        periods = self.periods
        if len(periods) == 1:
            at = periods[0]
            return self.combined.lower[sets][..., at, self.category], self.combined.upper[sets][..., at, self.category]
        value, se = self.at(sets)
        return value - Z95 * se, value + Z95 * se

    def window(self, *, least: int = 2) -> list[int]:
        """The periods of the test's window, in order."""
        window = self.test.options["over"]
        assert isinstance(window, Window)  # the reader has parsed it
        panel, chosen = self.combined.panel, list(self.available)
        if not chosen:
            raise CannotTest(self._why_nothing())
        ends = panel.years
        if window.first is not None and window.last is not None:
            chosen = [at for at in chosen if window.first <= ends[at] <= window.last]
            if not chosen or ends[chosen[0]] != window.first or ends[chosen[-1]] != window.last:
                raise CannotTest(f"its figures don't cover {window}")
        elif window.years is not None:
            last = ends[chosen[-1]]
            inside = [at for at in chosen if ends[at] >= last - window.years]
            if ends[inside[0]] > last - window.years + 1:
                raise CannotTest(f"its figures cover {last - ends[inside[0]]} years, not {window.years}")
            chosen = inside
        if self.period == "previous":  # the window that ends one period earlier
            chosen = chosen[:-1]
        elif self.period == "later":  # the window that starts one period later
            chosen = chosen[1:]
        elif self.period == "all":
            chosen = list(self.available)
        if len(chosen) < least:
            raise CannotTest(f"its window has {len(chosen)} periods, and the method needs {least}")
        self.looked_at = tuple(chosen)
        return chosen

    def series(self, sets: Indices, periods: list[int]) -> tuple[Floats, Floats]:
        """Values and standard errors [choice, subject, period] of the test's category."""
        at = np.array(periods)
        return self.combined.value[sets][..., at, self.category], self.combined.se[sets][..., at, self.category]

    def years(self, periods: list[int]) -> Floats:
        """The middle of each period, in years."""
        panel = self.combined.panel
        return np.array(
            [(panel.periods[at].start.toordinal() + panel.periods[at].end.toordinal()) / 2 / 365.2425 for at in periods]
        )

    def figures_read(self, sets: list[Indices]) -> tuple[object, ...]:
        """What tells two readings of the same indicator and sets apart: the periods read, and the values in them."""
        if not self.looked_at:
            return (self.combined.panel.release, self.period)
        at = np.array(self.looked_at)
        values = (self.combined.value[one][:, at, self.category].tobytes() for one in sets)
        return (*(self.combined.panel.periods[period] for period in self.looked_at), *values)

    @property
    def shape(self) -> tuple[int, int]:
        return (self.place.shape[0], self.place.shape[1])

    def option(self, name: str) -> Amount | None:
        found = self.test.options.get(name)
        return found if isinstance(found, Amount) else None


def _is(label: str, asked: str, year: int) -> bool:
    return label == asked or str(year) == asked
