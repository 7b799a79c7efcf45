"""A small map of the place's districts, drawn from the boundaries of the catalogue: no tiles, no scripts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wellfounded.evidence.areas import NoSuchArea
from wellfounded.evidence.catalogue import load

WIDTH, EDGE = 360.0, 6.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """A district as it is drawn: its path, and where its name goes."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """All districts in one box of `width` by `height`."""

    width: float
    height: float
    outlines: tuple[Outline, ...]


@lru_cache(maxsize=8)
def drawing(districts: tuple[tuple[str, str], ...]) -> Drawing | None:
    """The districts, given as code and name; None where the catalogue holds the boundary of none."""
    areas = load().areas
    shapes: dict[str, Any] = {}
    labels: dict[str, Point] = {}
    for code, _ in districts:
        try:
            shape, label = areas.boundary(code), areas.label_point(code)
        except NoSuchArea:  # a place may have members that the catalogue does not know
            continue
        if shape is not None and label is not None:
            shapes[code], labels[code] = shape, label
    if not shapes:
        return None
    rings = {code: list(_rings(shape)) for code, shape in shapes.items()}
    every = [point for some in rings.values() for ring in some for point in ring]
    squeeze = math.cos(math.radians(sum(y for _, y in every) / len(every)))
    west, east = min(x for x, _ in every) * squeeze, max(x for x, _ in every) * squeeze
    south, north = min(y for _, y in every), max(y for _, y in every)
    scale = (WIDTH - 2 * EDGE) / (east - west)

    def at(point: Point) -> Point:
        return (round((point[0] * squeeze - west) * scale + EDGE, 1), round((north - point[1]) * scale + EDGE, 1))

    names = dict(districts)
    outlines = tuple(
        Outline(code, names[code], "".join(_path(at(point) for point in ring) for ring in rings[code]), *at(label))
        for code, label in labels.items()
    )
    return Drawing(WIDTH, round((north - south) * scale + 2 * EDGE, 1), outlines)


def _rings(shape: Mapping[str, Any]) -> Iterable[list[Point]]:
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return ([(float(x), float(y)) for x, y in ring] for polygon in polygons for ring in polygon)


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


__all__ = ["Drawing", "Outline", "drawing"]
