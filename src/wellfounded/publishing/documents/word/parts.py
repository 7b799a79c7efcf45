"""What python-docx leaves to XML: fields, bookmarks, links, words for pictures, and marks on tables."""

from __future__ import annotations

import re
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]")
LONGEST_NAME = 40  # of a bookmark, in Word


def clean(text: str) -> str:
    """Text without the characters that XML can't hold."""
    return _NOT_IN_XML.sub("", text)


def element(tag: str, **attributes: str) -> Any:
    """An element of Word's own namespace with attributes in it."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


class Names:
    """The names of bookmarks: short, of letters and digits, and each once."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()
        self.made: set[str] = set()

    def of(self, anchor: str) -> str:
        """The name of the bookmark of an anchor."""
        if anchor not in self._given:
            base = "_" + _NOT_IN_NAMES.sub("_", anchor)[: LONGEST_NAME - 1]
            name, number = base, 1
            while name in self._taken:
                number += 1
                name = f"{base[: LONGEST_NAME - 1 - len(str(number))]}_{number}"
            self._given[anchor] = name
            self._taken.add(name)
        return self._given[anchor]


def bookmark(paragraph: Any, name: str, *, number: int) -> None:
    """Puts a bookmark around what a paragraph holds so far."""
    start, end = element("bookmarkStart", id=str(number), name=name), element("bookmarkEnd", id=str(number))
    properties = paragraph._p.pPr
    if properties is not None:
        properties.addnext(start)
    else:
        paragraph._p.insert(0, start)
    paragraph._p.append(end)


def field(paragraph: Any, code: str, shown: str, *, bold: bool | None = None) -> None:
    """Adds a field with the text that it shows until it is worked out again."""
    for kind in ("begin", "", "separate", "shown", "end"):
        run = paragraph.add_run(clean(shown) if kind == "shown" else None)
        run.bold = bold
        if kind == "":
            code_element = element("instrText")
            code_element.set(qn("xml:space"), "preserve")
            code_element.text = f" {code} "
            run._r.append(code_element)
        elif kind != "shown":
            run._r.append(element("fldChar", fldCharType=kind))


def link(paragraph: Any, text: str, href: str, *, name: str = "", style: str = "Hyperlink") -> Any:
    """Adds a link to an address, or to a bookmark where `name` is given; the run that shows it."""
    holder = element("hyperlink", history="1")
    if name:
        holder.set(qn("w:anchor"), name)
    else:
        related = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        holder.set(qn("r:id"), related)
    run = paragraph.add_run(clean(text), style=style)
    holder.append(run._r)
    paragraph._p.append(holder)
    return run


def describe(run: Any, *, words: str, title: str) -> None:
    """Gives the picture in a run its words."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", clean(words))
        properties.set("title", clean(title))


def as_header(row: Any) -> None:
    """Marks the row of a table as its heading, which every page repeats."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))
    whole(row)


def whole(row: Any) -> None:
    """Keeps a row on one page."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def shade(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=colour.lstrip("#")))


def described(table: Any, *, title: str, words: str) -> None:
    """Gives a table the title and words that a screen reader says before it."""
    properties = table._tbl.tblPr
    properties.append(element("tblCaption", val=clean(title)))
    if words:
        properties.append(element("tblDescription", val=clean(words)))


def bordered(table: Any, *, colour: str) -> None:
    """Thin lines between rows, none between columns."""
    borders = element("tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(side, val="single", sz="4", space="0", color=colour.lstrip("#")))
    table._tbl.tblPr.append(borders)


def language(style: Any, lang: str) -> None:
    """The language of a style's text."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("lang", val=lang, eastAsia=lang))


__all__ = [
    "Names", "as_header", "bookmark", "bordered", "clean", "describe", "described", "element", "field", "language",
    "link", "shade", "whole",
]  # fmt: skip
