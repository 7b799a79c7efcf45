"""What a deck is made of: slides with a title, lines of text, a chart or a table, a source line and speaker notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Run:
    """Text of one look; `href` is a full address or empty."""

    text: str
    href: str = ""
    strong: bool = False
    colour: str = ""  # hex; empty for the template's own


@dataclass(frozen=True)
class Line:
    """A paragraph. One that is `optional` is left out where there is no room: the notes say it too."""

    runs: tuple[Run, ...]
    bullet: bool = False
    optional: bool = False
    apart: bool = False  # begins something new: some room above

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Point:
    """A value of a chart with the text that stands for it; without a value, the reason why there is none."""

    value: float | None
    text: str = ""
    lower: float | None = None
    upper: float | None = None
    interval: str = ""
    why_none: str = ""

    @property
    def said(self) -> str:
        """The text with its interval, or the reason for none."""
        if self.value is None:
            return self.why_none
        return f"{self.text} ({self.interval})" if self.interval else self.text


@dataclass(frozen=True)
class Series:
    name: str
    colour: str
    points: tuple[Point, ...]
    dashed: bool = False  # a comparator: told from the place and members in grey print too


@dataclass(frozen=True)
class Chart:
    """A chart that PowerPoint can edit: bars, lines, or a panel of columns for each series.

    Panels are for series whose levels lie far apart: each has its own axis from zero, and their first values stand at
    the same height.
    """

    id: str
    form: Literal["bars", "lines", "panels"]
    measured: str
    alt: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    colours: tuple[str, ...] = ()  # of the bars of a single series, one a category


@dataclass(frozen=True)
class Picture:
    """A drawing of the publication that PowerPoint has no chart for."""

    chart: str  # its id: the file is charts/ID.svg
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Cell:
    text: str
    href: str = ""
    number: bool = False
    own: bool = False  # the place's column


@dataclass(frozen=True)
class Table:
    alt: str
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Mark:
    """In how many ways a conclusion holds, as five segments, each filled from 0 to 1."""

    segments: tuple[float, ...]
    alt: str


@dataclass(frozen=True)
class Slide:
    kind: Literal["title", "section", "content"]
    title: str
    notes: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    visual: Chart | Picture | Table | None = None
    mark: Mark | None = None
    measured: str = ""  # what the visual shows, above it
    source: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Brand:
    """The place's colours, checked, as the deck uses them."""

    colour: str
    on_colour: str
    ink: str  # the colour as text on white
    accent: str
    stripes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deck:
    title: str
    place: str
    footer: str  # place and edition, on every slide
    lang: str
    date: date | None
    brand: Brand
    software: str
    continued: str  # "{title} ({n} of {of})", in the deck's language
    slides: tuple[Slide, ...]


__all__ = ["Brand", "Cell", "Chart", "Deck", "Line", "Mark", "Picture", "Point", "Run", "Series", "Slide", "Table"]
