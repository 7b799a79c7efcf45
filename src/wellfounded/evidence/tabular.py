"""Rows gathered in Python and handed to DuckDB: what readers of workbooks and of tables with several headings share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wellfounded.evidence.readers import FileRefused, SourceFile

if TYPE_CHECKING:
    import duckdb

Cell = Any
Row = Sequence[Cell]

# What the keys of ONS tables mean by the signs that stand for a number, as the publisher's status codes.
SIGNS = {"x": "u", "..": "c", ":": "z"}


def sheets(file: SourceFile) -> dict[str, list[list[Cell]]]:
    """The sheets of the workbook `file` by name, each as rows of cells; raises FileRefused."""
    import python_calamine

    existing(file)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(file.path)
        return {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names
        }
    except python_calamine.CalamineError as error:
        raise FileRefused(f"{file.name}: this is not a workbook: {error}") from None


def existing(file: SourceFile) -> Path:
    """The path of `file`; raises FileRefused where there is none."""
    if not file.path.is_file():
        raise FileRefused(f"{file.name}: there is no such file; expected it in the folder of publishers' files")
    return file.path


def column(
    file: SourceFile,
    *,
    series: str,
    areas: Sequence[str],
    values: Iterable[Cell],
    period: str,
    category: str = "",
    times: float = 1.0,
    status: str = "",
    first: int = 1,
) -> pa.Table:
    """One column of a published table as raw rows, numbered from `first`; signs for no number become statuses."""
    texts = [_text(value) for value in values]
    size = len(texts)
    signs = [SIGNS.get(text, status) for text in texts]
    return pa.table(
        {
            "file": pa.array([file.number] * size, pa.int32()),
            "row": pa.array(range(first, first + size), pa.int64()),
            "series": pa.array([series] * size, pa.string()),
            "category": pa.array([category] * size, pa.string()),
            "area": pa.array(areas, pa.string()),
            "period": pa.array([period] * size, pa.string()),
            "value": pa.array([_value(text, times) for text in texts], pa.string()),
            "lower": pa.nulls(size, pa.string()),
            "upper": pa.nulls(size, pa.string()),
            "status": pa.array(signs, pa.string()),
            "note": pa.nulls(size, pa.string()),
        }
    )


def relation(connection: duckdb.DuckDBPyConnection, tables: Sequence[pa.Table]) -> duckdb.DuckDBPyRelation:
    """`tables` as one relation."""
    return connection.from_arrow(pa.concat_tables(tables))


def label(cell: Cell) -> str:
    """A cell as the text that people see: years without decimals, no spaces around or doubled."""
    return " ".join(_text(cell).split())


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _value(text: str, times: float) -> str | None:
    """The number as DuckDB reads it; what is no number stays, so that it is rejected with its reason."""
    if text in SIGNS or text == "":
        return None
    if text == "-":  # nil or negligible
        return "0"
    plain = text.replace(",", "")
    if times == 1.0:
        return plain
    try:
        return repr(float(plain) * times)
    except ValueError:
        return text
