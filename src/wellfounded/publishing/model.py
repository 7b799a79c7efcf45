"""The model of a publication: everything that pages and documents print, and nothing that they could disagree on.

A publication is a folder written once by `publishing.build` and only read afterwards:

    publication.json          Publication
    indicators/ID.json        ShownIndicator
    areas/CODE.json           ShownArea
    charts/ID.svg  ID.json    the drawing and the Vega-Lite specification of a ShownChart
    pack.html pack.pdf        the full evidence pack
    summary.html .pdf .docx   the summary document
    presentation.pptx         the stakeholder presentation
    document.css              the style sheet of the documents' pages
    data/                     open data: the same tables as CSV (with CSVW metadata), Parquet, XLSX and ODS
    manifest.json             the size and SHA-256 of every file

Text that ends in `_html` is already escaped or made from Markdown with raw HTML off; all other text is plain.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from wellfounded.priorities.types import ShownPriorities

FORMAT = 1


class ShownFigure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure as people read it, with what leads back to its source."""

    indicator: str
    area: str
    area_name: str
    period: str
    text: str  # "£46.17", or "" where there is no value
    value: float | None = None  # the exact value
    interval: str = ""  # "£44.10 to £48.20"
    lower: float | None = None
    upper: float | None = None
    why_none: str = ""  # "suppressed", "not published", "medians cannot be averaged", ...
    status: str = ""  # "unreliable", "provisional"
    release: str = ""  # release id
    rule: str = ""  # how it was combined: "rebuilt from GVA and hours of 3 members"; empty where published
    category: str = ""
    category_label: str = ""  # "Manufacturing"
    start: str = ""  # ISO: first and last day of the period
    end: str = ""


class AreaRef(msgspec.Struct, frozen=True, omit_defaults=True):
    code: str
    name: str
    level: str = ""
    colour: str = ""  # hex; place and members keep theirs everywhere


class ComparatorRef(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    name: str
    description: str = ""


class ChapterRef(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    title: str
    question: str = ""
    group: str = ""  # "economy", "sectors" or "foundation"


class Impact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the impact areas, with its verdict in a line."""

    id: str
    title: str
    question: str
    line: str = ""
    chart: str = ""
    conclusions: tuple[str, ...] = ()


class Challenge(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    title: str
    text: str = ""


class ShownChart(msgspec.Struct, frozen=True, omit_defaults=True):
    """A chart: its words, its table, and where its drawing is."""

    id: str
    title: str  # what it shows
    subtitle: str  # what is measured
    foot: str  # source and release
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int = 640
    height: int = 360
    narrow: tuple[int, int] | None = None  # width and height of ID-narrow.svg, where there is one
    indicators: tuple[str, ...] = ()


class ShownTest(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    question: str
    indicator: str
    expect: str
    verdict: str
    method: str  # id of the method's page
    method_title: str
    working: tuple[str, ...]
    figures: tuple[ShownFigure, ...]
    reason: str = ""
    estimate: str = ""
    interval: str = ""
    p: str = ""
    margin: str = ""
    interval_published: bool = False


class ShownVariant(msgspec.Struct, frozen=True, omit_defaults=True):
    label: str
    verdict: str
    estimate: float | None = None
    reason: str = ""


class HistoryEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change of a conclusion, as its author wrote it down."""

    date: str
    change: str
    why: str
    responses: tuple[str, ...] = ()  # references of the responses that led to it


class ShownConclusion(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    chapter: str
    kind: Literal["strength", "issue", "context"]
    state: str
    impact: tuple[str, ...]
    sentence: str
    as_written: bool
    written: str  # the sentence as its author wrote it, slots filled where they can be
    verdict: str  # holds, uncertain, fails, cannot test
    verdict_line: str
    holds: int
    of: int
    how_sure: str  # "Holds in 41 of 48 reasonable ways to test it"
    sureness: Literal["firm", "mostly", "fragile", "none"]  # share of variants: .9 and over, .6, below; not testable
    tests: tuple[ShownTest, ...]
    breaks: tuple[str, ...] = ()
    variants: tuple[ShownVariant, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    detail_html: str = ""
    matters_html: str = ""
    kept_because: str = ""
    chart: str = ""
    curve: str = ""  # the specification curve
    challenges: tuple[str, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    sources: tuple[str, ...] = ()  # release ids
    q: str = ""


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of a chapter, in order."""

    kind: Literal["html", "conclusion", "chart"]
    html: str = ""
    ref: str = ""  # id of the conclusion or chart


class IndicatorRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a chapter's table: an indicator's latest figures for the place, members and comparators."""

    indicator: str
    label: str
    period: str
    figures: tuple[ShownFigure, ...]  # place, then members, then the main comparator
    spark: str = ""  # points of an SVG polyline in a 100 x 24 box, for the place
    spark_alt: str = ""


class ShownChapter(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    title: str
    question: str
    blocks: tuple[Block, ...]
    conclusions: tuple[str, ...]
    rows: tuple[IndicatorRow, ...]
    columns: tuple[str, ...]  # names over the figures of `rows`
    releases: tuple[str, ...] = ()


class ShownRelease(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    source: str
    title: str
    publisher: str
    licence: str
    url: str
    released: str  # "19 June 2025"
    basis: str = ""  # "date of the file, as the publisher's is not known"; empty where it is the publisher's
    released_date: str = ""  # ISO
    sha256: str = ""  # of the publisher's file


class SeriesRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A period of an indicator's table over time."""

    period: str
    figures: tuple[ShownFigure, ...]


class ShownIndicator(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    label: str
    chapter: str
    definition_html: str
    unit: str
    polarity: str  # "higher is better", "lower is better", "neither is better"
    period: str  # the latest
    columns: tuple[AreaRef, ...]  # place, members, comparators: columns of `series`
    series: tuple[SeriesRow, ...]  # latest first
    source: str
    releases: tuple[str, ...]
    place_figure: ShownFigure | None = None
    caveats_html: str = ""
    combines: str = ""  # how members combine, in words
    reconciliation: str = ""
    development: bool = False
    trend: str = ""  # chart ids
    map: str = ""
    ranked: str = ""
    categories: str = ""
    conclusions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    coverage: str = ""
    revisions: str = ""


class AreaRow(msgspec.Struct, frozen=True, omit_defaults=True):
    indicator: str
    label: str
    period: str
    text: str
    interval: str = ""
    why_none: str = ""
    value: float | None = None
    release: str = ""
    rank: int | None = None  # 1 is the highest value
    of: int | None = None
    position: float | None = None  # 0 to 100, for the strip
    rule: str = ""


class ShownArea(msgspec.Struct, frozen=True, omit_defaults=True):
    code: str
    name: str
    level: str
    rows: dict[str, tuple[AreaRow, ...]]  # chapter id -> rows
    parents: tuple[AreaRef, ...] = ()
    members: tuple[AreaRef, ...] = ()
    same_as: tuple[AreaRef, ...] = ()
    neighbours: tuple[AreaRef, ...] = ()
    stands_out: tuple[str, ...] = ()  # sentences
    is_place: bool = False
    is_member: bool = False
    colour: str = ""


class IndicatorRef(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    label: str
    chapter: str
    period: str
    place: ShownFigure | None = None
    conclusions: int = 0


class EditionRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which edition a publication is; a working version has none."""

    number: int
    date: str  # ISO: the day on which it was frozen
    previous: int = 0  # the number of the edition before; 0 where it is the first
    corrects: int = 0  # the number of the edition that it corrects
    notice: str = ""  # what was wrong, and what is said now


ConclusionChange = Literal["new", "withdrawn", "reworded", "verdict", "robustness", "noted"]  # noted: in its history


class ChangedConclusion(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conclusion that is not as it was: how, and who led to it."""

    id: str
    chapter: str
    changes: tuple[ConclusionChange, ...]
    sentence: str = ""  # as it is now; empty where it is withdrawn
    sentence_before: str = ""  # empty where it is new
    verdict: str = ""
    verdict_before: str = ""
    sure: str = ""  # "holds in 41 of 48 ways to test it"
    sure_before: str = ""
    why: str = ""  # as its history or its withdrawal says
    responses: tuple[str, ...] = ()  # references of the responses that led to it


class RevisedFigure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure of the same area, period and category that is not what it was."""

    indicator: str
    label: str
    area_name: str
    period: str
    before: ShownFigure
    now: ShownFigure


class ChangedSaid(msgspec.Struct, frozen=True, omit_defaults=True):
    """What organisations say of a conclusion beneath a priority, in words; empty where none has spoken."""

    id: str  # of the conclusion
    sentence: str
    before: str = ""  # "4 organisations support it, 1 challenges it"
    now: str = ""


class ChangedPriority(msgspec.Struct, frozen=True, omit_defaults=True):
    """A policy that has another place among the priorities; a rank is 0 where it has none."""

    id: str
    title: str
    rank_before: int = 0
    rank: int = 0
    first_before: str = ""  # share of weightings for which it comes first: "18%"
    first: str = ""


class Changes(msgspec.Struct, frozen=True, omit_defaults=True):
    """What changed between two editions."""

    since: EditionRef
    to: EditionRef | None = None  # None: the working version
    conclusions: tuple[ChangedConclusion, ...] = ()
    figures: tuple[RevisedFigure, ...] = ()  # those whose printed text moved, place and members first
    figures_revised: int = 0  # all that moved, however little
    new_periods: tuple[tuple[str, str, str], ...] = ()  # indicator, latest period before, latest period now
    releases: tuple[ShownRelease, ...] = ()  # that were not used before
    indicators_new: tuple[tuple[str, str], ...] = ()  # id and label
    indicators_gone: tuple[tuple[str, str], ...] = ()
    said: tuple[ChangedSaid, ...] = ()  # as far as priorities count it in both
    priorities: tuple[ChangedPriority, ...] = ()  # first to last, then those gone; where both rank any
    priorities_ranked: tuple[int, int] = (0, 0)  # how many there were, and are


class ShownConsultation(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the forms of the consultation ask and say, beside the questions."""

    opens: str = ""  # ISO: its first day; empty: open already
    closes: str = ""  # ISO: its last day; empty: stays open
    respondents: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    run_by: str = ""
    consent: str = ""
    privacy_html: str = ""


class Publication(msgspec.Struct, frozen=True, omit_defaults=True):
    format: int
    base: str
    name: str  # of the place
    short_name: str
    title: str  # of the publication
    sentence: str  # one sentence on the place
    built_at: str
    digest: str
    version: str
    place: AreaRef
    members: tuple[AreaRef, ...]
    comparators: tuple[ComparatorRef, ...]
    chapters: tuple[ChapterRef, ...]
    impacts: tuple[Impact, ...]
    challenges: tuple[Challenge, ...]
    conclusions: tuple[ShownConclusion, ...]
    chapter_pages: dict[str, ShownChapter]
    indicators: tuple[IndicatorRef, ...]
    areas: tuple[AreaRef, ...]  # every area that has a page
    charts: dict[str, ShownChart]
    releases: dict[str, ShownRelease]
    consultation_address: str = ""
    consultation_subjects: tuple[str, ...] = ()
    consultation_questions: tuple[str, ...] = ()
    consultation: ShownConsultation = ShownConsultation()
    contact: str = ""
    about_html: str = ""
    drafts: tuple[str, ...] = ()  # in a preview: conclusions shown as if published that are not
    brand: dict[str, str] = {}  # "colour", "accent", "logo", ...
    lang: str = "en"
    fdr_note: str = ""
    counts: dict[str, int] = {}
    edition: EditionRef | None = None  # None: a working version
    changes: Changes | None = None  # since the edition before
    site: str = ""  # where the site is: "https://evidence.example.gov.uk", without a slash at its end
    strings: dict[str, str] = {}  # the base's own words for fixed strings, by the English ones
    summary: dict[str, tuple[Block, ...]] = {}  # the base's own text for parts of the summary, by part
    priorities: ShownPriorities | None = None  # None: the base has no priorities.toml
