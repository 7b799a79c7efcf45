"""Figures: numbers that people will read, with all that makes them honest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from wellfounded.core.area import AreaCode
from wellfounded.core.period import Period


class NotAFigure(ValueError):
    """What was given cannot be a figure: a limit out of order, a number that is none, or neither value nor reason."""


class NoValue(StrEnum):
    """Why there is no value. Missing, suppressed and zero are three things."""

    MISSING = "missing"  # the publisher has no row for it
    UNAVAILABLE = "unavailable"  # GSS status x
    CONFIDENTIAL = "confidential"  # GSS status c: suppressed so that nobody can be identified
    UNRELIABLE = "unreliable"  # the publisher withholds it as too imprecise
    NOT_APPLICABLE = "not applicable"  # GSS status z
    NOT_ADDITIVE = "not additive"  # members' values cannot honestly be combined


class Status(StrEnum):
    """What a publisher says of a value it gives."""

    NORMAL = ""
    UNRELIABLE = "unreliable"  # GSS status u
    PROVISIONAL = "provisional"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class Interval:
    """The 95% limits of a value, as published or as carried through by a stated method."""

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lower) and math.isfinite(self.upper)):
            raise NotAFigure(f"limits must be finite numbers: {self.lower}, {self.upper}")
        if self.lower > self.upper:
            raise NotAFigure(f"the lower limit {self.lower} is above the upper limit {self.upper}")

    @property
    def width(self) -> float:
        return self.upper - self.lower


@dataclass(frozen=True)
class Unit:
    """How a value is written: `£` before, `%` after, `per hour` in words."""

    prefix: str = ""
    suffix: str = ""
    words: str = ""
    decimals: int = 0

    def write(self, value: float, *, signed: bool = False, words: bool = False) -> str:
        """`value` as people read it: rounded, with thousands separators and a true minus sign."""
        rounded = round(value, self.decimals) + 0.0  # no negative zero
        sign = "−" if rounded < 0 else ("+" if signed and rounded > 0 else "")
        number = f"{abs(rounded):,.{max(self.decimals, 0)}f}"
        text = f"{sign}{self.prefix}{number}{self.suffix}"
        return f"{text} {self.words}" if words and self.words else text


@dataclass(frozen=True)
class Figure:
    """One value of an indicator, or the reason that there is none, with its interval, status and release."""

    indicator: str
    area: AreaCode
    period: Period
    value: float | NoValue
    interval: Interval | None = None
    status: Status = Status.NORMAL
    release: str = ""
    category: str = ""
    rule: str = ""  # how it was combined from members; empty where it was published

    def __post_init__(self) -> None:
        if isinstance(self.value, NoValue):
            if self.interval is not None:
                raise NotAFigure("a figure without a value has no interval")
        elif not math.isfinite(self.value):
            raise NotAFigure(f"a value must be a finite number or a reason for none, not {self.value}")

    @property
    def has_value(self) -> bool:
        return not isinstance(self.value, NoValue)
