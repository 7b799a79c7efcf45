"""Trends over years."""

import math
from itertools import combinations, pairwise, permutations

import numpy as np
import pymannkendall
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.trend import (
    TooFewYears,
    annual_growth,
    annual_growth_error,
    drift,
    mann_kendall,
    slopes_without_each_year,
    theil_sen,
    trend,
    weighted_slope,
)

YEARS = np.arange(2012, 2022)


# --- weighted regression


def test_a_rate_that_rises_half_a_point_a_year_has_that_slope() -> None:
    values = 70 + 0.5 * np.arange(10) + np.array([0.2, -0.2] * 5)
    found = weighted_slope(YEARS, values, np.full(10, 2.0))
    x = np.arange(10) - 4.5
    assert found.slope == pytest.approx(stats.linregress(YEARS, values).slope)
    assert found.upper - found.lower == pytest.approx(2 * 1.959964 * 2.0 / math.sqrt((x**2).sum()))
    assert found.level == pytest.approx(values.mean())


def test_the_weighted_slope_agrees_with_statsmodels() -> None:
    rng = np.random.default_rng(2)
    values, se = rng.normal(50, 2, 10), rng.uniform(1, 4, 10)
    fit = sm.WLS(values, sm.add_constant(YEARS - 2012.0), weights=1 / se**2).fit(cov_type="fixed scale")
    widen = max(1.0, math.sqrt((((values - fit.fittedvalues) / se) ** 2).sum() / 8))
    found = weighted_slope(YEARS, values, se)
    assert found.slope == pytest.approx(fit.params[1])
    assert (found.upper - found.lower) / (2 * 1.959964) == pytest.approx(fit.bse[1] * widen, rel=1e-6)


def test_scatter_that_errors_do_not_explain_widens_the_interval() -> None:
    values = np.array([50.0, 60, 40, 62, 41, 59, 43, 58, 44, 61])
    tight = weighted_slope(YEARS, values, np.full(10, 0.1))
    fit = stats.linregress(YEARS, values)
    assert (tight.upper - tight.lower) / (2 * 1.959964) == pytest.approx(fit.stderr, rel=1e-6)


def test_a_year_without_value_or_error_is_left_out() -> None:
    values, se = np.arange(10.0), np.ones(10)
    values[3], se[5], se[6] = np.nan, np.nan, 0.0
    found, short = (
        weighted_slope(YEARS, values, se),
        weighted_slope(YEARS[[0, 1, 2, 4, 7, 8, 9]], [0, 1, 2, 4, 7, 8, 9], np.ones(7)),
    )
    assert found.n == 7
    assert (found.slope, found.lower) == pytest.approx((short.slope, short.lower))


def test_two_years_have_no_weighted_slope() -> None:
    assert np.isnan(weighted_slope([2020, 2021], [1.0, 2.0], [1.0, 1.0]).slope)


# --- Mann-Kendall


def slow_s(values: np.ndarray) -> float:
    return sum(np.sign(later - earlier) for earlier, later in combinations(values, 2))


@pytest.mark.parametrize("n", [5, 6, 7])
def test_the_exact_p_is_the_share_of_all_orders_at_least_as_far_from_zero(n: int) -> None:
    reached = np.array([abs(slow_s(np.array(order))) for order in permutations(range(n))])
    for order in list(permutations(range(n)))[:: math.factorial(n) // 12]:
        found = mann_kendall(np.arange(n), order)
        assert found.s == slow_s(np.array(order))
        assert found.p == pytest.approx((reached >= abs(found.s)).mean())


@pytest.mark.parametrize("n", [5, 9, 10, 20, 40])
def test_without_ties_p_and_tau_agree_with_scipy(n: int) -> None:
    for seed in range(10):
        values = np.random.default_rng(seed).normal(size=n)
        theirs = stats.kendalltau(np.arange(n), values, method="exact")
        found = mann_kendall(np.arange(n), values)
        assert (found.tau, found.p) == pytest.approx((theirs.statistic, theirs.pvalue), abs=1e-9)


@pytest.mark.parametrize("n", [8, 15, 45])
def test_with_ties_or_many_years_p_agrees_with_pymannkendall(n: int) -> None:
    for seed in range(10):
        values = np.round(np.random.default_rng(seed).normal(size=n) * 1.5)
        theirs = pymannkendall.original_test(values)
        found = mann_kendall(np.arange(n), values)
        assert (found.s, found.p) == pytest.approx((theirs.s, theirs.p))


def test_four_years_cannot_be_tested() -> None:
    assert np.isnan(mann_kendall(range(4), [1, 2, 3, 4]).p)
    assert mann_kendall(range(5), [1, 2, 3, 4, 5]).p == pytest.approx(2 / 120)


def test_a_series_that_never_changes_has_no_trend() -> None:
    found = mann_kendall(range(6), np.ones(6))
    assert found.p == 1.0
    assert found.s == 0
    assert np.isnan(found.tau)


# --- Theil-Sen


def test_the_theil_sen_slope_and_limits_agree_with_scipy() -> None:
    for seed in range(10):
        values = np.random.default_rng(seed).normal(size=12)
        theirs = stats.theilslopes(values, YEARS[0] + np.arange(12))
        found = theil_sen(YEARS[0] + np.arange(12), values)
        assert (found.slope, found.lower, found.upper) == pytest.approx(
            (theirs.slope, theirs.low_slope, theirs.high_slope)
        )


def test_one_wild_year_does_not_move_the_slope() -> None:
    values = np.arange(10.0)
    values[4] = 500.0
    assert theil_sen(YEARS, values).slope == pytest.approx(1.0)


def test_a_single_year_has_no_slope() -> None:
    assert np.isnan(theil_sen([2020], [1.0]).slope)
    assert np.isnan(theil_sen([2020, 2021], [1.0, np.nan]).slope)


# --- the choice between them


def test_intervals_decide_the_method_series_by_series() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(50, 3, (3, 10))
    se = np.ones((3, 10))
    se[1, 4] = np.nan  # one year without interval: ranks for the whole series
    values[2, 2:] = np.nan  # two years: nothing can be said
    found = trend(YEARS, values, se=se)
    assert list(found.weighted) == [True, False, False]
    assert found.slope[0] == pytest.approx(float(weighted_slope(YEARS, values[0], se[0]).slope))
    assert found.slope[1] == pytest.approx(float(theil_sen(YEARS, values[1]).slope))
    assert found.p[1] == pytest.approx(float(mann_kendall(YEARS, values[1]).p))
    assert np.isnan(found.slope[2])
    assert np.isnan(found.p[2])


def test_without_intervals_four_years_cannot_be_tested() -> None:
    found = trend(range(4), [1.0, 2.0, 3.0, 4.0])
    assert np.isnan(found.slope)
    assert np.isnan(found.p)
    assert found.n == 4


def test_the_rate_is_the_slope_over_the_middle_of_the_series() -> None:
    found = trend(range(5), [98.0, 99.0, 100.0, 101.0, 102.0])
    assert found.rate == pytest.approx(0.01)


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, (3, 8), elements=st.integers(-50, 50).map(float)), st.booleans())
def test_time_run_backwards_turns_the_slope_and_keeps_p(values: np.ndarray, with_errors: bool) -> None:
    years = np.arange(8)
    se = np.ones_like(values) if with_errors else None
    forward, backward = trend(years, values, se=se), trend(years, values[:, ::-1], se=se)
    assert forward.slope == pytest.approx(-backward.slope, abs=1e-9)
    assert forward.lower == pytest.approx(-backward.upper, abs=1e-9)
    assert forward.p == pytest.approx(backward.p)


def test_the_order_in_which_years_are_given_does_not_matter() -> None:
    values = np.random.default_rng(1).normal(size=10)
    mixed = np.random.default_rng(2).permutation(10)
    one, other = trend(YEARS, values), trend(YEARS[mixed], values[mixed])
    assert [one.slope, one.p] == [pytest.approx(other.slope), pytest.approx(other.p)]


def test_a_trend_that_hangs_on_one_year_changes_sign_without_it() -> None:
    steady = slopes_without_each_year(YEARS, np.arange(10.0))
    assert steady.lower == steady.upper == 1.0
    values = np.array([0, 3, 1, 2, 3, 0.0])
    loose = slopes_without_each_year(range(6), values)
    assert loose.lower < 0 < loose.upper
    slow = [float(trend(np.delete(np.arange(6), out), np.delete(values, out)).slope) for out in range(6)]
    assert (float(loose.lower), float(loose.upper)) == pytest.approx((min(slow), max(slow)))


def test_values_whose_last_axis_is_not_the_years_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch, match="must be the years"):
        trend(YEARS, np.ones((10, 3)))


# --- random walks


def test_drift_is_students_test_of_the_yearly_steps() -> None:
    values = np.random.default_rng(3).normal(size=(4, 10)).cumsum(axis=1)
    theirs = stats.ttest_1samp(np.diff(values, axis=1), 0.0, axis=1)
    found = drift(YEARS, values)
    assert found.p == pytest.approx(theirs.pvalue)
    assert found.lower == pytest.approx(theirs.confidence_interval().low)
    assert found.slope == pytest.approx((values[:, -1] - values[:, 0]) / 9)


def slow_drift(years: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """The slow twin: steps between known years, each with a variance in proportion to its length."""
    known = [(year, value) for year, value in zip(years, values, strict=True) if not np.isnan(value)]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(known)]
    span = sum(length for length, _ in steps)
    slope = sum(change for _, change in steps) / span
    variance = sum((change - slope * length) ** 2 / length for length, change in steps) / (len(steps) - 1)
    return slope, 2 * float(stats.t.sf(abs(slope) / math.sqrt(variance / span), len(steps) - 1))


def test_a_step_over_a_missing_year_is_a_longer_one() -> None:
    values = np.random.default_rng(4).normal(size=10).cumsum()
    values[[0, 4, 5]] = np.nan
    found = drift(YEARS, values)
    assert (float(found.slope), float(found.p)) == pytest.approx(slow_drift(YEARS, values))
    assert found.n == 6


def test_a_walk_without_drift_passes_for_a_trend_by_ranks_and_seldom_by_its_steps() -> None:
    walks = np.random.default_rng(5).normal(size=(2000, 11)).cumsum(axis=1)
    assert (mann_kendall(range(11), walks).p < 0.05).mean() > 0.4
    assert (drift(range(11), walks).p < 0.05).mean() == pytest.approx(0.05, abs=0.015)


def test_three_years_have_too_few_steps_for_drift() -> None:
    assert np.isnan(drift([2019, 2020, 2021], [1.0, 2.0, 3.5]).p)


# --- growth


def test_doubling_in_ten_years_is_seven_percent_a_year() -> None:
    assert annual_growth(100.0, 200.0, 10) == pytest.approx(0.0718, abs=5e-5)


@settings(deadline=None, max_examples=60)
@given(st.floats(1, 1e6), st.floats(-0.5, 1.0), st.integers(1, 40))
def test_growth_compounded_arrives_at_the_end(start: float, growth: float, years: int) -> None:
    assert annual_growth(start, start * (1 + growth) ** years, years) == pytest.approx(growth, abs=1e-9)


def test_growth_from_or_to_nothing_is_missing() -> None:
    assert np.isnan(annual_growth([0.0, 5.0, -1.0], [5.0, 0.0, 5.0], 3)).all()


def test_growth_over_no_time_is_refused() -> None:
    with pytest.raises(TooFewYears, match="0 years between"):
        annual_growth(1.0, 2.0, 0)


def test_the_error_of_growth_is_that_of_many_draws() -> None:
    rng = np.random.default_rng(6)
    drawn = annual_growth(rng.normal(100, 3, 100_000), rng.normal(150, 4, 100_000), 5)
    assert annual_growth_error(100.0, 150.0, 5, se_start=3.0, se_end=4.0) == pytest.approx(drawn.std(), rel=0.02)
