"""The specification curve: what a conclusion came to under every reasonable set of choices, and which those were.

After Simonsohn, Simmons and Nelson (2020), "Specification curve analysis".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wellfounded.core import Unit
from wellfounded.publishing.charts import palette
from wellfounded.publishing.charts.chart import Chart, Spec, at_both_widths
from wellfounded.publishing.charts.frame import Box, Scale, scale_for
from wellfounded.publishing.model import ShownChart
from wellfounded.publishing.words import capital, count, listed

_TOP = 170
_ROW = 19
_HEAD = 22


@dataclass(frozen=True)
class Tried:
    """One set of choices: the label of each choice by its dimension, and what it came to."""

    choices: Mapping[str, str]
    verdict: str
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None


@at_both_widths
def specification_curve(
    chart_id: str,
    tried: Sequence[Tried],
    *,
    unit: Unit,
    measured: str,
    title: str,
    foot: str,
    threshold: float | None = None,
    indicators: tuple[str, ...] = (),
) -> Chart | None:
    """The curve of the variants that have an estimate, with their choices beneath; None for fewer than two.

    Only dimensions in which something was varied have rows. `threshold` draws the line that decides.
    """
    known = sorted(
        (one for one in tried if one.estimate is not None),
        key=lambda one: (one.estimate or 0.0, sorted(one.choices.items())),
    )
    if len(known) < 2:
        return None
    dimensions = _dimensions([one for one in tried if one.estimate is not None])
    by_verdict = {verdict: sum(one.verdict == verdict for one in tried) for verdict in palette.VERDICTS}
    said = listed([f"{verdict} in {number}" for verdict, number in by_verdict.items() if number])
    spec, height = _draw(known, dimensions, unit, threshold)
    lowest, highest = known[0].estimate or 0.0, known[-1].estimate or 0.0
    return Chart(
        ShownChart(
            id=chart_id,
            title=capital(title),
            subtitle=f"Each column is one reasonable way to test it, lowest estimate first; {measured}.",
            foot=foot,
            alt=f"Specification curve of {count(len(tried), 'variant')}: {said}. "
            f"Estimates from {unit.write(lowest, signed=True)} to {unit.write(highest, signed=True)}.",
            columns=("Choices", "Verdict", "Estimate"),
            rows=tuple(
                (
                    "; ".join(one.choices[name] for name in one.choices) or "as stated",
                    one.verdict,
                    unit.write(one.estimate, signed=True) if one.estimate is not None else "",
                )
                for one in known
            ),
            width=palette.width(),
            height=height,
            indicators=indicators,
        ),
        spec,
    )


def _dimensions(known: Sequence[Tried]) -> dict[str, list[str]]:
    """The choices that occur by dimension, in order of first appearance, where there is more than one."""
    found: dict[str, list[str]] = {}
    for one in known:
        for dimension, choice in one.choices.items():
            if choice not in found.setdefault(dimension, []):
                found[dimension].append(choice)
    return {dimension: choices for dimension, choices in found.items() if len(choices) > 1}


def _draw(
    known: Sequence[Tried], dimensions: dict[str, list[str]], unit: Unit, threshold: float | None
) -> tuple[Spec, int]:
    limits = [limit for one in known for limit in (one.estimate, one.lower, one.upper) if limit is not None]
    inside = [*limits, 0.0] if threshold is None else [*limits, threshold, 0.0]
    scale = scale_for(inside, unit, about=4)
    labels = [choice for choices in dimensions.values() for choice in choices]
    left = max([palette.text_width(text, palette.SMALL) for text in labels] + [scale.label_width]) + 16
    rows = sum(len(choices) for choices in dimensions.values())
    bottom = rows * _ROW + len(dimensions) * _HEAD
    box = Box(left=min(left, palette.room(250, 160)), right=16, top=30, bottom=8, height=_TOP + bottom)
    step = box.width / len(known)
    size = max(min(step * 0.75, 9.0), 2.0)
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, len(known)], "nice": False}}
    y_top = _vertical(scale)
    points = [
        {
            "x": at + 0.5,
            "y": one.estimate,
            "lo": one.lower,
            "hi": one.upper,
            "c": palette.VERDICTS[one.verdict],
            "s": palette.VERDICT_SHAPES[one.verdict],
        }
        for at, one in enumerate(known)
    ]
    paint = {"field": "c", "type": "nominal", "scale": None}
    layers: list[Spec] = []
    if any(one.lower is not None for one in known):
        layers.append(
            {
                "data": {"values": [p for p in points if p["lo"] is not None]},
                "mark": {"type": "rule", "strokeWidth": max(min(step * 0.4, 3), 0.8), "opacity": 0.3},
                "encoding": {"x": x, "y": {**y_top, "field": "lo"}, "y2": {"field": "hi"}, "color": paint},
            }
        )
    layers.append(
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": palette.INK, "strokeWidth": 1},
            "encoding": {"y": {**_plain(y_top), "datum": 0.0}},
        }
    )
    if threshold is not None and threshold != 0.0:
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "color": palette.INK, "strokeDash": [5, 3]},
                "encoding": {"y": {**_plain(y_top), "datum": threshold}},
            }
        )
    layers.append(
        {
            "data": {"values": points},
            "mark": {"type": "point", "filled": True, "opacity": 1, "size": max(size * size, 10)},
            "encoding": {
                "x": x,
                "y": {**y_top, "field": "y"},
                "color": paint,
                "shape": {"field": "s", "type": "nominal", "scale": None},
            },
        }
    )
    layers += _matrix(known, dimensions, box, step)
    layers.append(_legend(known, start=palette.room(0, 4 - box.left)))
    return box.spec(layer=layers), box.total_height


def _vertical(scale: Scale) -> Spec:
    """Estimates in the upper part of the box."""
    return {
        "type": "quantitative",
        "axis": scale.axis(),
        "scale": {"domain": scale.domain, "nice": False, "zero": False, "range": [_TOP, 0]},
    }


def _plain(encoding: Spec) -> Spec:
    return {key: value for key, value in encoding.items() if key != "field"}


def _matrix(known: Sequence[Tried], dimensions: dict[str, list[str]], box: Box, step: float) -> list[Spec]:
    """A row for each choice with a mark under every variant that made it."""
    marks: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    y = float(_TOP)
    half = max(min(step * 0.8, 14.0), 1.2) / 2
    for dimension, choices in dimensions.items():
        heads.append({"y": y + _HEAD / 2 + 3, "t": capital(dimension)})
        y += _HEAD
        for choice in choices:
            middle = y + _ROW / 2
            texts.append({"y": middle, "t": palette.fitted(choice, palette.room(232, 144), palette.SMALL)})
            lines.append({"y": middle})
            run: list[float] = []  # variants side by side with one verdict become one mark
            for at, one in enumerate(known):
                if one.choices.get(dimension) == choice:
                    colour = palette.VERDICTS[one.verdict]
                    centre = (at + 0.5) * step
                    if (
                        step < 5
                        and run
                        and marks
                        and marks[-1]["y"] == middle
                        and run[0] == at - 1
                        and marks[-1]["c"] == colour
                    ):
                        marks[-1]["x2"] = round(centre + half, 2)
                    else:
                        marks.append(
                            {"x": round(centre - half, 2), "x2": round(centre + half, 2), "y": middle, "c": colour}
                        )
                    run = [at]
            y += _ROW
    pixel = {"type": "quantitative", "scale": None, "axis": None}
    return [
        {
            "data": {"values": lines},
            "mark": {"type": "rule", "color": palette.RULE, "strokeWidth": 1, "x": 0, "x2": box.width},
            "encoding": {"y": {**pixel, "field": "y"}},
        },
        {
            "data": {"values": marks},
            "mark": {"type": "rule", "strokeWidth": 9, "strokeCap": "butt"},
            "encoding": {
                "x": {**pixel, "field": "x"},
                "x2": {"field": "x2"},
                "y": {**pixel, "field": "y"},
                "color": {"field": "c", "type": "nominal", "scale": None},
            },
        },
        {
            "data": {"values": texts},
            "mark": {"type": "text", "x": -10, "align": "right", "baseline": "middle", "fontSize": palette.SMALL},
            "encoding": {"y": {**pixel, "field": "y"}, "text": {"field": "t", "type": "nominal"}},
        },
        {
            "data": {"values": heads},
            "mark": {
                "type": "text",
                "x": -10,
                "align": "right",
                "baseline": "middle",
                "fontSize": palette.SMALL,
                "fontWeight": "bold",
            },
            "encoding": {"y": {**pixel, "field": "y"}, "text": {"field": "t", "type": "nominal"}},
        },
    ]


def _legend(known: Sequence[Tried], *, start: float) -> Spec:
    """Verdicts that occur, each with its colour, over the plot."""
    present = [verdict for verdict in palette.VERDICTS if any(one.verdict == verdict for one in known)]
    values, x = [], start
    for verdict in present:
        number = sum(one.verdict == verdict for one in known)
        text = f"{verdict} ({number})"
        values.append({"x": x, "t": text, "c": palette.VERDICTS[verdict]})
        x += palette.text_width(text, bold=True) + 18
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "y": -17, "fontWeight": "bold"},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
            "text": {"field": "t", "type": "nominal"},
            "color": {"field": "c", "type": "nominal", "scale": None},
        },
    }
