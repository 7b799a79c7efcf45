"""Maps of local authorities: the whole country beside the place and what surrounds it.

Boundaries are projected once for a publication, to pixels (transverse Mercator at 2 degrees west, as the British
national grid is); a specification only looks shapes up and paints them, which is fast and keeps drawings small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from wellfounded.publishing.charts import palette
from wellfounded.publishing.charts.boundaries import (
    COUNTRY,
    FAR_WIDTH,
    GAP,
    HEIGHT,
    NEAR_WIDTH,
    SURROUNDINGS,
    Boundaries,
    Extent,
    Floats,
)
from wellfounded.publishing.charts.chart import Chart, Measure, Spec, Who
from wellfounded.publishing.model import ShownChart, ShownFigure
from wellfounded.publishing.words import capital, count, listed

_LINE, _WIDEST_NAME = 16, 100
_KEY = 40
_MOST_CLASSES = 5
_PIXELS: Spec = {
    "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
    "y": {"field": "y", "type": "quantitative", "scale": None, "axis": None},
}


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
        height=HEIGHT + (_KEY if not measure.counts else 0) + 10,
        indicators=(measure.indicator,),
    )
    return Chart(shown, spec, shared=(COUNTRY, SURROUNDINGS))


def _edges(values: Floats, measure: Measure) -> list[float]:
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
        COUNTRY: _circles(held, boundaries.far_points, codes, FAR_WIDTH, 9),
        SURROUNDINGS: _circles(
            {c: held[c] for c in boundaries.near if c in held}, boundaries.near_points, codes, NEAR_WIDTH, 30
        ),
    }
    left = {
        "width": FAR_WIDTH,
        "height": HEIGHT,
        "layer": [
            _shapes(everywhere, codes, fill, COUNTRY, thin=0.2, thick=1),
            *([circles[COUNTRY]] if measure.counts else []),
            _frame(boundaries.frame),
        ],
    }
    right = {
        "width": NEAR_WIDTH,
        "height": HEIGHT,
        "view": {"stroke": palette.QUIET},
        "layer": [
            _shapes(boundaries.near, codes, fill, SURROUNDINGS, thin=1, thick=2.5),
            *([circles[SURROUNDINGS]] if measure.counts else []),
            *_names(members, boundaries),
        ],
    }
    maps: Spec = {"hconcat": [left, right], "spacing": GAP}
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
            if 0 <= x <= width and 0 <= y <= HEIGHT:
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
