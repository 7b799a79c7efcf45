"""Boundaries of local authorities as shapes in pixels: the whole country, and what surrounds a place.

They are projected once for a publication (transverse Mercator at 2 degrees west, as the British national grid is).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wellfounded.publishing.charts import palette

COUNTRY, SURROUNDINGS = "map-country", "map-surroundings"  # names of the shared data sets
HEIGHT = 430
FAR_WIDTH, GAP = 210, 16
NEAR_WIDTH = palette.WIDTH - FAR_WIDTH - GAP - 10  # with an edge of 4 and a line around it
_EARTH = 63710.0  # radius in units of 100 m
_PLACE_FILLS = 0.6  # of the nearer map
_TOLERANCE = 0.5  # pixels that a simplified boundary may be off

Floats = npt.NDArray[np.float64]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class _View:
    """Scale and shift from projected units to the pixels of one map."""

    scale: float
    x: float
    y: float
    width: float
    height: float
    step: float  # pixels are rounded to a multiple of it

    @classmethod
    def around(cls, box: Extent, width: float, height: float, *, fills: float, step: float) -> _View:
        scale = fills * min(width / (box[2] - box[0]), height / (box[3] - box[1]))
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        return cls(scale, width / 2 - middle[0] * scale, height / 2 - middle[1] * scale, width, height, step)

    def pixels(self, at: Floats) -> Floats:
        """Projected points [point, 2] in pixels, rounded."""
        result: Floats = np.round(np.rint((at * self.scale + np.array([self.x, self.y])) / self.step) * self.step, 1)
        return result

    def point(self, at: tuple[float, float]) -> tuple[float, float]:
        x, y = self.pixels(np.array([at]))[0]
        return (float(x), float(y))

    @property
    def box(self) -> Extent:
        """What it shows, in projected units."""
        return (
            -self.x / self.scale,
            -self.y / self.scale,
            (self.width - self.x) / self.scale,
            (self.height - self.y) / self.scale,
        )


@dataclass(frozen=True)
class Boundaries:
    """Boundaries of local authorities drawn twice, in pixels: the country, and what surrounds a place.

    `shared` holds both as JSON by the name of the data set, `near` the codes that the nearer map shows, `far_points`
    and `near_points` where their names and circles go.
    """

    shared: dict[str, str]
    codes: frozenset[str]
    near: tuple[str, ...]
    far_points: dict[str, tuple[float, float]]
    near_points: dict[str, tuple[float, float]]
    frame: Extent  # what the nearer map shows, in pixels of the farther one

    @classmethod
    def project(
        cls, geometries: Mapping[str, Any], labels: Mapping[str, tuple[float, float]], *, around: Sequence[str]
    ) -> Boundaries:
        """From GeoJSON geometries and label points in degrees by code; the nearer map is around the codes `around`."""
        rings = {code: _rings(geometry) for code, geometry in sorted(geometries.items())}
        extents = {
            code: _extent([ring for polygon in polygons for ring in polygon]) for code, polygons in rings.items()
        }
        place = [code for code in around if code in rings] or list(rings)
        far = _View.around(_union(extents.values()), FAR_WIDTH, HEIGHT, fills=0.98, step=0.2)
        near = _View.around(_union(extents[code] for code in place), NEAR_WIDTH, HEIGHT, fills=_PLACE_FILLS, step=0.1)
        inside = tuple(code for code in rings if _meets(extents[code], near.box))
        points = {code: _project(np.array([labels[code]])) for code in sorted(labels)}
        low, high = far.pixels(np.array([near.box[:2], near.box[2:]]))
        return cls(
            shared={
                COUNTRY: _features({code: rings[code] for code in rings}, far),
                SURROUNDINGS: _features({code: rings[code] for code in inside}, near),
            },
            codes=frozenset(rings),
            near=inside,
            far_points={code: far.point((p[0, 0], p[0, 1])) for code, p in points.items()},
            near_points={code: near.point((p[0, 0], p[0, 1])) for code, p in points.items()},
            frame=(max(low[0], 0.0), max(low[1], 0.0), min(high[0], float(FAR_WIDTH)), min(high[1], float(HEIGHT))),
        )


def _project(degrees: Floats) -> Floats:
    """Longitude and latitude [point, 2] to units of 100 m, y downwards (Snyder 1987, equations 8-1 to 8-3)."""
    along, up = np.radians(degrees[:, 0] + 2.0), np.radians(degrees[:, 1])
    x = _EARTH * np.arctanh(np.cos(up) * np.sin(along))
    y = -_EARTH * (np.arctan2(np.tan(up), np.cos(along)) - math.radians(49.0))
    return np.stack([x, y], axis=1)


def _rings(geometry: Any) -> list[list[Floats]]:
    """The polygons of a geometry as projected rings."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[_project(np.asarray(ring, dtype=float)) for ring in polygon] for polygon in polygons]


def _features(rings: Mapping[str, list[list[Floats]]], view: _View) -> str:
    """Shapes in pixels as JSON; what is smaller than a pixel is left out, unless it is all that an area has."""
    from shapely import LinearRing, get_coordinates

    def thinned(ring: Floats) -> Floats:
        return view.pixels(get_coordinates(LinearRing(ring).simplify(_TOLERANCE / view.scale)))

    features = []
    for code, polygons in rings.items():
        drawn = [[thinned(ring) for ring in polygon] for polygon in polygons]
        sizes = [float(np.ptp(polygon[0], axis=0).max()) for polygon in drawn]
        kept = [
            [ring.tolist() for ring in polygon if np.ptp(ring, axis=0).max() >= 1]
            for polygon, size in zip(drawn, sizes, strict=True)
            if size >= 1
        ]
        largest = drawn[int(np.argmax(sizes))]
        features.append({"id": code, "g": {"type": "MultiPolygon", "coordinates": kept or [[largest[0].tolist()]]}})
    return json.dumps(features, separators=(",", ":"))


def _extent(rings: Sequence[Floats]) -> Extent:
    every = np.concatenate(rings)
    low, high = every.min(axis=0), every.max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _union(extents: Iterable[Extent]) -> Extent:
    boxes = np.array(list(extents))
    return (float(boxes[:, 0].min()), float(boxes[:, 1].min()), float(boxes[:, 2].max()), float(boxes[:, 3].max()))


def _meets(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]
