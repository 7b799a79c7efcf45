"""Figures from publishers' rows: each raw row becomes a figure or is rejected with a reason code.

All of it is done in DuckDB, set by set. The tables left in the connection are `judged` (every row, with its reason),
`figures` (what is kept) and `rejected`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from wellfounded.core import NotAPeriod, Period
from wellfounded.evidence.catalogue.definitions import FileDefinition, SourceDefinition
from wellfounded.evidence.readers import FileRefused, SourceFile, reader

if TYPE_CHECKING:
    import duckdb

REASONS = {
    "unknown-series": "no indicator of the source reads this series, and the source doesn't ignore it",
    "unknown-unit": "the row is in another unit than the indicator",
    "unknown-category": "the indicator has no such category",
    "unknown-area": "no area has this code",
    "bad-period": "the period is in no form that is known",
    "unknown-status": "the status is none of x, u, c, z, p, e",
    "not-a-number": "the value or a limit is not a number",
    "missing-value-without-status": "there is no value and no reason for it",
    "value-with-status-for-none": "there is a value, and a status that says that there is none",
    "limits-out-of-order": "the lower limit is above the upper limit",
    "duplicate-key": "rows of the same area, period and category disagree",
}

# code of the publisher; what it says of a value; why there is none
_STATUSES = (
    ("", "", None),
    ("x", None, "unavailable"),
    ("u", "unreliable", "unreliable"),
    ("c", None, "confidential"),
    ("z", None, "not applicable"),
    ("p", "provisional", None),
    ("e", "estimated", None),
)
# Kinds of area that the catalogue doesn't hold, by the entity part of their codes: Inner and Outer London, police
# forces, city regions of Wales and Northern Ireland, and pairs of authorities counted together
_NOT_HELD = ("E13", "E23", "W15", "W42", "N34", "E61", "E67")

_IN_WORDS = (
    ("Value for % combined", "estimated"),  # one value for two areas, printed for each of them
    ("Estimate and confidence interval unreliable%", "unreliable"),
)


@dataclass(frozen=True)
class FileRead:
    """What became of the rows of one file: read = kept + repeated + skipped + rejected."""

    file: str
    source: str
    read: int
    kept: int
    repeated: int  # the same figure again, under another code of the same area or twice
    skipped: int  # series and kinds of area that are deliberately left out
    rejected: dict[str, int] = field(default_factory=dict)

    @property
    def rejected_in_all(self) -> int:
        return sum(self.rejected.values())


def read_rows(
    connection: duckdb.DuckDBPyConnection,
    definitions: Sequence[SourceDefinition],
    folder: Path,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> list[tuple[SourceDefinition, FileDefinition, SourceFile]]:
    """The files of `definitions` under `folder`, with their rows in the table `raw`.

    Raises FileRefused with every file that its reader refuses.
    """
    listed = [
        (definition, file, SourceFile(number, folder / file.path, file.path, file.options))
        for number, (definition, file) in enumerate((d, f) for d in definitions for f in d.files)
    ]
    if missing := [source.name for _, _, source in listed if not source.path.exists()]:
        raise FileRefused(
            f"{len(missing)} of the {len(listed)} files that the sources name are not in {folder}: {', '.join(missing)}"
        )
    connection.execute(
        "CREATE OR REPLACE TABLE raw (file INTEGER, row BIGINT, series VARCHAR, category VARCHAR, area VARCHAR, "
        "period VARCHAR, unit VARCHAR, value VARCHAR, lower VARCHAR, upper VARCHAR, status VARCHAR, note VARCHAR)"
    )
    refused: list[str] = []
    for name in sorted({file.reader for _, file, _ in listed}):
        files = [source for _, file, source in listed if file.reader == name]
        progress(f"reading {len(files)} file{'s' if len(files) > 1 else ''} ({name})")
        try:
            reader(name).rows(connection, files).create_view("rows_read", replace=True)
            connection.execute("INSERT INTO raw BY NAME SELECT * FROM rows_read")
        except FileRefused as error:
            refused.append(str(error))
    if refused:
        raise FileRefused("\n".join(refused))
    return listed


def judge(
    connection: duckdb.DuckDBPyConnection,
    listed: Sequence[tuple[SourceDefinition, FileDefinition, SourceFile]],
    *,
    areas: Callable[[str], str | None],
) -> list[FileRead]:
    """What became of each file, after sorting the rows of `raw` into `figures` and `rejected`.

    `areas` gives the code under which an area is held today, None where there is no such area.
    """
    _lookups(connection, listed, areas)
    connection.execute(_JUDGED)
    connection.execute(_DUPLICATES)
    connection.execute(_FIGURES)
    connection.execute(_REJECTED)
    return _counts(connection, listed)


def release_id(source: str, file: FileDefinition) -> str:
    """The id of the release that a file of `source` belongs to."""
    return f"{source}@{file.released.isoformat()}"


def _lookups(
    connection: duckdb.DuckDBPyConnection,
    listed: Sequence[tuple[SourceDefinition, FileDefinition, SourceFile]],
    areas: Callable[[str], str | None],
) -> None:
    wanted: list[tuple[int, str, str | None, str | None, str, str, bool]] = []
    ignored: list[tuple[int, str]] = []
    categories: set[tuple[str, str]] = set()
    for definition, file, source in listed:
        selector = reader(file.reader).SELECTOR
        release = release_id(definition.source.id, file)
        for indicator in definition.indicators:
            match = (file.match or definition.match).get(indicator.id)
            if indicator.id in definition.derived or match is None or selector not in match:
                continue
            only = match.get("category")
            closed = bool(indicator.categories) and only is None
            unit = match.get("unit")
            wanted.append((source.number, match[selector], only, unit, indicator.id, release, closed))
            categories |= {(indicator.id, code) for code, _ in indicator.categories}
        ignored += [(source.number, series) for series in definition.ignore]
    columns = ("file", "series", "only", "unit", "indicator", "release", "closed")
    _table(connection, "wanted", columns, wanted, first=pa.int32())
    _table(connection, "ignored", ("file", "series"), ignored, first=pa.int32())
    _table(connection, "category_of", ("indicator", "category"), sorted(categories))
    _table(connection, "status_of", ("code", "given", "without"), _STATUSES)
    codes = [row[0] for row in connection.execute("SELECT DISTINCT area FROM raw WHERE area IS NOT NULL").fetchall()]
    _table(connection, "area_of", ("area", "current"), [(code, areas(code.strip())) for code in codes])
    texts = [
        row[0] for row in connection.execute("SELECT DISTINCT period FROM raw WHERE period IS NOT NULL").fetchall()
    ]
    periods = [(text, _period(text)) for text in texts]
    rows = [(text, period.start, period.end) for text, period in periods if period]
    connection.register("periods_in", pa.table(
        {"period": [r[0] for r in rows], "start": pa.array([r[1] for r in rows], pa.date32()),
         "end": pa.array([r[2] for r in rows], pa.date32())}
    ))  # fmt: skip
    connection.execute(
        'CREATE OR REPLACE TABLE period_of AS SELECT period::VARCHAR AS period, start, "end" FROM periods_in'
    )


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except (NotAPeriod, ValueError, OverflowError):
        return None


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    first: pa.DataType | None = None,
) -> None:
    given = list(rows)
    types = [first or pa.string(), *(pa.bool_() if column == "closed" else pa.string() for column in columns[1:])]
    arrays = [pa.array([row[at] for row in given], kind) for at, kind in enumerate(types)]
    connection.register(f"{name}_in", pa.Table.from_arrays(arrays, names=list(columns)))
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {name}_in")
    connection.unregister(f"{name}_in")


_WORDS = " ".join(
    f"WHEN raw.status LIKE '{pattern}' OR (raw.value IS NOT NULL AND raw.note LIKE '{pattern}') THEN '{status}'"
    for pattern, status in _IN_WORDS
)

_JUDGED = f"""
CREATE OR REPLACE TABLE judged AS
WITH typed AS (
    SELECT raw.file, raw.row, raw.series, raw.area AS area_given, raw.category AS category_given, raw.period,
        raw.value AS value_given, raw.lower AS lower_given, raw.upper AS upper_given, raw.status AS status_given,
        wanted.indicator, wanted.release, wanted.closed, raw.unit IS DISTINCT FROM wanted.unit AND
            wanted.unit IS NOT NULL AS odd_unit,
        CASE WHEN wanted.only IS NULL THEN raw.category ELSE '' END AS category,
        area_of.current AS area, period_of.start, period_of."end",
        TRY_CAST(raw.value AS DOUBLE) AS value, TRY_CAST(raw.lower AS DOUBLE) AS lower,
        TRY_CAST(raw.upper AS DOUBLE) AS upper,
        CASE {_WORDS} ELSE status_of.given END AS given, status_of.without, status_of.code IS NULL AND
            CASE {_WORDS} ELSE '' END = '' AS odd_status
    FROM raw
    LEFT JOIN wanted ON wanted.file = raw.file AND wanted.series = raw.series
        AND (wanted.only IS NULL OR wanted.only = raw.category)
    LEFT JOIN area_of ON area_of.area = raw.area
    LEFT JOIN period_of ON period_of.period = raw.period
    LEFT JOIN status_of ON status_of.code = lower(trim(coalesce(raw.status, '')))
)
SELECT * EXCLUDE (closed),
    CASE
        WHEN indicator IS NULL THEN
            CASE WHEN EXISTS (SELECT 1 FROM ignored WHERE ignored.file = typed.file AND ignored.series = typed.series)
                OR EXISTS (SELECT 1 FROM wanted WHERE wanted.file = typed.file AND wanted.series = typed.series)
                THEN 'skipped' ELSE 'unknown-series' END
        WHEN odd_unit THEN 'unknown-unit'
        WHEN closed AND NOT EXISTS (SELECT 1 FROM category_of
            WHERE category_of.indicator = typed.indicator AND category_of.category = typed.category)
            THEN 'unknown-category'
        WHEN area IS NULL THEN CASE WHEN left(area_given, 3) IN {_NOT_HELD} THEN 'skipped' ELSE 'unknown-area' END
        WHEN start IS NULL THEN 'bad-period'
        WHEN odd_status THEN 'unknown-status'
        WHEN value_given IS NOT NULL AND NOT coalesce(isfinite(value), false)
            OR lower_given IS NOT NULL AND NOT coalesce(isfinite(lower), false)
            OR upper_given IS NOT NULL AND NOT coalesce(isfinite(upper), false) THEN 'not-a-number'
        WHEN value IS NULL AND without IS NULL THEN 'missing-value-without-status'
        WHEN value IS NOT NULL AND given IS NULL THEN 'value-with-status-for-none'
        WHEN lower > upper THEN 'limits-out-of-order'
    END AS reason
FROM typed
"""

# A figure may come twice: the same again is only repeated; where rows disagree, those under a code that was mapped to
# its successor give way to those under the successor's own; otherwise nobody can say which is right, and none is kept.
_DUPLICATES = """
CREATE OR REPLACE TABLE doubtful AS
SELECT * FROM judged
WHERE reason IS NULL AND hash(indicator, release, category, area, start, "end") IN (
    SELECT hash(indicator, release, category, area, start, "end") AS key FROM judged
    WHERE reason IS NULL GROUP BY key HAVING count(*) > 1
);
CREATE OR REPLACE TABLE doubled AS
WITH keys AS (
    SELECT indicator, release, category, area, start, "end",
        count(DISTINCT (value, lower, upper, coalesce(given, without))) AS differing,
        count(DISTINCT (value, lower, upper, coalesce(given, without))) FILTER (area_given = area) AS own_differing
    FROM doubtful GROUP BY ALL HAVING count(*) > 1
)
SELECT doubtful.file, doubtful.row, doubtful.indicator,
    CASE
        WHEN differing = 1 OR (own_differing = 1 AND area_given = area) THEN
            CASE WHEN row_number() OVER (PARTITION BY indicator, release, category, area, start, "end"
                ORDER BY (area_given = area) DESC, doubtful.file, doubtful.row) = 1 THEN 'kept' ELSE 'repeated' END
        ELSE 'duplicate-key'
    END AS reason
FROM doubtful JOIN keys USING (indicator, release, category, area, start, "end");
UPDATE judged SET reason = doubled.reason FROM doubled
WHERE doubled.file = judged.file AND doubled.row = judged.row AND doubled.indicator = judged.indicator
    AND doubled.reason <> 'kept'
"""

_FIGURES = """
CREATE OR REPLACE TABLE figures AS
SELECT indicator, release, category, area, start, "end", value,
    CASE WHEN value IS NOT NULL AND upper IS NOT NULL THEN lower END AS lower,
    CASE WHEN value IS NOT NULL AND lower IS NOT NULL THEN upper END AS upper,
    CASE WHEN value IS NULL THEN without ELSE given END AS status
FROM judged WHERE reason IS NULL
"""

_REJECTED = """
CREATE OR REPLACE TABLE rejected AS
SELECT DISTINCT judged.file, judged.row - first.row + 1 AS row, reason, series, category_given AS category,
    area_given AS area, period, value_given AS value, lower_given AS lower, upper_given AS upper,
    status_given AS status
FROM judged JOIN (SELECT file, min(row) AS row FROM raw GROUP BY file) AS first USING (file)
WHERE reason IS NOT NULL AND reason NOT IN ('skipped', 'repeated')
"""


def _counts(
    connection: duckdb.DuckDBPyConnection, listed: Sequence[tuple[SourceDefinition, FileDefinition, SourceFile]]
) -> list[FileRead]:
    read = dict(connection.execute("SELECT file, count(*) FROM raw GROUP BY file").fetchall())
    fates: dict[int, dict[str, int]] = {}
    for file, reason, rows in connection.execute(
        "SELECT file, reason, count(*) FROM (SELECT file, row, max(reason) AS reason FROM judged GROUP BY file, row) "
        "WHERE reason IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        fates.setdefault(file, {})[reason] = rows
    counted = []
    for definition, _, source in listed:
        fate = fates.get(source.number, {})
        repeated, skipped = fate.pop("repeated", 0), fate.pop("skipped", 0)
        rows = read.get(source.number, 0)
        kept = rows - repeated - skipped - sum(fate.values())
        counted.append(FileRead(source.name, definition.source.id, rows, kept, repeated, skipped, fate))
    return counted
