"""Local sources: a base's own figures, a CSV beside a TOML that maps its columns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from wellfounded.core import NotAPeriod, Period
from wellfounded.evidence.located import BaseErrors, Located, Problem, read_toml
from wellfounded.evidence.types import Indicator, Release, Source

if TYPE_CHECKING:
    from wellfounded.evidence.catalogue import Catalogue

_KEYS = ("id", "title", "publisher", "url", "licence")
_MAPPED = ("area", "period", "value", "lower", "upper", "category", "status")
_STATUSES = {"": "", "x": "unavailable", "c": "confidential", "z": "not applicable", "u": "unreliable"}
_MOST_SHOWN = 5  # problems of one kind that are listed one by one


@dataclass(frozen=True)
class LocalSource:
    """Figures that a base carries itself, in the schema of the store."""

    source: Source
    release: Release
    indicators: dict[str, Indicator]
    figures: pa.Table


def load_local_sources(folder: Path, *, catalogue: Catalogue) -> tuple[LocalSource, ...]:
    """The sources in `folder`/sources. Raises BaseErrors with every problem, by file and line (a CSV's row)."""
    problems: list[Problem] = []
    found: list[LocalSource] = []
    for path in sorted((folder / "sources").glob("*.toml")):
        shown = f"sources/{path.name}"
        try:
            found.append(_load(path, read_toml(path, shown_as=shown), catalogue))
        except BaseErrors as error:
            problems += error.problems
    names = [name for source in found for name in source.indicators]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.append(Problem("sources", 1, f"the indicator {name!r} is defined in two local sources"))
    if problems:
        raise BaseErrors(problems)
    return tuple(found)


def _load(path: Path, located: Located, catalogue: Catalogue) -> LocalSource:
    from wellfounded.evidence.catalogue.definitions import indicator_from

    problems: list[Problem] = []
    settings = located.data.get("source", {})
    for key in _KEYS:
        if not isinstance(settings.get(key), str) or not settings[key]:
            problems.append(located.problem(f"`{key}` is missing in [source]", "source"))
    released = settings.get("released")
    if not isinstance(released, date):
        problems.append(located.problem("`released` must be a date, as 2020-09-10", "source", "released"))
    columns = located.data.get("columns", {})
    for key in columns:
        if key not in _MAPPED:
            problems.append(located.problem(f"`{key}` is not one of {', '.join(_MAPPED)}", "columns", key))
    for key in ("area", "period"):
        if key not in columns:
            problems.append(located.problem(f"[columns] does not say which column holds the {key}", "columns"))
    indicators: dict[str, Indicator] = {}
    values: dict[str, str] = {}
    for index, entry in enumerate(located.data.get("indicator", ())):
        plain = {key: value for key, value in entry.items() if key != "value"}
        definition, said = indicator_from(located, plain, index, source=str(settings.get("id", "")))
        problems += said
        if definition is None:
            continue
        if definition.id in catalogue.indicators:
            problems.append(located.problem(f"the catalogue already has an indicator {definition.id!r}", "indicator", index))
        indicators[definition.id] = definition
        values[definition.id] = entry.get("value", columns.get("value", "value"))
    if not indicators and not problems:
        problems.append(located.problem("there is no [[indicator]]"))
    csv = path.parent / settings.get("file", path.with_suffix(".csv").name)
    if not csv.is_file():
        problems.append(located.problem(f"the figures are missing: expected {csv.name} beside this file", "source"))
    if problems:
        raise BaseErrors(problems)
    release = Release(
        id=f"{settings['id']}@{released}",
        source=settings["id"],
        title=settings["title"],
        publisher=settings["publisher"],
        licence=settings["licence"],
        url=settings["url"],
        released=released,
        released_basis=settings.get("released_basis", "publisher"),
        file=csv.name,
        sha256=hashlib.sha256(csv.read_bytes()).hexdigest(),
    )
    source = Source(
        settings["id"], settings["title"], settings["publisher"], settings["url"], settings["licence"], "local-csv",
        settings.get("notes", ""), tuple(indicators),
    )  # fmt: skip
    figures = _figures(csv, columns, values, release, catalogue)
    return LocalSource(source, release, indicators, figures)


def _figures(
    csv: Path, columns: dict[str, str], values: dict[str, str], release: Release, catalogue: Catalogue
) -> pa.Table:
    from wellfounded.evidence.store import SCHEMA

    shown = f"sources/{csv.name}"
    try:
        header = csv.read_text(encoding="utf-8-sig").split("\n", 1)[0].strip().split(",")
        text = {name.strip('"'): pa.string() for name in header}  # every column as text: nothing is guessed
        options = pyarrow.csv.ConvertOptions(column_types=text, strings_can_be_null=False)
        raw = pyarrow.csv.read_csv(csv, convert_options=options)
    except UnicodeDecodeError:
        raise BaseErrors([Problem(shown, 1, "this is not UTF-8 text: save the file as UTF-8")]) from None
    except pa.ArrowInvalid as error:
        raise BaseErrors([Problem(shown, 1, f"this is not a CSV that can be read: {error}")]) from None
    needed = {*columns.values(), *values.values()}
    absent = sorted(needed - set(raw.column_names))
    if absent:
        found = ", ".join(raw.column_names)
        raise BaseErrors([Problem(shown, 1, f"the column {absent[0]!r} is missing; the file has: {found}")])
    problems: list[Problem] = []
    areas, area_problems = _mapped(raw[columns["area"]], lambda text: _area(text, catalogue), shown)
    periods, period_problems = _mapped(raw[columns["period"]], Period.parse, shown)
    statuses, status_problems = _mapped(
        raw[columns["status"]] if "status" in columns else pa.array([""] * raw.num_rows), _status, shown
    )
    problems += area_problems + period_problems + status_problems
    pieces = []
    for indicator, value_column in values.items():
        numbers = {}
        for key in ("value", "lower", "upper"):
            name = value_column if key == "value" else columns.get(key)
            numbers[key], said = _numbers(raw[name], shown, name) if name else (pa.nulls(raw.num_rows, pa.float64()), [])
            problems += said
        if problems:
            continue
        pieces.append(
            pa.table(
                {
                    "indicator": pa.array([indicator] * raw.num_rows),
                    "release": pa.array([release.id] * raw.num_rows),
                    "category": raw[columns["category"]] if "category" in columns else pa.array([""] * raw.num_rows),
                    "area": pa.array(areas, pa.string()),
                    "start": pa.array([period.start if period else None for period in periods], pa.date32()),
                    "end": pa.array([period.end if period else None for period in periods], pa.date32()),
                    **numbers,
                    "status": pa.array(statuses, pa.string()),
                }
            ).cast(SCHEMA)
        )
    if problems:
        raise BaseErrors(problems)
    table = pa.concat_tables(pieces)
    keys = table.group_by(["indicator", "category", "area", "start", "end"]).aggregate([([], "count_all")])
    twice = keys.filter(pc.greater(keys["count_all"], 1))
    if twice.num_rows:
        row = twice.slice(0, 1).to_pylist()[0]
        raise BaseErrors(
            [Problem(shown, 1, f"{twice.num_rows} keys are there more than once, first {row['area']}, {row['start']}")]
        )
    above = pc.sum(pc.fill_null(pc.greater(table["lower"], table["upper"]), False)).as_py()
    if above:
        raise BaseErrors([Problem(shown, 1, f"{above} rows have a lower limit above the upper one")])
    return table


def _area(text: str, catalogue: Catalogue) -> str:
    return catalogue.areas.get(text.strip()).code


def _status(text: str) -> str:
    if text not in _STATUSES:
        raise ValueError(f"{text!r} is not a status: expected one of {', '.join(sorted(_STATUSES))} or nothing")
    return _STATUSES[text]


def _mapped(column: Any, parse: Any, shown: str) -> tuple[list[Any], list[Problem]]:
    """Each text parsed once per distinct value; a problem per distinct value that can't be, with its first row."""
    encoded = pa.chunked_array([column] if isinstance(column, pa.Array) else column.chunks, pa.string())
    encoded = pa.concat_arrays(encoded.chunks).dictionary_encode()
    parsed: list[Any] = []
    problems: list[Problem] = []
    indices = encoded.indices.to_numpy(zero_copy_only=False)
    for position, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            parsed.append(parse(text))
        except (NotAPeriod, ValueError, LookupError) as error:
            first = int((indices == position).argmax())
            problems.append(Problem(shown, first + 2, str(error)))
            parsed.append(None)
    return [parsed[index] for index in indices.tolist()], problems[:_MOST_SHOWN]


def _numbers(column: Any, shown: str, name: str) -> tuple[Any, list[Problem]]:
    trimmed = pc.utf8_trim_whitespace(column)
    plain = pc.replace_substring(trimmed, ",", "")
    empty = pc.equal(plain, "")
    good = pc.match_substring_regex(plain, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
    bad = pc.and_(pc.invert(empty), pc.invert(good))
    rows = [index for index, is_bad in enumerate(bad.to_pylist()) if is_bad]
    problems = [
        Problem(shown, row + 2, f"column {name!r} holds {column[row].as_py()!r}, which is not a number")
        for row in rows[:_MOST_SHOWN]
    ]
    if len(rows) > _MOST_SHOWN:
        problems.append(Problem(shown, rows[_MOST_SHOWN] + 2, f"and {len(rows) - _MOST_SHOWN} more rows that hold no number"))
    usable = pc.if_else(pc.and_(good, pc.invert(empty)), plain, pa.scalar(None, pa.string()))
    return pc.cast(usable, pa.float64()), problems
