"""How far areas are apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.difference import relative_difference
from wellfounded.analysis.intervals import NegativeError
from wellfounded.analysis.spread import gini, spread, theil

incomes = hnp.arrays(np.float64, 6, elements=st.floats(1, 1000))


def test_an_hour_in_one_district_is_worth_a_fifth_more_than_in_another() -> None:
    found = spread([46.2, 47.1, 38.3])
    assert (found.highest, found.lowest) == (1, 2)
    assert found.gap == pytest.approx(8.8)
    assert found.relative == pytest.approx(47.1 / 38.3 - 1)
    assert np.isnan(found.p)


def test_the_coefficient_of_variation_agrees_with_scipy() -> None:
    values = np.random.default_rng(1).uniform(1, 9, (5, 7))
    assert spread(values).variation == pytest.approx(stats.variation(values, axis=1))


def test_the_interval_allows_for_having_picked_the_extremes() -> None:
    found = spread([50.0, 48.0, 44.0], se=[1.5, 1.5, 1.5])
    plain = relative_difference(50.0, 44.0, se_a=1.5, se_b=1.5)
    assert found.relative_lower < plain.lower
    assert found.p == pytest.approx(1 - (1 - plain.p) ** 3)


def test_areas_that_are_all_alike_are_seldom_found_apart() -> None:
    rng = np.random.default_rng(2)
    found = spread(rng.normal(50, 2, (2000, 5)), se=np.full((2000, 5), 2.0))
    assert (found.p < 0.05).mean() <= 0.065
    assert (found.relative_lower > 0).mean() <= 0.065


def test_two_areas_need_no_allowance() -> None:
    found = spread([50.0, 44.0], se=[1.5, 1.5])
    assert found.p == pytest.approx(float(relative_difference(50.0, 44.0, se_a=1.5, se_b=1.5).p))


@settings(deadline=None, max_examples=60)
@given(incomes, st.permutations(range(6)))
def test_the_order_of_the_areas_does_not_matter(values: np.ndarray, order: list[int]) -> None:
    mixed = values[order]
    assert spread(mixed).relative == spread(values).relative
    assert gini(mixed) == pytest.approx(float(gini(values)), abs=1e-12)
    assert theil(mixed) == pytest.approx(float(theil(values)), abs=1e-12)


def slow_gini(values: np.ndarray) -> float:
    """The slow twin: the mean difference between all pairs, over twice the mean."""
    return sum(abs(a - b) for a in values for b in values) / (2 * len(values) ** 2 * values.mean())


@settings(deadline=None, max_examples=60)
@given(incomes)
def test_gini_and_theil_agree_with_their_definitions(values: np.ndarray) -> None:
    ratio = values / values.mean()
    assert gini(values) == pytest.approx(slow_gini(values), abs=1e-9)
    assert theil(values) == pytest.approx((ratio * np.log(ratio)).mean(), abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(incomes, hnp.arrays(np.int64, 6, elements=st.integers(1, 5)))
def test_a_weight_counts_an_area_so_many_times(values: np.ndarray, weights: np.ndarray) -> None:
    repeated = np.repeat(values, weights)
    assert gini(values, weights=weights) == pytest.approx(slow_gini(repeated), abs=1e-9)
    assert theil(values, weights=weights) == pytest.approx(float(theil(repeated)), abs=1e-9)


def test_equal_areas_have_no_inequality() -> None:
    assert gini([5.0, 5.0, 5.0]) == pytest.approx(0.0)
    assert theil([5.0, 5.0, 5.0]) == pytest.approx(0.0)


def test_what_one_area_has_alone_is_the_most_unequal() -> None:
    assert gini([0.0, 0.0, 0.0, 8.0]) == pytest.approx(0.75)
    assert theil([0.0, 0.0, 0.0, 8.0]) == pytest.approx(np.log(4))


def test_a_missing_area_or_a_single_one_has_no_spread() -> None:
    found = spread([[1.0, np.nan, 3.0]])
    assert found.highest == -1
    assert np.isnan(found.gap)
    assert np.isnan(spread([5.0]).relative)
    assert np.isnan(gini([1.0, np.nan]))


def test_a_lowest_value_that_is_not_above_zero_has_no_relative_spread() -> None:
    found = spread([5.0, -1.0])
    assert found.gap == 6.0
    assert np.isnan(found.relative)
    assert np.isnan(gini([5.0, -1.0]))


def test_a_negative_error_is_refused() -> None:
    with pytest.raises(NegativeError):
        spread([1.0, 2.0], se=[-1.0, 1.0])


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        gini([1.0, 2.0], weights=[1.0, 2.0, 3.0])
