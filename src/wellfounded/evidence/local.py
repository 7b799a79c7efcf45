"""Local sources: a base's own figures, a CSV beside a TOML that maps its columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wellfounded.core import NotAPeriod, Period
from wellfounded.evidence.columns import Coded, Floats, Rows
from wellfounded.evidence.located import BaseErrors, Located, Problem, Table, read_toml
from wellfounded.evidence.types import Indicator, Release, Source

if TYPE_CHECKING:
    from wellfounded.evidence.catalogue import Catalogue

_KEYS = ("id", "title", "publisher", "url", "licence")
_MAPPED = ("area", "period", "value", "lower", "upper", "category", "status")
_STATUSES = {"": "", "x": "unavailable", "c": "confidential", "z": "not applicable", "u": "unreliable"}
_EPOCH = date(1970, 1, 1).toordinal()
_MOST_SHOWN = 5  # problems of one kind that are listed one by one


@dataclass(frozen=True)
class LocalSource:
    """Figures that a base carries itself, in the schema of the store."""

    source: Source
    release: Release
    indicators: dict[str, Indicator]
    figures: Rows


def load_local_sources(folder: Path, *, catalogue: Catalogue) -> tuple[LocalSource, ...]:
    """The sources in `folder`/sources. Raises BaseErrors with every problem, by file and line (a CSV's row)."""
    problems: list[Problem] = []
    found: list[LocalSource] = []
    known: dict[str, str] = {}
    for path in sorted((folder / "sources").glob("*.toml")):
        shown = f"sources/{path.name}"
        try:
            source = _load(path, read_toml(path, shown_as=shown), catalogue)
        except BaseErrors as error:
            problems += error.problems
            continue
        found.append(source)
        for what, name in (("source", source.source.id), *(("indicator", name) for name in source.indicators)):
            if f"{what} {name}" in known:
                problems.append(Problem(shown, 1, f"the {what} {name!r} is already in {known[f'{what} {name}']}"))
            known[f"{what} {name}"] = shown
    if problems:
        raise BaseErrors(problems)
    return tuple(found)


def _load(path: Path, located: Located, catalogue: Catalogue) -> LocalSource:
    problems: list[Problem] = []
    whole = Table(located, located.data, problems)
    settings, columns = whole.table("source"), whole.table("columns")
    for key in _KEYS:
        if settings.data.get(key, "") == "":
            settings.wrong(f"`{key}` is missing in [source]")
    said = {key: settings.text(key) for key in (*_KEYS, "notes")}
    released = settings.data.get("released")
    if not isinstance(released, date):
        settings.wrong("`released` must be a date, as 2020-09-10", "released")
    if said["id"] in catalogue.sources:
        settings.wrong(f"the catalogue already has a source {said['id']!r}", "id")
    columns.only(_MAPPED, what="part of a figure")
    mapped = {key: columns.text(key) for key in columns.data if key in _MAPPED}
    for key in ("area", "period"):
        if key not in columns:
            columns.wrong(f"[columns] does not say which column holds the {key}")
    indicators, values = _indicators(whole, catalogue, source=said["id"], column=mapped.get("value", "value"))
    file = settings.text("file", path.with_suffix(".csv").name)
    csv = path.parent / file
    if Path(file).name != file or not csv.is_file():
        settings.wrong(f"the figures are missing: expected {Path(file).name or 'a CSV'} beside this file")
    if problems:
        raise BaseErrors(problems)
    assert isinstance(released, date)
    release = Release(
        id=f"{said['id']}@{released}",
        source=said["id"],
        title=said["title"],
        publisher=said["publisher"],
        licence=said["licence"],
        url=said["url"],
        released=released,
        released_basis=settings.text("released_basis", "publisher"),
        file=csv.name,
        sha256=hashlib.sha256(csv.read_bytes()).hexdigest(),
    )
    source = Source(
        said["id"], said["title"], said["publisher"], said["url"], said["licence"], "local-csv", said["notes"],
        tuple(indicators),
    )  # fmt: skip
    return LocalSource(source, release, indicators, _figures(csv, mapped, values, release, catalogue))


def _indicators(
    whole: Table, catalogue: Catalogue, *, source: str, column: str
) -> tuple[dict[str, Indicator], dict[str, str]]:
    """The indicators of a source by id, and the column that holds the values of each."""
    from wellfounded.evidence.catalogue.definitions import indicator_from

    indicators: dict[str, Indicator] = {}
    values: dict[str, str] = {}
    before = len(whole.problems)
    for number, table in enumerate(whole.tables("indicator")):
        plain = {key: value for key, value in table.data.items() if key != "value"}
        definition, said = indicator_from(whole.located, plain, number, source=source)
        whole.problems.extend(said)
        named = table.text("value", column)
        if definition is None:
            continue
        if definition.id in catalogue.indicators:
            table.wrong(f"the catalogue already has an indicator {definition.id!r}")
        if definition.id in indicators:
            table.wrong(f"the indicator {definition.id!r} is there twice")
        indicators[definition.id], values[definition.id] = definition, named
    if not indicators and len(whole.problems) == before:
        whole.wrong("there is no [[indicator]]")
    return indicators, values


def _figures(
    csv: Path, columns: dict[str, str], values: dict[str, str], release: Release, catalogue: Catalogue
) -> Rows:
    shown = f"sources/{csv.name}"
    raw = _texts(csv, shown)
    absent = sorted({*columns.values(), *values.values()} - set(raw))
    if absent:
        named = ", ".join(repr(name) for name in absent)
        raise BaseErrors([Problem(shown, 1, f"there is no column {named}; the file has: {', '.join(raw)}")])
    count = len(next(iter(raw.values())))
    if not count:
        raise BaseErrors([Problem(shown, 1, "there is no row under the header")])
    problems: list[Problem] = []
    areas = _mapped(raw[columns["area"]], lambda text: _area(text, catalogue), shown, problems)
    periods = _mapped(raw[columns["period"]], Period.parse, shown, problems)
    statuses = _mapped(raw[columns["status"]] if "status" in columns else [""] * count, _status, shown, problems)
    pieces: list[tuple[str, dict[str, Floats]]] = []
    for indicator, value_column in values.items():
        read = {"value": value_column, "lower": columns.get("lower"), "upper": columns.get("upper")}
        numbers: dict[str, Floats] = {
            key: _numbers(raw[name], name, shown, problems) if name else np.full(count, np.nan)
            for key, name in read.items()
        }
        crossed = numbers["lower"] > numbers["upper"]
        alone = np.isnan(numbers["lower"]) != np.isnan(numbers["upper"])
        for wrong, message in ((crossed, "the lower limit is above the upper one"), (alone, "one limit is missing")):
            if not problems and wrong.any():
                problems.append(Problem(shown, int(np.argmax(wrong)) + 2, message))
        pieces.append((indicator, numbers))
    if problems:
        raise BaseErrors(problems)
    category = raw[columns["category"]] if "category" in columns else [""] * count
    keys = list(zip(areas, periods, category, strict=True))
    if len(set(keys)) < count:
        first: dict[Any, int] = {}
        row = next(at for at, key in enumerate(keys) if first.setdefault(key, at) != at)
        raise BaseErrors([Problem(shown, row + 2, f"{areas[row]}, {periods[row]} is there more than once")])
    repeat = len(pieces)
    start = np.array([period.start.toordinal() - _EPOCH for period in periods], dtype=np.int64)
    end = np.array([period.end.toordinal() - _EPOCH for period in periods], dtype=np.int64)
    return Rows(
        indicator=Coded.of([name for name, _ in pieces for _ in range(count)]),
        release=Coded.same(release.id, count * repeat),
        category=Coded.of(category * repeat),
        area=Coded.of(areas * repeat),
        status=Coded.of(statuses * repeat),
        start=np.tile(start, repeat),
        end=np.tile(end, repeat),
        **{key: np.concatenate([numbers[key] for _, numbers in pieces]) for key in ("value", "lower", "upper")},
    )


def _texts(csv: Path, shown: str) -> dict[str, list[str]]:
    """The columns of a CSV as text, by name: nothing is guessed. Raises BaseErrors where it can't be read."""
    import pyarrow as pa
    import pyarrow.csv

    try:
        header = csv.read_text(encoding="utf-8-sig").split("\n", 1)[0].strip().split(",")
        text = {name.strip('"'): pa.string() for name in header}
        options = pyarrow.csv.ConvertOptions(column_types=text, strings_can_be_null=False)
        raw = pyarrow.csv.read_csv(csv, convert_options=options)
    except UnicodeDecodeError:
        raise BaseErrors([Problem(shown, 1, "this is not UTF-8 text: save the file as UTF-8")]) from None
    except pa.ArrowInvalid as error:
        raise BaseErrors([Problem(shown, 1, f"this is not a CSV that can be read: {error}")]) from None
    twice = sorted({name for name in raw.column_names if raw.column_names.count(name) > 1})
    if twice:
        raise BaseErrors([Problem(shown, 1, f"the column {twice[0]!r} is there twice")])
    return {name: raw[name].to_pylist() for name in raw.column_names}


def _area(text: str, catalogue: Catalogue) -> str:
    return catalogue.areas.get(text.strip()).code


def _status(text: str) -> str:
    if text not in _STATUSES:
        raise ValueError(f"{text!r} is not a status: expected one of {', '.join(sorted(_STATUSES))} or nothing")
    return _STATUSES[text]


def _numbers(texts: list[str], column: str, shown: str, problems: list[Problem]) -> Floats:
    return np.array(_mapped(texts, lambda text: _number(text, column), shown, problems), dtype=np.float64)


def _number(text: str, column: str) -> float:
    plain = text.strip().replace(",", "")
    if not plain:
        return float("nan")
    try:
        number = float(plain)
    except ValueError:
        number = float("inf")
    if number - number != 0:  # infinite, or no number
        raise ValueError(f"column {column!r} holds {text!r}, which is not a number")
    return number


def _mapped(texts: list[str], parse: Callable[[str], Any], shown: str, problems: list[Problem]) -> list[Any]:
    """Each text parsed, once per distinct text; adds a problem for each that can't be, with its first row."""
    parsed: dict[str, Any] = {}
    wrong = 0
    for text in dict.fromkeys(texts):
        try:
            parsed[text] = parse(text)
        except (NotAPeriod, ValueError, LookupError) as error:
            wrong += 1
            parsed[text] = None
            if wrong <= _MOST_SHOWN:
                problems.append(Problem(shown, texts.index(text) + 2, str(error)))
    if wrong > _MOST_SHOWN:
        problems.append(Problem(shown, len(texts) + 1, f"and {wrong - _MOST_SHOWN} more of this kind"))
    return [parsed[text] for text in texts]
