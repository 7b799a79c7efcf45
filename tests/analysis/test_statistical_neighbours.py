"""Which areas are alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial.distance import cdist
from scipy.stats import zscore

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.neighbours import TooFewMeasures, distances, nearest


def test_distance_is_in_standard_deviations_a_measure() -> None:
    # one measure, values 0, 1 and 5: mean 2, standard deviation sqrt(14/3)
    found = distances([[0.0], [1.0], [5.0]])
    assert found[0, 1] == pytest.approx(1 / np.sqrt(14 / 3))
    assert found[1, 2] == pytest.approx(4 / np.sqrt(14 / 3))


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, (8, 3), elements=st.integers(0, 20).map(float)))
def test_distances_agree_with_scipy_and_are_the_same_both_ways(measures: np.ndarray) -> None:
    if (measures.std(axis=0) == 0).any():
        return
    found = distances(measures)
    scores = zscore(measures)
    assert found == pytest.approx(cdist(scores, scores) / np.sqrt(3), abs=1e-6)
    assert found == pytest.approx(found.T)


def test_weights_count_a_measure_more() -> None:
    measures = np.random.default_rng(1).normal(size=(6, 2))
    scores = zscore(measures)
    found = distances(measures, weights=[3.0, 1.0])
    assert found[0, 1] == pytest.approx(np.sqrt(((scores[0] - scores[1]) ** 2 * [3, 1]).sum() / 4))


def test_the_nearest_leave_out_the_area_itself_and_its_fellow_members() -> None:
    measures = [[1.0], [1.1], [1.3], [9.0], [1.2]]
    assert list(nearest(measures, 0, 2).nearest) == [1, 4]
    assert list(nearest(measures, 0, 2, leave_out=(1,)).nearest) == [4, 2]


def test_a_missing_measure_is_left_out_for_that_area() -> None:
    measures = np.array([[1.0, 5.0], [2.0, np.nan], [3.0, 9.0], [np.nan, 9.0]])
    found = distances(measures)
    scores = (measures - np.nanmean(measures, axis=0)) / np.nanstd(measures, axis=0)
    assert found[0, 1] == pytest.approx(abs(scores[0, 0] - scores[1, 0]))
    assert np.isnan(found[1, 3])
    assert 3 not in nearest(measures, 1, 3).nearest


def test_a_measure_that_is_the_same_everywhere_tells_nothing() -> None:
    assert distances([[1.0, 7.0], [2.0, 7.0], [4.0, 7.0]]) == pytest.approx(distances([[1.0], [2.0], [4.0]]))


def test_areas_that_do_not_differ_at_all_are_refused() -> None:
    with pytest.raises(TooFewMeasures):
        distances(np.ones((4, 2)))


def test_weights_for_other_measures_are_refused() -> None:
    with pytest.raises(ShapesDoNotMatch, match=r"\[measure\]"):
        distances(np.ones((4, 2)), weights=[1.0, 2.0, 3.0])
