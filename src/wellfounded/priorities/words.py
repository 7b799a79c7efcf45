"""Words for money, shares and ranges as priorities say them."""

from __future__ import annotations

import math

from wellfounded.priorities.types import Measure

PER = {Measure.GVA: " a year", Measure.PAY: " a resident a year", Measure.EXPOSURE: " a year"}
UNITS = {
    Measure.GVA: "£ million of GVA a year",
    Measure.PAY: "£ a resident a year",
    Measure.EXPOSURE: "£ million of GVA a year",
}


def millions(amount: float) -> str:
    """£ million as people say it: £1.2bn, £410m, £3.4m."""
    size, sign = abs(amount), "−" if round(amount, 1) < 0 else ""
    if size >= 999.5:
        return f"{sign}£{size / 1000:,.1f}bn"
    return f"{sign}£{size:,.0f}m" if round(size, 1) >= 10 else f"{sign}£{size:.1f}m".replace("£0.0m", "£0")


def pounds(amount: float) -> str:
    return f"{'−' if round(amount) < 0 else ''}£{abs(amount):,.0f}"


def money(amount: float, measure: Measure | str) -> str:
    """An amount in the unit of its measure, without "a year"."""
    return pounds(amount) if measure == Measure.PAY else millions(amount)


def interval(lower: float, upper: float, measure: Measure | str) -> str:
    """`£0.9bn to £1.5bn`; empty where either limit is unknown."""
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return ""
    return f"{money(lower, measure)} to {money(upper, measure)}"


def share(part: float) -> str:
    """A share of draws: whole per cent, and never 0% or 100% for what is neither."""
    whole = round(part * 100)
    if whole == 0 and part > 0:
        return "under 1%"
    if whole == 100 and part < 1:
        return "over 99%"
    return f"{whole}%"


def growth(fraction: float) -> str:
    return f"{'−' if round(fraction * 100, 1) < 0 else ''}{abs(fraction) * 100:.1f}% a year"


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: list[str] | tuple[str, ...]) -> str:
    """one, two and three"""
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""


def first(text: str) -> str:
    """The text with a capital."""
    return text[:1].upper() + text[1:]


def small(label: str) -> str:
    """A label as it is inside a sentence: GVA keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
