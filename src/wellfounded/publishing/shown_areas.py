"""Profiles of areas: the latest figure of every indicator with its rank, for all areas at once, by one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from wellfounded.core import NoValue, Period
from wellfounded.evidence.base import Base
from wellfounded.evidence.columns import CODED
from wellfounded.evidence.store import SCHEMA, Store
from wellfounded.evidence.types import Area, Indicator, Level, Rule
from wellfounded.publishing.model import AreaRef, AreaRow
from wellfounded.publishing.readings import WHY_NONE, Reading, Readings
from wellfounded.publishing.words import place_in_order

if TYPE_CHECKING:
    import duckdb

PAGED = (
    Level.COUNTRY, Level.REGION, Level.COMBINED_AUTHORITY, Level.LOCAL_AUTHORITY, Level.ITL1, Level.ITL2, Level.ITL3,
)  # fmt: skip
MOST_THAT_STAND_OUT = 6
EXTREME = 0.05  # of the areas of a kind, at either end
FEWEST_TO_STAND_OUT = 40
_NEIGHBOURS = 10
_EPOCH = date(1970, 1, 1)
_MANY = {
    Level.LOCAL_AUTHORITY: "local authorities",
    Level.REGION: "regions",
    Level.COUNTRY: "countries",
    Level.COMBINED_AUTHORITY: "combined authorities",
    Level.ITL1: "ITL1 regions",
    Level.ITL2: "ITL2 regions",
    Level.ITL3: "ITL3 areas",
}

# Figures of the latest release, of the whole; one row for each indicator and area that has a page: the latest period
# with a value, else the latest with a reason for none. Ranks are among areas of one level with the same period.
_QUERY = """
create temp table picked as
with held as (
    select f.indicator, c.page, f.start, f."end", f.value, f.lower, f.upper, f.status, f.release, c.priority
    from figures f
    join latest l on l.indicator = f.indicator and l.release = f.release
    join meta m on m.id = f.indicator and m.total = f.category
    join codes c on c.used = f.area
)
select * exclude (priority) from held
qualify row_number() over (
    partition by indicator, page order by (value is null), "end" desc, start, priority
) = 1;

create temp table profile as
with ranked as (
    select p.*, a.level, m.position as indicator_order, m.label, m.chapter, m.prefix, m.suffix, m.decimals,
        case when value is not null then rank() over same_kind end as rank,
        case when value is not null and a.level <> 'country' then count(value) over of_a_kind end as of_,
        median(value) over of_a_kind as middle,
        count(value) over (partition by p.indicator, a.level, p.start, p."end", value) as tied, m.counts
    from picked p join paged a on a.code = p.page join meta m on m.id = p.indicator
    window of_a_kind as (partition by p.indicator, a.level, p.start, p."end"),
        same_kind as (partition by p.indicator, a.level, p.start, p."end", value is null order by value desc)
), worded as (
    select r.*, d.label as period, coalesce(w.why, 'not published') as why,
        written(value, prefix, suffix, decimals) as text,
        case when lower is not null and upper is not null
            then written(lower, prefix, suffix, decimals) || ' to ' || written(upper, prefix, suffix, decimals)
            else '' end as interval
    from ranked r join periods d on d.start = r.start and d."end" = r."end" left join reasons w on w.status = r.status
)
select * from worded;
"""
_WRITTEN = """
create temp macro written(v, prefix, suffix, decimals) as
    case when v is null then '' else
        (case when v < 0 and regexp_matches(format('{:.' || decimals || 'f}', v), '[1-9]') then '−' else '' end)
        || prefix || format('{:,.' || decimals || 'f}', abs(v)) || suffix
    end;
"""
_ROWS = """
with chaptered as (
    select page, chapter, to_json(list({
        'indicator': indicator, 'label': label, 'period': period, 'text': text, 'interval': interval,
        'why_none': case when value is null then why else '' end, 'value': value, 'release': release,
        'rank': case when of_ > 1 then rank end, 'of': case when of_ > 1 then of_ end,
        'position': case when of_ > 1 then round((of_ - rank) * 100.0 / (of_ - 1), 1) end, 'rule': ''
    } order by indicator_order)) as rows
    from profile group by page, chapter
)
select page, '{' || string_agg(to_json(chapter) || ':' || rows, ',' order by chapter) || '}'
from chaptered group by page order by page
"""
_STANDS_OUT = """
select page, label, text, period, rank, of_, level from profile
where of_ >= ? and not counts and tied <= 2 and (rank <= of_ * ? or rank > of_ * (1 - ?))
    and (lower is null or lower > middle or upper < middle)
qualify row_number() over (partition by page order by least(rank - 1, of_ - rank) * 1.0 / of_, indicator_order) <= ?
order by page, least(rank - 1, of_ - rank) * 1.0 / of_, indicator_order
"""


class _AreaFile(msgspec.Struct, omit_defaults=True):
    """A ShownArea whose rows are JSON already."""

    code: str
    name: str
    level: str
    rows: msgspec.Raw
    parents: tuple[AreaRef, ...] = ()
    members: tuple[AreaRef, ...] = ()
    same_as: tuple[AreaRef, ...] = ()
    neighbours: tuple[AreaRef, ...] = ()
    stands_out: tuple[str, ...] = ()
    is_place: bool = False
    is_member: bool = False
    colour: str = ""


@dataclass(frozen=True)
class Profiles:
    """The files of all areas, by code, and the references to them in order."""

    files: dict[str, bytes]
    refs: tuple[AreaRef, ...]


def profiles(readings: Readings, shown: Sequence[Reading], *, chapters: Sequence[str]) -> Profiles:
    """The profile of the place, and of every area of the country that has figures; `shown` are the place's readings."""
    base, store = readings.evaluation.base, readings.evaluation.store
    areas = store.catalogue.areas
    paged = [
        area
        for area in areas.areas.values()
        if area.level in PAGED and area.end is None and not _stands_in(area.code, store)
    ]
    rows, outstanding = _profiled(base, store, paged)
    have = {area.code for area in paged if area.code in rows}
    refs = {area.code: readings.ref(area.code) for area in paged if area.code in have}
    files = {
        code: msgspec.json.encode(_file(refs[code], rows[code], outstanding.get(code, ()), refs, base, store))
        for code in refs
    }
    place = readings.ref(base.code)
    files = {place.code: msgspec.json.encode(_place(place, shown, refs, readings, chapters)), **files}
    order = {level: at for at, level in enumerate(PAGED)}
    ordered = sorted(refs.values(), key=lambda ref: (order[areas.level(ref.code)], ref.name, ref.code))
    return Profiles(files, (place, *ordered))


def _stands_in(code: str, store: Store) -> bool:
    """Whether a code only stands for another area."""
    areas = store.catalogue.areas
    return areas.level(code) is Level.COUNTRY and code not in areas.of_level(Level.COUNTRY)


def _file(
    ref: AreaRef, rows: str, outstanding: Sequence[str], refs: dict[str, AreaRef], base: Base, store: Store
) -> _AreaFile:
    areas = store.catalogue.areas
    code = ref.code

    def known(codes: Iterable[str]) -> tuple[AreaRef, ...]:
        return tuple(refs[one] for one in codes if one in refs and one != code)

    members = areas.members(code)
    return _AreaFile(
        code=code,
        name=ref.name,
        level=ref.level,
        rows=msgspec.Raw(rows.encode()),
        parents=known(areas.parents(code)),
        members=known(members) if len(members) < 60 else (),
        same_as=tuple(AreaRef(one, areas.name(one), areas.level(one).value) for one in areas.same_as(code)),
        neighbours=known(areas.neighbours(code, n=_NEIGHBOURS)) if areas.level(code) is Level.LOCAL_AUTHORITY else (),
        stands_out=tuple(outstanding),
        is_member=code in base.members,
        colour=ref.colour,
    )


def _place(
    ref: AreaRef, shown: Sequence[Reading], refs: dict[str, AreaRef], readings: Readings, chapters: Sequence[str]
) -> _AreaFile:
    """The place's own profile, from its readings: combined from its members, with the rule of each figure."""
    base, areas = readings.evaluation.base, readings.evaluation.store.catalogue.areas
    rows: dict[str, list[AreaRow]] = {chapter: [] for chapter in chapters}
    for reading in shown:
        figure = reading.figure(reading.place.which, reading.latest)
        rows.setdefault(reading.indicator.chapter, []).append(
            AreaRow(
                indicator=reading.indicator.id,
                label=reading.indicator.label,
                period=figure.period,
                text=figure.text,
                interval=figure.interval,
                why_none=figure.why_none,
                value=figure.value,
                release=figure.release,
                rule=figure.rule,
            )
        )
    parents = [
        code for code in areas.parents(base.members[0]) if all(code in areas.parents(other) for other in base.members)
    ]
    neighbours = base.comparators.get("neighbours")
    around = readings.evaluation.subjects.roles.get("comparator:neighbours") if neighbours else None
    near = readings.evaluation.subjects.sets[int(around[0])].members if around is not None else ()
    return _AreaFile(
        code=ref.code,
        name=ref.name,
        level="place",
        rows=msgspec.Raw(msgspec.json.encode({chapter: found for chapter, found in rows.items() if found})),
        parents=tuple(refs[code] for code in parents if code in refs),
        members=tuple(refs[code] for code in base.members if code in refs),
        same_as=tuple(
            AreaRef(code, areas.name(code), areas.level(code).value)
            for code in dict.fromkeys([*base.same_as, *areas.made_of(base.members)])
        ),
        neighbours=tuple(refs[code] for code in near if code in refs),
        is_place=True,
        colour=ref.colour,
    )


def _profiled(base: Base, store: Store, paged: Sequence[Area]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The rows of each area as JSON, and what stands out in it."""
    import duckdb

    connection = duckdb.connect()
    path = str(store.catalogue.figures_path).replace("'", "''")
    columns = ", ".join(f'"{name}"' for name in SCHEMA.names)
    _table(connection, "local_figures", _local(base))
    connection.execute(
        f"create temp view figures as select {columns} from read_parquet('{path}') "
        f"union all select {columns} from local_figures"
    )
    indicators = [store.indicator(name) for name in store.indicator_ids()]
    for name, table in _tables(indicators, paged, store).items():
        _table(connection, name, table)
    pairs = connection.execute('select distinct start, "end" from figures order by all').fetchall()
    _table(connection, "periods", _periods(pairs))
    connection.execute(_WRITTEN)
    connection.execute(_QUERY)
    rows = dict(connection.execute(_ROWS).fetchall())
    found: dict[str, list[str]] = {}
    given = [FEWEST_TO_STAND_OUT, EXTREME, EXTREME, MOST_THAT_STAND_OUT]
    for page, label, text, period, rank, of, level in connection.execute(_STANDS_OUT, given).fetchall():
        found.setdefault(page, []).append(
            f"{label}: {text} ({period}), {place_in_order(rank, of)} of {of} {_MANY[Level(level)]}."
        )
    connection.close()
    return rows, {code: tuple(sentences) for code, sentences in found.items()}


Columns = dict[str, tuple[str, Sequence[object]]]  # type and values by column


def _table(connection: duckdb.DuckDBPyConnection, name: str, columns: Columns) -> None:
    """Makes a table of columns; by lists, as Arrow would wake pandas, which takes longer than the query."""
    chosen = ", ".join(f'unnest(?::{kind}[]) as "{column}"' for column, (kind, _) in columns.items())
    connection.execute(f"create temp table {name} as select {chosen}", [list(values) for _, values in columns.values()])


def _local(base: Base) -> Columns:
    """The figures that the base carries itself."""
    rows = [source.figures for source in base.local]
    texts = {name: [text for one in rows for text in getattr(one, name).texts()] for name in CODED}
    days = {
        name: [_EPOCH + timedelta(days=day) for one in rows for day in getattr(one, name).tolist()]
        for name in ("start", "end")
    }
    numbers = {
        name: [None if number != number else number for one in rows for number in getattr(one, name).tolist()]
        for name in ("value", "lower", "upper")
    }
    return {
        **{name: ("varchar", found) for name, found in texts.items()},
        **{name: ("date", found) for name, found in days.items()},
        **{name: ("double", found) for name, found in numbers.items()},
    }


def _tables(indicators: Sequence[Indicator], paged: Sequence[Area], store: Store) -> dict[str, Columns]:
    """What the query joins: indicators, their latest releases, areas, the codes that stand for them, reasons."""
    latest = [(item.id, releases[0].id) for item in indicators if (releases := store.releases_of(item.id))]
    codes = _codes(paged, store)
    reasons = {**{item.value: words for item, words in WHY_NONE.items()}, "": WHY_NONE[NoValue.MISSING]}
    return {
        "meta": {
            "id": ("varchar", [item.id for item in indicators]),
            "position": ("integer", range(len(indicators))),
            "label": ("varchar", [item.label for item in indicators]),
            "chapter": ("varchar", [item.chapter for item in indicators]),
            "prefix": ("varchar", [item.unit.prefix for item in indicators]),
            "suffix": ("varchar", [item.unit.suffix for item in indicators]),
            "decimals": ("integer", [max(item.unit.decimals, 0) for item in indicators]),
            "counts": ("boolean", [item.additivity.rule in (Rule.SUM, Rule.CHAINED) for item in indicators]),
            "total": ("varchar", [item.total_category for item in indicators]),
        },
        "latest": {"indicator": ("varchar", [a for a, _ in latest]), "release": ("varchar", [b for _, b in latest])},
        "paged": {
            "code": ("varchar", [area.code for area in paged]),
            "level": ("varchar", [area.level.value for area in paged]),
        },
        "codes": {
            "used": ("varchar", [used for used, _, _ in codes]),
            "page": ("varchar", [page for _, page, _ in codes]),
            "priority": ("integer", [priority for _, _, priority in codes]),
        },
        "reasons": {"status": ("varchar", list(reasons)), "why": ("varchar", list(reasons.values()))},
    }


def _codes(paged: Sequence[Area], store: Store) -> list[tuple[str, str, int]]:
    """Under which codes the figures of an area may stand: its own, what stands for it, the same ground."""
    areas = store.catalogue.areas
    found: list[tuple[str, str, int]] = []
    for area in paged:
        others = [*areas.stands_for(area.code), *areas.same_as(area.code)]
        before = [old for old in areas.predecessors(area.code) if areas.current(old) == (area.code,)]
        others += before if len(before) == 1 else []
        found += [(code, area.code, at) for at, code in enumerate(dict.fromkeys([area.code, *others]))]
    return found


def _periods(pairs: Sequence[tuple[date, date]]) -> Columns:
    return {
        "start": ("date", [start for start, _ in pairs]),
        "end": ("date", [end for _, end in pairs]),
        "label": ("varchar", [Period(start, end).label for start, end in pairs]),
    }


__all__ = ["Profiles", "profiles"]
