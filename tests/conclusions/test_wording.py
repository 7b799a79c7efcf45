"""The words obey the evidence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conclusions.made_up import EAST, UK, a_base, a_conclusion, a_test, an_indicator, ask, conclude
from wellfounded.conclusions.evaluate import Evaluation
from wellfounded.conclusions.expectations import EXPECTATIONS
from wellfounded.conclusions.types import Where
from wellfounded.conclusions.wording import UnfilledSlot, broken_slots, capital, fill, join, slots_in
from wellfounded.core import Unit
from wellfounded.evidence.located import BaseErrors

AHEAD = {"rate": {EAST: {2023: 110.0}, UK: {2023: 100.0}}}
CLAIMS = ("higher than", "lower than", "more than", "less than", "faster than", "rising", "falling")


def test_slots_are_filled_with_what_the_test_found() -> None:
    conclusion = a_conclusion(
        a_test("higher", than="uk", by_at_least="2%"),
        says="{area} had {value} in {period}, {difference} {more_or_less} than {comparator} ({comparator_value}).",
        detail="{area} is {higher_or_lower}.",
    )
    result = conclude(a_base(AHEAD), conclusion)
    assert result.sentence == "Cheshire had 110.0 in 2023, 10% more than the UK (100.0)."
    assert result.detail == "Cheshire is higher."
    assert result.as_written


def test_slots_of_another_test_are_taken_by_its_id() -> None:
    conclusion = a_conclusion(
        a_test("higher", than="uk", by_at_least="2%"),
        a_test("higher", id="then", than="uk", by_at_least="2%", period="2022"),
        says="{value} in {period}, {then.value} in {then.period}",
    )
    figures = {"rate": {EAST: {2022: 120.0, 2023: 110.0}, UK: {2022: 100.0, 2023: 100.0}}}
    assert conclude(a_base(figures), conclusion).sentence == "110.0 in 2023, 120.0 in 2022"


def test_a_value_is_written_with_its_unit_and_rounded_by_it() -> None:
    base = a_base({"rate": {EAST: {2023: 12345.678}, UK: {2023: 1.0}}}, an_indicator(unit=Unit("£", "", "an hour", 2)))
    conclusion = a_conclusion(a_test("higher", than="uk", by_at_least="2%"), says="{value}")
    assert conclude(base, conclusion).sentence == "£12,345.68"


def test_a_slot_that_stays_empty_is_an_error_at_its_file_and_line() -> None:
    conclusion = a_conclusion(
        a_test("share", part=["farms"], at_least="10%"),
        says="{area}: {share}, against {comparator_share} in {comparator}.",
        detail="{difference}",
        where=Where("conclusions/economy.toml", 12),
    )
    parts = an_indicator(
        categories=(("all", "All"), ("farms", "Farms")), total_category="all", leaf_categories=("farms",)
    )
    base = a_base({"rate": {EAST: {"all": {2023: 10.0}, "farms": {2023: 5.0}}}}, parts)
    with pytest.raises(BaseErrors) as raised:
        conclude(base, conclusion)
    assert [str(problem) for problem in raised.value.problems] == [
        "conclusions/economy.toml:12: made-up: nothing fills {comparator_share}, {comparator} in `says`",
        "conclusions/economy.toml:12: made-up: nothing fills {difference} in `detail`",
    ]


def test_what_does_not_hold_is_not_said() -> None:
    conclusion = a_conclusion(a_test("higher", than="uk", by_at_least="20%"), says="{area} is far ahead.")
    result = conclude(a_base(AHEAD), conclusion)
    assert not result.as_written
    assert "far ahead" not in result.sentence
    assert result.sentence == (
        "Made-up rate in Cheshire was 110.0 in 2023, against 100.0 in the UK: not higher than there, by at least 20%."
    )


def test_what_cannot_be_told_apart_is_said_so() -> None:
    result = ask(a_base({"rate": {EAST: {2023: (110.0, 20.0)}, UK: {2023: 100.0}}}), "higher", than="uk")
    assert (
        result.sentence == "Made-up rate in Cheshire (110.0 in 2023) can't be told apart from that of the UK (100.0)."
    )


def test_only_the_tests_that_do_not_hold_are_told() -> None:
    conclusion = a_conclusion(
        a_test("higher", than="uk", by_at_least="2%"), a_test("lower", id="b", than="uk", by_at_least="2%")
    )
    sentence = conclude(a_base(AHEAD), conclusion).sentence
    assert sentence.count("Made-up rate") == 1
    assert "not lower than" in sentence


def test_the_sentence_of_an_untestable_one_says_what_is_missing() -> None:
    result = ask(a_base({"rate": {EAST: {2023: 110.0}, UK: {2023: None}}}), "higher", than=UK, by_at_least="2%")
    assert result.sentence == "This can't be tested: the figure for United Kingdom is confidential."


levels = st.floats(60, 140)
halves = st.floats(0.1, 60)


@given(levels, halves, st.sampled_from(["higher", "lower", "similar"]), st.floats(0, 0.3))
def test_an_uncertain_sentence_never_claims_a_difference(level: float, half: float, expect: str, margin: float) -> None:
    option = {"within" if expect == "similar" else "by_at_least": f"{margin * 100:.2f}%"}
    result = ask(a_base({"rate": {EAST: {2023: (level, half)}, UK: {2023: 100.0}}}), expect, than="uk", **option)
    if result.verdict == "uncertain":
        assert not any(claim in result.sentence for claim in CLAIMS)
        assert "can't be told apart" in result.sentence
    if result.verdict != "holds":
        assert "So it is" not in result.sentence


@given(st.lists(levels, min_size=6, max_size=10), st.sampled_from(["rising", "falling", "faster", "slower"]))
def test_an_uncertain_trend_is_never_called_one(values: list[float], expect: str) -> None:
    years = range(2024 - len(values), 2024)
    figures = {"rate": {EAST: dict(zip(years, values, strict=True)), UK: dict.fromkeys(years, 100.0)}}
    than = {"than": "uk"} if expect in ("faster", "slower") else {}
    result = ask(a_base(figures), expect, over="all", **than)
    if result.verdict == "uncertain":
        assert not any(claim in result.sentence for claim in CLAIMS)
        assert "can't be told apart" in result.sentence


def test_no_shipped_sentence_has_an_empty_slot_or_a_claim_that_is_not_borne_out(evaluation: Evaluation) -> None:
    for result in evaluation.results:
        assert result.sentence, result.conclusion.id
        assert not broken_slots(result.sentence), result.conclusion.id
        assert not slots_in(result.sentence), result.conclusion.id
        assert not re.search(r"\bnan\b|None|N/A|inf\b", result.sentence + result.detail), result.conclusion.id
        assert result.as_written == (result.verdict == "holds")
        if result.verdict == "uncertain":
            assert "higher than" not in result.sentence


def test_every_slot_that_an_expectation_promises_can_be_filled(evaluation: Evaluation) -> None:
    filled: dict[str, set[str]] = {}
    for result in evaluation.results:
        for test in result.tests:
            filled.setdefault(test.test.expect, set()).update(name for name, text in test.slots.items() if text)
    for name, slots in filled.items():
        extra = slots - set(EXPECTATIONS[name].slots)
        assert not extra, f"{name} fills {extra}, which it does not declare"


@pytest.mark.parametrize(
    ("text", "names"),
    [("{value} in {period}", ["value", "period"]), ("{t2.value}", ["t2.value"]), ("no slots", []), ("{Value}", [])],
)
def test_slots_are_names_in_braces(text: str, names: list[str]) -> None:
    assert slots_in(text) == names


def test_braces_that_open_no_slot_are_found() -> None:
    assert broken_slots("{Value} and } and {} and {good}") == ["{Value}", "}", "{}"]


def test_filling_names_every_empty_slot_once() -> None:
    with pytest.raises(UnfilledSlot, match=r"^nothing fills \{a\}, \{b\}$"):
        fill("{a} {b} {a} {c}", {"b": "", "c": "x"})


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]), st.text(st.characters(exclude_characters="{}"), min_size=1), min_size=3
    )
)
def test_filled_text_holds_every_value_and_no_braces(slots: dict[str, str]) -> None:
    text = fill("It is {a}, {b} and {c}.", slots)
    assert all(value in text for value in slots.values())
    assert not slots_in(text)


def test_sentences_are_joined_as_sentences() -> None:
    assert join(["One", "two.", "", "three?"]) == "One. two. three?"
    assert capital("gVA") == "GVA"
