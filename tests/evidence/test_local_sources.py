"""A base's own figures: a CSV beside a TOML, and what is wrong with either."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wellfounded.core import Period
from wellfounded.evidence.base import load_base
from wellfounded.evidence.catalogue import load
from wellfounded.evidence.local import LocalSource, load_local_sources
from wellfounded.evidence.located import BaseErrors
from wellfounded.evidence.store import Store

TOML = """\
[source]
id = "vacancies"
title = "Vacancies"
publisher = "The council"
url = "https://example.org"
licence = "OGL-UK-3.0"
released = 2025-03-01

[columns]
area = "code"
period = "year"
lower = "low"
upper = "high"
status = "flag"

[[indicator]]
id = "vacancy-rate"
value = "rate"
label = "Vacancy rate"
definition = "Empty shops among all shops."
unit = { suffix = "%", decimals = 1 }
polarity = "lower"
chapter = "place"
additivity = { rule = "refused", reason = "no count of shops" }
"""
CSV = """\
code,name,year,rate,low,high,flag
E06000049,Cheshire East,2022,"1,010.5",1000,1020,
E06000050,Cheshire West,2022,,,,c
E06000049,Cheshire East,2023/24,12.5,11,14,
"""


def a_folder(folder: Path, *, toml: str = TOML, csv: str | bytes = CSV) -> Path:
    (folder / "sources").mkdir()
    (folder / "sources" / "vacancies.toml").write_text(toml, "utf-8")
    (folder / "sources" / "vacancies.csv").write_bytes(csv if isinstance(csv, bytes) else csv.encode())
    return folder


def read(folder: Path) -> LocalSource:
    (found,) = load_local_sources(folder, catalogue=load())
    return found


def problems(folder: Path, *, toml: str = TOML, csv: str | bytes = CSV) -> list[str]:
    try:
        load_local_sources(a_folder(folder, toml=toml, csv=csv), catalogue=load())
    except BaseErrors as error:
        return [str(problem) for problem in error.problems]
    return []


def test_a_csv_becomes_figures_with_a_release_of_its_own(tmp_path: Path) -> None:
    found = read(a_folder(tmp_path))
    rows = found.figures
    assert rows.area.texts() == ["E06000049", "E06000050", "E06000049"]
    assert rows.value.tolist()[0] == 1010.5  # thousands commas are read
    assert np.isnan(rows.value[1])
    assert rows.status.texts() == ["", "confidential", ""]
    assert (rows.lower[2], rows.upper[2]) == (11, 14)
    assert found.release.id == "vacancies@2025-03-01"
    assert found.release.file == "vacancies.csv"
    assert len(found.release.sha256) == 64
    assert found.source.indicators == ("vacancy-rate",)


def test_several_indicators_may_come_from_one_file(tmp_path: Path) -> None:
    second = TOML[TOML.index("[[") :].replace("vacancy-rate", "vacancy-low").replace('value = "rate"', 'value = "low"')
    found = read(a_folder(tmp_path, toml=TOML + "\n" + second))
    assert found.figures.only(indicator="vacancy-low").value.tolist()[2] == 11


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    found = read(a_folder(tmp_path, csv=b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode()))
    assert found.figures.value.tolist()[2] == 12.5


def test_a_store_reads_a_bases_own_figures_like_any_other(small_base: Path) -> None:
    a_folder(small_base)
    store = Store.open(load_base(small_base))
    panel = store.panel("vacancy-rate")
    assert panel.periods == (Period.parse("2022"), Period.parse("2023/24"))
    assert panel.status_of(panel.area_index["E06000050"], 0, 0) == "confidential"
    assert panel.status_of(panel.area_index["E06000050"], 1, 0) == "missing"
    assert store.release("vacancies@2025-03-01").publisher == "The council"
    table = store.figures("vacancy-rate", areas=["E06000049"]).to_pylist()
    assert [row["value"] for row in table] == [1010.5, 12.5]
    assert "vacancy-rate" in store.indicator_ids()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("code,name", "kode,name", "vacancies.csv:1: there is no column 'code'; the file has: kode, name, year, rate"),
        ("E06000050,", "E06000099,", "vacancies.csv:3: no area has the code 'E06000099'; near it"),
        ("2023/24", "2023/25", "vacancies.csv:4: '2023/25' is not a period"),
        ("12.5", "twelve", "vacancies.csv:4: column 'rate' holds 'twelve', which is not a number"),
        ("12.5", "inf", "vacancies.csv:4: column 'rate' holds 'inf', which is not a number"),
        ("12.5", "nan", "vacancies.csv:4: column 'rate' holds 'nan', which is not a number"),
        ("11,14", "15,14", "vacancies.csv:4: the lower limit is above the upper one"),
        ("11,14", ",14", "vacancies.csv:4: one limit is missing"),
        ("2023/24", "2022", "vacancies.csv:4: E06000049, 2022 is there more than once"),
        (",c\n", ",q\n", "vacancies.csv:3: 'q' is not a status: expected one of"),
        ("12.5,11,14,", "12.5,11,14", "vacancies.csv:1: this is not a CSV that can be read"),
        ("name", "code", "vacancies.csv:1: the column 'code' is there twice"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_csv_is_told_with_its_row(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert CSV.count(old) == 1, old
    (found,) = problems(tmp_path, csv=CSV.replace(old, new))
    assert found.startswith(f"sources/{said}")


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        (b"code,year,rate\nE06000049,2022,\xa35\n", "sources/vacancies.csv:1: this is not UTF-8 text"),
        (b"", "sources/vacancies.csv:1: this is not a CSV that can be read"),
        (CSV.splitlines()[0].encode() + b"\n", "sources/vacancies.csv:1: there is no row under the header"),
    ],
)
def test_a_file_that_is_no_csv_is_refused(tmp_path: Path, csv: bytes, said: str) -> None:
    (found,) = problems(tmp_path, csv=csv)
    assert found.startswith(said)


def test_all_mistakes_of_a_csv_are_told_and_a_flood_is_counted(tmp_path: Path) -> None:
    wrong = "".join(f"E0600099{number},X,19x{number},1,,,\n" for number in range(8))
    found = problems(tmp_path, csv=CSV + wrong)
    assert sum("is not a period" in problem for problem in found) == 5
    assert sum("no area has the code" in problem for problem in found) == 5
    assert [problem.split(": ", 1)[1] for problem in found].count("and 3 more of this kind") == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Vacancies"\n', "", ":1: `title` is missing in [source]"),
        ("2025-03-01", '"March"', ":7: `released` must be a date, as 2020-09-10"),
        ('id = "vacancies"', 'id = "aps"', ""),
        ('area = "code"\n', "", ":9: [columns] does not say which column holds the area"),
        ('area = "code"', 'area = 3', ":10: `area` is 3: expected text"),
        ('flag"', 'flag"\ncolour = "x"', ":15: there is no part of a figure 'colour'"),
        ('id = "vacancy-rate"', 'id = "gva"', ":16: the catalogue already has an indicator 'gva'"),
        ("released = 2025-03-01", 'released = 2025-03-01\nfile = "../x.csv"', ":1: the figures are missing:"),
        ("released = 2025-03-01", 'released = 2025-03-01\nfile = "y.csv"', ":1: the figures are missing:"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_toml_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert TOML.count(old) == 1, old
    found = problems(tmp_path, toml=TOML.replace(old, new))
    if said:
        assert found
        assert found[0].startswith(f"sources/vacancies.toml{said}")
    else:
        assert found == []


def test_a_source_without_an_indicator_is_refused(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, toml=TOML.split("[[")[0])
    assert found == "sources/vacancies.toml:1: there is no [[indicator]]"


def test_two_sources_may_not_have_the_same_name_or_indicator(tmp_path: Path) -> None:
    a_folder(tmp_path)
    for name in ("toml", "csv"):
        (tmp_path / "sources" / f"a.{name}").write_text((tmp_path / "sources" / f"vacancies.{name}").read_text())
    with pytest.raises(BaseErrors) as raised:
        load_local_sources(tmp_path, catalogue=load())
    assert [str(problem) for problem in raised.value.problems] == [
        "sources/vacancies.toml:1: the indicator 'vacancy-rate' is already in sources/a.toml",
        "sources/vacancies.toml:1: the source 'vacancies' is already in sources/a.toml",
    ]


def test_a_base_without_sources_has_none(tmp_path: Path) -> None:
    assert load_local_sources(tmp_path, catalogue=load()) == ()


def test_the_shipped_base_carries_one(shipped_base: Path) -> None:
    (found,) = load_local_sources(shipped_base, catalogue=load())
    assert found.source.id == "ukri-awards-by-lep"
    assert len(found.figures) > 300


ODD: tuple[object, ...] = (5, -1, 1.5, True, "", "x", "refused", [], {}, ["x"], [1], {"x": 1})


def as_toml(value: object) -> str:
    """A value as inline TOML."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    return json.dumps(value)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [place for key, item in inside for place in places(item, (*path, key))]
    return [path, *found] if path else found


WHOLE = tomllib.loads(TOML)
WHOLE["indicator"][0] |= {"alternatives": ["gva"], "development": False, "base": "", "per": "", "caveats": ""}
WHOLE["indicator"][0]["categories"] = {
    "kind": "age", "total": "t", "labels": [["t", "All"], ["a", "Young"]], "leaves": ["a"], "sets": {"s": ["a"]},
}  # fmt: skip


@pytest.mark.parametrize("path", places(WHOLE), ids=lambda path: ".".join(map(str, path)))
def test_anything_may_be_of_any_kind_or_missing_and_is_read_or_refused(
    tmp_path: Path, path: tuple[str | int, ...]
) -> None:
    a_folder(tmp_path)
    for odd in (*ODD, None):
        data: Any = deepcopy(WHOLE)
        inner = data
        for step in path[:-1]:
            inner = inner[step]
        if odd is None:
            del inner[path[-1]]
        else:
            inner[path[-1]] = odd
        text = "".join(f"{json.dumps(key)} = {as_toml(item)}\n" for key, item in data.items())
        (tmp_path / "sources" / "vacancies.toml").write_text(text, "utf-8")
        problems_told: list[object] = []
        try:
            load_local_sources(tmp_path, catalogue=load())
        except BaseErrors as error:
            problems_told = [*error.problems] or [None]
        assert None not in problems_told
