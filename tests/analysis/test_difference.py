"""Differences, absolute and relative."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.difference import difference, relative_difference
from wellfounded.analysis.intervals import NegativeError

values = st.floats(1.0, 1000.0)
errors = st.floats(0.01, 50.0)


def test_an_employment_rate_four_points_higher_may_be_chance() -> None:
    # 79.0 (se 3.6) against 75.0 (se 0.3)
    found = difference(79.0, 75.0, se_a=3.6, se_b=0.3)
    assert found.estimate == 4.0
    assert found.se == pytest.approx(3.6125, abs=1e-4)
    assert (found.lower, found.upper) == pytest.approx((-3.08, 11.08), abs=0.01)
    assert found.p == pytest.approx(0.268, abs=0.001)


def slow_difference(a: float, b: float, se_a: float, se_b: float) -> tuple[float, ...]:
    """The slow twin, one pair at a time with the standard library."""
    normal = NormalDist()
    se = math.sqrt(se_a**2 + se_b**2)
    z = (a - b) / se
    reach = normal.inv_cdf(0.975) * se
    return a - b, se, a - b - reach, a - b + reach, z, 2 * (1 - normal.cdf(abs(z)))


def test_many_differences_at_once_agree_with_one_at_a_time() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.normal(50, 5, (2, 40))
    se_a, se_b = rng.uniform(1, 5, (2, 40))
    found = difference(a, b, se_a=se_a, se_b=se_b)
    slow = np.array([slow_difference(*row) for row in zip(a, b, se_a, se_b, strict=True)]).T
    for mine, theirs in zip((found.estimate, found.se, found.lower, found.upper, found.z, found.p), slow, strict=True):
        assert mine == pytest.approx(theirs, abs=1e-12)


def test_z_p_and_interval_agree_with_statsmodels_on_two_samples() -> None:
    rng = np.random.default_rng(12)
    one, other = rng.normal(50, 8, 90), rng.normal(48, 5, 60)
    theirs = CompareMeans(DescrStatsW(one), DescrStatsW(other))
    se = [sample.std(ddof=1) / math.sqrt(len(sample)) for sample in (one, other)]
    found = difference(one.mean(), other.mean(), se_a=se[0], se_b=se[1])
    assert (found.z, found.p) == pytest.approx(theirs.ztest_ind(usevar="unequal"))
    assert (found.lower, found.upper) == pytest.approx(theirs.zconfint_diff(usevar="unequal"))


def test_without_an_interval_there_is_only_the_estimate() -> None:
    found = difference([46.2, 46.2], [40.0, 40.0], se_a=[np.nan, 1.0])
    assert found.estimate == pytest.approx([6.2, 6.2])
    for unknown in (found.se, found.lower, found.upper, found.z, found.p):
        assert np.isnan(unknown).all()


def test_an_exact_benchmark_is_one_whose_error_is_given_as_zero() -> None:
    assert difference(46.2, 40.0, se_a=2.0, se_b=0.0).se == 2.0


def test_two_exact_numbers_are_the_same_or_they_are_not() -> None:
    found = difference([5.0, 6.0], [5.0, 5.0], se_a=0.0, se_b=0.0)
    assert list(found.p) == [1.0, 0.0]


def test_an_area_within_its_benchmark_shares_its_error() -> None:
    # a is a fifth of b: b's error holds a fifth of a's
    apart = difference(50.0, 45.0, se_a=3.0, se_b=1.0)
    within = difference(50.0, 45.0, se_a=3.0, se_b=1.0, overlap=0.2)
    assert within.se == pytest.approx(math.sqrt(9 + 1 - 2 * 0.2 * 9))
    assert within.se < apart.se


def test_the_error_within_a_benchmark_is_that_of_many_draws() -> None:
    rng = np.random.default_rng(7)
    a, rest = rng.normal(50, 3, 200_000), rng.normal(44, 1, 200_000)
    whole = 0.2 * a + 0.8 * rest
    found = difference(50.0, 45.2, se_a=3.0, se_b=whole.std(), overlap=0.2)
    assert found.se == pytest.approx((a - whole).std(), rel=0.01)


@settings(deadline=None, max_examples=60)
@given(values, values, errors, errors)
def test_turning_a_difference_round_changes_its_sign_only(a: float, b: float, se_a: float, se_b: float) -> None:
    one, other = difference(a, b, se_a=se_a, se_b=se_b), difference(b, a, se_a=se_b, se_b=se_a)
    assert one.estimate == -other.estimate
    assert one.lower == -other.upper
    assert one.p == other.p


@settings(deadline=None, max_examples=100)
@given(values, values, errors, errors)
def test_the_relative_interval_leaves_zero_out_exactly_when_p_is_small(
    a: float, b: float, se_a: float, se_b: float
) -> None:
    found = relative_difference(a, b, se_a=se_a, se_b=se_b)
    if np.isnan(found.lower) or abs(found.p - 0.05) < 1e-9:
        return
    assert (found.lower > 0 or found.upper < 0) == (found.p < 0.05)


def test_a_relative_difference_is_a_fraction_of_the_second() -> None:
    found = relative_difference(46.0, 40.0, se_a=1.0, se_b=0.0)
    assert found.estimate == pytest.approx(0.15)
    assert found.se == pytest.approx(1 / 40)
    assert (found.lower, found.upper) == pytest.approx((0.15 - 1.96 / 40, 0.15 + 1.96 / 40), abs=1e-5)


def test_a_relative_difference_to_zero_is_missing() -> None:
    assert np.isnan(relative_difference(5.0, 0.0).estimate)


def test_missing_stays_missing() -> None:
    found = difference([1.0, np.nan], 2.0, se_a=1.0, se_b=1.0)
    assert np.isnan(found.estimate[1])
    assert np.isnan(found.p[1])


def test_a_negative_error_is_refused() -> None:
    with pytest.raises(NegativeError):
        difference(1.0, 2.0, se_a=-1.0, se_b=1.0)


def test_shapes_that_do_not_match_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        difference([1.0, 2.0], [1.0, 2.0, 3.0])
