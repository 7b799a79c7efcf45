"""The pack and the open data of the evidence base that ships, as they are published."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pikepdf
import pytest

from tests.publishing.reading_back import Page, bookmarks, structure
from wellfounded.publishing import documents, opendata, sureness
from wellfounded.publishing.model import ShownFigure

pytestmark = [pytest.mark.slow]


def test_the_pack_tells_every_conclusion_and_its_pictures_have_words(built: Path) -> None:
    publication, _ = documents.read(built)
    with pikepdf.open(built / "pack.pdf") as opened:
        marked = bookmarks(opened)
        missing = [c.id for c in sureness.published(publication.conclusions) if c.sentence not in marked]
        assert not missing
        elements = list(structure(opened.Root.StructTreeRoot))
        figures = [element for element in elements if str(element.get("/S")) == "/Figure"]
        assert len(figures) > 100
        assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
        with opened.open_metadata(set_pikepdf_as_editor=False) as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert 60 < len(opened.pages) < 260


def test_the_page_of_the_pack_is_whole(built: Path) -> None:
    read = Page((built / "pack.html").read_text(encoding="utf-8"))
    assert len(read.h1) == 1
    assert all(after <= before + 1 for before, after in zip(read.headings, read.headings[1:], strict=False))
    assert len(read.ids) == len(set(read.ids))
    assert all(read.images.values())
    assert all((built / source).is_file() for source in read.images)
    inside = {address[1:] for _, address in read.addresses if address.startswith("#")}
    assert inside <= set(read.ids)
    assert not re.search(r"\{\{|\}\}|\{[a-z_.]+\}|\b(nan|None|NaN|inf|N/A)\b", read.words)


def test_no_figure_has_two_values(built: Path) -> None:
    publication, indicators = documents.read(built)
    shown = [figure for indicator in indicators for row in indicator.series for figure in row.figures]
    shown += [figure for c in publication.conclusions for test in c.tests for figure in test.figures]
    shown += [figure for page in publication.chapter_pages.values() for row in page.rows for figure in row.figures]

    def key(figure: ShownFigure) -> tuple[str, ...]:
        return figure.indicator, figure.area, figure.start, figure.period, figure.category, figure.release

    said = {(key(figure), figure.value, figure.text, figure.lower, figure.upper) for figure in shown}
    assert [found for found, times in Counter(found for found, *_ in said).items() if times > 1] == []
    assert all(figure.start <= figure.end for figure in shown)


def test_the_manifest_of_the_open_data_verifies(built: Path) -> None:
    manifest = json.loads((built / opendata.MANIFEST).read_text(encoding="utf-8"))
    assert {"pack.pdf", "pack.html", "document.css", "publication.json", "data/figures.csv"} <= manifest["files"].keys()
    for name, told in manifest["files"].items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == told["sha256"], name
