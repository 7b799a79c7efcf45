"""Findings: what stands out and nobody has written about, offered as drafts that hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conclusions.made_up import EAST, UK, a_base, a_conclusion, a_test, an_indicator
from tests.conclusions.shipped import UK_LESS_OFFSHORE, members, sql
from wellfounded.conclusions.evaluate import evaluate
from wellfounded.conclusions.findings import MARGIN, POINTS, Finding, scan, slug
from wellfounded.conclusions.read import read_all
from wellfounded.core import Unit
from wellfounded.evidence.base import Base
from wellfounded.evidence.catalogue import load
from wellfounded.evidence.store import Store
from wellfounded.evidence.types import Polarity, Rule


@pytest.fixture(scope="module")
def found(base: Base, store: Store) -> tuple[Finding, ...]:
    return scan(base, store)


def test_findings_come_most_notable_first_and_one_an_indicator(found: tuple[Finding, ...]) -> None:
    assert len(found) > 10
    assert [finding.score for finding in found] == sorted((finding.score for finding in found), reverse=True)
    assert len({finding.id for finding in found}) == len(found)
    plain = [finding.indicator for finding in found if not finding.category]
    assert len(set(plain)) == len(plain)


def test_totals_and_neutral_series_are_not_findings(found: tuple[Finding, ...]) -> None:
    for finding in found:
        definition = load().indicators.get(finding.indicator)
        if definition and not finding.category:
            assert definition.additivity.rule not in (Rule.SUM, Rule.CHAINED)
            assert definition.polarity is not Polarity.NEUTRAL
            assert (finding.kind == "strength") == (
                (finding.expect == "higher") == (definition.polarity is Polarity.HIGHER)
            )


def test_every_draft_can_be_read_and_holds(found: tuple[Finding, ...], small_base: Path) -> None:
    text = "\n".join(finding.as_toml(comment="A draft.") for finding in found)
    (small_base / "conclusions" / "economy.toml").write_text(_in_chapters(text), "utf-8")
    base, conclusions = read_all(small_base)
    assert len(conclusions) == len(found)
    results = evaluate(base, conclusions=conclusions, robustness=False).results
    surprising = {
        result.conclusion.id: result.verdict for result in results if result.verdict not in ("holds", "uncertain")
    }
    assert surprising == {}
    assert sum(result.verdict == "holds" for result in results) > len(results) / 2


def _in_chapters(text: str) -> str:
    """The drafts in the two chapters, and the impact areas, of the small base."""
    for chapter in ("sectors", "ideas", "infrastructure", "business-environment", "place"):
        text = text.replace(f'chapter = "{chapter}"', 'chapter = "economy"')
    return text.replace(', "resilience"', "").replace('"resilience"', "")


def test_specialisms_are_large_parts_of_output_that_are_larger_than_elsewhere(found: tuple[Finding, ...]) -> None:
    leaves = set(load().indicators["gva-by-industry"].leaf_categories) - {"68IMP"}
    shares = {}
    for place in (f"area IN ({members()})", f"area = '{UK_LESS_OFFSHORE}'"):
        rows = dict(
            sql(
                "SELECT category, sum(value) FROM f WHERE indicator = 'gva-by-industry' AND year = 2023 "
                f"AND {place} GROUP BY category"
            )
        )
        shares[place] = {code: rows[code] / rows["Total"] for code in leaves}
    own, other = shares.values()
    expected = {code for code in leaves if own[code] >= 0.015 and own[code] / other[code] >= 1.5}
    told = {finding.category for finding in found if finding.category}
    assert told <= expected
    assert len(told) == min(4, len(expected))


def test_what_is_written_already_is_left_out(base: Base, store: Store, found: tuple[Finding, ...]) -> None:
    first = next(finding for finding in found if not finding.category and finding.area == base.code)
    written = a_conclusion(a_test(first.expect, indicator=first.indicator, than="england"))
    again = scan(base, store, written=[written])
    assert first.id not in {finding.id for finding in again}


def test_the_most_notable_can_be_asked_for(base: Base, store: Store, found: tuple[Finding, ...]) -> None:
    assert scan(base, store, most=3) == found[:3]


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(100 * (1 + MARGIN) + 1, Unit(), True), (100 * (1 + MARGIN) - 1, Unit(), False),
     (100 - POINTS - 1, Unit(suffix="%"), True), (100 - POINTS + 1, Unit(suffix="%"), False)],
)  # fmt: skip
def test_a_difference_that_would_not_matter_is_no_finding(value: float, unit: Unit, told: bool) -> None:
    others = {code: {2024: 100.0 + at % 7} for at, code in enumerate(load().areas.of_level("local authority")[:60])}  # type: ignore[arg-type]
    figures = {"rate": {**others, EAST: {2024: value}, UK: {2024: 100.0}}}
    made = scan(a_base(figures, an_indicator(unit=unit)), comparator="uk")
    assert any(finding.indicator == "rate" for finding in made) is told


def test_a_label_becomes_an_id() -> None:
    assert slug("GVA per hour worked (£)") == "gva-per-hour-worked"
