"""SMAA-2 against closed forms, a slow twin, and what must hold of any ranking."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.smaa import (
    NORMAL,
    POINT,
    NotARange,
    TooFewDraws,
    WeightsCannotSum,
    between,
    criteria,
    dominance,
    smaa,
)

DRAWS = 40_000
NEAR = 4 * 0.5 / DRAWS**0.5  # four standard errors of a share, at the worst


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def points(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, dtype=float)


def test_two_criteria_give_the_shares_and_central_weights_of_the_closed_form() -> None:
    scores = points((1.0, 0.0), (0.5, 0.8))
    found = smaa(criteria(scores, scores), rng=rng(), draws=DRAWS)
    assert found.rank[0] == pytest.approx([5 / 13, 8 / 13], abs=NEAR)
    assert found.central_weights[0] == pytest.approx([21 / 26, 5 / 26], abs=NEAR)
    assert found.central_weights[1] == pytest.approx([4 / 13, 9 / 13], abs=NEAR)
    assert found.confidence.tolist() == [1.0, 1.0]  # nothing but weights is uncertain
    assert found.expected_rank == pytest.approx([1 + 8 / 13, 1 + 5 / 13], abs=NEAR)


def test_three_criteria_give_the_areas_of_the_triangle() -> None:
    """Each is best on one criterion alone: three equal parts; a fourth that is best nowhere but good everywhere takes
    the middle, where no weight is above its score."""
    alone = np.eye(3)
    assert smaa(criteria(alone, alone), rng=rng(), draws=DRAWS).rank == pytest.approx(np.full((3, 3), 1 / 3), abs=NEAR)
    with_middle = np.vstack([alone, np.full(3, 0.5)])
    found = smaa(criteria(with_middle, with_middle), rng=rng(), draws=DRAWS)
    # A weight is above a half in a corner triangle of a quarter of the area; three of them leave a quarter.
    assert found.rank[:, 0] == pytest.approx([1 / 4] * 4, abs=NEAR)


def test_uncertain_measurements_agree_with_direct_integration() -> None:
    """One criterion with a range against a point, the other known: the share is an integral over weight and value."""
    low, high = points((0.2, 0.5), (0.5, 0.4)), points((0.9, 0.5), (0.5, 0.4))
    found = smaa(criteria(low, high), rng=rng(), draws=DRAWS)

    def ahead(w: float) -> float:
        level = 0.5 - (1 - w) * 0.1 / w if w else -np.inf  # where w x + (1 - w) 0.5 = 0.5 w + 0.4 (1 - w)
        return float(np.clip((0.9 - level) / 0.7, 0, 1))

    expected, _ = integrate.quad(ahead, 0, 1, points=[0.1 / 0.4])
    assert found.rank[0, 0] == pytest.approx(expected, abs=NEAR)
    assert found.before[0, 1] == pytest.approx(expected, abs=NEAR)


def test_normal_measurements_agree_with_the_normal_distribution() -> None:
    low, high = points((0.3,), (0.5,)), points((0.6,), (0.5,))
    found = smaa(criteria(low, high, shape=[[NORMAL], [POINT]]), rng=rng(), draws=DRAWS)
    spread = 0.3 / (2 * stats.norm.ppf(0.975))
    assert found.rank[0, 0] == pytest.approx(stats.norm.sf(0.5, 0.45, spread), abs=NEAR)
    assert found.confidence[0] == pytest.approx(found.rank[0, 0], abs=NEAR)  # one criterion: there are no other weights


def slow_twin(
    low: np.ndarray, high: np.ndarray, *, draws: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw by draw and policy by policy: acceptabilities, central weights, pairwise."""
    count, width = low.shape
    places, before, firsts = np.zeros((count, count)), np.zeros((count, count)), [[] for _ in range(count)]
    for _ in range(draws):
        cuts = np.sort(generator.random(width - 1))
        weights = np.diff([0.0, *cuts, 1.0])
        scores = [
            sum(w * generator.uniform(a, b) for w, a, b in zip(weights, low[row], high[row], strict=True))
            for row in range(count)
        ]
        order = sorted(range(count), key=lambda row: -scores[row])
        for rank, row in enumerate(order):
            places[row, rank] += 1
            for other in order[rank + 1 :]:
                before[row, other] += 1
        firsts[order[0]].append(weights)
    return places / draws, np.array([np.mean(one, axis=0) for one in firsts]), before / draws


def test_many_draws_at_once_agree_with_one_draw_at_a_time() -> None:
    generator = rng(3)
    ends = np.sort(generator.random((2, 4, 3)), axis=0)
    found = smaa(criteria(*ends), rng=rng(4), draws=DRAWS)
    draws = 6_000
    places, central, before = slow_twin(*ends, draws=draws, generator=generator)
    near = 4 * 0.5 / draws**0.5
    assert found.rank == pytest.approx(places, abs=near)
    assert found.before == pytest.approx(before, abs=near)
    assert found.central_weights == pytest.approx(central, abs=0.05)


def test_nothing_known_is_the_whole_scale_and_a_scale_may_run_downwards() -> None:
    low, high = points((np.nan,), (2.0,)), points((np.nan,), (2.0,))
    found = smaa(criteria(low, high, worst=10.0, best=0.0), rng=rng(), draws=DRAWS)  # years: fewer are better
    assert found.rank[1, 0] == pytest.approx(0.8, abs=NEAR)
    assert found.mean_values[:, 0].tolist() == pytest.approx([0.5, 0.8])


def test_equal_alternatives_share_every_rank_and_what_is_drawn_together_stays_level() -> None:
    same = points((0.5, 0.5), (0.5, 0.5), (0.1, 0.1))
    found = smaa(criteria(same, same), rng=rng(), draws=DRAWS)
    assert found.rank[:2, :2] == pytest.approx(np.full((2, 2), 0.5), abs=NEAR)
    low, high = points((0.0, 0.3), (0.0, 0.2)), points((1.0, 0.3), (1.0, 0.2))
    together = criteria(low, high, stream=[[0, -1], [0, -1]])
    assert smaa(together, rng=rng(), draws=2_000).before[0, 1] == 1
    assert smaa(criteria(low, high), rng=rng(), draws=2_000).before[0, 1] < 0.8
    assert dominance(together)[0, 1]
    assert not dominance(criteria(low, high)).any()


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**31), st.floats(0, 1), st.sampled_from([0.0, 0.3, 1.0]))
def test_acceptabilities_add_up_both_ways_and_a_dominated_policy_is_never_first(
    count: int, width: int, seed: int, unknown: float, wide: float
) -> None:
    generator = rng(seed)
    low = np.round(generator.random((count, width)), 1)  # rounded: some are equal
    high = np.minimum(low + wide * generator.random((count, width)), 1.0)
    low = np.where(generator.random((count, width)) < unknown * 0.5, np.nan, low)
    made = criteria(low, high)
    found = smaa(made, rng=rng(seed), draws=400)
    assert found.rank.sum(axis=0) == pytest.approx(np.ones(count))
    assert found.rank.sum(axis=1) == pytest.approx(np.ones(count))
    assert found.before + found.before.T == pytest.approx(1 - np.eye(count))
    assert found.before.sum(axis=1) == pytest.approx(count - found.expected_rank)
    reached = found.rank[:, 0] > 0
    assert found.central_weights[reached].sum(axis=1) == pytest.approx(np.ones(reached.sum()))
    assert np.isnan(found.central_weights[~reached]).all()
    dominant = dominance(made)
    assert (found.rank[dominant.any(axis=0), 0] == 0).all()
    assert (found.before[dominant] == 1).all()


def test_the_same_seed_gives_the_same_shares_to_the_last_digit() -> None:
    ends = np.sort(rng().random((2, 5, 4)), axis=0)
    one, other = (smaa(criteria(*ends), rng=rng(11), draws=5_000) for _ in range(2))
    assert (one.rank == other.rank).all()
    assert (one.confidence == other.confidence).all()


def test_weights_are_uniform_over_all_that_add_up_to_one() -> None:
    drawn = between(4, draws=DRAWS, rng=rng())
    assert drawn.sum(axis=1) == pytest.approx(np.ones(DRAWS))
    assert stats.kstest(drawn[:, 0], stats.beta(1, 3).cdf).pvalue > 0.001  # the margin of a uniform simplex


def test_weights_between_limits_are_those_that_rejection_would_keep() -> None:
    least, most = np.array([0.1, 0.0, 0.2]), np.array([0.4, 0.5, 0.6])
    drawn = between(3, draws=20_000, rng=rng(), least=least, most=most)
    assert (drawn >= least - 1e-12).all()
    assert (drawn <= most + 1e-12).all()
    assert drawn.sum(axis=1) == pytest.approx(np.ones(20_000))
    every = between(3, draws=400_000, rng=rng(2))
    kept = every[((every >= least) & (every <= most)).all(axis=1)]
    for column, other in pairwise(range(3)):
        assert stats.ks_2samp(drawn[:, column], kept[:, column]).pvalue > 0.001
        assert np.corrcoef(drawn.T)[column, other] == pytest.approx(np.corrcoef(kept.T)[column, other], abs=0.04)


def test_lower_limits_alone_and_stated_weights_need_no_search() -> None:
    drawn = between(3, draws=1_000, rng=rng(), least=[0.5, 0.2, 0.1])
    assert (drawn >= [0.5, 0.2, 0.1]).all()
    assert (between(2, draws=3, rng=rng(), least=[0.3, 0.7], most=[0.3, 0.7]) == [0.3, 0.7]).all()
    scores = points((1.0, 0.0), (0.5, 0.8))
    found = smaa(criteria(scores, scores), rng=rng(), draws=10, least=[0.7, 0.3], most=[0.7, 0.3])
    assert found.rank.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("least", "most"), [([0.6, 0.6], [1, 1]), ([0, 0], [0.4, 0.5]), ([-0.1, 0], [1, 1]), ([0.5, 0], [0.4, 1])]
)
def test_weights_that_cannot_add_up_to_one_are_refused(least: list[float], most: list[float]) -> None:
    with pytest.raises(WeightsCannotSum):
        between(2, draws=5, rng=rng(), least=least, most=most)


def test_what_is_no_range_no_table_or_no_draw_is_refused() -> None:
    with pytest.raises(NotARange, match="alternative 1, criterion 0"):
        criteria(points((0.1,), (0.9,)), points((0.2,), (0.3,)))
    with pytest.raises(NotARange):
        criteria([[0.1]], [[0.2]], best=np.inf)
    with pytest.raises(ShapesDoNotMatch):
        criteria([[0.1, 0.2]], [[0.1]])
    with pytest.raises(ShapesDoNotMatch):
        criteria([[0.1, 0.2]], [[0.1, 0.2]], best=[1.0, 1.0, 1.0])
    with pytest.raises(ShapesDoNotMatch):
        criteria([[0.1, 0.2]], [[0.1, 0.2]], value=[[0.1]])
    with pytest.raises(ShapesDoNotMatch):
        between(3, draws=1, rng=rng(), least=[0.1])
    with pytest.raises(TooFewDraws):
        smaa(criteria([[0.1]], [[0.2]]), rng=rng(), draws=0)
