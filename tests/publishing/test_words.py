"""Words made from figures."""

from __future__ import annotations

from datetime import date

import pytest

from tests.publishing.made_up import PAY, PEOPLE, PLACE, RATE, figure
from wellfounded.publishing import words
from wellfounded.publishing.words import Comparison

HERE, UK = PEOPLE[PLACE], PEOPLE["comparator:uk"]


@pytest.mark.parametrize(
    ("value", "half", "other", "other_half", "expected"),
    [
        (80, 1, 70, 1, Comparison.HIGHER),
        (70, 1, 80, 1, Comparison.LOWER),
        (80, 8, 70, 8, Comparison.UNCLEAR),
        (80, 8, 70, 0, Comparison.HIGHER),
        (80, 12, 70, 0, Comparison.UNCLEAR),
        (80, 0, 70, 12, Comparison.UNCLEAR),
        (80, 0, 70, 0, Comparison.HIGHER),
        (70.3, 0, 70, 0, Comparison.SAME),
    ],
)
def test_a_comparison_says_no_more_than_its_intervals_allow(
    value: float, half: float, other: float, other_half: float, expected: Comparison
) -> None:
    assert words.compare(figure(HERE, RATE, 2024, value, half), figure(UK, RATE, 2024, other, other_half)) is expected


def test_nothing_is_said_where_a_value_is_missing() -> None:
    missing, known = figure(HERE, RATE, 2024, None), figure(UK, RATE, 2024, 70)
    assert words.compare(missing, known) is None
    assert words.against(missing, known, one_name="here", other_name="the UK") == ""
    assert words.change(missing, known) == ""


def test_figures_that_read_the_same_are_about_the_same() -> None:
    assert words.compare(figure(HERE, PAY, 2024, 0.101), figure(UK, PAY, 2024, 0.104)) is Comparison.SAME


@pytest.mark.parametrize(
    ("rank", "of", "expected"),
    [
        (1, 361, "highest"),
        (3, 361, "3rd highest"),
        (361, 361, "lowest"),
        (350, 361, "12th lowest"),
        (2, 3, "2nd highest"),
    ],
)
def test_a_rank_is_counted_from_the_nearer_end(rank: int, of: int, expected: str) -> None:
    assert words.place_in_order(rank, of) == expected


def test_names_inside_sentences_become_labels() -> None:
    assert [words.label(name) for name in ("the UK", "its statistical neighbours", "Greater Manchester")] == [
        "UK",
        "Statistical neighbours",
        "Greater Manchester",
    ]


def test_a_label_inside_a_sentence_keeps_its_abbreviation() -> None:
    assert [words.small(text) for text in ("GVA per hour", "Employment rate", "4G coverage")] == [
        "GVA per hour",
        "employment rate",
        "4G coverage",
    ]


def test_lists_counts_and_days_read_as_people_write_them() -> None:
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.count(1, "member") == "1 member"
    assert words.count(1200, "area") == "1,200 areas"
    assert words.day(date(2025, 6, 9)) == "9 June 2025"
