"""The frame of a chart: sizes that come out exactly, axes in the indicator's unit, labels that don't overlap."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from wellfounded.core import Period, Unit
from wellfounded.publishing.charts import palette
from wellfounded.publishing.charts.chart import Spec

_SCALES = ((1e9, 1e9, "bn"), (1e6, 1e6, "m"), (1e4, 1e3, "k"))  # from which size, divided by what, written how


@dataclass(frozen=True)
class Box:
    """The drawing area: its size and the space around it, in pixels."""

    left: float
    right: float
    top: float
    bottom: float
    height: float
    total: int = field(default_factory=palette.width)

    def __post_init__(self) -> None:
        for side in ("left", "right", "top", "bottom", "height"):
            object.__setattr__(self, side, math.ceil(getattr(self, side)))

    @property
    def width(self) -> float:
        return self.total - self.left - self.right

    @property
    def total_height(self) -> int:
        return round(self.top + self.height + self.bottom)

    def spec(self, **content: Any) -> Spec:
        """A whole specification of exactly this size."""
        return {
            "$schema": palette.SCHEMA,
            "config": palette.CONFIG,
            "autosize": {"type": "none"},
            "padding": {"left": self.left, "right": self.right, "top": self.top, "bottom": self.bottom},
            "width": round(self.width, 2),
            "height": round(self.height, 2),
            **content,
        }


@dataclass(frozen=True)
class Scale:
    """A linear scale with round ticks, and how its labels are written."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def domain(self) -> list[float]:
        return [self.low, self.high]

    @property
    def label_width(self) -> float:
        return max((palette.text_width(text, palette.SMALL) for text in self.labels), default=0)

    def axis(self, **more: Any) -> Spec:
        """An axis whose labels are the scale's own."""
        ticks = list(self.ticks)
        return {
            "values": ticks,
            "labelExpr": f"({json.dumps(list(self.labels))})[indexof({json.dumps(ticks)}, datum.value)]",
            "title": None,
            "grid": True,
            "labelFlush": False,
            "labelBound": False,
            **more,
        }

    def pixel(self, value: float, length: float) -> float:
        """Where `value` falls along `length`."""
        return (value - self.low) / (self.high - self.low) * length if self.high > self.low else length / 2

    def value(self, pixel: float, length: float) -> float:
        return self.low + pixel / length * (self.high - self.low)


def scale_for(values: Sequence[float], unit: Unit, *, zero: bool = False, about: float = 0, pad: float = 0.0) -> Scale:
    """A scale that holds all `values`, with about as many round ticks as asked for."""
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        low, high = (low - 1, high + 1) if not zero else (min(low, 0.0), max(high, 1.0))
    room = (high - low) * pad
    low, high = (low - room if low < 0 or not zero else low), (high + room if high > 0 or not zero else high)
    step = _nice((high - low) / (about or palette.room(5, 2)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(_clean(index * step) for index in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, tick_labels(ticks, unit))


def tick_labels(ticks: Sequence[float], unit: Unit) -> tuple[str, ...]:
    """Ticks in the unit, with as few decimals as tell them apart."""
    largest = max((abs(tick) for tick in ticks), default=0)
    found = [(by, text) for size, by, text in _SCALES if largest >= size and not unit.suffix][:1]
    for divisor, suffix in [*found, (1.0, "")]:
        scaled = [tick / divisor for tick in ticks]
        decimals = next((d for d in range(9) if all(abs(round(v, d) - v) < 1e-9 * max(1, abs(v)) for v in scaled)), 9)
        zero = Unit(unit.prefix, unit.suffix, "", 0 if suffix else decimals).write(0.0)
        written = Unit(unit.prefix, suffix or unit.suffix, "", decimals)
        labels = tuple(written.write(value) if value else zero for value in scaled)
        if decimals <= 3:
            return labels
    return labels


def year_scale(positions: Sequence[float]) -> Scale:
    """A scale of years that holds all positions, with whole years as ticks."""
    low, high = min(positions), max(positions)
    if high - low < 1:
        low, high = low - 0.5, high + 0.5
    step = next((s for s in (1, 2, 5, 10, 20) if (high - low) / s <= palette.room(8, 3)), 25)
    ticks = tuple(float(y) for y in range(math.ceil(low / step) * step, math.floor(high) + 1, step))
    return Scale(low, high, ticks, tuple(f"{tick:.0f}" for tick in ticks))


def position(period: Period) -> float:
    """Where a period stands on an axis of years: a calendar year at its number, a longer span at its middle."""
    middle = (_in_years(period.start) + _in_years(period.end + timedelta(days=1))) / 2
    return round(middle - 0.5, 3) if period.days >= 360 else round(middle, 3)


def _in_years(day: date) -> float:
    first = date(day.year, 1, 1)
    return day.year + (day - first).days / (date(day.year + 1, 1, 1) - first).days


def apart(wanted: Sequence[float], *, least: float, low: float, high: float) -> list[float]:
    """Positions as near `wanted` as leaves `least` between neighbours, inside `low` and `high` where there's room."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[tuple[float, list[int]]] = []  # middle, members in order
    for index in order:
        groups.append((min(max(wanted[index], low), high), [index]))
        while len(groups) > 1:
            (middle_a, a), (middle_b, b) = groups[-2], groups[-1]
            if middle_b - (len(b) - 1) * least / 2 - (middle_a + (len(a) - 1) * least / 2) >= least:
                break
            joined = a + b
            offsets = [wanted[i] - position * least for position, i in enumerate(joined)]
            middle = sum(offsets) / len(offsets) + (len(joined) - 1) * least / 2
            half = (len(joined) - 1) * least / 2
            groups[-2:] = [(max(min(middle, high - half), low + half), joined)]
    placed = [0.0] * len(wanted)
    for middle, members in groups:
        for at, index in enumerate(members):
            placed[index] = middle + (at - (len(members) - 1) / 2) * least
    return placed


def _nice(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)


def _clean(value: float) -> float:
    return float(f"{value:.12g}") + 0.0
