"""Concentration and diversity over sectors."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.diversity import effective_sectors, entropy, hhi, variety

mixes = hnp.arrays(np.float64, 8, elements=st.floats(0, 1000)).filter(lambda mix: mix.sum() > 1)


def test_shares_of_half_three_tenths_and_a_fifth_have_an_hhi_of_0_38() -> None:
    assert hhi([50.0, 30.0, 20.0]) == pytest.approx(0.38)
    assert effective_sectors([50.0, 30.0, 20.0]) == pytest.approx(1 / 0.38)


def test_entropy_is_one_for_equal_sectors_and_nothing_for_one() -> None:
    assert entropy([[5.0, 5.0, 5.0, 5.0], [0.0, 7.0, 0.0, 0.0]]) == pytest.approx([1.0, 0.0])


def test_entropy_agrees_with_scipy() -> None:
    parts = np.random.default_rng(1).uniform(0, 10, (20, 6))
    assert entropy(parts) == pytest.approx(stats.entropy(parts, base=6, axis=1))


def slow_indices(parts: np.ndarray) -> tuple[float, float]:
    total = sum(parts)
    shares = [part / total for part in parts]
    bits = -sum(share * math.log(share) for share in shares if share > 0)
    return sum(share * share for share in shares), bits / math.log(len(parts))


@settings(deadline=None, max_examples=60)
@given(mixes)
def test_indices_agree_with_their_definitions_and_keep_their_bounds(parts: np.ndarray) -> None:
    concentration, evenness = slow_indices(parts)
    assert hhi(parts) == pytest.approx(concentration)
    assert entropy(parts) == pytest.approx(evenness, abs=1e-9)
    assert 1 / 8 - 1e-12 <= hhi(parts) <= 1 + 1e-12
    assert hhi(parts * 7) == pytest.approx(hhi(parts))


def test_moving_output_from_a_larger_to_a_smaller_sector_makes_it_more_diverse() -> None:
    assert hhi([45.0, 35.0, 20.0]) < hhi([50.0, 30.0, 20.0])
    assert entropy([45.0, 35.0, 20.0]) > entropy([50.0, 30.0, 20.0])


@settings(deadline=None, max_examples=60)
@given(mixes)
def test_related_and_unrelated_variety_are_the_entropy_within_and_between_families(parts: np.ndarray) -> None:
    groups = np.array([0, 0, 1, 1, 1, 2, 2, 3])
    found = variety(parts, groups)
    shares = parts / parts.sum()
    slow = 0.0
    for group in range(4):
        inside = shares[groups == group]
        if inside.sum() > 0:
            slow += inside.sum() * stats.entropy(inside, base=2)
    assert found.related == pytest.approx(slow, abs=1e-9)
    assert found.related + found.unrelated == pytest.approx(found.total)
    assert found.related >= -1e-12


def test_one_family_has_no_unrelated_variety() -> None:
    found = variety([1.0, 1.0, 1.0, 1.0], [5, 5, 5, 5])
    assert (found.related, found.unrelated) == pytest.approx((2.0, 0.0))


def test_a_missing_or_negative_sector_leaves_no_index() -> None:
    assert np.isnan(hhi([[1.0, np.nan], [2.0, -1.0], [0.0, 0.0]])).all()
    assert np.isnan(entropy([[1.0, np.nan], [2.0, -1.0], [0.0, 0.0]])).all()


def test_a_single_sector_has_no_entropy() -> None:
    assert np.isnan(entropy([5.0]))


def test_groups_that_do_not_number_each_sector_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch, match="groups"):
        variety([1.0, 2.0, 3.0], [0, 1])
