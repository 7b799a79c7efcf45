"""Rows of CSV files by NUTS area with a year and one column of figures, which names the series.

NUTS codes keep their meaning across its versions, as an area whose ground changed got a new code; `nuts_year_spec` is
checked for being there and otherwise not needed. Figures of larger areas are added up here where the file's options
ask for it; such rows carry the status e, estimated.

The file's options: `times` multiplies figures; `academic` years start in August; `last` is the last complete year,
rows of later years get a series of their own ("… after YEAR") so that a source can leave them out; `zero = "missing"`
where the file writes 0 for a figure that its publisher withheld; `totals` names the levels to add up to (`nuts2`,
`nuts1`, `country`), with `totals_from` the first year and `totals_without` codes that would be counted twice.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wellfounded.evidence.readers import FileRefused, SourceFile, check_columns, quoted
from wellfounded.evidence.tabular import existing

if TYPE_CHECKING:
    import duckdb

SELECTOR = "column"

_NEEDED = ("year", "nuts_id", "nuts_year_spec")
_ENGLAND = "'UKC', 'UKD', 'UKE', 'UKF', 'UKG', 'UKH', 'UKI', 'UKJ', 'UKK'"
_LARGER = {  # level: the code of the larger area that an area belongs to
    "nuts2": "CASE WHEN area LIKE 'UKN1%' THEN 'UKN0' WHEN area NOT LIKE 'UKZ%' THEN left(area, 4) END",
    "nuts1": "CASE WHEN area NOT LIKE 'UKZ%' THEN left(area, 3) END",
    "country": f"CASE WHEN left(area, 3) IN ({_ENGLAND}) THEN 'E92000001' END",
    "uk": "'K02000001'",
}


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the columns."""
    return connection.sql(" UNION ALL ".join(f"SELECT * FROM ({_select(file)})" for file in files))


def _select(file: SourceFile) -> str:
    with existing(file).open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    check_columns(file, found=header, expected=_NEEDED)
    figures = [name for name in header if name not in _NEEDED]
    if len(figures) != 1:
        raise FileRefused(f"{file.name}: expected one column of figures beside {', '.join(_NEEDED)}, found {figures}")
    series, options = figures[0], file.options
    withheld = "OR TRY_CAST(value AS DOUBLE) = 0" if options.get("zero") == "missing" else ""
    times = float(options.get("times", 1))
    period = "year || '-08-01/P1Y'" if options.get("academic") else "year || '-01-01/P1Y'"
    last = int(options.get("last", 9999))
    left_out = ", ".join(quoted(code) for code in ("", *options.get("totals_without", ())))
    levels = [level for name in options.get("totals", ()) for level in ((name, "uk") if name == "country" else (name,))]
    totals = [
        f"""UNION ALL SELECT year, {_LARGER[level]} AS area, sum(number), CAST(round(sum(number), 6) AS VARCHAR), 'e'
            FROM published WHERE TRY_CAST(year AS INTEGER) >= {int(options.get("totals_from", 0))}
                AND area NOT IN ({left_out}) AND {_LARGER[level]} IS NOT NULL GROUP BY ALL HAVING count(number) > 0"""
        for level in levels
    ]
    return f"""
        WITH published AS (
            SELECT year, area, TRY_CAST(value AS DOUBLE) * {times} AS number,
                coalesce(CAST(round(TRY_CAST(value AS DOUBLE) * {times}, 6) AS VARCHAR), value) AS value, status
            FROM (
                SELECT year, nuts_id AS area, CASE WHEN value IS NULL {withheld} THEN NULL ELSE value END AS value,
                    CASE WHEN value IS NULL {withheld} THEN 'x' ELSE '' END AS status
                FROM (SELECT year, nuts_id, "{series}" AS value FROM read_csv({quoted(file.path)}, header = true,
                    all_varchar = true, nullstr = ''))
            )
        ), everything AS (
            SELECT year, area, number, value, status FROM published {" ".join(totals)}
        )
        SELECT {file.number} AS file, row_number() OVER () AS row,
            CASE WHEN TRY_CAST(year AS INTEGER) > {last} THEN '{series} after {last}' ELSE '{series}' END AS series,
            '' AS category, area, {period} AS period, value, NULL AS lower, NULL AS upper, status, NULL AS note
        FROM everything"""
