"""A document: numbered sections of blocks, made once and rendered the same as a page and as a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run of text. `href` leads to an anchor of the document (`#id`) or away (`https:`, `mailto:`)."""

    text: str
    strong: bool = False
    em: bool = False
    code: bool = False
    href: str = ""


class Paragraph(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="paragraph"):
    runs: tuple[Run, ...]
    tone: Literal["", "lead", "quiet", "kicker"] = ""


class Heading(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="heading"):
    """A heading inside a section; the section's own is level 1."""

    text: str
    level: int
    id: str = ""
    sentence: bool = False  # a conclusion, set smaller than the heading of a part
    listed: bool = False  # in the contents


class Items(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="items"):
    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    steps: bool = False  # working, step by step: set tight


class Quote(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="quote"):
    blocks: tuple[Block, ...]


class Code(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="code"):
    text: str


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    term: str
    runs: tuple[Run, ...]
    id: str = ""
    verdict: str = ""  # where the term is a verdict, which one: it gets its mark


class Facts(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="facts"):
    """Terms with what is said of them."""

    facts: tuple[Fact, ...]
    tight: bool = False  # short facts, run on in lines
    small: bool = False  # many: set small, in two columns where the page is wide


class Says(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="says"):
    """A conclusion's sentence with its mark: how sure, in words and in five segments filled from 0 to 1."""

    sentence: str  # empty where only the mark is set
    href: str
    verdict: str
    word: str  # "Firm", or the verdict where it does not hold
    sure: str  # "holds in 41 of 48 ways to test it"
    segments: tuple[float, ...] = ()
    pull: bool = False  # inside the story
    about: str = ""  # "Key sectors": set before the mark


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    title: str
    number: bool = False
    own: bool = False  # the place's own
    share: float = 1.0  # of the width


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """A cell: text, what stands small beside and under it; or, where there is no value, the reason."""

    text: str = ""
    under: str = ""
    beside: str = ""
    none: str = ""
    href: str = ""
    spark: str = ""  # points of a line in a box of 100 by 24, with `text` as its words


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    cells: tuple[Cell, ...]
    id: str = ""


class Table(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="table"):
    """A table; without a number it belongs to the text around it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    number: int = 0
    foot: str = ""
    small: bool = False


class Figure(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="figure"):
    """A chart: its drawings, relative to the publication's folder, and the table behind it, as text alone."""

    number: int
    id: str
    title: str
    subtitle: str
    foot: str
    alt: str
    file: str
    width: int
    height: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    scale: float = 1.0
    narrow: str = ""  # a drawing for phones, where there is one, and its size
    narrow_size: tuple[int, int] = (0, 0)
    page: str = ""  # its page on the site


class Beside(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="beside"):
    """A chart drawn narrow with text beside it."""

    figure: Figure
    blocks: tuple[Block, ...]


Block = Paragraph | Heading | Items | Quote | Code | Facts | Says | Table | Figure | Beside


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """A chapter or an appendix."""

    id: str
    number: str  # "3", "A"
    title: str
    blocks: tuple[Block, ...]
    appendix: bool = False
    wide: bool = False  # set on its side
    flows: bool = False  # follows on the page on which the one before ends


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    title: str
    kind: str  # "Evidence pack", "Summary"
    place: str
    sentence: str
    edition: str  # "Edition 2, 12 November 2026"
    date: tuple[int, int, int] | None
    lang: str
    colour: str
    on_colour: str
    ink: str  # the colour made readable on white
    accent: str
    stripes: tuple[str, ...]  # the members' colours
    description: str
    software: str
    notice: str  # in a preview, that it is one; in a correction, what it corrects
    sections: tuple[Section, ...]
    words: dict[str, str]  # the fixed strings of the templates
    preview: bool = False
    logo: str = ""  # its file, relative to the publication's folder


def runs(text: str, *, href: str = "", strong: bool = False, em: bool = False) -> tuple[Run, ...]:
    """Plain text as one run."""
    return (Run(text, strong=strong, em=em, href=href),)


def blocks_of(document: Document) -> Iterator[Block]:
    """Every block of a document in order, those inside others too."""
    for section in document.sections:
        yield from _within(section.blocks)


def anchors(document: Document) -> Iterator[str]:
    """Every anchor that the document has."""
    for section in document.sections:
        yield section.id
    for block in blocks_of(document):
        if isinstance(block, Heading | Figure):
            yield block.id
        elif isinstance(block, Table):
            yield from (row.id for row in block.rows)
        elif isinstance(block, Facts):
            yield from (fact.id for fact in block.facts)


def _within(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Items):
            for item in block.items:
                yield from _within(item)
        elif isinstance(block, Quote):
            yield from _within(block.blocks)
        elif isinstance(block, Beside):
            yield from _within((block.figure, *block.blocks))
