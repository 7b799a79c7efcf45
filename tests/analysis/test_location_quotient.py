"""Location quotients and how unlike two mixes of sectors are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.intervals import NegativeError
from wellfounded.analysis.specialisation import (
    band,
    hoover,
    krugman,
    location_quotient,
    location_quotient_from_rounded,
    location_quotient_from_sample,
)

amounts = st.floats(0.1, 1e6)
mixes = hnp.arrays(np.float64, 6, elements=st.floats(0, 1000)).filter(lambda mix: mix.sum() > 1)


def test_twelve_percent_here_against_eight_there_is_one_and_a_half() -> None:
    assert location_quotient(12.0, 100.0, 800.0, 10_000.0) == pytest.approx(1.5)


def test_many_quotients_agree_with_one_at_a_time() -> None:
    parts = np.random.default_rng(1).uniform(1, 100, (30, 8))
    reference = parts.sum(axis=0)
    found = location_quotient(parts, parts.sum(axis=1, keepdims=True), reference, reference.sum())
    for area in range(30):
        for sector in range(8):
            slow = (parts[area, sector] / sum(parts[area])) / (reference[sector] / sum(reference))
            assert found[area, sector] == pytest.approx(slow)


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, 5, elements=st.floats(1, 1e4)), hnp.arrays(np.float64, 5, elements=st.floats(1, 1e4)))
def test_quotients_weighted_by_the_reference_shares_average_to_one(parts: np.ndarray, reference: np.ndarray) -> None:
    found = location_quotient(parts, parts.sum(), reference, reference.sum())
    assert (found * reference / reference.sum()).sum() == pytest.approx(1.0)


def test_a_sector_that_the_reference_lacks_has_no_quotient() -> None:
    assert np.isnan(location_quotient([5.0, 5.0, np.nan], [100.0, 0.0, 100.0], [0.0, 5.0, 5.0], 100.0)).all()


def test_rounding_bounds_a_small_sector_widely() -> None:
    found = location_quotient_from_rounded(10.0, 1000.0, 100.0, 10_000.0, unit=5.0)
    assert found.value == pytest.approx(1.0)
    assert (found.lower, found.upper) == pytest.approx((0.75, 1.25))


@settings(deadline=None, max_examples=60)
@given(st.floats(0, 500), st.floats(1000, 5000), st.floats(100, 500), st.sampled_from([1.0, 5.0, 10.0]))
def test_the_true_quotient_lies_within_its_rounding_bounds(part: float, whole: float, ref: float, unit: float) -> None:
    def rounded(value: float) -> float:
        return round(value / unit) * unit

    true = location_quotient(part, whole, ref, 1e4)
    found = location_quotient_from_rounded(
        rounded(part), rounded(whole), rounded(ref), 1e4, unit=unit, ref_unit=unit, whole_unit=unit
    )
    assert found.lower - 1e-12 <= true <= found.upper + 1e-12


def test_sampling_limits_are_those_of_many_draws() -> None:
    rng = np.random.default_rng(3)
    drawn = location_quotient(rng.normal(50, 4, 100_000), 400.0, rng.normal(1000, 30, 100_000), 10_000.0)
    found = location_quotient_from_sample(50.0, 400.0, 1000.0, 10_000.0, se_part=4.0, se_ref_part=30.0)
    assert (float(found.lower), float(found.upper)) == pytest.approx(
        tuple(np.quantile(drawn, [0.025, 0.975])), rel=0.02
    )


def test_a_sector_of_nothing_has_no_sampling_limits() -> None:
    assert np.isnan(location_quotient_from_sample(0.0, 400.0, 10.0, 100.0, se_part=4.0).lower)


def test_bands_are_named_at_their_edges() -> None:
    assert list(band([0.74, 0.75, 1.24, 1.25, 1.5, np.nan])) == [
        "under-represented",
        "about the same",
        "about the same",
        "specialised",
        "highly specialised",
        "",
    ]


def test_krugman_is_nothing_for_one_mix_and_two_for_none_in_common() -> None:
    assert krugman([30.0, 70.0], [3.0, 7.0]) == pytest.approx(0.0)
    assert krugman([1.0, 0.0], [0.0, 5.0]) == 2.0
    assert krugman([50.0, 50.0], [30.0, 70.0]) == pytest.approx(0.4)


@settings(deadline=None, max_examples=60)
@given(mixes, mixes)
def test_hoover_is_the_share_that_exceeds_the_reference(own: np.ndarray, reference: np.ndarray) -> None:
    over = own / own.sum() - reference / reference.sum()
    assert hoover(own, reference) == pytest.approx(over[over > 0].sum(), abs=1e-9)
    assert krugman(own, reference) == pytest.approx(float(krugman(reference, own)))


def test_a_missing_sector_leaves_no_index() -> None:
    assert np.isnan(krugman([1.0, np.nan], [1.0, 1.0]))


def test_a_negative_error_is_refused() -> None:
    with pytest.raises(NegativeError):
        location_quotient_from_sample(1.0, 2.0, 1.0, 2.0, se_part=-1.0)


def test_shapes_that_do_not_match_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch, match="ref_part"):
        location_quotient([1.0, 2.0], 10.0, [1.0, 2.0, 3.0], 10.0)
