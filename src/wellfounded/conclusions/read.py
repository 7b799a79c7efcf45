"""The conclusions of a base, read from its TOML files and checked before anything is computed."""

from __future__ import annotations

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
from wellfounded.evidence.base import ID, Base, load_base
from wellfounded.evidence.located import BaseErrors, Located, Problem, Table, no_such, read_toml
from wellfounded.evidence.store import NoSuchIndicator, Store

_KEYS = {
    "id", "chapter", "impact", "kind", "status", "says", "matters", "detail", "kept_because", "challenges", "test",
    "combine", "history",
}  # fmt: skip
_TEST_KEYS = {"id", "indicator", "expect", "than", "not", "any", "all"}
_EVERY = {"area": "area"}  # options that any expectation takes


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
            message = f"impact area {impact.id!r}: {no_such('conclusion', impact.headline, known)}"
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
        whole = Table(located, located.data, self.problems)
        for key in whole.data:
            if key != "conclusion":
                whole.wrong(f"there is no `{key}` here: a file of conclusions holds [[conclusion]] tables", key)
        for table in whole.tables("conclusion"):
            self._conclusion(table)

    def _conclusion(self, table: Table) -> None:
        before = len(self.problems)
        where = Where(table.located.file, table.line)
        table.only(_KEYS)
        identifier = self._identifier(table, where)
        says = table.text("says").strip()
        if not says and ("says" not in table or table.data["says"] == ""):
            table.wrong("a conclusion needs `says`: its sentence")
        self._one_of(table, "chapter", [chapter.id for chapter in self.base.chapters])
        self._one_of(table, "kind", list(Kind))
        impact = self._some_of(table, "impact", "impact area", [item.id for item in self.base.impacts])
        challenges = self._some_of(table, "challenges", "Grand Challenge", [item.id for item in self.base.challenges])
        status, combine = table.text("status", "draft"), table.text("combine", "all")
        if status not in list(State):
            table.wrong(no_such("status", status, list(State)), "status")
        if combine not in ("all", "any"):
            table.wrong(no_such("way to combine tests", combine, ("all", "any")), "combine")
        detail, matters, kept = (table.text(key).strip() for key in ("detail", "matters", "kept_because"))
        history = tuple(
            Change(
                str(item.data.get("date", "")),
                str(item.data.get("change", "")),
                str(item.data.get("why", "")),
                item.texts("responses"),
            )
            for item in table.tables("history")
        )
        tests = table.tables("test")
        if not tests and table.data.get("test", []) == []:
            table.wrong(f"the conclusion {identifier!r} has no [[conclusion.test]]: it must rest on one at least")
        flat: list[Test] = []
        before_tests = len(self.problems)
        parts = [part for test in tests if (part := self._part(test, flat)) is not None]
        self._slots(table, {"says": says, "detail": detail}, flat, all_read=len(self.problems) == before_tests)
        if len(self.problems) > before:
            return
        self.found.append(
            Conclusion(
                id=identifier,
                chapter=table.data["chapter"],
                kind=Kind(table.data["kind"]),
                impact=impact,
                says=says,
                tests=Combination(combine, tuple(parts)),
                state=State(status),
                detail=detail,
                matters=matters,
                kept_because=kept,
                challenges=challenges,
                history=history,
                where=where,
            )
        )

    def _identifier(self, table: Table, where: Where) -> str:
        identifier = table.data.get("id")
        if not isinstance(identifier, str) or not identifier:
            table.wrong("a conclusion needs an `id`")
            return ""
        if not ID.fullmatch(identifier):
            table.wrong(f"`id` is {identifier!r}: expected small letters, digits and hyphens, as output-per-hour", "id")
        elif identifier in self.seen:
            table.wrong(f"the id {identifier!r} is already used at {self.seen[identifier]}", "id")
        else:
            self.seen[identifier] = where
        return identifier

    def _one_of(self, table: Table, key: str, known: Collection[str]) -> None:
        if key not in table:
            table.wrong(f"a conclusion needs a `{key}`: one of {', '.join(known)}")
        elif table.data[key] not in list(known):
            table.wrong(no_such(key, table.data[key], known), key)

    def _some_of(self, table: Table, key: str, what: str, known: Collection[str]) -> tuple[str, ...]:
        chosen = table.texts(key)
        for name in chosen:
            if name not in known:
                table.wrong(no_such(what, name, known), key)
        return chosen

    def _part(self, table: Table, flat: list[Test]) -> Test | Combination | None:
        for mode in ("any", "all"):
            if mode in table:
                if table.data[mode] == []:
                    table.wrong(f"`{mode}` is empty: it takes one test at least", mode)
                inner = [self._part(item, flat) for item in table.tables(mode)]
                return Combination(mode, tuple(part for part in inner if part is not None))
        if isinstance(table.data.get("not"), dict):
            part = self._part(table.table("not"), flat)
            return Combination("not", (part,)) if part else None
        turned = table.flag("not")
        test = self._test(table, flat)
        return Combination("not", (test,)) if test is not None and turned else test

    def _test(self, table: Table, flat: list[Test]) -> Test | None:
        before = len(self.problems)
        expectation = self._expectation(table)
        indicator = table.data.get("indicator")
        if not isinstance(indicator, str):
            table.wrong("a test needs an `indicator`")
        else:
            try:
                self.store.indicator(indicator)
            except NoSuchIndicator as error:
                table.wrong(str(error), "indicator")
        if expectation is None:
            return None
        than = self._than(table, expectation)
        options = self._options(table, expectation)
        identifier = table.text("id", f"t{len(flat) + 1}")
        if identifier in {test.id for test in flat}:
            table.wrong(f"the test id {identifier!r} is there twice", "id")
        if not slots_in("{" + identifier + ".value}"):
            table.wrong(f"the test id {identifier!r} cannot stand in a slot: expected small letters and digits", "id")
        if len(self.problems) > before:
            return None
        where = Where(table.located.file, table.line)
        test = Test(identifier, str(indicator), expectation.name, than, options, where)
        flat.append(test)
        return test

    def _expectation(self, table: Table) -> Expectation | None:
        expect = table.data.get("expect")
        if isinstance(expect, str) and expect in EXPECTATIONS:
            return EXPECTATIONS[expect]
        if expect is None:
            table.wrong(f"a test needs `expect`: one of {', '.join(EXPECTATIONS)}")
        else:
            table.wrong(no_such("expectation", expect, EXPECTATIONS), "expect")
        return None

    def _than(self, table: Table, expectation: Expectation) -> str:
        than = table.text("than")
        if expectation.than == "required" and not than:
            if table.data.get("than", "") == "":
                known = ", ".join(self.base.comparators)
                table.wrong(f"`{expectation.name}` needs a comparator: than = one of {known}, or an area code")
        elif expectation.than == "none" and than:
            table.wrong(f"`{expectation.name}` takes no comparator", "than")
        elif than and than not in self.base.comparators and than not in self.store.catalogue.areas:
            table.wrong(no_such("comparator", than, self.base.comparators), "than")
        return than

    def _options(self, table: Table, expectation: Expectation) -> dict[str, object]:
        kinds = {**expectation.options, **_EVERY}
        parsed: dict[str, object] = {}
        for key, value in table.data.items():
            if key in _TEST_KEYS:
                continue
            if key not in kinds:
                table.wrong(no_such(f"option of `{expectation.name}`", key, kinds), key)
                continue
            try:
                parsed[key] = self._option(kinds[key], value, table.data)
            except (NotAnAmount, NoSuchArea, ValueError) as error:
                table.wrong(f"`{key}`: {error}", key)
        for key in expectation.required:
            if key not in table:
                table.wrong(f"`{expectation.name}` needs `{key}`")
        if expectation.one_of and not any(key in table for key in expectation.one_of):
            table.wrong(f"`{expectation.name}` needs one of {', '.join(expectation.one_of)}")
        elif expectation.disagree is not None and (wrong := expectation.disagree(table.data)):
            table.wrong(wrong)
        if "category" in parsed or "part" in parsed:
            self._categories(table, parsed)
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
        if kind == "list" and isinstance(value, list) and all(isinstance(item, str) for item in value) and value:
            return list(value)
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not text")
        return value

    def _categories(self, table: Table, parsed: dict[str, object]) -> None:
        try:
            indicator = self.store.indicator(str(table.data.get("indicator")))
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
                    table.wrong(no_such(f"category of {indicator.id}", code, known), key)

    def _slots(self, table: Table, texts: dict[str, str], tests: list[Test], *, all_read: bool) -> None:
        """Checks the slots of a conclusion's texts. Where not all its tests could be read, only what no test fills."""
        if not tests and all_read:
            return
        allowed = (
            {slot for expectation in EXPECTATIONS.values() for slot in expectation.slots} if not all_read else set()
        )
        allowed |= set(EXPECTATIONS[tests[0].expect].slots) if tests else set()
        allowed |= {f"{test.id}.{slot}" for test in tests for slot in EXPECTATIONS[test.expect].slots}
        for key, text in texts.items():
            for name in slots_in(text):
                if name not in allowed and (all_read or "." not in name):
                    table.wrong(no_such("slot", "{" + name + "}", ["{" + item + "}" for item in allowed]), key)
            for brace in broken_slots(text):
                table.wrong(f"{brace!r} is no slot: a slot is a name in braces, as {{value}}", key)


def _known(value: object, known: Collection[str], expected: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{value!r} is not known; {expected} {', '.join(known)}")
    return value
