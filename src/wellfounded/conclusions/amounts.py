"""Margins, thresholds and windows as an analyst writes them: `2%`, `2 points`, `0.5% a year`, `10 years`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

_AMOUNT = re.compile(
    r"^\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|points?|percentage points?)?\s*(?P<yearly>(?:a|per) year)?\s*$"
)
_WRITTEN: dict[str, tuple[tuple[str, ...], bool, str]] = {  # by kind: what it may be, whether a year, as examples
    "amount": (("relative", "points", "unit"), False, '"2%", "2 points" or a number'),
    "yearly amount": (("relative", "points", "unit"), True, '"0.5% a year" or "0.5 points a year"'),
    "percentage": (("relative",), False, '"40%"'),
    "percentage or points": (("relative", "points"), False, '"5%" or "2 points"'),
    "points": (("points",), False, '"2 points"'),
    "number": (("unit",), False, "a number, as 1.25"),
}


class NotAnAmount(ValueError):
    """The text is no margin, threshold or window."""


@dataclass(frozen=True)
class Amount:
    """A margin or threshold: relative (a share of the comparator), in points, or in the indicator's own unit."""

    value: float  # 0.02 for 2%; 2 for 2 points; as written otherwise
    kind: Literal["relative", "points", "unit"]
    yearly: bool = False

    def __str__(self) -> str:
        number = f"{self.value * 100:g}%" if self.kind == "relative" else f"{self.value:g}"
        words = f" percentage point{'' if self.value == 1 else 's'}" if self.kind == "points" else ""
        return f"{number}{words}{' a year' if self.yearly else ''}"


def amount_kinds() -> tuple[str, ...]:
    """The kinds of amount that an option may take."""
    return tuple(_WRITTEN)


def parse_amount(given: object, *, kind: str = "") -> Amount:
    """The amount that a TOML value writes, of one of the `amount_kinds` where one is asked for. Raises NotAnAmount."""
    found = _parse(given)
    if not kind:
        return found
    allowed, yearly, example = _WRITTEN[kind]
    if found.kind not in allowed:
        raise NotAnAmount(f"{given!r} is not what is meant here: expected {example}")
    if found.yearly and not yearly:
        raise NotAnAmount(f"{given!r} is a change a year: expected {example}")
    if yearly and not found.yearly:
        raise NotAnAmount(f"{given!r} does not say that it is a change a year: expected {example}")
    return found


def _parse(given: object) -> Amount:
    if isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given) and given >= 0:
        return Amount(float(given), "unit")
    match = _AMOUNT.match(given) if isinstance(given, str) else None
    if match is None:
        raise NotAnAmount(
            f'{given!r} is not an amount: expected "2%", "2 points", "0.5% a year" or a number of zero or more'
        )
    number, yearly = float(match["number"]), bool(match["yearly"])
    if match["unit"] == "%":
        return Amount(number / 100, "relative", yearly)
    return Amount(number, "points" if match["unit"] else "unit", yearly)


@dataclass(frozen=True)
class Window:
    """The years that a trend looks at: the last `years`, or from `first` to `last`, or all."""

    years: int | None = None
    first: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        if self.first is not None:
            return f"{self.first} to {self.last}"
        if self.years is None:
            return "all years"
        return "the last year" if self.years == 1 else f"the last {self.years} years"


def parse_window(given: object) -> Window:
    """The window that a TOML value writes: `10 years`, `2009..2019`, `all`. Raises NotAnAmount."""
    if given == "all":
        return Window()
    if isinstance(given, str):
        if match := re.fullmatch(r"\s*(\d+)\s*years?\s*", given):
            if int(match[1]) < 1:
                raise NotAnAmount("a window needs at least one year")
            return Window(years=int(match[1]))
        if match := re.fullmatch(r"\s*(\d{4})\s*\.\.\s*(\d{4})\s*", given):
            first, last = int(match[1]), int(match[2])
            if last > first:
                return Window(first=first, last=last)
    raise NotAnAmount(f'{given!r} is not a window: expected "10 years", "2009..2019" or "all"')
