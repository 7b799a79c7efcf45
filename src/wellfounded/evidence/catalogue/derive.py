"""Figures that are made of others: products and quotients of two indicators, and sums over local authorities."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wellfounded.evidence.catalogue.definitions import Derivation, SourceDefinition
from wellfounded.evidence.readers import quoted
from wellfounded.evidence.types import Release

if TYPE_CHECKING:
    import duckdb

_UK, _UK_WITHOUT_OFFSHORE = "K02000001", "K99000002"  # its local authorities leave out what belongs to no region
_COVERED = 0.98  # of the larger area's whole, by its total category: below it a sum would mislead


class DerivedFromNothing(Exception):
    """An indicator is derived from one that has no figures, or the derivations go round in a circle."""


def derive(
    connection: duckdb.DuckDBPyConnection,
    definitions: Sequence[SourceDefinition],
    releases: dict[str, Release],
    areas: Path,
) -> list[Release]:
    """The releases of the derived indicators, after adding their figures to the table `figures`.

    A derived figure is made of the latest releases of its two indicators, for the same area (under whichever of its
    codes) and the same period. Its release is dated by the later of the two.
    """
    _same_ground(connection, areas)
    waiting = [
        (definition, id, derivation) for definition in definitions for id, derivation in definition.derived.items()
    ]
    known = dict(releases)
    while waiting:
        names = {id for _, id, _ in waiting}
        ready = [item for item in waiting if not names & set(item[2].of)]
        if not ready:
            raise DerivedFromNothing(f"{', '.join(sorted(names))}: these are derived from each other, in a circle")
        for definition, id, derivation in ready:
            used = [_latest(connection, name, known, id) for name in derivation.of]
            release = _release(definition, used)
            known.setdefault(release.id, release)
            _combine(connection, id, derivation, used, release.id)
        waiting = [item for item in waiting if item not in ready]
    return [release for id, release in known.items() if id not in releases]


def _latest(connection: duckdb.DuckDBPyConnection, indicator: str, releases: dict[str, Release], by: str) -> Release:
    found = connection.execute("SELECT DISTINCT release FROM figures WHERE indicator = ?", [indicator]).fetchall()
    if not found:
        raise DerivedFromNothing(f"{by} is derived from {indicator}, which has no figures")
    return max((releases[row[0]] for row in found), key=lambda release: (release.released, release.id))


def _release(definition: SourceDefinition, used: Sequence[Release]) -> Release:
    newest = max(used, key=lambda release: (release.released, release.id))
    source = definition.source
    return Release(
        id=f"{source.id}@{newest.released.isoformat()}",
        source=source.id,
        title=source.title,
        publisher=source.publisher,
        licence=source.licence,
        url=source.url,
        released=newest.released,
        released_basis=newest.released_basis,
    )


def _same_ground(connection: duckdb.DuckDBPyConnection, areas: Path) -> None:
    """Nothing; makes the table `ground`: for each code, one code that all codes of the area share."""
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE ground AS
        WITH link AS (
            SELECT "from" AS code, "to" AS other FROM read_parquet({quoted(areas / "links.parquet")})
            WHERE kind IN ('same', 'stands for')
        )
        SELECT code, least(code, min(other)) AS one
        FROM (FROM link UNION ALL SELECT other, code FROM link) GROUP BY code
        """
    )


def _combine(
    connection: duckdb.DuckDBPyConnection, id: str, derivation: Derivation, used: Sequence[Release], release: str
) -> None:
    of_two = "a.value * b.value" if derivation.rule == "product" else "a.value / nullif(b.value, 0)"
    first, second = derivation.of
    connection.execute(
        f"""
        INSERT INTO figures
        WITH a AS (SELECT *, coalesce(one, area) AS ground FROM figures LEFT JOIN ground ON code = area
                WHERE indicator = $first AND release = $first_release AND category = ''),
            b AS (SELECT *, coalesce(one, area) AS ground FROM figures LEFT JOIN ground ON code = area
                WHERE indicator = $second AND release = $second_release AND category = '')
        SELECT $id, $release, '', a.area, a.start, a."end", {of_two} * $times, NULL, NULL,
            CASE WHEN a.status = '' AND b.status = '' THEN '' ELSE 'estimated' END
        FROM a JOIN b ON a.ground = b.ground AND a.start = b.start AND a."end" = b."end"
        WHERE {of_two} IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY a.area, a.start, a."end" ORDER BY (a.area = b.area) DESC, b.area) = 1
        """,
        {
            "id": id, "release": release, "first": first, "second": second, "first_release": used[0].id,
            "second_release": used[1].id, "times": derivation.times,
        },
    )  # fmt: skip


def add_totals(connection: duckdb.DuckDBPyConnection, definitions: Sequence[SourceDefinition], areas: Path) -> None:
    """Nothing; adds to `figures` the sums over local authorities for countries, regions and combined authorities.

    For indicators whose definition says `totals = true`, whose publisher gives local authorities only. A sum is made
    where the members that have a value are nearly all of the area; its status is "estimated".
    """
    wanted = [
        indicator
        for definition in definitions
        for indicator in definition.indicators
        if indicator.id in definition.totals
    ]
    for indicator in wanted:
        connection.execute(
            f"""
            INSERT INTO figures
            WITH member AS (
                SELECT DISTINCT CASE "from" WHEN '{_UK}' THEN '{_UK_WITHOUT_OFFSHORE}' ELSE "from" END AS larger,
                    "to" AS area
                FROM read_parquet({quoted(areas / "links.parquet")})
                JOIN read_parquet({quoted(areas / "areas.parquet")}) AS a ON a.code = "from"
                WHERE kind = 'member' AND a.level IN ('country', 'region', 'combined authority')
            ),
            whole AS (
                SELECT larger, release, start, "end", sum(value) AS value, count(*) AS members
                FROM figures JOIN member USING (area)
                WHERE indicator = $id AND category = $total GROUP BY ALL
            ),
            part AS (
                SELECT larger, release, category, start, "end", sum(value) AS value
                FROM figures JOIN member USING (area) WHERE indicator = $id GROUP BY ALL
            ),
            covered AS (
                SELECT larger, f.release, f.category, f.start, f."end", sum(t.value) AS value, count(*) AS members
                FROM figures AS f JOIN member USING (area)
                JOIN figures AS t ON t.indicator = f.indicator AND t.release = f.release AND t.area = f.area
                    AND t.start = f.start AND t."end" = f."end" AND t.category = $total
                WHERE f.indicator = $id AND f.value IS NOT NULL GROUP BY ALL
            )
            SELECT $id, release, category, larger, start, "end", part.value, NULL, NULL, 'estimated'
            FROM part JOIN covered USING (larger, release, category, start, "end")
            JOIN whole USING (larger, release, start, "end")
            WHERE covered.value >= {_COVERED} * whole.value
                AND NOT EXISTS (SELECT 1 FROM figures AS given WHERE given.indicator = $id AND given.area = larger)
            """,
            {"id": indicator.id, "total": indicator.total_category},
        )
