"""Evaluation: every conclusion of a base tested once, with working, wording and robustness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wellfounded.analysis.discovery import false_discovery
from wellfounded.conclusions.expectations import Explanation
from wellfounded.conclusions.expectations.decomposition import indicators as decomposition_indicators
from wellfounded.conclusions.frame import HOLDS, VERDICTS, CannotTest, Codes, Judgement
from wellfounded.conclusions.read import read_conclusions
from wellfounded.conclusions.robustness import (
    Judged,
    combine_verdicts,
    count_variants,
    judge_test,
    robustness_of,
    tests_of,
)
from wellfounded.conclusions.subjects import Subjects
from wellfounded.conclusions.types import (
    Conclusion,
    Outcome,
    Result,
    Robustness,
    State,
    Test,
    TestResult,
    Verdict,
)
from wellfounded.conclusions.wording import UnfilledSlot, capital, fill, join
from wellfounded.evidence.base import Base
from wellfounded.evidence.columns import Ints
from wellfounded.evidence.located import BaseErrors, Problem
from wellfounded.evidence.store import Store


@dataclass(frozen=True)
class Evaluation:
    """What came of testing a base: its results in the order of its files, and what they were tested with."""

    base: Base
    store: Store
    subjects: Subjects
    results: tuple[Result, ...]

    @property
    def published(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.conclusion.state is State.PUBLISHED)

    @property
    def failing(self) -> tuple[Result, ...]:
        """Published conclusions that don't hold and aren't kept with a reason."""
        return tuple(
            result
            for result in self.published
            if result.verdict is not Verdict.HOLDS and not result.conclusion.kept_because
        )

    def result(self, identifier: str) -> Result:
        """The result of one conclusion. Raises NoSuchConclusion, with the nearest ids."""
        for result in self.results:
            if result.conclusion.id == identifier:
                return result
        raise NoSuchConclusion(identifier, [result.conclusion.id for result in self.results])


class NoSuchConclusion(LookupError):
    """No conclusion of the base has this id."""

    def __init__(self, given: str, known: Iterable[str]) -> None:
        import difflib

        near = difflib.get_close_matches(given, list(known), n=3, cutoff=0.4)
        hint = f"; did you mean {', '.join(near)}?" if near else "; `wellfounded check` lists them"
        super().__init__(f"there is no conclusion {given!r}{hint}")


def evaluate(
    base: Base, store: Store | None = None, *, conclusions: Sequence[Conclusion] | None = None, robustness: bool = True
) -> Evaluation:
    """The evaluation of a base: each conclusion's verdict, sentence and working, and its robustness unless turned off.

    Raises BaseErrors for conclusions that can't be read, and for sentences that hold but whose slots stay empty.
    """
    store = store or Store.open(base)
    chosen = tuple(conclusions) if conclusions is not None else read_conclusions(base, store)
    store.prefetch(_indicators(chosen, store))
    subjects = Subjects.of_base(base, store, also=_areas(chosen, base))
    results, problems = [], []
    for conclusion in chosen:
        judged = {test.id: judge_test(test, subjects, all_choices=robustness) for test in tests_of(conclusion.tests)}
        result, said = _result(conclusion, judged, subjects, robustness=robustness)
        results.append(result)
        problems += said
    if problems:
        raise BaseErrors(problems)
    return Evaluation(base, store, subjects, tuple(_with_false_discovery(results)))


@dataclass(frozen=True)
class PassResult:
    """One conclusion over many places: verdict codes [place] and robustness counts [place]."""

    conclusion: Conclusion
    verdict: Codes
    holds: Ints
    of: Ints


def evaluate_everywhere(
    base: Base, codes: Sequence[str], store: Store | None = None, *, conclusions: Sequence[Conclusion] | None = None
) -> list[PassResult]:
    """The base's conclusions tested for each of many areas as a place of its own, in one pass.

    A test about a member of the base is then about each area itself.
    """
    store = store or Store.open(base)
    chosen = tuple(conclusions) if conclusions is not None else read_conclusions(base, store)
    store.prefetch(_indicators(chosen, store))
    subjects = Subjects.of_local_authorities(base, store, codes)
    results = []
    for conclusion in chosen:
        judged = {test.id: judge_test(_of_each(test), subjects) for test in tests_of(conclusion.tests)}
        verdict = combine_verdicts(conclusion.tests, {name: one.verdict[0] for name, one in judged.items()})
        holds, of = count_variants(conclusion, judged)
        results.append(PassResult(conclusion, verdict, holds, of))
    return results


def _of_each(test: Test) -> Test:
    return replace(test, options={name: value for name, value in test.options.items() if name != "area"})


def _indicators(conclusions: Iterable[Conclusion], store: Store) -> set[str]:
    """Every indicator that a pass may read: the tests' own, their alternatives, weights and parts."""
    names: set[str] = set()
    for conclusion in conclusions:
        for test in tests_of(conclusion.tests):
            names |= {test.indicator, *store.indicator(test.indicator).alternatives}
            names |= set(decomposition_indicators(str(test.options.get("decomposition", ""))))
    names &= set(store.indicator_ids())
    for name in list(names):
        additivity = store.indicator(name).additivity
        names |= {additivity.numerator, additivity.denominator} - {""}
    return names


def _areas(conclusions: Iterable[Conclusion], base: Base) -> list[str]:
    """Codes of areas that tests name, beside the base's own."""
    found: dict[str, None] = {}
    for conclusion in conclusions:
        for test in tests_of(conclusion.tests):
            for code in (test.options.get("area"), test.than):
                if isinstance(code, str) and code and code not in base.comparators:
                    found[code] = None
    return list(found)


def _result(
    conclusion: Conclusion, judged: dict[str, Judged], subjects: Subjects, *, robustness: bool
) -> tuple[Result, list[Problem]]:
    tests, explanations = [], []
    for one in judged.values():
        test_result, explanation = _test_result(one)
        tests.append(test_result)
        explanations.append(explanation)
    verdicts = {name: one.verdict[0] for name, one in judged.items()}
    verdict = VERDICTS[int(combine_verdicts(conclusion.tests, verdicts)[0])]
    slots: dict[str, str] = {}
    for at, test_result in enumerate(tests):
        if at == 0:
            slots |= test_result.slots
        slots |= {f"{test_result.test.id}.{name}": text for name, text in test_result.slots.items()}
    problems: list[Problem] = []
    file, line = (conclusion.where.file, conclusion.where.line) if conclusion.where else (conclusion.id, 1)
    sentence, as_written, detail = "", False, ""
    if verdict is Verdict.HOLDS:
        try:
            sentence, as_written = fill(conclusion.says, slots), True
        except UnfilledSlot as error:
            problems.append(Problem(file, line, f"{conclusion.id}: {error} in `says`"))
    else:
        sentence = honest_sentence(verdict, tests, explanations)
    if conclusion.detail:
        try:
            detail = fill(conclusion.detail, slots)
        except UnfilledSlot as error:
            if verdict is Verdict.HOLDS:
                problems.append(Problem(file, line, f"{conclusion.id}: {error} in `detail`"))
    counted = robustness_of(conclusion, judged, subjects) if robustness else Robustness(0, 0)
    return Result(conclusion, verdict, sentence, as_written, tuple(tests), counted, detail=detail), problems


def honest_sentence(verdict: Verdict, tests: Sequence[TestResult], explanations: Sequence[Explanation]) -> str:
    """What may be said of a conclusion that doesn't hold: what its failing tests found, in their own words."""
    said = []
    for test, explanation in zip(tests, explanations, strict=True):
        if test.outcome.verdict is Verdict.CANNOT_TEST:
            if verdict is Verdict.CANNOT_TEST:
                said.append(f"This can't be tested: {test.outcome.reason or 'a figure is missing'}")
        elif test.outcome.verdict is not Verdict.HOLDS:
            said.append(explanation.honest.get(test.outcome.verdict.value, ""))
    return capital(join(said)) or "This conclusion does not hold on the present figures."


def _test_result(one: Judged) -> tuple[TestResult, Explanation]:
    frame, judgement = one.stated
    verdict = VERDICTS[int(judgement.verdict[0, 0])]
    try:
        explanation = one.expectation.explain(frame, judgement)
    except CannotTest as reason:
        explanation = Explanation(f"{one.expectation.title}: {frame.indicator.label}")
        judgement.reason = judgement.reason or str(reason)
    outcome = Outcome(
        verdict=verdict,
        estimate=_number(judgement, "estimate"),
        lower=_number(judgement, "lower"),
        upper=_number(judgement, "upper"),
        p=_number(judgement, "p"),
        margin=next(
            (found.value for name in ("by_at_least", "within", "at_least", "at_most") if (found := frame.option(name))),
            None,
        ),
        interval_published=any(figure.interval is not None for figure in explanation.figures),
        reason=_reason(verdict, judgement),
    )
    working = list(explanation.working)
    if verdict is Verdict.CANNOT_TEST:
        working.append(f"It can't be tested: {outcome.reason}.")
    return (
        TestResult(
            test=one.test,
            outcome=outcome,
            question=explanation.question,
            method=one.expectation.method if one.test.expect != "driven by" else _decomposition_method(one),
            working=tuple(working),
            figures=tuple(explanation.figures),
            slots=explanation.slots,
            series=explanation.series,
        ),
        explanation,
    )


def _decomposition_method(one: Judged) -> str:
    methods = {"chain": "productivity-chain", "sectors": "gap-decomposition", "shift-share": "shift-share"}
    return methods[str(one.test.options["decomposition"])]


def _reason(verdict: Verdict, judgement: Judgement) -> str:
    if verdict is Verdict.UNCERTAIN:
        return judgement.reason or "its interval does not tell it from its opposite"
    return judgement.reason if verdict is Verdict.CANNOT_TEST else ""


def _number(judgement: Judgement, name: str) -> float | None:
    value = float(getattr(judgement, name)[0, 0])
    return value if np.isfinite(value) else None


def _with_false_discovery(results: Sequence[Result]) -> list[Result]:
    """The results with p adjusted for reading them together (Benjamini and Hochberg), by each one's least sure test."""
    worst = []
    for result in results:
        found = [test.outcome.p for test in result.tests if test.outcome.p is not None]
        worst.append(max(found) if found else np.nan)
    adjusted = false_discovery(np.array(worst)) if worst else np.array([])
    return [
        replace(result, q=float(q)) if np.isfinite(q) else result for result, q in zip(results, adjusted, strict=True)
    ]


def held(results: Iterable[PassResult]) -> int:
    """How many verdicts of a pass hold."""
    return int(sum((result.verdict == HOLDS).sum() for result in results))
