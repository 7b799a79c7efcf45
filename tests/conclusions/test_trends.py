"""rising, falling, flat; faster, slower; converging, diverging."""

from __future__ import annotations

from itertools import combinations
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.conclusions.conftest import Ask
from tests.conclusions.made_up import EAST, UK, a_base, an_indicator, ask, verdict
from tests.conclusions.shipped import UK_LESS_OFFSHORE, sql
from wellfounded.core import Period, Unit

PER_CENT = Unit(suffix="%", decimals=1)
WARRINGTON = "E06000007"


SCATTERED = dict(enumerate([100.0, 130, 95, 120, 90, 125, 99, 118, 101, 119, 104], start=2013))


def yearly(rate: float, *, start: float = 100.0, years: int = 10) -> dict[int, float]:
    """A series to 2023 that grows by `rate` a year."""
    return {2023 - years + at: start * (1 + rate) ** at for at in range(years + 1)}


def middles(years: list[int]) -> list[float]:
    """The middle of each year, as the trend takes it."""
    days = [(Period.year(year).start.toordinal() + Period.year(year).end.toordinal()) / 2 for year in years]
    return [day / 365.2425 for day in days]


def theil_sen(years: list[int], values: list[float]) -> float:
    """The median slope between any two years, one pair at a time."""
    at = middles(years)
    return median((values[j] - values[i]) / (at[j] - at[i]) for i, j in combinations(range(len(at)), 2))


def test_the_trend_of_a_real_series_is_theil_sen_over_its_level_with_kendalls_p(ask_place: Ask) -> None:
    rows = sql(
        "SELECT year, value FROM f WHERE indicator = 'ghg-per-head' AND area = 'E06000050' "
        "AND year BETWEEN 2005 AND 2023 ORDER BY year"
    )
    years, values = [row[0] for row in rows], [row[1] for row in rows]
    result = ask_place(
        "falling", indicator="ghg-per-head", area="E06000050", over="2005..2023", by_at_least="0.5% a year"
    )
    test = result.tests[0]
    assert result.verdict == "holds"
    assert test.outcome.estimate == pytest.approx(theil_sen(years, values) / median(values))
    assert test.outcome.p == pytest.approx(stats.kendalltau(years, values, method="exact").pvalue)
    assert (test.slots["from_period"], test.slots["to_period"]) == ("2005", "2023")
    assert test.slots["start_value"].startswith(f"{values[0]:.2f}")
    assert not test.outcome.interval_published
    assert len(test.figures) == len(years)


def test_growth_against_the_uk_is_the_trend_of_the_log_ratio(ask_place: Ask) -> None:
    rows = sql(
        "SELECT a.year, ln(a.value / b.value) FROM f a JOIN f b USING (indicator, year) "
        f"WHERE indicator = 'gva-per-hour' AND a.area = '{WARRINGTON}' AND b.area = '{UK_LESS_OFFSHORE}' ORDER BY year"
    )
    years, gap = [row[0] for row in rows], [row[1] for row in rows]
    result = ask_place("slower", indicator="gva-per-hour", area=WARRINGTON, than="united-kingdom", over="all")
    outcome = result.tests[0].outcome
    assert outcome.estimate == pytest.approx(theil_sen(years, gap))
    assert outcome.p == pytest.approx(stats.kendalltau(years, gap, method="exact").pvalue)
    assert result.verdict == "holds"


@pytest.mark.parametrize(
    ("expect", "rate", "margin", "said"),
    [
        ("rising", 0.02, "", "holds"),
        ("rising", 0.02, "1% a year", "holds"),
        ("rising", 0.02, "3% a year", "fails"),
        ("rising", -0.02, "", "fails"),
        ("falling", -0.02, "1% a year", "holds"),
        ("falling", 0.02, "", "fails"),
        ("flat", 0.001, "0.5% a year", "holds"),
        ("flat", 0.02, "0.5% a year", "fails"),
    ],
)
def test_a_steady_series_rises_falls_or_stays(expect: str, rate: float, margin: str, said: str) -> None:
    option = {"within" if expect == "flat" else "by_at_least": margin} if margin else {}
    assert verdict({EAST: yearly(rate)}, expect, over="10 years", **option) == said


def test_a_series_that_goes_up_and_down_more_than_it_grows_is_uncertain() -> None:
    assert verdict({EAST: SCATTERED}, "rising", over="10 years") == "uncertain"


def test_a_series_that_scatters_is_not_surely_flat() -> None:
    assert verdict({EAST: SCATTERED}, "flat", over="10 years", within="0.5% a year") == "uncertain"


def test_four_years_without_intervals_are_too_few_and_three_with_intervals_are_enough() -> None:
    few = ask(a_base({"rate": {EAST: yearly(0.02, years=3)}}), "rising", over="all")
    assert few.verdict == "cannot test"
    assert "needs 5" in few.tests[0].outcome.reason
    sure = {2021: (100.0, 1.0), 2022: (110.0, 1.0), 2023: (120.0, 1.0)}
    assert verdict({EAST: sure}, "rising", over="all") == "holds"


def test_with_intervals_the_slope_is_weighted_by_them() -> None:
    series = {2019: (50.0, 1.0), 2020: (52.0, 3.0), 2021: (53.0, 1.0), 2022: (57.0, 2.0), 2023: (58.0, 1.0)}
    result = ask(a_base({"rate": {EAST: series}}, an_indicator(unit=PER_CENT)), "rising", over="all")
    at, values = np.array(middles(list(series))), np.array([value for value, _ in series.values()])
    weights = np.array([(half / 1.959963985) ** -2 for _, half in series.values()])
    slope, _ = np.polyfit(at, values, 1, w=np.sqrt(weights))
    assert result.tests[0].outcome.estimate == pytest.approx(slope)
    assert any("weighted by the published intervals" in step for step in result.tests[0].working)


def test_a_window_is_the_years_it_names() -> None:
    series = {**yearly(0.03, years=20), 2023: 1.0}
    result = ask(a_base({"rate": {EAST: series}}), "rising", over="2009..2019")
    assert result.verdict == "holds"
    assert (result.tests[0].slots["from_period"], result.tests[0].slots["to_period"]) == ("2009", "2019")


@pytest.mark.parametrize(
    ("over", "said"),
    [("2001..2011", "don't cover 2001 to 2011"), ("20 years", "cover 10 years, not 20"), ("2013..2025", "don't cover")],
)
def test_a_window_that_the_figures_do_not_cover_cannot_be_tested(over: str, said: str) -> None:
    result = ask(a_base({"rate": {EAST: yearly(0.02)}}), "rising", over=over)
    assert result.verdict == "cannot test"
    assert said in result.tests[0].outcome.reason


def test_a_suppressed_year_in_the_middle_leaves_the_trend_on_the_others() -> None:
    result = ask(a_base({"rate": {EAST: {**yearly(0.02), 2018: None}}}), "rising", over="10 years")
    assert result.verdict == "holds"
    assert len(result.tests[0].figures) == 10


@pytest.mark.parametrize(
    ("expect", "place", "uk", "said"),
    [
        ("faster", 0.03, 0.01, "holds"),
        ("faster", 0.012, 0.01, "fails"),  # by less than matters
        ("faster", 0.01, 0.03, "fails"),
        ("slower", 0.01, 0.03, "holds"),
        ("slower", 0.03, 0.01, "fails"),
        ("slower", -0.03, -0.01, "holds"),
    ],
)
def test_growth_is_compared_a_year(expect: str, place: float, uk: float, said: str) -> None:
    figures = {EAST: yearly(place), UK: yearly(uk, start=500.0)}
    assert verdict(figures, expect, than="uk", over="10 years", by_at_least="0.5% a year") == said


@pytest.mark.parametrize(
    ("place", "start", "closing"),
    [(0.01, 120.0, True), (0.03, 80.0, True), (0.03, 120.0, False), (0.01, 80.0, False)],
)
def test_a_gap_closes_from_above_and_from_below(place: float, start: float, closing: bool) -> None:
    figures = {EAST: yearly(place, start=start), UK: yearly(0.02)}
    asked = {expect: verdict(figures, expect, than="uk", over="10 years") for expect in ("converging", "diverging")}
    assert asked == {"converging": "holds" if closing else "fails", "diverging": "fails" if closing else "holds"}


def test_growth_in_a_percentage_is_in_points() -> None:
    figures = {"rate": {EAST: {year: 50.0 + (year - 2013) for year in range(2013, 2024)}, UK: yearly(0.0, start=60.0)}}
    result = ask(a_base(figures, an_indicator(unit=PER_CENT)), "faster", than="uk", over="10 years",
                 by_at_least="0.5 points a year")  # fmt: skip
    assert result.verdict == "holds"
    assert result.tests[0].outcome.estimate == pytest.approx(1.0, rel=1e-3)
    assert result.tests[0].slots["growth"] == "1.0 percentage point"


def test_what_can_not_be_told_apart_is_said_so() -> None:
    figures = {"rate": {EAST: SCATTERED, UK: yearly(0.0)}}
    result = ask(a_base(figures), "faster", than="uk", over="10 years")
    assert result.verdict == "uncertain"
    assert "which can't be told apart" in result.sentence


def test_a_shrinking_series_fell_and_did_not_grow_by_a_minus() -> None:
    figures = {"rate": {EAST: yearly(-0.03), UK: yearly(0.01)}}
    result = ask(a_base(figures), "faster", than="uk", over="10 years")
    assert "fell by 3.0% a year in Cheshire and grew by 1.0% in the UK" in result.sentence


walks = st.lists(st.floats(-0.1, 0.1), min_size=6, max_size=12)


def walk(steps: list[float]) -> dict[int, float]:
    levels = 100 * np.cumprod(1 + np.array(steps))
    return {2023 - len(steps) + at: float(level) for at, level in enumerate(levels)}


@given(walks, st.floats(0, 5))
def test_rising_and_falling_never_both_hold(steps: list[float], margin: float) -> None:
    asked = [
        verdict({EAST: walk(steps)}, each, over="all", by_at_least=f"{margin:.3f}% a year")
        for each in ("rising", "falling")
    ]
    assert asked.count("holds") <= 1
    assert "fails" in asked


@given(walks, st.floats(0, 3), st.floats(0, 3))
def test_a_wider_margin_never_makes_a_trend_hold_better(steps: list[float], first: float, second: float) -> None:
    better = {"fails": 0, "uncertain": 1, "holds": 2}
    narrow, wide = sorted((first, second))
    asked = [
        verdict({EAST: walk(steps)}, "rising", over="all", by_at_least=f"{each:.3f}% a year") for each in (narrow, wide)
    ]
    assert better[asked[0]] >= better[asked[1]]
    flat = [verdict({EAST: walk(steps)}, "flat", over="all", within=f"{each:.3f}% a year") for each in (narrow, wide)]
    assert better[flat[0]] <= better[flat[1]]


@given(walks, walks)
def test_faster_is_slower_seen_from_the_other_side(first: list[float], second: list[float]) -> None:
    length = min(len(first), len(second))
    one, other = walk(first[:length]), walk(second[:length])
    assert verdict({EAST: one, UK: other}, "faster", than="uk", over="all") == verdict(
        {EAST: other, UK: one}, "slower", than="uk", over="all"
    )
