"""Robustness: one pass over all variants against each on its own, and what is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conclusions.made_up import (
    EAST,
    ENGLAND,
    UK,
    WARRINGTON,
    WEST,
    a_base,
    a_conclusion,
    a_test,
    an_indicator,
    ask,
    conclude,
)
from tests.conclusions.one_at_a_time import OneAtATime, combinations
from wellfounded.conclusions import types
from wellfounded.conclusions.choices import choices_of
from wellfounded.conclusions.evaluate import Evaluation, evaluate
from wellfounded.conclusions.expectations import EXPECTATIONS
from wellfounded.conclusions.read import read_all
from wellfounded.conclusions.subjects import Subjects
from wellfounded.conclusions.types import Conclusion, Dimension
from wellfounded.evidence.base import Base
from wellfounded.evidence.store import Store
from wellfounded.evidence.types import Additivity, Polarity, Rule

TWINS = [
    "output-per-hour",  # every choice there is, no intervals
    "warrington-output-per-hour",  # about a member
    "employment-rate",  # intervals
    "household-income",
    "older-population",
    "healthy-life-cheshire-east",
    "warrington-growth",  # a window
    "cheshire-east-slow-growth",
    "emissions-fall-west",
]


@pytest.fixture(scope="module")
def shipped(shipped_base: Path) -> tuple[Base, Store, dict[str, Conclusion]]:
    base, conclusions = read_all(shipped_base)
    return base, Store.open(base), {conclusion.id: conclusion for conclusion in conclusions}


@pytest.mark.slow
@pytest.mark.parametrize("name", TWINS)
def test_one_pass_comes_to_what_each_variant_comes_to_by_itself(
    name: str, shipped: tuple[Base, Store, dict[str, Conclusion]]
) -> None:
    base, store, conclusions = shipped
    conclusion = conclusions[name]
    (test,) = conclusion.tests.parts
    assert isinstance(test, types.Test)
    counted = evaluate(base, store, conclusions=[conclusion]).results[0].robustness
    subjects = Subjects.of_base(
        base, store, also=[code for code in (test.options.get("area"),) if isinstance(code, str)]
    )
    choices = choices_of(test, EXPECTATIONS[test.expect], subjects).by_dimension
    offered = {dimension: [choice.value for choice in among] for dimension, among in choices.items()}
    found = {
        tuple(choice.value for choice in variant.choices): (str(variant.verdict), variant.estimate)
        for variant in counted.variants
    }
    twin = OneAtATime(base, store)
    for chosen in combinations(offered):
        alone = twin.verdict(conclusion, chosen)
        together = found.pop(tuple(chosen.values()), None)
        if together is not None:
            assert alone[0] == together[0], chosen
            assert alone[1] == pytest.approx(together[1]), chosen
        elif alone[0] != "cannot test":  # then it is the same computation as one that was counted
            assert any(
                variant.verdict == alone[0] and variant.estimate == pytest.approx(alone[1])
                for variant in counted.variants
            ), chosen
    assert not found


def test_the_count_is_of_the_variants_listed_and_never_more(evaluation: Evaluation) -> None:
    for result in evaluation.results:
        found = result.robustness
        assert found.of == len(found.variants), result.conclusion.id
        assert found.holds == sum(variant.verdict == "holds" for variant in found.variants)
        assert found.holds <= found.of
        assert all(variant.verdict != "cannot test" for variant in found.variants)


def test_the_stated_choices_are_the_first_variant_wherever_they_can_be_computed(evaluation: Evaluation) -> None:
    for result in evaluation.results:
        if result.verdict != "cannot test":
            first, *others = result.robustness.variants
            assert all(choice.stated for choice in first.choices), result.conclusion.id
            assert first.verdict == result.verdict
            assert not any(all(choice.stated for choice in variant.choices) for variant in others)


def test_no_two_variants_are_made_of_the_same_choices(evaluation: Evaluation) -> None:
    for result in evaluation.results:
        chosen = [tuple(choice.value for choice in variant.choices) for variant in result.robustness.variants]
        assert len(set(chosen)) == len(chosen), result.conclusion.id


def test_a_release_that_did_not_change_the_figures_is_not_another_vintage(evaluation: Evaluation) -> None:
    found = evaluation.result("output-per-head").robustness
    by_vintage: dict[str, dict[tuple[str, ...], float | None]] = {}
    for variant in found.variants:
        chosen = {choice.dimension: choice.value for choice in variant.choices}
        vintage = chosen.pop(Dimension.VINTAGE)
        by_vintage.setdefault(vintage, {})[tuple(chosen.values())] = variant.estimate
    shared = by_vintage["stated"].keys() & by_vintage["previous"].keys()
    assert all(by_vintage["stated"][each] != by_vintage["previous"][each] for each in shared)
    assert any(
        "in the release of" in label and reason == "the same figures as stated" for label, reason in found.refused
    )


def test_what_was_refused_has_a_reason_and_what_breaks_it_is_said(evaluation: Evaluation) -> None:
    for result in evaluation.results:
        found = result.robustness
        assert all(label and reason for label, reason in found.refused), (result.conclusion.id, found.refused)
        assert len({label for label, _ in found.refused}) == len(found.refused)
        if result.verdict == "holds" and found.holds < found.of:
            assert found.breaks, result.conclusion.id
        if found.holds == found.of:
            assert not found.breaks


def test_confidence_and_single_members_stand_beside_the_count(evaluation: Evaluation) -> None:
    beside = evaluation.result("employment-rate").robustness.beside
    assert [label for label, _ in beside] == [
        "at 90% confidence", "at 99% confidence", "Cheshire East alone", "Cheshire West and Chester alone",
        "Warrington alone",
    ]  # fmt: skip
    labels = {
        choice.label
        for variant in evaluation.result("employment-rate").robustness.variants
        for choice in variant.choices
    }
    assert not labels & {label for label, _ in beside}


def test_a_lower_confidence_can_hold_where_the_stated_one_does_not() -> None:
    result = ask(
        a_base({"rate": {EAST: {2023: (103.0, 3.2)}, UK: {2023: 100.0}}}), "higher", than="uk", robustness=True
    )
    assert result.verdict == "uncertain"
    assert dict(result.robustness.beside) == {"at 90% confidence": "holds", "at 99% confidence": "uncertain"}


def test_a_comparator_that_falls_back_on_another_is_not_counted_twice() -> None:
    base = a_base({"rate": {EAST: {2023: 110.0}, ENGLAND: {2023: 100.0}}})
    found = ask(base, "higher", than="uk", by_at_least="2%", robustness=True).robustness
    assert (found.holds, found.of) == (1, 1)
    assert dict(found.refused)["against England instead of England"]


def test_the_same_fall_back_under_another_measure_is_not_counted_twice_either() -> None:
    figures = {
        "rate": {EAST: {2023: 110.0}, ENGLAND: {2023: 100.0}, UK: {2023: 101.0}},
        "other": {EAST: {2023: 11.0}, ENGLAND: {2023: 10.0}},
    }
    base = a_base(figures, an_indicator(alternatives=("other",)), an_indicator("other", label="Other rate"))
    found = ask(base, "higher", than="uk", by_at_least="2%", robustness=True).robustness
    assert [[choice.value for choice in variant.choices] for variant in found.variants] == [
        ["stated", "stated", "stated"],
        ["stated", "stated", "other"],
        ["england", "stated", "stated"],
    ]


def test_a_window_that_is_the_longest_already_counts_once() -> None:
    series = {year: 100.0 * 1.02**at for at, year in enumerate(range(2013, 2024))}
    found = ask(a_base({"rate": {EAST: series}}), "rising", over="10 years", robustness=True).robustness
    assert found.of == 3
    assert dict(found.refused)["the longest window there is"] == "the same figures as stated"


def test_periods_that_the_data_do_not_have_are_refused_with_the_reason() -> None:
    base = a_base({"rate": {EAST: {2023: 110.0}, UK: {2023: 100.0}}}, robust=("uk",))
    found = ask(base, "higher", than="uk", by_at_least="2%", robustness=True).robustness
    assert (found.holds, found.of) == (1, 1)
    assert dict(found.refused) == {
        "the period before the latest": "there is no earlier period",
        "the mean of the last three periods": "there are fewer than three periods to average",
    }


def test_the_mean_of_three_years_is_one_variant_and_the_year_before_another() -> None:
    figures = {EAST: {2021: 90.0, 2022: 103.0, 2023: 110.0}, UK: {2021: 100.0, 2022: 100.0, 2023: 100.0}}
    found = ask(
        a_base({"rate": figures}, robust=("uk",)), "higher", than="uk", by_at_least="2%", robustness=True
    ).robustness
    by_label = {variant.choices[0].label: (variant.verdict, variant.estimate) for variant in found.variants}
    assert by_label["the latest period"] == ("holds", pytest.approx(0.1))
    assert by_label["the period before the latest"] == ("holds", pytest.approx(0.03))
    assert by_label["the mean of the last three periods"] == ("fails", pytest.approx(0.01))
    assert found.breaks == ("the mean of the last three periods: it fails",)


def test_an_alternative_that_counts_the_opposite_is_refused() -> None:
    figures = {name: {EAST: {2023: 110.0}, UK: {2023: 100.0}} for name in ("rate", "other")}
    base = a_base(figures, an_indicator(alternatives=("other",)), an_indicator("other", polarity=Polarity.LOWER))
    found = ask(base, "higher", than="uk", by_at_least="2%", robustness=True).robustness
    assert any("counts the opposite" in reason for _, reason in found.refused)
    assert all(choice.value != "other" for variant in found.variants for choice in variant.choices)


def test_a_margin_in_the_unit_cannot_be_asked_of_another_measure() -> None:
    figures = {name: {EAST: {2023: 110.0}, UK: {2023: 100.0}} for name in ("rate", "other")}
    base = a_base(
        figures, an_indicator(alternatives=("other",)), an_indicator("other", label="Other rate"), robust=("uk",)
    )
    found = ask(base, "higher", than="uk", by_at_least="5", robustness=True).robustness
    assert (
        dict(found.refused)["by Other rate instead of Made-up rate"]
        == "the margin is stated in the unit of another measure"
    )


def test_the_place_without_each_member_is_a_variant_of_the_place_only() -> None:
    share = an_indicator(additivity=Additivity(Rule.SUM), per="resident")
    figures = {"rate": {EAST: {2023: 10.0}, WEST: {2023: 20.0}, WARRINGTON: {2023: 90.0}, UK: {2023: 100.0}}}
    base = a_base(figures, share, members=(EAST, WEST, WARRINGTON), robust=("uk",))
    whole = ask(base, "higher", than="uk", by_at_least="2%", robustness=True).robustness
    assert {variant.choices[-1].label: variant.estimate for variant in whole.variants} == pytest.approx(
        {
            "the whole of Cheshire": 0.2,
            "without Cheshire East": 0.1,
            "without Cheshire West and Chester": 0.0,
            "without Warrington": -0.7,
        }
    )
    assert whole.breaks == ("without Cheshire West and Chester: it fails", "without Warrington: it fails")
    member = ask(base, "lower", than="uk", by_at_least="2%", area=EAST, robustness=True).robustness
    assert all(choice.dimension != "boundary" for variant in member.variants for choice in variant.choices)


def test_choices_of_several_tests_are_combined_by_name_and_each_test_keeps_its_own() -> None:
    figures = {
        "rate": {EAST: {2022: 110.0, 2023: 110.0}, UK: {2022: 100.0, 2023: 100.0}},
        "other": {EAST: {2023: 60.0}},
    }
    base = a_base(figures, robust=("uk",))
    tests = (
        a_test("higher", than="uk", by_at_least="2%"),
        a_test("higher", id="t2", indicator="rate", than="uk", by_at_least="5%"),
    )
    found = conclude(base, a_conclusion(*tests), robustness=True).robustness
    assert (found.holds, found.of) == (2, 2)  # the period is one choice for both tests


def test_turning_robustness_off_counts_nothing() -> None:
    base = a_base({"rate": {EAST: {2023: 110.0}, UK: {2023: 100.0}}})
    assert ask(base, "higher", than="uk", by_at_least="2%").robustness.of == 0


series = st.dictionaries(st.integers(2018, 2023), st.floats(50, 150), min_size=1)


@given(series, series, series, st.sampled_from(["higher", "lower", "similar"]))
def test_the_laws_of_counting_hold_for_any_figures(
    place: dict[int, float], uk: dict[int, float], england: dict[int, float], expect: str
) -> None:
    base = a_base({"rate": {EAST: place, UK: uk, ENGLAND: england}})
    option = {"within" if expect == "similar" else "by_at_least": "5%"}
    result = ask(base, expect, than="uk", robustness=True, **option)
    found = result.robustness
    assert found.holds <= found.of == len(found.variants)
    assert all(reason for _, reason in found.refused)
    if result.verdict != "cannot test":
        assert found.variants[0].verdict == result.verdict
    assert len({tuple(choice.value for choice in variant.choices) for variant in found.variants}) == found.of
