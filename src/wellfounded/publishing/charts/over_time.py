"""Lines over time: an indicator for the place, its members and comparators; and the path through a shock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wellfounded.core import Period, Unit
from wellfounded.publishing.charts import palette
from wellfounded.publishing.charts.chart import (
    Chart,
    Line,
    Measure,
    Spec,
    at_both_widths,
    cell,
    left_out,
    publishes_intervals,
    that_fit,
)
from wellfounded.publishing.charts.frame import Box, Scale, apart, position, scale_for, year_scale
from wellfounded.publishing.model import ShownChart, ShownFigure
from wellfounded.publishing.words import capital, change, listed

INDEX = Unit(decimals=0)
_HEIGHT = 290
_MOST_LINES, _MOST_ON_TWO = 15, 9  # lines that are drawn; names in a narrow chart that may take two lines each
_WITH_INTERVALS = "Shading and upright bars: 95% intervals of the place and its members."


@at_both_widths
def trend(chart_id: str, measure: Measure, lines: Sequence[Line], *, title: str = "") -> Chart | None:
    """The chart of an indicator over time; None where no area has two periods.

    Totals that grow with the size of an area are drawn as an index, 100 in the first period that all share.
    """
    drawn = [line for line in lines if len(line.known) >= 2]
    if not drawn:
        return None
    words = title or trend_title(measure, drawn)
    note = measure.note
    if measure.counts and len(drawn) > 1:
        base, drawn = _indexed(drawn)
        if not drawn:
            return None
        note = f"{note} Index: {base} = 100.".strip()
        what = measure.label
    else:
        what = measure.in_words
        if publishes_intervals(
            [figure for line in drawn for _, figure in line.points if line.who.role != "comparator"]
        ):
            note = f"{note} {_WITH_INTERVALS}".strip()
    first = min(period for line in drawn for period, _ in line.known)
    last = max(period for line in drawn for period, _ in line.known)
    subtitle = f"{what}, {first.label} to {last.label}" if first != last else f"{what}, {last.label}"
    unit = INDEX if measure.counts and len(drawn) > 1 else measure.unit
    fitting = _fitting(drawn, words)
    note = f"{note} {left_out(len(drawn) - len(fitting))}".strip()
    spec, height = _draw(fitting, unit)
    columns, rows = _table(lines)
    shown = ShownChart(
        id=chart_id,
        title=capital(words),
        subtitle=f"{subtitle}. {note}".strip() if note else f"{subtitle}.",
        foot=measure.foot,
        alt=f"Line chart: {words}. {_last_values(drawn)}",
        columns=columns,
        rows=rows,
        width=palette.width(),
        height=height,
        indicators=(measure.indicator,),
    )
    return Chart(shown, spec)


def trend_title(measure: Measure, lines: Sequence[Line]) -> str:
    """What became of the indicator, in the place where it is known there and in its members otherwise."""
    place = next((line for line in lines if line.who.role == "place"), None)
    if place is None:
        members = [line for line in lines if line.who.role == "member"] or list(lines[:1])
        said = [f"{line.who.name} {change(line.known[0][1], line.known[-1][1])}" for line in members[:3]]
        return f"{measure.label}: {listed(said)}"
    if measure.counts:
        return f"{measure.label} in {place.who.name}: {_growth(lines)}"
    return f"{measure.label} in {place.who.name}: {change(place.known[0][1], place.known[-1][1])}"


@at_both_widths
def shock(
    chart_id: str,
    measure: Measure,
    lines: Sequence[Line],
    *,
    before: Period,
    name: str,
    title: str,
) -> Chart | None:
    """The path through a shock: each area as an index, 100 in the period before it."""
    base, drawn = _indexed([line for line in lines if len(line.known) >= 2], at=before)
    if not drawn:
        return None
    fitting = _fitting(drawn, title)
    more = left_out(len(drawn) - len(fitting))
    spec, height = _draw(fitting, INDEX, baseline=100.0)
    columns, rows = _table(drawn)
    shown = ShownChart(
        id=chart_id,
        title=capital(title),
        subtitle=f"{measure.label}. Index: {base} = 100, the year before {name}. {more}".strip(),
        foot=measure.foot,
        alt=f"Line chart: {title}. {_last_values(drawn)}",
        columns=columns,
        rows=rows,
        width=palette.width(),
        height=height,
        indicators=(measure.indicator,),
    )
    return Chart(shown, spec)


def _fitting(lines: Sequence[Line], words: str) -> list[Line]:
    """The lines whose names have room at their ends."""
    highest_first = sorted(lines, key=lambda line: -(line.known[-1][1].value or 0.0))
    fitting = that_fit(highest_first, lambda line: line.who, words=words, most=_MOST_LINES)
    return [line for line in lines if line in fitting]


def _indexed(lines: Sequence[Line], *, at: Period | None = None) -> tuple[str, list[Line]]:
    """The lines as an index of the first period that most of them share (or of `at`), and that period's label.

    Lines without a value then are left out.
    """
    held: dict[Period, int] = {}
    for line in lines:
        for period, figure in line.known:
            if figure.value and (at is None or period == at):
                held[period] = held.get(period, 0) + 1
    if not held:
        return "", []
    base = min(period for period, number in held.items() if number == max(held.values()))
    lines = [line for line in lines if any(period == base and figure.value for period, figure in line.known)]
    result = []
    for line in lines:
        bottom = next(figure.value for period, figure in line.known if period == base)
        assert bottom
        points = []
        for period, figure in line.known:
            if period < base and at is None:
                continue
            assert figure.value is not None
            value = figure.value / bottom * 100
            points.append((period, replace_figure(figure, value, INDEX.write(value))))
        result.append(Line(line.who, tuple(points)))
    return base.label, result


def replace_figure(figure: ShownFigure, value: float, text: str) -> ShownFigure:
    """A figure turned into an index number: same area, period and release, no interval."""
    return ShownFigure(
        indicator=figure.indicator,
        area=figure.area,
        area_name=figure.area_name,
        period=figure.period,
        text=text,
        value=value,
        release=figure.release,
        category=figure.category,
    )


def _growth(lines: Sequence[Line]) -> str:
    """Growth of the place and of its first comparator over the years that they share."""
    _, indexed = _indexed(lines)
    if not indexed:
        place = next(line for line in lines if line.who.role == "place")
        return change(place.known[0][1], place.known[-1][1])
    place = next(line for line in indexed if line.who.role == "place")
    other = next((line for line in indexed if line.who.role == "comparator"), None)
    said = f"{_moved(place)} from {place.points[0][1].period} to {place.points[-1][1].period}"
    return f"{said} ({other.who.name}: {_moved(other)})" if other else said


def _moved(line: Line) -> str:
    value = line.points[-1][1].value
    assert value is not None
    if abs(value - 100) < 0.5:
        return "little changed"
    return f"{'up' if value > 100 else 'down'} {abs(value - 100):.0f}%"


def _draw(lines: Sequence[Line], unit: Unit, *, baseline: float | None = None) -> tuple[Spec, int]:
    limits = [line for line in lines if line.who.role != "comparator"]
    values = [figure.value for line in lines for _, figure in line.known if figure.value is not None]
    values += [f.lower for line in limits for _, f in line.known if f.lower is not None]
    values += [f.upper for line in limits for _, f in line.known if f.upper is not None]
    scale = scale_for(values, unit, about=5)
    x = year_scale([position(period) for line in lines for period, _ in line.known])
    named = [text for line in lines for text in _end(line, two=len(lines) <= _MOST_ON_TWO)]
    right = min(max(palette.text_width(text, palette.NORMAL, bold=True) for text in named) + 18, palette.room(280, 142))
    box = Box(left=scale.label_width + 12, right=right, top=14, bottom=28, height=_HEIGHT)
    ordered = sorted(lines, key=lambda line: {"comparator": 0, "member": 1, "place": 2}[line.who.role])
    layers: list[Spec] = []
    if baseline is not None:
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "color": palette.QUIET},
                "encoding": {"y": {"datum": baseline}},
            }
        )
    layers += _intervals(limits)
    layers.append(_strokes(ordered))
    layers.append(_ends(ordered))
    layers.append(_labels(ordered, scale, box))
    spec = box.spec(
        layer=[_placed(layer, x, scale) for layer in layers],
        resolve={"scale": {"color": "independent"}},
    )
    return spec, box.total_height


def _placed(layer: Spec, x: Scale, y: Scale) -> Spec:
    """The layer on the chart's scales and axes."""
    encoding = dict(layer["encoding"])
    if "x" in encoding and "field" in encoding["x"]:
        encoding["x"] = {
            **encoding["x"],
            "type": "quantitative",
            "scale": {"domain": x.domain, "nice": False, "zero": False},
            "axis": x.axis(grid=False, ticks=True),
        }
    if "y" in encoding:
        encoding["y"] = {
            **encoding["y"],
            "type": "quantitative",
            "scale": {"domain": y.domain, "nice": False, "zero": False},
            "axis": y.axis(),
        }
    return {**layer, "encoding": encoding}


def _strokes(lines: Sequence[Line]) -> Spec:
    """All lines in one layer, the place on top; a missing value breaks its line."""
    values = [
        {
            "x": position(period),
            "y": figure.value,
            "n": at,
            "c": line.who.colour,
            "d": list(line.who.dash) or [1, 0],
            "w": {"place": 3.5, "member": 2, "comparator": 1.6}[line.who.role],
        }
        for at, line in enumerate(lines)
        for period, figure in line.points
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "line", "invalid": "break-paths-show-path-domains"},
        "encoding": {
            "x": {"field": "x"},
            "y": {"field": "y"},
            "detail": {"field": "n", "type": "ordinal"},
            "color": {"field": "c", "type": "nominal", "scale": None},
            "strokeDash": {"field": "d", "type": "nominal", "scale": None},
            "strokeWidth": {"field": "w", "type": "quantitative", "scale": None},
        },
    }


def _intervals(lines: Sequence[Line]) -> list[Spec]:
    """A band for the place, upright bars for members; nothing where no limits are published."""
    bands: dict[str, list[dict[str, Any]]] = {"place": [], "member": []}
    for line in lines:
        bands[line.who.role] += [
            {"x": position(period), "y": figure.lower, "y2": figure.upper, "c": line.who.colour}
            for period, figure in line.known
            if figure.lower is not None
        ]
    marks: dict[str, Spec] = {
        "place": {"type": "area", "opacity": 0.15},
        "member": {"type": "rule", "opacity": 0.35, "strokeWidth": 1.5},
    }
    encoding: Spec = {
        "x": {"field": "x"},
        "y": {"field": "y"},
        "y2": {"field": "y2"},
        "color": {"field": "c", "type": "nominal", "scale": None},
    }
    return [
        {"data": {"values": rows}, "mark": marks[role], "encoding": encoding} for role, rows in bands.items() if rows
    ]


def _ends(lines: Sequence[Line]) -> Spec:
    values = []
    for line in lines:
        period, figure = line.known[-1]
        values.append({"x": position(period), "y": figure.value, "c": line.who.colour, "s": line.who.shape})
    return {
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "opacity": 1, "size": 55},
        "encoding": {
            "x": {"field": "x"},
            "y": {"field": "y"},
            "color": {"field": "c", "type": "nominal", "scale": None},
            "shape": {"field": "s", "type": "nominal", "scale": None},
        },
    }


def _labels(lines: Sequence[Line], scale: Scale, box: Box) -> Spec:
    wanted = [box.height - scale.pixel(line.known[-1][1].value or 0.0, box.height) for line in lines]
    words = [_end(line, two=len(lines) <= _MOST_ON_TWO) for line in lines]
    placed = apart(wanted, least=18 if all(len(each) == 1 for each in words) else 32, low=4, high=box.height - 4)
    values = [
        {
            "y": scale.value(box.height - at, box.height),
            "t": each,
            "c": line.who.colour if line.who.role != "comparator" else palette.QUIET,
            "w": "bold" if line.who.role == "place" else "normal",
        }
        for line, each, at in zip(lines, words, placed, strict=True)
    ]
    return {
        "data": {"values": values},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "x": box.width + 9,
            "fontSize": palette.NORMAL,
            "fontWeight": {"expr": "datum.w"},
        },
        "encoding": {
            "y": {"field": "y"},
            "text": {"field": "t", "type": "nominal"},
            "color": {"field": "c", "type": "nominal", "scale": None},
        },
    }


def _end(line: Line, *, two: bool) -> list[str]:
    """What stands at the end of a line: whose it is and its last value; in a narrow chart whose alone, on `two`."""
    text = line.known[-1][1].text
    if palette.width() == palette.NARROW:
        bold = line.who.role == "place"
        return palette.two_lines(line.who.label, 132, bold=bold) if two else [palette.fitted(line.who.label, 132)]
    return [f"{palette.fitted(line.who.label, 256 - palette.text_width(text), bold=True)} {text}"]


def _table(lines: Sequence[Line]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The table behind: periods down, latest first, areas across."""
    periods = sorted({period for line in lines for period, _ in line.points}, reverse=True)
    by_line = [dict(line.points) for line in lines]
    rows = tuple(
        (period.label, *(cell(found[period]) if period in found else "not published" for found in by_line))
        for period in periods
    )
    return ("Period", *(line.who.label for line in lines)), rows


def _last_values(lines: Sequence[Line]) -> str:
    return (
        capital(listed([f"{line.who.name} {line.known[-1][1].text} in {line.known[-1][1].period}" for line in lines]))
        + "."
    )
