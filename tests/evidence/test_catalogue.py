"""The catalogue that ships: its definitions are whole, its figures are what the publishers said."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from wellfounded.core import AreaCode
from wellfounded.evidence.catalogue import DATA, SOURCES, Catalogue, load
from wellfounded.evidence.catalogue.definitions import CHAPTERS, read_sources
from wellfounded.evidence.types import Rule

FIGURES = DATA / "figures.parquet"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def ask(query: str) -> list[tuple[Any, ...]]:
    """The rows that `query` finds in the table `f` of all figures."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW f AS FROM read_parquet('{FIGURES}')")
        return connection.execute(query).fetchall()


def one(indicator: str, area: str, year: int, *, release: str = "", category: str = "") -> tuple[Any, ...]:
    """Value, lower, upper and status of one figure, of the latest release unless told otherwise."""
    release = release or load().latest[indicator][0]
    (found,) = ask(
        f"SELECT value, lower, upper, status FROM f WHERE indicator = '{indicator}' AND area = '{area}' "
        f"AND year(start) = {year} AND release = '{release}' AND category = '{category}'"
    )
    return found


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 15_000_000


def test_it_loads_without_the_heavy_libraries() -> None:
    code = (
        "import sys;"
        "from wellfounded.evidence.catalogue import load; load();"
        "heavy = {'pandas', 'duckdb', 'ibis', 'scipy', 'pyarrow', 'numpy'} & set(sys.modules);"
        "sys.exit(' '.join(heavy) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_its_definitions_are_those_of_the_sources(catalogue: Catalogue) -> None:
    definitions = read_sources(SOURCES)
    assert catalogue.indicators == {i.id: i for d in definitions for i in d.indicators}
    assert catalogue.sources == {d.source.id: d.source for d in definitions}


def test_there_are_indicators_for_every_chapter(catalogue: Catalogue) -> None:
    assert len(catalogue.indicators) >= 80
    assert {indicator.chapter for indicator in catalogue.indicators.values()} == set(CHAPTERS)


def test_every_indicator_is_defined_in_words(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        assert re.fullmatch(r"[A-Z0-9].*\.", indicator.definition), indicator.id
        assert indicator.definition.count(". ") <= 1, indicator.id
        assert not indicator.label.endswith("."), indicator.id
        assert not indicator.caveats or indicator.caveats.endswith("."), indicator.id
        assert indicator.unit.write(1234.5), indicator.id


def test_what_an_indicator_names_exists(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        named = {*indicator.alternatives, indicator.additivity.numerator, indicator.additivity.denominator} - {""}
        assert named <= set(catalogue.indicators), indicator.id
        assert indicator.id not in named
        assert indicator.source in catalogue.sources
        known = set(indicator.category_labels)
        assert set(indicator.leaf_categories) <= known
        assert {indicator.total_category} - {""} <= known
        assert len(known) == len(indicator.categories)


def test_what_a_ratio_is_weighted_by_adds_up(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        additivity = indicator.additivity
        if additivity.rule in (Rule.RATIO, Rule.SURVEY_RATE) and indicator.id != "length-of-stay":
            weight = catalogue.indicators[additivity.denominator or additivity.numerator]
            assert weight.additivity.rule is Rule.SUM, (indicator.id, weight.id)


def test_medians_indices_and_standardised_rates_are_refused(catalogue: Catalogue) -> None:
    for id in (
        "median-weekly-pay", "median-age", "house-price", "housing-affordability", "gdp-per-head-real",
        "gva-deflator-by-industry", "healthy-life-expectancy-female", "cardiovascular-mortality",
    ):  # fmt: skip
        additivity = catalogue.indicators[id].additivity
        assert additivity.rule is Rule.REFUSED
        assert additivity.reason


def test_every_indicator_has_figures_and_every_figure_an_indicator_a_release_and_an_area(catalogue: Catalogue) -> None:
    assert {row[0] for row in ask("SELECT DISTINCT indicator FROM f")} == set(catalogue.indicators)
    assert {row[0] for row in ask("SELECT DISTINCT release FROM f")} == set(catalogue.releases)
    for (code,) in ask("SELECT DISTINCT area FROM f"):
        assert AreaCode(code)
        assert code in catalogue.areas


def test_every_release_says_whose_it_is_and_when(catalogue: Catalogue) -> None:
    for release in catalogue.releases.values():
        assert release.id == f"{release.source}@{release.released}"
        assert all((release.publisher, release.title, release.licence)), release.id
        assert release.url.startswith("https://"), release.id
        assert release.released_basis in ("publisher", "carrier")
        assert date(2000, 1, 1) < release.released
        assert not release.file or re.fullmatch(r"[0-9a-f]{64}", release.sha256), release.id


def test_categories_in_the_figures_are_those_of_the_definition(catalogue: Catalogue) -> None:
    for indicator, category in ask("SELECT DISTINCT indicator, category FROM f"):
        labels = catalogue.indicators[indicator].category_labels
        assert category in labels if labels else category == "", (indicator, category)


def test_no_figure_comes_twice() -> None:
    assert ask("SELECT * FROM f GROUP BY ALL HAVING count(*) > 1 LIMIT 1") == []
    keys = 'indicator, release, category, area, start, "end"'
    assert ask(f"SELECT {keys} FROM f GROUP BY {keys} HAVING count(*) > 1 LIMIT 1") == []


def test_a_figure_has_a_value_or_a_reason_for_none_and_limits_in_order() -> None:
    without = "'unavailable', 'confidential', 'not applicable', 'unreliable'"
    given = "'', 'unreliable', 'provisional', 'estimated'"
    assert ask(f"SELECT * FROM f WHERE value IS NULL AND status NOT IN ({without}) LIMIT 1") == []
    assert ask(f"SELECT * FROM f WHERE value IS NOT NULL AND status NOT IN ({given}) LIMIT 1") == []
    assert ask("SELECT * FROM f WHERE lower > upper OR (lower IS NULL) <> (upper IS NULL) LIMIT 1") == []
    assert ask("SELECT * FROM f WHERE value IS NULL AND lower IS NOT NULL LIMIT 1") == []
    assert ask('SELECT * FROM f WHERE "end" < start OR NOT isfinite(value) LIMIT 1') == []


def test_rows_are_sorted_so_that_one_indicator_reads_few_row_groups(catalogue: Catalogue) -> None:
    metadata = pq.ParquetFile(FIGURES).metadata
    spans = [metadata.row_group(n).column(0).statistics for n in range(metadata.num_row_groups)]
    assert [span.min for span in spans] == sorted(span.min for span in spans)
    for indicator in ("gva-per-hour", "employment-rate", "population"):
        assert sum(span.min <= indicator <= span.max for span in spans) <= 3


def test_two_releases_of_productivity_are_two_releases_not_two_indicators(catalogue: Catalogue) -> None:
    now, before = catalogue.latest["gva-per-hour"]
    assert catalogue.releases[now].released > catalogue.releases[before].released
    assert one("gva-per-hour", "E06000050", 2022)[0] == pytest.approx(46.17, abs=0.005)
    assert one("gva-per-hour", "E06000050", 2022, release=before)[0] == pytest.approx(44.00, abs=0.005)


def test_an_hour_is_worth_about_47_pounds_in_both_cheshires_and_38_in_warrington() -> None:
    values = [one("gva-per-hour", area, 2023)[0] for area in ("E06000049", "E06000050", "E06000007")]
    assert [round(value) for value in values] == [47, 48, 38]


def test_the_gva_of_the_three_districts_is_the_published_total_but_for_rounding() -> None:
    parts = [one("gva", area, 2023)[0] for area in ("E06000049", "E06000050", "E06000007")]
    assert sum(parts) == 41_590  # the publisher's total for TLD6 is 41,589


def test_industries_add_up_to_the_whole_in_districts_that_have_them_all(catalogue: Catalogue) -> None:
    definition = catalogue.indicators["gva-by-industry"]
    for codes in (definition.leaf_categories, *(codes for _, codes in definition.category_sets)):
        listed = ", ".join(f"""'{code.replace("'", "''")}'""" for code in codes)
        ((gap, areas),) = ask(f"""
            SELECT max(abs(parts - whole)), count(DISTINCT area) FROM (
                SELECT area, start, sum(value) FILTER (category IN ({listed})) AS parts,
                    any_value(value) FILTER (category = 'Total') AS whole,
                    count(value) FILTER (category IN ({listed})) AS held
                FROM f WHERE indicator = 'gva-by-industry' AND status = '' GROUP BY area, start
            ) WHERE held = {len(codes)}""")
        assert areas > 345
        assert gap <= 0.5 * (len(codes) + 1)


@pytest.mark.parametrize(("area", "where_people_are"), [("E06000049", "E06000049"), ("K99000002", "K02000001")])
def test_derived_links_close_the_chain_from_an_hour_to_a_head(area: str, where_people_are: str) -> None:
    per_hour, hours, jobs, per_head = (
        one(indicator, area, 2023)[0] for indicator in ("gva-per-hour", "hours-implied", "jobs-implied", "gva-per-head")
    )
    people = one("population", where_people_are, 2023)[0]
    hours_a_job = hours * 1e6 / jobs
    assert 1_400 < hours_a_job < 1_800
    assert per_hour * hours_a_job * jobs / people == pytest.approx(per_head)


def test_suppressed_is_not_zero() -> None:
    ((hidden,),) = ask("SELECT count(*) FROM f WHERE status = 'confidential' AND value IS NOT NULL")
    assert hidden == 0
    ((exports,),) = ask("SELECT count(*) FROM f WHERE indicator = 'exports' AND status = 'confidential'")
    assert exports > 50


def test_intervals_are_kept_where_the_publisher_gives_them(catalogue: Catalogue) -> None:
    with_intervals = {row[0] for row in ask("SELECT DISTINCT indicator FROM f WHERE lower IS NOT NULL")}
    assert {"employment-rate", "inactivity-rate", "median-weekly-pay", "wellbeing-happiness"} <= with_intervals
    assert not {"gva-per-hour", "gva", "claimant-rate"} & with_intervals
    rates = {id for id, i in catalogue.indicators.items() if i.additivity.rule is Rule.SURVEY_RATE}
    assert rates <= with_intervals


@pytest.mark.parametrize(
    ("indicator", "weight", "most"),
    [
        ("gdp-per-head", "population", 0.001),
        ("gdhi-per-head", "population", 0.002),
        ("ghg-per-head", "population", 0.002),
        ("business-births-rate", "active-businesses", 0.001),
        ("share-16-64", "population", 0.001),
    ],
)
def test_an_exact_ratio_rebuilds_the_published_figure_of_the_larger_area(
    catalogue: Catalogue, indicator: str, weight: str, most: float
) -> None:
    additivity = catalogue.indicators[indicator].additivity
    assert (additivity.denominator, additivity.exact) == (weight, True)
    found = ask(f"""
        WITH member AS (SELECT DISTINCT "from" AS larger, "to" AS area FROM '{DATA / "links.parquet"}'
                JOIN '{DATA / "areas.parquet"}' AS a ON a.code = "from"
                WHERE kind = 'member' AND a.level IN ('region', 'combined authority')),
            v AS (SELECT * FROM f WHERE indicator = '{indicator}' AND release = '{catalogue.latest[indicator][0]}'),
            w AS (SELECT * FROM f WHERE indicator = '{weight}' AND release = '{catalogue.latest[weight][0]}')
        SELECT abs(sum(v.value * w.value) / sum(w.value) / any_value(p.value) - 1)
        FROM member JOIN v ON v.area = member.area JOIN w ON w.area = v.area AND w.start = v.start
        JOIN v AS p ON p.area = member.larger AND p.start = v.start
        GROUP BY member.larger, v.start
        HAVING count(v.value) = (SELECT count(*) FROM member AS m WHERE m.larger = member.larger)""")
    assert len(found) > 20
    assert max(gap for (gap,) in found) < most
