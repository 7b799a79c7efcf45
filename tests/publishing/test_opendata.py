"""The open data: exact, whole, explained column by column, and checkable by anybody."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.csv
import pytest

from tests.web import sample
from wellfounded.publishing import documents, opendata, sureness
from wellfounded.publishing.model import Publication, ShownIndicator

Shown = tuple[Publication, tuple[ShownIndicator, ...]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample publication with its open data and manifest."""
    folder = sample.write(tmp_path_factory.mktemp("publication"))
    for path in (folder / "data").iterdir():
        path.unlink()
    publication, indicators = documents.read(folder)
    opendata.write(publication, indicators, to=folder / "data")
    opendata.write_manifest(folder)
    return folder


@pytest.fixture(scope="module")
def shown(folder: Path) -> Shown:
    """The publication and its indicators."""
    return documents.read(folder)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_every_figure_of_every_page_is_there_with_its_exact_value(folder: Path, shown: Shown) -> None:
    publication, indicators = shown
    found = {(r["indicator"], r["area"], r["period"], r["category"], r["release"]): r for r in rows(folder, "figures")}
    figures = [figure for indicator in indicators for row in indicator.series for figure in row.figures]
    assert figures
    for figure in figures:
        row = found[figure.indicator, figure.area, figure.period, figure.category, figure.release]
        assert (row["shown"], row["why_none"]) == (figure.text, figure.why_none)
        for name in ("value", "lower", "upper"):
            assert (float(row[name]) if row[name] else None) == getattr(figure, name)
    for conclusion in sureness.published(publication.conclusions):
        for figure in (figure for test in conclusion.tests for figure in test.figures):
            assert (figure.indicator, figure.area, figure.period, figure.category, figure.release) in found


def test_values_survive_the_way_to_text_and_back(folder: Path, shown: Shown) -> None:
    publication, indicators = shown
    figures = opendata.figures_of(sureness.published(publication.conclusions), publication, indicators)
    options = pyarrow.csv.ConvertOptions(strings_can_be_null=False)
    read = pyarrow.csv.read_csv(folder / "data" / "figures.csv", convert_options=options)
    for name in ("value", "lower", "upper"):
        assert read[name].to_pylist() == [getattr(figure, name) for figure in figures]
    assert read["rule"].to_pylist() == [figure.rule for figure in figures]


def test_no_figure_is_there_twice(folder: Path) -> None:
    keys = [
        (r["indicator"], r["area"], r["start"], r["period"], r["category"], r["release"])
        for r in rows(folder, "figures")
    ]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys)


def test_conclusions_come_with_tests_and_variants_and_no_draft_among_them(folder: Path, shown: Shown) -> None:
    publication, _ = shown
    published = {conclusion.id: conclusion for conclusion in sureness.published(publication.conclusions)}
    found = {row["id"]: row for row in rows(folder, "conclusions")}
    assert found.keys() == published.keys()
    assert "draft" not in found
    for identifier, conclusion in published.items():
        row = found[identifier]
        assert row["sentence"] == conclusion.sentence
        assert (int(row["holds"]), int(row["of"])) == (conclusion.holds, conclusion.of)
        assert row["as_written"] == str(conclusion.as_written).lower()
    tests = rows(folder, "tests")
    assert [(row["conclusion"], row["test"]) for row in tests] == [
        (conclusion.id, test.id) for conclusion in published.values() for test in conclusion.tests
    ]
    counted = [row for row in rows(folder, "variants") if row["counted"] == "true"]
    assert len(counted) == sum(conclusion.of for conclusion in published.values())
    assert {row["verdict"] for row in rows(folder, "variants") if row["verdict"] == "refused"}


def test_drafts_of_a_preview_are_called_drafts(shown: Shown, tmp_path: Path) -> None:
    publication, indicators = shown
    opendata.write(msgspec.structs.replace(publication, drafts=("births",)), indicators, to=tmp_path / "data")
    assert [row["id"] for row in rows(tmp_path, "conclusions") if row["state"] == "draft"] == ["births"]


def test_every_release_comes_with_licence_date_and_the_hash_of_its_file(shown: Shown, tmp_path: Path) -> None:
    publication, indicators = shown
    first = next(iter(publication.releases.values()))
    hashed = {**publication.releases, first.id: msgspec.structs.replace(first, sha256="ab" * 32)}
    opendata.write(msgspec.structs.replace(publication, releases=hashed), indicators, to=tmp_path / "data")
    found = {row["release"]: row for row in rows(tmp_path, "sources")}
    assert found.keys() == publication.releases.keys()
    assert found[first.id]["sha256"] == "ab" * 32
    assert (found[first.id]["licence"], found[first.id]["released"]) == ("OGL-UK-3.0", "2025-06-19")
    assert found["ukri-awards@2020-03-01"]["title"] == "Awards <by> partnership & year"


def test_an_empty_publication_has_files_with_headers_alone(shown: Shown, tmp_path: Path) -> None:
    bare = msgspec.structs.replace(shown[0], conclusions=(), chapter_pages={}, releases={}, priorities=None)
    opendata.write(bare, (), to=tmp_path / "data")
    for path in (tmp_path / "data").glob("*.csv"):
        assert len(path.read_text(encoding="utf-8").splitlines()) == 1, path


def test_the_manifest_says_what_every_column_means(folder: Path) -> None:
    tables = manifest(folder)["tables"]
    assert {Path(name).name for name in tables} == {path.name for path in (folder / "data").glob("*.csv")}
    for name, table in tables.items():
        with (folder / name).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == list(table["columns"])
        assert all(table["columns"].values())


def test_the_manifest_has_the_hash_of_every_file(folder: Path) -> None:
    files = manifest(folder)["files"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files.keys() == there - {"manifest.json"}
    for name, told in files.items():
        content = (folder / name).read_bytes()
        assert told == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_the_same_publication_makes_the_same_bytes(folder: Path, shown: Shown) -> None:
    before = {path.name: path.read_bytes() for path in (folder / "data").iterdir()}
    opendata.write(*shown, to=folder / "data")
    opendata.write_manifest(folder)
    assert {path.name: path.read_bytes() for path in (folder / "data").iterdir()} == before
