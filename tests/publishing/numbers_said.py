"""The numbers that a text says, and those that the model gives for each part of a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from wellfounded.publishing import methods
from wellfounded.publishing.documents.appendices import MOST_FIGURES
from wellfounded.publishing.documents.document import (
    Beside,
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    Table,
)
from wellfounded.publishing.model import Publication, ShownIndicator

# A number with what belongs to it: £1,234.5bn, −3.1%. Numbers of figures, tables, sources and steps are none.
_NUMBER = re.compile(r"(?:(?<=[\s(])[-−]|^[-−]|−)?[£$€]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:%|bn\b|m\b|k\b)?")
_NOT_SAID = re.compile(
    r"\b(?:[Ff]igures?|[Tt]ables?|[Ss]ections?|[Cc]hapters?|[Pp]ages?)\s\d+(?:(?:,| and| to) \d+)*"
    r"|\bS\d+\b|\b[A-Z]\d{8}\b|\bv\d[\d.]*\b|[0-9a-f]{12,}"
    r"|\b(?:PDF/UA|SHA|UTF|ISO|CC-BY|CC BY|OGL-UK|WCAG|CSVW)[- ]?[\d.]+"
)


def numbers(text: str) -> Counter[str]:
    """Every number in a text with its currency, sign, per cent and magnitude, and how often."""
    found = _NUMBER.findall(_NOT_SAID.sub(" ", text.replace(" ", " ").replace(" ", " ")))
    return Counter(number.replace("-", "−").replace(",", "") for number in found)


def texts(made: Any, *, whole: bool = True) -> Iterator[str]:
    """Every text in a struct, list or mapping, but for addresses; where `whole`, also its whole numbers as text."""
    if isinstance(made, msgspec.Struct):
        for field in made.__struct_fields__:
            if field not in ("href", "id", "file", "page", "spark"):
                yield from texts(getattr(made, field), whole=whole)
    elif isinstance(made, Mapping):
        for value in made.values():
            yield from texts(value, whole=whole)
    elif isinstance(made, list | tuple):
        for value in made:
            yield from texts(value, whole=whole)
    elif isinstance(made, str):
        yield made
    elif whole and isinstance(made, int) and not isinstance(made, bool):
        yield str(made)


def said(made: Any, *, whole: bool = True) -> Counter[str]:
    """The numbers in all texts of something."""
    return numbers("\n".join(texts(made, whole=whole)))


@dataclass(frozen=True)
class Segment:
    """What stands in a document from one heading to the next."""

    section: str
    id: str
    title: str
    blocks: tuple[Block, ...]

    @cached_property
    def numbers(self) -> Counter[str]:
        """All that it says, the tables and words for its charts with it."""
        return said([self.title, self.blocks], whole=False)

    @cached_property
    def printed(self) -> Counter[str]:
        """What it says on paper, where charts are drawings."""
        return said([self.title, [_on_paper(block) for block in self.blocks]], whole=False)

    @cached_property
    def drawings(self) -> tuple[str, ...]:
        """The files of its charts."""
        return tuple(figure.file for figure in _figures(self.blocks))


def segments(document: Document) -> list[Segment]:
    """The document from heading to heading, in order."""
    found: list[Segment] = []
    for section in document.sections:
        identifier, title = section.id, section.title
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Heading):
                found.append(Segment(section.id, identifier, title, tuple(blocks)))
                identifier, title, blocks = block.id, block.text, []
            else:
                blocks.append(block)
        found.append(Segment(section.id, identifier, title, tuple(blocks)))
    return found


def _figures(made: Any) -> Iterator[Figure]:
    if isinstance(made, Figure):
        yield made
    elif isinstance(made, msgspec.Struct):
        yield from _figures([getattr(made, field) for field in made.__struct_fields__])
    elif isinstance(made, list | tuple):
        for inner in made:
            yield from _figures(inner)


def _on_paper(block: Block) -> Any:
    if isinstance(block, Figure):
        return [block.title, block.subtitle, block.foot]
    if isinstance(block, Beside):
        return [_on_paper(block.figure), [_on_paper(inner) for inner in block.blocks]]
    if isinstance(block, Table):
        return [block.title, block.foot, block.columns, [_seen(cell) for row in block.rows for cell in row.cells]]
    return block


def _seen(cell: Cell) -> Any:
    return [cell.under, cell.beside] if cell.spark else cell


@dataclass(frozen=True)
class Model:
    """What a publication allows each part of a document to say."""

    publication: Publication
    indicators: tuple[ShownIndicator, ...]

    @cached_property
    def everything(self) -> Counter[str]:
        return said([self.publication, self.indicators])

    @cached_property
    def counts(self) -> set[str]:
        """Numbers of things: of conclusions by kind, chapter and verdict, of indicators, releases and the like."""
        shown = [c for c in self.publication.conclusions if c.state == "published"]
        found = Counter[tuple[str, str]]()
        for c in shown:
            found.update([("verdict", c.verdict), ("kind", c.kind), ("chapter", c.chapter), ("sure", c.sureness)])
            found.update([("kind and verdict", c.kind + c.verdict), ("variants", c.id)] * 1)
            found.update(("impact", impact) for impact in c.impact)
        many = {*found.values(), *self.publication.counts.values(), len(shown), len(self.publication.members)}
        return {str(number) for number in many}

    def of(self, segment: Segment) -> set[str]:
        """What may be said in a part of the pack."""
        if segment.id.startswith("conclusion-"):
            return self.conclusion(segment.id.removeprefix("conclusion-"))
        if segment.section.startswith("chapter-"):
            return self.chapter(segment.section.removeprefix("chapter-"))
        if segment.section == "appendix-methods":
            return set(said([methods.METHODS]))
        return set(self.everything) | self.counts

    def conclusion(self, identifier: str) -> set[str]:
        """What may be said of a conclusion: itself, its charts, and its indicators' names."""
        mine = next(c for c in self.publication.conclusions if c.id == identifier)
        charts = [self.publication.charts[name] for name in (mine.chart, mine.curve) if name in self.publication.charts]
        shapes = Counter(variant.verdict for variant in mine.variants)
        refused = [len(mine.variants), len(mine.refused), len(mine.beside), *shapes.values()]
        figures = [n for test in mine.tests for n in (len(test.figures), len(test.figures) - MOST_FIGURES)]
        names = [(i.label, i.unit) for i in self.indicators if i.id in {test.indicator for test in mine.tests}]
        return set(said([mine, charts, refused, figures, names]))

    def indicator(self, identifier: str) -> set[str]:
        """What may be said of an indicator: itself and its charts."""
        mine = next(i for i in self.indicators if i.id == identifier)
        charts = [self.publication.charts.get(name) for name in (mine.trend, mine.map, mine.ranked, mine.categories)]
        return set(said([mine, [chart for chart in charts if chart], [self.publication.comparators]]))

    def chapter(self, identifier: str) -> set[str]:
        """What may be said in a chapter: its text, table and charts, and what is said of its conclusions."""
        page = self.publication.chapter_pages[identifier]
        shown = {block.ref for block in page.blocks}
        charts = [chart for name, chart in self.publication.charts.items() if name in shown]
        mine = [c for c in self.publication.conclusions if c.id in {*page.conclusions, *shown}]
        said_of = [(c.sentence, c.how_sure, c.holds, c.of) for c in mine]
        refs = [chapter for chapter in self.publication.chapters if chapter.id == identifier]
        return set(said([page, charts, said_of, refs])) | {"95%"}


def rows(document: Document) -> Iterator[tuple[str, Counter[str]]]:
    """The numbers of every row of a table that has an anchor."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from ((row.id, said(row, whole=False)) for row in block.rows if row.id)
