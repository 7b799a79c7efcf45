"""TOML that knows its lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellfounded.evidence.located import BaseErrors, Located, Problem, Table, no_such, read_toml

TEXT = '''\
title = "x"
long = """
[not-a-table]
key = 1
"""

[place]
members = [
  "a",
]
"quoted key" = 1

[[thing]]
name = "one"
  [[thing.test]]
  id = "t1"
  [[thing.test]]
  id = "t2"
  # [[thing.test]]

[[thing]]
name = "two"   # a comment
  [[thing.test]]
  id = "t3"
  [thing.settings]
  colour = "red"
'''


@pytest.fixture
def located(tmp_path: Path) -> Located:
    path = tmp_path / "x.toml"
    path.write_text(TEXT, "utf-8")
    return read_toml(path, shown_as="x.toml")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("long",), 2),
        (("place",), 7),
        (("place", "members"), 8),
        (("place", "quoted key"), 11),
        (("thing",), 13),
        (("thing", 0, "name"), 14),
        (("thing", 0, "test", 0), 15),
        (("thing", 0, "test", 1, "id"), 18),
        (("thing", 1), 21),
        (("thing", 1, "test", 0, "id"), 24),
        (("thing", 1, "settings", "colour"), 26),
        (("thing", 1, "missing"), 21),  # the nearest table around it
        (("place", "members", "missing"), 8),
        (("nowhere",), 1),
    ],
)
def test_every_table_and_key_knows_its_line(located: Located, path: tuple[str | int, ...], line: int) -> None:
    assert located.line(*path) == line
    assert located.problem("wrong", *path) == Problem("x.toml", line, "wrong")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = 1\nb = [\n", "x.toml:3: this is not TOML"),
        (b"a = 1\na = 2\n", "x.toml:2: this is not TOML: Cannot overwrite a value"),
        (b"a = 1\nb = '\xa3'\n", "x.toml:2: this is not UTF-8 text: save the file as UTF-8"),
    ],
)
def test_what_is_no_toml_is_refused_at_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(BaseErrors) as raised:
        read_toml(path, shown_as="x.toml")
    assert str(raised.value).startswith(said)


def test_a_missing_file_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(BaseErrors, match=r"^x.toml:1: this file is missing; a base needs it$"):
        read_toml(tmp_path / "x.toml", shown_as="x.toml")


def test_problems_are_told_in_order_and_once() -> None:
    found = BaseErrors([Problem("b", 1, "x"), Problem("a", 2, "x"), Problem("a", 1, "x"), Problem("a", 2, "x")])
    assert str(found).splitlines() == ["a:1: x", "a:2: x", "b:1: x"]


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda table: table.text("members"), "`members` is a list: expected text"),
        (lambda table: table.texts("name"), "`name` is 'x': expected a list of texts, as"),
        (lambda table: table.flag("name"), "`name` is 'x': expected true or false"),
        (lambda table: table.whole_number("name", 5), "`name` is 'x': expected a whole number above zero"),
        (lambda table: table.table("name"), "`name` is 'x': expected a table, as [name]"),
        (lambda table: table.tables("yes"), "`yes` is true: expected tables, each under [[thing.yes]]"),
        (lambda table: table.only(["name"]), "there is no key 'members'; expected one of: name"),
    ],
)
def test_what_is_of_another_kind_is_a_problem_with_its_line(read: object, said: str) -> None:
    located = Located("x.toml", {}, _keys={("thing", 0, "name"): 3, ("thing", 0, "members"): 4, ("thing", 0, "yes"): 5})
    problems: list[Problem] = []
    table = Table(located, {"members": ["a"], "name": "x", "yes": True}, problems, ("thing", 0))
    read(table)  # type: ignore[operator]
    assert problems[0].message.startswith(said)
    assert problems[0].line > 1


def test_what_is_not_there_has_its_default_and_no_problem() -> None:
    problems: list[Problem] = []
    table = Table(Located("x", {}), {}, problems)
    found = (table.text("a", "b"), table.texts("a"), table.flag("a"), table.whole_number("a", 5), table.tables("a"))
    assert found == ("b", (), False, 5, [])
    assert table.table("a").data == {}
    assert not problems


def test_a_near_name_is_suggested_and_else_all_are_listed() -> None:
    assert no_such("colour", "gren", ["red", "green"]) == "there is no colour 'gren'; did you mean 'green'?"
    assert no_such("colour", "zzz", ["red", "green"]) == "there is no colour 'zzz'; expected one of: green, red"


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            read_toml(path, shown_as="x.toml")
        except BaseErrors as error:
            (problem,) = error.problems
            assert problem.line >= 1


def test_what_does_not_belong_in_a_list_of_texts_is_named() -> None:
    problems: list[Problem] = []
    table = Table(Located("x.toml", {"names": ["one", 3]}), {"names": ["one", 3]}, problems)
    assert table.texts("names") == ()
    assert problems[0].message.startswith("`names` has 3 in it: expected a list of texts, as")
