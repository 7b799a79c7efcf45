"""Whatever stands in the files of a base, reading it says what is wrong, and never stops with another error."""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellfounded.conclusions.read import read_all
from wellfounded.evidence.located import BaseErrors, Problem

SMALL = Path(__file__).parents[1] / "bases" / "small"
FILES = ("base.toml", "framework.toml", "conclusions/economy.toml")

values = st.one_of(
    st.integers(-5, 5),
    st.floats(allow_nan=False),
    st.booleans(),
    st.sampled_from(["", "x", "{value}", "{", "E06000007", "2%", "all", "england", "gva-per-hour", "higher"]),
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(["x", 1, "E06000049"]), max_size=2),
    st.dictionaries(st.sampled_from(["id", "x"]), st.sampled_from(["x", 1]), max_size=2),
)


def as_toml(value: Any) -> str:
    """A value as inline TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    if isinstance(value, float):
        return {float("inf"): "inf", float("-inf"): "-inf"}.get(value, repr(value))
    return json.dumps(value)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a file's data at which something stands."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, item in inside for found in places(item, (*path, key)))][0 if path else 1 :]


DATA = {name: tomllib.loads((SMALL / name).read_text("utf-8")) for name in FILES}
ODD = [(name, path) for name in FILES for path in places(DATA[name])]


def read_with(file: str, data: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree(SMALL, Path(scratch) / "base")
        (folder / file).write_text(
            "".join(f"{json.dumps(key)} = {as_toml(item)}\n" for key, item in data.items()), "utf-8"
        )
        problems: list[Problem] = []
        try:
            read_all(folder)
        except BaseErrors as error:
            problems = error.problems or [Problem("", 0, "")]
        assert all(problem.message and problem.line >= 1 for problem in problems)


def test_the_small_base_survives_being_written_inline() -> None:
    for name in FILES:
        read_with(name, DATA[name])


@settings(max_examples=150)
@given(st.sampled_from(ODD), values)
def test_any_value_anywhere_is_read_or_refused(odd: tuple[str, tuple[str | int, ...]], value: Any) -> None:
    file, path = odd
    data = deepcopy(DATA[file])
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    read_with(file, data)


@pytest.mark.parametrize(
    ("file", "path"), ODD, ids=lambda each: each if isinstance(each, str) else ".".join(map(str, each))
)
def test_anything_may_be_missing(file: str, path: tuple[str | int, ...]) -> None:
    data = deepcopy(DATA[file])
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    read_with(file, data)
