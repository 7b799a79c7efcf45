"""Readers: each turns the files of one format into raw rows; nothing is judged here.

A reader is a module of this package (`els-csv` is `els_csv`) with

- `SELECTOR`: the key that an indicator's `match` uses to pick its rows, as `indicator` in
  `match = { indicator = "Employment rate" }`;
- `rows(connection, files)`: a DuckDB relation with the columns of COLUMNS by name, all text but `file` and `row`.

A reader raises FileRefused where a file is not of the format; single bad rows it passes on as they are, since
`evidence.catalogue.rows` gives each one its reason code.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    "file",  # the file's number, INTEGER
    "row",  # goes up by one from row to row of the file, BIGINT
    "series",  # what the file calls the indicator
    "category",  # '' where there is one series
    "area",
    "period",  # in a form that core.Period.parse takes
    "unit",  # may be left out where the file doesn't say it
    "value",
    "lower",
    "upper",
    "status",  # the publisher's code: x, u, c, z, p, e; NULL or '' for none
    "note",
)


class FileRefused(ValueError):
    """The file as a whole is not what its reader reads."""


@dataclass(frozen=True)
class SourceFile:
    """A publisher's file to be read: its number in this build, its path, what reports call it, and its options."""

    number: int
    path: Path
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


class Reader(Protocol):
    SELECTOR: str

    def rows(self, connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation: ...


def is_reader(name: str) -> bool:
    """Whether there is a reader called `name`."""
    return importlib.util.find_spec(f"{__name__}.{name.replace('-', '_')}") is not None


def reader(name: str) -> Reader:
    """The reader called `name`, as `els-csv`."""
    return cast(Reader, importlib.import_module(f"{__name__}.{name.replace('-', '_')}"))


def check_columns(file: SourceFile, *, found: Sequence[str], expected: Sequence[str]) -> None:
    """Nothing, or FileRefused that names the file, the columns found and the ones that are missing."""
    missing = [column for column in expected if column not in found]
    if missing:
        raise FileRefused(
            f"{file.name}: column {', '.join(map(repr, missing))} is missing; "
            f"found {', '.join(found) or 'no columns'}; expected {', '.join(expected)}"
        )


def quoted(text: str | Path) -> str:
    """`text` as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
