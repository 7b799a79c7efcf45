"""Areas and links as a build of the catalogue finds them, and the files that it reads and writes."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wellfounded.core import AreaCode
from wellfounded.evidence.types import Area, Level


class Register:
    """Areas and links as they are found."""

    def __init__(self) -> None:
        self.areas: dict[str, Area] = {}
        self.links: dict[tuple[str, str, str], str] = {}

    def add(self, code: str, name: str, level: Level, start: date | None = None, end: date | None = None) -> None:
        self.areas[AreaCode(code)] = Area(code, name.strip(), level, start, end)

    def link(self, kind: str, source: str, target: str, note: str = "") -> None:
        if source != target:
            self.links.setdefault((kind, source, target), note)

    def targets(self, kind: str, source: str) -> list[str]:
        return [target for (k, s, target) in self.links if k == kind and s == source]

    def current(self, code: str) -> list[str]:
        """The current codes of what `code` became, itself where it still exists."""
        if self.areas[code].end is None:
            return [code]
        return sorted({final for target in self.targets("successor", code) for final in self.current(target)})

    def members(self) -> dict[str, frozenset[str]]:
        found = defaultdict(set)
        for kind, source, target in self.links:
            if kind == "member":
                found[source].add(target)
        return {code: frozenset(members) for code, members in found.items()}


def areas_table(register: Register) -> pa.Table:
    """The areas: code, name, level, start, end."""
    areas = sorted(register.areas.values(), key=lambda area: area.code)
    return pa.table(
        {
            "code": pa.array([a.code for a in areas], pa.string()),
            "name": pa.array([a.name for a in areas], pa.string()),
            "level": pa.array([a.level.value for a in areas], pa.string()),
            "start": pa.array([a.start for a in areas], pa.date32()),
            "end": pa.array([a.end for a in areas], pa.date32()),
        }
    )


def links_table(register: Register) -> pa.Table:
    """The links: kind, from, to, note."""
    links = sorted((kind, a, b, note) for (kind, a, b), note in register.links.items())
    kinds, sources, targets, notes = (list(column) for column in zip(*links, strict=True))
    return pa.table({"kind": kinds, "from": sources, "to": targets, "note": notes})


def write(path: Path, table: pa.Table) -> int:
    """How many rows `table` has, after writing it to `path`."""
    pq.write_table(table, path, compression="zstd", compression_level=19)
    return int(table.num_rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a small CSV file, by column name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
