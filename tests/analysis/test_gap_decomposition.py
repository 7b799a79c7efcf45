"""A productivity gap split into within-sector and mix, and productivity growth by sector."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.gap import gap_decomposition, growth_decomposition

amounts = hnp.arrays(np.float64, (4, 5), elements=st.floats(1, 1000))


def test_a_gap_that_is_all_mix() -> None:
    # both earn 60 and 20 an hour by sector; here 30 of 40 hours are in the first, there 10 of 40
    found = gap_decomposition([1800.0, 200.0], [30.0, 10.0], [600.0, 600.0], [10.0, 30.0])
    assert found.gap == pytest.approx(50 - 30)
    assert found.totals["within"] == pytest.approx(0.0)
    # half of the labour shifts; the sectors lie 20 above and 20 below the middle of 40
    assert found.mix == pytest.approx([0.5 * 20, -0.5 * -20])


def test_a_gap_that_is_all_within() -> None:
    found = gap_decomposition([660.0, 200.0], [10.0, 10.0], [600.0, 200.0], [10.0, 10.0])
    assert found.gap == pytest.approx(3.0)
    assert found.within == pytest.approx([3.0, 0.0])
    assert found.mix == pytest.approx([0.0, 0.0])


def slow_shapley(y, h, ref_y, ref_h):  # type: ignore[no-untyped-def]
    """The slow twin: replace shares and rates in each order, and take the mean of what each step changes."""
    share, ref_share = h / h.sum(), ref_h / ref_h.sum()
    rate, ref_rate = y / h, ref_y / ref_h
    within_first = (ref_share * (rate - ref_rate)).sum(), ((share - ref_share) * rate).sum()
    mix_first = (share * (rate - ref_rate)).sum(), ((share - ref_share) * ref_rate).sum()
    return (within_first[0] + mix_first[0]) / 2, (within_first[1] + mix_first[1]) / 2


@settings(deadline=None, max_examples=60)
@given(amounts)
def test_the_split_is_shapleys_and_adds_up_by_sector(given_amounts: np.ndarray) -> None:
    y, h, ref_y, ref_h = given_amounts
    found = gap_decomposition(y, h, ref_y, ref_h)
    within, mix = slow_shapley(y, h, ref_y, ref_h)
    scale = max(float((y / h).max()), float((ref_y / ref_h).max()))
    assert found.totals["within"] == pytest.approx(within, abs=1e-9 * scale)
    assert found.totals["mix"] == pytest.approx(mix, abs=1e-9 * scale)
    assert found.by_sector.sum() == pytest.approx(float(found.gap), abs=1e-9 * scale)


@settings(deadline=None, max_examples=60)
@given(amounts)
def test_turning_the_comparison_round_turns_every_part(given_amounts: np.ndarray) -> None:
    y, h, ref_y, ref_h = given_amounts
    one, other = gap_decomposition(y, h, ref_y, ref_h), gap_decomposition(ref_y, ref_h, y, h)
    assert one.within == pytest.approx(-other.within)
    assert one.mix == pytest.approx(-other.mix)


def test_a_sector_that_one_side_lacks_is_all_mix() -> None:
    found = gap_decomposition([100.0, 0.0], [10.0, 0.0], [100.0, 300.0], [10.0, 10.0])
    assert found.gap == pytest.approx(10 - 20)
    assert found.within[1] == 0.0
    assert found.by_sector.sum() == pytest.approx(-10.0)


def test_a_sector_that_both_lack_contributes_nothing() -> None:
    found = gap_decomposition([100.0, 0.0], [10.0, 0.0], [200.0, 0.0], [10.0, 0.0])
    assert found.by_sector == pytest.approx([-10.0, 0.0])


def test_output_without_labour_cannot_be_split() -> None:
    assert np.isnan(gap_decomposition([100.0, 5.0], [10.0, 0.0], [100.0, 5.0], [10.0, 1.0]).within[1])


def test_a_missing_sector_leaves_nothing_to_split() -> None:
    assert np.isnan(gap_decomposition([100.0, np.nan], [10.0, 1.0], [100.0, 5.0], [10.0, 1.0]).gap)


def test_other_sectors_than_the_reference_has_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch, match="same sectors"):
        gap_decomposition([1.0, 2.0], [1.0, 2.0], [1.0], [1.0])


def test_growth_by_sector_with_constant_prices_and_shares_is_all_within() -> None:
    found = growth_decomposition([100.0, 100.0], [10.0, 10.0], [1.0, 1.0], [120.0, 100.0], [10.0, 10.0], [1.0, 1.0])
    assert found.growth == pytest.approx(0.10)
    assert found.within == pytest.approx([0.10, 0.0])
    assert found.reallocation == pytest.approx([0.0, 0.0])


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, (6, 4), elements=st.floats(1, 100)))
def test_growth_by_sector_adds_up_to_that_of_nominal_output_deflated(given_amounts: np.ndarray) -> None:
    y0, h0, p0, y1, h1, p1 = given_amounts
    found = growth_decomposition(y0, h0, p0, y1, h1, p1)
    slow = ((p1 * y1).sum() / h1.sum()) / ((p0 * y0).sum() / h0.sum()) - 1
    assert found.growth == pytest.approx(slow)
    assert (found.within + found.reallocation + found.interaction).sum() == pytest.approx(slow, abs=1e-9)


def test_growth_over_unlike_sectors_is_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        growth_decomposition([1.0, 2.0], [1.0, 2.0], [1.0, 1.0], [1.0, 2.0], [1.0], [1.0, 1.0])
