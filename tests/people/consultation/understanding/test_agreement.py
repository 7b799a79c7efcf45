"""Agreement beyond chance, with its interval, or the reason why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from wellfounded.people.consultation.understanding.agreement import (
    CodingsDoNotMatch,
    cohens_kappa,
    krippendorffs_alpha,
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


def test_alpha_of_the_published_example():
    # Krippendorff (2011), Computing Krippendorff's alpha-reliability, part C: nominal data of four people, with gaps.
    rows = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    found = krippendorffs_alpha([[None if code == "." else code for code in row] for row in rows], seed=1)
    assert found.value == pytest.approx(0.743, abs=5e-4)


@given(st.lists(st.tuples(CODES, CODES), min_size=2, max_size=40))
def test_kappa_is_that_of_an_independent_implementation_and_lies_in_its_interval(pairs):
    first, second = zip(*pairs, strict=True)
    found = cohens_kappa(first, second)
    if found.value is None:
        assert len(set(first) | set(second)) == 1
        return
    assert found.value == pytest.approx(cohen_kappa_score(first, second))
    assert found.low <= found.value <= found.high


@given(st.lists(st.lists(st.one_of(st.none(), CODES), min_size=6, max_size=6), min_size=2, max_size=4))
def test_alpha_is_that_of_counting_every_pair(rows):
    found = krippendorffs_alpha(rows, seed=1)
    if found.value is not None:
        assert found.value == pytest.approx(_slow_alpha(rows))


def test_people_who_always_agree_have_one_and_who_all_say_the_same_have_none():
    assert cohens_kappa(["a", "b", "a"], ["a", "b", "a"]).value == pytest.approx(1)
    same = cohens_kappa(["a", "a"], ["a", "a"])
    assert (same.value, same.observed) == (None, 1)
    assert "chance" in same.reason
    assert cohens_kappa([], []).reason.startswith("nobody")
    assert krippendorffs_alpha([["a", None], [None, "b"]], seed=1).n == 0


def test_the_interval_of_alpha_is_the_same_each_time_and_narrows_with_more_points():
    rng = np.random.default_rng(3)
    truth = rng.choice(["a", "b"], 400)
    other = np.where(rng.random(400) < 0.2, "a", truth)
    few, many = (krippendorffs_alpha([truth[:n].tolist(), other[:n].tolist()], seed=1) for n in (40, 400))
    assert few == krippendorffs_alpha([truth[:40].tolist(), other[:40].tolist()], seed=1)
    assert many.high - many.low < few.high - few.low


def test_lists_of_different_length_are_refused():
    with pytest.raises(CodingsDoNotMatch, match="the one decided 1 points and the other 2"):
        cohens_kappa(["a"], ["a", "b"])
    with pytest.raises(CodingsDoNotMatch):
        krippendorffs_alpha([["a"], ["a", "b"]], seed=1)


def _slow_alpha(rows: list[list[str | None]]) -> float:
    """One pair at a time."""
    pairs: list[tuple[str, str, float]] = []
    for unit in zip(*rows, strict=True):
        codes = [code for code in unit if code is not None]
        pairs += [(a, b, 1 / (len(codes) - 1)) for i, a in enumerate(codes) for j, b in enumerate(codes) if i != j]
    n = sum(weight for *_, weight in pairs)
    apart = sum(weight for a, b, weight in pairs if a != b) / n
    totals: dict[str, float] = {}
    for a, _, weight in pairs:
        totals[a] = totals.get(a, 0) + weight
    chance = sum(totals[a] * totals[b] for a in totals for b in totals if a != b) / (n * (n - 1))
    return 1 - apart / chance
