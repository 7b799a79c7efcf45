"""Builds the catalogue's areas: who they are, how they relate, their neighbours and their boundaries."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wellfounded.core import NotAnAreaCode
from wellfounded.evidence import areas_known as known
from wellfounded.evidence.areas_geometry import Shapes, draw_boundaries, read_topojson
from wellfounded.evidence.areas_register import Register, areas_table, links_table, read_rows, write
from wellfounded.evidence.types import Area, Level

_LEVEL_OF_PREFIX = {
    "K02": Level.COUNTRY,
    "E92": Level.COUNTRY,
    "W92": Level.COUNTRY,
    "S92": Level.COUNTRY,
    "N92": Level.COUNTRY,
    "E12": Level.REGION,
    "E47": Level.COMBINED_AUTHORITY,
    "E10": Level.COUNTY,
    "E11": Level.METROPOLITAN_COUNTY,
    **dict.fromkeys(("E06", "E07", "E08", "E09", "W06", "S12", "N09"), Level.LOCAL_AUTHORITY),
}
_ITL_LEVEL = {3: Level.ITL1, 4: Level.ITL2, 5: Level.ITL3}
_NUTS_LEVEL = {3: Level.NUTS1, 4: Level.NUTS2, 5: Level.NUTS3}


def build_areas(source_folder: Path, to: Path) -> dict[str, int]:
    """Rows written of each of the four tables, read from the publishers' files in `source_folder`."""
    register = Register()
    shapes = read_topojson(source_folder / "areas/topo.json", code="areacd")
    _add_official_areas(register, source_folder / "areas", shapes)
    _add_itl_2025(register, source_folder / "areas/lad-2024-to-itl-2025.csv")
    _add_former_itl_and_nuts(register, source_folder)
    _add_lsips(register, source_folder / "areas/lad-to-lsip.xlsx")
    _add_leps(register)
    _add_same_ground(register)
    neighbours = _neighbours(source_folder / "areas", register)
    boundaries = draw_boundaries(shapes, _groups_to_draw(register))
    to.mkdir(parents=True, exist_ok=True)
    return {
        "areas": write(to / "areas.parquet", areas_table(register)),
        "links": write(to / "links.parquet", links_table(register)),
        "neighbours": write(to / "neighbours.parquet", neighbours),
        "boundaries": write(to / "boundaries.parquet", boundaries),
    }


# The official list: countries, regions, counties, combined authorities, local authorities


def _add_official_areas(register: Register, folder: Path, shapes: Shapes) -> None:
    with (folder / "geo-metadata.json").open(encoding="utf-8") as file:
        listed: dict[str, dict[str, Any]] = json.load(file)
    for code, entry in listed.items():
        if level := _LEVEL_OF_PREFIX.get(code[:3]):
            register.add(code, entry["areanm"], level, *_dates(code, entry))
    for code, properties in shapes.properties.items():  # knows years that the list leaves out
        if code in register.areas and (properties.get("start") or properties.get("end")):
            start, end = _dates(code, properties)
            register.areas[code] = replace(register.areas[code], start=start, end=end)
    for code, (name, _) in known.UNIONS.items():
        register.add(code, name, Level.COUNTRY)
    for code, (target, note) in known.STANDS_FOR.items():
        register.add(code, known.STANDS_FOR_NAMES[code], Level.COUNTRY)
        register.link("stands for", code, target, note)
    _add_code_history(register, read_rows(folder / "local-authority-code-history.csv"), shapes)
    _add_parents(register, folder, shapes)


def _dates(code: str, entry: dict[str, Any]) -> tuple[date | None, date | None]:
    """First and last day. The lists give years; councils change over on 1 April."""
    start, end = entry.get("start"), entry.get("end")
    return (date(start, 4, 1) if start else None, date(end + 1, 3, 31) if end else known.EARLY_ENDS.get(code))


def _add_code_history(register: Register, rows: list[dict[str, str]], shapes: Shapes) -> None:
    """Successors: by the ground, from the areas that began when one ended; the official history decides in the end."""
    for row in rows:
        code = row["LADCD"]
        if code not in register.areas:
            register.add(code, row["LADNM"], Level.LOCAL_AUTHORITY, None, known.EARLY_ENDS[code])
    for code, target in known.METROPOLITAN_SUCCESSORS.items():
        register.add(code, register.areas[target].name, Level.METROPOLITAN_COUNTY, None, known.EARLY_ENDS[code])
        register.link("successor", code, target, _since(register.areas[code].end))
    active = {row["LADCD"]: row["LADCD_ACTIVE"] for row in rows}
    for area in [a for a in register.areas.values() if a.end and a.code[:3] not in ("E10", "E11")]:
        assert area.end is not None
        after = area.end + timedelta(days=1)
        began = [a.code for a in register.areas.values() if a.start == after and a.level == area.level]
        successors = sorted({*shapes.containing(area.code, among=began), *shapes.inside(area.code, among=began)})
        if not successors and area.code in active:
            successors = [active[area.code]]
        for successor in successors:
            register.link("successor", area.code, successor, _since(area.end))
            if register.areas[successor].start is None:
                register.areas[successor] = replace(register.areas[successor], start=after)
    for code, target in active.items():
        if register.current(code) != [target]:
            raise HistoriesDisagree(
                f"{code} became {target} in local-authority-code-history.csv but {register.current(code)} by its "
                "ground in topo.json: one of the two files is wrong"
            )


class HistoriesDisagree(ValueError):
    """Two of the publishers' files tell different things of what became of an area."""


def _since(end: date | None) -> str:
    return f"since {(end + timedelta(days=1)).isoformat()}" if end else ""


def _add_parents(register: Register, folder: Path, shapes: Shapes) -> None:
    for row in read_rows(folder / "areas-parents-lookup.csv"):
        code, parent = row["areacd"], row["parentcd"]
        if code in register.areas and parent in register.areas and not code.startswith("E47"):
            register.link("parent", code, parent)
    for row in read_rows(folder / "local-authority-code-history.csv"):
        code, country = row["LADCD"], row["CTRYCD"]
        region = row["RGNCD"] if row["RGNCD"].startswith("E12") else country
        register.link("parent", code, region)
        register.link("parent", region, country)
        register.link("parent", country, row["UKCD"])
        if row["UTLACD"].startswith("E10"):
            register.link("parent", code, row["UTLACD"])
        if register.areas[code].end is None:
            for whole in {region, country, row["UKCD"], *_unions_of(country)}:
                register.link("member", whole, code)
            if row["UTLACD"].startswith("E10"):
                register.link("member", row["UTLACD"], code)
    for union, (_, countries) in known.UNIONS.items():
        register.link("parent", union, "K02000001")
        for country in countries:
            register.link("parent", country, union)
    for area in [a for a in register.areas.values() if a.level in (Level.METROPOLITAN_COUNTY, Level.COUNTY)]:
        for code in shapes.inside(area.code, among=_local_authorities(register)):
            authority = register.areas[code]
            if _overlap(authority, area):
                register.link("parent", code, area.code)
            if authority.end is None and area.end is None:
                register.link("member", area.code, code)
    _add_combined_authorities(register, folder, shapes)


def _unions_of(country: str) -> list[str]:
    return [union for union, (_, countries) in known.UNIONS.items() if country in countries]


def _overlap(first: Area, second: Area) -> bool:
    return (first.end or date.max) > (second.start or date.min) and (second.end or date.max) > (first.start or date.min)


def _local_authorities(register: Register) -> list[str]:
    return [a.code for a in register.areas.values() if a.level == Level.LOCAL_AUTHORITY]


def _add_combined_authorities(register: Register, folder: Path, shapes: Shapes) -> None:
    for row in read_rows(folder / "lad-to-combined-authority-may-2025.csv"):
        register.link("parent", row["LAD25CD"], row["CAUTH25CD"], "May 2025")
        register.link("member", row["CAUTH25CD"], row["LAD25CD"], "May 2025")
    for area in [a for a in register.areas.values() if a.level == Level.COMBINED_AUTHORITY]:
        if area.end is None:
            held = [set(register.targets("parent", code)) for code in register.targets("member", area.code)]
            regions = [whole for whole in sorted(set.intersection(*held)) if whole.startswith("E12")]
            for whole in regions or ["E92000001"]:  # one that spans regions lies in none of them
                register.link("parent", area.code, whole)
            continue
        for code in shapes.inside(area.code, among=_local_authorities(register)):
            if _overlap(register.areas[code], area):
                register.link("parent", code, area.code, f"until {area.end}")
            if register.areas[code].end is None:
                register.link("member", area.code, code, f"until {area.end}")


# Statistical geographies: ITL, NUTS, LSIP, LEP


def _add_itl_2025(register: Register, path: Path) -> None:
    rows = read_rows(path)
    pieces: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        pieces[row["LAD24CD"]].add(row["itl3"])
    split = {code: thirds for code, thirds in pieces.items() if len(thirds) > 1}
    incomplete = {code for thirds in split.values() for third in thirds for code in (third, third[:4])}
    for row in rows:
        for level in (1, 2, 3):
            code = row[f"itl{level}"]
            register.add(code, row[f"itl{level}name"], _ITL_LEVEL[len(code)])
        register.link("parent", row["itl3"], row["itl2"])
        register.link("parent", row["itl2"], row["itl1"])
        for authority in register.current(row["LAD24CD"]):
            note = "part" if row["LAD24CD"] in split else ""
            register.link("parent", authority, row["itl3"], note)
            for code in (row["itl1"], row["itl2"], row["itl3"]):
                if code not in incomplete:
                    register.link("member", code, authority)


def _add_former_itl_and_nuts(register: Register, folder: Path) -> None:
    """ITL 2021 and the NUTS codes that the innovation files use.

    ITL 2021 took over NUTS 2016 with the first letters changed; a code whose ground changed in 2025 got a new code,
    so a code says the same ground wherever it appears.
    """
    table = pq.read_table(
        folder / "employment-by-industry/BRES.parquet", columns=["geography.code", "geography.name"]
    ).group_by(["geography.code", "geography.name"])
    nuts_2016 = {
        code: name
        for code, name in zip(*(column.to_pylist() for column in table.aggregate([]).columns), strict=True)
        if code.startswith("TL")
    }
    by_name = {a.name: a.code for a in register.areas.values() if a.level == Level.LOCAL_AUTHORITY and not a.end}
    for code, name in {**nuts_2016, **_former_itl_names(folder)}.items():
        if code in register.areas:
            continue
        register.add(code, name, _ITL_LEVEL[len(code)], *known.ITL_2021_IN_FORCE)
        if len(code) > 3:
            register.link("parent", code, code[:-1])
        if len(code) == 5 and name in by_name:
            register.link("member", code, by_name[name], "by its name")
    vintages: dict[str, set[str]] = defaultdict(set)
    for path in sorted((folder / "innovation").glob("*.nuts*.csv")):
        for row in read_rows(path):
            for code in (row["nuts_id"], *_nuts_parents(row["nuts_id"])):
                vintages[code].add(row["nuts_year_spec"])
    for code, found in sorted(vintages.items()):
        successor = "TL" + code[2:]
        if successor in nuts_2016 or len(code) == 3:
            found.add("2016")
        name = register.areas[successor].name if successor in register.areas else known.NUTS_NAMES.get(code, code)
        name = known.NUTS_NAMES.get(code, name)
        try:
            start, end_of = known.NUTS_IN_FORCE[min(found)][0], known.NUTS_IN_FORCE[max(found)][1]
            register.add(code, name, _NUTS_LEVEL[len(code)], start, end_of)
        except NotAnAreaCode:
            continue  # UKZZZ: outside any region; its rows are rejected by their reader
        for parent in _nuts_parents(code)[:1]:
            register.link("parent", code, parent)
        if successor in nuts_2016 or (len(code) == 3 and successor in register.areas):
            register.link("same", code, successor, "ITL 2021 took over NUTS 2016 with the first letters changed")
            for member in register.targets("member", successor):
                register.link("member", code, member)
        elif len(code) == 5 and name in by_name:
            register.link("member", code, by_name[name], "by its name")


def _nuts_parents(code: str) -> list[str]:
    """NUTS 2 and 1 areas of a NUTS code, which is their first letters; Northern Ireland ran out of digits."""
    second = "UKN0" if code.startswith("UKN1") else code[:4]
    return [parent for parent in (second, code[:3]) if len(parent) < len(code)]


def _former_itl_names(folder: Path) -> dict[str, str]:
    """ITL 2021 codes and names as Explore Local Statistics writes them; BRES has Great Britain only, by NUTS name."""
    found: dict[str, str] = {}
    for path in sorted((folder / "explore-local-statistics").glob("*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [name.strip().lower() for name in next(reader)]
            if header[:2] != ["areacd", "areanm"]:
                continue
            found.update({row[0]: row[1] for row in reader if row and row[0].startswith("TL") and len(row[0]) > 3})
    return found


def _add_lsips(register: Register, path: Path) -> None:
    import openpyxl

    workbook = openpyxl.load_workbook(path, read_only=True)
    rows = list(workbook.worksheets[0].iter_rows(min_row=2, values_only=True))
    workbook.close()
    for authority, _, code, name, *_ in rows:
        register.add(str(code), str(name), Level.LSIP)
        for current in register.current(str(authority)):
            register.link("parent", current, str(code), "2023")
            register.link("member", str(code), current, "2023")


def _add_leps(register: Register) -> None:
    for code, name in known.LEPS.items():
        register.add(code, name, Level.LEP, None, known.LEPS_END)
    for code, members in known.LEP_MEMBERS.items():
        for member in members:
            register.link("member", code, member)
            register.link("parent", member, code, f"until {known.LEPS_END}")


def _add_same_ground(register: Register) -> None:
    """Links of kind `same` between areas that have the same members, and between old and new codes of one council."""
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for code, members in register.members().items():
        alike[members].append(code)
        if len(members) == 1:
            (only,) = members
            register.link("same", code, only, "its only member")
    for members, codes in alike.items():
        for first in codes:
            for second in codes:
                if first < second:
                    register.link("same", first, second, "the same members" if len(members) > 1 else "the same member")


# Neighbours, boundaries, tables


def _neighbours(folder: Path, register: Register) -> pa.Table:
    columns: dict[str, list[Any]] = {"kind": [], "area": [], "rank": [], "neighbour": []}
    for kind in ("global", "economic", "demographic"):
        for row in read_rows(folder / f"{kind}-neighbours.csv"):
            area = row.pop("AREACD")
            for rank, neighbour in row.items():
                if neighbour and area in register.areas:
                    for name, value in zip(columns, (kind, area, int(rank), neighbour), strict=True):
                        columns[name].append(value)
    types = (pa.string(), pa.string(), pa.int8(), pa.string())
    return pa.table({name: pa.array(columns[name], kind) for name, kind in zip(columns, types, strict=True)})


def _groups_to_draw(register: Register) -> dict[str, tuple[Level, list[str]]]:
    """The areas to draw, with the local authorities that each is made of."""
    drawn = (Level.LOCAL_AUTHORITY, Level.REGION, Level.COUNTRY, Level.COMBINED_AUTHORITY)
    members = register.members()
    return {
        area.code: (area.level, sorted(members.get(area.code, {area.code})))
        for area in register.areas.values()
        if area.level in drawn and area.end is None and area.code not in known.STANDS_FOR
    }
