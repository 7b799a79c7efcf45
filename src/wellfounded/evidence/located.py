"""TOML that knows its lines, and problems that say where they are."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+|\"[^\"]+\")\s*=")

Step = str | int


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a file of a base."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BaseErrors(Exception):
    """A base that cannot be read: every problem found, in one run.

    `readable` is what could be read all the same, so that what rests on it is checked in the same run.
    """

    def __init__(self, problems: list[Problem], readable: Any = None) -> None:
        self.problems = sorted(set(problems))
        self.readable = readable
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Located:
    """A TOML file's data and the line of each table and key."""

    file: str
    data: dict[str, Any]
    _tables: dict[tuple[Step, ...], int] = field(default_factory=dict)
    _keys: dict[tuple[Step, ...], int] = field(default_factory=dict)

    def line(self, *path: Step) -> int:
        """The line of the table or key at `path`, or of the nearest table around it; 1 if nothing is known."""
        for end in range(len(path), 0, -1):
            found = self._keys.get(path[:end]) or self._tables.get(path[:end])
            if found:
                return found
        return 1

    def problem(self, message: str, *path: Step) -> Problem:
        return Problem(self.file, self.line(*path), message)


@dataclass(frozen=True)
class Table:
    """One table of a TOML file, read with checks: what is not of the kind expected becomes a problem at its line."""

    located: Located
    data: dict[str, Any]
    problems: list[Problem]
    path: tuple[Step, ...] = ()

    def __contains__(self, key: object) -> bool:
        return key in self.data

    @property
    def line(self) -> int:
        return self.located.line(*self.path)

    def wrong(self, message: str, *steps: Step) -> None:
        """Adds a problem at the line of this table, or of a key of it."""
        self.problems.append(self.located.problem(message, *self.path, *steps))

    def text(self, key: str, default: str = "") -> str:
        """The text under a key."""
        value = self.data.get(key, default)
        return value if isinstance(value, str) else self._other(key, value, "text", default)

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under a key."""
        value = self.data.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        expected = 'a list of texts, as ["one", "two"]'
        if isinstance(value, list):
            other = next(item for item in value if not isinstance(item, str))
            self.wrong(f"`{key}` has {_shown(other)} in it: expected {expected}", key)
        else:
            self._other(key, value, expected, None)
        return ()

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        return value if isinstance(value, bool) else self._other(key, value, "true or false", False)

    def whole_number(self, key: str, default: int) -> int:
        value = self.data.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self._other(key, value, "a whole number above zero", None)
        return default

    def table(self, key: str) -> Table:
        """The table under a key; an empty one where there is none."""
        value = self.data.get(key, {})
        found = value if isinstance(value, dict) else self._other(key, value, f"a table, as [{key}]", {})
        return Table(self.located, found, self.problems, (*self.path, key))

    def tables(self, key: str) -> list[Table]:
        """The tables under a key, as [[key]] writes them."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            value = self._other(key, value, f"tables, each under [[{'.'.join([*self._names(), key])}]]", [])
        return [Table(self.located, item, self.problems, (*self.path, key, at)) for at, item in enumerate(value)]

    def only(self, known: Collection[str], *, what: str = "key") -> None:
        """Adds a problem for each key that isn't known."""
        for key in self.data:
            if key not in known:
                self.wrong(no_such(what, key, known), key)

    def _names(self) -> list[str]:
        return [step for step in self.path if isinstance(step, str)]

    def _other(self, key: str, value: object, expected: str, default: Any) -> Any:
        self.wrong(f"`{key}` is {_shown(value)}: expected {expected}", key)
        return default


def no_such(what: str, given: object, known: Collection[str]) -> str:
    """That there is no such thing, with the nearest there is, or all."""
    words = [str(one) for one in known]
    near = difflib.get_close_matches(str(given), words, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else f"; expected one of: {', '.join(sorted(words))}"
    return f"there is no {what} {given!r}{hint}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    kinds = {dict: "a table", list: "a list"}
    return next((word for kind, word in kinds.items() if isinstance(value, kind)), repr(value))


def read_toml(path: Path, *, shown_as: str) -> Located:
    """The file at `path` with its lines; `shown_as` is what errors call it.

    Raises BaseErrors with one problem where the file is missing, isn't UTF-8 or isn't TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BaseErrors([Problem(shown_as, 1, "this file is missing; a base needs it")]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BaseErrors([Problem(shown_as, line, "this is not UTF-8 text: save the file as UTF-8")]) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"at line (\d+)", str(error))
        line = int(match[1]) if match else text.count("\n") + 1
        said = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise BaseErrors([Problem(shown_as, line, f"this is not TOML: {said}")]) from None
    located = Located(shown_as, data)
    _find_lines(text, located)
    return located


def _find_lines(text: str, located: Located) -> None:
    counts: dict[tuple[Step, ...], int] = {}
    current: tuple[Step, ...] = ()
    quoted = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if quoted:
            quoted = "" if quoted in line else quoted
            continue
        if match := _HEADER.match(line):
            parts = [part.strip().strip("\"'") for part in match[2].split(".")]
            path: tuple[Step, ...] = ()
            for part in parts[:-1]:
                path = (*path, part)
                if path in counts:
                    path = (*path, counts[path] - 1)
            path = (*path, parts[-1])
            if match[1] == "[[":
                counts[path] = counts.get(path, 0) + 1
                located._tables.setdefault(path, number)
                path = (*path, counts[path] - 1)
            located._tables[path] = number
            current = path
        elif match := _KEY.match(line):
            located._keys[(*current, match[1].strip('"'))] = number
            rest = line[match.end() :]
            for mark in ('"""', "'''"):
                if rest.count(mark) == 1:
                    quoted = mark
