"""The parts that chapters and appendices are made of: charts, figures in cells, sentences with their marks, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from wellfounded.publishing import addresses, methods, sureness
from wellfounded.publishing.documents import prose
from wellfounded.publishing.documents.document import Block, Cell, Column, Figure, Row, Run, Says, Table
from wellfounded.publishing.model import Publication, ShownConclusion, ShownFigure, ShownIndicator
from wellfounded.publishing.strings import Strings
from wellfounded.publishing.words import short_reason

_NOT_IN_ANCHORS = re.compile(r"[^A-Za-z0-9_.-]+")


_PAGES = {"conclusion": "conclusions", "indicator": "indicators", "method": "about/methods", "chapter": ""}


class NoSuchChart(LookupError):
    """The publication names a chart that it does not have."""


class Parts:
    """What the parts of the pack share: anchors, numbers of figures, tables and sources."""

    def __init__(self, publication: Publication, indicators: Sequence[ShownIndicator], *, whole: bool = True) -> None:
        """`whole` off: the document has no appendices, and what would lead there leads to the site."""
        self.publication = publication
        self.say = Strings.of(publication)
        self.indicators = {indicator.id: indicator for indicator in indicators}
        self.conclusions = {c.id: c for c in sureness.published(publication.conclusions)}
        self.releases = sorted(
            publication.releases.values(), key=lambda r: (r.publisher.lower(), r.title.lower(), r.released_date, r.id)
        )
        self.source_numbers = {release.id: f"S{number}" for number, release in enumerate(self.releases, start=1)}
        self.figures: dict[str, int] = {}
        self._tables = 0
        self.anchors = frozenset(
            [f"chapter-{chapter.id}" for chapter in publication.chapters]
            + [f"conclusion-{identifier}" for identifier in self.conclusions]
            + [f"indicator-{identifier}" for identifier in self.indicators]
            + [f"method-{identifier}" for identifier in methods.METHODS]
            if whole
            else []
        )

    def lead(self, href: str) -> str:
        """Where a link of the site leads in the pack."""
        anchor = prose.address(href, anchors=self.anchors)
        if anchor or not href.startswith("/"):
            return anchor
        return self.page(*href.strip("/").rsplit("/", 1)) if "/" in href.strip("/") else self.page(href.strip("/"))

    def prose(self, markup: str, *, level: int) -> tuple[Block, ...]:
        return prose.blocks(markup, lead=self.lead, level=level)

    def inline(self, markup: str) -> tuple[Run, ...]:
        return prose.inline(markup, lead=self.lead)

    def to(self, kind: str, identifier: str) -> str:
        """The address of a conclusion, indicator, method or chapter; empty where the pack has none."""
        anchor = f"{kind}-{identifier}"
        return f"#{anchor}" if anchor in self.anchors else self.page(_PAGES.get(kind, kind), identifier)

    def page(self, kind: str, identifier: str = "", *, edition: int = 0) -> str:
        """The address of a page of the site, as another edition has it on demand; empty where the place has no site."""
        return addresses.page(self.publication, kind, identifier, edition=edition)

    def page_of_chart(self, identifier: str) -> str:
        """The page of the site that shows a chart: its conclusion's, else its first indicator's."""
        for conclusion in self.conclusions.values():
            if identifier in (conclusion.chart, conclusion.curve):
                return self.page("conclusions", conclusion.id)
        shown = self.publication.charts[identifier].indicators
        return self.page("indicators", shown[0]) if shown else ""

    def says(self, conclusion: ShownConclusion, *, pull: bool = False, about: str = "") -> Says:
        """A conclusion's sentence with its mark, leading to its working."""
        mark = self.mark(conclusion)
        if conclusion.id in self.publication.drafts:
            about = f"{about} · Draft" if about else "Draft"
        return Says(
            conclusion.sentence,
            self.to("conclusion", conclusion.id),
            mark.verdict,
            mark.word,
            mark.sure,
            mark.segments,
            pull,
            about,
        )

    def mark(self, conclusion: ShownConclusion) -> Says:
        """The mark alone."""
        word, sure = sureness.mark(conclusion, self.say)
        return Says("", "", conclusion.verdict, word, sure, sureness.segments(conclusion) if conclusion.of else ())

    def is_narrow(self, identifier: str) -> bool:
        """Whether a chart is drawn narrow too."""
        chart = self.publication.charts.get(identifier)
        return chart is not None and chart.narrow is not None

    def chart(self, identifier: str, *, scale: float = 1.0, slim: bool = False) -> Figure:
        """A chart as the next figure; `slim` shows its narrow drawing alone. Raises NoSuchChart."""
        chart = self.publication.charts.get(identifier)
        if chart is None:
            raise NoSuchChart(f"the publication has no chart {identifier!r}: build it again")
        self.figures[identifier] = len(self.figures) + 1
        wide, narrow = f"charts/{identifier}.svg", f"charts/{identifier}-narrow.svg" if chart.narrow else ""
        width, height = chart.narrow if slim and chart.narrow else (chart.width, chart.height)
        return Figure(
            number=self.figures[identifier],
            id=f"figure-{identifier}",
            title=chart.title,
            subtitle=chart.subtitle,
            foot=chart.foot,
            alt=chart.alt,
            file=narrow if slim else wide,
            width=width,
            height=height,
            columns=chart.columns,
            rows=chart.rows,
            scale=scale,
            narrow="" if slim else narrow,
            narrow_size=(0, 0) if slim else chart.narrow or (0, 0),
            page=self.page_of_chart(identifier),
        )

    def table(
        self, title: str, columns: Sequence[Column], rows: Iterable[Row], *, foot: str = "", numbered: bool = True,
        small: bool = False,
    ) -> Table:  # fmt: skip
        """A table, the next one where it is numbered."""
        self._tables += numbered
        return Table(title, tuple(columns), tuple(rows), self._tables if numbered else 0, foot, small)

    def source(self, releases: Iterable[str]) -> Cell:
        """The numbers of releases as a cell that leads to the first."""
        numbers = [self.source_numbers[name] for name in dict.fromkeys(releases) if name in self.source_numbers]
        return Cell(", ".join(numbers), href=f"#source-{numbers[0]}" if numbers else "")


def figure_cell(figure: ShownFigure | None, say: Strings, *, period: str = "") -> Cell:
    """A figure in a cell: its text and interval, or in short why there is none; its period where it isn't `period`."""
    if figure is None or not figure.text:
        return Cell(none=say(short_reason(figure.why_none if figure is not None else "")))
    other = figure.period if period and figure.period != period else ""
    return Cell(
        figure.text,
        under="; ".join(part for part in (other, figure.interval) if part),
        beside=say(figure.status) if figure.status else "",
    )


def slug(text: str) -> str:
    """`text` as part of an anchor."""
    return _NOT_IN_ANCHORS.sub("-", text).strip("-")
