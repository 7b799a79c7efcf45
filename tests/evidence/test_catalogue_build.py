"""Building the catalogue: what stops a build, what it leaves in place, and what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.evidence.publisher import SOURCE, Publisher, row
from wellfounded.evidence.catalogue import CatalogueMissing, load
from wellfounded.evidence.catalogue.build import TooManyRejected, build
from wellfounded.evidence.catalogue.derive import DerivedFromNothing
from wellfounded.evidence.catalogue.report import Changes
from wellfounded.evidence.readers import FileRefused

YEARS = range(2010, 2020)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def figures(publisher: Publisher) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(publisher.data / "figures.parquet").to_pylist()
    return found


def test_a_build_can_be_loaded(publisher: Publisher) -> None:
    publisher.publish(row())
    publisher.build()
    catalogue = load(publisher.data)
    assert catalogue.indicators["jobs-rate"].label == "Jobs rate"
    assert catalogue.sources["jobs-survey"].indicators == ("jobs-rate",)
    release = catalogue.releases["jobs-survey@2025-03-01"]
    assert (release.file, release.rows, release.rejected, release.publisher) == ("jobs.csv", 1, 0, "A publisher")
    assert len(release.sha256) == 64
    assert catalogue.latest == {"jobs-rate": ("jobs-survey@2025-03-01",)}
    assert catalogue.areas.name("E06000049") == "Cheshire East"


def test_a_folder_without_a_catalogue_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CatalogueMissing, match=r"indicators\.json is missing; run `wellfounded catalogue build"):
        load(tmp_path)


def test_too_many_rejected_rows_stop_the_build_and_leave_the_catalogue_before(publisher: Publisher) -> None:
    publisher.publish(row())
    publisher.build()
    before = contents(publisher.data)
    publisher.define(SOURCE.format(max_rejected=0.1))
    publisher.publish(*(row(period=str(year)) for year in YEARS), row(value="?"), row(area="E06009999"))
    with pytest.raises(TooManyRejected) as stopped:
        publisher.build()
    assert "jobs.csv: 2 of 12 rows rejected (not-a-number 1, unknown-area 1)" in str(stopped.value)
    assert "allows 10.0%" in str(stopped.value)
    assert contents(publisher.data) == before
    assert "not-a-number" in (publisher.rejected / "rejected.csv").read_text()


def test_as_many_rejected_rows_as_the_source_allows_do_not_stop_it(publisher: Publisher) -> None:
    publisher.define(SOURCE.format(max_rejected=0.1))
    publisher.publish(*(row(period=str(year)) for year in YEARS[:-1]), row(value="?"))
    assert publisher.build().rejected == {"not-a-number": 1}


def test_a_refused_file_leaves_the_catalogue_before_and_nothing_else(publisher: Publisher) -> None:
    publisher.publish(row())
    publisher.build()
    before, names = contents(publisher.data), sorted(path.name for path in publisher.folder.iterdir())
    publisher.publish(row(), columns="area,value")
    with pytest.raises(FileRefused):
        publisher.build()
    assert contents(publisher.data) == before
    assert sorted(path.name for path in publisher.folder.iterdir()) == names


def test_the_report_says_what_changed(publisher: Publisher) -> None:
    publisher.publish(row(period="2020"), row(period="2021"), row(period="2022", value="", status="c"))
    assert publisher.build().changes == Changes(added=3)
    publisher.publish(row(period="2021", value="72"), row(period="2022", value="", status="c"), row(period="2023"))
    assert publisher.build().changes == Changes(added=1, revised=1, removed=1, same=1)


def test_the_report_counts_every_row_once(publisher: Publisher) -> None:
    publisher.publish(row(), row(), row(value="?"), row(area="E23000006", period="2022"), row(indicator="Joy"))
    report = publisher.build()
    (file,) = report.files
    assert (file.read, file.kept, file.repeated, file.skipped, file.rejected_in_all) == (5, 1, 1, 1, 2)
    said = report.text()
    assert "not-a-number 1, unknown-series 1, repeated 1, left out 1" in said
    assert "5 rows of 1 files, 2 rejected" in said
    assert json.loads((publisher.data / "report.json").read_text())["rejected"] == {
        "not-a-number": 1,
        "unknown-series": 1,
    }


def test_series_that_the_source_ignores_are_left_out_not_rejected(publisher: Publisher) -> None:
    publisher.define(SOURCE.format(max_rejected=0).replace("max_rejected", 'ignore = ["Joy"]\nmax_rejected'))
    publisher.publish(row(), row(indicator="Joy"))
    (file,) = publisher.build().files
    assert (file.skipped, file.rejected) == (1, {})


PEOPLE = """\
[source]
id = "people"
title = "People"
publisher = "A publisher"
url = "https://example.org/people"
licence = "OGL-UK-3.0"
reader = "els-csv"

[[file]]
path = "people.csv"
released = 2025-04-01

[[indicator]]
id = "people"
label = "People"
definition = "People."
match = { indicator = "People" }
polarity = "neutral"
chapter = "people"
additivity = { rule = "sum" }

[[indicator]]
id = "people-with-jobs"
label = "People with jobs"
definition = "People with jobs, worked out."
polarity = "neutral"
chapter = "people"
additivity = { rule = "sum" }
derived = { rule = "product", of = ["people", "jobs-rate"], times = 0.01 }

[[indicator]]
id = "people-for-each-job"
label = "People for each person with a job"
definition = "Worked out of what was worked out."
polarity = "neutral"
chapter = "people"
additivity = { rule = "ratio", numerator = "people" }
derived = { rule = "quotient", of = ["people", "people-with-jobs"] }
"""


def test_derived_figures_are_made_of_both_indicators_and_dated_by_the_later(publisher: Publisher) -> None:
    publisher.define(PEOPLE, name="people")
    publisher.publish(row(value="50"), row(period="2022", value="", status="x"), row(period="2021", value="60"))
    people = [row(indicator="People", value=value, period=year) for year, value in (("2023", "200"), ("2022", "190"))]
    publisher.publish(*people, row(indicator="People", value="180", period="2021", status="u"), name="people.csv")
    report = publisher.build()
    made = [f for f in figures(publisher) if f["indicator"] == "people-with-jobs"]
    assert [(f["start"].year, f["value"], f["status"]) for f in made] == [(2021, 108.0, "estimated"), (2023, 100.0, "")]
    assert {f["release"] for f in made} == {"people@2025-04-01"}
    twice = [f["value"] for f in figures(publisher) if f["indicator"] == "people-for-each-job"]
    assert twice == pytest.approx([180 / 108, 2.0])
    assert report.derived == 4


def test_a_derived_figure_finds_its_parts_under_codes_of_the_same_area(publisher: Publisher) -> None:
    publisher.define(PEOPLE, name="people")
    publisher.publish(row(area="TLD", value="50"))
    publisher.publish(row(area="E12000002", indicator="People", value="200"), name="people.csv")
    publisher.build()
    made = [f for f in figures(publisher) if f["indicator"] == "people-with-jobs"]
    assert [(f["area"], f["value"]) for f in made] == [("E12000002", 100.0)]


def test_a_division_by_zero_gives_no_figure(publisher: Publisher) -> None:
    publisher.define(PEOPLE, name="people")
    publisher.publish(row(value="0"))
    publisher.publish(row(indicator="People", value="200"), name="people.csv")
    publisher.build()
    assert [f["value"] for f in figures(publisher) if f["indicator"] == "people-with-jobs"] == [0.0]
    assert not [f for f in figures(publisher) if f["indicator"] == "people-for-each-job"]


def test_what_is_derived_from_no_figures_or_from_itself_is_an_error(publisher: Publisher) -> None:
    publisher.define(PEOPLE, name="people")
    publisher.publish(row())
    publisher.publish(name="people.csv")
    with pytest.raises(DerivedFromNothing, match="people-with-jobs is derived from people, which has no figures"):
        publisher.build()
    publisher.define(
        PEOPLE.replace('of = ["people", "jobs-rate"]', 'of = ["people", "people-for-each-job"]'), name="people"
    )
    with pytest.raises(DerivedFromNothing, match="in a circle"):
        publisher.build()


GVA = """\
[source]
id = "gva"
title = "GVA"
publisher = "A publisher"
url = "https://example.org/gva"
licence = "OGL-UK-3.0"
reader = "rgva"
ignore = ["Index"]
max_rejected = 1

[[file]]
path = "gva.parquet"
released = 2025-04-17

[[file]]
path = "before.parquet"
reader = "prod"
released = 2024-04-17
released_basis = "carrier"
match = { gva = { variable = "Total GVA" } }

[[indicator]]
id = "gva"
label = "GVA"
definition = "GVA."
match = { variable = "Current", category = "Total" }
polarity = "neutral"
chapter = "economy"
additivity = { rule = "sum" }
totals = true

[[indicator]]
id = "gva-by-industry"
label = "GVA by industry"
definition = "GVA by industry."
match = { variable = "Current" }
polarity = "neutral"
chapter = "sectors"
additivity = { rule = "sum" }
totals = true
[indicator.categories]
kind = "industry"
total = "Total"
leaves = ["A", "B"]
labels = [["Total", "All"], ["A", "Farms"], ["B", "Mines"]]
"""


def annual(path: Path, rows: list[tuple[str, str, str, float | None]], *, industries: bool = True) -> None:
    from datetime import date

    columns: dict[str, Any] = {
        "dates.date": pa.array([date(2023, 1, 1)] * len(rows), pa.date32()),
        "dates.freq": pa.array(["a"] * len(rows), pa.string()),
        "variable.name": pa.array([r[0] for r in rows], pa.string()),
        "geography.code": pa.array([r[1] for r in rows], pa.string()),
        "value": pa.array([r[3] for r in rows], pa.float64()),
    }
    if industries:
        columns["industry.code"] = pa.array([r[2] for r in rows], pa.string())
    pq.write_table(pa.table(columns), path)


@pytest.fixture
def gva(publisher: Publisher) -> Publisher:
    (publisher.sources / "jobs-survey.toml").unlink()
    publisher.define(GVA, name="gva")
    districts = [f"E0800000{n}" for n in range(1, 10)] + ["E08000010"]  # Greater Manchester
    rows = [("Current", area, code, value) for area in districts for code, value in (("Total", 10), ("A", 4), ("B", 6))]
    rows[2] = ("Current", districts[0], "B", None)
    rows += [("Index", districts[0], "Total", 100), ("Current", districts[0], "C", 1)]
    annual(publisher.files / "gva.parquet", [(v, a, c, None if n is None else float(n)) for v, a, c, n in rows])
    annual(publisher.files / "before.parquet", [("Total GVA", districts[0], "", 9.0)], industries=False)
    return publisher


def test_industries_are_categories_and_their_total_is_an_indicator_of_its_own(gva: Publisher) -> None:
    report = gva.build()
    assert report.files[0].rejected == {"unknown-category": 1}
    assert report.files[0].skipped == 1
    bolton = [f for f in figures(gva) if f["area"] == "E08000001" and f["release"] == "gva@2025-04-17"]
    assert [(f["indicator"], f["category"], f["value"], f["status"]) for f in bolton] == [
        ("gva", "", 10.0, ""),
        ("gva-by-industry", "A", 4.0, ""),
        ("gva-by-industry", "B", None, "unavailable"),
        ("gva-by-industry", "Total", 10.0, ""),
    ]


def test_one_indicator_may_have_releases_from_different_files_and_readers(gva: Publisher) -> None:
    gva.build()
    assert load(gva.data).latest["gva"] == ("gva@2025-04-17", "gva@2024-04-17")
    assert load(gva.data).releases["gva@2024-04-17"].released_basis == "carrier"


def test_districts_are_added_up_where_nearly_all_of_the_larger_area_has_a_value(gva: Publisher) -> None:
    gva.build()
    sums = {
        (f["indicator"], f["category"]): (f["value"], f["status"])
        for f in figures(gva)
        if f["area"] == "E47000001" and f["release"] == "gva@2025-04-17"
    }
    assert sums == {
        ("gva", ""): (100.0, "estimated"),
        ("gva-by-industry", "Total"): (100.0, "estimated"),
        ("gva-by-industry", "A"): (40.0, "estimated"),
    }


def test_a_parquet_file_without_its_columns_is_refused(gva: Publisher) -> None:
    annual(gva.files / "gva.parquet", [], industries=False)
    with pytest.raises(FileRefused, match=r"gva\.parquet: column 'industry\.code' is missing"):
        gva.build()


def test_the_publishers_files_give_the_catalogue_that_ships(shared_data: Path, tmp_path: Path) -> None:
    from wellfounded.evidence.catalogue import DATA

    lines: list[str] = []
    report = build(shared_data, to=tmp_path / "data", progress=lines.append)
    made, shipped = (pq.read_table(folder / "figures.parquet") for folder in (tmp_path / "data", DATA))
    assert made.equals(shipped)
    for name in ("indicators.json", "releases.json"):
        assert (tmp_path / "data" / name).read_bytes() == (DATA / name).read_bytes(), name
    assert lines
    assert sum(report.rejected.values()) < 0.001 * report.read
