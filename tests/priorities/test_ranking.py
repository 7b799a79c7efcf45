"""Priorities of the base that ships: prizes by hand from its figures, criteria with reasons, an order that follows."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from wellfounded.analysis.prize import NotAShare, NoYears
from wellfounded.conclusions.evaluate import Evaluation
from wellfounded.conclusions.subjects import Subjects
from wellfounded.conclusions.types import Verdict
from wellfounded.evidence.store import Store
from wellfounded.priorities.evaluate import prioritise
from wellfounded.priorities.prize import Prizes
from wellfounded.priorities.ranking import ranked
from wellfounded.priorities.scenarios import AlreadyAScenario, NoSuchComparator, under
from wellfounded.priorities.types import (
    Declared,
    Measure,
    PrizeSpec,
    Said,
    ShownCriterion,
    ShownPolicy,
    ShownPriorities,
    ShownPrize,
)
from wellfounded.priorities.weights import of

MEMBERS = ("E06000049", "E06000050", "E06000007")
UK = "K02000001"


def value(store: Store, indicator: str, area: str, year: int, category: str = "") -> float:
    """One figure straight from the store's rows."""
    from wellfounded.core import Period

    areas = store.catalogue.areas
    codes = [area, *areas.stands_for(area), *areas.same_as(area)]
    table = store.figures(indicator, areas=codes, period=Period.year(year), category=category or None)
    return float(table.column("value")[0].as_py())


def prize(evaluation: Evaluation, measure: Measure, reach: str = "", **more: object) -> ShownPrize:
    spec = PrizeSpec("productivity", measure, reach, **more)  # type: ignore[arg-type]
    return Prizes(evaluation.subjects).shown(spec, declared="united-kingdom")


def policy(shown: ShownPriorities, name: str) -> ShownPolicy:
    return next(one for one in shown.policies if one.id == name)


def criterion(shown: ShownPriorities, name: str, which: str) -> ShownCriterion:
    return next(one for one in policy(shown, name).criteria if one.id == which)


# -- prizes --------------------------------------------------------------------------------------------------------


def test_reaching_the_country_s_output_an_hour_is_worth_what_the_figures_say_by_hand(evaluation: Evaluation) -> None:
    store, found = evaluation.store, prize(evaluation, Measure.GVA, "gva-per-hour")
    expected = 0.0
    for member in MEMBERS:
        own, target = (value(store, "gva-per-hour", area, 2023) for area in (member, UK))
        gva = value(store, "gva", member, 2023)
        expected += max(0.0, gva * (target / own - 1))
    assert found.value == pytest.approx(expected, rel=1e-3)  # hours are implied from rounded figures
    assert found.text == "£1.1bn a year"
    assert [area.text for area in found.areas] == ["already there", "already there", "£1.1bn"]
    assert found.lower is None
    assert found.working
    assert found.releases
    assert "not a forecast" in found.note


def test_the_employment_rate_s_prize_has_the_interval_of_its_survey(evaluation: Evaluation) -> None:
    found = next(
        one for one in prize(evaluation, Measure.GVA, "employment-rate").against if one.comparator == "neighbours"
    )
    assert found.value is not None
    assert found.lower is not None
    assert found.upper is not None
    assert 0 <= found.lower < found.value < found.upper
    assert found.interval


def test_pay_is_shared_out_over_all_residents(evaluation: Evaluation) -> None:
    store = evaluation.store
    found = prize(evaluation, Measure.PAY, "gdhi-per-head", areas=("E06000007",))
    gap = value(store, "gdhi-per-head", UK, 2023) - value(store, "gdhi-per-head", "E06000007", 2023)
    assert found.value == pytest.approx(gap)
    every = prize(evaluation, Measure.PAY, "gdhi-per-head")
    people = {area: value(store, "population", area, 2023) for area in MEMBERS}
    gains = {area: max(0.0, value(store, "gdhi-per-head", UK, 2023) - value(store, "gdhi-per-head", area, 2023))
             for area in MEMBERS}  # fmt: skip
    assert every.value == pytest.approx(sum(people[a] * gains[a] for a in MEMBERS) / sum(people.values()))


def test_what_rides_on_the_largest_sector_is_told_with_the_years_that_recoveries_took(evaluation: Evaluation) -> None:
    found = prize(evaluation, Measure.EXPOSURE, areas=("E06000049",))
    (area,) = found.areas
    assert area.largest == "Manufacturing"
    assert found.value == pytest.approx(value(evaluation.store, "gva-by-industry", "E06000049", 2023, "C (10-33)"))
    assert "years to recover from the recession of 2008-09" in area.recovery
    named = prize(evaluation, Measure.EXPOSURE, category="CD-CG (19-23)")
    assert named.value is not None
    assert found.value is not None
    assert 0 < named.value < found.value


def test_a_prize_in_a_sector_says_that_england_stands_in_where_the_uk_is_not_published(evaluation: Evaluation) -> None:
    found = prize(evaluation, Measure.GVA, "gva-per-employee", category="M (69-75)")
    assert "so England stands in" in found.note
    assert "of England" in found.title
    by = {one.comparator: one for one in found.against}
    assert by["united-kingdom"].value == by["england"].value
    assert by["neighbours"].value is None
    assert "employees-by-section is not published for its statistical neighbours" in by["neighbours"].why_none


def test_a_link_asks_only_for_the_figures_that_it_needs_and_names_the_one_that_is_missing(
    evaluation: Evaluation,
) -> None:
    belfast = replace(evaluation.base, members=("N09000003",), same_as=())
    prizes = Prizes(Subjects.of_base(belfast, evaluation.store))

    def shown(reach: str) -> ShownPrize:
        return prizes.shown(PrizeSpec("productivity", Measure.GVA, reach), declared="united-kingdom")

    assert shown("gva-per-hour").value
    assert shown("gva-per-hour").title == "If Belfast reached the output an hour of the UK"
    assert shown("employment-rate").why_none == "employment-rate is not published for Belfast"


# -- criteria and ranking ------------------------------------------------------------------------------------------


def test_every_policy_has_every_criterion_with_a_reason_and_a_source_where_it_has_a_number(
    shown: ShownPriorities,
) -> None:
    ids = [one.id for one in shown.criteria]
    assert len(ids) == 15
    for one in shown.policies:
        assert [each.id for each in one.criteria] == ids
        for each in one.criteria:
            assert each.reason.endswith((".", "?"))
            if each.state in ("computed", "cited", "said"):
                assert each.source
                assert each.value is not None
            if each.state == "cited":
                assert each.url.startswith("http")
            if each.state == "not assessed":
                assert each.value is None
                assert each.range_text == "all of its range"


def test_time_to_effect_and_stakeholders_are_not_assessed_as_long_as_nobody_said_anything(
    shown: ShownPriorities,
) -> None:
    assert not shown.stakeholders
    by = {one.id: one for one in shown.criteria}
    for area in ("productivity", "earning-power", "resilience"):
        assert by[f"{area}.time"].assessed == 0
        assert by[f"{area}.said"].assessed == 0


def test_the_order_adds_up_and_leads_with_the_best_expected_rank(shown: ShownPriorities) -> None:
    table = np.array([one.acceptabilities for one in shown.policies])
    assert table.sum(axis=0) == pytest.approx(np.ones(len(table)), abs=1e-4)
    assert table.sum(axis=1) == pytest.approx(np.ones(len(table)), abs=1e-4)
    assert [one.rank for one in shown.policies] == list(range(1, len(table) + 1))
    ranks = [one.expected_rank for one in shown.policies]
    assert ranks == sorted(ranks)
    pairs = np.array(shown.pairwise)
    assert pairs[0, 1] >= 0.5
    for one in shown.policies:
        assert one.first_when
        assert one.line
        if one.acceptabilities[0]:
            assert sum(each.weight for each in one.central_weights) == pytest.approx(1, abs=1e-4)
    assert shown.policies[0].title in shown.line


def test_the_same_seed_gives_the_same_bytes_and_a_publication_carries_it(
    evaluation: Evaluation, declared: Declared
) -> None:
    one, other = (msgspec.json.encode(prioritise(evaluation, declared, draws=2_000, seed=5)) for _ in range(2))
    assert one == other
    assert msgspec.json.decode(one, type=ShownPriorities) == prioritise(evaluation, declared, draws=2_000, seed=5)


def test_a_policy_that_rests_on_a_failed_conclusion_says_so_and_drops(
    evaluation: Evaluation, declared: Declared, shown: ShownPriorities
) -> None:
    name, beneath = "connected-labour-market", "public-transport-times"
    failed = replace(
        evaluation,
        results=tuple(
            replace(result, verdict=Verdict.FAILS, as_written=False) if result.conclusion.id == beneath else result
            for result in evaluation.results
        ),
    )
    after = prioritise(failed, declared, draws=5_000)
    before_it, after_it = policy(shown, name), policy(after, name)
    assert not before_it.warnings
    assert not before_it.beware
    assert any("fails on the present figures" in text for text in after_it.warnings)
    assert after_it.beware.endswith("fails, which draws it down")
    assert any(name in text or after_it.title in text for text in after.warnings)
    assert after_it.expected_rank > before_it.expected_rank + 0.3
    assert after_it.acceptabilities[0] < before_it.acceptabilities[0]
    assert criterion(after, name, "productivity.evidence").low == 0
    assert "broken" in {link.strength for link in after_it.links if link.start == f"conclusion:{beneath}"}


def test_what_stakeholders_said_moves_the_order_by_distinct_organisations(
    evaluation: Evaluation, declared: Declared, shown: ShownPriorities
) -> None:
    name, beneath = "broadband-cheshire-east", "broadband-cheshire-east"
    few = prioritise(evaluation, declared, said={beneath: Said(3, 0, 1)}, draws=5_000)
    many = prioritise(evaluation, declared, said={beneath: Said(30, 0, 10)}, draws=5_000)
    against = prioritise(evaluation, declared, said={beneath: Said(0, 30, 0)}, draws=5_000)
    heard = criterion(few, name, "productivity.said")
    assert heard.state == "said"
    assert heard.text == "3 organisations support it and 1 qualifies it"
    assert heard.value == pytest.approx(3.5 / 4)
    firm = criterion(many, name, "productivity.said")
    assert firm.high - firm.low < heard.high - heard.low
    assert policy(many, name).expected_rank < policy(shown, name).expected_rank < policy(against, name).expected_rank
    node = next(one for one in policy(few, name).nodes if one.id == f"conclusion:{beneath}")
    assert node.said == "3 organisations support it and 1 qualifies it"


def test_the_chain_leads_from_figures_to_impact_and_every_link_has_a_strength(shown: ShownPriorities) -> None:
    for one in shown.policies:
        nodes = {node.id: node for node in one.nodes}
        assert {node.kind for node in one.nodes} == {"figure", "conclusion", "policy", "impact"}
        for link in one.links:
            assert link.start in nodes
            assert link.end in nodes
            assert link.text
        ends = {link.end for link in one.links}
        assert {f"impact:{area}" for area in one.impact} <= ends
        assert all(f"conclusion:{beneath.conclusion}" in ends for beneath in one.rests_on)


# -- scenarios and weights -----------------------------------------------------------------------------------------


def test_half_of_the_gap_is_worth_half_and_another_comparator_something_else(shown: ShownPriorities) -> None:
    half = under(shown, share=0.5, draws=2_000)
    for before, after in zip(
        sorted(shown.policies, key=lambda p: p.id), sorted(half.policies, key=lambda p: p.id), strict=True
    ):
        for one, other in zip(before.prizes, after.prizes, strict=True):
            if one.measure != "exposure" and one.value is not None:
                assert other.value == pytest.approx(one.value / 2)
                assert "For 50% of the gap" in other.note
    west = under(shown, comparator="north-west", draws=2_000)
    (found,) = [p for p in policy(west, "warrington-productivity").prizes if p.impact == "productivity"]
    assert found.comparator_name == "the North West"
    assert found.title.endswith("of the North West")
    assert found.text == "£438m a year"
    assert not west.scenario.is_stated
    assert half.scenario.share == 0.5


def test_a_target_year_says_what_it_asks_for_beside_what_was(shown: ShownPriorities) -> None:
    found = under(shown, year=2033, draws=500)
    (prize,) = [p for p in policy(found, "warrington-productivity").prizes if p.impact == "productivity"]
    (area,) = prize.areas
    assert area.pace.startswith("1.0% a year from 2023 to 2033 if the UK stood still; it was 2.9% a year")


def test_the_publication_alone_gives_the_ranking_that_was_published(shown: ShownPriorities) -> None:
    again = under(shown, draws=shown.scenario.draws, seed=shown.scenario.seed)
    assert {p.id for p in again.policies} == {p.id for p in shown.policies}
    assert again.scenario.is_stated
    for one in again.policies:  # drawn in another order of policies: the same within what draws allow
        assert one.expected_rank == pytest.approx(policy(shown, one.id).expected_rank, abs=0.2)


def test_a_scenario_that_makes_no_sense_is_refused(shown: ShownPriorities) -> None:
    with pytest.raises(NoSuchComparator, match="did you mean 'england'"):
        under(shown, comparator="englnd", draws=10)
    for share in (0.0, 1.5, -1.0):
        with pytest.raises(NotAShare):
            under(shown, share=share, draws=10)
    with pytest.raises(NoYears, match="2020 is not after the figures"):
        under(shown, year=2020, draws=10)
    with pytest.raises(NoYears):
        under(shown, year=9999, draws=10)
    with pytest.raises(AlreadyAScenario):
        under(under(shown, share=0.5, draws=10), share=0.5, draws=10)


def test_members_who_weigh_differently_are_ranked_side_by_side_and_told_where_they_disagree(
    shown: ShownPriorities,
) -> None:
    kinds = {"prize": 0.5, "evidence": 0.5}
    pay = of("Pay first", impact={"earning-power": 1.0}, kind=kinds)
    shocks = of("Shocks first", impact={"resilience": 1.0}, kind=kinds)
    found = ranked(shown, members=(pay, shocks), draws=2_000)
    one, other = found.members
    assert one.order[0] != other.order[0]
    assert policy(shown, one.order[0]).impact.count("earning-power") == 1
    assert sum(weight.weight for weight in one.weights) == pytest.approx(1)
    widest = found.disagreements[0]
    assert widest.spread == max(one.spread for one in found.disagreements)
    assert abs(widest.ranks["Pay first"] - widest.ranks["Shocks first"]) == widest.spread
    mine = under(shown, weights=pay, draws=2_000)
    assert mine.policies[0].id == one.order[0]
    assert mine.line.startswith("Under the weights of Pay first")
