"""Made-up areas and series for charts: a place of three members with comparators."""

from __future__ import annotations

from collections.abc import Sequence

from wellfounded.core import Period, Unit
from wellfounded.publishing.charts import Line, Measure, Who, who_is
from wellfounded.publishing.model import ShownFigure
from wellfounded.publishing.words import interval

PLACE = "place:here"
POUNDS = Unit(prefix="£", words="an hour", decimals=2)
PER_CENT = Unit(suffix="%", words="of adults", decimals=1)
COUNT = Unit()

PEOPLE = who_is(
    place=(PLACE, "Northshire and Southby"),
    members=[
        ("E06000001", "Northshire"),
        ("E06000002", "Southby"),
        ("E06000003", "Very Long Name of a District and Town"),
    ],
    comparators=[("comparator:uk", "the UK"), ("comparator:neighbours", "its statistical neighbours")],
)
RATE = Measure("rate", "Employment rate", PER_CENT, "Source: A publisher, A survey, released 1 May 2025.")
PAY = Measure(
    "pay", "Output per hour", POUNDS, "Source: A publisher, Accounts, released 1 May 2025. No interval is published."
)
JOBS = Measure("jobs", "Jobs", COUNT, "Source: A publisher, A count, released 1 May 2025.", counts=True)
YEARS = tuple(range(2015, 2025))


def figure(who: Who, measure: Measure, year: int, value: float | None, half: float = 0.0) -> ShownFigure:
    """A figure with an interval of `half` on either side; without a value, the reason for none."""
    unit = measure.unit
    limits = (value - half, value + half) if value is not None and half else (None, None)
    return ShownFigure(
        indicator=measure.indicator,
        area=who.code,
        area_name=who.label,
        period=str(year),
        text="" if value is None else unit.write(value),
        value=value,
        interval=interval(unit, *limits),
        lower=limits[0],
        upper=limits[1],
        why_none="suppressed" if value is None else "",
        release="a-release@2025-05-01",
    )


def line(
    code: str, measure: Measure, values: Sequence[float | None], *, half: float = 0.0, years: Sequence[int] = YEARS
) -> Line:
    """A series of yearly values."""
    who = PEOPLE[code]
    points = zip(years, values, strict=False)
    return Line(who, tuple((Period.year(year), figure(who, measure, year, value, half)) for year, value in points))


def lines(measure: Measure, *, base: float, step: float = 0.0, half: float = 0.0) -> list[Line]:
    """A series for everybody, a little apart from each other; the second member lacks a year."""
    found = []
    for at, code in enumerate(PEOPLE):
        values: list[float | None] = [base * (1 + at / 50) + step * year for year in range(len(YEARS))]
        if at == 2:
            values[4] = None
        found.append(line(code, measure, values, half=half))
    return found


def latest(given: Sequence[Line]) -> list[tuple[Who, ShownFigure]]:
    return [(one.who, one.points[-1][1]) for one in given]
