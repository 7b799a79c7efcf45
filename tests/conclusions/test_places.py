"""ranks, spread; resilient, volatile: a place among others, its parts, and how it came through a shock."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conclusions.conftest import Ask
from tests.conclusions.made_up import (
    EAST,
    UK,
    WARRINGTON,
    WEST,
    Value,
    a_base,
    a_conclusion,
    a_test,
    an_indicator,
    ask,
    conclude,
)
from tests.conclusions.shipped import members, number, value
from wellfounded.core import Unit
from wellfounded.evidence.areas import AreaGraph
from wellfounded.evidence.catalogue import DATA, load
from wellfounded.evidence.types import Level

PER_CENT = Unit(suffix="%", decimals=1)
ALL_THREE = (EAST, WEST, WARRINGTON)


@pytest.fixture(scope="module")
def authorities() -> tuple[str, ...]:
    """The codes of today's local authorities, from the file of areas."""
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT code FROM read_parquet('{DATA / 'areas.parquet'}') "
            "WHERE level = 'local authority' AND \"end\" IS NULL"
        ).fetchall()
    return tuple(code for (code,) in rows)


def test_a_rank_is_one_more_than_the_areas_with_a_higher_value(ask_place: Ask, authorities: tuple[str, ...]) -> None:
    result = ask_place(
        "ranks", indicator="gva-per-hour", area=WEST, among="local-authorities", top="quarter", period="2023"
    )
    own = value("gva-per-hour", WEST, 2023)
    among = members(authorities)
    where = f"FROM f WHERE indicator = 'gva-per-hour' AND year = 2023 AND value IS NOT NULL AND area IN ({among})"
    of, above = number(f"SELECT count(*) {where}"), number(f"SELECT count(*) {where} AND value > {own}")
    test = result.tests[0]
    assert test.outcome.estimate == above + 1
    assert test.slots["of"] == f"{of:.0f}"
    assert result.verdict == ("holds" if above + 1 <= np.ceil(of / 4) else "fails")
    assert test.slots["rank_interval"] == "not known, as no interval is published"


def test_the_place_ranks_instead_of_its_members(ask_place: Ask, authorities: tuple[str, ...]) -> None:
    result = ask_place("ranks", indicator="gva-per-hour", among="local-authorities", top="half", period="2023")
    others = members([code for code in authorities if code not in ALL_THREE])
    of = number(
        "SELECT count(*) FROM f WHERE indicator = 'gva-per-hour' AND year = 2023 AND value IS NOT NULL "
        f"AND area IN ({others})"
    )
    assert result.tests[0].slots["of"] == f"{of + 1:.0f}"


NEAR = (
    "E06000001",
    "E06000002",
    "E06000003",
    "E06000004",
    "E06000005",
    "E06000006",
    "E06000008",
    "E06000009",
    "E06000010",
)


def ranked(own: Value, others: list[Value], **asked: object) -> str:
    """The verdict on the rank of Cheshire East among nine other authorities."""
    figures = {EAST: {2023: own}} | {code: {2023: other} for code, other in zip(NEAR, others, strict=True)}
    return str(ask(a_base({"rate": figures}), "ranks", among="english-local-authorities", **asked).verdict)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"top": 4}, "holds"),
        ({"top": 3}, "fails"),
        ({"bottom": 7}, "holds"),
        ({"bottom": 6}, "fails"),
        ({"top": "half"}, "holds"),
        ({"top": "third"}, "holds"),  # a third of ten is four, rounded up
        ({"top": "quarter"}, "fails"),
        ({"bottom": "half"}, "fails"),
    ],
)
def test_the_fourth_of_ten_is_among_the_top_four(asked: dict[str, object], said: str) -> None:
    assert ranked(65.0, [90.0, 80.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 10.0], **asked) == said


def test_a_rank_that_the_intervals_allow_to_be_another_is_uncertain() -> None:
    far = [(each, 1.0) for each in (90.0, 80.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 10.0)]
    near = [(each, 20.0) for each, _ in far]
    assert ranked((65.0, 1.0), far, top=4) == "holds"
    assert ranked((65.0, 20.0), near, top=4) == "uncertain"
    assert ranked((65.0, 20.0), near, top=3) == "fails"


def test_fewer_than_five_others_are_too_few_to_rank_among() -> None:
    figures = {EAST: {2023: 1.0}} | {code: {2023: 2.0} for code in NEAR[:4]}
    result = ask(a_base({"rate": figures}), "ranks", among="local-authorities", top=3)
    assert result.verdict == "cannot test"
    assert "too few to rank among" in result.tests[0].outcome.reason


@given(st.floats(0, 100), st.lists(st.floats(0, 100), min_size=9, max_size=9), st.integers(1, 10), st.integers(1, 10))
def test_a_larger_part_never_makes_a_rank_fail(own: float, others: list[float], first: int, second: int) -> None:
    small, large = sorted((first, second))
    for side in ("top", "bottom"):
        assert (ranked(own, others, **{side: small}), ranked(own, others, **{side: large})) != ("holds", "fails")


@given(st.floats(0, 100), st.lists(st.floats(0, 100), min_size=9, max_size=9), st.integers(1, 9))
def test_what_is_in_the_top_is_not_in_the_rest(own: float, others: list[float], top: int) -> None:
    assert {ranked(own, others, top=top), ranked(own, others, bottom=10 - top)} == {"holds", "fails"}


def test_the_spread_of_output_per_hour_is_the_highest_over_the_lowest(ask_place: Ask) -> None:
    result = ask_place("spread", indicator="gva-per-hour", at_least="20%", period="2023")
    by_area = {code: value("gva-per-hour", code, 2023) for code in ALL_THREE}
    test = result.tests[0]
    assert result.verdict == "holds"
    assert test.outcome.estimate == pytest.approx(max(by_area.values()) / min(by_area.values()) - 1)
    assert test.slots["highest_area"] == load().areas.name(max(by_area, key=lambda code: by_area[code]))
    assert test.slots["lowest_value"] == f"£{min(by_area.values()):.2f}"


def test_medians_can_be_compared_between_members_though_they_cannot_be_combined(ask_place: Ask) -> None:
    result = ask_place("spread", indicator="house-price", at_least="10%")
    assert result.verdict == "holds"


def spread_of(values: list[Value], *, unit: Unit | None = None, **asked: object) -> str:
    figures = {code: {2023: each} for code, each in zip(ALL_THREE, values, strict=True)}
    base = a_base({"rate": figures}, an_indicator(unit=unit or Unit()), members=ALL_THREE)
    return str(ask(base, "spread", **asked).verdict)


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"at_least": "20%"}, "holds"), ({"at_least": "21%"}, "fails"), ({"at_most": "20%"}, "holds"),
     ({"at_most": "19%"}, "fails"), ({"at_least": "10"}, "holds"), ({"at_least": "11"}, "fails")],
)  # fmt: skip
def test_sixty_over_fifty_is_a_gap_of_a_fifth(asked: dict[str, object], said: str) -> None:
    assert spread_of([50.0, 60.0, 55.0], **asked) == said


def test_a_gap_in_percentages_can_be_asked_in_points() -> None:
    assert spread_of([50.0, 60.0, 55.0], unit=PER_CENT, at_least="10 points") == "holds"
    assert spread_of([50.0, 60.0, 55.0], at_least="10 points") == "cannot test"


def test_a_gap_inside_the_intervals_is_uncertain() -> None:
    assert spread_of([(50.0, 1.0), (60.0, 1.0), (55.0, 1.0)], at_least="20%") == "holds"
    assert spread_of([(50.0, 8.0), (60.0, 8.0), (55.0, 8.0)], at_least="20%") == "uncertain"


def test_a_place_of_one_member_has_no_spread() -> None:
    result = ask(a_base({"rate": {EAST: {2023: 50.0}}}), "spread", at_least="20%")
    assert result.verdict == "cannot test"
    assert result.sentence == "This can't be tested: it has no members to differ."


def test_a_gap_of_at_most_so_much_must_be_within_it_by_its_interval_too() -> None:
    assert spread_of([(50.0, 1.0), (52.0, 1.0), (51.0, 1.0)], at_most="20%") == "holds"
    assert spread_of([(50.0, 8.0), (52.0, 8.0), (51.0, 8.0)], at_most="20%") == "uncertain"
    assert spread_of([(50.0, 8.0), (52.0, 8.0), (51.0, 8.0)], unit=PER_CENT, at_most="4 points") == "uncertain"


def test_a_suppressed_member_leaves_the_spread_untested_and_is_named() -> None:
    figures = {EAST: {2023: 50.0}, WEST: {2023: None}, WARRINGTON: {2023: 60.0}}
    result = ask(a_base({"rate": figures}, members=ALL_THREE), "spread", at_least="10%")
    assert result.verdict == "cannot test"
    assert "the figure for Cheshire West and Chester is confidential" in result.tests[0].outcome.reason


def test_the_fall_of_2008_is_the_lowest_year_against_2007(ask_place: Ask) -> None:
    result = ask_place("volatile", indicator="gdp-real", area=EAST, than="united-kingdom", shock="2008")
    test = result.tests[0]

    def fall(area: str) -> float:
        low = number(
            f"SELECT min(value) FROM f WHERE indicator = 'gdp-real' AND area = '{area}' AND year BETWEEN 2008 AND 2010"
        )
        return 1 - low / value("gdp-real", area, 2007)

    assert test.outcome.estimate == pytest.approx(fall("K02000001") - fall(EAST))
    assert test.slots["fall"].startswith(f"{fall(EAST) * 100:.0f}")
    assert result.verdict == ("holds" if fall(EAST) > fall("K02000001") else "fails")


def path(*levels: float | None) -> dict[int, Value]:
    """A series from 2006."""
    return dict(enumerate(levels, start=2006))


@pytest.mark.parametrize(
    ("expect", "margin", "said"),
    [("resilient", "5 points", "holds"), ("resilient", "6 points", "fails"), ("volatile", "", "fails")],
)
def test_falling_by_five_is_falling_less_than_by_ten(expect: str, margin: str, said: str) -> None:
    figures = {"rate": {EAST: path(99, 100, 95, 96, 97, 101), UK: path(99, 100, 92, 90, 91, 98)}}
    option = {"by_at_least": margin} if margin else {}
    result = ask(a_base(figures), expect, than="uk", shock="2008", **option)
    assert result.verdict == said
    assert result.tests[0].slots["fall"] == "5.0%"
    assert result.tests[0].slots["comparator_fall"] == "10%"
    assert result.tests[0].slots["recovered_in"] == "2011"
    assert result.tests[0].slots["comparator_years_to_recover"] == "more than 4 years (not yet by 2011)"


def test_a_year_missing_before_the_recovery_leaves_it_unknown_and_says_so() -> None:
    figures = {"rate": {EAST: path(99, 100, 95, 96, 97, None, 101), UK: path(99, 100, 92, 90, 91, 98, 99)}}
    result = ask(a_base(figures), "resilient", than="uk", shock="2008")
    assert result.verdict == "holds"
    assert result.tests[0].slots["years_to_recover"] == "an unknown number of years"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (dict.fromkeys(range(2012, 2024), 100.0), "cover 2012 to 2023, not 2007 to 2010"),
        (path(99, 100, None, 96, 97), "has no figure for a year of the shock"),
    ],
)
def test_a_shock_outside_the_figures_cannot_be_tested(place: dict[int, Value], said: str) -> None:
    result = ask(a_base({"rate": {EAST: place, UK: dict.fromkeys(place, 100.0)}}), "resilient", than="uk", shock="2008")
    assert result.verdict == "cannot test"
    assert said in result.tests[0].outcome.reason


levels = st.lists(st.floats(50, 150), min_size=6, max_size=6)


@given(levels, levels)
def test_resilient_and_volatile_never_both_hold(place: list[float], uk: list[float]) -> None:
    base = a_base({"rate": {EAST: path(*place), UK: path(*uk)}})
    asked = [ask(base, expect, than="uk", shock="2008").verdict for expect in ("resilient", "volatile")]
    assert sorted(asked) in (["fails", "holds"], ["fails", "fails"])


def test_a_gap_above_nothing_has_no_percentage_and_may_be_asked_in_the_unit() -> None:
    figures = {"rate": {EAST: {2023: 0.0}, WEST: {2023: 5.0}, WARRINGTON: {2023: 6.0}}}
    base = a_base(figures, members=ALL_THREE)
    result = ask(base, "spread", at_least="10%")
    assert result.sentence == "This can't be tested: the lowest is not above zero, so the gap has no percentage."
    assert ask(base, "spread", at_least="5").verdict == "holds"


def test_a_test_about_a_member_is_not_about_the_place() -> None:
    figures = {EAST: {2023: 90.0}, WEST: {2023: 120.0}, WARRINGTON: {2023: 90.0}, UK: {2023: 100.0}}
    base = a_base({"rate": figures}, members=ALL_THREE)
    conclusion = a_conclusion(a_test("higher", than="uk", by_at_least="5%", area=WEST), says="{area} {value}")
    assert conclude(base, conclusion).sentence == "Cheshire West and Chester 120.0"


def test_an_area_may_be_compared_with_another_named_area() -> None:
    figures = {EAST: {2023: 90.0}, WEST: {2023: 120.0}}
    base = a_base({"rate": figures}, members=(EAST, WEST))
    result = ask(base, "higher", area=WEST, than=EAST, by_at_least="5%", robustness=True)
    assert result.verdict == "holds"
    assert result.tests[0].slots["comparator"] == "Cheshire East"
    assert result.robustness.of == 1


def test_the_areas_of_a_ranking_are_those_of_the_level() -> None:
    graph: AreaGraph = load().areas
    assert set(NEAR) <= set(graph.of_level(Level.LOCAL_AUTHORITY))
