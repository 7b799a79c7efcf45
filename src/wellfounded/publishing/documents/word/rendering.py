"""The blocks of a document as paragraphs, tables and pictures of a Word file, in their order."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import docx as word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Emu, Pt, RGBColor

from wellfounded.publishing.documents.document import (
    Beside,
    Block,
    Cell,
    Code,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Paragraph,
    Quote,
    Run,
    Says,
    Section,
    Table,
)
from wellfounded.publishing.documents.pictures import png
from wellfounded.publishing.documents.word.parts import (
    Names,
    as_header,
    bookmark,
    bordered,
    clean,
    describe,
    described,
    element,
    field,
    link,
    shade,
    whole,
)
from wellfounded.publishing.documents.word.styles import QUIET, QUOTED, RULE, dress
from wellfounded.publishing.zipped import steady

TALL, BROAD = Cm(29.7), Cm(21.0)
MARGIN = Cm(2.0)
WIDTH, WIDE = BROAD - 2 * MARGIN, TALL - 2 * MARGIN
ROOM = Pt(10)  # under a table
LONGEST_WHOLE = 10  # rows of a table that is kept on one page
MOST_COLUMNS = 12  # of a table, before it goes on in another
FILLED, EMPTY = "●", "○"
SLIM = 0.4  # of the width, for a chart drawn narrow
TONES = {"": "Normal", "lead": "Lead", "quiet": "Quiet", "kicker": "Kicker"}


class Writer:
    """Writes a document's tree into a new Word file."""

    def __init__(self, document: Document, *, folder: Path) -> None:
        self.document = document
        self.folder = folder
        self.opened = word.Document()
        self.names = Names()
        self._marks = count(1)
        self._width = WIDTH
        self._after_a_table = False

    def write(self, to: Path) -> Path:
        """`to`, now the Word file. Raises NotDrawn."""
        self.opened._body.clear_content()
        dress(self.opened, self.document)
        self._page(self.opened.sections[0], on_its_side=False)
        self._properties()
        self._cover()
        self._contents()
        for section in self.document.sections:
            self._section(section)
        held = io.BytesIO()
        self.opened.save(held)
        return steady(held.getvalue(), to=to)

    def _properties(self) -> None:
        document, told = self.document, self.opened.core_properties
        year, month, day = document.date or (1980, 1, 1)
        moment = datetime(year, month, day)  # noqa: DTZ001  (Word keeps no zone)
        told.title, told.author, told.subject = clean(document.title), clean(document.place), clean(document.kind)
        told.language, told.comments, told.keywords = document.lang, clean(document.description), ""
        told.created = told.modified = told.last_printed = moment
        told.last_modified_by, told.revision = clean(document.place), 1

    def _page(self, section: Any, *, on_its_side: bool) -> None:
        section.orientation = WD_ORIENT.LANDSCAPE if on_its_side else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (TALL, BROAD) if on_its_side else (BROAD, TALL)
        section.left_margin = section.right_margin = MARGIN
        section.top_margin, section.bottom_margin = Cm(2.0), Cm(1.8)
        self._width = WIDE if on_its_side else WIDTH

    def _head_and_foot(self) -> None:
        section = self.opened.sections[0]
        section.different_first_page_header_footer = True
        head = section.header.paragraphs[0]
        head.style = self.opened.styles["Small"]
        head.add_run(clean(f"{self.document.title}: {self.document.kind}")).font.color.rgb = _rgb(QUIET)
        foot = section.footer.paragraphs[0]
        foot.style = self.opened.styles["Small"]
        foot.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        foot.add_run(clean(self.document.edition) + "\t").font.color.rgb = _rgb(QUIET)
        field(foot, "PAGE", "1")

    def _cover(self) -> None:
        document = self.document
        self._head_and_foot()
        if document.logo:
            paragraph = self._paragraph("Normal")
            self._picture(
                paragraph, self.folder / document.logo, width=Cm(7), words=document.place, title=document.place
            )
            paragraph.paragraph_format.space_after = Pt(90)
        kind = self._paragraph("Kicker", document.kind)
        if not document.logo:
            kind.paragraph_format.space_before = Pt(140)
        self._paragraph("Title", document.title)
        self._paragraph("Subtitle", document.sentence)
        self._paragraph("Conclusion", document.edition)
        if document.notice:
            self._paragraph("Normal", document.notice)
        self._paragraph("Quiet", f"{document.software}.")

    def _contents(self) -> None:
        heading = self._paragraph("Heading 1", self.document.words["contents"])
        heading.paragraph_format.page_break_before = True
        entries = [
            (1, f"{self._label(section)} {section.title}", section.id) for section in self.document.sections
        ]  # the table of contents can be worked out again in Word; until then it says this
        inner = {section.id: _listed(section.blocks) for section in self.document.sections}
        lines = [line for entry in entries for line in (entry, *((2, each.text, each.id) for each in inner[entry[2]]))]
        for at, (level, text, anchor) in enumerate(lines):
            paragraph = self._paragraph(f"TOC {level}")
            if at == 0:
                run = paragraph.add_run()
                run._r.append(element("fldChar", fldCharType="begin"))
                code = element("instrText")
                code.text = ' TOC \\o "1-2" \\h \\z \\u '
                paragraph.add_run()._r.append(code)
                paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))
            link(paragraph, text, "", name=self.names.of(anchor))
            if at == len(lines) - 1:
                paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))

    def _label(self, section: Section) -> str:
        return f"{self.document.words['appendix']} {section.number}" if section.appendix else section.number

    def _section(self, section: Section) -> None:
        if section.wide:
            self._page(self.opened.add_section(WD_SECTION.NEW_PAGE), on_its_side=True)
        elif self._width == WIDE:
            self._page(self.opened.add_section(WD_SECTION.NEW_PAGE), on_its_side=False)
        heading = self._paragraph("Heading 1", f"{self._label(section)} {section.title}")
        heading.paragraph_format.page_break_before = not section.flows and not section.wide
        self._bookmark(heading, section.id)
        self._blocks(section.blocks)

    def _blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            made = self._paragraph(TONES[block.tone])
            made.paragraph_format.keep_with_next = all(run.em for run in block.runs) or None  # a question: no last line
            self._runs(made, block.runs)
        elif isinstance(block, Heading):
            heading = self._paragraph(f"Heading {min(block.level, 4)}", block.text)
            if block.id:
                self._bookmark(heading, block.id)
        elif isinstance(block, Items):
            self._items(block)
        elif isinstance(block, Quote):
            self._quote(block)
        elif isinstance(block, Code):
            self._paragraph("Code", block.text)
        elif isinstance(block, Facts):
            self._facts(block)
        elif isinstance(block, Says):
            self._says(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Figure):
            self._figure(block)
        else:
            assert isinstance(block, Beside)
            self._blocks(block.blocks)
            self._figure(block.figure)

    def _quote(self, block: Quote) -> None:
        set_off = {base: name for name, base in QUOTED.items()}
        for inner in block.blocks:
            if isinstance(inner, Paragraph) and TONES[inner.tone] in set_off:
                self._runs(self._paragraph(set_off[TONES[inner.tone]]), inner.runs)
            else:
                self._block(inner)

    def _paragraph(self, style: str, text: str = "") -> Any:
        made = self.opened.add_paragraph(clean(text), style=self.opened.styles[style])
        if self._after_a_table:
            self._after_a_table = False
            if (self.opened.styles[style].paragraph_format.space_before or 0) < ROOM:
                made.paragraph_format.space_before = ROOM
        return made

    def _runs(self, paragraph: Any, runs: Sequence[Run]) -> None:
        for each in runs:
            made = self._linked(paragraph, each.text, each.href)
            made.bold, made.italic = each.strong or None, each.em or None
            if each.code:
                made.font.name = "Courier New"

    def _linked(self, paragraph: Any, text: str, href: str) -> Any:
        if href.startswith("#"):
            return link(paragraph, text, "", name=self.names.of(href[1:]))
        if href:
            return link(paragraph, text, href)
        return paragraph.add_run(clean(text))

    def _bookmark(self, paragraph: Any, anchor: str) -> None:
        name = self.names.of(anchor)
        self.names.made.add(name)
        bookmark(paragraph, name, number=next(self._marks))

    def _items(self, block: Items) -> None:
        style = "List Number" if block.ordered else "List Bullet"
        numbering = self._numbering() if block.ordered else None
        for item in block.items:
            first = True
            for inner in item:
                if isinstance(inner, Paragraph) and first:
                    paragraph = self._paragraph(style)
                    if numbering is not None:
                        properties = paragraph._p.get_or_add_pPr()
                        own = element("numPr")
                        own.append(element("ilvl", val="0"))
                        own.append(element("numId", val=str(numbering)))
                        properties.append(own)
                    self._runs(paragraph, inner.runs)
                    first = False
                else:
                    self._block(inner)

    def _numbering(self) -> int:
        """The id of a list of its own, so that it starts from 1."""
        part = self.opened.part.numbering_part.element
        style = self.opened.styles["List Number"].element
        of_style = style.find(".//{*}numPr/{*}numId")
        shared = int(next(iter(of_style.attrib.values())))
        abstract = next(num.find("{*}abstractNumId").val for num in part.findall("{*}num") if num.numId == shared)
        number = part.add_num(abstract)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    def _facts(self, block: Facts) -> None:
        if block.tight:
            paragraph = self._paragraph("Small")
            for at, fact in enumerate(block.facts):
                paragraph.add_run(clean(f"{' · ' if at else ''}{fact.term} ")).font.color.rgb = _rgb(QUIET)
                self._runs(paragraph, fact.runs)
            return
        for fact in block.facts:
            paragraph = self._paragraph("Small" if block.small else "Normal")
            paragraph.add_run(clean(f"{fact.term}. ")).bold = True
            if fact.id:
                self._bookmark(paragraph, fact.id)
            self._runs(paragraph, fact.runs)

    def _says(self, block: Says) -> None:
        if block.sentence:
            self._paragraph("Conclusion", block.sentence)
        mark = self._paragraph("Mark")
        filled = round(sum(block.segments))
        if block.about:
            mark.add_run(clean(f"{block.about} · "))
        mark.add_run(block.word).bold = True
        if block.sure:
            mark.add_run(clean(f": {block.sure}"))
        if block.segments:
            mark.add_run(f" {FILLED * filled}{EMPTY * (len(block.segments) - filled)}")
        if block.href:
            mark.add_run(" · ")
            self._linked(mark, self.document.words["its working"], block.href)

    def _caption(self, word: str, number: int, text: str) -> Any:
        paragraph = self._paragraph("Caption")
        paragraph.add_run(clean(f"{word} "))
        field(paragraph, f"SEQ {word} \\* ARABIC", str(number))
        paragraph.add_run(clean(f": {text}"))
        return paragraph

    def _figure(self, block: Figure) -> None:
        words = self.document.words
        caption = self._caption(words["figure"], block.number, block.title)
        self._bookmark(caption, block.id)
        if block.subtitle:
            under = self._paragraph("Quiet", block.subtitle)
            under.paragraph_format.keep_with_next = True
        paragraph = self._paragraph("Normal")
        paragraph.paragraph_format.keep_with_next = True
        share = SLIM if block.width < 480 else min(1.0, block.width / 640) * max(block.scale, 0.8)
        self._picture(
            paragraph, self.folder / block.file, width=Emu(int(self._width * share)), words=block.alt, title=block.title
        )
        foot = self._paragraph("Quiet", block.foot)
        if block.page:
            foot.add_run(" ")
            link(foot, f"{words['figure']} {block.number} {words['on the site']}", block.page)

    def _picture(self, paragraph: Any, path: Path, *, width: Any, words: str, title: str) -> None:
        run = paragraph.add_run()
        run.add_picture(io.BytesIO(png(path, inches=width.inches)), width=width)
        describe(run, words=words, title=title)

    def _table(self, block: Table) -> None:
        if block.number:
            caption = self._caption(self.document.words["table"], block.number, block.title)
            self._bookmark(caption, f"table-{block.number}")
        elif block.title:
            self._paragraph("Caption", block.title)
        titles = [column.title for column in block.columns]
        numbers = tuple(at for at, column in enumerate(block.columns) if column.number)
        for at_part, part in enumerate(_parted(len(titles))):
            if at_part:
                self._paragraph("Caption", f"{block.title} ({titles[part[1]]} …)")
            self._grid(
                block.title, [titles[at] for at in part], [[row.cells[at] for at in part] for row in block.rows],
                numbers=tuple(at for at, of in enumerate(part) if of in numbers),
                anchors=[row.id for row in block.rows] if part[1:2] == [1] or len(part) == 1 else (),
                shares=[block.columns[at].share for at in part],
            )  # fmt: skip
        if block.foot:
            self._paragraph("Quiet", block.foot)

    def _grid(
        self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, numbers: Sequence[int],
        anchors: Sequence[str] = (), shares: Sequence[float] = (),
    ) -> None:  # fmt: skip
        table = self.opened.add_table(rows=1, cols=len(columns))
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        bordered(table, colour=RULE)
        described(table, title=title, words="")
        shares = list(shares) or [1.5, *[1.0] * (len(columns) - 1)]
        widths = [Emu(int(self._width * share / sum(shares))) for share in shares]
        as_header(table.rows[0])
        for at, (cell, text) in enumerate(zip(table.rows[0].cells, columns, strict=True)):
            self._into(cell, Cell(text), number=at in numbers, bold=True)
            shade(cell, "EEF1F4")
        for at, row in enumerate(rows):
            made = table.add_row()
            whole(made)
            for where, (cell, given) in enumerate(zip(made.cells, row, strict=True)):
                self._into(cell, given, number=where in numbers, bold=False)
            if at < len(anchors) and anchors[at]:
                self._bookmark(made.cells[0].paragraphs[0], anchors[at])
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width  # LibreOffice goes by the columns, Word by the cells
            for cell in column.cells:
                cell.width = width
        for row in table.rows[: -1 if len(table.rows) <= LONGEST_WHOLE else 1]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        self._after_a_table = True

    def _into(self, cell: Any, given: Cell, *, number: bool, bold: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.style = self.opened.styles["Small"]
        if number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if given.none:
            paragraph.add_run(clean(given.none)).font.color.rgb = _rgb(QUIET)
        else:
            made = self._linked(paragraph, given.text, given.href)
            made.bold = bold or None
            if given.beside:
                paragraph.add_run(clean(f" {given.beside}")).italic = True
        if given.under:
            paragraph.add_run().add_break()
            under = paragraph.add_run(clean(given.under))
            under.font.size, under.font.color.rgb = Pt(7.5), _rgb(QUIET)


def _parted(columns: int) -> Iterator[list[int]]:
    """Which columns go into each of the tables that a broad table is made of: the first stands in all of them."""
    if columns <= MOST_COLUMNS:
        yield list(range(columns))
        return
    for start in range(1, columns, MOST_COLUMNS - 1):
        yield [0, *range(start, min(columns, start + MOST_COLUMNS - 1))]


def _listed(blocks: Iterable[Block]) -> list[Heading]:
    return [block for block in blocks if isinstance(block, Heading) and block.level == 2 and block.id]


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour)


__all__ = ["Writer"]
