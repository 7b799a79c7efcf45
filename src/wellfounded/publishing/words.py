"""Words made from figures: comparisons that obey intervals, ordinals, lists, dates, names inside sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from wellfounded.core import Unit
from wellfounded.publishing.model import ShownFigure

Z95 = 1.959963984540054
ABOUT_THE_SAME = 0.01  # relative difference under which two figures without intervals are called about the same


class Comparison(StrEnum):
    """How one figure may be said to compare with another."""

    HIGHER = "higher"
    LOWER = "lower"
    SAME = "about the same"
    UNCLEAR = "cannot be told apart"


def compare(one: ShownFigure, other: ShownFigure) -> Comparison | None:
    """How `one` compares with `other`; None where either has no value.

    With intervals, higher and lower need a difference that its 95% interval keeps from zero. An interval that is
    missing on one side counts as nothing known to add. Without any, a difference under 1% is about the same.
    """
    if one.value is None or other.value is None:
        return None
    gap = one.value - other.value
    errors = [(f.upper - f.lower) / (2 * Z95) for f in (one, other) if f.lower is not None and f.upper is not None]
    if errors:
        if abs(gap) <= Z95 * math.hypot(*errors):
            return Comparison.UNCLEAR
    elif abs(gap) < ABOUT_THE_SAME * max(abs(one.value), abs(other.value)) or gap == 0 or one.text == other.text:
        return Comparison.SAME
    return Comparison.HIGHER if gap > 0 else Comparison.LOWER


def against(one: ShownFigure, other: ShownFigure, *, one_name: str, other_name: str) -> str:
    """The comparison of two figures as a phrase with both values; empty where either is missing."""
    found = compare(one, other)
    if found is None:
        return ""
    if found is Comparison.UNCLEAR:
        return f"{one_name} ({one.text}) cannot be told apart from {other_name} ({other.text})"
    if found is Comparison.SAME:
        return f"about the same in {one_name} ({one.text}) as in {other_name} ({other.text})"
    return f"{found.value} in {one_name} ({one.text}) than in {other_name} ({other.text})"


def change(first: ShownFigure, last: ShownFigure) -> str:
    """What became of a figure between two periods, as a phrase; empty where either is missing."""
    found = compare(last, first)
    if found is None:
        return ""
    span = f"from {first.text} in {first.period} to {last.text} in {last.period}"
    if found is Comparison.UNCLEAR:
        return f"no clear change {span}"
    if found is Comparison.SAME:
        return f"little changed, {span}"
    return f"{'up' if found is Comparison.HIGHER else 'down'} {span}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, ..."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


def place_in_order(rank: int, of: int) -> str:
    """`rank` among `of` as people say it, from the nearer end: highest, 3rd highest, 2nd lowest, lowest."""
    if rank == 1:
        return "highest"
    if rank == of:
        return "lowest"
    if rank * 2 <= of + 1:
        return f"{ordinal(rank)} highest"
    return f"{ordinal(of - rank + 1)} lowest"


def listed(parts: Sequence[str], *, last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    """`text` with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """`text` with a small first letter, unless it starts with an abbreviation or a name of one capital."""
    first = text.split(" ", 1)[0]
    keep = len(first) > 1 and any(letter.isupper() for letter in first[1:])
    proper = first in {"British", "Census", "English", "Internet", "Universal", "European", "A", "I"}
    return text if keep or proper else text[:1].lower() + text[1:]


def label(name: str) -> str:
    """A name as used inside a sentence, as a label: `the UK` is UK, `its statistical neighbours` loses `its`."""
    return capital(re.sub(r"^(the|its|their) ", "", name))


def day(when: date) -> str:
    """A date as 19 June 2025."""
    return f"{when.day} {when:%B} {when.year}"


def interval(unit: Unit, lower: float | None, upper: float | None) -> str:
    """Limits as people read them; empty where there are none."""
    if lower is None or upper is None:
        return ""
    return f"{unit.write(lower)} to {unit.write(upper)}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 member`, `3 members`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """`text` with a capital and a full stop."""
    text = capital(text.strip())
    return text if not text or text[-1] in ".!?" else text + "."


def short_reason(why: str) -> str:
    """Why there is no value, short enough for a cell; each indicator's own page or entry says it in full."""
    if "cannot be combined" in why:
        return "not combined"
    if "suppressed" in why:
        return "suppressed"
    if "withheld" in why:
        return "withheld"
    if ":" in why:
        return "incomplete"
    return re.split(r"[(,]| for ", why, maxsplit=1)[0].strip() or "not published"
