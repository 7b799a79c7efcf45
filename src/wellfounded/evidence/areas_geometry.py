"""Boundaries: TopoJSON read, simplified with shared borders kept, and written as GeoJSON for maps."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from wellfounded.evidence.types import Level

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

TOLERANCE = 0.007  # degrees of latitude, about 800 m: what a map of the country shows at 900 pixels
SMALLEST_ISLAND = 0.0012  # square degrees of latitude, about 15 km2; an area's own largest part always stays
_SQUEEZE = float(np.cos(np.radians(54.5)))  # a degree of longitude as a share of one of latitude, mid-country
_DECIMALS = 3  # about 100 m


@dataclass(frozen=True)
class Shapes:
    """Areas of a TopoJSON file: their shapes in degrees and their properties, by code."""

    shapes: dict[str, BaseGeometry]
    properties: dict[str, dict[str, Any]] = field(default_factory=dict)

    def inside(self, code: str, *, among: list[str]) -> list[str]:
        """Which of `among` lie in the area `code`, by a point well inside each."""
        if code not in self.shapes:
            return []
        whole = self.shapes[code]
        return [one for one in among if one in self.shapes and whole.contains(_middle(self.shapes[one]))]

    def containing(self, code: str, *, among: list[str]) -> list[str]:
        """Which of `among` contain the middle of the area `code`."""
        if code not in self.shapes:
            return []
        point = _middle(self.shapes[code])
        return [one for one in among if one in self.shapes and self.shapes[one].contains(point)]


def read_topojson(path: Path, *, code: str) -> Shapes:
    """Every area of the file at `path`; `code` is the property that holds its code."""
    with path.open(encoding="utf-8") as file:
        topology = json.load(file)
    scale, translate = (np.asarray(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.asarray(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    found = Shapes({})
    for collection in topology["objects"].values():
        for geometry in collection["geometries"]:
            properties = geometry["properties"]
            found.shapes[properties[code]] = _shape(geometry, arcs)
            found.properties[properties[code]] = properties
    return found


def draw_boundaries(authorities: Shapes, groups: dict[str, tuple[Level, list[str]]]) -> pa.Table:
    """A boundary for each of `groups`, made of `authorities`: code, level, geojson, label_x, label_y.

    Borders stay shared, as everything is made of the same simplified authorities. Exterior rings run clockwise, as
    Vega and D3 expect.
    """
    import shapely

    codes = sorted({code for _, members in groups.values() for code in members})
    coverage = _coverage([_scaled(authorities.shapes[code], _SQUEEZE) for code in codes])
    by_code = dict(zip(codes, shapely.coverage_simplify(coverage, TOLERANCE), strict=True))
    columns: dict[str, list[Any]] = {"code": [], "level": [], "geojson": [], "label_x": [], "label_y": []}
    for code, (level, members) in sorted(groups.items()):
        shapes = [by_code[member] for member in members]
        shape = shapes[0] if len(shapes) == 1 else shapely.coverage_union_all(np.asarray(shapes))
        shape = _without_islets(shape)
        geojson, label = _geojson(_scaled(shape, 1 / _SQUEEZE)), _middle(shape)
        row = (code, level.value, geojson, round(label.x / _SQUEEZE, 3), round(label.y, 3))
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    return pa.table(columns)


def _coverage(shapes: list[BaseGeometry]) -> Any:
    """`shapes` as polygons that neither overlap nor leave gaps: all lines are cut where they meet, each face between
    them goes to the shape that holds its middle. Rounded TopoJSON touches itself; this mends it."""
    import shapely

    solid = np.asarray([_solid(shape) for shape in shapely.make_valid(np.asarray(shapes))])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(shapely.boundary(solid)))))
    face, owner = shapely.STRtree(solid).query(shapely.point_on_surface(faces), predicate="within")
    _, first = np.unique(face, return_index=True)
    owned = np.full(len(faces), -1)
    owned[face[first]] = owner[first]
    return np.asarray([_solid(shapely.union_all(faces[owned == index])) for index in range(len(solid))])


def _shape(geometry: dict[str, Any], arcs: list[Any]) -> BaseGeometry:
    import shapely

    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    parts = []
    for rings in polygons:
        exterior, *holes = (_ring(ring, arcs) for ring in rings)
        if len(exterior) > 3:
            parts.append(shapely.Polygon(exterior, [hole for hole in holes if len(hole) > 3]))
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]


def _ring(indices: list[int], arcs: list[Any]) -> Any:
    """The points of a ring; an arc numbered below zero runs backwards, and arcs share their end points."""
    pieces = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _scaled(shape: BaseGeometry, factor: float) -> BaseGeometry:
    import shapely

    return shapely.transform(shape, lambda points: points * (factor, 1.0))


def _parts(shape: BaseGeometry) -> list[Polygon]:
    return [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]


def _solid(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of `shape`, without lines and points that mending it left."""
    import shapely

    flat = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon([part for part in flat if part.geom_type == "Polygon"])


def _without_islets(shape: BaseGeometry) -> MultiPolygon:
    import shapely

    parts = sorted(_parts(shape), key=lambda part: part.area, reverse=True)
    return shapely.MultiPolygon([part for i, part in enumerate(parts) if i == 0 or part.area >= SMALLEST_ISLAND])


def _middle(shape: BaseGeometry) -> Any:
    """A point well inside the largest part of `shape`: its centroid if that lies in it."""
    largest = max(_parts(shape), key=lambda part: part.area)
    return largest.centroid if largest.contains(largest.centroid) else largest.representative_point()


def _geojson(shape: BaseGeometry) -> str:
    import shapely

    clockwise = shapely.orient_polygons(shape, exterior_cw=True)
    polygons = []
    for part in _parts(clockwise):
        rings = [_points(ring) for ring in (part.exterior, *part.interiors)]
        polygons.append([ring for ring in rings if len(ring) >= 4])
    polygons = [polygon for polygon in polygons if polygon]
    one = len(polygons) == 1
    geometry = {
        "type": "Polygon" if one else "MultiPolygon",
        "coordinates": polygons[0] if one else polygons,
    }
    return json.dumps(geometry, separators=(",", ":"))


def _points(ring: Any) -> list[list[float]]:
    """The ring's points, rounded, without those that rounding made the same as the one before."""
    points = np.round(np.asarray(ring.coords), _DECIMALS)
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = (np.diff(points, axis=0) != 0).any(axis=1)
    return [[float(x), float(y)] for x, y in points[keep]]
