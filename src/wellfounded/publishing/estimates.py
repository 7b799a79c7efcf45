"""What a test's estimate is and how it is written: a difference, a growth a year, a rank, a quotient, a share."""

from __future__ import annotations

from dataclasses import dataclass

from wellfounded.conclusions.amounts import Amount
from wellfounded.conclusions.types import Test
from wellfounded.core import Unit
from wellfounded.evidence.types import Indicator

PER_CENT = Unit(suffix="%", decimals=1)
POINTS = Unit(suffix=" points", decimals=1)
QUOTIENT = Unit(decimals=2)
RANK = Unit(decimals=0)
_OPTIONS = ("by_at_least", "within", "at_least", "at_most")
_LEVEL = ("higher", "lower", "similar")
_TREND = ("rising", "falling", "flat")
_PACE = ("faster", "slower", "converging", "diverging")
_DOWN = ("lower", "falling", "slower", "converging", "volatile", "diverse")


@dataclass(frozen=True)
class Written:
    """How an estimate is written: times `factor`, in `unit`, with `words` for what it is."""

    unit: Unit
    factor: float
    words: str
    signed: bool = True

    def text(self, value: float | None) -> str:
        """The estimate as people read it; empty for none."""
        return "" if value is None else self.unit.write(value * self.factor, signed=self.signed)

    def limits(self, lower: float | None, upper: float | None) -> str:
        if lower is None or upper is None:
            return ""
        return f"{self.text(lower)} to {self.text(upper)}"

    def scaled(self, value: float | None) -> float | None:
        return None if value is None else value * self.factor


def written(test: Test, indicator: Indicator) -> Written:
    """How the estimate of a test is written."""
    amount = margin(test)
    in_points = indicator.unit.suffix == "%"
    relative = amount.kind == "relative" if amount else not in_points
    own = (
        Written(POINTS, 1, "difference in percentage points") if in_points else Written(indicator.unit, 1, "difference")
    )
    match test.expect:
        case "ranks":
            return Written(RANK, 1, "rank, 1 is the highest", signed=False)
        case "specialised":
            return Written(QUOTIENT, 1, "location quotient", signed=False)
        case "share":
            if not test.than:
                return Written(PER_CENT, 100, "share", signed=False)
            if amount is not None and amount.kind == "points":
                return Written(POINTS, 100, "difference in percentage points")
            return Written(PER_CENT, 100, "relative difference of the shares")
        case "concentrated" | "diverse":
            return Written(PER_CENT, 100, "relative difference of the index")
        case "driven by":
            return Written(PER_CENT, 100, "what this part adds")
        case "resilient" | "volatile":
            return Written(POINTS, 100, "fall less than the comparator's, in percentage points")
        case "spread":
            if amount is not None and amount.kind == "points":
                return Written(POINTS, 1, "highest less lowest, in percentage points", signed=False)
            return Written(PER_CENT, 100, "highest over lowest, less one", signed=False)
    if test.expect in _TREND or test.expect in _PACE:
        what = "change a year" if test.expect in _TREND else "growth a year less the comparator's"
        if relative:
            return Written(PER_CENT, 100, what)
        unit = POINTS if in_points else indicator.unit
        return Written(Unit(unit.prefix, unit.suffix, unit.words, max(unit.decimals, 2)), 1, what)
    if relative:
        return Written(PER_CENT, 100, "relative difference")
    return own


def margin(test: Test) -> Amount | None:
    """The margin or threshold that a test states; None where it states none."""
    return next((found for name in _OPTIONS if isinstance(found := test.options.get(name), Amount)), None)


def threshold(test: Test) -> float | None:
    """Where the estimate, as written, meets what is expected; None where no single line decides."""
    if test.expect in ("similar", "flat", "ranks", "driven by") or (
        "at_least" in test.options and "at_most" in test.options
    ):
        return None
    stated = test.options.get("at_least", test.options.get("at_most"))
    if test.expect == "specialised" and isinstance(stated, int | float):
        return float(stated)
    amount = margin(test)
    if amount is None:
        return 0.0
    size = amount.value * (100 if amount.kind == "relative" else 1)
    return -size if test.expect in _DOWN or test.options.get("lower") else size
