"""The conclusions of a base, read from its TOML files and checked before anything is computed."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path as FilePath
from typing import Any

from wellfounded.conclusions.amounts import NotAnAmount, amount_kinds, parse_amount, parse_window
from wellfounded.conclusions.expectations import EXPECTATIONS, Expectation
from wellfounded.conclusions.expectations.decomposition import PARTS as DECOMPOSITIONS
from wellfounded.conclusions.expectations.diversity import DIVERSITY_MEASURES
from wellfounded.conclusions.expectations.ranking import PARTS as RANK_PARTS
from wellfounded.conclusions.expectations.ranking import SETS
from wellfounded.conclusions.expectations.shocks import SHOCKS
from wellfounded.conclusions.types import Change, Combination, Conclusion, Kind, State, Test, Where
from wellfounded.conclusions.wording import broken_slots, slots_in
from wellfounded.evidence.areas import NoSuchArea
from wellfounded.evidence.base import Base, load_base
from wellfounded.evidence.located import BaseErrors, Located, Problem, read_toml
from wellfounded.evidence.store import NoSuchIndicator, Store

_KEYS = {
    "id", "chapter", "impact", "kind", "status", "says", "matters", "detail", "kept_because", "challenges", "test",
    "combine", "history",
}  # fmt: skip
_TEST_KEYS = {"id", "indicator", "expect", "than", "not", "any", "all"}
_EVERY = {"area": "area"}  # options that any expectation takes

Path = tuple[str | int, ...]


def read_all(folder: FilePath | str) -> tuple[Base, tuple[Conclusion, ...]]:
    """The base in `folder` and its conclusions. Raises BaseErrors with every problem of both, in one run."""
    try:
        base = load_base(folder)
    except BaseErrors as error:
        if isinstance(error.readable, Base):
            try:
                read_conclusions(error.readable)
            except BaseErrors as further:
                raise BaseErrors([*error.problems, *further.problems]) from None
        raise
    return base, read_conclusions(base)


def read_conclusions(base: Base, store: Store | None = None) -> tuple[Conclusion, ...]:
    """The conclusions of a base in the order of its files. Raises BaseErrors with every problem of every file."""
    store = store or Store.open(base)
    reader = _Reader(base, store)
    for path in sorted((base.folder / "conclusions").glob("*.toml")):
        try:
            reader.file(read_toml(path, shown_as=f"conclusions/{path.name}"))
        except BaseErrors as error:
            reader.problems += error.problems
    known = set(reader.seen)
    for impact in base.impacts:
        if impact.headline and impact.headline not in known:
            message = f"impact area {impact.id!r}: {_unknown('conclusion', impact.headline, known)}"
            reader.problems.append(Problem("framework.toml", 1, message))
    if reader.problems:
        raise BaseErrors(reader.problems)
    return tuple(reader.found)


class _Reader:
    def __init__(self, base: Base, store: Store) -> None:
        self.base, self.store = base, store
        self.found: list[Conclusion] = []
        self.problems: list[Problem] = []
        self.seen: dict[str, Where] = {}

    def file(self, located: Located) -> None:
        for key in located.data:
            if key != "conclusion":
                self._add(located, f"there is no `{key}` here: a file of conclusions holds [[conclusion]] tables", key)
        for index, entry in enumerate(located.data.get("conclusion", ())):
            self._conclusion(located, ("conclusion", index), entry)

    def _add(self, located: Located, message: str, *path: str | int) -> None:
        self.problems.append(located.problem(message, *path))

    def _conclusion(self, located: Located, path: Path, entry: dict[str, Any]) -> None:
        before = len(self.problems)
        where = Where(located.file, located.line(*path))
        for key in entry:
            if key not in _KEYS:
                self._add(located, _unknown("key", key, _KEYS), *path, key)
        identifier = entry.get("id")
        if not isinstance(identifier, str) or not identifier:
            self._add(located, "a conclusion needs an `id`", *path)
            identifier = ""
        elif identifier in self.seen:
            self._add(located, f"the id {identifier!r} is already used at {self.seen[identifier]}", *path, "id")
        else:
            self.seen[identifier] = where
        says = entry.get("says")
        if not isinstance(says, str) or not says.strip():
            self._add(located, "a conclusion needs `says`: its sentence", *path)
            says = ""
        self._one_of(located, entry, "chapter", [chapter.id for chapter in self.base.chapters], path)
        self._one_of(located, entry, "kind", list(Kind), path)
        impact = entry.get("impact", [])
        for name in impact:
            if name not in {item.id for item in self.base.impacts}:
                known = [item.id for item in self.base.impacts]
                self._add(located, _unknown("impact area", name, known), *path, "impact")
        for name in entry.get("challenges", []):
            known = [item.id for item in self.base.challenges]
            if name not in known:
                self._add(located, _unknown("Grand Challenge", name, known), *path, "challenges")
        status = entry.get("status", "draft")
        if status not in list(State):
            self._add(located, _unknown("status", status, list(State)), *path, "status")
        combine = entry.get("combine", "all")
        if combine not in ("all", "any"):
            self._add(located, _unknown("way to combine tests", combine, ("all", "any")), *path, "combine")
        tests = entry.get("test", [])
        if not tests:
            self._add(
                located,
                f"the conclusion {identifier!r} has no [[conclusion.test]]: it must rest on one at least",
                *path,
            )
        parts: list[Test | Combination] = []
        flat: list[Test] = []
        for index, table in enumerate(tests):
            part = self._part(located, (*path, "test", index), table, flat)
            if part is not None:
                parts.append(part)
        self._slots(located, path, entry, flat)
        if len(self.problems) > before:
            return
        self.found.append(
            Conclusion(
                id=identifier,
                chapter=entry["chapter"],
                kind=Kind(entry["kind"]),
                impact=tuple(impact),
                says=says.strip(),
                tests=Combination(combine, tuple(parts)),
                state=State(status),
                detail=entry.get("detail", "").strip(),
                matters=entry.get("matters", "").strip(),
                kept_because=entry.get("kept_because", "").strip(),
                challenges=tuple(entry.get("challenges", ())),
                history=tuple(
                    Change(str(item.get("date", "")), str(item.get("change", "")), str(item.get("why", "")))
                    for item in entry.get("history", ())
                ),
                where=where,
            )
        )

    def _one_of(self, located: Located, entry: dict[str, Any], key: str, known: Collection[str], path: Path) -> None:
        if key not in entry:
            self._add(located, f"a conclusion needs a `{key}`: one of {', '.join(known)}", *path)
        elif entry[key] not in list(known):
            self._add(located, _unknown(key, entry[key], known), *path, key)

    def _part(self, located: Located, path: Path, table: dict[str, Any], flat: list[Test]) -> Test | Combination | None:
        for mode in ("any", "all"):
            if mode in table:
                inner = [self._part(located, path, item, flat) for item in table[mode]]
                return Combination(mode, tuple(part for part in inner if part is not None))
        if isinstance(table.get("not"), dict):
            part = self._part(located, path, table["not"], flat)
            return Combination("not", (part,)) if part else None
        test = self._test(located, path, table, flat)
        if test is not None and table.get("not") is True:
            return Combination("not", (test,))
        return test

    def _test(self, located: Located, path: Path, table: dict[str, Any], flat: list[Test]) -> Test | None:
        before = len(self.problems)
        expect = table.get("expect")
        expectation = EXPECTATIONS.get(expect) if isinstance(expect, str) else None
        if expectation is None:
            if expect is None:
                self._add(located, f"a test needs `expect`: one of {', '.join(EXPECTATIONS)}", *path)
            else:
                self._add(located, _unknown("expectation", expect, EXPECTATIONS), *path, "expect")
        indicator = table.get("indicator")
        if not isinstance(indicator, str):
            self._add(located, "a test needs an `indicator`", *path)
        else:
            try:
                self.store.indicator(indicator)
            except NoSuchIndicator as error:
                self._add(located, str(error), *path, "indicator")
        if expectation is None:
            return None
        than = self._than(located, path, table, expectation)
        options = self._options(located, path, table, expectation)
        identifier = str(table.get("id", f"t{len(flat) + 1}"))
        if identifier in {test.id for test in flat}:
            self._add(located, f"the test id {identifier!r} is there twice", *path, "id")
        if len(self.problems) > before:
            return None
        test = Test(identifier, str(indicator), str(expect), than, options, Where(located.file, located.line(*path)))
        flat.append(test)
        return test

    def _than(self, located: Located, path: Path, table: dict[str, Any], expectation: Expectation) -> str:
        than = table.get("than", "")
        if expectation.than == "required" and not than:
            known = ", ".join(self.base.comparators)
            self._add(
                located, f"`{expectation.name}` needs a comparator: than = one of {known}, or an area code", *path
            )
        elif expectation.than == "none" and than:
            self._add(located, f"`{expectation.name}` takes no comparator", *path, "than")
        elif than and than not in self.base.comparators:
            try:
                self.store.catalogue.areas.get(str(than))
            except NoSuchArea:
                self._add(located, _unknown("comparator", than, self.base.comparators), *path, "than")
        return str(than)

    def _options(
        self, located: Located, path: Path, table: dict[str, Any], expectation: Expectation
    ) -> dict[str, object]:
        kinds = {**expectation.options, **_EVERY}
        parsed: dict[str, object] = {}
        for key, value in table.items():
            if key in _TEST_KEYS:
                continue
            if key not in kinds:
                self._add(located, _unknown(f"option of `{expectation.name}`", key, kinds), *path, key)
                continue
            try:
                parsed[key] = self._option(kinds[key], value, table)
            except (NotAnAmount, NoSuchArea, ValueError) as error:
                self._add(located, f"`{key}`: {error}", *path, key)
        for key in expectation.required:
            if key not in table:
                self._add(located, f"`{expectation.name}` needs `{key}`", *path)
        if expectation.one_of and not any(key in table for key in expectation.one_of):
            self._add(located, f"`{expectation.name}` needs one of {', '.join(expectation.one_of)}", *path)
        elif expectation.disagree is not None and (wrong := expectation.disagree(table)):
            self._add(located, wrong, *path)
        if "category" in parsed or "part" in parsed:
            self._categories(located, path, table, parsed)
        return parsed

    def _option(self, kind: str, value: object, table: dict[str, Any]) -> object:
        if kind in amount_kinds():
            return parse_amount(value, kind=kind)
        if kind == "window":
            return parse_window(value)
        if kind == "area":
            return self.store.catalogue.areas.get(str(value)).code
        if kind == "rank":
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return value
            return _known(value, RANK_PARTS, "expected a number of areas or")
        if kind == "diversity measure":
            return _known(value, DIVERSITY_MEASURES, "expected")
        if kind == "set":
            return _known(value, SETS, "expected")
        if kind == "shock":
            return _known(str(value), SHOCKS, "expected")
        if kind == "decomposition":
            return _known(value, DECOMPOSITIONS, "expected")
        if kind == "part":
            return _known(value, DECOMPOSITIONS.get(str(table.get("decomposition")), ()), "expected")
        if kind == "flag":
            if not isinstance(value, bool):
                raise ValueError(f"{value!r} is neither true nor false")
            return value
        if kind == "list" and isinstance(value, list):
            return [str(item) for item in value]
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not text")
        return value

    def _categories(self, located: Located, path: Path, table: dict[str, Any], parsed: dict[str, object]) -> None:
        try:
            indicator = self.store.indicator(str(table.get("indicator")))
        except NoSuchIndicator:
            return
        known = indicator.category_labels
        if not known:
            return
        for key in ("category", "part"):
            value = parsed.get(key)
            if key == "part" and "decomposition" in table:
                continue
            for code in value if isinstance(value, list) else [value]:
                if isinstance(code, str) and code not in known and code not in ("largest", "members"):
                    self._add(located, _unknown(f"category of {indicator.id}", code, known), *path, key)

    def _slots(self, located: Located, path: Path, entry: dict[str, Any], tests: list[Test]) -> None:
        if not tests:
            return
        allowed = set(EXPECTATIONS[tests[0].expect].slots)
        refused = {table.get("id") for table in entry["test"] if isinstance(table, dict)} - {test.id for test in tests}
        allowed |= {f"{test.id}.{slot}" for test in tests for slot in EXPECTATIONS[test.expect].slots}
        for key in ("says", "detail"):
            text = entry.get(key, "")
            if not isinstance(text, str):
                continue
            for name in slots_in(text):
                if name not in allowed and name.split(".")[0] not in refused:
                    self._add(
                        located, _unknown("slot", "{" + name + "}", ["{" + item + "}" for item in allowed]), *path, key
                    )
            for brace in broken_slots(text):
                self._add(located, f"{brace!r} is no slot: a slot is a name in braces, as {{value}}", *path, key)


def _known(value: object, known: Collection[str], expected: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{value!r} is not known; {expected} {', '.join(known)}")
    return value


def _unknown(what: str, given: object, known: Collection[str]) -> str:
    near = difflib.get_close_matches(str(given), list(known), n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else f"; expected one of: {', '.join(sorted(known))}"
    return f"there is no {what} {given!r}{hint}"
