"""Rows of the Business Register and Employment Survey: employees by section of industry, area and year.

The file's code `UK` is named Great Britain and is read as K03000001. England, which the file hasn't, is added up here
from its nine regions; such rows carry the status e, estimated, as the parts are rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wellfounded.evidence.readers import FileRefused, SourceFile, check_columns, quoted

if TYPE_CHECKING:
    import duckdb

SELECTOR = "status"

_NEEDED = (
    "dates.date", "dates.freq", "geography.code", "geography.name", "employment.status.name", "industry.code", "value",
)  # fmt: skip
_GREAT_BRITAIN = ("UK", "Great Britain", "K03000001")
_ENGLAND = "E92000001"
_REGIONS = ("TLC", "TLD", "TLE", "TLF", "TLG", "TLH", "TLI", "TLJ", "TLK")


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the columns."""
    return connection.sql(" UNION ALL ".join(_select(connection, file) for file in files))


def _select(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> str:
    if not file.path.exists():
        raise FileRefused(f"{file.name}: there is no such file; expected it in the folder of publishers' files")
    source = f"read_parquet({quoted(file.path)})"
    check_columns(
        file,
        found=[row[0] for row in connection.execute(f"DESCRIBE FROM {source}").fetchall()],
        expected=_NEEDED,
    )
    code, name, meant = _GREAT_BRITAIN
    regions = ", ".join(map(quoted, _REGIONS))
    return f"""
        WITH published AS (
            SELECT "employment.status.name" AS series, "industry.code" AS category,
                CASE WHEN "geography.code" = '{code}' AND "geography.name" = '{name}' THEN '{meant}'
                    ELSE "geography.code" END AS area,
                CASE WHEN "dates.freq" = 'a' THEN CAST("dates.date" AS VARCHAR) || '/P1Y' ELSE "dates.freq" END
                    AS period,
                value, CASE WHEN value IS NULL THEN 'x' ELSE '' END AS status
            FROM {source}
        ), both_kinds AS (
            SELECT * FROM published
            UNION ALL
            SELECT series, category, '{_ENGLAND}', period, sum(value), 'e' FROM published
            WHERE area IN ({regions}) GROUP BY series, category, period
            HAVING count(value) = {len(_REGIONS)} AND '{_ENGLAND}' NOT IN (SELECT area FROM published)
        )
        SELECT {file.number} AS file, row_number() OVER () AS row, series, category, area, period,
            CAST(value AS VARCHAR) AS value, NULL AS lower, NULL AS upper, status, NULL AS note
        FROM both_kinds"""
