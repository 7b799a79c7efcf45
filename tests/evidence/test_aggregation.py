"""What members make together, by the rule that each indicator declares: on figures that ship, and made up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conclusions.made_up import EAST, UK, WARRINGTON, WEST, Value, a_base, an_indicator
from tests.conclusions.shipped import MEMBERS, members, number, sql, value
from wellfounded.core import NoValue, Unit
from wellfounded.evidence.aggregation import AreaSet, Combined
from wellfounded.evidence.base import Base
from wellfounded.evidence.catalogue import load
from wellfounded.evidence.reconcile import reconcile
from wellfounded.evidence.store import Store
from wellfounded.evidence.types import Additivity, Rule

PLACE = AreaSet("place:test", "Cheshire and Warrington", MEMBERS, ("TLD6",), "members")


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.open()


def at(combined: Combined, year: int, *, category: str = "", which: int = 0) -> tuple[float, float]:
    """The value and standard error of a set in a year."""
    panel = combined.panel
    period = int(np.flatnonzero(panel.years == year)[-1])
    column = panel.category_index[category]
    return float(combined.value[which, period, column]), float(combined.se[which, period, column])


def test_output_is_added_up(store: Store) -> None:
    found = store.combined("gva", [PLACE])
    total = number(f"SELECT sum(value) FROM f WHERE indicator = 'gva' AND year = 2023 AND area IN ({members()})")
    assert at(found, 2023)[0] == pytest.approx(total)
    assert found.source == ["combined"]
    assert found.rule == ["sum of 3 members"]


def test_every_industry_is_added_up_by_itself(store: Store) -> None:
    found = store.combined("gva-by-industry", [PLACE])
    rows = sql(
        "SELECT category, sum(value) FROM f WHERE indicator = 'gva-by-industry' AND year = 2019 "
        f"AND area IN ({members()}) GROUP BY category"
    )
    assert len(rows) == 49
    for category, total in rows:
        assert at(found, 2019, category=category)[0] == pytest.approx(total)


def test_output_per_hour_is_rebuilt_from_output_and_implied_hours(store: Store) -> None:
    found = store.combined("gva-per-hour", [PLACE])
    rebuilt = number(
        "SELECT sum(gva.value) / sum(gva.value / hour.value) FROM f gva JOIN f hour USING (area, year) WHERE "
        f"gva.indicator = 'gva' AND hour.indicator = 'gva-per-hour' AND year = 2023 AND area IN ({members()})"
    )
    assert at(found, 2023)[0] == pytest.approx(rebuilt)
    assert found.rule == ["ratio rebuilt from GVA of 3 members"]


def test_a_rate_a_head_is_weighted_by_the_population_that_it_was_divided_by(store: Store) -> None:
    found = store.combined("ghg-per-head", [PLACE])
    rebuilt = number(
        "SELECT sum(rate.value * people.value) / sum(people.value) FROM f rate JOIN f people USING (area, year) WHERE "
        "rate.indicator = 'ghg-per-head' AND people.indicator = 'population' AND year = 2023 "
        f"AND area IN ({members()})"
    )
    assert at(found, 2023)[0] == pytest.approx(rebuilt)
    assert found.rule == ["ratio rebuilt with population of 3 members"]


def test_a_rate_on_another_population_is_labelled_approximate(store: Store) -> None:
    found = store.combined("claimant-rate", [PLACE])
    assert found.rule[0].startswith("approximate")
    assert "exact" not in found.rule[0]


def test_the_variance_of_a_survey_rate_is_that_of_its_weighted_members(store: Store) -> None:
    found = store.combined("employment-rate", [PLACE])
    ((rate, error),) = sql(
        "SELECT sum(rate.value * w.value) / sum(w.value), "
        "sqrt(sum(((rate.upper - rate.lower) / (2 * 1.959963984540054) * w.value) ** 2)) / sum(w.value) "
        "FROM f rate JOIN f w USING (area, year) WHERE rate.indicator = 'employment-rate' "
        f"AND w.indicator = 'population-16-64' AND year = 2019 AND area IN ({members()})"
    )
    assert at(found, 2019) == pytest.approx((rate, error))
    label = load().indicators["population-16-64"].label
    assert found.rule == [f"rate weighted by {label[0].lower()}{label[1:]}, with its variance, of 3 members"]


@pytest.mark.parametrize("indicator", ["median-weekly-pay", "house-price", "median-age"])
def test_medians_are_refused_with_the_reason(store: Store, indicator: str) -> None:
    found = store.combined(indicator, [PLACE])
    assert np.isnan(found.value).all()
    assert found.source == ["none"]
    assert found.reason[0].startswith(
        "not published for Cheshire and Warrington, and members' values cannot be combined ("
    )
    assert store.figure(found, 0, 0).value is NoValue.NOT_ADDITIVE


def test_volumes_are_chained_by_hand_over_three_years(store: Store) -> None:
    found = store.combined("gdp-real", [PLACE])
    volume = {(code, year): value("gdp-real", code, year) for code in MEMBERS for year in range(1998, 2024)}
    money = {(code, year): value("gdp", code, year) for code in MEMBERS for year in range(1998, 2024)}

    def growth(year: int) -> float:
        before = sum(money[code, year - 1] for code in MEMBERS)
        return sum(money[code, year - 1] / before * volume[code, year] / volume[code, year - 1] for code in MEMBERS)

    for year in (2009, 2020, 2021):
        assert at(found, year)[0] / at(found, year - 1)[0] == pytest.approx(growth(year))
    gap = {
        year: abs(np.log(sum(volume[code, year] for code in MEMBERS) / sum(money[code, year] for code in MEMBERS)))
        for year in range(1998, 2024)
    }
    reference = min(gap, key=lambda year: gap[year])
    assert at(found, reference)[0] == pytest.approx(sum(volume[code, reference] for code in MEMBERS))


def test_a_chained_place_grows_between_its_members(store: Store) -> None:
    found = store.combined("gdp-real", [PLACE, *(AreaSet(code, code, (code,), (code,)) for code in MEMBERS)])
    growth = found.value[:, 1:, 0] / found.value[:, :-1, 0]
    assert (growth[0] >= growth[1:].min(axis=0) - 1e-9).all()
    assert (growth[0] <= growth[1:].max(axis=0) + 1e-9).all()


@pytest.mark.parametrize("indicator", ["gdhi-per-head", "gdp-per-head"])
def test_what_members_make_together_agrees_with_the_official_figure_of_the_same_ground(
    store: Store, indicator: str
) -> None:
    found = reconcile(store.combined(indicator, [PLACE]), 0)
    assert found is not None
    assert found.code == "TLD6"
    assert found.official == value(indicator, "TLD6", found.period.start.year)
    assert found.difference == pytest.approx(found.combined - found.official)
    assert abs(found.relative) < 0.002


def test_output_of_every_region_is_that_of_its_local_authorities_but_for_rounding(store: Store) -> None:
    graph = load().areas
    regions = ["E12000001", "E12000002", "E12000005", "E12000009", "E92000001"]
    sets = [AreaSet(code, code, graph.members(code), (code,), "members") for code in regions]
    found = store.combined("gva", sets)
    for which in range(len(regions)):
        told = reconcile(found, which)
        assert told is not None
        assert abs(told.relative) < 0.001


def test_a_comparator_is_read_as_published_and_a_place_from_its_members(store: Store) -> None:
    official = AreaSet("x", "x", MEMBERS, ("TLD6",), "official")
    found = store.combined("gdhi-per-head", [official, PLACE])
    assert found.source == ["published", "combined"]
    assert found.code == ["TLD6", ""]
    assert at(found, 2023)[0] == value("gdhi-per-head", "TLD6", 2023)


def test_a_survey_of_the_same_ground_comes_before_an_approximate_combination(store: Store) -> None:
    found = store.combined("culture-heritage", [PLACE])
    assert found.source == ["published"]
    assert found.code == ["TLD6"]


def test_what_is_published_only_for_the_whole_is_read_there(store: Store) -> None:
    nuts = AreaSet("place:test", "Cheshire and Warrington", MEMBERS, ("TLD6", "UKD6"), "members")
    found = store.combined("business-rd-spending-nuts2", [nuts])
    assert (found.source, found.code) == (["published"], ["UKD6"])


def test_exports_are_added_up_from_the_members_under_their_codes_as_statistical_regions(store: Store) -> None:
    found = store.combined("exports", [PLACE])
    parts = members(("TLD61", "TLD62", "TLD63"))
    total = number(f"SELECT sum(value) FROM f WHERE indicator = 'exports' AND year = 2023 AND area IN ({parts})")
    assert at(found, 2023)[0] == pytest.approx(total)
    told = reconcile(found, 0)
    assert told is not None
    assert told.official == value("exports", "TLD6", 2023)


def test_a_figure_of_a_combined_set_says_how_it_was_made(store: Store) -> None:
    found = store.combined("gva-per-hour", [PLACE])
    figure = store.figure(found, 0, len(found.panel.periods) - 1)
    assert figure.area == "place:test"
    assert figure.rule == "ratio rebuilt from GVA of 3 members"
    assert figure.interval is None
    assert figure.release == load().latest["gva-per-hour"][0]


# -- made up -------------------------------------------------------------------------------------------------------

SUM = an_indicator(additivity=Additivity(Rule.SUM))
WEIGHTED = an_indicator(additivity=Additivity(Rule.SURVEY_RATE, denominator="people"), unit=Unit(suffix="%"))


def combine(base: Base, *, codes: tuple[str, ...] = (EAST, WEST, WARRINGTON)) -> Combined:
    return Store.open(base).combined("rate", [AreaSet("place:test", "the place", codes, (), "members")])


def three(*values: Value) -> Mapping[str, Mapping[int, Value]]:
    return {code: {2023: each} for code, each in zip((EAST, WEST, WARRINGTON), values, strict=True)}


def test_a_missing_member_leaves_the_place_missing_and_is_named() -> None:
    found = combine(a_base({"rate": three(1.0, None, 3.0)}, SUM))
    assert np.isnan(found.value).all()
    assert found.why_none(0, 0, 0, names={WEST: "Cheshire West"}) == "Cheshire West: confidential"
    absent = combine(a_base({"rate": {EAST: {2023: 1.0}}}, SUM))
    assert absent.reason == ["not published for the place (no figures for 2 of its 3 members)"]


def test_a_weight_of_the_year_before_is_used_and_one_of_three_years_before_is_not() -> None:
    for year, known in ((2023, True), (2022, True), (2021, True), (2020, False), (2024, False)):
        people = {code: {year: 100.0} for code in (EAST, WEST, WARRINGTON)}
        found = combine(a_base({"rate": three(10.0, 20.0, 30.0), "people": people}, WEIGHTED))
        assert bool(np.isfinite(found.value[0, 0, 0])) is known
        if known:
            assert found.weight_year.tolist() == [year]


def test_without_any_weight_there_is_no_figure_and_the_reason_says_so() -> None:
    people = {EAST: {2010: 100.0}}
    found = combine(a_base({"rate": three(10.0, 20.0, 30.0), "people": people}, WEIGHTED))
    assert found.why_none(0, 0, 0, names={}) == "no denominator for 2023"


def test_a_single_member_is_itself_whatever_the_rule() -> None:
    for definition in (SUM, WEIGHTED, an_indicator()):
        base = a_base({"rate": three((10.0, 2.0), 20.0, 30.0), "people": three(1.0, 1.0, 1.0)}, definition)
        found = combine(base, codes=(EAST,))
        assert (found.value[0, 0, 0], found.lower[0, 0, 0]) == (10.0, pytest.approx(8.0))


levels = st.floats(0.1, 100)
halves = st.floats(0.1, 10)


@given(st.tuples(levels, levels, levels), st.tuples(levels, levels, levels), st.tuples(halves, halves, halves))
def test_a_weighted_rate_lies_between_its_members_and_is_surer_than_the_least_sure(
    rates: tuple[float, ...], people: tuple[float, ...], half: tuple[float, ...]
) -> None:
    with_limits = [(rate, width) for rate, width in zip(rates, half, strict=True)]
    found = combine(a_base({"rate": three(*with_limits), "people": three(*people)}, WEIGHTED))
    assert min(rates) - 1e-9 <= found.value[0, 0, 0] <= max(rates) + 1e-9
    assert found.se[0, 0, 0] <= max(half) / 1.959963984540054 + 1e-9


@given(st.tuples(levels, levels, levels), st.tuples(halves, halves, halves))
def test_a_sum_is_the_sum_and_its_variance_the_sum_of_variances(
    values: tuple[float, ...], half: tuple[float, ...]
) -> None:
    with_limits = [(each, width) for each, width in zip(values, half, strict=True)]
    found = combine(a_base({"rate": three(*with_limits)}, SUM))
    assert found.value[0, 0, 0] == pytest.approx(sum(values))
    reach = sum(width**2 for width in half) ** 0.5
    assert found.upper[0, 0, 0] - found.value[0, 0, 0] == pytest.approx(reach)


def test_a_member_published_under_another_code_of_its_ground_is_found() -> None:
    figures = {"rate": {"TLD62": {2023: 1.0}, WEST: {2023: 2.0}, WARRINGTON: {2023: 3.0}, UK: {2023: 9.0}}}
    assert combine(a_base(figures, SUM)).value[0, 0, 0] == 6.0
