"""The summary in its three forms, and both PDFs before an independent validator."""

from __future__ import annotations

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import msgspec
import pikepdf
import pytest
from docx.oxml.ns import qn
from pdfua import validate

from tests.publishing.opened import converted
from tests.publishing.reading_back import Page, bookmarks
from wellfounded.publishing import documents, sureness
from wellfounded.publishing.documents import summary
from wellfounded.publishing.documents.pictures import png

pytestmark = [pytest.mark.slow]
SECTIONS = [
    "Welcome", "Purpose", "Approach", "The economy", "The Five Foundations", "What we conclude", "Early priorities",
    "Grand Challenges", "How to respond", "Next phase", "Sources of this summary",
]  # fmt: skip


@pytest.fixture(scope="module")
def word(built: Path) -> Any:
    return docx.Document(str(built / "summary.docx"))


def test_its_sections_stand_in_their_order_in_every_form(built: Path, word: Any) -> None:
    publication, indicators = documents.read(built)
    made = summary.document(publication, indicators)
    assert [section.title for section in made.sections] == SECTIONS
    with pikepdf.open(built / "summary.pdf") as opened:
        titles = " ".join(map(str, bookmarks(opened)))
    text = (built / "summary.html").read_text(encoding="utf-8")
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    for title in SECTIONS:
        assert title in text
        assert any(title in heading for heading in headings), title
        assert title in titles


def test_it_has_eight_to_sixteen_pages(built: Path) -> None:
    with pikepdf.open(built / "summary.pdf") as opened:
        assert 8 <= len(opened.pages) <= 16


def test_it_leads_with_what_holds_and_says_how_sure_it_is(built: Path) -> None:
    publication, _ = documents.read(built)
    text = Page((built / "summary.html").read_text(encoding="utf-8")).words
    leading = sureness.firmest(
        [c for c in publication.conclusions if c.kind == "strength" and sureness.sayable(c)], n=4, a_chapter=1
    )
    for conclusion in leading:
        assert conclusion.sentence in text


@pytest.mark.parametrize("name", ["summary", "pack"])
def test_the_validator_of_pdf_ua_finds_nothing(built: Path, name: str) -> None:
    report = validate(str(built / f"{name}.pdf"))
    assert [(finding.rule_id, finding.message) for finding in report.findings] == []
    assert report.exit_code == 0


def test_the_validator_would_find_what_is_wrong(built: Path, tmp_path: Path) -> None:
    with pikepdf.open(built / "summary.pdf") as opened:
        del opened.Root.Lang
        del opened.Root.StructTreeRoot
        opened.save(tmp_path / "bad.pdf")
    assert validate(str(tmp_path / "bad.pdf")).findings


@pytest.mark.parametrize("name", ["summary", "pack"])
def test_a_pdf_is_tagged_in_its_language_with_a_title_and_bookmarks(built: Path, name: str) -> None:
    publication, _ = documents.read(built)
    with pikepdf.open(built / f"{name}.pdf") as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.Root.Lang).lower().startswith(publication.lang.lower()[:2])
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        assert opened.Root.Outlines is not None
        assert all(page.get("/Tabs") == "/S" for page in opened.pages if "/Annots" in page)
        assert publication.title in str(opened.docinfo["/Title"])


def test_the_word_file_has_headings_in_their_levels_captions_and_words_for_pictures(built: Path, word: Any) -> None:
    levels = [int(p.style.name[-1]) for p in word.paragraphs if p.style.name.startswith("Heading ")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    captions = [p.text for p in word.paragraphs if p.style.name == "Caption"]
    assert any(text.startswith("Figure 1") for text in captions)
    assert any(text.startswith("Table 1") for text in captions)
    pictures = word.element.body.xpath(".//wp:docPr")
    assert len(pictures) > 5
    assert all(len(picture.get("descr") or "") > 15 for picture in pictures)
    assert not word.element.body.xpath(".//a:blip[not(@r:embed)]")


def test_the_word_file_has_a_language_a_title_and_headers_of_tables(built: Path, word: Any) -> None:
    publication, _ = documents.read(built)
    properties = word.core_properties
    assert publication.title in properties.title
    assert properties.language.startswith(publication.lang[:2])
    assert word.tables
    for table in word.tables:
        first = table.rows[0]._tr
        assert first.trPr is not None
        assert first.trPr.find(qn("w:tblHeader")) is not None


def test_libreoffice_opens_the_word_file_on_eight_to_sixteen_pages(built: Path, tmp_path: Path) -> None:
    with pikepdf.open(converted(built / "summary.docx", tmp_path)) as opened:
        pages = len(opened.pages)
    metric = subprocess.run(["fc-match", "Arial"], capture_output=True, text=True, check=True).stdout
    broad = "Arial" not in metric and "Liberation" not in metric  # what stands in for Arial takes more room
    assert 8 <= pages <= (18 if broad else 16)


def test_a_picture_has_letters_of_its_own_whatever_fonts_the_machine_has(tmp_path: Path) -> None:
    def drawn(family: str) -> bytes:
        path = tmp_path / "drawing.svg"
        path.write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">'
            f'<text x="4" y="20" font-family="{family}">Warrington</text></svg>'
        )
        return png(path, inches=1)

    assert drawn("DejaVu Sans Mono") == drawn("Arial")


def test_figures_of_every_form_lead_to_their_page_on_the_site(built: Path, word: Any) -> None:
    publication, _ = documents.read(built)
    targets = {rel.target_ref for rel in word.part.rels.values() if rel.is_external}
    page = Page((built / "summary.html").read_text(encoding="utf-8"))
    linked = {address for where, address in page.addresses if where == "a href"}
    with pikepdf.open(built / "summary.pdf") as opened:
        in_pdf = {
            str(note.A.URI) for p in opened.pages for note in p.get("/Annots", []) if "/A" in note and "/URI" in note.A
        }
    for found in (targets, linked, in_pdf):
        of_conclusions = [address for address in found if address.startswith(f"{publication.site}/conclusions/")]
        assert len(of_conclusions) > 10


def test_a_base_without_texts_of_its_own_has_a_summary_that_says_nothing_it_was_not_told(
    built: Path, tmp_path: Path
) -> None:
    publication, indicators = documents.read(built)
    bare = msgspec.structs.replace(
        publication, summary={}, challenges=(), impacts=(), consultation_address="", consultation_questions=(),
        contact="", about_html="", site="", brand={}, conclusions=publication.conclusions[:1],
    )  # fmt: skip
    shutil.copytree(built / "charts", tmp_path / "charts")
    documents.write(bare, indicators, folder=tmp_path)
    assert not validate(str(tmp_path / "summary.pdf")).findings
    text = Page((tmp_path / "summary.html").read_text(encoding="utf-8")).words
    assert "None" not in text
    assert "{" not in text
