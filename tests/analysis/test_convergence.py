"""Gaps that close or widen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.convergence import beta, convergence, sigma
from wellfounded.analysis.trend import TooFewYears, theil_sen, trend

YEARS = np.arange(2014, 2024)


def test_a_lead_that_shrinks_by_a_point_a_year_converges() -> None:
    comparator = np.full(10, 40.0)
    found = convergence(YEARS, comparator * (1.20 - 0.01 * np.arange(10)), comparator)
    assert (found.start, found.end) == (pytest.approx(0.20), pytest.approx(0.11))
    assert found.trend.slope == pytest.approx(-0.01)
    assert found.trend.p < 0.001


def test_a_lag_that_shrinks_converges_too() -> None:
    comparator = np.full(10, 40.0)
    found = convergence(YEARS, comparator * (0.80 + 0.01 * np.arange(10)), comparator)
    assert found.start == pytest.approx(-0.20)
    assert found.trend.slope == pytest.approx(-0.01)


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, (2, 10), elements=st.floats(10, 100)), st.floats(0.5, 3))
def test_growth_that_both_share_changes_no_relative_gap(values: np.ndarray, factor: float) -> None:
    common = factor ** np.linspace(0, 1, 10)
    one, other = convergence(YEARS, values[0], values[1]), convergence(YEARS, values[0] * common, values[1] * common)
    assert one.gap == pytest.approx(other.gap)
    assert one.trend.slope == pytest.approx(float(other.trend.slope), abs=1e-9)


def test_the_trend_is_that_of_the_size_of_the_gap() -> None:
    rng = np.random.default_rng(4)
    own, other = rng.uniform(30, 50, (3, 10)), rng.uniform(30, 50, 10)
    found = convergence(YEARS, own, other, relative=False)
    slow = [float(theil_sen(YEARS, [abs(a - b) for a, b in zip(row, other, strict=True)]).slope) for row in own]
    assert found.trend.slope == pytest.approx(slow)


def test_intervals_of_both_are_carried_into_the_trend() -> None:
    own, other = np.linspace(70, 74, 10), np.full(10, 80.0)
    found = convergence(YEARS, own, other, se=np.full(10, 1.2), se_comparator=np.full(10, 0.5), relative=False)
    assert found.trend.weighted
    expected = trend(YEARS, other - own, se=np.full(10, 1.3))
    assert (float(found.trend.slope), float(found.trend.p)) == pytest.approx((float(expected.slope), float(expected.p)))


def test_first_and_last_gap_are_those_that_there_are() -> None:
    own = np.array([np.nan, 44.0, 43, 42, 41, 42, 43, 44, 45, np.nan])
    found = convergence(YEARS, own, np.full(10, 40.0))
    assert (found.start, found.end) == (pytest.approx(0.10), pytest.approx(0.125))
    assert np.isnan(convergence(YEARS, np.full(10, np.nan), np.full(10, 40.0)).start)


def test_shapes_that_do_not_match_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        convergence(YEARS, np.ones(10), np.ones(9))


def test_sigma_agrees_with_scipy_and_leaves_missing_areas_out() -> None:
    values = np.random.default_rng(5).uniform(10, 20, (4, 9))
    values[1, 3] = np.nan
    assert sigma(values) == pytest.approx(stats.variation(values, axis=1, nan_policy="omit"))


def test_beta_agrees_with_a_regression_by_hand() -> None:
    rng = np.random.default_rng(6)
    start = rng.uniform(20, 60, 50)
    growth = 0.05 - 0.01 * np.log(start) + rng.normal(0, 0.001, 50)
    found = beta(start, start * (1 + growth) ** 8, 8)
    x = np.log(start) - np.log(start).mean()
    assert found.slope == pytest.approx((x * growth).sum() / (x**2).sum())
    assert found.slope < 0
    assert found.p < 1e-6


def test_two_areas_have_no_beta() -> None:
    found = beta([10.0, 20.0, 0.0], [15.0, 22.0, 5.0], 5)
    assert found.n == 2
    assert np.isnan(found.slope)


def test_growth_over_no_time_is_refused() -> None:
    with pytest.raises(TooFewYears):
        beta([10.0, 20.0, 30.0], [15.0, 22.0, 31.0], 0)
