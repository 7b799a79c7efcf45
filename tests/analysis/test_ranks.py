"""Ranks and between which ranks an area may lie."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.intervals import NegativeError, NotAConfidence, z_critical
from wellfounded.analysis.ranks import rank, rank_interval, rank_intervals


def test_the_highest_is_first_and_ties_share_the_better_rank() -> None:
    assert list(rank([46.0, 38.0, 46.0, 40.0])) == [1, 4, 1, 3]


def test_ranks_agree_with_scipy_over_many_rows() -> None:
    values = np.random.default_rng(1).integers(0, 6, (40, 15)).astype(float)
    assert (rank(values) == stats.rankdata(-values, method="min", axis=-1)).all()


def test_what_is_missing_is_not_ranked() -> None:
    found = rank([[1.0, np.nan, 3.0]])
    assert found[0, 0] == 2
    assert np.isnan(found[0, 1])
    assert found[0, 2] == 1


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, st.integers(1, 30), elements=st.integers(0, 9).map(float)))
def test_a_rank_is_one_more_than_how_many_are_higher(values: np.ndarray) -> None:
    assert list(rank(values)) == [1 + (values > value).sum() for value in values]


def slow_interval(value: float, se: float, others: list[float], errors: list[float]) -> tuple[int, int]:
    """The slow twin: pair by pair."""
    critical = z_critical(0.95 ** (1 / len(others)))
    clearly = [(other - value) / np.hypot(se, error) for other, error in zip(others, errors, strict=True)]
    return 1 + sum(z > critical for z in clearly), 1 + len(others) - sum(z < -critical for z in clearly)


def test_close_neighbours_widen_the_interval_and_far_ones_bound_it() -> None:
    found = rank_interval(50.0, [60.0, 51.0, 49.0, 40.0], se=1.0, se_others=[1.0, 1.0, 1.0, 1.0])
    assert (found.rank, found.lower, found.upper, found.of) == (3, 2, 4, 5)


def test_intervals_agree_with_one_pair_at_a_time() -> None:
    rng = np.random.default_rng(9)
    values, errors = rng.normal(50, 3, 12), rng.uniform(0.2, 1.5, 12)
    all_at_once = rank_intervals(values, errors)
    for area in range(12):
        others, other_errors = np.delete(values, area), np.delete(errors, area)
        expected = slow_interval(values[area], errors[area], list(others), list(other_errors))
        one = rank_interval(values[area], others, se=errors[area], se_others=other_errors)
        assert (one.lower, one.upper) == expected
        assert (all_at_once.lower[area], all_at_once.upper[area]) == expected
        assert one.rank == all_at_once.rank[area]


def test_many_rankings_are_made_at_once() -> None:
    found = rank_interval([3.0, 5.0], [[1.0, 9.0], [1.0, 2.0]], se=[0.1, 0.1], se_others=0.1)
    assert list(found.rank) == [2, 1]
    assert list(found.lower) == [2, 1]
    assert list(found.of) == [3, 3]


def test_intervals_that_hold_all_at_once_are_never_narrower() -> None:
    rng = np.random.default_rng(10)
    values, errors = rng.normal(50, 3, 30), rng.uniform(0.2, 1.5, 30)
    each, every = rank_intervals(values, errors), rank_intervals(values, errors, over="all")
    assert (every.lower <= each.lower).all()
    assert (every.upper >= each.upper).all()


def test_the_true_rank_is_covered_as_often_as_stated() -> None:
    rng = np.random.default_rng(11)
    truth, errors = np.linspace(40, 60, 15), np.full(15, 1.0)
    true_rank = rank(truth)
    missed = missed_any = 0
    for _ in range(400):
        drawn = rng.normal(truth, errors)
        each, every = rank_intervals(drawn, errors), rank_intervals(drawn, errors, over="all")
        missed += not each.lower[7] <= true_rank[7] <= each.upper[7]
        missed_any += bool(((every.lower > true_rank) | (every.upper < true_rank)).any())
    assert missed <= 30
    assert missed_any <= 30


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, 6, elements=st.floats(0, 100)), st.floats(0.01, 20))
def test_a_rank_lies_within_its_interval(values: np.ndarray, se: float) -> None:
    found = rank_intervals(values, np.full(6, se))
    assert (found.lower <= found.rank).all()
    assert (found.rank <= found.upper).all()


def test_an_area_of_unknown_error_is_never_clearly_above_or_below() -> None:
    found = rank_interval(50.0, [90.0, 10.0], se=1.0, se_others=[np.nan, 1.0])
    assert (found.lower, found.upper) == (1, 2)


def test_without_own_interval_a_rank_has_none() -> None:
    found = rank_interval(50.0, [90.0, 10.0])
    assert found.rank == 2
    assert np.isnan(found.lower)
    assert np.isnan(found.upper)


def test_a_missing_value_has_no_rank() -> None:
    found = rank_interval(np.nan, [90.0, np.nan], se=1.0, se_others=1.0)
    assert np.isnan(found.rank)
    assert np.isnan(found.lower)
    assert found.of == 1


def test_a_negative_error_is_refused() -> None:
    with pytest.raises(NegativeError):
        rank_intervals([1.0, 2.0], [-1.0, 1.0])


def test_a_confidence_out_of_range_is_refused() -> None:
    with pytest.raises(NotAConfidence):
        rank_intervals([1.0, 2.0], [1.0, 1.0], confidence=1.0)


def test_others_of_another_shape_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        rank_interval([1.0, 2.0], [[1.0, 2.0]] * 3)
