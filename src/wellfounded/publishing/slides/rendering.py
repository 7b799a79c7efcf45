"""A deck as a presentation: titles in their placeholders, text that fits, charts, words for all that is seen, notes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from wellfounded.publishing.documents.pictures import png
from wellfounded.publishing.documents.word.parts import clean
from wellfounded.publishing.slides import drawing, fitting, template
from wellfounded.publishing.slides.slide import Chart, Deck, Line, Mark, Picture, Run, Slide, Table
from wellfounded.publishing.zipped import zipped

BODY = (24, 22, 20, 18)  # sizes of letters, the largest first
BESIDE = (18, 16)
TITLES = (28, 26, 24, 22, 20)
CELLS = (14, 13, 12, 11, 10)
SOURCE, MEASURED = 12, 13
TEXT_WIDE = 0.36  # of the width, beside a chart
GAP = 22.0
QUIET, BLACK = "#505a5f", "#14202b"
_CREATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def render(deck: Deck, *, charts: Path, template: Path | None, to: Path) -> Path:
    """`to`, now the presentation of a deck whose drawings are in `charts`. Raises UnusableTemplate, NotDrawn."""
    return _Rendering(deck, charts=charts, template_file=template).write(to)


class _Rendering:
    def __init__(self, deck: Deck, *, charts: Path, template_file: Path | None) -> None:
        self.deck = deck
        self.charts = charts
        self.opened = template.opened(deck, template_file)
        self.scale = self.opened.width / template.WIDTH

    def write(self, to: Path) -> Path:
        for slide in self.deck.slides:
            self._slide(slide)
        self._properties()
        held = io.BytesIO()
        self.opened.presentation.save(held)
        return _steady(held.getvalue(), to=to)

    def _properties(self) -> None:
        told, deck = self.opened.presentation.core_properties, self.deck
        when = deck.date
        moment = datetime(when.year, when.month, when.day) if when else datetime(1980, 1, 1)  # noqa: DTZ001
        told.title, told.author, told.language = clean(deck.title), clean(deck.place), deck.lang
        told.comments, told.keywords, told.subject = clean(deck.software), "", ""
        told.created = told.modified = told.last_printed = moment
        told.last_modified_by, told.revision = clean(deck.place), 1

    def _slide(self, slide: Slide) -> None:
        """A slide, or as many as its text takes."""
        if slide.kind != "content":
            self._opening(slide)
            return
        left, top, width, height = self._room()
        if slide.visual is None or isinstance(slide.visual, Table):
            room = height if slide.visual is None else 0.0
            pages = (
                fitting.pages(slide.lines, sizes=BODY, width=width, height=room)
                if slide.lines and room
                else [((), BODY[0])]
            )
            for number, (lines, size) in enumerate(pages, start=1):
                made = self._added(slide, number=number, of=len(pages))
                if lines:
                    self._text(made, lines, (left, top, width, height), size=size)
                if isinstance(slide.visual, Table):
                    self._table(made, slide.visual, (left, top, width, height))
                self._source(made, slide.source)
            return
        made = self._added(slide, number=1, of=1)
        wide = width * TEXT_WIDE
        lines, size = fitting.kept(slide.lines, sizes=BESIDE, width=wide, height=height - (26.0 if slide.mark else 0.0))
        below = top
        if slide.mark is not None:
            self._mark(made, slide.mark, left, top + 4.0)
            below += 26.0
        if lines:
            self._text(made, lines, (left, below, wide, height - (below - top)), size=size)
        start = left + wide + GAP
        rest = width - wide - GAP
        high = 0.0
        if slide.measured:
            high = fitting.lines_of(slide.measured, size=MEASURED, width=rest) * MEASURED * fitting.LINE_HEIGHT + 6.0
            told = (Line((Run(slide.measured, colour=QUIET),)),)
            self._text(made, told, (start, top, rest, high), size=MEASURED)
        self._visual(made, slide.visual, (start, top + high, rest, height - high))
        self._source(made, slide.source)

    def _room(self) -> drawing.Box:
        """Where a slide's content stands: below its title, above its source."""
        if self.opened.own:
            return (template.MARGIN, 128.0, template.WIDTH - 2 * template.MARGIN, 344.0)
        box = self._title_box("content")
        top = box[1] + box[3] + 10.0
        return (box[0], top, box[2], self.opened.height * 0.88 - top)

    def _title_box(self, kind: str) -> drawing.Box:
        layout = self.opened.layouts[kind]
        title = template.title_of(layout)
        left, top, width, height = (Emu(each).pt for each in (title.left, title.top, title.width, title.height))
        return left, top, width, height

    def _added(self, slide: Slide, *, number: int, of: int) -> Any:
        made = self.opened.presentation.slides.add_slide(self.opened.layouts[slide.kind])
        words = slide.title
        if of > 1:
            words = self.deck.continued.format(title=slide.title, n=number, of=of)
        title = made.shapes.title
        title.text_frame.text = clean(words)
        box = self._title_box(slide.kind)
        sizes = TITLES if slide.kind == "content" else (34, 30, 26, 22, 18)
        size = fitting.largest(
            words, sizes=sizes, width=box[2] - 16.0, height=box[3], most=3 if slide.kind == "content" else 5, bold=True
        )
        for run in title.text_frame.paragraphs[0].runs:
            run.font.size = Pt(size or sizes[-1])
            run._r.get_or_add_rPr().set("lang", self.deck.lang)
        if slide.kind == "content":
            for placeholder in list(made.placeholders):
                if placeholder.placeholder_format.idx != title.placeholder_format.idx:
                    placeholder._element.getparent().remove(placeholder._element)
        frame = made.notes_slide.notes_text_frame
        frame.text = clean("\n".join(slide.notes))
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().set("lang", self.deck.lang)
        return made

    def _opening(self, slide: Slide) -> None:
        """A title slide, or one that opens a chapter: its lines in the second placeholder where there is one."""
        made = self._added(slide, number=1, of=1)
        others = [p for p in made.placeholders if p.placeholder_format.idx != made.shapes.title.placeholder_format.idx]
        for spare in others[1:]:
            spare._element.getparent().remove(spare._element)
        if others and slide.lines:
            self._lines(others[0].text_frame, slide.lines, size=0)
        elif others:
            others[0]._element.getparent().remove(others[0]._element)
        elif slide.lines:
            left, top, width, height = self._title_box(slide.kind)
            self._text(made, slide.lines, (left, top + height + 10.0, width, self.opened.height * 0.25), size=18)

    def _text(self, made: Any, lines: Sequence[Line], box: drawing.Box, *, size: int) -> None:
        shape = made.shapes.add_textbox(*(Pt(each) for each in box))
        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.TOP
        self._lines(frame, lines, size=size)

    def _lines(self, frame: Any, lines: Sequence[Line], *, size: int) -> None:
        for at, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            if at and size:
                paragraph.space_before = Pt(size * fitting.gap(line))
            if line.bullet and size:
                _bullet(paragraph)
            self._runs(paragraph, line.runs, size=size)

    def _runs(self, paragraph: Any, runs: Sequence[Run], *, size: int, colour: str = "") -> None:
        for each in runs:
            run = paragraph.add_run()
            run.text = clean(each.text)
            if size:
                run.font.size = Pt(size)
                if self.opened.own:
                    run.font.name = template.FONT
            run.font.bold = each.strong or None
            hue = each.colour or colour
            if hue:
                run.font.color.rgb = _rgb(hue)
            if each.href:
                run.hyperlink.address = each.href
            run._r.get_or_add_rPr().set("lang", self.deck.lang)

    def _source(self, made: Any, runs: Sequence[Run]) -> None:
        if not runs:
            return
        left, top, width, height = self._room()
        below = top + height + 4.0
        text = "".join(run.text for run in runs)
        size = SOURCE if fitting.lines_of(text, size=SOURCE, width=width) <= 2 else SOURCE - 1
        shape = made.shapes.add_textbox(Pt(left), Pt(below), Pt(width), Pt(32.0))
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        self._runs(frame.paragraphs[0], runs, size=size, colour=QUIET)

    def _mark(self, made: Any, mark: Mark, left: float, top: float) -> None:
        """Five segments, filled as far as the conclusion holds, read as one picture."""
        from pptx.enum.shapes import MSO_SHAPE

        group = made.shapes.add_group_shape()
        ink = _rgb(self.deck.brand.ink)
        for at, share in enumerate(mark.segments):
            x = left + at * 18.0
            outline = group.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(x), Pt(top), Pt(14.0), Pt(14.0))
            outline.fill.background()
            outline.line.color.rgb, outline.line.width = ink, Pt(1)
            if share > 0:
                part = group.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(x), Pt(top), Pt(14.0 * share), Pt(14.0))
                part.fill.solid()
                part.fill.fore_color.rgb = ink
                part.line.fill.background()
        _describe(group, mark.alt)

    def _visual(self, made: Any, visual: Chart | Picture | Table, box: drawing.Box) -> None:
        if isinstance(visual, Table):
            self._table(made, visual, box)
        elif isinstance(visual, Chart):
            shapes = drawing.draw(made, visual, box)
            for at, shape in enumerate(shapes, start=1):
                _describe(shape, visual.alt if len(shapes) == 1 else f"{visual.alt} ({at}/{len(shapes)})")
        else:
            self._picture(made, visual, box)

    def _picture(self, made: Any, picture: Picture, box: drawing.Box) -> None:
        left, top, width, height = box
        share = min(width / picture.width, height / picture.height)
        wide, high = picture.width * share, picture.height * share
        data = png(self.charts / f"{picture.chart}.svg", inches=wide / 72)
        shape = made.shapes.add_picture(io.BytesIO(data), Pt(left), Pt(top), Pt(wide), Pt(high))
        _describe(shape, picture.alt)

    def _table(self, made: Any, table: Table, box: drawing.Box) -> None:
        left, top, width, height = box
        rows = (table.columns, *table.rows)
        first = width * (0.38 if len(table.columns) > 2 else 0.5)
        wide = [first, *[(width - first) / max(1, len(table.columns) - 1)] * (len(table.columns) - 1)]
        size, high = fitting.rows(
            [[cell.text for cell in cells] for cells in rows], sizes=CELLS, wide=wide, high=height
        )
        shape = made.shapes.add_table(len(rows), len(wide), Pt(left), Pt(top), Pt(width), Pt(sum(high)))
        shown = shape.table
        shown.first_row, shown.horz_banding = True, False
        for at, column in enumerate(shown.columns):
            column.width = Pt(wide[at])
        for row, cells in enumerate(rows):
            shown.rows[row].height = Pt(high[row])
            for at, given in enumerate(cells):
                cell = shown.cell(row, at)
                cell.margin_top = cell.margin_bottom = Pt(fitting.CELL_ABOVE)
                cell.margin_left = cell.margin_right = Pt(fitting.CELL_BESIDE)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                paragraph = cell.text_frame.paragraphs[0]
                paragraph.alignment = PP_ALIGN.RIGHT if given.number else PP_ALIGN.LEFT
                head = row == 0
                hue = self.deck.brand.on_colour if head else BLACK
                self._runs(paragraph, (Run(given.text, given.href, strong=head or given.own),), size=size, colour=hue)
                cell.fill.solid()
                cell.fill.fore_color.rgb = _rgb(self.deck.brand.colour if head else "#eef1f4" if row % 2 else "#ffffff")
        _describe(shape, table.alt)


def _bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(int(Pt(fitting.INDENT))))
    properties.set("indent", str(-int(Pt(fitting.INDENT))))
    mark = properties.makeelement(qn("a:buChar"), {"char": "•"})
    properties.append(mark)


def _describe(shape: Any, words: str) -> None:
    """Gives a shape the words that are read for it."""
    for properties in shape._element.iter(qn("p:cNvPr")):
        properties.set("descr", clean(words))
        return


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _steady(made: bytes, *, to: Path) -> Path:
    """The presentation with nothing in it, or in the workbooks of its charts, that tells when it was made."""
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        entries: dict[str, bytes | Path] = {}
        for name in file.namelist():
            data = file.read(name)
            entries[name] = _workbook(data, to.with_name(f".{to.name}.book")) if name.endswith(".xlsx") else data
    return zipped(entries, to=to)


def _workbook(data: bytes, scratch: Path) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        entries: dict[str, bytes | Path] = {
            name: _CREATED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", file.read(name)) for name in file.namelist()
        }
    try:
        return zipped(entries, to=scratch).read_bytes()
    finally:
        scratch.unlink(missing_ok=True)


__all__ = ["render"]
