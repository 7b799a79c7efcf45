"""Rows of the Census 2021 table of homes and workplaces, of people who travel to work between local authorities.

The table's indicator of the place of work decides what a row is: 1 works mainly at or from home or has no fixed place
(the table then repeats the home as the workplace: nobody travels), 2 works abroad or offshore, 3 works in the UK away
from home, -8 doesn't work. Only 3 are people who travel, whose workplace is a place. Series are

- `flow`: those who travel, by home; the category is the authority of the workplace, `All` for all of them
- `inflow`: the same, by workplace; the category is the authority of the home, `All` for all of them
- `residents`, `workers`, `within`: those who travel by home, by workplace, and with both in the area
- `home`: residents who work at home or have no fixed place
- `in work`: all residents in work, wherever

The table is by the authorities of 2021. Those that have merged since are added up to today's, by the history of codes
that the option `code_history` names; the same file says the region and country that the authorities add up to.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wellfounded.evidence.readers import FileRefused, SourceFile, check_columns, quoted
from wellfounded.evidence.tabular import existing

if TYPE_CHECKING:
    import duckdb

SELECTOR = "measure"

_HOME = "Lower tier local authorities code"
_WORK = "LTLA of workplace code"
_KIND = "Place of work indicator (4 categories) code"
_NEEDED = (_HOME, _WORK, _KIND, "Count")
_CENSUS_DAY = "2021-03-21"
_AT_HOME, _ABROAD, _TRAVELS = "1", "2", "3"


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the columns."""
    return connection.sql(" UNION ALL ".join(f"SELECT * FROM ({_select(file)})" for file in files))


def _select(file: SourceFile) -> str:
    check_columns(file, found=_header(file), expected=_NEEDED)
    history = _history(file)
    return f"""
        WITH history AS (
            SELECT LADCD AS code, LADCD_ACTIVE AS today,
                [LADCD_ACTIVE, CTRYCD] || CASE WHEN RGNCD LIKE 'E12%' THEN [RGNCD] ELSE [] END
                    || CASE WHEN EWCD IS NULL THEN [] ELSE [EWCD] END AS wholes
            FROM read_csv({quoted(history)}, header = true, all_varchar = true)
        ), given AS (
            SELECT "{_HOME}" AS home, "{_WORK}" AS work, "{_KIND}" AS kind, "Count" AS people
            FROM read_csv({quoted(file.path)}, header = true, all_varchar = true, delim = ',', quote = '"')
        ), counted AS (
            SELECT coalesce(h.today, home) AS home, coalesce(w.today, work) AS work, kind,
                h.wholes AS homes, w.wholes AS works, people,
                TRY_CAST(people AS BIGINT) AS number
            FROM given LEFT JOIN history AS h ON h.code = home LEFT JOIN history AS w ON w.code = work
        ), travels AS (
            SELECT home, work, homes, works, sum(number) AS number FROM counted
            WHERE kind = '{_TRAVELS}' GROUP BY ALL
        ), out_of AS (
            SELECT unnest(homes) AS area, * EXCLUDE (homes) FROM travels
        ), into_ AS (
            SELECT unnest(works) AS area, * EXCLUDE (works) FROM travels
        ), of_homes AS (
            SELECT unnest(homes) AS area, kind, number FROM counted
            WHERE kind IN ('{_AT_HOME}', '{_ABROAD}', '{_TRAVELS}')
        ), found AS (
            SELECT 'flow' AS series, work AS category, area, sum(number) AS number FROM out_of GROUP BY ALL
            UNION ALL SELECT 'flow', 'All', area, sum(number) FROM out_of GROUP BY area
            UNION ALL SELECT 'residents', '', area, sum(number) FROM out_of GROUP BY area
            UNION ALL SELECT 'inflow', home, area, sum(number) FROM into_ WHERE {_in_census("area")} GROUP BY ALL
            UNION ALL SELECT 'inflow', 'All', area, sum(number) FROM into_ WHERE {_in_census("area")} GROUP BY area
            UNION ALL SELECT 'workers', '', area, sum(number) FROM into_ WHERE {_in_census("area")} GROUP BY area
            UNION ALL SELECT 'within', '', area, sum(number) FROM out_of WHERE list_contains(works, area) GROUP BY area
            UNION ALL SELECT 'home', '', area, sum(number) FROM of_homes WHERE kind = '{_AT_HOME}' GROUP BY area
            UNION ALL SELECT 'in work', '', area, sum(number) FROM of_homes GROUP BY area
        ), said AS (
            SELECT series, category, area, CAST(number AS VARCHAR) AS value FROM found WHERE number IS NOT NULL
            UNION ALL SELECT 'flow', work, home, people FROM counted WHERE number IS NULL OR homes IS NULL
        )
        SELECT {file.number} AS file, row_number() OVER (ORDER BY series, area, category) AS row, series, category,
            area, '{_CENSUS_DAY}' AS period, value, NULL AS lower, NULL AS upper, '' AS status, NULL AS note
        FROM said"""


def _history(file: SourceFile) -> Path:
    if "code_history" not in file.options:
        raise FileRefused(f"{file.name}: its source's TOML must name the history of codes in options.code_history")
    name = str(file.options["code_history"])
    folder = Path(str(file.path).removesuffix(file.name))
    return existing(SourceFile(file.number, folder / name, name))


def _in_census(column: str) -> str:
    """SQL for areas of England and Wales: of workplaces elsewhere, the census knows only few of the workers."""
    return f"(left({column}, 1) IN ('E', 'W') OR {column} = 'K04000001')"


def _header(file: SourceFile) -> list[str]:
    try:
        with gzip.open(existing(file), "rt", encoding="utf-8-sig", newline="") as lines:
            return next(csv.reader(lines), [])
    except (gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise FileRefused(f"{file.name}: this is not a CSV compressed by gzip: {error}") from None
