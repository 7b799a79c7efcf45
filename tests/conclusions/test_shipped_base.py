"""Every conclusion of the base that ships is tested, and what is published is borne out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.conclusions.shipped import sql
from wellfounded.conclusions.evaluate import Evaluation, NoSuchConclusion, evaluate
from wellfounded.conclusions.read import read_all
from wellfounded.core import NoValue
from wellfounded.evidence.base import load_base

CHAPTERS = {"economy", "sectors", "ideas", "people", "infrastructure", "business-environment", "place"}
METHODS = Path(__file__).parents[2] / "docs" / "methods"


def test_every_conclusion_has_a_verdict_and_a_sentence(evaluation: Evaluation) -> None:
    assert len(evaluation.results) >= 40
    for result in evaluation.results:
        assert result.verdict in ("holds", "uncertain", "fails", "cannot test")
        assert result.sentence
        assert result.tests


def test_every_published_conclusion_holds_or_says_why_it_is_kept(evaluation: Evaluation) -> None:
    assert [result.conclusion.id for result in evaluation.failing] == []
    for result in evaluation.published:
        assert result.verdict == "holds" or result.conclusion.kept_because, result.conclusion.id


def test_chapters_impacts_issues_and_districts_are_covered(evaluation: Evaluation) -> None:
    published = [result.conclusion for result in evaluation.published]
    assert {conclusion.chapter for conclusion in published} == CHAPTERS
    assert {name for conclusion in published for name in conclusion.impact} == {
        "productivity", "earning-power", "resilience",
    }  # fmt: skip
    assert Counter(conclusion.kind for conclusion in published)["issue"] >= 10
    about_districts = [
        result for result in evaluation.published if any(test.test.options.get("area") for test in result.tests)
        or any(test.test.expect == "spread" for test in result.tests)
    ]  # fmt: skip
    assert len(about_districts) >= 5
    assert all(conclusion.matters for conclusion in published)


def test_every_test_shows_its_working_its_figures_and_its_method(evaluation: Evaluation) -> None:
    for result in evaluation.results:
        for test in result.tests:
            name = (result.conclusion.id, test.test.id)
            assert test.question.endswith("?"), name
            assert test.working, name
            assert (METHODS / f"{test.method}.md").is_file(), name
            if test.outcome.verdict != "cannot test":
                assert test.figures, name
                assert test.series, name
                assert all(figure.release for figure in test.figures), name


def test_every_published_figure_of_a_working_is_the_publishers(evaluation: Evaluation) -> None:
    rows = {
        (indicator, area, start, end, category): value
        for indicator, area, start, end, category, value in sql(
            'SELECT indicator, area, start, "end", category, value FROM f '
            "WHERE area IN ('E06000049', 'E06000050', 'E06000007', 'K02000001', 'K99000002', 'E92000001')"
        )
    }
    compared = 0
    for result in evaluation.results:
        for test in result.tests:
            for figure in test.figures:
                key = (figure.indicator, str(figure.area), figure.period.start, figure.period.end, figure.category)
                if figure.rule or key not in rows or isinstance(figure.value, NoValue):
                    continue
                assert figure.value == pytest.approx(rows[key]), key
                compared += 1
    assert compared > 300


def test_reading_many_tests_together_is_allowed_for(evaluation: Evaluation) -> None:
    worst = {
        result.conclusion.id: max(p)
        if (p := [test.outcome.p for test in result.tests if test.outcome.p is not None])
        else None
        for result in evaluation.results
    }
    known = sorted((p, name) for name, p in worst.items() if p is not None)
    by_hand: dict[str, float] = {}
    least = 1.0
    for rank in range(len(known), 0, -1):
        p, name = known[rank - 1]
        least = min(least, p * len(known) / rank)
        by_hand[name] = least
    for result in evaluation.results:
        assert result.q == (pytest.approx(by_hand[result.conclusion.id]) if result.conclusion.id in by_hand else None)


def test_a_result_is_found_by_its_id_and_another_is_refused_with_the_nearest(evaluation: Evaluation) -> None:
    assert evaluation.result("output-per-hour").verdict == "holds"
    with pytest.raises(NoSuchConclusion, match="did you mean output-per-hour"):
        evaluation.result("output-per-hours")


def test_the_same_figures_come_to_the_same_results(evaluation: Evaluation, shipped_base: Path) -> None:
    base, conclusions = read_all(shipped_base)
    again = evaluate(base, conclusions=conclusions)
    for one, other in zip(evaluation.results, again.results, strict=True):
        assert (one.verdict, one.sentence, one.robustness) == (other.verdict, other.sentence, other.robustness)


def test_the_shipped_conclusions_are_read_from_their_folder(shipped_base: Path) -> None:
    assert len(evaluate(load_base(shipped_base), robustness=False).results) == len(read_all(shipped_base)[1])


def test_numbers_of_a_verdict_are_finite_or_absent(evaluation: Evaluation) -> None:
    for result in evaluation.results:
        for test in result.tests:
            outcome = test.outcome
            for number in (outcome.estimate, outcome.lower, outcome.upper, outcome.p):
                assert number is None or np.isfinite(number)
            if outcome.lower is not None and outcome.upper is not None:
                assert outcome.lower <= outcome.upper
