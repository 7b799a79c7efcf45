"""Where the place's members stand among all areas of their kind: the distribution, and a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wellfounded.publishing.charts import palette
from wellfounded.publishing.charts.chart import Chart, Measure, Spec, Who, left_out, that_fit
from wellfounded.publishing.charts.frame import Box, Scale, scale_for
from wellfounded.publishing.model import ShownChart, ShownFigure
from wellfounded.publishing.words import Z95, capital, count, listed, place_in_order

Floats = npt.NDArray[np.float64]
_BINS = 48
_BAND = 92
_ROW = 28
_MOST_DRAWN = 16  # areas with rows of their own
_FAR = 1.6  # the scale is cut where the highest value lies further out than this many widths of the middle 98%


@dataclass(frozen=True)
class Ranked:
    """All areas of a kind with their values, and limits (nan where none is published)."""

    codes: tuple[str, ...]
    values: Floats
    lower: Floats
    upper: Floats
    kind: str  # "local authorities", "English local authorities"

    def rank(self, code: str) -> int | None:
        """1 for the highest value; None where the area has none."""
        if code not in self.codes:
            return None
        value = self.values[self.codes.index(code)]
        return None if np.isnan(value) else int((self.values > value).sum()) + 1

    @property
    def of(self) -> int:
        return int(np.isfinite(self.values).sum())

    def clearly(self, code: str) -> tuple[int, int] | None:
        """How many areas are clearly above and clearly below an area; None where it has no interval.

        Differences are tested one by one at 95%; where the other area has no interval, only this one's counts.
        """
        if code not in self.codes:
            return None
        at = self.codes.index(code)
        errors = (self.upper - self.lower) / (2 * Z95)
        if np.isnan(errors[at]) or np.isnan(self.values[at]):
            return None
        reach = Z95 * np.hypot(np.nan_to_num(errors), errors[at])
        gap = self.values - self.values[at]
        return int((gap > reach).sum()), int((gap < -reach).sum())


def ranked(
    chart_id: str, measure: Measure, among: Ranked, given: Sequence[tuple[Who, ShownFigure]], *, title: str = ""
) -> Chart | None:
    """The distribution of an indicator over areas, with rows for the place, its members and comparators.

    None where fewer than ten areas are known.
    """
    known = [(who, figure) for who, figure in given if figure.value is not None]
    if among.of < 10 or not known:
        return None
    words = title or ranked_title(measure, among, known)
    if measure.counts:
        known = [pair for pair in known if pair[0].code in among.codes]
        if not known:
            return None
    highest_first = sorted(known, key=lambda pair: -(pair[1].value or 0.0))
    fitting = that_fit(highest_first, lambda pair: pair[0], words=words, most=_MOST_DRAWN)
    spec, height, beyond = _draw([pair for pair in known if pair in fitting], among, measure)
    period = known[0][1].period
    notes = [f"How {count(among.of, among.kind, among.kind)} are spread, {period}."]
    if beyond:
        notes.append(f"{count(beyond, 'area lies', 'areas lie')} beyond the scale and stand at its end.")
    notes.append(left_out(len(known) - len(fitting)))
    shown = ShownChart(
        id=chart_id,
        title=capital(words),
        subtitle=f"{measure.in_words}. {' '.join(note for note in (*notes, measure.note) if note)}",
        foot=measure.foot,
        alt=f"Distribution of {count(among.of, among.kind, among.kind)}: {words}. "
        + capital(listed([f"{who.name} {figure.text}" for who, figure in known]))
        + ".",
        columns=("Area", measure.in_words, f"Rank among {among.kind}, 1 is highest"),
        rows=tuple((who.label, figure.text, _rank_text(among, who)) for who, figure in known),
        width=palette.width(),
        height=height,
        indicators=(measure.indicator,),
    )
    return Chart(shown, spec)


def ranked_title(measure: Measure, among: Ranked, known: Sequence[tuple[Who, ShownFigure]]) -> str:
    """Ranks of the members in words; with intervals, how many areas each is clearly above and below."""
    said = []
    shown = [(who, figure) for who, figure in known if who.code in among.codes]
    for who, _ in sorted(shown, key=lambda pair: -(pair[1].value or 0.0))[:4]:
        rank = among.rank(who.code)
        if rank is None:
            continue
        clearly = among.clearly(who.code)
        if clearly is None:
            said.append(f"{who.name} {place_in_order(rank, among.of)}")
        else:
            above, below = clearly
            said.append(f"{who.name} clearly above {below} and below {above}")
    if not said:
        return f"{measure.label} across {among.kind}"
    return f"{measure.label}, of {among.of} {among.kind}: {listed(said)}"


def _rank_text(among: Ranked, who: Who) -> str:
    rank = among.rank(who.code)
    if rank is None:
        return ""
    clearly = among.clearly(who.code)
    text = f"{rank} of {among.of}"
    return f"{text} (clearly below {clearly[0]}, clearly above {clearly[1]})" if clearly else text


def _draw(known: Sequence[tuple[Who, ShownFigure]], among: Ranked, measure: Measure) -> tuple[Spec, int, int]:
    finite = among.values[np.isfinite(among.values)]
    own = [limit for _, f in known for limit in (f.value, f.lower, f.upper) if limit is not None]
    near_low, near_high = np.percentile(finite, [1, 99])
    room = (near_high - near_low) * (_FAR - 1) / 2
    low = float(finite.min()) if finite.min() >= near_low - room else float(near_low)
    high = float(finite.max()) if finite.max() <= near_high + room else float(near_high)
    scale = scale_for([low, high, *own], measure.unit, about=6)
    inside = np.clip(finite, scale.low, scale.high)
    beyond = int(((finite < scale.low) | (finite > scale.high)).sum())
    counts, edges = np.histogram(inside, bins=_BINS, range=(scale.low, scale.high))
    left = min(max(palette.text_width(who.label, bold=True) for who, _ in known) + 16, 230)
    right = max(palette.text_width(_side(among, who, f)) for who, f in known) + 14
    box = Box(left=left, right=min(right, 190), top=6, bottom=28, height=_BAND + 8 + len(known) * _ROW)
    rows = [(_BAND + 8 + (index + 0.5) * _ROW, who, figure) for index, (who, figure) in enumerate(known)]
    top = float(counts.max()) or 1.0
    bars = [
        {"x": float(a), "x2": float(b), "y": _BAND - float(n) / top * (_BAND - 4), "y2": _BAND}
        for n, a, b in zip(counts, edges[:-1], edges[1:], strict=True)
        if n
    ]
    layers: list[Spec] = [
        _layer(
            bars, {"type": "rect", "color": palette.PALE, "stroke": "white", "strokeWidth": 0.5}, scale, box, "x2", "y2"
        ),
        _layer(
            [{"x": f.value, "y": 0, "y2": y, "c": w.colour} for y, w, f in rows],
            {"type": "rule", "strokeWidth": 1, "opacity": 0.8},
            scale,
            box,
            "y2",
            colour=True,
        ),
    ]
    limits = [{"x": f.lower, "x2": f.upper, "y": y, "c": w.colour} for y, w, f in rows if f.lower is not None]
    if limits:
        layers.append(
            _layer(limits, {"type": "rule", "strokeWidth": 3, "opacity": 0.45}, scale, box, "x2", colour=True)
        )
    layers.append(
        _layer(
            [{"x": f.value, "y": y, "c": w.colour, "s": w.shape} for y, w, f in rows],
            {"type": "point", "filled": True, "opacity": 1, "size": 95},
            scale,
            box,
            colour=True,
            shape=True,
        )
    )
    layers.append(_names([(y, palette.fitted(w.label, 212, bold=True), w, "right", -12.0) for y, w, _ in rows], box))
    layers.append(_names([(y, _side(among, w, f), None, "left", box.width + 10) for y, w, f in rows], box))
    layers.append(_names([(_BAND - 8, label, None, "right", -12.0) for label in [str(among.of) + " areas"]], box))
    return box.spec(layer=layers), box.total_height, beyond


def _side(among: Ranked, who: Who, figure: ShownFigure) -> str:
    rank = among.rank(who.code)
    return f"{figure.text}, rank {rank}" if rank and among.clearly(who.code) is None else figure.text


def _layer(
    rows: Sequence[Spec], mark: Spec, scale: Scale, box: Box, *spans: str, colour: bool = False, shape: bool = False
) -> Spec:
    encoding: Spec = {
        "x": {
            "field": "x",
            "type": "quantitative",
            "axis": scale.axis(grid=False, ticks=True),
            "scale": {"domain": scale.domain, "nice": False, "zero": False, "clamp": True},
        },
        "y": {
            "field": "y",
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [box.height, 0], "nice": False, "zero": False},
        },
        **{span: {"field": span} for span in spans},
    }
    if colour:
        encoding["color"] = {"field": "c", "type": "nominal", "scale": None}
    if shape:
        encoding["shape"] = {"field": "s", "type": "nominal", "scale": None}
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def _names(texts: Sequence[tuple[float, str, Who | None, str, float]], box: Box) -> Spec:
    values = [
        {
            "y": y,
            "t": text,
            "c": palette.QUIET if who is None or who.role == "comparator" else who.colour,
            "w": "bold" if who is not None and who.role == "place" else "normal",
        }
        for y, text, who, _, _ in texts
    ]
    _, _, _, align, x = texts[0]
    return {
        "data": {"values": values},
        "mark": {
            "type": "text",
            "x": x,
            "align": align,
            "baseline": "middle",
            "fontWeight": {"expr": "datum.w"},
        },
        "encoding": {
            "y": {
                "field": "y",
                "type": "quantitative",
                "axis": None,
                "scale": {"domain": [box.height, 0], "nice": False, "zero": False},
            },
            "text": {"field": "t", "type": "nominal"},
            "color": {"field": "c", "type": "nominal", "scale": None},
        },
    }
