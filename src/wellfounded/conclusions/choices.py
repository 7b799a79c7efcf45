"""The choices that a fair critic could make differently, for one test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wellfounded.conclusions.expectations import Expectation
from wellfounded.conclusions.subjects import Subjects
from wellfounded.conclusions.types import Choice, Dimension, Test
from wellfounded.evidence.aggregation import Combined
from wellfounded.evidence.store import NoSuchIndicator
from wellfounded.evidence.types import Polarity

STATED = "stated"
ORDER = tuple(Dimension)

_PERIOD_WORDS = {
    "previous": "the period before the latest",
    "mean": "the mean of the last three periods",
    "later": "a window that starts one period later",
    "all": "the longest window there is",
}
_WINDOW_WORDS = {"previous": "a window that ends one period earlier"}


@dataclass(frozen=True)
class TestChoices:
    """Per dimension that a test has, its choices, the stated one first; and alternatives that make no difference."""

    by_dimension: dict[Dimension, tuple[Choice, ...]]
    refused: tuple[tuple[str, str], ...] = ()

    def values(self, dimension: Dimension) -> list[str]:
        return [choice.value for choice in self.by_dimension.get(dimension, ())]


def choices_of(test: Test, expectation: Expectation, subjects: Subjects) -> TestChoices:
    """The choices for a test: its comparator, period, measure, boundary, vintage and sectors, and fair alternatives."""
    store, base = subjects.store, subjects.base
    indicator = store.indicator(test.indicator)
    reading = subjects.reading(test.indicator)
    found: dict[Dimension, tuple[Choice, ...]] = {}
    refused: list[tuple[str, str]] = []
    dimensions = expectation.dimensions

    def add(dimension: Dimension, stated: str, alternatives: Iterator[tuple[str, str]]) -> None:
        choices = [Choice(dimension, STATED, stated, True)]
        choices += [Choice(dimension, value, label, False) for value, label in alternatives]
        if len(choices) > 1:
            found[dimension] = tuple(choices)

    named_area = test.than not in base.comparators  # two areas that the sentence itself names: the pair is the point
    if Dimension.COMPARATOR in dimensions and test.than and not named_area and isinstance(reading, Combined):
        alternatives, left_out = _comparators(test, subjects, reading)
        refused += left_out
        add(Dimension.COMPARATOR, f"against {_name(test.than, subjects)}", iter(alternatives))
    if Dimension.PERIOD in dimensions:
        windowed = "over" in test.options
        words = {**_PERIOD_WORDS, **(_WINDOW_WORDS if windowed else {})}
        options = [name for name in expectation.periods if not (windowed and name == "all" and _is_all(test))]
        stated = f"over {test.options['over']}" if windowed else str(test.options.get("period") or "the latest period")
        add(Dimension.PERIOD, stated, ((name, words[name]) for name in options))
    if Dimension.MEASURE in dimensions:
        measures = []
        for name in indicator.alternatives:
            try:
                other = store.indicator(name)
            except NoSuchIndicator:
                continue
            label = f"by {other.label} instead of {indicator.label}"
            opposite = {indicator.polarity, other.polarity} == {Polarity.HIGHER, Polarity.LOWER}
            if opposite:
                refused.append((label, "it counts the opposite, so the same expectation can't be asked of it"))
            elif other.category_kind == indicator.category_kind or not test.options.get("category"):
                measures.append((name, label))
        add(Dimension.MEASURE, f"by {indicator.label}", iter(measures))
    if (
        Dimension.BOUNDARY in dimensions
        and "area" not in test.options
        and subjects.count == 1
        and len(base.members) > 1
    ):
        areas = store.catalogue.areas
        add(
            Dimension.BOUNDARY,
            f"the whole of {base.name}",
            ((f"without:{member}", f"without {areas.name(member)}") for member in base.members),
        )
    if Dimension.VINTAGE in dimensions:
        releases = store.releases_of(test.indicator)
        alternatives = (
            [("previous", f"in the release of {releases[1].released:%-d %B %Y}")] if len(releases) > 1 else []
        )
        add(Dimension.VINTAGE, "in the latest release", iter(alternatives))
    if Dimension.SECTORS in dimensions:
        add(Dimension.SECTORS, "all sectors", iter([("without largest", "without the largest sector")]))
    return TestChoices(found, tuple(refused))


def _is_all(test: Test) -> bool:
    return str(test.options.get("over")) == "all years"


def _name(given: str, subjects: Subjects) -> str:
    comparator = subjects.base.comparators.get(given)
    return comparator.name if comparator else subjects.store.catalogue.areas.name(given)


def _comparators(
    test: Test, subjects: Subjects, reading: Combined
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Comparators of the base that are read from other figures than the stated one, and those that aren't."""
    base = subjects.base
    stated_sets, stated_name, _ = subjects.comparator(test.than, reading)
    seen = {int(stated_sets[0])}
    alternatives, refused = [], []
    for name in base.robust_comparators:
        if name == test.than:
            continue
        sets, resolved, note = subjects.comparator(name, reading)
        label = f"against {base.comparators[name].name} instead of {stated_name}"
        if int(sets[0]) in seen:
            refused.append((label, note or f"the same figures as for {resolved}"))
            continue
        seen.add(int(sets[0]))
        alternatives.append((name, label))
    return alternatives, refused
