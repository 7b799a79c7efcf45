"""Maps of local authorities: the whole country beside the place and what surrounds it.

Boundaries are projected once for a publication, to pixels (transverse Mercator at 2 degrees west, as the British
national grid is); a specification only looks shapes up and paints them, which is fast and keeps drawings small.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from wellfounded.publishing.charts import palette
from wellfounded.publishing.charts.chart import Chart, Measure, Spec, Who
from wellfounded.publishing.model import ShownChart, ShownFigure
from wellfounded.publishing.words import capital, count, listed

COUNTRY, SURROUNDINGS = "map-country", "map-surroundings"  # names of the shared data sets
Floats = npt.NDArray[np.float64]
Extent = tuple[float, float, float, float]
_EARTH = 63710.0  # radius in units of 100 m
_HEIGHT = 430
_LEFT, _GAP = 210, 16
NEAR_WIDTH = palette.WIDTH - _LEFT - _GAP - 10  # with an edge of 4 and a line around it
_PLACE_FILLS = 0.6  # of the nearer map
_LINE, _WIDEST_NAME = 16, 100
_TOLERANCE = 0.5  # pixels that a simplified boundary may be off
_KEY = 40
_MOST_CLASSES = 5
_PIXELS: Spec = {
    "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
    "y": {"field": "y", "type": "quantitative", "scale": None, "axis": None},
}


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
        far = _View.around(_union(extents.values()), _LEFT, _HEIGHT, fills=0.98, step=0.2)
        near = _View.around(_union(extents[code] for code in place), NEAR_WIDTH, _HEIGHT, fills=_PLACE_FILLS, step=0.1)
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
            frame=(max(low[0], 0.0), max(low[1], 0.0), min(high[0], float(_LEFT)), min(high[1], float(_HEIGHT))),
        )


def area_map(
    chart_id: str,
    measure: Measure,
    boundaries: Boundaries,
    values: Mapping[str, float],
    given: Sequence[tuple[Who, ShownFigure]],
    *,
    kind: str = "local authorities",
    title: str = "",
) -> Chart | None:
    """A map of all local authorities in `values`, the members in `given` outlined and named.

    Rates are shown by colour in classes of as many areas each, totals by circles, as a colour would show size of
    ground. None where fewer than ten areas are known or no member has a boundary.
    """
    held = {code: value for code, value in values.items() if code in boundaries.codes and math.isfinite(value)}
    members = [(who, figure) for who, figure in given if who.code in boundaries.codes]
    if len(held) < 10 or not members:
        return None
    period = next((figure.period for _, figure in members if figure.value is not None), "")
    edges = _edges(np.array(list(held.values())), measure)
    words = title or _title(measure, edges, members, len(held), kind)
    spec = _draw(measure, boundaries, held, edges, members)
    key = "Circles: the larger the area, the larger the number." if measure.counts else ""
    said = capital(listed([f"{who.name} {figure.text or figure.why_none}" for who, figure in members]))
    shown = ShownChart(
        id=chart_id,
        title=capital(words),
        subtitle=" ".join(part for part in (f"{measure.in_words}, {period}.", key, measure.note) if part),
        foot=measure.foot,
        alt=f"Map of {count(len(held), kind, kind)}: {words}. {said}.",
        columns=("Area", measure.in_words),
        rows=tuple((who.label, figure.text or figure.why_none) for who, figure in members),
        width=palette.WIDTH,
        height=_HEIGHT + (_KEY if not measure.counts else 0) + 10,
        indicators=(measure.indicator,),
    )
    return Chart(shown, spec, shared=(COUNTRY, SURROUNDINGS))


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


def _edges(values: npt.NDArray[np.float64], measure: Measure) -> list[float]:
    """Limits between classes that hold as many areas each, rounded as the indicator is; fewer where values tie."""
    cuts = np.quantile(values, np.linspace(0, 1, _MOST_CLASSES + 1)[1:-1])
    rounded = sorted({round(float(cut), measure.unit.decimals) for cut in cuts})
    return [cut for cut in rounded if values.min() < cut]


def _class(value: float, edges: Sequence[float]) -> int:
    return int(np.searchsorted(np.array(edges), value, side="right"))


def _colours(count_of_classes: int) -> list[str]:
    if count_of_classes >= len(palette.CLASSES):
        return list(palette.CLASSES)
    steps = np.linspace(0, len(palette.CLASSES) - 1, max(count_of_classes, 2)).round().astype(int)
    return [palette.CLASSES[step] for step in steps]


def _title(
    measure: Measure, edges: Sequence[float], members: Sequence[tuple[Who, ShownFigure]], known: int, kind: str
) -> str:
    if measure.counts:
        return f"{measure.label}: {listed([f'{f.text} in {w.name}' for w, f in members if f.value is not None])}"
    if len(edges) + 1 < _MOST_CLASSES:
        return f"{measure.label} across {known} {kind}"
    fifths = ("lowest", "second lowest", "middle", "second highest", "highest")
    groups: dict[int, list[str]] = {}
    for who, figure in members:
        if figure.value is not None:
            groups.setdefault(_class(figure.value, edges), []).append(who.name)
    if not groups:
        return f"{measure.label} across {known} {kind}"
    said = [f"{listed(names)} in the {fifths[at]} fifth" for at, names in sorted(groups.items(), reverse=True)]
    estimates = any(figure.lower is not None for _, figure in members)
    return f"{measure.label}{', by estimate' if estimates else ''}: {listed(said)}"


def _draw(
    measure: Measure,
    boundaries: Boundaries,
    held: Mapping[str, float],
    edges: Sequence[float],
    members: Sequence[tuple[Who, ShownFigure]],
) -> Spec:
    codes = [who.code for who, _ in members]
    colours = _colours(len(edges) + 1)
    everywhere = sorted(boundaries.codes)

    def fill(code: str) -> str:
        return palette.NONE if measure.counts or code not in held else colours[_class(held[code], edges)]

    circles = {
        COUNTRY: _circles(held, boundaries.far_points, codes, _LEFT, 9),
        SURROUNDINGS: _circles(
            {c: held[c] for c in boundaries.near if c in held}, boundaries.near_points, codes, NEAR_WIDTH, 30
        ),
    }
    left = {
        "width": _LEFT,
        "height": _HEIGHT,
        "layer": [
            _shapes(everywhere, codes, fill, COUNTRY, thin=0.2, thick=1),
            *([circles[COUNTRY]] if measure.counts else []),
            _frame(boundaries.frame),
        ],
    }
    right = {
        "width": NEAR_WIDTH,
        "height": _HEIGHT,
        "view": {"stroke": palette.QUIET},
        "layer": [
            _shapes(boundaries.near, codes, fill, SURROUNDINGS, thin=1, thick=2.5),
            *([circles[SURROUNDINGS]] if measure.counts else []),
            *_names(members, boundaries),
        ],
    }
    maps: Spec = {"hconcat": [left, right], "spacing": _GAP}
    some_missing = len(boundaries.codes) > len(held)
    parts: list[Spec] = [maps] if measure.counts else [maps, _key(edges, colours, measure, some_missing)]
    return {
        "$schema": palette.SCHEMA,
        "config": palette.CONFIG,
        "padding": 4,
        "vconcat": parts,
        "spacing": 0,
        "resolve": {"scale": {"color": "independent"}},
    }


def _meets(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _shapes(
    codes: Sequence[str], outlined: Sequence[str], fill: Callable[[str], str], shared: str, *, thin: float, thick: float
) -> Spec:
    """Areas in their colours, those to be outlined on top. One layer: a second would look every shape up again."""
    own = set(outlined)
    rows = [{"id": code, "c": fill(code), "s": "white", "w": thin} for code in codes if code not in own]
    rows += [{"id": code, "c": fill(code), "s": palette.INK, "w": thick} for code in codes if code in own]
    return {
        "data": {"values": rows},
        "transform": [{"lookup": "id", "from": {"data": {"name": shared}, "key": "id", "fields": ["g"]}}],
        # one projection for both maps: concatenated views share it
        "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
        "mark": {"type": "geoshape", "clip": True, "strokeJoin": "round"},
        "encoding": {
            "shape": {"field": "g", "type": "geojson"},
            "fill": {"field": "c", "type": "nominal", "scale": None},
            "stroke": {"field": "s", "type": "nominal", "scale": None},
            "strokeWidth": {"field": "w", "type": "quantitative", "scale": None},
        },
    }


def _frame(box: Extent) -> Spec:
    """What the nearer map shows, on the farther one."""
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rect", "fill": None, "stroke": palette.QUIET, "strokeWidth": 1.2,
                 "x": box[0], "y": box[1], "x2": box[2], "y2": box[3]},
        "encoding": {},
    }  # fmt: skip


def _circles(
    held: Mapping[str, float],
    points: Mapping[str, tuple[float, float]],
    codes: Sequence[str],
    width: float,
    largest: float,
) -> Spec:
    top = max(held.values(), default=1.0) or 1.0
    rows = []
    for code, value in sorted(held.items(), key=lambda item: -item[1]):
        if code in points and value > 0:
            x, y = points[code]
            if 0 <= x <= width and 0 <= y <= _HEIGHT:
                colour = palette.PLACE if code in codes else palette.GREYS[2]
                rows.append({"x": x, "y": y, "s": round(math.pi * largest**2 * value / top, 2), "c": colour})
    return {
        "data": {"values": rows},
        "mark": {"type": "circle", "opacity": 0.75, "stroke": "white", "strokeWidth": 0.5, "clip": True},
        "encoding": {
            **_PIXELS,
            "size": {"field": "s", "type": "quantitative", "scale": None},
            "color": {"field": "c", "type": "nominal", "scale": None},
        },
    }


def _names(members: Sequence[tuple[Who, ShownFigure]], boundaries: Boundaries) -> list[Spec]:
    """Names and values of the members over their ground, on a white edge."""
    rows = []
    written = {who.code: [*_wrapped(who.label), figure.text] for who, figure in members}
    halves = {
        code: max(palette.text_width(line, bold=True) for line in lines) / 2 + 5 for code, lines in written.items()
    }
    middles = _beside({code: boundaries.near_points[code] for code in written}, halves)
    for who, figure in members:
        _, y = boundaries.near_points[who.code]
        lines, middle = written[who.code], middles[who.code]
        for index, line in enumerate(lines):
            at = y + (index - (len(lines) - 1) / 2) * _LINE
            rows.append(
                {"x": round(middle, 1), "y": round(at, 1), "t": line, "w": "normal" if line == figure.text else "bold"}
            )
    base: Spec = {"type": "text", "baseline": "middle", "fontWeight": {"expr": "datum.w"}, "fontSize": palette.NORMAL}
    halo = {**base, "stroke": "white", "strokeWidth": 4, "strokeJoin": "round", "color": "white"}
    encoding = {**_PIXELS, "text": {"field": "t", "type": "nominal"}}
    return [{"data": {"values": rows}, "mark": mark, "encoding": encoding} for mark in (halo, base)]


def _beside(points: Mapping[str, tuple[float, float]], halves: Mapping[str, float]) -> dict[str, float]:
    """Where labels stand across the map: over their points, pushed apart where two would overlap."""
    placed = {code: points[code][0] for code in points}
    order = sorted(points, key=lambda code: points[code])
    for _ in range(4):
        for index, one in enumerate(order):
            for other in order[index + 1 :]:
                short = halves[one] + halves[other] - (placed[other] - placed[one])
                if short > 0 and abs(points[one][1] - points[other][1]) < 3 * _LINE:
                    placed[one] -= short / 2
                    placed[other] += short / 2
    return {code: min(max(x, halves[code]), NEAR_WIDTH - halves[code]) for code, x in placed.items()}


def _wrapped(name: str) -> list[str]:
    """A name on as many lines as keep each short."""
    lines = [""]
    for word in name.split():
        if lines[-1] and palette.text_width(f"{lines[-1]} {word}", bold=True) > _WIDEST_NAME:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _key(edges: Sequence[float], colours: Sequence[str], measure: Measure, some_missing: bool) -> Spec:
    """The classes in words, each with its colour, in a row under the maps."""
    write = measure.unit.write
    if edges:
        labels = [
            f"under {write(edges[0])}",
            *(f"{write(a)} to {write(b)}" for a, b in pairwise(edges)),
            f"{write(edges[-1])} and over",
        ]
    else:
        labels = ["all areas"]
    entries = [*zip(colours, labels, strict=False), *([(palette.NONE, "no figure")] if some_missing else [])]
    width = palette.WIDTH - 8
    step = width / max(len(entries), 1)
    rows = [
        {"x": index * step, "x2": (index + 1) * step - 3, "c": colour, "t": label}
        for index, (colour, label) in enumerate(entries)
    ]
    x = {"field": "x", "type": "quantitative", "scale": None, "axis": None}
    size = (
        palette.SMALL if all(palette.text_width(t, palette.SMALL) < step - 4 for _, t in entries) else palette.SMALL - 2
    )
    return {
        "width": width,
        "height": _KEY,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "rect", "y": 8, "y2": 18},
                "encoding": {"x": x, "x2": {"field": "x2"}, "fill": {"field": "c", "type": "nominal", "scale": None}},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "top",
                    "y": 23,
                    "fontSize": size,
                    "color": palette.QUIET,
                },
                "encoding": {"x": x, "text": {"field": "t", "type": "nominal"}},
            },
        ],
    }
