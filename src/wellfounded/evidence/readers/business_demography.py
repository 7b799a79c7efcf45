"""Rows of the business demography workbook: counts by area of births, deaths, active and high-growth businesses.

The workbook has a sheet a count and group of years; those by industry have no areas and are left out, and so are those
of survival, which repeat births. Series are `births`, `deaths`, `active`, `high growth` and `active 10+`. Deaths of
the last two years are provisional, as the workbook's notes say: businesses may come back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from wellfounded.evidence.readers import FileRefused, SourceFile
from wellfounded.evidence.tabular import Row, column, label, relation, sheets

if TYPE_CHECKING:
    import duckdb

SELECTOR = "count"

# What the sheets' titles say, the longer before the shorter; every release must have each of them.
_TITLES = (
    ("Count Of Births", "births"),
    ("Count Of Deaths", "deaths"),
    ("Count Of High Growth Enterprises", "high growth"),
    ("Count Of Active Enterprises With 10+ Employees", "active 10+"),
    ("Count Of Active Enterprises", "active"),
)
_CODE = re.compile(r"[EWSNK]\d{8}")
_YEAR = re.compile(r"\d{4}")
_PROVISIONAL_DEATHS = 2  # years


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the sheets or a sheet not its headings."""
    return relation(connection, [table for file in files for table in _tables(file)])


def _tables(file: SourceFile) -> list[pa.Table]:
    found: list[tuple[str, str, list[str], list[object]]] = []
    for name, cells in sheets(file).items():
        title = label(cells[0][0]) if cells and cells[0] else ""
        series = next((series for words, series in _TITLES if words in title), "")
        if series and "District" in title:
            found += [(series, *each) for each in _years(file, name, cells)]
    missing = {series for _, series in _TITLES} - {series for series, *_ in found}
    if missing:
        raise FileRefused(
            f"{file.name}: no sheet by district counts {', '.join(sorted(missing))}; "
            "expected titles as 'Table 1.1a - Count Of Births Of New Enterprises For 2019 District, ...'"
        )
    years = sorted({year for _, year, _, _ in found})
    tables, first = [], 1
    for series, year, areas, values in found:
        provisional = series == "deaths" and year in years[-_PROVISIONAL_DEATHS:]
        tables.append(
            column(
                file,
                series=series,
                areas=areas,
                values=values,
                period=year,
                status="p" if provisional else "",
                first=first,
            )
        )
        first += len(areas)
    return tables


def _years(file: SourceFile, sheet: str, cells: Sequence[Row]) -> Iterator[tuple[str, list[str], list[object]]]:
    """Each year's column of a sheet: the year, the codes of its rows and their cells."""
    data = [row for row in cells if row and _CODE.fullmatch(label(row[0]))]
    heading = next((row for row in cells if any(_YEAR.fullmatch(label(cell)) for cell in row)), None)
    if not data or heading is None:
        raise FileRefused(
            f"{file.name}: sheet {sheet!r} has {len(data)} rows with an area code and "
            f"{'no' if heading is None else 'a'} row of years; expected codes in the first column and years above"
        )
    areas = [label(row[0]) for row in data]
    for at, cell in enumerate(heading):
        if _YEAR.fullmatch(label(cell)):
            yield label(cell), areas, [row[at] for row in data]
