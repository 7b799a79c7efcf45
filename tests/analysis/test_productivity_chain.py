"""The chain from output per hour to output per head."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.chain import LINKS, chain, productivity_links

links = hnp.arrays(np.float64, 5, elements=st.floats(0.05, 2000))


def test_the_links_of_a_place_multiply_to_gva_per_head() -> None:
    found = productivity_links(
        gva=40e9, hours=0.9e9, jobs=550e3, resident_workers=480e3, working_age=590e3, population=960e3
    )
    assert found == pytest.approx([44.444, 1636.36, 1.14583, 0.81356, 0.61458], rel=1e-4)
    assert found.prod() == pytest.approx(40e9 / 960e3)


def test_a_gap_of_21_percent_from_two_links_of_10_percent_is_shared_evenly() -> None:
    found = chain([1.1, 1.1, 1.0], [1.0, 1.0, 1.0], names=("a", "b", "c"))
    assert found.log_points == pytest.approx([math.log(1.1), math.log(1.1), 0.0])
    assert found.fraction == pytest.approx([0.105, 0.105, 0.0])
    assert found.units == pytest.approx([0.105, 0.105, 0.0])


@settings(deadline=None, max_examples=80)
@given(links, links)
def test_what_the_links_contribute_adds_up_exactly(own: np.ndarray, reference: np.ndarray) -> None:
    found = chain(own, reference)
    product, ref_product = math.prod(own), math.prod(reference)
    assert found.log_points.sum() == pytest.approx(math.log(product / ref_product), abs=1e-9)
    assert found.fraction.sum() == pytest.approx(product / ref_product - 1, rel=1e-9, abs=1e-9)
    assert found.units.sum() == pytest.approx(product - ref_product, rel=1e-9, abs=1e-9 * ref_product)


@settings(deadline=None, max_examples=60)
@given(links, links)
def test_units_agree_with_the_logarithmic_mean_one_link_at_a_time(own: np.ndarray, reference: np.ndarray) -> None:
    product, ref_product = math.prod(own), math.prod(reference)
    if abs(math.log(product / ref_product)) < 1e-6:
        return
    mean = (product - ref_product) / (math.log(product) - math.log(ref_product))
    slow = [mean * (math.log(a) - math.log(b)) for a, b in zip(own, reference, strict=True)]
    assert chain(own, reference).units == pytest.approx(slow, rel=1e-6, abs=1e-9 * max(product, ref_product))


def test_links_that_make_up_for_each_other_leave_no_gap_but_show() -> None:
    found = chain([2.0, 0.5], [1.0, 1.0], names=("more", "less"))
    assert found.fraction.sum() == pytest.approx(0.0)
    assert found.fraction == pytest.approx([math.log(2), -math.log(2)])


def test_many_places_are_split_against_one_comparator_at_once() -> None:
    own = np.random.default_rng(1).uniform(0.5, 2, (7, 5))
    found = chain(own, np.ones(5))
    assert found.names == LINKS
    assert found.units.sum(axis=-1) == pytest.approx(own.prod(axis=-1) - 1)


def test_a_missing_or_empty_link_leaves_nothing_to_split() -> None:
    found = chain([[1.0, np.nan], [1.0, 0.0]], [1.0, 1.0], names=("a", "b"))
    assert np.isnan(found.fraction).any(axis=-1).all()
    assert np.isnan(found.product).all()
    assert np.isnan(productivity_links(gva=1, hours=0, jobs=1, resident_workers=1, working_age=1, population=1)).any()


def test_links_without_a_name_each_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch, match="the 5 of names"):
        chain([1.0, 2.0], [1.0, 2.0])
