"""Rows of the JSON files of Explore Local Statistics: one series a file, its columns as arrays.

The files say nothing about why a value is missing; those rows get the status x, unavailable.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from wellfounded.evidence.readers import FileRefused, SourceFile, check_columns

if TYPE_CHECKING:
    import duckdb

SELECTOR = "code"

_NEEDED = ("code", "areacd", "value", "lci", "uci", "xDomainNumb")


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the columns."""
    connection.register("els_json", pa.concat_tables([_table(file) for file in files]))
    return connection.sql(
        """
        SELECT file, row, series, '' AS category, area, CAST(period AS VARCHAR) AS period,
            CAST(value AS VARCHAR) AS value, CAST(lower AS VARCHAR) AS lower, CAST(upper AS VARCHAR) AS upper,
            CASE WHEN value IS NULL THEN 'x' END AS status, NULL AS note
        FROM els_json
        """
    )


def _table(file: SourceFile) -> pa.Table:
    try:
        data = json.loads(file.path.read_bytes())
    except ValueError as error:
        raise FileRefused(f"{file.name}: this is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise FileRefused(f"{file.name}: expected an object with the columns as arrays, found {type(data).__name__}")
    check_columns(file, found=list(data), expected=_NEEDED)
    size = len(data["areacd"])
    for column in _NEEDED[2:]:
        if len(data[column]) != size:
            raise FileRefused(f"{file.name}: {column} has {len(data[column])} entries and areacd has {size}")
    try:
        return pa.table(
            {
                "file": pa.array([file.number] * size, pa.int32()),
                "row": pa.array(range(1, size + 1), pa.int64()),
                "series": pa.array([data["code"]] * size, pa.string()),
                "area": pa.array(data["areacd"], pa.string()),
                "period": pa.array(data["xDomainNumb"], pa.int64()),
                "value": pa.array(data["value"], pa.float64()),
                "lower": pa.array(data["lci"], pa.float64()),
                "upper": pa.array(data["uci"], pa.float64()),
            }
        )
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise FileRefused(f"{file.name}: a column is not all numbers: {error}") from None
