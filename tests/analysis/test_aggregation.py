"""What members make together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wellfounded.analysis.aggregate import (
    NotAMembership,
    combine_chained,
    combine_harmonic,
    combine_sum,
    combine_weighted,
)
from wellfounded.analysis.arrays import ShapesDoNotMatch
from wellfounded.analysis.intervals import NegativeError

ALL = np.ones((1, 3))


def test_output_of_three_members_is_added_up() -> None:
    found = combine_sum([15_524.0, 13_000.0, 10_000.0], ALL)
    assert found.value == pytest.approx([38_524.0])
    assert found.missing == 0


def test_output_per_hour_is_rebuilt_from_output_and_the_hours_that_it_implies() -> None:
    # 150 at 50 an hour is 3 hours, 100 at 25 is 4: 250 over 7, not the mean of 37.5
    found = combine_harmonic([50.0, 25.0], [150.0, 100.0], [[1, 1]])
    assert found.value == pytest.approx([250 / 7])


def test_a_rate_is_weighted_by_its_denominator() -> None:
    # 80% of 100 and 50% of 300
    found = combine_weighted([80.0, 50.0], [100.0, 300.0], [[1, 1]], se=[4.0, 2.0])
    assert found.value == pytest.approx([57.5])
    assert found.se == pytest.approx([np.hypot(0.25 * 4, 0.75 * 2)])


def test_variances_of_members_add() -> None:
    assert combine_sum([1.0, 2.0, 3.0], ALL, se=[2.0, 3.0, 6.0]).se == pytest.approx([7.0])


def test_a_member_without_interval_leaves_the_error_unknown_and_the_value_known() -> None:
    found = combine_sum([1.0, 2.0, 3.0], ALL, se=[2.0, np.nan, 6.0])
    assert found.value == pytest.approx([6.0])
    assert np.isnan(found.se)


@pytest.mark.parametrize(
    "combine",
    [
        lambda values, members: combine_sum(values, members),
        lambda values, members: combine_weighted(values, [1.0, 2.0, 3.0], members),
        lambda values, members: combine_harmonic(values, [1.0, 2.0, 3.0], members),
    ],
)
def test_a_subject_with_a_missing_member_is_missing_and_others_are_not(combine) -> None:  # type: ignore[no-untyped-def]
    found = combine(np.array([5.0, 6.0, np.nan]), [[1, 1, 1], [1, 1, 0], [0, 0, 0]])
    assert list(np.isnan(found.value)) == [True, False, True]
    assert list(found.missing) == [1, 0, 1]


def slow(values, weights, errors, members):  # type: ignore[no-untyped-def]
    """The slow twin: subject by subject, member by member."""
    rows = []
    for subject in members:
        inside = [i for i, belongs in enumerate(subject) if belongs]
        total = sum(weights[i] for i in inside)
        rows.append(
            (
                sum(values[i] for i in inside),
                sum(values[i] * weights[i] for i in inside) / total,
                sum((weights[i] * errors[i]) ** 2 for i in inside) ** 0.5 / total,
                total / sum(weights[i] / values[i] for i in inside),
            )
        )
    return np.array(rows).T


@settings(deadline=None, max_examples=60)
@given(
    hnp.arrays(np.float64, (3, 5), elements=st.floats(0.5, 100)),
    hnp.arrays(np.int64, (4, 5), elements=st.integers(0, 1)).filter(lambda members: (members.sum(axis=1) > 0).all()),
)
def test_many_subjects_in_one_product_agree_with_one_at_a_time(numbers: np.ndarray, members: np.ndarray) -> None:
    values, weights, errors = numbers
    total, mean, error, rebuilt = slow(values, weights, errors, members)
    weighted = combine_weighted(values, weights, members, se=errors)
    assert combine_sum(values, members).value == pytest.approx(total)
    assert weighted.value == pytest.approx(mean)
    assert weighted.se == pytest.approx(error)
    assert combine_harmonic(values, weights, members).value == pytest.approx(rebuilt)


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, (2, 6), elements=st.floats(0.5, 100)))
def test_a_ratio_of_any_subject_lies_between_its_members(numbers: np.ndarray) -> None:
    values, weights = numbers
    for found in (
        combine_weighted(values, weights, np.ones((1, 6))),
        combine_harmonic(values, weights, np.ones((1, 6))),
    ):
        assert values.min() - 1e-9 <= found.value[0] <= values.max() + 1e-9


def test_weighting_by_denominators_and_rebuilding_from_numerators_are_the_same_ratio() -> None:
    output, hours = np.array([150.0, 100.0, 80.0]), np.array([3.0, 4.0, 2.5])
    by_hours, rebuilt = combine_weighted(output / hours, hours, ALL), combine_harmonic(output / hours, output, ALL)
    assert by_hours.value == pytest.approx(rebuilt.value)
    assert by_hours.value == pytest.approx([output.sum() / hours.sum()])


def test_the_error_of_a_rebuilt_ratio_is_that_of_many_draws() -> None:
    rng = np.random.default_rng(9)
    values, errors, output = np.array([50.0, 40.0, 30.0]), np.array([2.0, 1.0, 1.5]), np.array([100.0, 80.0, 120.0])
    drawn = combine_harmonic(rng.normal(values, errors, (50_000, 3)).T, output[:, None] * np.ones(50_000), ALL)
    assert combine_harmonic(values, output, ALL, se=errors).se == pytest.approx(drawn.value.std(), rel=0.02)


def test_years_and_categories_go_along() -> None:
    values = np.random.default_rng(1).uniform(1, 9, (3, 4, 2))
    values[0, 1, 0] = np.nan
    found = combine_sum(values, [[1, 1, 1], [0, 1, 1]])
    assert found.value.shape == (2, 4, 2)
    assert np.isnan(found.value[0, 1, 0])
    assert int(np.isnan(found.value).sum()) == 1


def test_weights_that_sum_to_nothing_give_no_rate() -> None:
    assert np.isnan(combine_weighted([5.0, 6.0], [0.0, 0.0], [[1, 1]]).value)


def test_a_ratio_of_nothing_cannot_be_rebuilt() -> None:
    found = combine_harmonic([5.0, 0.0], [10.0, 10.0], [[1, 1]])
    assert np.isnan(found.value)
    assert found.missing == 1


def test_a_membership_of_other_members_is_refused() -> None:
    with pytest.raises(ShapesDoNotMatch, match=r"\[subject, member\]"):
        combine_sum([1.0, 2.0, 3.0], [[1, 1]])


def test_a_membership_with_weights_in_it_is_refused() -> None:
    with pytest.raises(NotAMembership, match="1 for a member"):
        combine_sum([1.0, 2.0], [[0.5, 0.5]])


def test_a_negative_error_is_refused() -> None:
    with pytest.raises(NegativeError):
        combine_sum([1.0, 2.0], [[1, 1]], se=[-1.0, 1.0])


def test_chaining_weighs_growth_by_the_nominal_output_of_the_year_before() -> None:
    # 10% and 0% at weights 3 to 1, then 0% and 10% at 1 to 1; the second year is the reference
    volumes, nominal = [[100.0, 110, 110], [50.0, 50, 55]], [[300.0, 200, 9], [100.0, 200, 9]]
    found = combine_chained(volumes, nominal, [[1, 1]])
    assert found.value == pytest.approx(np.array([[160 / 1.075, 160, 160 * 1.05]]))


@settings(deadline=None, max_examples=60)
@given(hnp.arrays(np.float64, (2, 3, 5), elements=st.floats(1, 100)))
def test_chaining_agrees_with_year_by_year_and_meets_the_sum_in_the_reference_year(numbers: np.ndarray) -> None:
    volumes, nominal = numbers
    slow = [1.0]
    for year in range(1, 5):
        weights = nominal[:, year - 1] / nominal[:, year - 1].sum()
        slow.append(slow[-1] * sum(weights * volumes[:, year] / volumes[:, year - 1]))
    found = combine_chained(volumes, nominal, ALL).value[0]
    total = volumes.sum(axis=0)
    reference = int(np.argmin(np.abs(np.log(total / nominal.sum(axis=0)))))
    assert found == pytest.approx(np.array(slow) / slow[reference] * total[reference])


def test_a_single_member_keeps_its_own_volumes() -> None:
    volumes = np.random.default_rng(2).uniform(5, 9, (2, 6))
    assert combine_chained(volumes, volumes * 1.1, [[1, 0], [0, 1]]).value == pytest.approx(volumes)


def test_a_chain_breaks_where_a_member_is_missing_and_for_its_subjects_only() -> None:
    found = combine_chained([[2.0, 3, 4], [1.0, np.nan, 1]], np.ones((2, 3)), [[1, 1], [1, 0]])
    assert list(np.isnan(found.value[0])) == [False, True, True]
    assert not np.isnan(found.value[1]).any()
    assert list(found.missing[0]) == [0, 1, 0]


def test_years_and_sectors_are_chained_each_on_their_own() -> None:
    rng = np.random.default_rng(3)
    volumes, nominal = rng.uniform(5, 9, (3, 4, 2)), rng.uniform(5, 9, (3, 4, 2))
    found = combine_chained(volumes, nominal, ALL)
    for sector in range(2):
        alone = combine_chained(volumes[..., sector], nominal[..., sector], ALL)
        assert found.value[..., sector] == pytest.approx(alone.value)


def test_a_year_that_lacks_a_member_is_no_reference_for_the_level() -> None:
    volumes = np.array([[100.0, 110, 120], [50.0, 50, 50]])
    nominal = np.array([[100.0, 90, 120], [50.0, 60, np.nan]])  # the first member alone agrees best in the last year
    found = combine_chained(volumes, nominal, [[1, 1]]).value[0]
    assert found[:2] == pytest.approx([150.0, 150 * (2 / 3 * 1.1 + 1 / 3)])
    assert np.isnan(found[2])


def test_nothing_to_chain_is_nothing_and_no_warning() -> None:
    assert np.isnan(combine_chained(np.full((2, 3), np.nan), np.ones((2, 3)), [[1, 1]]).value).all()
    assert np.isnan(combine_chained(np.ones((2, 3)), np.zeros((2, 3)), [[1, 1]]).value[0, 1:]).all()
