"""Shares of a whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.intervals import CountOutOfRange, NegativeError
from wellfounded.analysis.shares import share, share_of_counts, share_of_estimates, share_of_rounded


def test_twelve_of_sixty_is_a_fifth() -> None:
    assert share(12.0, 60.0) == pytest.approx(0.2)


def test_a_share_of_nothing_or_of_what_is_missing_is_missing() -> None:
    assert np.isnan(share([1.0, np.nan, 1.0, 1.0], [0.0, 5.0, np.nan, -3.0])).all()


def test_a_loss_is_a_negative_share() -> None:
    assert share(-5.0, 100.0) == pytest.approx(-0.05)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12).filter(lambda parts: sum(parts) > 1))
def test_the_shares_of_all_parts_are_one(parts: list[float]) -> None:
    assert share(parts, sum(parts)).sum() == pytest.approx(1.0)


def test_shares_of_counts_carry_wilsons_limits() -> None:
    found = share_of_counts([9, 300], [30, 1000])
    theirs = proportion_confint(np.array([9, 300]), np.array([30, 1000]), method="wilson")
    assert found.value == pytest.approx([0.3, 0.3])
    assert found.lower == pytest.approx(theirs[0])
    assert found.upper == pytest.approx(theirs[1])


def test_more_than_all_of_a_count_is_refused() -> None:
    with pytest.raises(CountOutOfRange):
        share_of_counts(31, 30)


@settings(deadline=None, max_examples=60)
@given(st.floats(1, 1000), st.floats(0, 1), st.sampled_from([1.0, 5.0, 10.0]))
def test_the_true_share_lies_within_its_rounding_bounds(whole: float, true: float, unit: float) -> None:
    part = whole * true
    rounded_part, rounded_whole = round(part / unit) * unit, round(whole / unit) * unit
    found = share_of_rounded(rounded_part, rounded_whole, unit=unit, whole_unit=unit)
    if np.isnan(found.value) or np.isnan(found.upper):
        return
    assert found.lower - 1e-12 <= true <= found.upper + 1e-12


def test_the_limits_of_a_share_of_estimates_are_those_of_many_draws() -> None:
    rng = np.random.default_rng(5)
    a, rest = rng.normal(30, 2, 100_000), rng.normal(70, 3, 100_000)
    found = share_of_estimates(30.0, 70.0, se_part=2.0, se_rest=3.0)
    assert (found.upper - found.lower) / (2 * 1.959964) == pytest.approx((a / (a + rest)).std(), rel=0.02)


def test_the_limits_of_a_share_stay_within_nothing_and_all() -> None:
    found = share_of_estimates([1.0, 99.0], [99.0, 1.0], se_part=5.0, se_rest=5.0)
    assert found.lower[0] == 0.0
    assert found.upper[1] == 1.0


def test_a_negative_error_is_refused() -> None:
    with pytest.raises(NegativeError):
        share_of_estimates(1.0, 2.0, se_part=-1.0, se_rest=1.0)


def test_shapes_that_do_not_match_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        share([1.0, 2.0], [1.0, 2.0, 3.0])
