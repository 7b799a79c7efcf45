"""Where things stand in pictures that pages draw themselves: the chain from figures to impact, and shares of ranks."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wellfounded.priorities.types import ChainLink, ChainNode, ShownPolicy, ShownSuccess

COLUMNS = ("figure", "conclusion", "policy", "impact")
WIDTH, GAP, LINE, PAD, APART = 236, 44, 19, 12, 16
LETTERS, MOST_LINES = 28, 5  # of text in a box


@dataclass(frozen=True)
class Box:
    """A node of the chain where it is drawn."""

    node: ChainNode
    x: float
    y: float
    height: float
    lines: tuple[str, ...]
    note: tuple[str, ...]


@dataclass(frozen=True)
class Thread:
    """A link of the chain as a curve, and where its number stands."""

    link: ChainLink
    path: str


@dataclass(frozen=True)
class Picture:
    """The chain: boxes in four columns and the threads between them, in a box of `width` by `height`."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    threads: tuple[Thread, ...]


def chain(policy: ShownPolicy) -> Picture | None:
    """A policy's chain as a picture; None where it has none."""
    if not policy.nodes:
        return None
    sized = {node.id: _lines(node) for node in policy.nodes}
    columns = {kind: [node for node in policy.nodes if node.kind == kind] for kind in COLUMNS}
    heights = {key: PAD * 2 + LINE * (len(text) + len(note)) for key, (text, note) in sized.items()}
    tall = max(sum(heights[n.id] for n in some) + APART * (len(some) - 1) for some in columns.values() if some)
    boxes: dict[str, Box] = {}
    for at, kind in enumerate(COLUMNS):
        some = columns[kind]
        y = (tall - sum(heights[n.id] for n in some) - APART * max(0, len(some) - 1)) / 2
        for node in some:
            boxes[node.id] = Box(node, at * (WIDTH + GAP), y, heights[node.id], *sized[node.id])
            y += heights[node.id] + APART
    threads = [
        Thread(link, _curve(boxes[link.start], boxes[link.end]))
        for link in policy.links
        if link.start in boxes and link.end in boxes
    ]
    return Picture(len(COLUMNS) * WIDTH + (len(COLUMNS) - 1) * GAP, tall, tuple(boxes.values()), tuple(threads))


def _lines(node: ChainNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = textwrap.wrap(node.text, LETTERS, max_lines=MOST_LINES, placeholder=" …")
    notes = [line for said in (node.note, node.said) if said for line in textwrap.wrap(said, LETTERS + 2)]
    return tuple(text), tuple(notes[:4])


def _curve(start: Box, end: Box) -> str:
    x, y = start.x + WIDTH, start.y + start.height / 2
    to_x, to_y = end.x, end.y + end.height / 2
    bend = (to_x - x) / 2
    return f"M{x:.0f} {y:.1f}C{x + bend:.0f} {y:.1f} {to_x - bend:.0f} {to_y:.1f} {to_x:.0f} {to_y:.1f}"


@dataclass(frozen=True)
class Part:
    """A stretch of a bar: from where, how wide, and how dark, from 0 to 1."""

    x: float
    width: float
    dark: float
    rank: int
    share: float


def rank_parts(acceptabilities: Sequence[float], *, width: float = 100.0) -> tuple[Part, ...]:
    """The shares of ranks side by side, first to last, darker the better."""
    parts: list[Part] = []
    x = 0.0
    last = max(1, len(acceptabilities) - 1)
    for at, share in enumerate(acceptabilities):
        if share > 0:
            parts.append(Part(x, share * width, 1 - 0.94 * (at / last) ** 0.6, at + 1, share))
        x += share * width
    return tuple(parts)


@dataclass(frozen=True)
class Track:
    """An indicator of success as a picture: expected path with its band, and what was seen."""

    path: str
    band: str
    seen: tuple[tuple[float, float, str], ...]  # x, y, year
    years: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]


def _levels(success: ShownSuccess, y: Callable[[float], float]) -> tuple[tuple[float, str], ...]:
    """Where target and baseline stand, in their own words; the target alone where the two would overlap."""
    target = (y(success.path[-1][1]), success.target.partition(" by ")[0])
    baseline = (y(success.path[0][1]), success.baseline.partition(" in ")[0])
    return (target, baseline) if abs(target[0] - baseline[0]) >= LINE else (target,)


def track(success: ShownSuccess, *, width: float = 420.0, height: float = 150.0) -> Track | None:
    """Where the path and the figures of an indicator of success stand; None where there is no path."""
    if not success.path:
        return None
    years = [row[0] for row in (*success.path, *success.seen)]
    values = [v for row in (*success.path, *success.seen) for v in row[1:] if v is not None]
    low, high = min(values), max(values)
    margin = (high - low or abs(high) or 1.0) * 0.12
    low, high = low - margin, high + margin
    first, last = min(years), max(years)

    def x(year: float) -> float:
        return round(width * (year - first) / max(1, last - first), 1)

    def y(value: float) -> float:
        return round(height * (1 - (value - low) / (high - low)), 1)

    banded = [
        (x(year), y(lower), y(upper))
        for year, _, lower, upper in success.path
        if lower is not None and upper is not None
    ]
    band = ""
    if len(banded) > 1:
        over = " ".join(f"{at},{upper}" for at, _, upper in banded)
        under = " ".join(f"{at},{lower}" for at, lower, _ in reversed(banded))
        band = f"{over} {under}"
    return Track(
        " ".join(f"{x(row[0])},{y(row[1])}" for row in success.path),
        band,
        tuple((x(row[0]), y(row[1]), str(row[0])) for row in success.seen),
        ((x(first), str(first)), (x(last), str(last))),
        _levels(success, y),
    )
