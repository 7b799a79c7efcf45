"""What every expectation shares: how it is declared, how it explains itself, how a verdict follows from numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from wellfounded.conclusions.amounts import Amount
from wellfounded.conclusions.frame import CANNOT, FAILS, HOLDS, UNCERTAIN, CannotTest, Codes, Frame, Judgement
from wellfounded.conclusions.types import Dimension
from wellfounded.core import Figure, Unit
from wellfounded.evidence.columns import Floats
from wellfounded.evidence.types import Indicator

Bools = npt.NDArray[np.bool_]
ROUNDING = 1e-9  # what arithmetic on binary fractions may lose, as a share


@dataclass
class Explanation:
    """A test's question, slots, working, figures and series for a chart, for its stated choices."""

    question: str
    slots: dict[str, str] = field(default_factory=dict)
    working: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    series: dict[str, Any] = field(default_factory=dict)
    honest: dict[str, str] = field(default_factory=dict)  # verdict -> what may be said instead


@dataclass(frozen=True)
class Expectation:
    """One kind of test: what it needs, which choices a critic could make differently, how it judges and explains.

    `options` maps each option's name to the kind of value it takes: a kind of amount, window, text, list, flag, ...
    `slots` are the names that a sentence may use.
    """

    name: str
    title: str
    method: str
    than: str  # "required", "optional" or "none"
    options: dict[str, str]
    required: tuple[str, ...]
    one_of: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    slots: tuple[str, ...]
    judge: Callable[[Frame], Judgement]
    explain: Callable[[Frame, Judgement], Explanation]
    periods: tuple[str, ...] = ("previous", "mean")
    disagree: Callable[[Mapping[str, Any]], str] | None = None  # what is wrong with a test's keys taken together


def reaches(estimate: Floats, size: float) -> Bools:
    """Whether an estimate is `size` or more. 64.1 less 62.1 is 2 points, whatever binary fractions make of it."""
    result: Bools = estimate >= size - ROUNDING * (1 + abs(size))
    return result


def goes_by(estimate: Floats, size: float, *, sign: float) -> Bools:
    """Whether an estimate lies on the side of `sign`, and by `size` at least."""
    return reaches(sign * estimate, size) & (sign * estimate > 0)


def decide(*, meets: Bools, known: Bools, told: Bools, has_interval: Bools) -> Codes:
    """Verdicts from four facts: the estimate meets the expectation; it is known; its interval tells it from its
    opposite; there is an interval at all (without one, meeting the margin decides)."""
    verdict = np.where(meets, np.where(~has_interval | told, HOLDS, UNCERTAIN), FAILS)
    return np.where(known, verdict, CANNOT).astype(np.int8)


def only_one_of(names: tuple[str, ...], table: Mapping[str, Any]) -> str:
    """What is wrong where a test has more than one of these keys."""
    given = [f"`{name}`" for name in names if name in table]
    return f"{' and '.join(given)} are both there: which of them is meant?" if len(given) > 1 else ""


def place_name(frame: Frame) -> str:
    return frame.subjects.sets[int(frame.place[0, 0])].name


def comparator_name(frame: Frame) -> str:
    if frame.comparator is None:
        return ""
    return frame.subjects.comparator(frame.test.than, frame.combined)[1]


def points_unit(indicator: Indicator) -> bool:
    """Whether differences are in percentage points."""
    return indicator.unit.suffix == "%"


def check_unit(amount: Amount | None, frame: Frame) -> None:
    """Raises CannotTest where a margin or threshold can't be read in the unit of the measure at hand."""
    if amount and amount.kind == "points" and not points_unit(frame.indicator):
        raise CannotTest(f"the margin is in points, and {lower_first(frame.indicator.label)} is not a percentage")
    if amount and amount.kind == "unit" and frame.indicator.id != frame.test.indicator:
        raise CannotTest("the margin is stated in the unit of another measure")


def write_difference(estimate: float, amount: Amount | None, indicator: Indicator) -> str:
    """The size of a difference in words, without its sign: 12%, 3.1 percentage points, £4.20."""
    size = abs(estimate)
    if relative(amount, indicator):
        return percent(size)
    if points_unit(indicator):
        return points(size)
    return indicator.unit.write(size)


def relative(amount: Amount | None, indicator: Indicator) -> bool:
    return amount.kind == "relative" if amount else not points_unit(indicator)


def percent(share: float, *, decimals: int | None = None) -> str:
    """A share as a percentage: whole above 10%, else one decimal."""
    size = abs(share * 100)
    places = decimals if decimals is not None else (0 if round(size, 1) >= 10 else 1)
    return Unit(suffix="%", decimals=places).write(share * 100)


def points(number: float) -> str:
    rounded = Unit(decimals=1).write(number)
    return f"{rounded} percentage point{'' if rounded == '1.0' else 's'}"


def interval_words(lower: float, upper: float, write: Callable[[float], str]) -> str:
    if not (np.isfinite(lower) and np.isfinite(upper)):
        return ""
    return f"{write(lower)} to {write(upper)}"


def p_words(p: float) -> str:
    if not np.isfinite(p):
        return ""
    return "p below 0.001" if p < 0.001 else f"p = {p:.3f}"


def period_words(frame: Frame, periods: list[int]) -> str:
    labels = [frame.combined.panel.periods[at].label for at in periods]
    return labels[0] if len(labels) == 1 else f"the mean of {', '.join(labels[:-1])} and {labels[-1]}"


def when_words(frame: Frame, periods: list[int]) -> str:
    """The period inside a sentence: in 2023, on 30 April 2025."""
    if len(periods) == 1:
        return frame.combined.panel.periods[periods[0]].when
    return f"as {period_words(frame, periods)}"


def moved(rate: float, words: str) -> str:
    """grew by 2.0%, or fell by 2.0%: `words` is the size of `rate` without its sign."""
    return f"{'fell' if rate < 0 else 'grew'} by {words}"


def figures_at(frame: Frame, sets: list[int], periods: list[int], category: int | None = None) -> list[Figure]:
    store, combined = frame.subjects.store, frame.combined
    column = frame.category if category is None else category
    return [store.figure(combined, which, at, column) for which in sets for at in periods]


def point(frame: Frame, role: dict[str, Any]) -> dict[str, Any]:
    """A set's value in the test's period with its limits, for charts; None for what there isn't."""
    sets = np.array([[role["set"]]])
    numbers = (first(frame.at(sets)[0]), *(first(limit) for limit in frame.limits(sets)))
    return {
        **role,
        **{
            name: number if np.isfinite(number) else None
            for name, number in zip(("value", "lower", "upper"), numbers, strict=True)
        },
    }


def behind(frame: Frame, which: int, period: int) -> list[Figure]:
    """What a combined figure was made of: its members' figures and what weighs them; nothing where it was published.

    Only for sets whose members are sets of their own, as those of the place are.
    """
    subjects, combined = frame.subjects, frame.combined
    members = subjects.sets[which].members
    roles_of = [f"area:{code}" for code in members]
    if combined.source[which] != "combined" or not all(role in subjects.roles for role in roles_of):
        return []
    sets = [int(subjects.roles[role][0]) for role in roles_of]
    found = figures_at(frame, sets, [period])
    additivity = frame.indicator.additivity
    weight = additivity.numerator or additivity.denominator
    reading = subjects.reading(weight) if weight else ""
    if not isinstance(reading, str) and combined.weight_year.size:
        at = np.flatnonzero(reading.panel.years == combined.weight_year[period])
        column = reading.panel.category_index.get("", reading.panel.category_index.get("Total", 0))
        if at.size:
            found += [subjects.store.figure(reading, one, int(at[-1]), column) for one in sets]
    return found


def rule_step(frame: Frame, which: int) -> list[str]:
    """How a set's figure was made, as a step of the working; nothing where it was published."""
    rule = frame.combined.rule[which]
    article = "an" if rule.startswith("a") else "a"
    return [f"The figure for {frame.subjects.sets[which].name} is {article} {rule}."] if rule else []


def fallback_step(frame: Frame) -> list[str]:
    if frame.comparator is None:
        return []
    note = frame.subjects.comparator(frame.test.than, frame.combined)[2]
    return [f"{frame.indicator.label} is {note}."] if note else []


def first(array: Floats) -> float:
    return float(array[0, 0])


def lower_first(label: str) -> str:
    """A label inside a sentence: its first letter small unless it starts with an acronym."""
    return label if len(label) < 2 or label[:2].isupper() or label[1:2].isdigit() else label[0].lower() + label[1:]


def roles(frame: Frame) -> list[dict[str, Any]]:
    """The place, its members and the comparator, for charts: set index, name, code and part played."""
    subjects = frame.subjects
    place = int(frame.place[0, 0])
    found = [{"set": place, "name": subjects.sets[place].name, "code": subjects.sets[place].id, "role": "place"}]
    if subjects.sets[place].id == subjects.base.code and len(subjects.base.members) > 1:
        for member in subjects.base.members:
            index = int(subjects.roles[f"area:{member}"][0])
            found.append({"set": index, "name": subjects.sets[index].name, "code": member, "role": "member"})
    if frame.comparator is not None:
        index = int(frame.comparator[0, 0])
        name = comparator_name(frame)
        found.append({"set": index, "name": name, "code": subjects.sets[index].id, "role": "comparator"})
    return found
