"""The false discovery rate over many tests."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

from wellfounded.analysis.discovery import NotAProbability, false_discovery


def test_the_example_of_benjamini_and_hochberg_rejects_four() -> None:
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert int((false_discovery(p) <= 0.05).sum()) == 4


def test_q_agrees_with_statsmodels_and_scipy() -> None:
    p = np.random.default_rng(3).uniform(0, 1, 200) ** 2
    assert false_discovery(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    assert false_discovery(p) == pytest.approx(false_discovery_control(p))


def slow_q(p: list[float]) -> list[float]:
    """The slow twin: the smallest rate at which the step-up rule would reject each."""
    m = len(p)
    return [min(min(1.0, m * other / sum(x <= other for x in p)) for other in p if other >= own) for own in p]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_q_is_never_below_p_keeps_its_order_and_agrees_with_the_definition(p: list[float]) -> None:
    q = false_discovery(p)
    assert (q >= np.array(p) - 1e-15).all()
    assert (q <= 1).all()
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= -1e-15).all()
    assert q == pytest.approx(slow_q(p))


def test_a_test_that_could_not_be_made_does_not_count() -> None:
    q = false_discovery([[0.01, np.nan], [0.04, 0.03]])
    assert np.isnan(q[0, 1])
    assert q[~np.isnan(q)] == pytest.approx([0.03, 0.04, 0.04])


def test_nothing_tested_is_nothing_found() -> None:
    assert np.isnan(false_discovery([np.nan, np.nan])).all()


def test_what_is_not_a_probability_is_refused() -> None:
    with pytest.raises(NotAProbability):
        false_discovery([0.5, 1.2])
