"""How long the Explore Local Statistics files take to become figures, against DuckDB alone reading the same CSVs.

    python -m benchmarks.reading [FOLDER]

FOLDER holds the publishers' files (../shared/data). Both are timed in the same run, in turns, and the best of each
counts. Ours reads every column as text, types it, judges every row (area, period, unit, status, number, limits,
duplicates) and leaves a table of figures and one of rejected rows; the floor leaves the CSVs as tables, a table a file.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from wellfounded.evidence.catalogue import DATA, SOURCES
from wellfounded.evidence.catalogue.build import resolver
from wellfounded.evidence.catalogue.definitions import SourceDefinition, read_sources
from wellfounded.evidence.catalogue.rows import judge, read_rows

TARGET = 3.0
TURNS = 5


def floor(paths: list[Path]) -> int:
    """The rows of the CSV files, each read to a table by DuckDB with its own defaults."""
    connection = duckdb.connect()
    for number, path in enumerate(paths):
        connection.execute(f"CREATE TABLE t{number} AS FROM read_csv('{path}')")
    return _rows(connection, [f"t{number}" for number in range(len(paths))])


def ours(definitions: list[SourceDefinition], folder: Path, areas: Callable[[str], str | None]) -> int:
    """The figures in the same files."""
    connection = duckdb.connect()
    judge(connection, read_rows(connection, definitions, folder), areas=areas)
    return _rows(connection, ["figures"])


def _rows(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> int:
    counts = " + ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    ((rows,),) = connection.execute(f"SELECT {counts}").fetchall()
    connection.close()
    return int(rows)


def _time(work: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    rows = work()
    return time.perf_counter() - start, rows


def measure(folder: Path) -> dict[str, float | int]:
    """Seconds of each, what they read, and the ratio."""
    definitions = [
        replace(definition, files=files)
        for definition in read_sources(SOURCES)
        if (files := tuple(file for file in definition.files if file.reader == "els-csv"))
    ]
    paths = [folder / file.path for definition in definitions for file in definition.files]
    areas = resolver(DATA)
    floors, own = [], []
    for _ in range(TURNS):
        floors.append(_time(lambda: floor(paths)))
        own.append(_time(lambda: ours(definitions, folder, areas)))
    (floor_seconds, rows), (seconds, figures) = min(floors), min(own)
    return {
        "files": len(paths),
        "bytes": sum(path.stat().st_size for path in paths),
        "rows": rows,
        "figures": figures,
        "duckdb_seconds": round(floor_seconds, 3),
        "wellfounded_seconds": round(seconds, 3),
        "ratio": round(seconds / floor_seconds, 2),
        "target": TARGET,
    }


def main() -> int:
    """0 where the ratio is within the target, 1 otherwise; prints what was measured."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "../shared/data").resolve()
    if not (folder / "explore-local-statistics").is_dir():
        print(f"no publishers' files in {folder}: give the folder that holds explore-local-statistics")
        return 2
    found = measure(folder)
    print(json.dumps(found))
    return 0 if found["ratio"] <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
