"""higher, lower, similar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conclusions.conftest import Ask
from tests.conclusions.made_up import EAST, ENGLAND, UK, a_base, an_indicator, ask, verdict
from tests.conclusions.shipped import UK_LESS_OFFSHORE, members, number, sql, value
from wellfounded.core import Unit
from wellfounded.evidence.types import Additivity, Rule

PER_CENT = Unit(suffix="%", decimals=1)


def test_output_per_hour_of_the_place_is_rebuilt_and_compared_with_the_uk(ask_place: Ask) -> None:
    result = ask_place("higher", indicator="gva-per-hour", than="united-kingdom", by_at_least="2%", period="2023")
    rebuilt = number(
        f"SELECT sum(gva.value) / sum(gva.value / hour.value) FROM f gva JOIN f hour USING (area, year) "
        f"WHERE gva.indicator = 'gva' AND hour.indicator = 'gva-per-hour' AND year = 2023 AND area IN ({members()})"
    )
    uk = value("gva-per-hour", UK_LESS_OFFSHORE, 2023)
    test = result.tests[0]
    assert result.verdict == "holds"
    assert test.outcome.estimate == pytest.approx(rebuilt / uk - 1)
    assert test.outcome.interval_published is False
    assert test.slots["value"] == f"£{rebuilt:.2f}"
    assert test.slots["comparator_value"] == f"£{uk:.2f}"
    assert test.slots["difference"] == f"{(rebuilt / uk - 1) * 100:.1f}%"
    assert test.slots["more_or_less"] == "more"
    assert [figure.area for figure in test.figures[:2]] == ["place:small", UK_LESS_OFFSHORE]
    behind = {(figure.indicator, figure.area): figure.value for figure in test.figures[2:]}
    output = {area: amount for (indicator, area), amount in behind.items() if indicator == "gva"}
    hours = [amount / behind["gva-per-hour", area] for area, amount in output.items()]
    assert len(output) == 3
    assert sum(output.values()) / sum(hours) == pytest.approx(rebuilt)
    assert "ratio rebuilt from GVA of 3 members" in test.figures[0].rule


def test_the_employment_rate_is_weighted_by_population_and_told_apart_by_its_interval(ask_place: Ask) -> None:
    result = ask_place("higher", indicator="employment-rate", than="united-kingdom", by_at_least="2 points")
    year = int(result.tests[0].slots["period"])
    ((rate, error),) = sql(
        "SELECT sum(rate.value * people.value) / sum(people.value), "
        "sqrt(sum(((rate.upper - rate.lower) / 3.919927969 * people.value) ** 2)) / sum(people.value) "
        "FROM f rate JOIN f people USING (area, year) WHERE rate.indicator = 'employment-rate' "
        f"AND people.indicator = 'population-16-64' AND year = {year} AND area IN ({members()})"
    )
    ((uk, uk_error),) = sql(
        "SELECT value, coalesce((upper - lower) / 3.919927969, 0) FROM f "
        f"WHERE indicator = 'employment-rate' AND area = 'K02000001' AND year = {year}"
    )
    outcome = result.tests[0].outcome
    reach = 1.959963985 * (error**2 + uk_error**2) ** 0.5
    assert outcome.interval_published
    assert outcome.estimate == pytest.approx(rate - uk)
    assert outcome.lower == pytest.approx(rate - uk - reach, rel=1e-6)
    assert outcome.upper == pytest.approx(rate - uk + reach, rel=1e-6)
    assert str(result.verdict) == ("holds" if rate - uk - reach > 0 else "uncertain")


@pytest.mark.parametrize(
    ("expect", "place", "margin", "said"),
    [
        ("higher", 102.0, "2%", "holds"),  # the margin itself is enough
        ("higher", 101.9, "2%", "fails"),
        ("higher", 100.0, "0%", "fails"),  # no difference is not a difference
        ("higher", 98.0, "2%", "fails"),
        ("lower", 98.0, "2%", "holds"),
        ("lower", 98.1, "2%", "fails"),
        ("lower", 102.0, "2%", "fails"),
        ("higher", 102.0, "2", "holds"),  # in the unit
        ("higher", 101.9, "2", "fails"),
    ],
)
def test_without_intervals_the_margin_decides(expect: str, place: float, margin: str, said: str) -> None:
    assert verdict({EAST: {2023: place}, UK: {2023: 100.0}}, expect, than="uk", by_at_least=margin) == said


@pytest.mark.parametrize(("place", "said"), [(102.0, "holds"), (98.0, "holds"), (102.1, "fails"), (97.9, "fails")])
def test_without_intervals_similar_means_within_the_margin(place: float, said: str) -> None:
    assert verdict({EAST: {2023: place}, UK: {2023: 100.0}}, "similar", than="uk", within="2%") == said


def test_without_interval_and_without_margin_nothing_can_be_said() -> None:
    result = ask(a_base({"rate": {EAST: {2023: 150.0}, UK: {2023: 100.0}}}), "higher", than="uk")
    assert result.verdict == "uncertain"
    assert "no interval is published and no margin is stated" in result.tests[0].outcome.reason


@pytest.mark.parametrize(
    ("expect", "place", "said"),
    [
        ("higher", (103.0, 2.9), "holds"),  # 100.1 to 105.9
        ("higher", (103.0, 3.1), "uncertain"),
        ("higher", (101.0, 0.5), "fails"),  # sure, and too small to matter
        ("higher", (97.0, 9.0), "fails"),
        ("lower", (97.0, 2.9), "holds"),
        ("lower", (97.0, 3.1), "uncertain"),
        ("similar", (101.0, 0.9), "holds"),  # 100.1 to 101.9, all within 2%
        ("similar", (101.0, 1.1), "uncertain"),
        ("similar", (102.1, 0.1), "fails"),
    ],
)
def test_with_an_interval_it_must_tell_the_difference_from_its_opposite(
    expect: str, place: tuple[float, float], said: str
) -> None:
    margin = {"within" if expect == "similar" else "by_at_least": "2%"}
    assert verdict({EAST: {2023: place}, UK: {2023: 100.0}}, expect, than="uk", **margin) == said


def test_the_comparators_own_interval_counts() -> None:
    assert verdict({EAST: {2023: (103.0, 2.9)}, UK: {2023: (100.0, 2.0)}}, "higher", than="uk") == "uncertain"


def test_a_difference_of_two_points_is_two_points_whatever_binary_fractions_make_of_it() -> None:
    assert 64.1 - 62.1 < 2
    base = a_base({"rate": {EAST: {2023: 64.1}, UK: {2023: 62.1}}}, an_indicator(unit=PER_CENT))
    assert ask(base, "higher", than="uk", by_at_least="2 points").verdict == "holds"
    assert ask(base, "similar", than="uk", within="2 points").verdict == "holds"


def test_percentages_differ_in_points_and_other_figures_in_per_cent() -> None:
    figures = {"rate": {EAST: {2023: 60.0}, UK: {2023: 50.0}}}
    points = ask(a_base(figures, an_indicator(unit=PER_CENT)), "higher", than="uk", by_at_least="2 points")
    plain = ask(a_base(figures), "higher", than="uk", by_at_least="2%")
    assert points.tests[0].slots["difference"] == "10.0 percentage points"
    assert plain.tests[0].slots["difference"] == "20%"


def test_a_margin_in_points_cannot_be_asked_of_pounds() -> None:
    result = ask(a_base({"rate": {EAST: {2023: 60.0}, UK: {2023: 50.0}}}), "higher", than="uk", by_at_least="2 points")
    assert result.verdict == "cannot test"
    assert "made-up rate is not a percentage" in result.tests[0].outcome.reason


def test_a_total_cannot_be_compared_with_a_larger_areas() -> None:
    total = an_indicator(additivity=Additivity(Rule.SUM))
    result = ask(a_base({"rate": {EAST: {2023: 60.0}, UK: {2023: 50.0}}}, total), "higher", than="uk")
    assert result.verdict == "cannot test"
    assert "is a total: compare a rate or a share instead" in result.tests[0].outcome.reason


def test_the_latest_period_that_both_have_is_compared() -> None:
    figures = {EAST: {2021: 90.0, 2022: 110.0, 2023: 80.0}, UK: {2021: 100.0, 2022: 100.0}}
    result = ask(a_base({"rate": figures}), "higher", than="uk", by_at_least="2%")
    assert result.verdict == "holds"
    assert result.tests[0].slots["period"] == "2022"


def test_a_period_that_is_asked_for_is_compared_or_refused() -> None:
    figures = {EAST: {2021: 90.0, 2022: 110.0}, UK: {2021: 100.0, 2022: 100.0}}
    assert verdict(figures, "lower", than="uk", by_at_least="2%", period="2021") == "holds"
    result = ask(a_base({"rate": figures}), "lower", than="uk", by_at_least="2%", period="2019")
    assert result.verdict == "cannot test"
    assert "no figure for 2019" in result.tests[0].outcome.reason


def test_where_the_comparator_has_no_figure_the_next_is_used_and_the_working_says_so() -> None:
    result = ask(a_base({"rate": {EAST: {2023: 110.0}, ENGLAND: {2023: 100.0}}}), "higher", than="uk", by_at_least="2%")
    assert result.verdict == "holds"
    assert result.tests[0].slots["comparator"] == "England"
    assert "Made-up rate is not published for the UK, so England is the comparator." in result.tests[0].working


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({EAST: {2023: None}, UK: {2023: 100.0}}, "the figure for Cheshire is confidential"),
        ({EAST: {2023: 100.0}, ENGLAND: {2023: None}}, "the figure for England is confidential"),
        ({UK: {2023: 100.0}}, "not published for Cheshire"),
        ({EAST: {2022: 100.0}, UK: {2023: 100.0}}, "no period with figures for both"),
    ],
)
def test_a_missing_figure_cannot_be_tested_and_is_named(figures: dict[str, dict[int, float]], said: str) -> None:
    result = ask(a_base({"rate": figures}), "higher", than="uk", by_at_least="2%")
    assert result.verdict == "cannot test"
    assert said in result.tests[0].outcome.reason
    assert result.sentence.startswith("This can't be tested:")


values = st.floats(1, 200)
errors = st.one_of(st.none(), st.floats(0.01, 50))
BETTER = {"fails": 0, "uncertain": 1, "holds": 2}


def placed(value: float, error: float | None) -> dict[str, dict[int, object]]:
    return {EAST: {2023: value if error is None else (value, error)}, UK: {2023: 100.0}}


@given(values, errors, st.floats(0, 0.5), st.floats(0, 0.5), st.sampled_from(["higher", "lower"]))
def test_a_wider_margin_never_makes_it_hold_better(
    value: float, error: float | None, first: float, second: float, expect: str
) -> None:
    narrow, wide = sorted((first, second))
    asked = [
        verdict(placed(value, error), expect, than="uk", by_at_least=f"{margin * 100:.3f}%")
        for margin in (narrow, wide)
    ]
    assert BETTER[asked[0]] >= BETTER[asked[1]]


@given(values, errors, st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_wider_margin_never_makes_similar_hold_worse(
    value: float, error: float | None, first: float, second: float
) -> None:
    narrow, wide = sorted((first, second))
    asked = [
        verdict(placed(value, error), "similar", than="uk", within=f"{margin * 100:.3f}%") for margin in (narrow, wide)
    ]
    assert BETTER[asked[0]] <= BETTER[asked[1]]


@given(values, errors, st.floats(0, 0.5))
def test_higher_and_lower_never_both_hold(value: float, error: float | None, margin: float) -> None:
    asked = [
        verdict(placed(value, error), expect, than="uk", by_at_least=f"{margin * 100:.3f}%")
        for expect in ("higher", "lower")
    ]
    assert asked.count("holds") <= 1
    assert asked.count("fails") >= 1


@given(st.floats(101, 200), st.floats(0.01, 50), st.floats(0.01, 50))
def test_a_wider_interval_never_makes_it_hold_better(value: float, first: float, second: float) -> None:
    narrow, wide = sorted((first, second))
    asked = [verdict(placed(value, error), "higher", than="uk") for error in (narrow, wide)]
    assert BETTER[asked[0]] >= BETTER[asked[1]]


@given(values, st.floats(0.01, 50), st.floats(0, 0.2))
def test_the_mirror_image_has_the_mirror_verdict(value: float, error: float, margin: float) -> None:
    difference = {"by_at_least": f"{margin * 50:.3f} points"}
    up = a_base({"rate": {EAST: {2023: (value, error)}, UK: {2023: 100.0}}}, an_indicator(unit=PER_CENT))
    down = a_base({"rate": {EAST: {2023: (200 - value, error)}, UK: {2023: 100.0}}}, an_indicator(unit=PER_CENT))
    higher, lower = ask(up, "higher", than="uk", **difference), ask(down, "lower", than="uk", **difference)
    assert higher.verdict == lower.verdict


def test_the_limits_in_the_working_and_in_charts_are_those_published_even_where_they_are_not_symmetric(
    ask_place: Ask,
) -> None:
    result = ask_place("higher", indicator="cardiovascular-mortality", than="england", area="E06000007")
    test = result.tests[0]
    published = next(figure for figure in test.figures if figure.area == "E06000007")
    assert published.interval is not None
    assert isinstance(published.value, float)
    assert published.value - published.interval.lower != pytest.approx(published.interval.upper - published.value)
    limits = f"{published.interval.lower:.1f} to {published.interval.upper:.1f}"
    assert f"(95% interval {limits})" in test.working[0]
    drawn = next(one for one in test.series["points"] if one["code"] == "E06000007")  # type: ignore[attr-defined]
    assert (drawn["lower"], drawn["upper"]) == (published.interval.lower, published.interval.upper)
