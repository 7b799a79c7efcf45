"""Rows of the CSV files of Explore Local Statistics: one row a figure, with 95% limits, status and notes.

Column names are taken in any case and in either of the two vocabularies that the service has used; a byte order mark
and either kind of line end are taken too. Some files put a status in words: "Value for Hackney and City of London
combined" stays what it is and is judged with the statuses.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wellfounded.evidence.readers import FileRefused, SourceFile, check_columns, quoted

if TYPE_CHECKING:
    import duckdb

SELECTOR = "indicator"

NEEDED = ("areacd", "indicator", "period", "observation", "unit", "lci_95", "uci_95", "status")
_ALSO_CALLED = {
    "lower confidence interval (95%)": "lci_95",
    "upper confidence interval (95%)": "uci_95",
    "observation status": "status",
}


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the columns."""
    alike: dict[tuple[str, ...], list[SourceFile]] = {}
    refused: list[str] = []
    for file in files:
        try:
            alike.setdefault(_columns(file), []).append(file)
        except FileRefused as error:
            refused.append(str(error))
    if refused:
        raise FileRefused("\n".join(refused))
    return connection.sql(" UNION ALL ".join(_select(columns, group) for columns, group in alike.items()))


def _columns(file: SourceFile) -> tuple[str, ...]:
    try:
        with file.path.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines), [])
    except UnicodeDecodeError:
        raise FileRefused(f"{file.name}: this is not UTF-8 text; save it as CSV in UTF-8") from None
    names: list[str] = []
    for column in header:
        name = column.strip().lower()
        name = _ALSO_CALLED.get(name, name)
        names.append(name if name not in names else f"{name} {len(names)}")
    check_columns(file, found=names, expected=NEEDED)
    return tuple(names)


def _select(columns: Sequence[str], files: Sequence[SourceFile]) -> str:
    typed = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns)
    paths = ", ".join(quoted(file.path) for file in files)
    numbers = ", ".join(str(file.number) for file in files)
    notes = "notes" if "notes" in columns else "NULL"
    return f"""
        SELECT ([{numbers}])[CAST(file_index AS INTEGER) + 1] AS file, row, indicator AS series, '' AS category,
            areacd AS area, period, unit, observation AS value, lci_95 AS lower, uci_95 AS upper, status,
            {notes} AS note
        FROM (
            SELECT *, file_index, row_number() OVER () AS row
            FROM read_csv([{paths}], header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
                columns = {{{typed}}}, strict_mode = false, nullstr = '')
        )"""
