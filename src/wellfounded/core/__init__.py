"""Pure values that every room shares: figures, intervals, units, periods, area codes."""

from wellfounded.core.area import AreaCode, NotAnAreaCode
from wellfounded.core.figure import Figure, Interval, NotAFigure, NoValue, Status, Unit
from wellfounded.core.period import NotAPeriod, Period

__all__ = [
    "AreaCode",
    "Figure",
    "Interval",
    "NoValue",
    "NotAFigure",
    "NotAPeriod",
    "NotAnAreaCode",
    "Period",
    "Status",
    "Unit",
]
