"""What is declared, as it is shown: references, evaluations, and how far the place is on what a policy would move."""

from __future__ import annotations

from datetime import date

import numpy as np

from wellfounded.conclusions.subjects import Subjects
from wellfounded.evidence.types import Polarity, Rule
from wellfounded.priorities.types import CitedEvaluation, Reference, ShownEvaluation, ShownMove, ShownReference


def reference(given: Reference) -> ShownReference:
    return ShownReference(given.title, given.publisher, given.url, day(given.accessed))


def day(given: date) -> str:
    """`25 November 2026`"""
    return f"{given.day} {given:%B %Y}"


def evaluation(given: CitedEvaluation) -> ShownEvaluation:
    return ShownEvaluation(given.says, given.finding.value, given.impact, reference(given.reference))


def move(indicator: str, subjects: Subjects, *, comparator: str) -> ShownMove:
    """Where the place is on an indicator, and how far behind the comparator; why not, where that isn't known."""
    definition = subjects.store.indicator(indicator)
    blank = ShownMove(indicator, definition.label)
    reading = subjects.reading(indicator)
    if isinstance(reading, str):
        return ShownMove(indicator, definition.label, why_none=reading)
    column = reading.panel.category_index.get(definition.total_category or "Total", 0)
    which = int(subjects.roles["place"][0])
    known = np.flatnonzero(np.isfinite(reading.value[which, :, column]))
    if not len(known):
        why = reading.reason[which] or "not published for the place as a whole"
        return ShownMove(indicator, definition.label, why_none=why)
    at = int(known[-1])
    value = float(reading.value[which, at, column])
    period = reading.panel.periods[at].label
    own = definition.unit.write(value)
    if definition.additivity.rule is Rule.SUM:
        return ShownMove(indicator, definition.label, period, own, why_none="an amount: a larger place has more of it")
    sets, name, _ = subjects.comparator(comparator, reading) if comparator else (None, "", "")
    if sets is None:
        return ShownMove(indicator, blank.label, period, own)
    other = float(reading.value[int(sets[0]), at, column])
    if not np.isfinite(other):
        return ShownMove(indicator, blank.label, period, own, comparator_name=name)
    gap = value - other
    size = definition.unit.write(abs(gap))
    if definition.unit.suffix == "%":
        size = f"{size.removesuffix('%')} points"
    level = size == definition.unit.write(0) or gap == 0
    word = "above" if gap > 0 else "below"
    if definition.polarity is not Polarity.NEUTRAL:
        better = (gap > 0) == (definition.polarity is Polarity.HIGHER)
        word = f"{word}, and so {'ahead' if better else 'behind'}"
    return ShownMove(
        indicator=indicator,
        label=definition.label,
        period=period,
        own=own,
        comparator=definition.unit.write(other),
        comparator_name=name,
        gap="level" if level else f"{size} {word}",
    )
