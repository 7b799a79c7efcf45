"""TOML that knows its lines, and problems that say where they are."""

from __future__ import annotations

import re
import tomllib
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
