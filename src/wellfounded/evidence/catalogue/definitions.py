"""Sources as their TOML files define them: the files to read, the indicators in them, and what is derived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from wellfounded.core import Unit
from wellfounded.evidence.located import BaseErrors, Located, Problem, read_toml
from wellfounded.evidence.readers import is_reader
from wellfounded.evidence.types import Additivity, Indicator, Polarity, Rule, Source

CHAPTERS = ("economy", "sectors", "ideas", "people", "infrastructure", "business-environment", "place")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SOURCE_KEYS = {"id", "title", "publisher", "url", "licence", "reader", "notes", "max_rejected", "ignore"}
_FILE_KEYS = {"path", "released", "released_basis", "reader", "match", "options", "title", "url"}
_UNIT_KEYS = {"prefix", "suffix", "words", "decimals"}
_ADDITIVITY_KEYS = {"rule", "numerator", "denominator", "exact", "reason"}
_CATEGORIES_KEYS = {"kind", "total", "leaves", "labels", "sets"}
_DERIVED_KEYS = {"rule", "of", "times"}
_INDICATOR_KEYS = {
    "id", "label", "definition", "match", "unit", "polarity", "chapter", "additivity", "alternatives", "caveats",
    "development", "base", "per", "categories", "derived", "totals",
}  # fmt: skip


class DefinitionErrors(BaseErrors):
    """Sources that cannot be used: every problem found, each with its file and line."""


@dataclass(frozen=True)
class FileDefinition:
    """One file of a source and the release that it belongs to. `match` overrides the indicators' own, by id."""

    path: str
    reader: str
    released: date
    released_basis: str
    match: dict[str, dict[str, str]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Derivation:
    """How figures are made of other indicators' figures of the same area and period.

    `product` and `quotient` take two indicators; the result is multiplied by `times`.
    """

    rule: str
    of: tuple[str, ...]
    times: float = 1.0


@dataclass(frozen=True)
class SourceDefinition:
    """A source with its files and indicators, as its TOML file says."""

    source: Source
    files: tuple[FileDefinition, ...]
    indicators: tuple[Indicator, ...]
    match: dict[str, dict[str, str]]  # by indicator
    derived: dict[str, Derivation]
    totals: frozenset[str] = frozenset()  # indicators whose local authorities are added up to larger areas
    max_rejected: float = 0.02
    ignore: tuple[str, ...] = ()  # series that are in the files and deliberately not read


def read_sources(folder: Path) -> tuple[SourceDefinition, ...]:
    """The sources that the TOML files of `folder` define, in order of their ids.

    Raises DefinitionErrors with all problems of all files: also ids used twice and indicators that don't exist.
    """
    problems: list[Problem] = []
    found: list[tuple[Located, SourceDefinition]] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            located = read_toml(path, shown_as=path.name)
        except BaseErrors as error:
            problems += error.problems
            continue
        checker = _Checker(located)
        definition = checker.source()
        problems += checker.problems
        if definition is not None:
            found.append((located, definition))
    if not problems:
        problems = _across(found)
    if problems:
        raise DefinitionErrors(problems)
    return tuple(sorted((definition for _, definition in found), key=lambda definition: definition.source.id))


def _across(found: Sequence[tuple[Located, SourceDefinition]]) -> list[Problem]:
    problems: list[Problem] = []
    first: dict[str, str] = {}
    sources: dict[str, str] = {}
    for located, definition in found:
        id = definition.source.id
        if id in sources:
            problems.append(located.problem(f"source {id!r} is already defined in {sources[id]}", "source", "id"))
        sources[id] = located.file
        for number, indicator in enumerate(definition.indicators):
            if indicator.id in first:
                problems.append(
                    located.problem(
                        f"indicator {indicator.id!r} is already defined in {first[indicator.id]}; ids are unique",
                        "indicator",
                        number,
                        "id",
                    )
                )
            first[indicator.id] = located.file
    for located, definition in found:
        for number, indicator in enumerate(definition.indicators):
            named: list[tuple[str, Iterable[str]]] = [
                ("alternatives", indicator.alternatives),
                ("additivity", filter(None, (indicator.additivity.numerator, indicator.additivity.denominator))),
                ("derived", definition.derived[indicator.id].of if indicator.id in definition.derived else ()),
            ]
            for key, ids in named:
                problems += [
                    located.problem(
                        f"{key} of {indicator.id!r} names {id!r}, which no source defines{_near(id, first)}",
                        "indicator",
                        number,
                        key,
                    )
                    for id in ids
                    if id not in first
                ]
    return problems


def _near(id: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(id, list(known), n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


class _Checker:
    """Reads one file's tables into definitions and collects what is wrong."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self.problems: list[Problem] = []

    def problem(self, message: str, *path: str | int) -> None:
        self.problems.append(self.located.problem(message, *path))

    def keys(self, table: dict[str, Any], known: set[str], *path: str | int) -> None:
        for key in table:
            if key not in known:
                self.problem(f"unknown key {key!r}; expected one of {', '.join(sorted(known))}", *path, key)

    def text(self, table: dict[str, Any], key: str, *path: str | int, needed: bool = False, strip: bool = True) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.problem(f"{key} must be text, not {value!r}", *path, key)
            return ""
        if needed and not value.strip():
            self.problem(f"{key} is missing", *path)
        return value.strip() if strip else value

    def source(self) -> SourceDefinition | None:
        data = self.located.data
        self.keys(data, {"source", "file", "indicator"})
        table = data.get("source")
        if not isinstance(table, dict):
            self.problem("there is no [source] table; a source file starts with one")
            return None
        self.keys(table, _SOURCE_KEYS, "source")
        needed = ("id", "title", "publisher", "url", "licence", "reader")
        texts = {key: self.text(table, key, "source", needed=True) for key in needed}
        self.id(texts["id"], "source", "id")
        self.reader(texts["reader"], "source", "reader")
        files = tuple(self.file(item, n, texts["reader"]) for n, item in enumerate(data.get("file", [])))
        match: dict[str, dict[str, str]] = {}
        derived: dict[str, Derivation] = {}
        indicators: list[Indicator] = []
        for number, item in enumerate(data.get("indicator", [])):
            indicator = self.indicator(item, number, texts["id"])
            indicators.append(indicator)
            if "derived" in item:
                derived[indicator.id] = self.derivation(item["derived"], "indicator", number, "derived")
            match[indicator.id] = {key: str(value) for key, value in item.get("match", {}).items()}
        if not files and len(derived) < len(indicators):
            self.problem("there is no [[file]] to read the indicators from", "source")
        if not indicators:
            self.problem("there is no [[indicator]]", "source")
        if self.problems:
            return None
        return SourceDefinition(
            source=Source(
                **texts, notes=self.text(table, "notes", "source"), indicators=tuple(i.id for i in indicators)
            ),
            files=files,
            indicators=tuple(indicators),
            match=match,
            derived=derived,
            totals=frozenset(item["id"] for item in data["indicator"] if item.get("totals") is True),
            max_rejected=float(table.get("max_rejected", 0.02)),
            ignore=tuple(table.get("ignore", ())),
        )

    def id(self, id: str, *path: str | int) -> None:
        if id and not _ID.fullmatch(id):
            self.problem(f"{id!r} is not an id; expected small letters, digits and hyphens", *path)

    def reader(self, name: str, *path: str | int) -> None:
        if name and name != "none" and not is_reader(name):
            self.problem(f"there is no reader {name!r}", *path)

    def file(self, table: dict[str, Any], number: int, reader: str) -> FileDefinition:
        path = ("file", number)
        self.keys(table, _FILE_KEYS, *path)
        own = self.text(table, "reader", *path)
        self.reader(own, *path, "reader")
        released = table.get("released")
        if not isinstance(released, date):
            self.problem(f"released must be a date as 2025-06-19, not {released!r}", *path, "released")
            released = date.min
        basis = self.text(table, "released_basis", *path) or "publisher"
        if basis not in ("publisher", "carrier"):
            self.problem(f"released_basis must be publisher or carrier, not {basis!r}", *path, "released_basis")
        return FileDefinition(
            path=self.text(table, "path", *path, needed=True),
            reader=own or reader,
            released=released,
            released_basis=basis,
            match=table.get("match", {}),
            options=table.get("options", {}),
            title=self.text(table, "title", *path),
            url=self.text(table, "url", *path),
        )

    def indicator(self, table: dict[str, Any], number: int, source: str) -> Indicator:
        path = ("indicator", number)
        self.keys(table, _INDICATOR_KEYS, *path)
        texts = {key: self.text(table, key, *path, needed=True) for key in ("id", "label", "definition")}
        self.id(texts["id"], *path, "id")
        polarity = self.text(table, "polarity", *path, needed=True)
        if polarity not in list(Polarity):
            self.problem(f"polarity must be {', '.join(Polarity)}, not {polarity!r}", *path, "polarity")
            polarity = "neutral"
        chapter = self.text(table, "chapter", *path, needed=True)
        if chapter not in CHAPTERS:
            self.problem(f"chapter must be one of {', '.join(CHAPTERS)}, not {chapter!r}", *path, "chapter")
        kind, labels, total, leaves, sets = self.categories(table.get("categories", {}), *path, "categories")
        return Indicator(
            id=texts["id"],
            label=texts["label"],
            definition=texts["definition"],
            unit=self.unit(table.get("unit", {}), *path, "unit"),
            polarity=Polarity(polarity),
            chapter=chapter,
            additivity=self.additivity(table.get("additivity"), *path, "additivity"),
            source=source,
            caveats=self.text(table, "caveats", *path),
            alternatives=self.names(table, "alternatives", *path),
            development=self.flag(table, "development", *path),
            categories=labels,
            category_kind=kind,
            total_category=total,
            leaf_categories=leaves,
            category_sets=sets,
            per=self.text(table, "per", *path),
            base=self.text(table, "base", *path),
        )

    def unit(self, table: object, *path: str | int) -> Unit:
        if not isinstance(table, dict):
            self.problem('unit must be a table, as { prefix = "£", decimals = 2 }', *path)
            return Unit()
        self.keys(table, _UNIT_KEYS, *path)
        decimals = table.get("decimals", 0)
        if not isinstance(decimals, int) or isinstance(decimals, bool):
            self.problem(f"decimals must be a whole number, not {decimals!r}", *path)
            decimals = 0
        prefix, suffix, words = (self.text(table, key, *path, strip=False) for key in ("prefix", "suffix", "words"))
        return Unit(prefix, suffix, words, decimals)

    def names(self, table: dict[str, Any], key: str, *path: str | int) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            self.problem(f"{key} must be a list of texts, not {value!r}", *path, key)
            return ()
        return tuple(value)

    def flag(self, table: dict[str, Any], key: str, *path: str | int) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.problem(f"{key} must be true or false, not {value!r}", *path, key)
        return value is True

    def additivity(self, table: object, *path: str | int) -> Additivity:
        rules = ", ".join(Rule)
        if not isinstance(table, dict) or table.get("rule") not in list(Rule):
            self.problem(f"additivity needs a rule: {rules}", *path)
            return Additivity(Rule.REFUSED, reason="undefined")
        self.keys(table, _ADDITIVITY_KEYS, *path)
        additivity = Additivity(
            Rule(table["rule"]),
            denominator=self.text(table, "denominator", *path),
            numerator=self.text(table, "numerator", *path),
            exact=self.flag(table, "exact", *path),
            reason=self.text(table, "reason", *path),
        )
        if additivity.rule is Rule.REFUSED and not additivity.reason:
            self.problem("a refused additivity says why in reason", *path)
        if additivity.rule is Rule.RATIO and bool(additivity.numerator) == bool(additivity.denominator):
            self.problem("a ratio names its numerator or its denominator, one of them", *path)
        if additivity.rule in (Rule.SURVEY_RATE, Rule.CHAINED) and not additivity.denominator:
            self.problem(f"a {additivity.rule} names the denominator that it is weighted by", *path)
        return additivity

    def categories(
        self, table: object, *path: str | int
    ) -> tuple[str, tuple[tuple[str, str], ...], str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
        if not isinstance(table, dict):
            self.problem("categories must be a table, with its labels as pairs of a code and a label", *path)
            return "", (), "", (), ()
        self.keys(table, _CATEGORIES_KEYS, *path)
        pairs, sets = table.get("labels", []), table.get("sets", {})
        if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            self.problem("labels must be pairs of a code and a label", *path, "labels")
            pairs = []
        if not isinstance(sets, dict) or not all(isinstance(codes, list) for codes in sets.values()):
            self.problem("sets must be a table of lists of codes", *path, "sets")
            sets = {}
        leaves = self.names(table, "leaves", *path)
        labels = tuple((str(code), str(label)) for code, label in pairs)
        known = {code for code, _ in labels}
        sets = {str(name): tuple(str(code) for code in codes) for name, codes in sets.items()}
        named = {"total": (str(table["total"]),) if "total" in table else (), "leaves": leaves, **sets}
        for key, codes in named.items():
            for code in codes:
                if code not in known:
                    self.problem(f"{key} names category {code!r}, which labels does not list", *path)
        kind, total = str(table.get("kind", "")), str(table.get("total", ""))
        return kind, labels, total, leaves, tuple(sets.items())

    def derivation(self, table: dict[str, Any], *path: str | int) -> Derivation:
        self.keys(table, _DERIVED_KEYS, *path)
        rule, of = table.get("rule"), tuple(table.get("of", ()))
        if rule not in ("product", "quotient"):
            self.problem(f"the rule of derived must be product or quotient, not {rule!r}", *path)
        if len(of) != 2:
            self.problem(f"a derived indicator is made of two indicators, not {len(of)}", *path)
        return Derivation(str(rule), of, float(table.get("times", 1)))


def indicator_from(
    located: Located, table: dict[str, Any], number: int, *, source: str
) -> tuple[Indicator | None, list[Problem]]:
    """The indicator that a table of a base's own source defines, or None, and the problems found in it."""
    checker = _Checker(located)
    indicator = checker.indicator(table, number, source)
    return (None if checker.problems else indicator), checker.problems
