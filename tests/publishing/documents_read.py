"""Documents as built, read back heading by heading with the numbers that stand under each."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf

from tests.publishing.numbers_said import numbers

_LABEL = re.compile(r"^\s*(?:Appendix )?(?:[A-Z]|\d{1,2})\s*$|^\s*\d{1,3}\.\s", re.MULTILINE)
_LEADING = re.compile(r"^(?:Appendix )?(?:[A-Z]|\d{1,2})\s+(?=\S)")  # the number of a heading
_SVG_TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
_EMPTY = frozenset({"br", "img", "meta", "link", "input", "hr", "source", "path", "polyline", "circle", "rect"})
_TAG = re.compile(r"<[^>]+>")


@dataclass
class Part:
    """What stands under a heading."""

    title: str
    lines: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> Counter[str]:
        return numbers("\n".join(self.lines))


class _Page(HTMLParser):
    _ENDS = frozenset({"p", "li", "td", "th", "dt", "dd", "figcaption", "caption", "div", "tr", "span", "small", "br"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts = [Part("")]
        self._heading = False
        self._off = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._off:
            self._off += tag not in _EMPTY
            return
        if tag in ("nav", "footer") or (tag == "span" and given.get("class") == "number"):
            self._off = 1
            return
        if re.fullmatch("h[1-6]", tag):
            self.parts.append(Part(""))
            self._heading = True
        if tag in self._ENDS:
            self.parts[-1].lines.append("\n")
        for name in ("alt", "aria-label"):
            if given.get(name):
                self.parts[-1].lines.append(f"\n{given[name]}\n")

    def handle_endtag(self, tag: str) -> None:
        if self._off:
            self._off -= tag not in _EMPTY
        elif re.fullmatch("h[1-6]", tag):
            self._heading = False
        if tag in self._ENDS:
            self.parts[-1].lines.append("\n")

    def handle_data(self, data: str) -> None:
        if self._off:
            return
        self.parts[-1].lines.append(data)
        if self._heading:
            self.parts[-1].title += data


def of_page(text: str) -> list[Part]:
    """The parts of a page of HTML; what stands before its first heading is the first, contents and labels left out."""
    found = _Page(text).parts
    for part in found:
        part.lines = ["".join(part.lines)]
        part.title = " ".join(part.title.split())
    return found


def of_pdf(path: Path, titles: list[str]) -> list[Part]:
    """A part for each title that is a bookmark, in order: the whole pages from it to the next, which they may share.

    Running heads, page numbers and numbers before headings and items are left out.
    """
    with pikepdf.open(path) as opened:
        marks = list(_bookmarks(opened))
        count = len(opened.pages)
    pages = [_body(page_text(path, number)) for number in range(1, count + 1)]
    first: list[int] = []
    for title, page in marks:
        if len(first) < len(titles) and _plain(title).endswith(_plain(titles[len(first)])):
            first.append(page)
    assert len(first) == len(titles), f"no bookmark {titles[len(first)]!r}"
    ends = [*first[1:], count - 1]
    return [Part(title, pages[start : end + 1]) for title, start, end in zip(titles, first, ends, strict=True)]


def page_text(path: Path, number: int) -> str:
    """The text of a page of a PDF in reading order."""
    made = subprocess.run(
        ["pdftotext", "-raw", "-f", str(number), "-l", str(number), str(path), "-"], capture_output=True, check=True
    )
    return made.stdout.decode("utf-8").rstrip("\f")


def of_docx(path: Path) -> list[Part]:
    """The parts of a Word file from heading to heading, its tables and the words for its pictures with them."""
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    parts = [Part("")]
    opened = docx.Document(str(path))
    for item in opened.iter_inner_content():
        if isinstance(item, Paragraph):
            style = item.style.name if item.style is not None else ""
            if style.startswith(("Heading", "Title")):
                parts.append(Part(item.text))
                parts[-1].lines.append(_LEADING.sub("", item.text))
                continue
            if not style.lower().startswith("toc"):
                parts[-1].lines += [item.text, *_described(item._p)]
        elif isinstance(item, Table):
            for row in item.rows:
                parts[-1].lines += [cell.text for cell in row.cells]
    return parts


def of_slides(path: Path) -> list[Part]:
    """The parts of a presentation, one a slide: all words on it, for its pictures and in its notes."""
    from pptx import Presentation

    found = []
    for slide in Presentation(str(path)).slides:
        title = slide.shapes.title
        part = Part(title.text_frame.text if title is not None else "")
        for shape in slide.shapes:
            holder = getattr(shape, "placeholder_format", None) if shape.is_placeholder else None
            if holder is not None and "SLIDE_NUMBER" in str(holder.type):
                continue
            part.lines += list(_described(shape._element))
            if shape.has_text_frame:
                part.lines.append(shape.text_frame.text)
            if getattr(shape, "has_table", False) and shape.has_table:
                part.lines += [cell.text for row in shape.table.rows for cell in row.cells]
        if slide.has_notes_slide:
            part.lines.append(slide.notes_slide.notes_text_frame.text)
        found.append(part)
    return found


def charted(path: Path) -> Iterator[tuple[str, str, float | None]]:
    """Every value of every chart of a presentation, with the names of its series and category."""
    from pptx import Presentation

    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                for plot in shape.chart.plots:
                    categories = [str(category) for category in plot.categories]
                    for series in plot.series:
                        yield from ((series.name, name, v) for name, v in zip(categories, series.values, strict=False))


def of_drawing(path: Path) -> Counter[str]:
    """The numbers on a drawing: those on its axes are of its own making."""
    return numbers("\n".join(_TAG.sub("", text) for text in _SVG_TEXT.findall(path.read_text(encoding="utf-8"))))


def _described(element: Any) -> Iterator[str]:
    return (found.get("descr") for found in element.iter() if found.tag.endswith("}docPr") and found.get("descr"))


def _bookmarks(opened: pikepdf.Pdf) -> Iterator[tuple[str, int]]:
    """Titles of bookmarks with the page that each leads to, from 0, in their order."""
    at = {page.objgen: number for number, page in enumerate(opened.pages)}

    def walked(items: Any) -> Iterator[tuple[str, int]]:
        for item in items:
            where = item.destination if item.destination is not None else item.action.D
            if isinstance(where, pikepdf.String | pikepdf.Name):
                where = _named(opened, where)
            yield item.title, at[where[0].objgen]
            yield from walked(item.children)

    with opened.open_outline() as outline:
        yield from walked(outline.root)


def _named(opened: pikepdf.Pdf, name: Any) -> Any:
    found = pikepdf.NameTree(opened.Root.Names.Dests)[str(name)]
    return found.D if isinstance(found, pikepdf.Dictionary) else found


def _body(text: str) -> str:
    lines = text.splitlines()
    return _LABEL.sub(" ", "\n".join(lines[1:-1]))


def aligned(parts: list[Part], titles: list[str]) -> list[Part]:
    """One part for each title, in order; headings in between that no title names are told with the part before."""
    found = [Part(title) for title in titles]
    at = -1
    for part in parts:
        if at + 1 < len(titles) and _plain(part.title).endswith(_plain(titles[at + 1])):
            at += 1
        if at >= 0:
            found[at].lines += part.lines
    missing = titles[at + 1 :]
    assert not missing, f"no heading {missing[0]!r} after {titles[at]!r}"
    return found


def _plain(text: str) -> str:
    return "".join(text.split())
