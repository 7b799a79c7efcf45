"""What is notable among many figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.discovery import NotAProbability
from wellfounded.analysis.scan import notable, standardised


def test_a_value_two_usual_spreads_above_the_middle() -> None:
    areas = np.array([40.0, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50])  # median 45, half lie within 3
    assert standardised(45 + 2 * 1.4826 * 3, areas) == pytest.approx(2.0)


def test_the_usual_spread_agrees_with_scipy() -> None:
    areas = np.random.default_rng(1).lognormal(size=(6, 40))
    areas[2, :5] = np.nan
    centre = np.nanmedian(areas, axis=1)
    scale = stats.median_abs_deviation(areas, axis=1, nan_policy="omit") * 1.4826
    assert standardised(np.full(6, 3.0), areas) == pytest.approx((3.0 - centre) / scale)


def test_one_area_far_out_does_not_set_the_scale() -> None:
    areas = np.arange(20.0)
    wild = areas.copy()
    wild[19] = 10_000.0
    assert standardised(15.0, wild) == pytest.approx(float(standardised(15.0, areas)))


def test_nine_areas_are_too_few_to_say_what_is_usual() -> None:
    assert np.isnan(standardised(5.0, np.arange(9.0)))
    assert np.isnan(standardised(5.0, np.ones(30)))


def test_large_certain_and_relevant_come_first() -> None:
    found = notable(
        [3.0, -2.0, 0.1, 2.0, 2.0, 5.0],
        p=[0.001, 0.001, 0.0001, np.nan, 0.6, 0.001],
        relevance=[1.0, 2.0, 1.0, 1.0, 1.0, 0.0],
    )
    # the second counts double; the third is too small, the fifth may be chance, the last is of no relevance
    assert list(found.order) == [1, 0, 3]
    assert list(found.kept) == [True, True, False, True, False, False]


def test_without_an_interval_a_candidate_must_be_twice_as_large() -> None:
    assert list(notable([0.9, 1.1]).kept) == [False, True]


def test_of_many_that_are_all_chance_few_are_kept() -> None:
    rng = np.random.default_rng(2)
    kept = [notable(rng.normal(0, 2, 300), p=rng.uniform(0, 1, 300)).kept.any() for _ in range(200)]
    assert np.mean(kept) <= 0.10


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, (2, 12), elements=st.floats(0, 1)))
def test_the_order_lists_each_that_is_kept_once_by_falling_score(numbers: np.ndarray) -> None:
    found = notable(numbers[0] * 4, p=numbers[1])
    assert sorted(found.order) == list(np.flatnonzero(found.kept))
    assert (np.diff(found.score[found.order]) <= 0).all()


def test_a_missing_size_is_never_notable() -> None:
    assert not notable([np.nan, 2.0], p=[0.0001, 0.0001]).kept[0]


def test_what_is_not_a_probability_is_refused() -> None:
    with pytest.raises(NotAProbability):
        notable([1.0], p=[2.0])


def test_shapes_that_do_not_match_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        notable([1.0, 2.0], relevance=[1.0, 2.0, 3.0])
