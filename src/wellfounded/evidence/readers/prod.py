"""Rows of subregional productivity: one row a local authority, measure and year, from 2002."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wellfounded.evidence.readers import SourceFile
from wellfounded.evidence.readers.rgva import annual

if TYPE_CHECKING:
    import duckdb

SELECTOR = "variable"

_NEEDED = ("dates.date", "dates.freq", "variable.name", "geography.code", "value")


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the columns."""
    return connection.sql(" UNION ALL ".join(annual(connection, file, needed=_NEEDED) for file in files))
