"""Shift-share in its classic, dynamic, Esteban-Marquillas and Arcelus forms.

The library `shiftshare` cannot be had from the package index, so each form is compared with a slow twin written from
the papers' definitions.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.growth import arcelus, dynamic_shift_share, esteban_marquillas, shift_share

jobs = hnp.arrays(np.float64, (2, 5), elements=st.floats(1, 1e5))


def test_a_place_whose_growing_sector_grows_twice_as_fast_as_elsewhere() -> None:
    # here 100 -> 120 and 50 -> 45; there +10% and 0%, all together +5%
    found = shift_share([100.0, 50.0], [120.0, 45.0], [1000.0, 1000.0], [1100.0, 1000.0])
    assert found.national == pytest.approx([5.0, 2.5])
    assert found.mix == pytest.approx([5.0, -2.5])
    assert found.competitive == pytest.approx([10.0, -5.0])
    assert {name: float(total) for name, total in found.totals.items()} == pytest.approx(
        {"change": 15.0, "national": 7.5, "mix": 2.5, "competitive": 5.0}
    )


def slow_twin(start, end, ref_start, ref_end):  # type: ignore[no-untyped-def]
    """Sector by sector: every form from one set of rates."""
    local, nation = sum(start), sum(ref_start)
    all_there, all_here = sum(ref_end) / nation - 1, sum(end) / local - 1
    rows = []
    for e0, e1, n0, n1 in zip(start, end, ref_start, ref_end, strict=True):
        there, here = n1 / n0 - 1, e1 / e0 - 1
        expected = local * n0 / nation
        rows.append(
            {
                "classic": (e0 * all_there, e0 * (there - all_there), e0 * (here - there)),
                "esteban": (
                    e0 * all_there,
                    e0 * (there - all_there),
                    expected * (here - there),
                    (e0 - expected) * (here - there),
                ),
                "arcelus": tuple(
                    weight * effect
                    for effect in (
                        all_there,
                        there - all_there,
                        all_here - all_there,
                        (here - all_here) - (there - all_there),
                    )
                    for weight in (expected, e0 - expected)
                ),
            }
        )
    return rows


@settings(deadline=None, max_examples=60)
@given(jobs, jobs)
def test_every_form_agrees_with_its_slow_twin_and_adds_up(local: np.ndarray, nation: np.ndarray) -> None:
    rows = slow_twin(local[0], local[1], nation[0], nation[1])
    forms = {"classic": shift_share, "esteban": esteban_marquillas, "arcelus": arcelus}
    scale = local.max()
    for name, form in forms.items():
        found = form(local[0], local[1], nation[0], nation[1])
        change, *parts = vars(found).values()
        assert change == pytest.approx(local[1] - local[0])
        assert sum(parts) == pytest.approx(change, abs=1e-6 * scale * 1e3)
        for part, column in zip(parts, zip(*(row[name] for row in rows), strict=True), strict=True):
            assert part == pytest.approx(np.array(column), rel=1e-6, abs=1e-6 * scale)


def test_a_place_that_is_the_reference_in_small_has_neither_mix_nor_competitive_effect() -> None:
    nation = np.array([[1000.0, 2000.0, 500.0], [1300.0, 1900.0, 600.0]])
    found = shift_share(nation[0] / 10, nation[1] / 10, nation[0], nation[1]).totals
    assert found["mix"] == pytest.approx(0.0, abs=1e-9)
    assert found["competitive"] == pytest.approx(0.0, abs=1e-9)


def test_year_by_year_is_the_sum_of_the_years() -> None:
    rng = np.random.default_rng(8)
    local, nation = rng.uniform(10, 20, (3, 6, 4)), rng.uniform(1000, 2000, (6, 4))
    found = dynamic_shift_share(local, nation)
    steps = [shift_share(local[:, t], local[:, t + 1], nation[t], nation[t + 1]) for t in range(5)]
    for part in ("change", "national", "mix", "competitive"):
        assert getattr(found, part) == pytest.approx(sum(getattr(step, part) for step in steps))
    assert found.change == pytest.approx(local[:, -1] - local[:, 0])


def test_a_sector_that_came_to_the_place_later_is_all_competitive() -> None:
    found = shift_share([100.0, 0.0], [100.0, 30.0], [1000.0, 1000.0], [1000.0, 1500.0])
    assert found.competitive[1] == 30.0
    assert np.isnan(esteban_marquillas([100.0, 0.0], [100.0, 30.0], [1000.0, 1000.0], [1000.0, 1500.0]).competitive[1])


def test_a_missing_sector_leaves_nothing_to_split() -> None:
    found = shift_share([[1.0, np.nan], [1.0, 2.0]], [[1.0, 2.0], [2.0, 3.0]], [1.0, 2.0], [2.0, 3.0])
    assert np.isnan(found.national[0]).all()
    assert not np.isnan(found.national[1]).any()


def test_other_sectors_than_the_reference_has_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch, match="same sectors"):
        shift_share([1.0, 2.0], [1.0, 2.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0])


def test_a_single_year_cannot_be_split_year_by_year() -> None:
    with pytest.raises(ShapesDoNotMatch, match="two years or more"):
        dynamic_shift_share(np.ones((1, 4)), np.ones((1, 4)))
