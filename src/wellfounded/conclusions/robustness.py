"""Robustness: a conclusion under every combination of fair choices, in one set-based pass.

Each test is judged once for each measure, release, period and sector choice, with all its comparators and
boundaries (and, in a pass over many places, all subjects) as arrays; combinations then only look verdicts up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from wellfounded.conclusions.choices import STATED, TestChoices, choices_of
from wellfounded.conclusions.expectations import EXPECTATIONS, Expectation
from wellfounded.conclusions.frame import CANNOT, FAILS, HOLDS, UNCERTAIN, VERDICTS, CannotTest, Codes, Frame, Judgement
from wellfounded.conclusions.subjects import Subjects
from wellfounded.conclusions.types import Choice, Combination, Conclusion, Dimension, Robustness, Test, Variant, Verdict
from wellfounded.evidence.aggregation import Combined
from wellfounded.evidence.columns import Ints

Key = tuple[str, str, str, str]  # measure, vintage, period, sectors
_KEY_DIMENSIONS = (Dimension.MEASURE, Dimension.VINTAGE, Dimension.PERIOD, Dimension.SECTORS)
_ROW_DIMENSIONS = (Dimension.COMPARATOR, Dimension.BOUNDARY)
BESIDE_CONFIDENCE = (0.90, 0.95, 0.99)


@dataclass
class Judged:
    """One test under all its choices: a judgement [comparator x boundary, subject] for each key."""

    test: Test
    expectation: Expectation
    choices: TestChoices
    rows: dict[tuple[str, str], int]
    judgements: dict[Key, Judgement]
    frames: dict[Key, Frame]
    same: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def look_up(self, chosen: dict[Dimension, str]) -> tuple[Judgement, int, tuple[str, ...]]:
        """The judgement and row under a set of choices, and what identifies that computation."""
        measure, vintage, period, sectors = (self._own(dimension, chosen) for dimension in _KEY_DIMENSIONS)
        comparator, boundary = (self._own(dimension, chosen) for dimension in _ROW_DIMENSIONS)
        judgement = self.judgements[measure, vintage, period, sectors]
        row = self.rows[comparator, boundary]
        return judgement, row, (measure, vintage, period, sectors, comparator, boundary)

    def _own(self, dimension: Dimension, chosen: dict[Dimension, str]) -> str:
        value = chosen.get(dimension, STATED)
        return value if value in self.choices.values(dimension) else STATED


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
    comparators = choices.values(Dimension.COMPARATOR) or [STATED]
    boundaries = choices.values(Dimension.BOUNDARY) or [STATED]
    rows = {pair: at for at, pair in enumerate(product(comparators, boundaries))}
    judged = Judged(test, expectation, choices, rows, {}, {})
    measures, vintages, periods, sectors = (choices.values(dimension) or [STATED] for dimension in _KEY_DIMENSIONS)
    for key in product(measures, vintages, periods, sectors):
        frame = _frame(judged, subjects, key, confidence=subjects.base.confidence)
        judged.frames[key] = frame
        judged.judgements[key] = _judge(frame, expectation)
    return judged


def _judge(frame: Frame, expectation: Expectation) -> Judgement:
    try:
        return expectation.judge(frame)
    except CannotTest as reason:
        return Judgement.none(frame.shape, str(reason))


def _frame(judged: Judged, subjects: Subjects, key: Key, *, confidence: float) -> Frame:
    test = judged.test
    measure, vintage, period, sectors = key
    indicator = subjects.store.indicator(test.indicator if measure == STATED else measure)
    release = "latest" if vintage == STATED else vintage
    own_role = f"area:{test.options['area']}" if "area" in test.options else "place"
    places, comparators = [], []
    reading = subjects.reading(indicator.id, release)
    for comparator, boundary in judged.rows:
        role = own_role if boundary == STATED else boundary
        if role not in subjects.roles:
            role = subjects.area(role.removeprefix("area:"))
        places.append(subjects.roles[role])
        if test.than and isinstance(reading, Combined):
            comparators.append(subjects.comparator(test.than if comparator == STATED else comparator, reading)[0])
    return Frame(
        test=test,
        subjects=subjects,
        indicator=indicator,
        release=release,
        period=period,
        sectors=sectors,
        place=np.stack(places),
        comparator=np.stack(comparators) if comparators else None,
        confidence=confidence,
    )


def combine_verdicts(combination: Combination, verdicts: dict[str, Codes]) -> Codes:
    """The verdict of a combination from those of its tests, by id."""
    parts = [
        combine_verdicts(part, verdicts) if isinstance(part, Combination) else verdicts[part.id]
        for part in combination.parts
    ]
    stacked = np.stack(parts)
    if combination.mode == "not":
        return np.select([stacked[0] == HOLDS, stacked[0] == FAILS], [FAILS, HOLDS], stacked[0]).astype(np.int8)
    holds, fails = stacked == HOLDS, stacked == FAILS
    cannot, uncertain = stacked == CANNOT, stacked == UNCERTAIN
    if combination.mode == "any":
        order = [holds.any(axis=0), uncertain.any(axis=0), cannot.any(axis=0)]
        return np.select(order, [HOLDS, UNCERTAIN, CANNOT], FAILS).astype(np.int8)
    order = [fails.any(axis=0), cannot.any(axis=0), uncertain.any(axis=0)]
    return np.select(order, [FAILS, CANNOT, UNCERTAIN], HOLDS).astype(np.int8)


def count_variants(conclusion: Conclusion, judged: dict[str, Judged]) -> tuple[Ints, Ints]:
    """In how many distinct variants a conclusion holds, and of how many that can be computed, for each subject."""
    verdicts = np.stack([verdict for _, verdict, _ in _variants(conclusion, judged)])
    return (verdicts == HOLDS).sum(axis=0), (verdicts != CANNOT).sum(axis=0)


def robustness_of(conclusion: Conclusion, judged: dict[str, Judged], subjects: Subjects) -> Robustness:
    """How a conclusion about one place fares: counts, variants, what breaks it, what was refused, what is beside."""
    variants: list[Variant] = []
    refused: dict[str, str] = dict(pair for one in judged.values() for pair in one.choices.refused)
    first = next(iter(judged.values()))
    for choices, verdict, chosen in _variants(conclusion, judged):
        judgement, row, _ = first.look_up(chosen)
        code = int(verdict[0])
        changed = tuple(choice for choice in choices if not choice.stated)
        if code == CANNOT:
            reason = next((j.reason for j, _, _ in (one.look_up(chosen) for one in judged.values()) if j.reason), "")
            if len(changed) <= 1:
                label = changed[0].label if changed else "as stated"
                refused.setdefault(label, reason or "a figure is missing")
            continue
        numbers = (float(part[row, 0]) for part in (judgement.estimate, judgement.lower, judgement.upper))
        estimate, lower, upper = (number if np.isfinite(number) else None for number in numbers)
        variants.append(Variant(tuple(choices), VERDICTS[code], estimate, lower, upper))
    holds = sum(variant.verdict is Verdict.HOLDS for variant in variants)
    return Robustness(
        holds=holds,
        of=len(variants),
        variants=tuple(variants),
        breaks=_breaks(variants),
        refused=tuple(refused.items()),
        beside=tuple(_beside(conclusion, judged, subjects)),
    )


def _variants(
    conclusion: Conclusion, judged: dict[str, Judged]
) -> Iterable[tuple[list[Choice], Codes, dict[Dimension, str]]]:
    """Every distinct combination of choices with the conclusion's verdict under it [subject]."""
    by_dimension: dict[Dimension, dict[str, Choice]] = {}
    for one in judged.values():
        for dimension, choices in one.choices.by_dimension.items():
            known = by_dimension.setdefault(dimension, {})
            for choice in choices:
                known.setdefault(choice.value, choice)
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for combination in product(*(known.values() for known in by_dimension.values())):
        chosen = {choice.dimension: choice.value for choice in combination}
        looked = {name: one.look_up(chosen) for name, one in judged.items()}
        identity = tuple(found[2] for found in looked.values())
        if identity in seen:
            continue
        seen.add(identity)
        verdicts = {name: judgement.verdict[row] for name, (judgement, row, _) in looked.items()}
        yield list(combination), combine_verdicts(conclusion.tests, verdicts), chosen


def _breaks(variants: list[Variant]) -> tuple[str, ...]:
    """The single choices under which a conclusion no longer holds; if there are none, the worst choice of all."""
    said: list[str] = []
    words = {Verdict.FAILS: "it fails", Verdict.UNCERTAIN: "it is uncertain"}
    for variant in variants:
        changed = [choice for choice in variant.choices if not choice.stated]
        if len(changed) == 1 and variant.verdict in words:
            said.append(f"{changed[0].label}: {words[variant.verdict]}")
    if said or not variants:
        return tuple(said)
    tally: dict[str, list[bool]] = {}
    for variant in variants:
        for choice in variant.choices:
            if not choice.stated:
                tally.setdefault(choice.label, []).append(variant.verdict is Verdict.HOLDS)
    broken = {label: sum(held) / len(held) for label, held in tally.items() if not all(held)}
    if not broken:
        return ()
    worst = min(broken, key=lambda label: broken[label])
    held = tally[worst]
    return (f"no single choice breaks it; {worst}, with other choices, it holds in {sum(held)} of {len(held)}",)


def _beside(conclusion: Conclusion, judged: dict[str, Judged], subjects: Subjects) -> Iterable[tuple[str, Verdict]]:
    base = subjects.base
    key: Key = (STATED, STATED, STATED, STATED)
    for confidence in BESIDE_CONFIDENCE:
        if confidence != base.confidence:
            verdicts = {}
            for name, one in judged.items():
                frame = _frame(one, subjects, key, confidence=confidence)
                verdicts[name] = _judge(frame, one.expectation).verdict[0]
            yield f"at {confidence:.0%} confidence", VERDICTS[int(combine_verdicts(conclusion.tests, verdicts)[0])]
    if len(base.members) < 2 or any(
        "area" in one.test.options or one.test.expect == "spread" for one in judged.values()
    ):
        return
    for member in base.members:
        verdicts = {}
        for name, one in judged.items():
            frame = _frame(one, subjects, key, confidence=base.confidence)
            frame.place = np.broadcast_to(subjects.roles[f"area:{member}"], frame.place.shape)
            verdicts[name] = _judge(frame, one.expectation).verdict[0]
        name = subjects.store.catalogue.areas.name(member)
        yield f"{name} alone", VERDICTS[int(combine_verdicts(conclusion.tests, verdicts)[0])]
