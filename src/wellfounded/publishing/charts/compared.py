"""Areas side by side: the place, its members and comparators with their intervals; and the spread of members."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from wellfounded.core import Period, Unit
from wellfounded.publishing.charts import palette
from wellfounded.publishing.charts.chart import (
    Chart,
    Line,
    Measure,
    Spec,
    Who,
    at_both_widths,
    cell,
    left_out,
    publishes_intervals,
    that_fit,
)
from wellfounded.publishing.charts.frame import Box, Scale, apart, scale_for
from wellfounded.publishing.model import ShownChart, ShownFigure
from wellfounded.publishing.words import against, capital, listed

Given = tuple[Who, ShownFigure]
_ROW = 30
_MOST_PERIODS = 6
_MOST_DRAWN, _MOST_NAMED = 16, 6  # areas in a comparison; members named above a spread


@at_both_widths
def comparison(chart_id: str, measure: Measure, given: Sequence[Given], *, title: str = "") -> Chart | None:
    """The chart of one period: dots with intervals where any is published, bars from zero otherwise.

    Areas stand in order of their values, highest first; those without a value come last, with the reason.
    """
    known = [(who, figure) for who, figure in given if figure.value is not None]
    if not known:
        return None
    words = title or comparison_title(measure, given)
    dots = publishes_intervals([figure for _, figure in known])
    ordered = sorted(known, key=lambda pair: -(pair[1].value or 0.0)) + [p for p in given if p[1].value is None]
    period = known[0][1].period
    note = "Bars across: 95% intervals, where published." if dots else ""
    drawn = that_fit(ordered, lambda pair: pair[0], words=words, most=_MOST_DRAWN)
    note = f"{note} {left_out(len(ordered) - len(drawn))}".strip()
    spec, height = _draw(drawn, measure, dots=dots)
    shown = ShownChart(
        id=chart_id,
        title=capital(words),
        subtitle=" ".join(part for part in (f"{measure.in_words}, {period}.", measure.note, note) if part),
        foot=measure.foot,
        alt=f"{'Dot' if dots else 'Bar'} chart: {words}. "
        + capital(listed([f"{who.name} {cell(figure)}" for who, figure in ordered]))
        + ".",
        columns=("Area", measure.in_words, "Lower limit", "Upper limit") if dots else ("Area", measure.in_words),
        rows=tuple(_row(who, figure, measure, dots) for who, figure in ordered),
        width=palette.width(),
        height=height,
        indicators=(measure.indicator,),
    )
    return Chart(shown, spec)


def comparison_title(measure: Measure, given: Sequence[Given]) -> str:
    """What the comparison shows: place against first comparator where both are known, the members otherwise."""
    place = next(((w, f) for w, f in given if w.role == "place" and f.value is not None), None)
    other = next(((w, f) for w, f in given if w.role == "comparator" and f.value is not None), None)
    members = [(w, f) for w, f in given if w.role == "member" and f.value is not None]
    if place and other and not measure.counts:
        words = against(place[1], other[1], one_name=place[0].name, other_name=other[0].name)
        return f"{measure.label}: {words}"
    if place:
        parts = listed([f"{f.text} in {w.name}" for w, f in sorted(members, key=lambda pair: -(pair[1].value or 0))])
        whole = f"{measure.label}: {place[1].text} in {place[0].name}"
        return f"{whole}, of which {parts}" if parts and measure.counts else whole
    shown = sorted(members or [pair for pair in given if pair[1].value is not None], key=lambda p: -(p[1].value or 0))
    return f"{measure.label}: {listed([f'{f.text} in {w.name}' for w, f in shown[:4]])}"


@at_both_widths
def spread(chart_id: str, measure: Measure, lines: Sequence[Line], *, title: str) -> Chart | None:
    """The gap between members in up to six periods, the latest on top; None where fewer than two members are known."""
    members = [line for line in lines if line.who.role == "member" and line.known]
    if len(members) < 2:
        return None
    common = sorted(set.intersection(*({period for period, _ in line.known} for line in members)), reverse=True)
    if not common:
        return None
    chosen = _spaced(common)
    by_period = {period: [(line.who, dict(line.known)[period]) for line in members] for period in chosen}
    values = [f.value for pairs in by_period.values() for _, f in pairs if f.value is not None]
    scale = scale_for(values, measure.unit, pad=0.05)
    left = max(palette.text_width(period.label) for period in chosen) + 16
    named = [(who, f.value or 0.0) for who, f in by_period[chosen[0]]]
    if len(named) > _MOST_NAMED:  # the highest and the lowest
        named = [function(named, key=lambda pair: pair[1]) for function in (max, min)]
    top = palette.room(44, 26 + 18 * len(named))
    box = Box(left=left, right=122, top=top, bottom=28, height=max(len(chosen), 2) * 36)
    step = box.height / len(chosen)
    dots: list[Spec] = []
    ranges: list[Spec] = []
    texts: list[Spec] = []
    for row, period in enumerate(chosen):
        y = step * (row + 0.5)
        pairs = by_period[period]
        low, high = min(f.value or 0 for _, f in pairs), max(f.value or 0 for _, f in pairs)
        ranges.append({"x": low, "x2": high, "y": y})
        texts.append({"y": y, "t": f"{_gap(high - low, measure.unit)} apart"})
        dots += [{"x": f.value, "y": y, "c": who.colour, "s": who.shape} for who, f in pairs]
    spec = box.spec(
        layer=[
            _across(ranges, scale, {"type": "rule", "color": palette.PALE, "strokeWidth": 5}, box, x2=True),
            _dots(dots, scale, box),
            _names_above(named, scale, box),
            *_texts_left(
                [(step * (row + 0.5), period.label, palette.INK, "normal") for row, period in enumerate(chosen)], box
            ),
            _texts_right([(item["y"], str(item["t"]), palette.QUIET) for item in texts], box),
        ]
    )
    columns = ("Period", *(line.who.label for line in members))
    rows = tuple((period.label, *(cell(f) for _, f in by_period[period])) for period in chosen)
    latest = by_period[chosen[0]]
    shown = ShownChart(
        id=chart_id,
        title=capital(title),
        subtitle=f"{measure.in_words}. {measure.note}".strip(),
        foot=measure.foot,
        alt=f"Dot chart: {title}. {chosen[0].label}: {listed([f'{w.name} {cell(f)}' for w, f in latest])}.",
        columns=columns,
        rows=rows,
        width=palette.width(),
        height=box.total_height,
        indicators=(measure.indicator,),
    )
    return Chart(shown, spec)


def _gap(size: float, unit: Unit) -> str:
    """A gap between two values: in points where they are per cent."""
    return f"{unit.write(size).removesuffix('%')} points" if unit.suffix == "%" else unit.write(size)


def _spaced(periods: Sequence[Period]) -> list[Period]:
    """At most six of the periods, the first and the last among them, evenly apart."""
    if len(periods) <= _MOST_PERIODS:
        return list(periods)
    last = len(periods) - 1
    return [periods[round(index * last / (_MOST_PERIODS - 1))] for index in range(_MOST_PERIODS)]


def _row(who: Who, figure: ShownFigure, measure: Measure, dots: bool) -> tuple[str, ...]:
    text = figure.text or figure.why_none or "not available"
    if not dots:
        return (who.label, text)
    limits = [measure.unit.write(limit) if limit is not None else "" for limit in (figure.lower, figure.upper)]
    return (who.label, text, *limits)


def _draw(ordered: Sequence[Given], measure: Measure, *, dots: bool) -> tuple[Spec, int]:
    values = [figure.value for _, figure in ordered if figure.value is not None]
    values += [limit for _, f in ordered for limit in (f.lower, f.upper) if f.value is not None and limit is not None]
    scale = scale_for(values, measure.unit, zero=not dots)
    left = max(palette.text_width(who.label, bold=True) for who, _ in ordered) + 14
    right = max(palette.text_width(f.text, bold=True) for _, f in ordered) + 16
    box = Box(left=min(left, palette.room(240, 126)), right=right, top=8, bottom=28, height=len(ordered) * _ROW)
    at = [(index + 0.5) * _ROW for index in range(len(ordered))]
    known = [(y, who, f) for y, (who, f) in zip(at, ordered, strict=True) if f.value is not None]
    layers: list[Spec] = []
    if dots:
        limits = [{"x": f.lower, "x2": f.upper, "y": y, "c": w.colour} for y, w, f in known if f.lower is not None]
        if limits:
            layers.append(
                _across(limits, scale, {"type": "rule", "strokeWidth": 3, "opacity": 0.45}, box, x2=True, colour=True)
            )
        layers.append(_dots([{"x": f.value, "y": y, "c": w.colour, "s": w.shape} for y, w, f in known], scale, box))
    else:
        bars = [
            {"x": 0, "x2": f.value, "y": y, "c": w.colour if w.role != "comparator" else palette.PALE}
            for y, w, f in known
        ]
        layers.append(
            _across(bars, scale, {"type": "rule", "strokeWidth": 19, "strokeCap": "butt"}, box, x2=True, colour=True)
        )
    names = [
        (
            y + (line - (len(lines) - 1) / 2) * 14,
            text,
            w.colour if w.role != "comparator" else palette.QUIET,
            "bold" if w.role == "place" else "normal",
        )
        for y, (w, _) in zip(at, ordered, strict=True)
        for lines in [palette.two_lines(w.label, palette.room(224, 112), bold=w.role == "place")]
        for line, text in enumerate(lines)
    ]
    layers += _texts_left(names, box)
    layers.append(_texts_right([(y, f.text, palette.INK) for y, _, f in known], box))
    missing = [
        (y, palette.fitted(f.why_none or "not available", box.width + box.right - 8))
        for y, (_, f) in zip(at, ordered, strict=True)
        if f.value is None
    ]
    if missing:
        layers.append(_text([{"y": y, "t": t} for y, t in missing], x=6, align="left", colour=palette.QUIET, box=box))
    return box.spec(layer=layers), box.total_height


def _x(scale: Scale, field: str = "x") -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": scale.domain, "nice": False, "zero": False},
        "axis": scale.axis(),
    }


def _y(box: Box) -> Spec:
    return {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [box.height, 0], "nice": False, "zero": False},
    }


def _across(rows: Sequence[Spec], scale: Scale, mark: Spec, box: Box, *, x2: bool, colour: bool = False) -> Spec:
    encoding: Spec = {"x": _x(scale), "y": _y(box)}
    if x2:
        encoding["x2"] = {"field": "x2"}
    if colour:
        encoding["color"] = {"field": "c", "type": "nominal", "scale": None}
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def _dots(rows: Sequence[Spec], scale: Scale, box: Box) -> Spec:
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "point", "filled": True, "opacity": 1, "size": 110},
        "encoding": {
            "x": _x(scale),
            "y": _y(box),
            "color": {"field": "c", "type": "nominal", "scale": None},
            "shape": {"field": "s", "type": "nominal", "scale": None},
        },
    }


def _text(rows: Sequence[Spec], *, x: float, align: str, colour: str, box: Box, weight: str = "normal") -> Spec:
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "text", "x": x, "align": align, "baseline": "middle", "color": colour, "fontWeight": weight},
        "encoding": {"y": _y(box), "text": {"field": "t", "type": "nominal"}},
    }


def _texts_left(texts: Sequence[tuple[float, str, str, str]], box: Box) -> list[Spec]:
    """Labels before the axis, each in its colour and weight."""
    return [
        {
            "data": {"values": [{"y": y, "t": t, "c": c, "w": w} for y, t, c, w in texts]},
            "mark": {
                "type": "text",
                "x": -12,
                "align": "right",
                "baseline": "middle",
                "fontWeight": {"expr": "datum.w"},
            },
            "encoding": {
                "y": _y(box),
                "text": {"field": "t", "type": "nominal"},
                "color": {"field": "c", "type": "nominal", "scale": None},
            },
        }
    ]


def _texts_right(texts: Sequence[tuple[float, str, str]], box: Box) -> Spec:
    rows = [{"y": y, "t": t} for y, t, _ in texts]
    return _text(rows, x=box.width + 10, align="left", colour=texts[0][2] if texts else palette.INK, box=box)


def _names_above(named: Sequence[tuple[Who, float]], scale: Scale, box: Box) -> Spec:
    """Names over the dots of the top row, moved aside where they would overlap."""
    wanted = [scale.pixel(value, box.width) for _, value in named]
    order = sorted(range(len(named)), key=lambda index: wanted[index])
    widths = [palette.text_width(named[index][0].label) for index in order]
    overlap = any(
        wanted[b] - wanted[a] < (palette.text_width(named[a][0].label) + palette.text_width(named[b][0].label)) / 2 + 8
        for a, b in pairwise(order)
    )
    rows = []
    levels = round(palette.room(2, len(named))) if overlap else 1
    if levels == 2:
        placed = apart(wanted, least=max(widths) * 0.62, low=0, high=box.width)
    else:
        half = [palette.text_width(who.label) / 2 for who, _ in named]
        edges = [(own - box.left, box.width + box.right - own) for own in half]
        placed = [min(max(at, low), high) for at, (low, high) in zip(wanted, edges, strict=True)]
    for level, index in enumerate(order):
        who = named[index][0]
        rows.append({"x": placed[index], "y": -8 - 18 * (level % levels), "t": who.label, "c": who.colour})
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "baseline": "bottom", "align": "center"},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
            "y": {"field": "y", "type": "quantitative", "scale": None, "axis": None},
            "text": {"field": "t", "type": "nominal"},
            "color": {"field": "c", "type": "nominal", "scale": None},
        },
    }
