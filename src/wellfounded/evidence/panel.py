"""Panels: one indicator in one release, as arrays over areas, periods and categories."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wellfounded.core import Period

Floats = npt.NDArray[np.float64]

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


def panel_from(table: pa.Table, *, indicator: str, release: str) -> Panel:
    """The panel of the rows of `table`, which all belong to `indicator` and `release`."""
    area_codes, areas = _coded(table["area"])
    category_codes, categories = _coded(table["category"])
    start = _days(table["start"])
    end = _days(table["end"])
    pairs, period_codes = np.unique(np.stack([end, start]), axis=1, return_inverse=True)
    period_codes = period_codes.reshape(-1)
    periods = tuple(
        Period(_EPOCH + timedelta(days=int(first)), _EPOCH + timedelta(days=int(last))) for last, first in pairs.T
    )
    status_codes, statuses = _coded(table["status"])
    shape = (len(areas), len(periods), len(categories))
    where = (area_codes, period_codes, category_codes)

    def spread(name: str) -> Floats:
        array = np.full(shape, np.nan)
        array[where] = pc.cast(table[name], pa.float64()).to_numpy(zero_copy_only=False)
        return array

    status = np.full(shape, -1, dtype=np.int8)
    status[where] = status_codes
    return Panel(
        indicator=indicator,
        release=release,
        areas=areas,
        periods=periods,
        categories=categories,
        value=spread("value"),
        lower=spread("lower"),
        upper=spread("upper"),
        status=status,
        statuses=statuses,
        area_index={code: index for index, code in enumerate(areas)},
        period_index={period: index for index, period in enumerate(periods)},
        category_index={code: index for index, code in enumerate(categories)},
    )


def _coded(column: Any) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Codes into the sorted distinct values of a text column, and those values."""
    chunk = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(chunk, pa.ChunkedArray):  # combine_chunks keeps an empty or dictionary column chunked
        chunk = pa.concat_arrays([piece.dictionary_decode() for piece in chunk.chunks] or [pa.array([], pa.string())])
    encoded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    names = encoded.dictionary.to_pylist()
    used = np.unique(codes)
    order = sorted(used.tolist(), key=lambda code: names[code])
    remap = np.zeros(len(names), dtype=np.int64)
    for new, old in enumerate(order):
        remap[old] = new
    return remap[codes], tuple(names[code] for code in order)


def _days(column: Any) -> npt.NDArray[np.int64]:
    return pc.cast(column, pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
