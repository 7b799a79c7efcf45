"""Which conclusions lead a page, and what the marks and the search make of them."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.sample_conclusions import conclusions
from wellfounded.publishing import sureness
from wellfounded.publishing.model import ShownConclusion
from wellfounded.web.publication import Opened
from wellfounded.web.searching import index, search, words

SOME = sureness.published(conclusions())


@given(st.integers(0, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_mark_is_filled_by_the_share_that_holds(counts: tuple[int, int]) -> None:
    holds, of = counts
    parts = sureness.segments(msgspec.structs.replace(SOME[0], holds=holds, of=of))
    assert len(parts) == sureness.SEGMENTS
    assert list(parts) == sorted(parts, reverse=True)
    assert sum(parts) == pytest.approx(5 * holds / of if of else 0)


@given(st.permutations(SOME), st.integers(0, 8), st.integers(1, 3))
def test_those_that_lead_hold_and_are_the_firmest(some: list[ShownConclusion], n: int, a_chapter: int) -> None:
    chosen = sureness.firmest(some, n=n, a_chapter=a_chapter)
    assert len(chosen) <= n
    assert all(conclusion.verdict == "holds" for conclusion in chosen)
    better = [
        (one, other)
        for at, one in enumerate(chosen)
        for other in chosen[at + 1 :]
        if other.of == one.of and other.holds > one.holds
    ]
    assert not better
    chapters = [conclusion.chapter for conclusion in chosen]
    assert all(chapters.count(chapter) <= a_chapter for chapter in chapters)


def test_many_ways_count_for_more_than_few() -> None:
    few = msgspec.structs.replace(SOME[0], id="few", chapter="people", holds=3, of=3)
    many = msgspec.structs.replace(SOME[0], id="many", chapter="place", holds=228, of=240)
    assert [conclusion.id for conclusion in sureness.firmest([few, many], n=2, a_chapter=1)] == ["many", "few"]


def test_every_word_for_sureness_verdict_and_kind_is_there() -> None:
    assert {c.sureness for c in SOME} <= set(sureness.SURENESS) == set(sureness.SURENESS_MEANS)
    assert {c.verdict for c in SOME} == set(sureness.VERDICTS) == set(sureness.VERDICT_MEANS)
    assert {c.kind for c in SOME} == set(sureness.KINDS) == set(sureness.KIND)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("output per hour", "Growth of output per hour"),
        ("GIGABIT", "78.0% of premises"),
        ("gva filled", "GVA per filled job"),
        ("E06000007", "Warrington"),
        ("hartle", "Hartlepool"),
        ("people degree", "45.1% of residents"),
        ("gva worked", "The birth rate of enterprises"),  # a conclusion is found by what it measures
    ],
)
def test_a_search_finds_what_was_meant(opened: Opened, question: str, first: str) -> None:
    assert search(index(opened), question).entries[0].title.startswith(first)


def test_a_search_without_result_offers_a_near_spelling(opened: Opened) -> None:
    found = search(index(opened), "waringtom gigabyt")
    assert not found.entries
    assert found.instead == "warrington gigabit"


@given(st.text(max_size=300))
def test_any_question_is_answered(question: str) -> None:
    assert search((), question).entries == ()
    assert all(word.isalnum() for word in words(question))
