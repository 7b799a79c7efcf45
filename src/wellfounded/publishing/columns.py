"""Columns of the open data: what each is called, what it holds, and its type."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXT, NUMBER, WHOLE, TRUTH = pa.string(), pa.float64(), pa.int64(), pa.bool_()
Row = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class Column:
    """A column of a file: its name, what it holds, and its type."""

    name: str
    meaning: str
    type: pa.DataType = TEXT
