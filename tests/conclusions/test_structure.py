"""share, specialised; concentrated, diverse; driven by: what an economy is made of."""

from __future__ import annotations

from math import log, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conclusions.conftest import Ask
from tests.conclusions.made_up import EAST, UK, WEST, a_base, an_indicator, ask
from tests.conclusions.shipped import UK_LESS_OFFSHORE, members, sql, value
from wellfounded.evidence.base import Base
from wellfounded.evidence.catalogue import load
from wellfounded.evidence.types import Additivity, Rule

OUTPUT = "gva-by-industry"
MANUFACTURING = "C (10-33)"
WARRINGTON = "E06000007"
SECTORS = an_indicator(
    label="Made-up output",
    additivity=Additivity(Rule.SUM),
    categories=(("all", "All"), ("farms", "Farms"), ("mills", "Mills"), ("shops", "Shops")),
    total_category="all",
    leaf_categories=("farms", "mills", "shops"),
)


def output(year: int, area: str) -> dict[str, float]:
    """Output by industry, of the place or of one area."""
    where = f"area IN ({members()})" if area == "place" else f"area = '{area}'"
    return dict(
        sql(
            f"SELECT category, sum(value) FROM f WHERE indicator = '{OUTPUT}' AND year = {year} AND {where} "
            "GROUP BY category"
        )
    )


def economy(farms: float, mills: float, shops: float, *, year: int = 2023) -> dict[str, dict[int, float]]:
    return {
        "all": {year: farms + mills + shops},
        "farms": {year: farms},
        "mills": {year: mills},
        "shops": {year: shops},
    }


def made_of(place: dict[str, dict[int, float]], uk: dict[str, dict[int, float]]) -> Base:
    return a_base({"rate": {EAST: place, UK: uk}}, SECTORS)


def test_the_share_of_manufacturing_is_added_up_over_members(ask_place: Ask) -> None:
    result = ask_place(
        "share", indicator=OUTPUT, part=[MANUFACTURING], than="united-kingdom", by_at_least="2 points", period="2023"
    )
    place, uk = output(2023, "place"), output(2023, UK_LESS_OFFSHORE)
    own, other = place[MANUFACTURING] / place["Total"], uk[MANUFACTURING] / uk["Total"]
    test = result.tests[0]
    assert result.verdict == "holds"
    assert test.outcome.estimate == pytest.approx(own - other)
    assert test.slots["share"] == f"{own * 100:.0f}%"
    assert test.slots["difference"] == f"{(own - other) * 100:.1f} percentage points"


def test_the_location_quotient_is_a_share_over_a_share(ask_place: Ask) -> None:
    chemicals = "CD-CG (19-23)"
    result = ask_place(
        "specialised", indicator=OUTPUT, category=chemicals, than="united-kingdom", at_least=1.25, period="2023"
    )
    place, uk = output(2023, "place"), output(2023, UK_LESS_OFFSHORE)
    quotient = place[chemicals] / place["Total"] / (uk[chemicals] / uk["Total"])
    assert result.tests[0].outcome.estimate == pytest.approx(quotient)
    assert result.tests[0].slots["lq"] == f"{quotient:.1f}"
    assert result.verdict == "holds"


def test_concentration_is_the_sum_of_squared_shares_without_imputed_rent(ask_place: Ask) -> None:
    leaves = [code for code in load().indicators[OUTPUT].leaf_categories if code != "68IMP"]
    assert len(leaves) == 36
    place, uk = output(2023, "place"), output(2023, UK_LESS_OFFSHORE)

    def shares(parts: dict[str, float]) -> list[float]:
        whole = sum(parts[code] for code in leaves)
        return [parts[code] / whole for code in leaves]

    def concentration(parts: dict[str, float]) -> float:
        return sum(share**2 for share in shares(parts))

    def evenness(parts: dict[str, float]) -> float:
        return -sum(share * log2(share) for share in shares(parts)) / log2(len(leaves))

    asked = {"indicator": OUTPUT, "than": "united-kingdom", "period": "2023"}
    by_hhi = ask_place("concentrated", by_at_least="5%", **asked)
    by_entropy = ask_place("diverse", measure="entropy", **asked)
    assert by_hhi.tests[0].outcome.estimate == pytest.approx(concentration(place) / concentration(uk) - 1)
    assert by_entropy.tests[0].outcome.estimate == pytest.approx(evenness(place) / evenness(uk) - 1)
    assert by_hhi.tests[0].slots["effective"] == f"{1 / concentration(place):.1f}"
    assert by_hhi.tests[0].slots["largest_share"] == f"{max(shares(place)) * 100:.1f}%"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"at_least": "30%"}, "holds"),
        ({"at_least": "31%"}, "fails"),
        ({"at_most": "30%"}, "holds"),
        ({"at_most": "29%"}, "fails"),
        ({"at_least": "20%", "at_most": "40%"}, "holds"),
        ({"at_least": "20%", "at_most": "29%"}, "fails"),
        ({"than": "uk", "by_at_least": "10 points"}, "holds"),
        ({"than": "uk", "by_at_least": "11 points"}, "fails"),
        ({"than": "uk", "by_at_least": "50%"}, "holds"),
        ({"than": "uk", "by_at_least": "1 point", "lower": True}, "fails"),
    ],
)
def test_a_share_meets_its_threshold_or_does_not(asked: dict[str, object], said: str) -> None:
    base = made_of(economy(30, 20, 50), economy(200, 400, 400))
    assert ask(base, "share", part=["farms"], **asked).verdict == said


def test_parts_are_taken_together_and_the_largest_is_found() -> None:
    base = made_of(economy(30, 20, 50), economy(1, 1, 1))
    both = ask(base, "share", part=["farms", "mills"], at_least="50%").tests[0]
    largest = ask(base, "share", part="largest", at_least="50%").tests[0]
    assert (both.outcome.verdict, both.slots["category"]) == ("holds", "Farms and Mills")
    assert (largest.outcome.verdict, largest.slots["category"]) == ("holds", "Shops")


def test_a_suppressed_part_leaves_the_share_untested_and_says_so() -> None:
    place = {**economy(30, 20, 50), "farms": {2023: None}}
    for part in (["farms"], "largest"):
        result = ask(made_of(place, economy(1, 1, 1)), "share", part=part, at_least="10%")
        assert result.verdict == "cannot test"
        assert "suppressed" in result.tests[0].outcome.reason


def test_what_is_suppressed_for_the_place_is_said_though_a_part_of_it_is_known() -> None:
    east, west = economy(30, 20, 50), {**economy(30, 20, 50), "farms": {2023: None}}
    base = a_base({"rate": {EAST: east, WEST: west, UK: economy(1, 1, 1)}}, SECTORS, members=(EAST, WEST))
    for asked in ({"expect": "concentrated", "than": "uk"}, {"expect": "share", "part": ["farms"], "at_least": "10%"}):
        result = ask(base, str(asked.pop("expect")), robustness=True, **asked)
        assert result.verdict == "cannot test"
        assert "suppressed" in result.tests[0].outcome.reason


@pytest.mark.parametrize(("threshold", "said"), [(1.5, "holds"), (1.51, "fails"), (1.0, "holds")])
def test_a_specialism_meets_its_quotient_or_does_not(threshold: float, said: str) -> None:
    base = made_of(economy(30, 20, 50), economy(200, 400, 400))
    assert ask(base, "specialised", category="farms", than="uk", at_least=threshold).verdict == said


@pytest.mark.parametrize("measure", ["hhi", "entropy"])
def test_an_economy_of_one_trade_is_concentrated_and_one_of_equal_trades_diverse(measure: str) -> None:
    one_trade, many = economy(90, 5, 5), economy(1, 1, 1)
    for place, uk, yes, no in (
        (one_trade, many, "concentrated", "diverse"),
        (many, one_trade, "diverse", "concentrated"),
    ):
        base = made_of(place, uk)
        assert ask(base, yes, than="uk", measure=measure, by_at_least="5%").verdict == "holds"
        assert ask(base, no, than="uk", measure=measure).verdict == "fails"


def test_diversity_without_the_largest_sector_is_a_variant() -> None:
    base = made_of(economy(90, 5, 5), economy(60, 39, 1))
    result = ask(base, "concentrated", than="uk", robustness=True)
    by_sectors = {variant.choices[-1].label: variant.verdict for variant in result.robustness.variants}
    assert by_sectors["all sectors"] == "holds"
    assert by_sectors["without the largest sector"] == "fails"


amounts = st.floats(1, 1000)
economies = st.tuples(amounts, amounts, amounts)


@given(economies, economies)
def test_concentrated_and_diverse_never_both_hold(place: tuple[float, ...], uk: tuple[float, ...]) -> None:
    base = made_of(economy(*place), economy(*uk))
    asked = [ask(base, expect, than="uk").verdict for expect in ("concentrated", "diverse")]
    assert sorted(asked) in (["fails", "holds"], ["fails", "fails"])


@given(economies, economies, st.floats(0.1, 1000))
def test_a_quotient_does_not_depend_on_how_large_an_economy_is(
    place: tuple[float, ...], uk: tuple[float, ...], times: float
) -> None:
    small = ask(made_of(economy(*place), economy(*uk)), "specialised", category="mills", than="uk", at_least=1)
    large = ask(
        made_of(economy(*(part * times for part in place)), economy(*uk)), "specialised", category="mills", than="uk",
        at_least=1,
    )  # fmt: skip
    assert small.tests[0].outcome.estimate == pytest.approx(large.tests[0].outcome.estimate)


@given(economies, st.floats(1, 60), st.floats(1, 60))
def test_a_higher_threshold_never_makes_a_share_hold(place: tuple[float, ...], first: float, second: float) -> None:
    base = made_of(economy(*place), economy(1, 1, 1))
    low, high = (
        ask(base, "share", part=["farms"], at_least=f"{amount:.3f}%").verdict for amount in sorted((first, second))
    )
    assert (low, high) != ("fails", "holds")


def test_the_chain_multiplies_to_gva_per_head_and_its_parts_add_up_to_the_gap(ask_place: Ask) -> None:
    result = ask_place(
        "driven by", indicator="gva-per-head", area=WARRINGTON, than="united-kingdom", decomposition="chain",
        part="jobs per resident worker", period="2023",
    )  # fmt: skip
    year = int(result.tests[0].slots["period"])

    def links(area: str, whole: str) -> list[float]:
        gva, hours, jobs = (value(name, whole, year) for name in ("gva", "hours-implied", "jobs-implied"))
        age, people = value("population-16-64", area, year), value("population", area, year)
        workers = value("employment-rate", area, year) / 100 * age
        return [gva / hours, hours / jobs, jobs / workers, workers / age, age / people]

    own, uk = links(WARRINGTON, WARRINGTON), links("K02000001", UK_LESS_OFFSHORE)
    logs = [log(one / other) for one, other in zip(own, uk, strict=True)]
    gap = own[0] * own[1] * own[2] * own[3] * own[4] / (uk[0] * uk[1] * uk[2] * uk[3] * uk[4]) - 1
    assert result.tests[0].outcome.estimate == pytest.approx(logs[2] / sum(logs) * gap, rel=1e-6)
    assert result.verdict == ("holds" if max(logs) == logs[2] else "fails")
    parts = [part["value"] for part in result.tests[0].series["parts"]]  # type: ignore[attr-defined]
    assert sum(parts) == pytest.approx(gap, rel=1e-6)
    assert result.tests[0].method == "productivity-chain"


def test_shift_share_splits_growth_into_the_mix_and_the_places_own(ask_place: Ask) -> None:
    result = ask_place(
        "driven by", indicator=OUTPUT, area=WARRINGTON, than="england", decomposition="shift-share", part="competitive",
        over="2013..2023",
    )  # fmt: skip
    leaves = load().indicators[OUTPUT].leaf_categories
    start, end, ref_start, ref_end = (output(year, area) for area in (WARRINGTON, "E92000001") for year in (2013, 2023))
    whole = sum(start[code] for code in leaves)
    nation = sum(ref_end[code] for code in leaves) / sum(ref_start[code] for code in leaves)
    mix = sum(start[code] * (ref_end[code] / ref_start[code] - nation) for code in leaves) / whole
    own = sum(end[code] - start[code] * ref_end[code] / ref_start[code] for code in leaves) / whole
    test = result.tests[0]
    assert test.outcome.estimate == pytest.approx(own)
    assert [part["value"] for part in test.series["parts"]] == pytest.approx([mix, own])  # type: ignore[attr-defined]
    assert result.verdict == ("holds" if abs(own) > abs(mix) and own * (own + mix) > 0 else "fails")


def test_the_gap_in_output_per_employee_is_within_sectors_or_in_their_mix(ask_place: Ask) -> None:
    from wellfounded.conclusions.expectations.decomposition import SECTIONS

    result = ask_place(
        "driven by", indicator="gva-per-job", than="england", decomposition="sectors", part="within", period="2022"
    )
    test = result.tests[0]
    assert test.outcome.verdict != "cannot test", test.outcome.reason
    year = int(test.slots["period"])

    def sectors(area: str, *, published_under: tuple[str, ...]) -> list[tuple[float, float]]:
        made = output(year, area)
        jobs = dict(
            sql(
                "SELECT category, sum(value) FROM f WHERE indicator = 'employees-by-section' "
                f"AND area IN ({members(published_under)}) AND year = {year} GROUP BY category"
            )
        )
        return [
            (made[code], sum(jobs[letter] for letter in letters)) for code, letters in SECTIONS.items() if code in made
        ]

    own = sectors("place", published_under=("TLD61", "TLD62", "TLD63"))
    ref = sectors("E92000001", published_under=("E92000001",))
    level, ref_level = (sum(y for y, _ in each) / sum(h for _, h in each) for each in (own, ref))
    people, ref_people = (sum(h for _, h in each) for each in (own, ref))
    within = sum(
        (y / h - ref_y / ref_h) * (h / people + ref_h / ref_people) / 2
        for (y, h), (ref_y, ref_h) in zip(own, ref, strict=True)
    )
    assert test.outcome.estimate == pytest.approx(within / ref_level)
    assert sum(part["value"] for part in test.series["parts"]) == pytest.approx(level / ref_level - 1)  # type: ignore[attr-defined]
