"""Parts of a whole: what a gap is made of, what an economy is made of, and what it has more of than elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wellfounded.core import Unit
from wellfounded.publishing.charts import palette
from wellfounded.publishing.charts.chart import Chart, Measure, Spec, at_both_widths
from wellfounded.publishing.charts.frame import Box, scale_for
from wellfounded.publishing.model import ShownChart
from wellfounded.publishing.words import capital, listed

_ROW = 30
_LINE = 14
_MOST = 16
PER_CENT = Unit(suffix="%", decimals=1)
QUOTIENT = Unit(decimals=2)


@dataclass(frozen=True)
class Part:
    """A part with its value; `other` is the comparator's, `lower` and `upper` its interval where there is one."""

    label: str
    value: float
    other: float | None = None
    lower: float | None = None
    upper: float | None = None
    total: bool = False  # stands for the whole, not for a part of it
    marked: bool = False  # what the chart is about


@at_both_widths
def decomposition(
    chart_id: str, measure: Measure, parts: Sequence[Part], *, unit: Unit, title: str, subtitle: str = ""
) -> Chart | None:
    """What a difference or a growth is made of: each part as a bar from zero, the whole last, in the order given."""
    if not parts:
        return None
    shown_parts = _fewest(parts)
    rows = [(part, unit.write(part.value, signed=True)) for part in shown_parts]
    spec, height = _bars(rows, unit, origin=0.0, coloured=True)
    largest = sorted((part for part in parts if not part.total), key=lambda part: -abs(part.value))[:3]
    said = listed([f"{part.label} {unit.write(part.value, signed=True)}" for part in largest])
    return Chart(
        ShownChart(
            id=chart_id,
            title=capital(title),
            subtitle=subtitle or f"{measure.in_words}. {measure.note}".strip(),
            foot=measure.foot,
            alt=f"Bar chart: {title}. Largest parts: {said}.",
            columns=("Part", "Contribution"),
            rows=tuple((part.label, unit.write(part.value, signed=True)) for part in parts),
            width=palette.width(),
            height=height,
            indicators=(measure.indicator,),
        ),
        spec,
    )


@at_both_widths
def quotients(chart_id: str, measure: Measure, parts: Sequence[Part], *, than: str, title: str) -> Chart | None:
    """Location quotients: how many times the share of each part is what it is in the comparator, 1 being the same."""
    if not parts:
        return None
    ordered = sorted(parts, key=lambda part: -part.value)
    cut = ordered if len(ordered) <= _MOST else ordered[: _MOST - 4] + ordered[-4:]
    spec, height = _bars([(part, QUOTIENT.write(part.value)) for part in cut], QUOTIENT, origin=1.0, coloured=True)
    most = listed([f"{part.label} {QUOTIENT.write(part.value)}" for part in ordered[:3]])
    return Chart(
        ShownChart(
            id=chart_id,
            title=capital(title),
            subtitle=f"Location quotient of {measure.phrase}: the share here over that in {than}; 1 is the same. "
            f"{measure.note}".strip(),
            foot=measure.foot,
            alt=f"Bar chart of location quotients against {than}: {title}. Highest: {most}.",
            columns=("Part", f"Location quotient against {than}"),
            rows=tuple((part.label, QUOTIENT.write(part.value)) for part in ordered),
            width=palette.width(),
            height=height,
            indicators=(measure.indicator,),
        ),
        spec,
    )


@at_both_widths
def shares(
    chart_id: str,
    measure: Measure,
    parts: Sequence[Part],
    *,
    place: str,
    than: str = "",
    title: str,
    colour: str = palette.PLACE,
) -> Chart | None:
    """What a whole is made of, in per cent: a bar for the place and an upright mark for the comparator."""
    if not parts:
        return None
    ordered = sorted(parts, key=lambda part: -part.value)
    cut = ordered[:_MOST]
    spec, height = _bars([(part, PER_CENT.write(part.value)) for part in cut], PER_CENT, origin=0.0, colour=colour)
    others = any(part.other is not None for part in parts)
    key = f" Upright marks: {than}." if others and than else ""
    most = listed(
        [
            f"{part.label} {PER_CENT.write(part.value)}"
            + (f" ({PER_CENT.write(part.other)} in {than})" if part.other is not None else "")
            for part in ordered[:4]
        ]
    )
    head = ("Part", capital(place), capital(than)) if others else ("Part", capital(place))
    return Chart(
        ShownChart(
            id=chart_id,
            title=capital(title),
            subtitle=f"Share of {measure.phrase}, per cent.{key} {measure.note}".strip(),
            foot=measure.foot,
            alt=f"Bar chart: {title}. Largest: {most}.",
            columns=head,
            rows=tuple(
                (part.label, PER_CENT.write(part.value))
                + (("" if part.other is None else PER_CENT.write(part.other),) if others else ())
                for part in ordered
            ),
            width=palette.width(),
            height=height,
            indicators=(measure.indicator,),
        ),
        spec,
    )


def _fewest(parts: Sequence[Part]) -> list[Part]:
    """The parts as given, or where there are too many the largest of them and the rest as one."""
    pieces = [part for part in parts if not part.total]
    wholes = [part for part in parts if part.total]
    if len(pieces) <= _MOST:
        return [*pieces, *wholes]
    largest = sorted(pieces, key=lambda part: -abs(part.value))[: _MOST - 1]
    kept = [part for part in pieces if part in largest]
    rest = sum(part.value for part in pieces if part not in largest)
    return [*kept, Part(f"{len(pieces) - len(kept)} smaller parts together", rest), *wholes]


def _bars(
    rows: Sequence[tuple[Part, str]], unit: Unit, *, origin: float, coloured: bool = False, colour: str = palette.PLACE
) -> tuple[Spec, int]:
    values = [
        limit for part, _ in rows for limit in (part.value, part.other, part.lower, part.upper) if limit is not None
    ]
    scale = scale_for([*values, origin], unit, zero=origin == 0.0)
    labels = [palette.two_lines(part.label, palette.room(236, 146)) for part, _ in rows]
    left = 16 + max(
        palette.text_width(text, bold=part.total or part.marked)
        for (part, _), lines in zip(rows, labels, strict=True)
        for text in lines
    )
    right = max(palette.text_width(text, bold=True) for _, text in rows) + 16
    box = Box(left=left, right=right, top=8, bottom=28, height=len(rows) * _ROW)
    y = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [box.height, 0], "nice": False, "zero": False},
    }
    x = {
        "field": "x",
        "type": "quantitative",
        "axis": scale.axis(),
        "scale": {"domain": scale.domain, "nice": False, "zero": False},
    }
    data = [
        {
            "y": (index + 0.5) * _ROW,
            "x": origin,
            "x2": part.value,
            "o": part.other,
            "lo": part.lower,
            "hi": part.upper,
            "c": palette.INK
            if part.total
            else (palette.ABOVE if part.value >= origin else palette.BELOW)
            if coloured
            else colour,
            "t": text,
            "w": "bold" if part.total or part.marked else "normal",
        }
        for index, (part, text) in enumerate(rows)
    ]
    names = [
        {
            "y": (index + 0.5) * _ROW + (at - (len(lines) - 1) / 2) * _LINE,
            "l": line,
            "w": "bold" if part.total or part.marked else "normal",
        }
        for index, ((part, _), lines) in enumerate(zip(rows, labels, strict=True))
        for at, line in enumerate(lines)
    ]
    paint = {"field": "c", "type": "nominal", "scale": None}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 16, "strokeCap": "butt"},
            "encoding": {"x": x, "x2": {"field": "x2"}, "y": y, "color": paint},
        },
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": palette.INK},
            "encoding": {"x": {"datum": origin, "type": "quantitative"}},
        },
        {
            "data": {"values": names},
            "mark": {
                "type": "text",
                "x": -10,
                "align": "right",
                "baseline": "middle",
                "fontWeight": {"expr": "datum.w"},
            },
            "encoding": {"y": y, "text": {"field": "l", "type": "nominal"}},
        },
        {
            "mark": {
                "type": "text",
                "x": box.width + 10,
                "align": "left",
                "baseline": "middle",
                "fontWeight": {"expr": "datum.w"},
            },
            "encoding": {"y": y, "text": {"field": "t", "type": "nominal"}},
        },
    ]
    if any(part.lower is not None for part, _ in rows):
        layers.insert(
            1,
            {
                "mark": {"type": "rule", "color": palette.INK, "strokeWidth": 1.5},
                "encoding": {"x": {**x, "field": "lo"}, "x2": {"field": "hi"}, "y": y},
            },
        )
    if any(part.other is not None for part, _ in rows):
        layers.append(
            {
                "mark": {"type": "tick", "orient": "vertical", "color": palette.INK, "thickness": 3, "size": 22},
                "encoding": {"x": {**x, "field": "o"}, "y": y},
            }
        )
    return box.spec(data={"values": data}, layer=layers), box.total_height
