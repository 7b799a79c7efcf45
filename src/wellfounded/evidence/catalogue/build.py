"""Builds the catalogue from a folder of publishers' files, beside the present one, and then swaps them."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wellfounded.evidence.catalogue import DATA, SOURCES, load
from wellfounded.evidence.catalogue.definitions import FileDefinition, SourceDefinition, read_sources
from wellfounded.evidence.catalogue.derive import add_totals, derive
from wellfounded.evidence.catalogue.report import BuildReport, Changes
from wellfounded.evidence.catalogue.rows import FileRead, judge, read_rows, release_id
from wellfounded.evidence.readers import SourceFile
from wellfounded.evidence.types import Release

if TYPE_CHECKING:
    import duckdb

AREA_FILES = ("areas.parquet", "links.parquet", "neighbours.parquet", "boundaries.parquet")
_ROW_GROUP = 16_384


class TooManyRejected(Exception):
    """More of a file's rows were rejected than its source allows; nothing was replaced."""


class FiguresMissing(Exception):
    """Definitions and figures are not of the same indicators."""


def build(
    source_folder: Path,
    *,
    to: Path = DATA,
    progress: Callable[[str], None] = lambda _: None,
    sources: Path = SOURCES,
    rejected_to: Path | None = None,
) -> BuildReport:
    """The report of a build of the catalogue in `to` from the publishers' files in `source_folder`.

    Nothing in `to` is replaced unless all goes well. Raises DefinitionErrors (a source's TOML), FileRefused (a file
    that is not of its format, as one with a missing column) and TooManyRejected. Rejected rows go to
    `rejected_to`/rejected.csv where it is given.
    """
    import duckdb

    definitions = read_sources(sources)
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=to.parent) as beside:
        new = Path(beside) / "data"
        new.mkdir()
        areas = _build_areas(source_folder, new, progress)
        connection = duckdb.connect()
        listed = read_rows(connection, definitions, source_folder, progress=progress)
        progress("judging the rows")
        files = judge(connection, listed, areas=resolver(new))
        if rejected_to is not None:
            _write_rejected(connection, listed, rejected_to)
        _stop_if_too_many(files, definitions)
        releases = _releases(listed, files)
        progress("adding up and deriving")
        add_totals(connection, definitions, new)
        releases += derive(connection, definitions, {release.id: release for release in releases}, new)
        progress("writing")
        _write_figures(connection, new / "figures.parquet")
        write_definitions(definitions, new, releases=_releases_by_indicator(connection, releases))
        _write_json(new / "releases.json", [{**asdict(r), "released": r.released.isoformat()} for r in releases])
        report = _report(connection, definitions, files, releases, areas, present=to, new=new)
        _write_json(new / "report.json", report.as_json())
        connection.close()
        _swap(new, to)
    load.cache_clear()
    return report


def write_definitions(definitions: Sequence[SourceDefinition], folder: Path, *, releases: dict[str, list[str]]) -> None:
    """Nothing; writes `folder`/indicators.json, the compact form of `definitions` that `load` reads."""
    indicators = sorted((one for definition in definitions for one in definition.indicators), key=lambda one: one.id)
    _write_json(
        folder / "indicators.json",
        {
            "sources": [asdict(definition.source) for definition in definitions],
            "indicators": [asdict(indicator) for indicator in indicators],
            "releases": releases,
        },
    )


def _swap(new: Path, to: Path) -> None:
    """Nothing; puts `new` in the place of `to`, or leaves `to` as it was."""
    old = new.with_name("before")
    if to.exists():
        to.rename(old)
    try:
        new.rename(to)
    except OSError:
        if old.exists():
            old.rename(to)
        raise


def _build_areas(source_folder: Path, to: Path, progress: Callable[[str], None]) -> dict[str, int]:
    if not (source_folder / "areas").is_dir():
        progress("the folder has no areas; those of the catalogue that ships are kept")
        for name in AREA_FILES:
            shutil.copyfile(DATA / name, to / name)
        return {}
    progress("building the areas")
    from wellfounded.evidence.areas_build import build_areas

    return build_areas(source_folder, to)


def resolver(folder: Path) -> Callable[[str], str | None]:
    """What `judge` asks about a code: known or not, and the one code that has taken its place since."""
    import pyarrow.parquet as pq

    known = set(pq.read_table(folder / "areas.parquet", columns=["code"])["code"].to_pylist())
    links = pq.read_table(folder / "links.parquet", columns=["kind", "from", "to"]).to_pylist()
    after: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}
    for link in links:
        if link["kind"] == "successor":
            after.setdefault(link["from"], set()).add(link["to"])
            before.setdefault(link["to"], set()).add(link["from"])

    def current(code: str) -> str | None:
        seen = set()
        while code not in seen and len(nexts := after.get(code, set())) == 1:
            seen.add(code)
            (following,) = nexts
            if len(before[following]) != 1:
                break
            code = following
        return code if code in known else None

    return current


def _stop_if_too_many(files: Sequence[FileRead], definitions: Sequence[SourceDefinition]) -> None:
    allowed = {definition.source.id: definition.max_rejected for definition in definitions}
    over = [file for file in files if file.rejected_in_all > allowed[file.source] * file.read]
    if over:
        raise TooManyRejected(
            "\n".join(
                f"{file.file}: {file.rejected_in_all:,} of {file.read:,} rows rejected "
                f"({', '.join(f'{reason} {rows:,}' for reason, rows in sorted(file.rejected.items()))}); "
                f"source {file.source!r} allows {allowed[file.source]:.1%}. Nothing was replaced. "
                f"Mend the file, or set max_rejected in the source's TOML if these rows may be left out"
                for file in over
            )
        )


def _releases(
    listed: Sequence[tuple[SourceDefinition, FileDefinition, SourceFile]], files: Sequence[FileRead]
) -> list[Release]:
    together: dict[str, list[int]] = {}
    for at, (definition, file, _) in enumerate(listed):
        together.setdefault(release_id(definition.source.id, file), []).append(at)
    releases = []
    for id, places in sorted(together.items()):
        definition, file, _ = listed[places[0]]
        hashes = [hashlib.sha256(listed[at][2].path.read_bytes()).hexdigest() for at in places]
        releases.append(
            Release(
                id=id,
                source=definition.source.id,
                title=file.title or definition.source.title,
                publisher=definition.source.publisher,
                licence=definition.source.licence,
                url=file.url or definition.source.url,
                released=file.released,
                released_basis=file.released_basis,
                file=", ".join(listed[at][2].name for at in places),
                sha256=hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest(),
                rows=sum(files[at].kept for at in places),
                rejected=sum(files[at].rejected_in_all for at in places),
            )
        )
    return releases


def _releases_by_indicator(connection: duckdb.DuckDBPyConnection, releases: Sequence[Release]) -> dict[str, list[str]]:
    released: dict[str, date] = {release.id: release.released for release in releases}
    found: dict[str, list[str]] = {}
    for indicator, release in connection.execute(
        "SELECT DISTINCT indicator, release FROM figures ORDER BY indicator"
    ).fetchall():
        found.setdefault(indicator, []).append(release)
    return {key: sorted(ids, key=lambda id: (released[id], id), reverse=True) for key, ids in found.items()}


def _write_figures(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = connection.sql(
        'SELECT indicator, release, category, area, start, "end", value, lower, upper, status FROM figures '
        'ORDER BY indicator, release, category, area, start, "end"'
    ).to_arrow_table()
    texts = ["indicator", "release", "category", "area", "status"]
    pq.write_table(
        table.cast(pa.schema([pa.field(f.name, pa.string() if f.name in texts else f.type) for f in table.schema])),
        path,
        compression="zstd",
        compression_level=12,
        row_group_size=_ROW_GROUP,
        use_dictionary=True,
        store_schema=False,
        sorting_columns=[pq.SortingColumn(at) for at in range(5)],
    )


def _write_rejected(
    connection: duckdb.DuckDBPyConnection,
    listed: Sequence[tuple[SourceDefinition, FileDefinition, SourceFile]],
    folder: Path,
) -> None:
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    folder.mkdir(parents=True, exist_ok=True)
    names = pa.table({"file": pa.array(range(len(listed)), pa.int32()), "name": [item[2].name for item in listed]})
    connection.register("names", names)
    table = connection.sql(
        "SELECT name AS file, rejected.* EXCLUDE (file) FROM rejected JOIN names USING (file) ORDER BY file, row"
    ).to_arrow_table()
    connection.unregister("names")
    pa_csv.write_csv(table, folder / "rejected.csv")


def _report(
    connection: duckdb.DuckDBPyConnection,
    definitions: Sequence[SourceDefinition],
    files: Sequence[FileRead],
    releases: Sequence[Release],
    areas: dict[str, int],
    *,
    present: Path,
    new: Path,
) -> BuildReport:
    derived = {id for definition in definitions for id in definition.derived}
    counted = connection.execute("SELECT indicator, count(*) FROM figures GROUP BY indicator").fetchall()
    return BuildReport(
        files=tuple(files),
        indicators=sum(len(definition.indicators) for definition in definitions),
        releases=len(releases),
        figures=sum(rows for _, rows in counted),
        derived=sum(rows for indicator, rows in counted if indicator in derived),
        changes=_changes(connection, present / "figures.parquet"),
        size=sum(path.stat().st_size for path in new.iterdir()),
        areas=areas,
    )


def _changes(connection: duckdb.DuckDBPyConnection, before: Path) -> Changes:
    if not before.exists():
        return Changes(added=int(connection.execute("SELECT count(*) FROM figures").fetchall()[0][0]))
    found = connection.execute(
        f"""
        SELECT count(*) FILTER (old.status IS NULL), count(*) FILTER (new.status IS NULL),
            count(*) FILTER (new.status IS NOT NULL AND old.status IS NOT NULL AND (new.value, new.lower, new.upper,
                new.status) IS DISTINCT FROM (old.value, old.lower, old.upper, old.status)),
            count(*)
        FROM figures AS new FULL JOIN read_parquet('{str(before).replace("'", "''")}') AS old
            USING (indicator, release, category, area, start, "end")
        """
    ).fetchall()[0]
    added, removed, revised, everything = (int(number) for number in found)
    return Changes(added=added, removed=removed, revised=revised, same=everything - added - removed - revised)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def rewrite_definitions(*, to: Path = DATA, sources: Path = SOURCES) -> None:
    """Nothing; brings `to`/indicators.json in step with the sources' texts, for changes that touch no figures.

    Raises DefinitionErrors; and FiguresMissing where the figures in `to` are not those of the sources' indicators.
    """
    definitions = read_sources(sources)
    releases = {id: list(ids) for id, ids in load(to).latest.items()}
    defined = {indicator.id for definition in definitions for indicator in definition.indicators}
    if defined != set(releases):
        odd = ", ".join(sorted(defined ^ set(releases)))
        raise FiguresMissing(f"{odd}: defined without figures, or the reverse; build the catalogue from its files")
    write_definitions(definitions, to, releases=releases)
    load.cache_clear()


def main() -> None:
    """Nothing; builds the shipped catalogue from the folder named on the command line, or only its definitions."""
    import sys

    if sys.argv[1:] == ["--definitions"]:
        rewrite_definitions()
        return
    report = build(Path(sys.argv[1]), progress=print, rejected_to=Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    print(report.text())


if __name__ == "__main__":
    main()
