"""Robustness: a conclusion under every combination of fair choices, in one set-based pass.

Each test is judged once for each measure, release, period and sector choice, with all its comparators and
boundaries (and, in a pass over many places, all subjects) as arrays; combinations then only look verdicts up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from wellfounded.conclusions.choices import STATED, TestChoices, choices_of
from wellfounded.conclusions.expectations import EXPECTATIONS, Expectation
from wellfounded.conclusions.frame import CANNOT, FAILS, HOLDS, UNCERTAIN, VERDICTS, CannotTest, Codes, Frame, Judgement
from wellfounded.conclusions.subjects import Indices, Subjects
from wellfounded.conclusions.types import Choice, Combination, Conclusion, Dimension, Robustness, Test, Variant, Verdict
from wellfounded.evidence.aggregation import Combined
from wellfounded.evidence.columns import Ints

Key = tuple[str, str, str, str]  # measure, vintage, period, sectors
Offered = dict[Dimension, dict[str, Choice]]
_KEY_DIMENSIONS = (Dimension.MEASURE, Dimension.VINTAGE, Dimension.PERIOD, Dimension.SECTORS)
_ROW_DIMENSIONS = (Dimension.COMPARATOR, Dimension.BOUNDARY)
_DIMENSIONS = _KEY_DIMENSIONS + _ROW_DIMENSIONS
_STATED_KEY: Key = (STATED, STATED, STATED, STATED)
AS_STATED = "as stated"
BESIDE_CONFIDENCE = (0.90, 0.95, 0.99)


@dataclass
class Judged:
    """One test under all its choices: a judgement [comparator x boundary, subject] for each key.

    A cell is one set of the test's own choices: key after key, in each row after row.
    """

    test: Test
    expectation: Expectation
    choices: TestChoices
    rows: dict[tuple[str, str], int]
    judgements: dict[Key, Judgement]
    frames: dict[Key, Frame]

    @property
    def stated(self) -> tuple[Frame, Judgement]:
        return self.frames[_STATED_KEY], self.judgements[_STATED_KEY]

    @cached_property
    def verdict(self) -> Codes:
        """The verdict [cell, subject]."""
        return np.concatenate([judgement.verdict for judgement in self.judgements.values()])

    def at(self, cell: int) -> tuple[Judgement, int]:
        """The judgement that a cell is in, and its row there."""
        number, row = divmod(cell, len(self.rows))
        return list(self.judgements.values())[number], row

    def cells(self, offered: Offered) -> Ints:
        """The cell under each combination of the choices offered, in order; one that the test hasn't is as stated."""
        found = np.zeros(1, dtype=np.int64)
        for dimension, choices in offered.items():
            own = {value: at for at, value in enumerate(self.choices.values(dimension))}
            inner = _DIMENSIONS[_DIMENSIONS.index(dimension) + 1 :]
            stride = math.prod(len(self.choices.values(other)) or 1 for other in inner)
            steps = np.array([own.get(value, 0) * stride for value in choices], dtype=np.int64)
            found = (found[:, None] + steps).reshape(-1)
        return found

    @cached_property
    def same_as(self) -> Ints:
        """For each cell the first one that comes to the same: two choices can lead to the same figures.

        A release that holds the same figures of both sides for the periods read is no other vintage.
        """
        first: dict[tuple[object, ...], int] = {}
        found: list[int] = []
        for (key, frame), judgement in zip(self.frames.items(), self.judgements.values(), strict=True):
            computed = bool((judgement.verdict != CANNOT).any())
            for row in self.rows.values():
                sets = [frame.place[row], *([frame.comparator[row]] if frame.comparator is not None else [])]
                read = (frame.indicator.id, frame.sectors, *frame.figures_read(sets)) if computed else key
                what = (read, judgement.estimate[row].tobytes(), *(one.tobytes() for one in sets))
                found.append(first.setdefault(what, len(found)))
        return np.array(found, dtype=np.int64)


def tests_of(combination: Combination) -> list[Test]:
    """The tests of a conclusion, in order, whatever they are combined by."""
    found: list[Test] = []
    for part in combination.parts:
        found += tests_of(part) if isinstance(part, Combination) else [part]
    return found


def judge_test(test: Test, subjects: Subjects, *, all_choices: bool = True) -> Judged:
    """A test under all its choices, or only under those it states."""
    expectation = EXPECTATIONS[test.expect]
    choices = choices_of(test, expectation, subjects) if all_choices else TestChoices({})
    comparators, boundaries = (choices.values(dimension) or [STATED] for dimension in _ROW_DIMENSIONS)
    rows = {pair: at for at, pair in enumerate(product(comparators, boundaries))}
    judged = Judged(test, expectation, choices, rows, {}, {})
    measures, vintages, periods, sectors = (choices.values(dimension) or [STATED] for dimension in _KEY_DIMENSIONS)
    for measure, vintage in product(measures, vintages):
        place, comparator = _sets(judged, subjects, measure, vintage)
        for period, sector in product(periods, sectors):
            frame = Frame(
                test=test,
                subjects=subjects,
                indicator=subjects.store.indicator(test.indicator if measure == STATED else measure),
                release="latest" if vintage == STATED else vintage,
                period=period,
                sectors=sector,
                place=place,
                comparator=comparator,
                confidence=subjects.base.confidence,
            )
            judged.frames[measure, vintage, period, sector] = frame
            judged.judgements[measure, vintage, period, sector] = _judge(frame, expectation)
    return judged


def _judge(frame: Frame, expectation: Expectation) -> Judgement:
    try:
        return expectation.judge(frame)
    except CannotTest as reason:
        return Judgement.none(frame.shape, str(reason))


def _sets(judged: Judged, subjects: Subjects, measure: str, vintage: str) -> tuple[Indices, Indices | None]:
    """The place's and the comparator's sets [row, subject], as they are read for one measure and release."""
    test = judged.test
    own_role = f"area:{test.options['area']}" if "area" in test.options else "place"
    reading = subjects.reading(
        test.indicator if measure == STATED else measure, "latest" if vintage == STATED else vintage
    )
    places, comparators = [], []
    for comparator, boundary in judged.rows:
        role = own_role if boundary == STATED else boundary
        if role not in subjects.roles:
            role = subjects.area(role.removeprefix("area:"))
        places.append(subjects.roles[role])
        if test.than and isinstance(reading, Combined):
            comparators.append(subjects.comparator(test.than if comparator == STATED else comparator, reading)[0])
    return np.stack(places), np.stack(comparators) if comparators else None


def combine_verdicts(combination: Combination, verdicts: dict[str, Codes]) -> Codes:
    """The verdict of a combination from those of its tests, by id; arrays of any one shape."""
    parts = [
        combine_verdicts(part, verdicts) if isinstance(part, Combination) else verdicts[part.id]
        for part in combination.parts
    ]
    if combination.mode == "not":
        return np.select([parts[0] == HOLDS, parts[0] == FAILS], [FAILS, HOLDS], parts[0]).astype(np.int8)
    if len(parts) == 1:
        return parts[0]
    stacked = np.stack(parts)
    holds, fails = stacked == HOLDS, stacked == FAILS
    cannot, uncertain = stacked == CANNOT, stacked == UNCERTAIN
    if combination.mode == "any":
        order = [holds.any(axis=0), uncertain.any(axis=0), cannot.any(axis=0)]
        return np.select(order, [HOLDS, UNCERTAIN, CANNOT], FAILS).astype(np.int8)
    order = [fails.any(axis=0), cannot.any(axis=0), uncertain.any(axis=0)]
    return np.select(order, [FAILS, CANNOT, UNCERTAIN], HOLDS).astype(np.int8)


@dataclass(frozen=True)
class Variants:
    """Every distinct combination of choices, the stated one first, with the conclusion's verdict [variant, subject].

    `cells` says which cell of each test it comes to [variant]; `same` holds the combinations that come to the figures
    of one already there, with that one's position.
    """

    choices: list[tuple[Choice, ...]]
    cells: dict[str, Ints]
    verdict: Codes
    same: list[tuple[tuple[Choice, ...], int]]


def variants_of(conclusion: Conclusion, judged: dict[str, Judged]) -> Variants:
    """A conclusion under every distinct combination of the choices of its tests."""
    offered: Offered = {}
    for one in judged.values():
        for dimension, choices in one.choices.by_dimension.items():
            known = offered.setdefault(dimension, {})
            for choice in choices:
                known.setdefault(choice.value, choice)
    combinations = list(product(*(known.values() for known in offered.values())))
    cells = {name: one.cells(offered) for name, one in judged.items()}
    computed = zip(*(one.same_as[cells[name]].tolist() for name, one in judged.items()), strict=True)
    first: dict[tuple[int, ...], int] = {}
    distinct: list[int] = []
    same: list[tuple[tuple[Choice, ...], int]] = []
    for at, computation in enumerate(computed):
        if computation in first:
            same.append((combinations[at], first[computation]))
        else:
            first[computation] = len(distinct)
            distinct.append(at)
    cells = {name: found[distinct] for name, found in cells.items()}
    verdict = combine_verdicts(conclusion.tests, {name: one.verdict[cells[name]] for name, one in judged.items()})
    return Variants([combinations[at] for at in distinct], cells, verdict, same)


def count_variants(conclusion: Conclusion, judged: dict[str, Judged]) -> tuple[Ints, Ints]:
    """In how many distinct variants a conclusion holds, and of how many that can be computed, for each subject."""
    verdict = variants_of(conclusion, judged).verdict
    return (verdict == HOLDS).sum(axis=0), (verdict != CANNOT).sum(axis=0)


def robustness_of(conclusion: Conclusion, judged: dict[str, Judged], subjects: Subjects) -> Robustness:
    """How a conclusion about one place fares: counts, variants, what breaks it, what was refused, what is beside."""
    found = variants_of(conclusion, judged)
    counted: list[Variant] = []
    refused: dict[str, str] = dict(pair for one in judged.values() for pair in one.choices.refused)
    name, first = next(iter(judged.items()))
    for at, (choices, cell, code) in enumerate(
        zip(found.choices, found.cells[name].tolist(), found.verdict[:, 0].tolist(), strict=True)
    ):
        if code == CANNOT:
            if len(_changed(choices)) <= 1:
                refused.setdefault(_label(choices), _why_not(judged, found, at))
            continue
        judgement, row = first.at(cell)
        numbers = (float(part[row, 0]) for part in (judgement.estimate, judgement.lower, judgement.upper))
        estimate, lower, upper = (number if math.isfinite(number) else None for number in numbers)
        counted.append(Variant(choices, VERDICTS[code], estimate, lower, upper))
    for choices, at in found.same:
        if len(_changed(choices)) == 1 and found.verdict[at, 0] != CANNOT:
            other = _label(found.choices[at])
            refused.setdefault(_label(choices), f"the same figures {other if other == AS_STATED else f'as {other}'}")
    return Robustness(
        holds=sum(variant.verdict is Verdict.HOLDS for variant in counted),
        of=len(counted),
        variants=tuple(counted),
        breaks=_breaks(counted),
        refused=tuple(refused.items()),
        beside=tuple(_beside(conclusion, judged, subjects)),
    )


def _changed(choices: Iterable[Choice]) -> list[Choice]:
    return [choice for choice in choices if not choice.stated]


def _label(choices: Iterable[Choice]) -> str:
    return ", ".join(choice.label for choice in _changed(choices)) or AS_STATED


def _why_not(judged: dict[str, Judged], found: Variants, at: int) -> str:
    """Why a variant can't be computed: the reason of the first of its tests that can't."""
    for name, one in judged.items():
        judgement, row = one.at(int(found.cells[name][at]))
        if judgement.verdict[row, 0] == CANNOT and judgement.reason:
            return judgement.reason
    return "a figure is missing"


def _breaks(variants: list[Variant]) -> tuple[str, ...]:
    """The single choices under which a conclusion no longer holds; if there are none, the worst choice of all."""
    said: list[str] = []
    words = {Verdict.FAILS: "it fails", Verdict.UNCERTAIN: "it is uncertain"}
    for variant in variants:
        changed = _changed(variant.choices)
        if len(changed) == 1 and variant.verdict in words:
            said.append(f"{changed[0].label}: {words[variant.verdict]}")
    if said or not variants:
        return tuple(said)
    tally: dict[str, list[bool]] = {}
    for variant in variants:
        for choice in _changed(variant.choices):
            tally.setdefault(choice.label, []).append(variant.verdict is Verdict.HOLDS)
    broken = {label: sum(held) / len(held) for label, held in tally.items() if not all(held)}
    if not broken:
        return ()
    worst = min(broken, key=lambda label: broken[label])
    held = tally[worst]
    return (f"no single choice breaks it; {worst}, with other choices, it holds in {sum(held)} of {len(held)}",)


def _beside(conclusion: Conclusion, judged: dict[str, Judged], subjects: Subjects) -> Iterable[tuple[str, Verdict]]:
    """Other levels of confidence, and each member alone: the stated choices otherwise."""

    def verdict(*, confidence: float, place: Indices | None = None) -> Verdict:
        verdicts = {}
        for name, one in judged.items():
            frame, _ = one.stated
            comparator = frame.comparator[:1] if frame.comparator is not None else None
            own = frame.place[:1] if place is None else place[None, :]
            asked = replace(frame, place=own, comparator=comparator, confidence=confidence, witnesses=None)
            verdicts[name] = _judge(asked, one.expectation).verdict[0]
        return VERDICTS[int(combine_verdicts(conclusion.tests, verdicts)[0])]

    base = subjects.base
    matters = any(np.isfinite([one.stated[1].lower[0, 0], one.stated[1].p[0, 0]]).any() for one in judged.values())
    for confidence in BESIDE_CONFIDENCE if matters else ():
        if confidence != base.confidence:
            yield f"at {confidence:.0%} confidence", verdict(confidence=confidence)
    if len(base.members) < 2 or any(
        "area" in one.test.options or one.test.expect == "spread" for one in judged.values()
    ):
        return
    for member in base.members:
        alone = verdict(confidence=base.confidence, place=subjects.roles[f"area:{member}"])
        yield f"{subjects.store.catalogue.areas.name(member)} alone", alone
