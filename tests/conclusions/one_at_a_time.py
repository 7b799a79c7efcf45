"""The slow twin of robustness: each variant as a conclusion of its own, read and tested by itself.

A comparator is another `than`, a measure another `indicator`, a boundary another base, a vintage another catalogue, a
period a named `period` (or window). Only the mean of three periods needs arithmetic, done here from three results.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from statistics import fmean

from wellfounded.analysis.difference import difference, relative_difference
from wellfounded.conclusions.amounts import Amount, Window
from wellfounded.conclusions.choices import STATED
from wellfounded.conclusions.evaluate import evaluate
from wellfounded.conclusions.expectations.common import points_unit
from wellfounded.conclusions.types import Combination, Conclusion, Dimension, Kind, Result, Test
from wellfounded.core import Figure
from wellfounded.evidence.base import Base, Comparator
from wellfounded.evidence.store import Store

Chosen = dict[Dimension, str]


def combinations(choices: dict[Dimension, list[str]]) -> list[Chosen]:
    """Every combination of the choices of a test."""
    return [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]


@dataclass
class OneAtATime:
    """A base and its figures, asked one variant of a conclusion of one test at a time."""

    base: Base
    store: Store
    _labels: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def verdict(self, conclusion: Conclusion, chosen: Chosen) -> tuple[str, float | None]:
        """The verdict and estimate under one set of choices."""
        (test,) = conclusion.tests.parts
        assert isinstance(test, Test)
        measure = chosen.get(Dimension.MEASURE, STATED)
        test = replace(test, indicator=test.indicator if measure == STATED else measure)
        store = self._store(test.indicator, chosen.get(Dimension.VINTAGE, STATED))
        times = self._times(test, chosen, store)
        if not times:
            return "cannot test", None
        than = chosen.get(Dimension.COMPARATOR, STATED)
        test = replace(test, than=test.than if than == STATED else than)
        base, boundary = self.base, chosen.get(Dimension.BOUNDARY, STATED)
        if boundary != STATED:
            left = tuple(code for code in base.members if code != boundary.removeprefix("without:"))
            base = replace(base, members=left, same_as=(), comparators=self._as_they_are())
        results = [_alone(replace(test, options=test.options | time), base, store) for time in times]
        if len(results) > 1:
            return _mean(test, results, base=base, store=store)
        return str(results[0].verdict), results[0].tests[0].outcome.estimate

    def _as_they_are(self) -> dict[str, Comparator]:
        """The comparators with the neighbours of the whole place, which stay the same for a part of it."""
        graph, found = self.store.catalogue.areas, {}
        for name, comparator in self.base.comparators.items():
            near: dict[str, None] = {}
            for code in self.base.members if comparator.kind == "neighbours" else ():
                others = [item for item in graph.neighbours(code, kind=comparator.neighbours, n=20)
                          if item not in self.base.members]  # fmt: skip
                near |= dict.fromkeys(others[: comparator.n])
            found[name] = replace(comparator, kind="areas", areas=tuple(near)) if near else comparator
        return found

    def _store(self, measure: str, vintage: str) -> Store:
        """A store that doesn't know the latest release of the measure, where the release before is asked for."""
        if vintage == STATED:
            return self.store
        latest = self.store.catalogue.latest | {measure: self.store.catalogue.latest[measure][1:]}
        return Store(replace(self.store.catalogue, latest=latest), self.base)

    def _times(self, test: Test, chosen: Chosen, store: Store) -> list[dict[str, object]]:
        """The period (three for a mean) or the window that is meant, as the place and its stated comparator have it."""
        period = chosen.get(Dimension.PERIOD, STATED)
        if not store.releases_of(test.indicator):
            return []
        if "over" in test.options:
            return self._window(test, period, store)
        key = (test.indicator, chosen.get(Dimension.VINTAGE, STATED))
        if key not in self._labels:
            asked = {at.label: replace(test, options=test.options | {"period": at.label})
                     for at in store.panel(test.indicator).periods}  # fmt: skip
            self._labels[key] = [
                label for label, one in asked.items() if _alone(one, self.base, store).verdict != "cannot test"
            ]
        labels = self._labels[key]
        wanted = {STATED: labels[-1:], "previous": labels[-2:-1], "mean": labels[-3:]}[period]
        days = store.panel(test.indicator).periods[-1].days
        if period == "mean" and (len(wanted) < 3 or not (360 <= days <= 370 or days == 1)):
            return []
        return [{"period": label} for label in wanted]

    def _window(self, test: Test, period: str, store: Store) -> list[dict[str, object]]:
        figures = _alone(test, self.base, store).tests[0].figures
        if period == "all" or not figures:
            return [{"over": Window()}] if figures else []
        years = sorted({figure.period.start.year for figure in figures})
        known = sorted(set(store.panel(test.indicator).years.tolist()))
        inside = [year for year in known if years[0] <= year <= years[-1]]
        first, last = {
            STATED: (inside[0], inside[-1]), "previous": (inside[0], inside[-2]), "later": (inside[1], inside[-1]),
        }[period]  # fmt: skip
        return [{"over": Window(first=first, last=last)}]


def _alone(test: Test, base: Base, store: Store) -> Result:
    alone = Conclusion("alone", "", Kind.CONTEXT, (), "So it is.", Combination("all", (test,)))
    return evaluate(base, store, conclusions=[alone], robustness=False).results[0]


def _mean(test: Test, results: list[Result], *, base: Base, store: Store) -> tuple[str, float | None]:
    """What a comparison of levels comes to on the mean of three periods."""
    if any(result.verdict == "cannot test" for result in results):
        return "cannot test", None
    place, other = ([result.tests[0].figures[which] for result in results] for which in (0, 1))
    a, b = fmean(_value(figure) for figure in place), fmean(_value(figure) for figure in other)
    se_a, se_b = _error(place), _error(other)
    margin = test.options.get("by_at_least")
    assert isinstance(margin, Amount)
    relative = margin.kind == "relative"
    assert relative != points_unit(store.indicator(test.indicator))
    compare = relative_difference if relative else difference
    found = compare(a, b, se_a=se_a, se_b=se_b or 0.0, confidence=base.confidence)
    sign = 1 if test.expect == "higher" else -1
    estimate = float(found.estimate)
    if sign * estimate < margin.value:
        return "fails", estimate
    told = se_a is None or (found.lower > 0 if sign > 0 else found.upper < 0)
    return "holds" if told else "uncertain", estimate


def _value(figure: Figure) -> float:
    assert isinstance(figure.value, float)
    return figure.value


def _error(figures: list[Figure]) -> float | None:
    errors = [figure.interval.width / (2 * 1.959963984540054) for figure in figures if figure.interval]
    return sum(error**2 for error in errors) ** 0.5 / len(figures) if len(errors) == len(figures) else None
