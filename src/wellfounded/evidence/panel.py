"""Panels: one indicator in one release, as arrays over areas, periods and categories."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from wellfounded.core import Period
from wellfounded.evidence.columns import Floats, Ints, Rows, Whole

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Panel:
    """Figures of one indicator in one release; `value`, `lower`, `upper` are [area, period, category], nan for none.

    `status` holds the codes of `statuses`, so that a missing, a suppressed and a doubtful value stay three things;
    -1 is a figure that the publisher has no row for. Periods are in order of their end.
    """

    indicator: str
    release: str
    areas: tuple[str, ...]
    periods: tuple[Period, ...]
    categories: tuple[str, ...]
    value: Floats
    lower: Floats
    upper: Floats
    status: npt.NDArray[np.int8]
    statuses: tuple[str, ...]
    area_index: dict[str, int] = field(default_factory=dict)
    period_index: dict[Period, int] = field(default_factory=dict)
    category_index: dict[str, int] = field(default_factory=dict)

    @cached_property
    def standard_error(self) -> Floats:
        """Half the width of the 95% interval over 1.96, nan where none is published."""
        result: Floats = (self.upper - self.lower) / (2 * 1.959963984540054)
        return result

    @cached_property
    def years(self) -> npt.NDArray[np.int64]:
        """The year in which each period starts."""
        return np.array([period.start.year for period in self.periods], dtype=np.int64)

    def status_of(self, area: int, period: int, category: int) -> str:
        code = int(self.status[area, period, category])
        return "missing" if code < 0 else self.statuses[code]


def panel_from(rows: Rows, *, indicator: str, release: str) -> Panel:
    """The panel of `rows`, which all belong to `indicator` and `release`."""
    area, category, status_column = rows.area.compact(), rows.category.compact(), rows.status.compact()
    ends, end_codes = _distinct(rows.end)
    starts, start_codes = _distinct(rows.start)
    pairs, period_codes = _distinct(end_codes * len(starts) + start_codes)  # in order of end, then start
    periods = tuple(
        Period(_EPOCH + timedelta(days=first), _EPOCH + timedelta(days=last))
        for first, last in zip(
            starts[pairs % max(len(starts), 1)].tolist(), ends[pairs // max(len(starts), 1)].tolist(), strict=True
        )
    )
    areas, categories, statuses = area.names, category.names, status_column.names
    shape = (len(areas), len(periods), len(categories))
    where = np.ravel_multi_index((area.codes, period_codes, category.codes), shape)

    def spread(values: Floats) -> Floats:
        array = np.full(shape, np.nan)
        array.reshape(-1)[where] = values
        return array

    status = np.full(shape, -1, dtype=np.int8)
    status.reshape(-1)[where] = status_column.codes
    return Panel(
        indicator=indicator,
        release=release,
        areas=areas,
        periods=periods,
        categories=categories,
        value=spread(rows.value),
        lower=spread(rows.lower),
        upper=spread(rows.upper),
        status=status,
        statuses=statuses,
        area_index={code: index for index, code in enumerate(areas)},
        period_index={period: index for index, period in enumerate(periods)},
        category_index={code: index for index, code in enumerate(categories)},
    )


def _distinct(numbers: Whole) -> tuple[Ints, Ints]:
    """The distinct numbers in order, and each one's position among them. They lie close: counting beats a sort."""
    if not len(numbers):
        return numbers.astype(np.int64), numbers.astype(np.int64)
    lowest = int(numbers.min())
    used = np.flatnonzero(np.bincount(numbers - lowest))
    position = np.zeros(used[-1] + 1, dtype=np.int64)
    position[used] = np.arange(len(used))
    return used + lowest, position[numbers - lowest]
