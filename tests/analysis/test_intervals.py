"""Intervals: worked examples, slow twins, statsmodels and SciPy, one property and one refusal for each error."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.intervals import (
    CountOutOfRange,
    Limits,
    LimitsOutOfOrder,
    NegativeError,
    NotAConfidence,
    byar,
    dobson,
    fieller,
    limits,
    limits_of_difference,
    newcombe,
    poisson,
    ratio_of_sums,
    standard_error,
    two_sided_p,
    weighted_sum,
    wilson,
    z_critical,
)

# --- the normal distribution


def test_the_critical_value_of_95_percent_is_1_96() -> None:
    assert z_critical(0.95) == pytest.approx(1.959963984540054)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0, -0.1])
def test_a_confidence_outside_0_and_1_is_refused(confidence: float) -> None:
    with pytest.raises(NotAConfidence, match="between 0 and 1"):
        z_critical(confidence)


def test_two_sided_p_agrees_with_scipy_far_into_the_tails() -> None:
    z = np.array([0.0, 0.5, -1.96, 3.0, 10.0, -30.0, np.nan])
    assert two_sided_p(z) == pytest.approx(2 * stats.norm.sf(np.abs(z)), rel=1e-12, nan_ok=True)


# --- to and from standard errors


def test_limits_seven_points_either_side_are_a_standard_error_of_3_57() -> None:
    assert standard_error(68.0, 82.0) == pytest.approx(7 / 1.959964)


@settings(deadline=None, max_examples=50)
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.sampled_from([0.9, 0.95, 0.99]))
def test_limits_made_from_a_standard_error_give_it_back(value: float, se: float, confidence: float) -> None:
    around = limits(value, se, confidence=confidence)
    assert standard_error(around.lower, around.upper, confidence=confidence) == pytest.approx(se, rel=1e-6)


def test_a_missing_limit_gives_no_standard_error() -> None:
    assert np.isnan(standard_error([np.nan, 1.0], [2.0, np.nan])).all()


def test_limits_out_of_order_are_refused() -> None:
    with pytest.raises(LimitsOutOfOrder, match=r"1 lower limits are above their upper limits, as 3.0 above 2.0"):
        standard_error([1.0, 3.0], [2.0, 2.0])


def test_a_negative_standard_error_is_refused() -> None:
    with pytest.raises(NegativeError, match=r"-0.5"):
        weighted_sum([1.0], [1.0], se=[-0.5])


def test_arrays_that_do_not_belong_together_are_refused_by_name() -> None:
    with pytest.raises(ShapesDoNotMatch, match=r"lower \(2,\), upper \(3,\)"):
        standard_error([1.0, 2.0], [1.0, 2.0, 3.0])


# --- sums and ratios


def test_variances_of_independent_values_add() -> None:
    total = weighted_sum([[10.0, 20.0, 30.0]], [1.0, 1.0, 2.0], se=[3.0, 4.0, 6.0])
    assert total.value == pytest.approx([90.0])
    assert total.se == pytest.approx([13.0])


def test_a_sum_with_a_missing_part_is_missing() -> None:
    assert np.isnan(weighted_sum([1.0, np.nan], [1.0, 1.0], se=[1.0, 1.0]).value)


def test_a_ratio_of_sums_weighs_each_part_by_its_denominator() -> None:
    ratio = ratio_of_sums([30.0, 50.0], [100.0, 300.0], numerator_se=[3.0, 4.0])
    assert ratio.value == pytest.approx(0.2)
    assert ratio.se == pytest.approx(5 / 400)


def test_the_error_of_a_ratio_of_sums_is_that_of_many_draws() -> None:
    draws = np.random.default_rng(1)
    top, bottom = np.array([300.0, 500.0]), np.array([1000.0, 3000.0])
    top_se, bottom_se = np.array([9.0, 12.0]), np.array([20.0, 40.0])
    drawn = draws.normal(top, top_se, (200_000, 2)).sum(axis=1) / draws.normal(bottom, bottom_se, (200_000, 2)).sum(
        axis=1
    )
    ratio = ratio_of_sums(top, bottom, numerator_se=top_se, denominator_se=bottom_se)
    assert ratio.se == pytest.approx(drawn.std(), rel=0.02)


def test_a_ratio_over_denominators_that_sum_to_zero_is_missing() -> None:
    assert np.isnan(ratio_of_sums([1.0, 2.0], [0.0, 0.0]).value)


# --- proportions and counts


def test_wilson_agrees_with_statsmodels() -> None:
    successes, trials = np.array([0, 1, 8, 50, 99, 100]), np.array([10, 10, 30, 100, 100, 100])
    mine = wilson(successes, trials, confidence=0.9)
    theirs = proportion_confint(successes, trials, alpha=0.1, method="wilson")
    assert mine.lower == pytest.approx(theirs[0], abs=1e-12)
    assert mine.upper == pytest.approx(theirs[1], abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_limits_are_the_proportions_at_which_the_score_test_just_rejects(counts: tuple[int, int]) -> None:
    successes, trials = counts
    around = wilson(successes, trials)
    share, z = successes / trials, z_critical()
    assert 0 <= around.lower <= share <= around.upper <= 1
    for limit in (float(around.lower), float(around.upper)):
        if 0 < limit < 1:
            assert abs(share - limit) == pytest.approx(z * math.sqrt(limit * (1 - limit) / trials), rel=1e-6)


def test_wilson_of_no_trials_is_missing() -> None:
    assert np.isnan(wilson(0, 0).lower)
    assert np.isnan(wilson(0, 0).upper)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 10), (11, 10), (0, -1)])
def test_counts_out_of_range_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(CountOutOfRange):
        wilson(successes, trials)


def test_exact_poisson_limits_agree_with_statsmodels() -> None:
    counts = np.array([0, 1, 5, 100])
    theirs = np.array([confint_poisson(count, 1.0, method="exact-c") for count in counts])
    mine = poisson(counts)
    assert mine.lower == pytest.approx(np.nan_to_num(theirs[:, 0]))
    assert mine.upper == pytest.approx(theirs[:, 1])


def test_byar_is_within_one_percent_of_exact_from_ten_events() -> None:
    counts = np.arange(10, 500)
    assert byar(counts).lower == pytest.approx(poisson(counts).lower, rel=0.01)
    assert byar(counts).upper == pytest.approx(poisson(counts).upper, rel=0.01)
    assert byar(0).lower == 0


@pytest.mark.parametrize("method", [byar, poisson])
def test_a_negative_count_is_refused(method) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CountOutOfRange, match="below zero"):
        method(-1)


def test_dobson_of_a_crude_rate_is_byar_of_its_count() -> None:
    # a crude rate is count / people, of variance count / people^2: standardising changes nothing
    count, people = 65, 1000
    around = dobson(count / people, count / people**2, count)
    assert around.lower == pytest.approx(byar(count).lower / people)
    assert around.upper == pytest.approx(byar(count).upper / people)


# --- differences and ratios


def test_newcombe_gives_the_limits_of_his_own_example() -> None:
    around = newcombe(56, 70, 48, 80)  # Newcombe 1998, contrast (a), method 10
    assert around.lower == pytest.approx(0.0524, abs=5e-5)
    assert around.upper == pytest.approx(0.3339, abs=5e-5)


def test_newcombe_agrees_with_statsmodels() -> None:
    theirs = confint_proportions_2indep(9, 10, 3, 10, method="newcomb", compare="diff")
    mine = newcombe(9, 10, 3, 10)
    assert (float(mine.lower), float(mine.upper)) == pytest.approx(theirs)


def test_square_and_add_with_symmetric_limits_is_the_usual_interval() -> None:
    a, b = limits(10.0, 3.0), limits(6.0, 4.0)
    around = limits_of_difference(10.0, a, 6.0, b)
    usual = limits(4.0, 5.0)
    assert around.lower == pytest.approx(usual.lower)
    assert around.upper == pytest.approx(usual.upper)


def fieller_by_search(a: float, b: float, se_a: float, se_b: float) -> tuple[float, float]:
    """The slow twin: the ratios at which a - r b is just z standard errors from zero."""

    def beyond(r: float) -> float:
        return abs(a - r * b) - z_critical() * math.sqrt(se_a**2 + r * r * se_b**2)

    centre = a / b
    return optimize.brentq(beyond, centre - 50, centre), optimize.brentq(beyond, centre, centre + 50)


def test_fieller_agrees_with_a_search() -> None:
    around = fieller([10.0, 3.0], [8.0, 5.0], se_a=[1.0, 0.2], se_b=[0.8, 0.6])
    assert (around.lower[0], around.upper[0]) == pytest.approx(fieller_by_search(10, 8, 1, 0.8))
    assert (around.lower[1], around.upper[1]) == pytest.approx(fieller_by_search(3, 5, 0.2, 0.6))


def test_fieller_has_no_finite_interval_over_what_may_be_zero() -> None:
    assert np.isnan(fieller(10.0, 1.0, se_a=1.0, se_b=0.9)).all()


def test_fieller_without_uncertainty_is_the_ratio() -> None:
    around = fieller(10.0, 8.0, se_a=0.0, se_b=0.0)
    assert isinstance(around, Limits)
    assert around.lower == around.upper == 1.25
