"""Rows of regional gross value added by industry: one row a local authority, industry and year.

The file says nothing about why a value is missing; those rows get the status x, unavailable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wellfounded.evidence.readers import SourceFile, check_columns, quoted

if TYPE_CHECKING:
    import duckdb

SELECTOR = "variable"

_NEEDED = ("dates.date", "dates.freq", "variable.name", "geography.code", "industry.code", "value")


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the columns."""
    return connection.sql(" UNION ALL ".join(annual(connection, file, needed=_NEEDED) for file in files))


def annual(connection: duckdb.DuckDBPyConnection, file: SourceFile, *, needed: Sequence[str]) -> str:
    """SQL for the rows of a file of annual figures with these column names; raises FileRefused."""
    found = [row[0] for row in connection.execute(f"DESCRIBE FROM read_parquet({quoted(file.path)})").fetchall()]
    check_columns(file, found=found, expected=needed)
    category = '"industry.code"' if "industry.code" in needed else "''"
    return f"""
        SELECT {file.number} AS file, row_number() OVER () AS row, "variable.name" AS series, {category} AS category,
            "geography.code" AS area,
            CASE WHEN "dates.freq" = 'a' THEN CAST("dates.date" AS VARCHAR) || '/P1Y' ELSE "dates.freq" END AS period,
            CAST(value AS VARCHAR) AS value, NULL AS lower, NULL AS upper,
            CASE WHEN value IS NULL THEN 'x' END AS status, NULL AS note
        FROM read_parquet({quoted(file.path)})"""
