"""Indicators of success: where they began, where the place has said they should be, and whether they are on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np

from wellfounded.conclusions.subjects import Subjects
from wellfounded.core import Unit
from wellfounded.evidence.columns import Floats
from wellfounded.priorities.shown import reference
from wellfounded.priorities.types import ShownSuccess, Success

Z95 = 1.959963984540054
Status = Literal["on track", "off track", "too early to tell"]


@dataclass(frozen=True)
class Path:
    """The straight way from a baseline to a target: expected values and how far figures may lie off it [year]."""

    years: tuple[int, ...]
    expected: Floats
    reach: Floats  # half of the 95% interval


def path(years: Floats, values: Floats, errors: Floats, *, baseline: int, target: float, by: int) -> Path:
    """The expected path from the figure of `baseline` to `target` in the year `by`, every year.

    Its interval is that of the figures themselves where they have one: the baseline's error and an equal one of the
    year. Where none is published it follows from how far the figure strayed from a straight line in one year, over up
    to ten years before the baseline, and widens with the root of time. nan where neither is known.
    """
    start = float(values[years == baseline][0])
    ahead = np.arange(0, by - baseline + 1)
    expected = start + (target - start) * ahead / (by - baseline)
    error = float(errors[years == baseline][0])
    if np.isfinite(error):
        return Path(tuple((baseline + ahead).tolist()), expected, Z95 * error * np.sqrt(np.where(ahead > 0, 2.0, 1.0)))
    before = values[(years <= baseline) & (years >= baseline - 10)]
    steps = np.diff(before[np.isfinite(before)])
    stray = float(steps.std(ddof=1)) if len(steps) >= 3 else np.nan
    return Path(tuple((baseline + ahead).tolist()), expected, Z95 * stray * np.sqrt(ahead))


def status(found: Path, *, year: int, value: float) -> Status:
    """Whether a figure of a year after the baseline is on the way.

    Off track where it lies behind the path by more than its interval. On track where it doesn't, and either lies ahead
    of it by more, or is level with it at a time when the path has left the baseline by more than the interval. Before
    that nobody can tell: the figure would look the same had nothing happened.
    """
    at = found.years.index(year)
    start, expected, reach = float(found.expected[0]), float(found.expected[at]), float(found.reach[at])
    if not np.isfinite(reach):
        return "too early to tell"
    direction = 1.0 if found.expected[-1] >= start else -1.0
    ahead = (value - expected) * direction
    if ahead < -reach:
        return "off track"
    if ahead > reach or (abs(expected - start) > reach and ahead >= -reach):
        return "on track"
    return "too early to tell"


def tracked(one: Success, subjects: Subjects) -> ShownSuccess:
    """An indicator of success as the latest release has it."""
    store, base = subjects.store, subjects.base
    indicator = store.indicator(one.indicator)
    name = store.catalogue.areas.name(one.area) if one.area else base.name
    which = int(subjects.roles[f"area:{one.area}" if one.area else "place"][0])
    reading = subjects.reading(one.indicator)
    shown = ShownSuccess(
        indicator=one.indicator,
        label=indicator.label,
        area=one.area or base.code,
        area_name=name,
        status="no figure",
        line="",
        reference=reference(one.stated_in) if one.stated_in else None,
    )
    if isinstance(reading, str):
        return _with(shown, line=f"There is no figure of {indicator.label} in {name}: {reading}.")
    column = reading.panel.category_index.get(indicator.total_category or "Total", 0)
    series, errors = reading.value[which, :, column], reading.se[which, :, column]
    years = reading.panel.years
    known = np.flatnonzero(np.isfinite(series))
    if not len(known):
        return _with(shown, line=f"There is no figure of {indicator.label} in {name}.")
    start = int(one.baseline) if one.baseline else int(years[known[-1]])
    by_year = {int(years[at]): at for at in known.tolist()}
    seen = tuple(
        (year, float(series[at]), *_limits(float(series[at]), Z95 * float(errors[at])))
        for year, at in by_year.items()
        if year >= start
    )
    if start not in by_year:
        there = f"{min(by_year)} to {max(by_year)}"
        return _with(
            shown, line=f"{indicator.label} in {name} has no figure for the baseline, {start}; there are {there}."
        )
    unit, last = indicator.unit, max(by_year)
    words = {
        "baseline": f"{unit.write(float(series[by_year[start]]))} in {start}",
        "latest": f"{unit.write(float(series[by_year[last]]))} in {last}",
    }
    if one.target is None or one.by is None:
        line = f"{indicator.label} in {name} starts from {words['baseline']}. The place has not stated a target."
        return _with(shown, status="no target stated", line=line, seen=seen, **words)
    found = path(years.astype(float), series, errors, baseline=start, target=one.target, by=one.by)
    target = f"{unit.write(one.target)} by {one.by}"
    after = [year for year in by_year if start < year <= one.by]
    points = tuple(
        (year, float(expected), *_limits(float(expected), float(reach)))
        for year, expected, reach in zip(found.years, found.expected, found.reach, strict=True)
    )
    if not after:
        line = f"No figure has been published since the baseline, {words['baseline']}; the target is {target}."
        return _with(shown, status="too early to tell", line=line, target=target, path=points, seen=seen, **words)
    year = max(after)
    value = float(series[by_year[year]])
    said = status(found, year=year, value=value)
    line = _line(name, indicator.label, unit, found, year, value, target)
    return _with(shown, status=said, line=line, target=target, path=points, seen=seen, **words)


def _line(name: str, label: str, unit: Unit, found: Path, year: int, value: float, target: str) -> str:
    at = found.years.index(year)
    expected, reach = float(found.expected[at]), float(found.reach[at])
    within = f" ({unit.write(expected - reach)} to {unit.write(expected + reach)})" if np.isfinite(reach) else ""
    return (
        f"{label} in {name} was {unit.write(value)} in {year}; the way to {target} "
        f"passes {unit.write(expected)}{within} in that year."
    )


def _limits(value: float, reach: float) -> tuple[float | None, float | None]:
    return (value - reach, value + reach) if np.isfinite(reach) else (None, None)


def _with(shown: ShownSuccess, **changes: object) -> ShownSuccess:
    return msgspec.structs.replace(shown, **changes)
