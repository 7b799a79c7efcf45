"""The publication of the shipped base: every number leads to a figure, every chart says what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from wellfounded.core import Unit
from wellfounded.evidence.store import Store
from wellfounded.publishing.model import Publication, ShownArea, ShownFigure, ShownIndicator

SLOT = re.compile(r"\{\{|\}\}|\{[a-z_.]+\}")


@pytest.fixture(scope="module")
def publication(built: Path) -> Publication:
    return msgspec.json.decode((built / "publication.json").read_bytes(), type=Publication)


@pytest.fixture(scope="module")
def indicators(built: Path) -> dict[str, ShownIndicator]:
    return {
        path.stem: msgspec.json.decode(path.read_bytes(), type=ShownIndicator)
        for path in sorted((built / "indicators").glob("*.json"))
    }


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.open()


def figures(publication: Publication, indicators: dict[str, ShownIndicator]) -> Iterator[ShownFigure]:
    for indicator in indicators.values():
        for row in indicator.series:
            yield from row.figures
    for conclusion in publication.conclusions:
        for test in conclusion.tests:
            yield from test.figures


def area(built: Path, code: str) -> ShownArea:
    return msgspec.json.decode((built / "areas" / f"{code.replace(':', '-')}.json").read_bytes(), type=ShownArea)


def test_every_chart_has_its_words_its_table_and_its_drawing(publication: Publication, built: Path) -> None:
    assert len(publication.charts) > 300
    for identifier, chart in publication.charts.items():
        assert chart.id == identifier
        assert chart.title, identifier
        assert chart.subtitle, identifier
        assert chart.foot.startswith("Source: "), identifier
        assert len(chart.alt) > 30, identifier
        assert chart.rows, identifier
        assert all(len(row) == len(chart.columns) for row in chart.rows), identifier
        assert "<svg" in (built / "charts" / f"{identifier}.svg").read_text()[:200], identifier
        assert json.loads((built / "charts" / f"{identifier}.json").read_text())["$schema"].endswith(
            "vega-lite/v6.json"
        )


def test_every_conclusion_has_a_chart_and_its_specification_curve(publication: Publication) -> None:
    for conclusion in publication.conclusions:
        if conclusion.verdict == "cannot test":
            continue
        assert conclusion.chart in publication.charts, conclusion.id
        if sum(variant.estimate is not None for variant in conclusion.variants) > 1:
            assert conclusion.curve in publication.charts, conclusion.id


def test_no_slot_is_left_open(publication: Publication) -> None:
    for conclusion in publication.conclusions:
        for text in (conclusion.sentence, conclusion.detail_html, conclusion.matters_html):
            assert not SLOT.search(text), (conclusion.id, text)
    for page in publication.chapter_pages.values():
        for block in page.blocks:
            assert not SLOT.search(block.html), page.id
            assert "\ue000" not in block.html, page.id


def test_no_title_claims_a_difference_that_intervals_do_not_show(
    publication: Publication, indicators: dict[str, ShownIndicator]
) -> None:
    checked = 0
    for indicator in indicators.values():
        chart = publication.charts.get(indicator.trend)
        latest = indicator.series[0].figures if indicator.series else ()
        place, other = (
            (
                latest[0],
                next((f for f, c in zip(latest, indicator.columns, strict=True) if c.level == "comparator"), None),
            )
            if latest
            else (None, None)
        )
        if chart is None or place is None or other is None or place.lower is None or place.upper is None:
            continue
        if "than in" in chart.title:
            half = np.hypot(place.upper - place.lower, (other.upper or 0) - (other.lower or 0)) / 2
            assert abs((place.value or 0) - (other.value or 0)) > half, chart.title
        checked += 1
    assert checked > 5


def test_every_number_of_a_chart_of_an_indicator_is_one_of_its_figures(
    publication: Publication, indicators: dict[str, ShownIndicator]
) -> None:
    for indicator in indicators.values():
        known = {figure.text for row in indicator.series for figure in row.figures if figure.text}
        for identifier in (indicator.trend, indicator.map):
            chart = publication.charts.get(identifier)
            for row in chart.rows if chart else ():
                for cell in row[1:2] if chart and "Lower limit" in chart.columns else row[1:]:
                    text = cell.split(" (")[0]
                    assert text in known or not any(letter.isdigit() for letter in text), (identifier, cell)


def test_every_figure_says_where_it_comes_from(publication: Publication, indicators: dict[str, ShownIndicator]) -> None:
    for figure in figures(publication, indicators):
        assert figure.release in publication.releases, figure
        assert figure.text or figure.why_none, figure
        if figure.rule:
            assert figure.value is not None, figure


def test_figures_of_members_are_the_ones_that_were_published(
    indicators: dict[str, ShownIndicator], store: Store
) -> None:
    for name in ("gva-per-hour", "employment-rate", "gdhi-per-head", "population"):
        indicator = indicators[name]
        at = next(index for index, column in enumerate(indicator.columns) if column.code == "E06000007")
        rows = store.figures(name, areas=["E06000007"]).to_pylist()
        published = {round(row["value"], 9) for row in rows if row["value"] is not None}
        shown = {round(row.figures[at].value, 9) for row in indicator.series if row.figures[at].value is not None}  # type: ignore[arg-type]
        assert shown
        assert shown <= published


def test_a_figure_of_the_place_names_its_rule_or_is_published_for_the_same_ground(
    indicators: dict[str, ShownIndicator], store: Store
) -> None:
    ground = {"TLD6", *store.catalogue.areas.same_as("TLD6")}
    for indicator in indicators.values():
        figure = indicator.place_figure
        assert figure is not None
        if figure.value is None or figure.rule or indicator.id not in store.catalogue.indicators:
            continue
        rows = store.figures(indicator.id, areas=sorted(ground)).to_pylist()
        assert figure.value in {row["value"] for row in rows}, indicator.id


@pytest.mark.parametrize(
    "code", ["E06000007", "E09000001", "S12000033", "N09000003", "E12000002", "K02000001", "TLD61"]
)
def test_an_areas_profile_agrees_with_the_store(built: Path, store: Store, code: str) -> None:
    shown = area(built, code)
    rows = [row for chapter in shown.rows.values() for row in chapter]
    assert rows
    codes = {
        code,
        *store.catalogue.areas.same_as(code),
        *store.catalogue.areas.stands_for(code),
        *store.catalogue.areas.predecessors(code),
    }
    for row in rows[::7]:
        if row.indicator not in store.catalogue.indicators:
            continue
        unit = store.indicator(row.indicator).unit
        held = [
            one["value"]
            for one in store.figures(row.indicator, areas=sorted(codes)).to_pylist()
            if one["value"] is not None
        ]
        if row.value is None:
            assert row.why_none
        else:
            assert row.value in held, row
            assert row.text == unit.write(row.value), row


def test_ranks_of_areas_agree_with_counting_them_one_by_one(built: Path, publication: Publication) -> None:
    found: dict[str, tuple[float, int, int]] = {}
    for ref in publication.areas:
        if ref.level != "local authority":
            continue
        for row in area(built, ref.code).rows.get("economy", ()):
            if row.indicator == "gva-per-hour" and row.value is not None and row.period == "2023":
                assert row.rank is not None
                assert row.of is not None
                found[ref.code] = (row.value, row.rank, row.of)
    assert len(found) > 300
    for value, rank, of in found.values():
        assert rank == 1 + sum(other > value for other, _, _ in found.values())
        assert of == len(found)


def test_the_place_has_a_profile_with_the_rule_of_each_figure(built: Path) -> None:
    shown = area(built, "place:cheshire-warrington")
    assert shown.is_place
    assert [member.code for member in shown.members] == ["E06000049", "E06000050", "E06000007"]
    per_hour = next(row for row in shown.rows["economy"] if row.indicator == "gva-per-hour")
    assert "3 members" in per_hour.rule


def test_numbers_written_by_the_query_are_those_that_units_write(built: Path, store: Store) -> None:
    import duckdb

    from wellfounded.publishing.shown_areas import _WRITTEN

    connection = duckdb.connect()
    connection.execute(_WRITTEN)
    values = [0.0, -0.0, 0.125, 0.5, 1.5, 2.5, -0.04, -1234.5678, 1e6, 999999.995, 41589.4, -3.0]
    for unit in (Unit("£", " million", "", 0), Unit("", "%", "", 1), Unit("£", "", "an hour", 2), Unit(decimals=3)):
        for value in values:
            asked = connection.execute(
                "select written(?::double, ?, ?, ?)", [value, unit.prefix, unit.suffix, unit.decimals]
            )
            row = asked.fetchone()
            assert row is not None
            assert row[0] == unit.write(value), (value, unit)


def test_a_release_is_named_with_publisher_licence_and_date(publication: Publication) -> None:
    for release in publication.releases.values():
        assert release.publisher
        assert release.licence
        assert release.released
        assert release.released_date
