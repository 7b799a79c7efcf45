"""The areas of the catalogue and how they relate: levels, parents, members, codes that mean the same, neighbours."""

from __future__ import annotations

import difflib
import json
import unicodedata
from collections import defaultdict
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from wellfounded.evidence.types import Area, Level

# Which of several areas with one name a reader most likely means.
_LIKELY = (
    Level.LOCAL_AUTHORITY,
    Level.COUNTRY,
    Level.REGION,
    Level.COMBINED_AUTHORITY,
    Level.COUNTY,
    Level.METROPOLITAN_COUNTY,
    Level.LEP,
    Level.LSIP,
    Level.ITL2,
    Level.ITL1,
    Level.ITL3,
)
_SHORT = {"uk": "united kingdom", "gb": "great britain"}
_NO_MATCH = 9


class NoSuchArea(LookupError):
    """No area of the catalogue has this code."""

    def __init__(self, code: str, near: list[Area]) -> None:
        self.code, self.near = code, near
        names = ", ".join(f"{area.code} ({area.name})" for area in near)
        super().__init__(
            f"no area has the code {code!r}"
            + (f"; near it are {names}" if names else "")
            + ": look codes up with `wellfounded areas NAME`"
        )


class AreaGraph:
    """Areas by code, and the links between them."""

    def __init__(
        self, areas: dict[str, Area], links: dict[str, dict[str, list[str]]], folder: Path | None = None
    ) -> None:
        self.areas = areas
        self._folder = folder
        self._to = links
        self._from: dict[str, dict[str, list[str]]] = {}
        for kind, by_source in links.items():
            reverse: dict[str, list[str]] = defaultdict(list)
            for source, targets in by_source.items():
                for target in targets:
                    reverse[target].append(source)
            self._from[kind] = reverse

    @classmethod
    def read(cls, folder: Path) -> AreaGraph:
        """The graph in `folder`; neighbours and boundaries are read when first asked for."""
        columns = _columns(folder / "areas.parquet", ["code", "name", "level", "start", "end"])
        areas = {
            code: Area(code, name, Level(level), start, end)
            for code, name, level, start, end in zip(*columns, strict=True)
        }
        links: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for kind, source, target in zip(*_columns(folder / "links.parquet", ["kind", "from", "to"]), strict=True):
            links[kind][source].append(target)
        return cls(areas, links, folder)

    def __contains__(self, code: object) -> bool:
        return code in self.areas

    def __len__(self) -> int:
        return len(self.areas)

    def get(self, code: str) -> Area:
        """The area with this code. Raises NoSuchArea, which names near ones."""
        try:
            return self.areas[code]
        except KeyError:
            raise NoSuchArea(code, self.find(code)[:3]) from None

    def name(self, code: str) -> str:
        """The official name of the area."""
        return self.get(code).name

    def level(self, code: str) -> Level:
        """What kind of area it is."""
        return self.get(code).level

    def parents(self, code: str, level: Level | None = None) -> tuple[str, ...]:
        """The areas that hold this one, nearest first; of one level if asked. Ended ones only for an ended area."""
        return self._closure(code, self._to["parent"], level)

    def children(self, code: str, level: Level | None = None) -> tuple[str, ...]:
        """The areas that this one holds, nearest first; of one level if asked. Ended ones only for an ended area."""
        return self._closure(code, self._from["parent"], level)

    def members(self, code: str) -> tuple[str, ...]:
        """The current local authorities that make up the area; a local authority itself for one; () if not known."""
        area = self.get(code)
        if area.level == Level.LOCAL_AUTHORITY:
            return (code,)
        target = next(iter(self._to["stands for"].get(code, ())), code)
        return tuple(self._to["member"].get(target, ()))

    def made_of(self, members: tuple[str, ...]) -> tuple[str, ...]:
        """The codes of the areas that are made of exactly these local authorities, whatever their level."""
        wanted = set(members)
        return tuple(code for code, held in self._to["member"].items() if set(held) == wanted and code not in wanted)

    def same_as(self, code: str) -> tuple[str, ...]:
        """The other codes of the same ground."""
        self.get(code)
        found, waiting = {code: None}, [code]
        while waiting:
            one = waiting.pop()
            for other in (*self._to["same"].get(one, ()), *self._from["same"].get(one, ())):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return tuple(sorted(other for other in found if other != code))

    def stands_for(self, code: str) -> tuple[str, ...]:
        """The codes that may be read as this area where a series has no figure under its own code."""
        self.get(code)
        return tuple(sorted(self._from["stands for"].get(code, ())))

    def current(self, code: str, on: date | None = None) -> tuple[str, ...]:
        """What the area is on the day `on`, now if none is given: itself, or its successors."""
        area = self.get(code)
        if area.end is None or (on is not None and on <= area.end):
            return (code,)
        successors = self._to["successor"].get(code, ())
        return tuple(sorted({final for one in successors for final in self.current(one, on)})) or (code,)

    def predecessors(self, code: str) -> tuple[str, ...]:
        """The former areas that became this one, the earliest last."""
        direct = sorted(self._from["successor"].get(code, ()))
        return tuple(direct) + tuple(earlier for one in direct for earlier in self.predecessors(one))

    def of_level(self, level: Level, on: date | None = None, country: str | None = None) -> tuple[str, ...]:
        """The areas of a level that exist on the day `on` (now if none is given), within one country if asked.

        Codes that only stand for another area are left out.
        """
        return tuple(
            area.code
            for area in self.areas.values()
            if area.level == level
            and _exists(area, on)
            and area.code not in self._to["stands for"]
            and (country is None or area.code == country or country in self._all_parents(area.code))
        )

    def find(self, text: str) -> list[Area]:
        """Areas whose code or name the text means, the likeliest first; whatever comes near if nothing fits."""
        wanted = _plain(text)
        if not wanted:
            return []
        code = text.strip().upper()
        if code in self.areas:
            return [self.areas[code]]
        ranks = [(_rank(name, wanted), area) for area, name in self._names]
        found = [area for rank, area in sorted(ranks, key=lambda one: one[0]) if rank < _NO_MATCH]
        return found or self._near(code, wanted)

    def neighbours(self, code: str, kind: str = "global", n: int = 20) -> tuple[str, ...]:
        """The `n` areas most like this one, nearest first: ONS statistical nearest neighbours."""
        self.get(code)
        kinds = sorted(self._neighbours)
        if kind not in self._neighbours:
            raise NoSuchKindOfNeighbour(f"there are no {kind!r} neighbours: the kinds are {', '.join(kinds)}")
        return tuple(self._neighbours[kind].get(code, ())[:n])

    def boundary(self, code: str) -> dict[str, Any] | None:
        """The simplified boundary as a GeoJSON geometry in degrees, exterior rings clockwise; None if none is held."""
        self.get(code)
        found = self._boundaries.get(code)
        geometry: dict[str, Any] | None = json.loads(found[0]) if found else None
        return geometry

    def label_point(self, code: str) -> tuple[float, float] | None:
        """Longitude and latitude of a point well inside the area, for its name on a map; None if none is held."""
        self.get(code)
        found = self._boundaries.get(code)
        return (found[1], found[2]) if found else None

    def _closure(self, code: str, steps: dict[str, list[str]], level: Level | None) -> tuple[str, ...]:
        ended = self.get(code).end is not None
        found: dict[str, None] = {}
        ring = [code]
        while ring:
            ring = [
                other
                for one in ring
                for other in steps.get(one, ())
                if other not in found and (ended or self.areas[other].end is None)
            ]
            found.update(dict.fromkeys(ring))
        return tuple(one for one in found if level is None or self.areas[one].level == level)

    def _all_parents(self, code: str) -> set[str]:
        return self._parent_sets.setdefault(code, set(self.parents(code)))

    def _near(self, code: str, wanted: str) -> list[Area]:
        codes = difflib.get_close_matches(code, self.areas, n=3, cutoff=0.85)
        names: dict[str, Area] = {}
        for area, name in self._names:
            names.setdefault(name, area)
        near = difflib.get_close_matches(wanted, names, n=5, cutoff=0.7)
        return [*(self.areas[one] for one in codes), *(names[one] for one in near)]

    @cached_property
    def _parent_sets(self) -> dict[str, set[str]]:
        return {}

    @cached_property
    def _names(self) -> list[tuple[Area, str]]:
        return [(area, _plain(area.name)) for area in sorted(self.areas.values(), key=_likelihood)]

    @cached_property
    def _neighbours(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        table = self._table("neighbours", ["kind", "area", "neighbour"])
        for kind, area, neighbour in zip(*table, strict=True):
            found[kind][area].append(neighbour)
        return found

    @cached_property
    def _boundaries(self) -> dict[str, tuple[str, float, float]]:
        table = self._table("boundaries", ["code", "geojson", "label_x", "label_y"])
        return {code: (geojson, x, y) for code, geojson, x, y in zip(*table, strict=True)}

    def _table(self, name: str, columns: list[str]) -> list[list[Any]]:
        if self._folder is None:
            return [[] for _ in columns]
        return _columns(self._folder / f"{name}.parquet", columns)


class NoSuchKindOfNeighbour(ValueError):
    """There are no neighbours of this kind."""


def _columns(path: Path, names: list[str]) -> list[list[Any]]:
    return [column.to_pylist() for column in pq.ParquetFile(path).read(columns=names).columns]


def _exists(area: Area, on: date | None) -> bool:
    if on is None:
        return area.end is None
    return (area.start is None or area.start <= on) and (area.end is None or on <= area.end)


def _likelihood(area: Area) -> tuple[bool, int, str]:
    rank = _LIKELY.index(area.level) if area.level in _LIKELY else len(_LIKELY)
    return (area.end is not None, rank, area.name)


def _rank(name: str, wanted: str) -> int:
    """How well a name fits, best first: the same, whole words of it, its beginning, beginnings of its words."""
    words = name.split()
    if name == wanted:
        return 0
    if f" {wanted} " in f" {name} ":
        return 1 if name.startswith(wanted) else 2
    if name.startswith(wanted):
        return 3
    return 4 if all(any(word.startswith(one) for word in words) for one in wanted.split()) else _NO_MATCH


def _plain(text: str) -> str:
    """`text` without case, accents, punctuation and a leading "the"; "&" is "and", "UK" is written out."""
    letters = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    kept = "".join(one if one.isalnum() else " " for one in letters if not unicodedata.combining(one))
    plain = " ".join(kept.split()).removeprefix("the ")
    return _SHORT.get(plain, plain)
