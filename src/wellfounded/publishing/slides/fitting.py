"""How much room text takes on a slide, measured in points with the widths of Arial."""

from __future__ import annotations

from collections.abc import Sequence

from wellfounded.publishing.charts.palette import text_width
from wellfounded.publishing.slides.slide import Line

LINE_HEIGHT = 1.19  # of the size of letters
INDENT = 20.0  # of a bullet
GAP, APART = 0.3, 0.8  # above a paragraph, in sizes of letters
CELL_ABOVE, CELL_BESIDE = 3.0, 6.0  # room about a table's words, in points
_CAREFUL = 1.03  # fonts differ a little


def lines_of(text: str, *, size: float, width: float, bold: bool = False) -> int:
    """On how many lines `text` is set, broken at words."""
    found, used = 1, 0.0
    space = text_width(" ", size, bold=bold)
    for word in text.split():
        wide = text_width(word, size, bold=bold) * _CAREFUL
        if used and used + space + wide > width:
            found, used = found + 1, wide
        else:
            used += wide + (space if used else 0.0)
        if wide > width:
            found, used = found + int(wide // width), wide % width
    return found


def height_of(lines: Sequence[Line], *, size: float, width: float) -> float:
    """How high paragraphs stand, in points."""
    total = 0.0
    for at, line in enumerate(lines):
        room = width - (INDENT if line.bullet else 0.0)
        bold = sum(len(run.text) for run in line.runs if run.strong) * 2 > len(line.text)
        total += lines_of(line.text, size=size, width=room, bold=bold) * size * LINE_HEIGHT
        total += size * gap(line) if at else 0.0
    return total


def gap(line: Line) -> float:
    """The room above a paragraph that isn't the first, in sizes of letters."""
    return APART if line.apart else GAP


def rows(
    cells: Sequence[Sequence[str]], *, sizes: Sequence[int], wide: Sequence[float], high: float
) -> tuple[int, list[float]]:
    """The largest size at which a table's rows stand within `high`, else the smallest; and each row's height."""
    found: list[float] = []
    for size in sizes:
        found = [
            max(
                lines_of(text, size=size, width=room - 2 * CELL_BESIDE, bold=at == 0)
                for text, room in zip(row, wide, strict=True)
            )
            * size
            * LINE_HEIGHT
            + 2 * CELL_ABOVE
            for at, row in enumerate(cells)
        ]
        if sum(found) <= high:
            return size, found
    return sizes[-1], found


def largest(text: str, *, sizes: Sequence[int], width: float, height: float, most: int, bold: bool) -> int:
    """The largest of `sizes` at which `text` takes at most `most` lines and `height`; 0 where none does."""
    for size in sizes:
        lines = lines_of(text, size=size, width=width, bold=bold)
        if lines <= most and lines * size * LINE_HEIGHT <= height:
            return size
    return 0


def kept(lines: Sequence[Line], *, sizes: Sequence[int], width: float, height: float) -> tuple[tuple[Line, ...], int]:
    """The lines that fit and the size at which they do: the last optional one goes first."""
    left = list(lines)
    while True:
        for size in sizes:
            if height_of(left, size=size, width=width) <= height:
                return tuple(left), size
        last = next((at for at in range(len(left) - 1, -1, -1) if left[at].optional), None)
        if last is None:
            return tuple(left), sizes[-1]
        del left[last]


def pages(
    lines: Sequence[Line], *, sizes: Sequence[int], width: float, height: float
) -> list[tuple[tuple[Line, ...], int]]:
    """The lines on as few slides as hold them, with the size on each; what begins with `apart` stays in one piece."""
    fitted, size = kept(lines, sizes=sizes, width=width, height=height)
    if height_of(fitted, size=size, width=width) <= height:
        return [(fitted, size)]
    blocks: list[list[Line]] = []
    for line in lines:
        if line.apart or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    size = sizes[-1]
    pieces: list[list[Line]] = []
    for block in blocks:
        pieces += [block] if height_of(block, size=size, width=width) <= height else [[line] for line in block]

    def filled(room: float) -> list[list[Line]]:
        found: list[list[Line]] = [[]]
        for piece in pieces:
            if found[-1] and height_of([*found[-1], *piece], size=size, width=width) > room:
                found.append([])
            found[-1] += piece
        return found

    needed = filled(height)
    for share in range(10, 20):  # the least room that takes no more slides: none is left with one line
        if len(even := filled(height * share / 20)) <= len(needed):
            needed = even
            break
    for larger in sizes:
        if all(height_of(page, size=larger, width=width) <= height for page in needed):
            return [(tuple(page), larger) for page in needed]
    return [(tuple(page), size) for page in needed]


__all__ = [
    "CELL_ABOVE",
    "CELL_BESIDE",
    "GAP",
    "INDENT",
    "LINE_HEIGHT",
    "gap",
    "height_of",
    "kept",
    "largest",
    "lines_of",
    "pages",
    "rows",
]
