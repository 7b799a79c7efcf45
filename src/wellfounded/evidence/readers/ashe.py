"""Rows of tables of the Annual Survey of Hours and Earnings, from CSV in any encoding or from the sheet of a workbook.

Headings run over three rows and figures have thousands commas. Series are `median`, `mean`, `percentile` (the category
is which), `jobs` and `share`; changes on the year are left out, as they follow from the figures. `x` means that the
estimate is too imprecise to publish (coefficient of variation above 20%), `..` disclosive, `:` not applicable, `-` nil.

The file's options: `period` (which the table's title only half says), `sheet` for a workbook.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from wellfounded.evidence.readers import FileRefused, SourceFile
from wellfounded.evidence.tabular import Cell, column, existing, label, relation, sheets

if TYPE_CHECKING:
    import duckdb

SELECTOR = "column"

_COLUMNS = (
    (re.compile(r"median$", re.I), "median"),
    (re.compile(r"mean$", re.I), "mean"),
    (re.compile(r"jobs.*\(thousand\)$", re.I), "jobs"),
    (re.compile(r"per cent$", re.I), "share"),
    (re.compile(r"(?:percentiles )?\d{2}$", re.I), "percentile"),
)
_ENCODINGS = ("utf-8-sig", "cp1252")


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has no heading with codes, or no column that is known."""
    return relation(connection, [table for file in files for table in _tables(file)])


def _tables(file: SourceFile) -> list[pa.Table]:
    cells = _cells(file)
    at = next((at for at, row in enumerate(cells) if [label(c) for c in row[:2]] == ["Description", "Code"]), None)
    if at is None:
        raise FileRefused(f"{file.name}: no row starts with Description, Code; is this a table of the earnings survey?")
    headings = [
        " ".join(filter(None, (label(row[place]) for row in cells[max(at - 2, 0) : at + 1] if place < len(row))))
        for place in range(len(cells[at]))
    ]
    data = [row for row in cells[at + 1 :] if len(row) > 2 and label(row[1])]
    areas = [label(row[1]) for row in data]
    tables: list[pa.Table] = []
    for place, heading in enumerate(headings[2:], start=2):
        series = next((series for pattern, series in _COLUMNS if pattern.search(heading)), None)
        if series is None:
            continue
        tables.append(
            column(
                file,
                series=series,
                category=heading[-2:] if series == "percentile" else "",
                areas=areas,
                values=[row[place] if place < len(row) else "" for row in data],
                period=str(file.options.get("period", "")),
                times=1000.0 if series == "jobs" else 1.0,
                first=1 + len(tables) * len(areas),
            )
        )
    if not tables:
        raise FileRefused(f"{file.name}: no column of pay is known; found {', '.join(filter(None, headings))}")
    return tables


def _cells(file: SourceFile) -> Sequence[Sequence[Cell]]:
    if "sheet" in file.options:
        found, wanted = sheets(file), str(file.options["sheet"])
        if wanted not in found:
            raise FileRefused(f"{file.name}: there is no sheet {wanted!r}; found {', '.join(found)}")
        return found[wanted]
    content = existing(file).read_bytes()
    for encoding in _ENCODINGS:
        try:
            return list(csv.reader(content.decode(encoding).splitlines()))
        except UnicodeDecodeError:
            continue
    raise FileRefused(f"{file.name}: this is text neither in UTF-8 nor in Windows-1252")
