"""Falls, recoveries and what the mix of sectors would have led to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.resilience import (
    NoSuchYear,
    expected_path,
    resistance,
    sensitivity,
    shock,
    without_largest,
)

YEARS = np.arange(2006, 2014)


def test_a_fall_of_six_percent_that_took_five_years_to_regain() -> None:
    found = shock(YEARS, [98, 100, 97, 94, 96, 98, 100.5, 103], before=2007, until=2009)
    assert found.change == pytest.approx(-0.06)
    assert found.fall == pytest.approx(0.06)
    assert found.trough_year == 2009
    assert found.years_to_recover == 5


def test_a_series_that_never_fell_needed_no_recovery() -> None:
    found = shock(YEARS, [98, 100, 101, 103, 104, 105, 106, 107], before=2007, until=2009)
    assert found.change == pytest.approx(0.01)
    assert found.fall == 0.0
    assert found.years_to_recover == 0


def test_a_level_that_was_never_reached_again_is_infinitely_far() -> None:
    found = shock(YEARS, [98, 100, 97, 94, 96, 98, 99, 99], before=2007, until=2009)
    assert found.years_to_recover == np.inf


def slow_shock(years, values, before, until):  # type: ignore[no-untyped-def]
    """The slow twin: year by year."""
    level = dict(zip(years, values, strict=True))
    window = [year for year in years if before < year <= until]
    trough = min(window, key=lambda year: level[year])
    change = level[trough] / level[before] - 1
    if change >= 0:
        return change, trough, 0
    back = [year for year in years if year > trough and level[year] >= level[before]]
    return change, trough, (back[0] - before if back else np.inf)


@settings(deadline=None, max_examples=80)
@given(hnp.arrays(np.float64, (3, 8), elements=st.integers(80, 120).map(float)))
def test_many_series_at_once_agree_with_year_by_year(values: np.ndarray) -> None:
    found = shock(YEARS, values, before=2007, until=2009)
    for row in range(3):
        change, trough, recovery = slow_shock(YEARS, values[row], 2007, 2009)
        assert found.change[row] == pytest.approx(change)
        assert found.trough_year[row] == trough
        assert found.years_to_recover[row] == recovery


def test_a_missing_year_hides_what_it_could_have_changed_and_no_more() -> None:
    before_missing = shock(YEARS, [98, np.nan, 97, 94, 96, 98, 101, 103], before=2007, until=2009)
    assert np.isnan(before_missing.change)
    in_window = shock(YEARS, [98, 100, np.nan, 94, 96, 98, 101, 103], before=2007, until=2009)
    assert np.isnan(in_window.change)
    in_recovery = shock(YEARS, [98, 100, 97, 94, np.nan, 98, 101, 103], before=2007, until=2009)
    assert in_recovery.change == pytest.approx(-0.06)
    assert np.isnan(in_recovery.years_to_recover)
    later = shock(YEARS, [98, 100, 97, 94, 101, 98, np.nan, 103], before=2007, until=2009)
    assert later.years_to_recover == 3


def test_a_window_outside_the_series_is_refused() -> None:
    with pytest.raises(NoSuchYear, match="2006 to 2013, not a window from 2019 to 2020"):
        shock(YEARS, np.ones(8), before=2019, until=2020)
    with pytest.raises(NoSuchYear):
        shock(YEARS, np.ones(8), before=2009, until=2007)


def test_values_whose_last_axis_is_not_the_years_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        shock(YEARS, np.ones((8, 2)), before=2007, until=2009)


def test_a_place_that_fell_twice_as_far_has_a_sensitivity_of_two() -> None:
    assert sensitivity(-0.10, -0.05) == pytest.approx(2.0)
    assert np.isnan(sensitivity(-0.10, 0.01))


def test_falling_two_percent_where_five_were_expected_is_resistant() -> None:
    assert resistance(-0.02, -0.05) == pytest.approx(0.6)
    assert resistance(-0.08, -0.05) == pytest.approx(-0.6)
    assert np.isnan(resistance(-0.02, 0.0))


def test_the_path_that_the_mix_would_have_led_to_weighs_each_sectors_growth() -> None:
    path = expected_path([80.0, 20.0], [[100.0, 100.0], [90.0, 110.0]], before=0)
    assert path == pytest.approx([100.0, 80 * 0.9 + 20 * 1.1])


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, (4, 5), elements=st.floats(1, 100)))
def test_the_reference_in_small_goes_the_references_path(reference: np.ndarray) -> None:
    assert expected_path(reference[1] / 7, reference, before=1) == pytest.approx(reference.sum(axis=1) / 7)


def test_a_sector_that_neither_had_changes_no_path() -> None:
    path = expected_path([[10.0, 0.0], [10.0, 1.0]], [[5.0, 0.0], [6.0, 3.0]], before=0)
    assert path[0] == pytest.approx([10.0, 12.0])
    assert np.isnan(path[1]).all()


def test_a_path_over_unlike_sectors_is_refused() -> None:
    with pytest.raises(ShapesDoNotMatch):
        expected_path([1.0, 2.0], [[1.0, 2.0, 3.0]], before=0)


def test_without_its_largest_sector_a_place_keeps_the_rest() -> None:
    found = without_largest([[5.0, 20.0, 10.0], [1.0, np.nan, 2.0]])
    assert list(found.largest) == [1, -1]
    assert found.share[0] == pytest.approx(20 / 35)
    assert found.rest[0] == 15.0
    assert np.isnan(found.rest[1])


def test_the_whole_may_be_larger_than_the_parts_that_are_looked_at() -> None:
    found = without_largest([5.0, 20.0], 100.0)
    assert (found.share, found.rest) == pytest.approx((0.2, 80.0))
