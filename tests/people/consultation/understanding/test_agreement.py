"""Agreement beyond chance, with its interval, or the reason why there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from wellfounded.people.consultation.understanding.agreement import (
    CodingsDoNotMatch,
    cohens_kappa,
)

CODES = st.sampled_from(["supports", "challenges the data", "qualifies"])


def test_kappa_of_a_worked_example():
    # 50 decisions: 20 both yes, 15 both no, 5 and 10 apart. Observed 0.70, by chance 0.50: kappa 0.40.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    found = cohens_kappa(first, second)
    assert found.value == pytest.approx(0.4)
    assert (found.n, found.observed) == (50, pytest.approx(0.7))
    assert (found.low, found.high) == (pytest.approx(0.1511, abs=5e-4), pytest.approx(0.6489, abs=5e-4))


@given(st.lists(st.tuples(CODES, CODES), min_size=2, max_size=40))
def test_kappa_is_that_of_an_independent_implementation_and_lies_in_its_interval(pairs):
    first, second = zip(*pairs, strict=True)
    found = cohens_kappa(first, second)
    if found.value is None:
        assert len(set(first) | set(second)) == 1
        return
    assert found.value == pytest.approx(cohen_kappa_score(first, second))
    assert found.low <= found.value <= found.high


def test_people_who_always_agree_have_one_and_who_all_say_the_same_have_none():
    assert cohens_kappa(["a", "b", "a"], ["a", "b", "a"]).value == pytest.approx(1)
    same = cohens_kappa(["a", "a"], ["a", "a"])
    assert (same.value, same.observed) == (None, 1)
    assert "chance" in same.reason
    assert cohens_kappa([], []).reason.startswith("nobody")


def test_lists_of_different_length_are_refused():
    with pytest.raises(CodingsDoNotMatch, match="the one decided 1 points and the other 2"):
        cohens_kappa(["a"], ["a", "b"])
