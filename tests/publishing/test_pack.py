"""The evidence pack: what both forms say, that everybody can read them, and that they say what the model says."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import pikepdf
import pytest

from tests.publishing.reading_back import Page, addresses, bookmarks, structure
from tests.web import sample
from wellfounded.publishing import documents, sureness
from wellfounded.publishing.documents import prose
from wellfounded.publishing.documents.document import Figure, Heading, Items, Paragraph, Run, Table, anchors, blocks_of
from wellfounded.publishing.documents.pack import document
from wellfounded.publishing.documents.page import page, style_sheet
from wellfounded.publishing.documents.parts import NoSuchChart, figure_cell
from wellfounded.publishing.documents.typesetting import NotDrawn, pdf
from wellfounded.publishing.model import Publication, ShownIndicator
from wellfounded.publishing.strings import ENGLISH
from wellfounded.publishing.words import short_reason

AWKWARD = 'Ab#[er] $de$en *and* <Sons> & "Co" @home _under_ `tick` \\end #sys.version // 100% ~ {{x}}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample publication with its pack."""
    folder = sample.write(tmp_path_factory.mktemp("publication"))
    documents.write(*documents.read(folder), folder=folder)
    return folder


@pytest.fixture(scope="module")
def shown(folder: Path) -> tuple[Publication, tuple[ShownIndicator, ...]]:
    """The publication and its indicators."""
    return documents.read(folder)


@pytest.fixture(scope="module")
def html(folder: Path) -> Page:
    """The pack as a page, read back."""
    return Page((folder / "pack.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def typeset(folder: Path) -> Iterator[pikepdf.Pdf]:
    """The pack as PDF, opened."""
    with pikepdf.open(folder / "pack.pdf") as opened:
        yield opened


# Both forms


def test_summary_introduction_chapters_and_appendices_stand_in_this_order(shown: Any) -> None:
    made = document(*shown)
    chapters = [chapter.title for chapter in shown[0].chapters]
    assert [section.title for section in made.sections] == [
        "Summary", "About this pack", *chapters, "Priorities", "Every conclusion and its working", "Methods",
        "Data sources", "Indicators", "Glossary",
    ]  # fmt: skip
    assert [section.number for section in made.sections] == [*(str(n) for n in range(1, 11)), *"ABCDE"]


def test_every_anchor_is_there_once_and_every_link_inside_leads_to_one(shown: Any) -> None:
    made = document(*shown)
    there = Counter(anchor for anchor in anchors(made) if anchor)
    assert not [anchor for anchor, times in there.items() if times > 1]
    inside = {address[1:] for address in addresses(msgspec.to_builtins(made)) if address.startswith("#")}
    assert inside
    assert inside <= set(there)


def test_figures_and_tables_are_numbered_in_order(shown: Any) -> None:
    blocks = list(blocks_of(document(*shown)))
    figures = [block.number for block in blocks if isinstance(block, Figure)]
    tables = [block.number for block in blocks if isinstance(block, Table) and block.number]
    assert figures == list(range(1, len(figures) + 1))
    assert tables == list(range(1, len(tables) + 1))
    assert len(figures) > 10
    assert len(tables) > 10


def test_each_published_conclusion_has_its_working_and_no_draft_is_told(shown: Any) -> None:
    publication, _ = shown
    made = document(*shown)
    told = {block.text for block in blocks_of(made) if isinstance(block, Heading) and block.sentence}
    assert told == {conclusion.sentence for conclusion in sureness.published(publication.conclusions)}
    assert "A draft that nobody may see." not in msgspec.json.encode(made).decode()
    for conclusion in sureness.published(publication.conclusions):
        for test in conclusion.tests:
            steps = [block for block in blocks_of(made) if isinstance(block, Items) and block.steps]
            texts = {tuple(item[0].runs[0].text for item in block.items) for block in steps}  # type: ignore[union-attr]
            assert test.working in texts


def test_a_chart_is_drawn_once_and_then_referred_to(shown: Any) -> None:
    ids = [block.id for block in blocks_of(document(*shown)) if isinstance(block, Figure)]
    assert len(ids) == len(set(ids))
    paragraphs = [block for block in blocks_of(document(*shown)) if isinstance(block, Paragraph)]
    assert any(run.href == "#figure-chart-output-per-hour" for block in paragraphs for run in block.runs)


def test_a_preview_says_so_on_its_cover_and_beside_each_draft(shown: Any) -> None:
    publication, indicators = shown
    preview = msgspec.structs.replace(publication, drafts=("births",))
    made = document(preview, indicators)
    assert made.notice == "Preview: 1 of these conclusions is a draft that nobody has published. Don’t quote it."
    assert "Draft · Issue" in msgspec.json.encode(made).decode()
    assert made.notice in page(made)
    assert not document(publication, indicators).notice


def test_a_publication_with_next_to_nothing_in_it_still_makes_a_pack(shown: Any, tmp_path: Path) -> None:
    bare = msgspec.structs.replace(
        shown[0], members=(), comparators=(), impacts=(), conclusions=(), chapter_pages={}, indicators=(), releases={},
        charts={}, consultation_address="", consultation_questions=(), contact="", about_html="", brand={}, fdr_note="",
        built_at="some day",
    )  # fmt: skip
    made = document(bare, ())
    assert made.edition == "Working version of some day"
    assert pdf(made, charts=tmp_path).startswith(b"%PDF-1.7")
    assert "No conclusion of this kind holds at present." in page(made)


def test_a_chart_that_is_named_and_missing_stops_the_pack(shown: Any, tmp_path: Path) -> None:
    publication, indicators = shown
    with pytest.raises(NoSuchChart, match="no chart 'chart-output-per-hour'"):
        document(msgspec.structs.replace(publication, charts={}), indicators)
    with pytest.raises(NotDrawn, match=r"figure 1 has no drawing: expected .*chart-output-per-hour\.svg"):
        pdf(document(publication, indicators), charts=tmp_path)


def test_text_is_set_as_it_is_whatever_it_looks_like(shown: Any, folder: Path) -> None:
    publication, indicators = shown
    first = msgspec.structs.replace(
        publication.conclusions[0],
        sentence=AWKWARD,
        detail_html="<p>a &lt;b&gt; <em>c</em> <a href='javascript:x'>d</a></p>",
    )
    awkward = msgspec.structs.replace(
        publication, name=AWKWARD, title=f"{AWKWARD}: {AWKWARD}", conclusions=(first, *publication.conclusions[1:])
    )
    made = document(awkward, indicators)
    with pikepdf.open(io.BytesIO(pdf(made, charts=folder / "charts"))) as opened:
        assert str(opened.docinfo["/Title"]) == f"{AWKWARD}: {AWKWARD}"
        assert AWKWARD in bookmarks(opened)
    read = Page(page(made))
    assert read.h1 == [f"{AWKWARD}: {AWKWARD}"]
    assert not [address for _, address in read.addresses if address.startswith("javascript")]
    assert "<Sons>" not in page(made)


def test_questions_are_asked_only_where_there_is_somebody_to_answer_to(shown: Any) -> None:
    publication, indicators = shown
    asked = publication.consultation_questions[0]
    assert asked in msgspec.json.encode(document(publication, indicators)).decode()
    nobody = msgspec.structs.replace(publication, consultation_address="", contact="")
    assert asked not in msgspec.json.encode(document(nobody, indicators)).decode()


# The page


def test_the_page_has_one_first_heading_and_skips_no_level(html: Page) -> None:
    assert html.h1 == ["Cheshire and Warrington: the evidence base"]
    assert html.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(html.headings, html.headings[1:], strict=False))


def test_the_page_leads_nowhere_that_is_not_there(html: Page, folder: Path) -> None:
    assert len(html.ids) == len(set(html.ids))
    for where, address in html.addresses:
        parts = urlsplit(address)
        if parts.scheme:
            assert parts.scheme in ("https", "http", "mailto", "data"), (where, address)
        elif parts.path:
            assert not parts.path.startswith("/")
            assert (folder / unquote(parts.path)).is_file(), (where, address)
        else:
            assert parts.fragment in html.ids, (where, address)


def test_the_page_obeys_a_policy_without_inline_styles_and_scripts(html: Page, folder: Path) -> None:
    assert not html.inline
    assert "--brand:#12355b" in (folder / "document.css").read_text(encoding="utf-8")
    assert "url(" not in (folder / "document.css").read_text(encoding="utf-8")


def test_every_picture_has_words_and_every_table_has_a_caption_and_headers(html: Page) -> None:
    assert html.images
    assert all(html.images.values())
    assert html.tables
    for table in html.tables:
        assert table["caption"], table
        assert table["columns"], table
        assert all(row[0][0] == "th" for row in table["rows"]), table["caption"]
        assert all(len(row) == len(table["columns"]) for row in table["rows"]), table["caption"]


def test_nothing_on_the_page_was_left_unfilled(html: Page) -> None:
    assert not re.search(r"\{\{|\}\}|\{[a-z_.]+\}|\b(nan|None|NaN|inf|N/A|Run|undefined)\b", html.words)


def test_numbers_in_the_tables_are_those_of_the_model(html: Page, shown: Any) -> None:
    publication, indicators = shown
    rows = {
        cells[0][1]: cells for table in html.tables for cells in table["rows"] if "latest figures" in table["caption"]
    }
    checked = 0
    for indicator in indicators:
        latest = next(row for row in indicator.series if row.period == indicator.period)
        cells = next(cells for name, cells in rows.items() if name.startswith(f"{indicator.label} {indicator.period};"))
        for figure, (_, text) in zip(latest.figures, cells[1:], strict=False):
            expected = figure_cell(figure, ENGLISH, period=indicator.period)
            assert text == " ".join(
                part for part in (expected.text, expected.beside, expected.none, expected.under) if part
            )
            assert not figure.text or text.startswith(figure.text)
            checked += 1
    assert checked == len(indicators) * 5
    for chapter in publication.chapter_pages.values():
        for row in chapter.rows:
            assert all(figure.text in html.words for figure in row.figures)


def test_an_area_that_an_indicator_lacks_leaves_its_column_and_no_other(shown: Any) -> None:
    publication, indicators = shown
    first, *others = indicators
    lacking = msgspec.structs.replace(
        first,
        columns=first.columns[:2] + first.columns[3:],
        series=tuple(msgspec.structs.replace(row, figures=row.figures[:2] + row.figures[3:]) for row in first.series),
    )
    tables = [b for b in blocks_of(document(publication, (lacking, *others))) if isinstance(b, Table)]
    row = next(row for table in tables for row in table.rows if row.id == f"indicator-{first.id}")
    texts = [figure.text for figure in first.series[0].figures]
    assert [cell.text or cell.none for cell in row.cells[1:-1]] == [*texts[:2], "not published", *texts[3:]]


# The PDF


def test_the_pdf_is_tagged_titled_in_its_language_and_says_that_it_is_accessible(typeset: pikepdf.Pdf) -> None:
    assert bool(typeset.Root.MarkInfo.Marked)
    assert str(typeset.Root.Lang) == "en-GB"
    assert bool(typeset.Root.ViewerPreferences.DisplayDocTitle)
    with typeset.open_metadata(set_pikepdf_as_editor=False) as metadata:
        assert metadata["dc:title"] == "Cheshire and Warrington: the evidence base"
        assert metadata["pdfuaid:part"] == "1"


def test_the_pdf_has_a_bookmark_for_every_section_and_conclusion(typeset: pikepdf.Pdf, shown: Any) -> None:
    made = document(*shown)
    marked = bookmarks(typeset)
    for section in made.sections:
        assert f"{section.number} {section.title}" in marked
    for block in blocks_of(made):
        if isinstance(block, Heading):
            assert block.text in marked


def test_every_figure_of_the_pdf_has_words_and_every_table_has_headers(typeset: pikepdf.Pdf, shown: Any) -> None:
    elements = list(structure(typeset.Root.StructTreeRoot))
    figures = [element for element in elements if str(element.get("/S")) == "/Figure"]
    drawn = [block.alt for block in blocks_of(document(*shown)) if isinstance(block, Figure)]
    said = Counter(str(figure.Alt) for figure in figures)
    assert all(said)
    assert not Counter(drawn) - said
    tables = [element for element in elements if str(element.get("/S")) == "/Table"]
    assert len(tables) == sum(isinstance(block, Table) for block in blocks_of(document(*shown)))
    assert all(any(str(inner.get("/S")) == "/TH" for inner in structure(table)) for table in tables)


def test_every_page_after_the_cover_has_the_size_of_the_page_it_is_set_on(typeset: pikepdf.Pdf) -> None:
    sizes = Counter(tuple(round(float(side)) for side in opened.MediaBox) for opened in typeset.pages)
    assert set(sizes) == {(0, 0, 595, 842), (0, 0, 842, 595)}
    assert sizes[0, 0, 842, 595] > 0


def test_the_same_folder_makes_the_same_bytes(folder: Path) -> None:
    before = (
        (folder / "pack.pdf").read_bytes(),
        (folder / "pack.html").read_bytes(),
        (folder / "document.css").read_bytes(),
    )
    assert documents.write_pdf(folder) == folder / "pack.pdf"
    assert documents.write_html(folder) == folder / "pack.html"
    after = (
        (folder / "pack.pdf").read_bytes(),
        (folder / "pack.html").read_bytes(),
        (folder / "document.css").read_bytes(),
    )
    assert before == after


# Parts


def test_links_of_the_site_lead_to_parts_of_the_pack() -> None:
    there = frozenset({"indicator-gva-per-hour", "conclusion-births", "chapter-people", "method-trend"})
    lead = {
        "/indicators/gva-per-hour": "#indicator-gva-per-hour",
        "/conclusions/births?x=1#working": "#conclusion-births",
        "/people": "#chapter-people",
        "/about/methods/trend": "#method-trend",
        "/indicators/unknown": "",
        "/downloads": "",
        "/": "",
        "javascript:alert(1)": "",
        "https://example.org/x": "https://example.org/x",
        "mailto:a@example.org": "mailto:a@example.org",
    }
    assert {href: prose.address(href, anchors=there) for href in lead} == lead


def test_headings_of_a_text_come_out_one_below_the_other() -> None:
    markup = "<h1>One</h1><p>a <strong>b</strong></p><h4>Two</h4><ul><li>c</li><li><p>d</p></li></ul>"
    found = prose.blocks(markup, lead=str, level=3)
    assert [(b.text, b.level) for b in found if isinstance(b, Heading)] == [("One", 3), ("Two", 4)]
    assert Paragraph((Run("a "), Run("b", strong=True))) in found
    items = found[-1]
    assert isinstance(items, Items)
    assert items.items == ((Paragraph((Run("c"),)),), (Paragraph((Run("d"),)),))


def test_a_table_in_a_text_stays_a_table() -> None:
    markup = "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    (table,) = prose.blocks(markup, lead=str, level=3)
    assert isinstance(table, Table)
    assert [column.title for column in table.columns] == ["A", "B"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["1", "2"]]


@pytest.mark.parametrize(
    ("why", "short"),
    [
        ("not published for X, and members' values cannot be combined (median)", "not combined"),
        ("suppressed, so that nobody can be identified", "suppressed"),
        ("withheld by the publisher as too uncertain", "withheld"),
        ("Stockport: unavailable; Trafford: unavailable", "incomplete"),
        ("not published for X (no figures for 1 of its 1 members)", "not published"),
        ("", "not published"),
    ],
)
def test_a_cell_says_in_short_why_it_has_no_value(why: str, short: str) -> None:
    assert short_reason(why) == short


def test_a_style_sheet_carries_the_colours_of_the_members(shown: Any) -> None:
    sheet = style_sheet(document(*shown))
    for member in shown[0].members:
        assert member.colour in sheet
