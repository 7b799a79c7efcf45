"""The size of the prize: arithmetic that anybody can do by hand, and limits that simulation agrees with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.chain import productivity_links
from wellfounded.analysis.intervals import NotAConfidence
from wellfounded.analysis.prize import Gain, NotAShare, NoYears, lifting, moving, pace, reaching, total

some = st.floats(0.5, 500)


def test_the_worked_example() -> None:
    gain = reaching(10_470, 37.73, 41.87)
    assert float(gain.value) == pytest.approx(1_148.8, abs=0.1)
    assert float(reaching(10_470, 37.73, 41.87, share=0.5).value) == pytest.approx(574.4, abs=0.1)
    assert float(pace(37.73, 41.87, years=7)) == pytest.approx(0.015, abs=0.0001)


def test_who_is_there_already_gains_nothing_and_what_is_missing_stays_missing() -> None:
    gain = reaching([100.0, 100.0, np.nan, 100.0], [50.0, 40.0, 40.0, 0.0], 45.0)
    assert gain.value[:2].tolist() == [0.0, 12.5]
    assert np.isnan(gain.value[2:]).all()
    assert lifting([10.0, 10.0], [30.0, 20.0], 25.0).value.tolist() == [0.0, 50.0]


def slow_gain(totals: dict[str, float], link: int, target: float) -> float:
    """The slow twin: GVA multiplied out from all five links, one of them moved."""
    links = productivity_links(**totals).tolist()
    if links[link] >= target:
        return 0.0
    moved = [target if at == link else each for at, each in enumerate(links)]
    return totals["population"] * (np.prod(moved) - np.prod(links))


@given(st.lists(some, min_size=6, max_size=6), st.integers(0, 4), some)
def test_a_gain_is_what_the_whole_chain_multiplied_out_says(numbers: list[float], link: int, target: float) -> None:
    names = ("gva", "hours", "jobs", "resident_workers", "working_age", "population")
    totals = dict(zip(names, numbers, strict=True))
    own = productivity_links(**totals)[link]
    assert float(reaching(totals["gva"], own, target).value) == pytest.approx(slow_gain(totals, link, target), rel=1e-9)


@given(st.floats(0, 1), some, some, some)
def test_a_part_of_the_gap_is_worth_that_part(share: float, level: float, own: float, target: float) -> None:
    whole = float(reaching(level, own, target).value)
    assert float(reaching(level, own, target, share=share).value) == pytest.approx(share * whole, rel=1e-9, abs=1e-9)


def test_a_sector_gains_by_its_lead_and_only_where_it_has_one() -> None:
    gain = moving(1000.0, [0.02, 0.02, 0.06], 0.05, lead=[30.0, -5.0, 30.0])
    assert gain.value.tolist() == pytest.approx([900.0, 0.0, 0.0])
    assert np.isnan(gain.own_error).all()


def test_limits_agree_with_simulation_where_both_areas_are_well_behind() -> None:
    level, own, se, target, target_se = (
        np.array([1000.0, 500.0]),
        np.array([70.0, 72.0]),
        np.array([1.5, 1.0]),
        78.0,
        0.8,
    )
    found = total(reaching(level, own, target, own_se=se, target_se=target_se))
    rng = np.random.default_rng(5)
    reached = rng.normal(target, target_se, (200_000, 1))
    drawn = (level * (reached / rng.normal(own, se, (200_000, 2)) - 1)).sum(axis=1)
    assert float(found.value) == pytest.approx(drawn.mean(), rel=0.02)
    assert [float(found.lower), float(found.upper)] == pytest.approx(
        np.percentile(drawn, [2.5, 97.5]).tolist(), rel=0.04
    )


def test_of_an_area_that_is_ahead_only_what_reaches_above_nothing_widens_the_limits() -> None:
    far, near = (total(reaching([100.0], [own], 70.0, own_se=1.0, target_se=0.0)) for own in (80.0, 71.0))
    assert [float(far.lower), float(far.upper)] == [0.0, 0.0]
    assert float(near.value) == 0.0
    assert 0 < float(near.upper) < 2.0


def test_without_an_interval_there_are_no_limits() -> None:
    found = total(reaching([100.0, 50.0], [60.0, 60.0], 70.0, own_se=[1.0, np.nan], target_se=0.5))
    assert float(found.value) == pytest.approx(25.0)
    assert np.isnan(found.lower)


def test_what_makes_no_sense_is_refused() -> None:
    for share in (-0.1, 1.1, np.nan):
        with pytest.raises(NotAShare):
            reaching(1.0, 1.0, 2.0, share=share)
    with pytest.raises(NotAShare):
        moving(1.0, 0.1, 0.2, lead=1.0, share=2.0)
    with pytest.raises(NoYears):
        pace(1.0, 2.0, years=0)
    with pytest.raises(ShapesDoNotMatch):
        lifting([1.0, 2.0], [1.0, 2.0, 3.0], 4.0)
    with pytest.raises(ShapesDoNotMatch):
        total(Gain(np.array(1.0), np.array(1.0), np.array(1.0)))
    with pytest.raises(NotAConfidence):
        total(reaching([1.0], [1.0], 2.0), confidence=95)
