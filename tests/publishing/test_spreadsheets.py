"""The open data in every form: spreadsheets, CSV with its metadata, Parquet and the citation, all alike."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from csvw import CSVW

from tests.publishing.opened import converted
from wellfounded.publishing import documents, opendata, spreadsheets
from wellfounded.publishing.model import EditionRef, Publication, ShownIndicator

pytestmark = [pytest.mark.slow]
Shown = tuple[Publication, tuple[ShownIndicator, ...]]


@pytest.fixture(scope="module")
def data(built: Path) -> Path:
    return built / "data"


@pytest.fixture(scope="module")
def shown(built: Path) -> Shown:
    return documents.read(built)


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    opened = CalamineWorkbook.from_path(path)
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


@pytest.fixture(scope="module")
def xlsx(data: Path) -> dict[str, list[list[Any]]]:
    return sheets(data / "evidence.xlsx")


@pytest.fixture(scope="module")
def ods(data: Path) -> dict[str, list[list[Any]]]:
    return sheets(data / "evidence.ods")


def table_of(sheet: list[list[Any]], first: str) -> list[list[Any]]:
    """The rows of a sheet's table from its head on."""
    at = next(number for number, row in enumerate(sheet) if row[0] == first)
    return sheet[at:]


def test_both_spreadsheets_have_a_cover_contents_notes_and_a_sheet_for_every_indicator(
    xlsx: dict[str, Any], ods: dict[str, Any], shown: Shown
) -> None:
    assert list(xlsx)[:1] == ["Cover"]
    assert {"Contents", "Notes", "Conclusions", "Tests", "Robustness", "Indicators", "Sources"} <= set(ods)
    lower = {name.lower() for name in ods}
    assert {indicator.id[:31].lower() for indicator in shown[1]} <= lower
    assert set(ods) - {"Contents"} == set(xlsx) - {"Contents", "Table of Contents"}


def test_the_cover_says_what_the_edition_corrects(shown: Shown) -> None:
    corrected = msgspec.structs.replace(shown[0], edition=EditionRef(2, "2026-06-01", 1, 1, "A figure was wrong."))
    (_, texts), *_ = spreadsheets.book(corrected, (), ()).about
    assert texts[-1] == "This edition corrects edition 1. A figure was wrong."


def test_both_spreadsheets_hold_the_same_cells(xlsx: dict[str, Any], ods: dict[str, Any], shown: Shown) -> None:
    for indicator in shown[1]:
        name = next(n for n in ods if n.lower() == indicator.id[:31].lower())
        one, other = table_of(xlsx[name], "Period"), table_of(ods[name], "Period")
        assert len(one) == len(other) == len(indicator.series) + 1, name
        for mine, theirs in zip(one, other, strict=True):
            for cell, also in zip(mine, theirs, strict=False):
                if isinstance(cell, float):
                    assert cell == pytest.approx(also, rel=1e-14, abs=0), name
                else:
                    assert cell == also, name


def test_a_sheet_has_one_table_from_its_title_down_and_no_empty_cell(xlsx: dict[str, Any], shown: Shown) -> None:
    for indicator in shown[1][::10]:
        sheet = xlsx[indicator.id[:31]]
        assert sheet[0][0].startswith(indicator.label)
        for row in table_of(sheet, "Period"):
            assert all(cell != "" for cell in row), (indicator.id, row)


def test_what_is_missing_has_a_shorthand_that_the_notes_explain(xlsx: dict[str, Any]) -> None:
    said = {row[0] for row in xlsx["Notes"]}
    used = {
        cell
        for sheet in xlsx.values()
        for row in sheet
        for cell in row
        if isinstance(cell, str) and re.fullmatch(r"\[[a-z]{1,4}\]", cell)
    }
    assert used
    assert used <= said


def test_no_cell_is_merged_and_nothing_is_hidden(data: Path) -> None:
    with zipfile.ZipFile(data / "evidence.xlsx") as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/sheet"):
                text = packed.read(name)
                assert b"<mergeCell" not in text, name
                assert b'hidden="1"' not in text, name
        book = packed.read("xl/workbook.xml")
        assert b"state=" not in book
        core = packed.read("docProps/core.xml").decode()
        assert "<dc:title>" in core


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_libreoffice_opens_it_and_reads_the_same_figures(data: Path, shown: Shown, ending: str, tmp_path: Path) -> None:
    saved = sheets(converted(data / f"evidence.{ending}", tmp_path, to="xlsx" if ending == "ods" else "ods"))
    for indicator in shown[1][::12]:
        name = next(n for n in saved if n.lower() == indicator.id[:31].lower())
        rows = table_of(saved[name], "Period")
        values = [cell for row in rows[1:] for cell in row if isinstance(cell, float)]
        known = [
            v for row in indicator.series for f in row.figures for v in (f.value, f.lower, f.upper) if v is not None
        ]
        assert values
        assert all(any(abs(v - k) <= 1e-9 * max(1.0, abs(k)) for k in known) for v in values), name


def test_csv_and_parquet_hold_the_same_rows(data: Path) -> None:
    import pyarrow.parquet as pq

    for path in sorted(data.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        table = pq.read_table(path.with_suffix(".parquet")).to_pylist()
        assert len(rows) == len(table) > 0, path.name
        for mine, theirs in zip(rows[:: max(1, len(rows) // 500)], table[:: max(1, len(rows) // 500)], strict=True):
            assert mine.keys() == theirs.keys()
            for key, value in theirs.items():
                said = mine[key]
                if isinstance(value, float):
                    assert float(said) == value
                elif isinstance(value, bool):
                    assert said == str(value).lower()
                else:
                    assert said == ("" if value is None else str(value)), (path.name, key)


def test_the_metadata_describes_every_column_of_every_table_and_the_tables_obey_it(data: Path) -> None:
    read = CSVW(str(data / "csv-metadata.json"))
    names = {table.url.string for table in read.tables}
    assert names == {path.name for path in data.glob("*.csv")}
    for table in read.tables:
        rows = 0
        for row in table.iterdicts(strict=True):  # raises where a value is not of its type, or a key is not there
            rows += 1
            if rows == 1:
                assert set(row) == {column.name for column in table.tableSchema.columns}
        assert rows > 0


def test_the_citation_can_be_read_by_reference_managers(data: Path, shown: Shown) -> None:
    text = (data / "CITATION.cff").read_text(encoding="utf-8")
    lines = dict(line.split(": ", 1) for line in text.splitlines() if re.match(r"[a-z-]+: ", line))
    assert lines["cff-version"].strip('"') == "1.2.0"
    assert shown[0].title in lines["title"]
    for key in ("message", "type", "version"):
        assert lines[key]
    assert "authors:" in text


def test_data_written_again_is_byte_for_byte_the_same(data: Path, shown: Shown, tmp_path: Path) -> None:
    again = opendata.write(*shown, to=tmp_path / "data")
    for path in data.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_text_that_a_spreadsheet_would_run_is_text(shown: Shown, tmp_path: Path) -> None:
    publication, indicators = shown
    harm = '=HYPERLINK("http://example.org","x")'
    first = publication.conclusions[0]
    altered = tuple(
        msgspec.structs.replace(c, sentence=harm) if c.id == first.id else c for c in publication.conclusions
    )
    made = opendata.write(
        msgspec.structs.replace(publication, conclusions=altered), indicators[:2], to=tmp_path / "data"
    )
    assert any(harm in row for row in sheets(made / "evidence.xlsx")["Conclusions"])
    with zipfile.ZipFile(made / "evidence.xlsx") as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/"))
