"""Chapters: Markdown with lines for conclusions and charts and slots for figures, read with file and line."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from wellfounded.evidence.base import Base
from wellfounded.evidence.located import BaseErrors, Problem
from wellfounded.publishing.model import Block
from wellfounded.publishing.text import html

_LINE = re.compile(r"^\s*\{\{\s*(conclusion|chart)\s+([^{}\s]+)\s*\}\}\s*$")
_SLOT = re.compile(r"\{\{([^{}]*)\}\}")
_OPEN = re.compile(r"\{\{|\}\}")
SUMMARY = (
    "welcome",
    "purpose",
    "approach",
    "economy",
    "foundations",
    "conclusions",
    "priorities",
    "challenges",
    "next",
)
_OPTIONS = ("area", "period", "category")
_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True)
class FigureSlot:
    """A figure inside the text; empty `area` is the place, empty `period` the latest, empty `category` the whole."""

    indicator: str
    area: str
    period: str
    category: str
    line: int


@dataclass(frozen=True)
class Piece:
    """A run of text with its figure slots taken out, or a line of its own that names a conclusion or chart."""

    kind: str  # text, conclusion, chart
    text: str
    line: int
    slots: tuple[FigureSlot, ...] = ()


@dataclass(frozen=True)
class ChapterText:
    """A chapter as its author wrote it."""

    id: str
    file: str
    pieces: tuple[Piece, ...]

    @property
    def slots(self) -> tuple[FigureSlot, ...]:
        return tuple(slot for piece in self.pieces for slot in piece.slots)

    @property
    def conclusions(self) -> tuple[str, ...]:
        """The conclusions that it names, in order."""
        return tuple(dict.fromkeys(piece.text for piece in self.pieces if piece.kind == "conclusion"))


def read_chapters(base: Base) -> tuple[dict[str, ChapterText], list[Problem]]:
    """The chapters of a base by id, and what is wrong in their files; a chapter without a file has no text."""
    known = {chapter.id for chapter in base.chapters}
    return _read(
        base, "chapters", known, lambda name: f"there is no chapter {name!r}{_near(name, known)} in framework.toml"
    )


def read_summary(base: Base) -> tuple[dict[str, ChapterText], list[Problem]]:
    """The base's own text for parts of the summary document, by part, and what is wrong in their files."""
    parts = ", ".join(SUMMARY)
    return _read(
        base,
        "summary",
        set(SUMMARY),
        lambda name: f"the summary has no part {name!r}{_near(name, SUMMARY)}: expected one of {parts}",
    )


def _read(
    base: Base, folder: str, known: Collection[str], unknown: Callable[[str], str]
) -> tuple[dict[str, ChapterText], list[Problem]]:
    found: dict[str, ChapterText] = {}
    problems: list[Problem] = []
    for path in sorted((base.folder / folder).glob("*.md")):
        shown = f"{folder}/{path.name}"
        if path.stem not in known:
            problems.append(Problem(shown, 1, unknown(path.stem)))
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            problems.append(Problem(shown, line, "this is not UTF-8 text: save the file as UTF-8"))
            continue
        chapter, wrong = parse(text, identifier=path.stem, file=shown)
        found[path.stem] = chapter
        problems += wrong
    return found, problems


def parse(text: str, *, identifier: str, file: str) -> tuple[ChapterText, list[Problem]]:
    """A chapter's text taken apart, and what is wrong in it."""
    problems: list[Problem] = []
    pieces: list[Piece] = []
    run: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        match = _LINE.match(line)
        if match is None:
            run.append(line)
            continue
        _close(run, start, file, pieces, problems)
        pieces.append(Piece(match[1], match[2], number))
        run, start = [], number + 1
    _close(run, start, file, pieces, problems)
    return ChapterText(identifier, file, tuple(pieces)), problems


def check(
    chapters: Iterable[ChapterText],
    *,
    conclusions: Collection[str],
    charts: Collection[str],
    indicators: Collection[str],
) -> list[Problem]:
    """What chapters name that there is none of; `charts` are ids of charts, to which those of conclusions belong."""
    problems = []
    for chapter in chapters:
        for piece in chapter.pieces:
            known = {"conclusion": conclusions, "chart": charts}.get(piece.kind)
            if known is not None and piece.text not in known:
                message = f"there is no {piece.kind} {piece.text!r}{_near(piece.text, known)}"
                problems.append(Problem(chapter.file, piece.line, message))
        for slot in chapter.slots:
            if slot.indicator not in indicators:
                message = f"there is no indicator {slot.indicator!r}{_near(slot.indicator, indicators)}"
                problems.append(Problem(chapter.file, slot.line, message))
    return problems


def blocks(chapter: ChapterText, fill: Callable[[FigureSlot], str]) -> tuple[tuple[Block, ...], list[Problem]]:
    """A chapter as blocks in order; `fill` gives a slot's figure as HTML, or raises UnfilledFigure with the reason."""
    found: list[Block] = []
    problems: list[Problem] = []
    for piece in chapter.pieces:
        if piece.kind == "conclusion":
            found.append(Block(kind="conclusion", ref=piece.text))
        elif piece.kind == "chart":
            found.append(Block(kind="chart", ref=piece.text))
        else:
            filled = []
            for slot in piece.slots:
                try:
                    filled.append(fill(slot))
                except UnfilledFigure as error:
                    problems.append(Problem(chapter.file, slot.line, str(error)))
                    filled.append("")
            markup = _MARKED.sub(lambda match, filled=filled: filled[int(match[1])], html(piece.text))  # type: ignore[misc]
            found.append(Block(kind="html", html=markup))
    return tuple(found), problems


class UnfilledFigure(ValueError):
    """Nothing fills a figure's slot; the message says why."""


class ChapterErrors(BaseErrors):
    """Chapters that cannot be published: every problem found."""


def _close(run: list[str], start: int, file: str, pieces: list[Piece], problems: list[Problem]) -> None:
    """Adds the run of text read so far as a piece."""
    text = "\n".join(run)
    if not text.strip():
        return
    slots: list[FigureSlot] = []

    def taken(match: re.Match[str]) -> str:
        line = start + text.count("\n", 0, match.start())
        slot = _figure_slot(match[1], line)
        if isinstance(slot, str):
            problems.append(Problem(file, line, slot))
            return ""
        slots.append(slot)
        return _MARK.format(len(slots) - 1)

    without = _SLOT.sub(taken, text)
    for stray in _OPEN.finditer(without):
        line = start + without.count("\n", 0, stray.start())
        problems.append(
            Problem(file, line, f"{stray[0]} opens or closes no slot: write {{{{figure ID}}}} in one piece")
        )
    pieces.append(Piece("text", without, start, tuple(slots)))


def _figure_slot(inside: str, line: int) -> FigureSlot | str:
    """The slot that the text between braces writes; or in words what is wrong with it."""
    try:
        words = shlex.split(inside)
    except ValueError as error:
        return f"the slot {{{{{inside}}}}} can't be read: {error}"
    if words and words[0] in ("conclusion", "chart"):
        return f"{{{{{words[0]} …}}}} needs a line of its own, with one id"
    if len(words) < 2 or words[0] != "figure":
        return f"the slot {{{{{inside}}}}} is not known: expected {{{{figure INDICATOR area=CODE period=YEAR}}}}"
    options: dict[str, str] = {}
    for word in words[2:]:
        name, _, value = word.partition("=")
        if name not in _OPTIONS or not value:
            return (
                f"{word!r} in a figure's slot is not known: expected {', '.join(f'{option}=…' for option in _OPTIONS)}"
            )
        options[name] = value
    return FigureSlot(words[1], options.get("area", ""), options.get("period", ""), options.get("category", ""), line)


def _near(given: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(given, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


__all__ = [
    "SUMMARY",
    "ChapterErrors",
    "ChapterText",
    "FigureSlot",
    "Piece",
    "UnfilledFigure",
    "blocks",
    "check",
    "parse",
    "read_chapters",
    "read_summary",
]
