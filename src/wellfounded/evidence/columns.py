"""Columns of figures as NumPy arrays, read from Parquet without waking pandas.

PyArrow imports pandas the first time that it makes a scalar or converts an array, which costs more than a whole
evaluation; so the buffers are read as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[np.signedinteger[Any]]  # codes and days, in as few bits as they were stored in

CODED = ("indicator", "release", "category", "area", "status")


@dataclass(frozen=True)
class Coded:
    """A text column: codes [row] into its names."""

    codes: Whole
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Coded:
        """The coded column of texts, one a row."""
        index = {text: at for at, text in enumerate(dict.fromkeys(texts))}
        return cls(np.fromiter((index[text] for text in texts), dtype=np.int64, count=len(texts)), tuple(index))

    @classmethod
    def same(cls, text: str, count: int) -> Coded:
        return cls(np.zeros(count, dtype=np.int64), (text,))

    def texts(self) -> list[str]:
        return [self.names[code] for code in self.codes.tolist()]

    def compact(self) -> Coded:
        """The same column with only the names in use, in order."""
        used = np.flatnonzero(np.bincount(self.codes, minlength=len(self.names)))  # far faster than np.unique
        order = sorted(used.tolist(), key=lambda code: self.names[code])
        place = np.zeros(len(self.names), dtype=np.int64)
        place[order] = np.arange(len(order))
        return Coded(place[self.codes], tuple(self.names[code] for code in order))


@dataclass(frozen=True)
class Rows:
    """Figures by column, one a row; `start` and `end` are days since 1970, both included."""

    indicator: Coded
    release: Coded
    category: Coded
    area: Coded
    status: Coded
    start: Whole
    end: Whole
    value: Floats
    lower: Floats
    upper: Floats

    def __len__(self) -> int:
        return len(self.value)

    def only(self, *, indicator: str | None = None, release: str | None = None) -> Rows:
        """The rows of one indicator, of one release, or both."""
        chosen = np.ones(len(self), dtype=bool)
        for column, name in ((self.indicator, indicator), (self.release, release)):
            if name is not None:
                code = column.names.index(name) if name in column.names else -1
                chosen &= column.codes == code
        return self if chosen.all() else self.take(np.flatnonzero(chosen))

    def take(self, rows: Ints | slice) -> Rows:
        def coded(column: Coded) -> Coded:
            return Coded(column.codes[rows], column.names)

        return Rows(
            coded(self.indicator), coded(self.release), coded(self.category), coded(self.area), coded(self.status),
            self.start[rows], self.end[rows], self.value[rows], self.lower[rows], self.upper[rows],
        )  # fmt: skip

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table in the schema of the store."""
        import pyarrow as pa

        from wellfounded.evidence.store import SCHEMA

        columns: dict[str, Any] = {name: getattr(self, name).texts() for name in CODED}
        for name in ("start", "end"):
            columns[name] = pa.array(getattr(self, name).astype(np.int32), pa.int32()).cast(pa.date32())
        for name in ("value", "lower", "upper"):
            numbers = getattr(self, name)
            columns[name] = pa.array(numbers, pa.float64(), mask=np.isnan(numbers))
        return pa.table({name: columns[name] for name in SCHEMA.names}).cast(SCHEMA)


def read_rows(path: Path, indicators: Iterable[str]) -> dict[str, Rows]:
    """The rows of some indicators in a store's Parquet file, by indicator.

    Only the row groups that can hold them are read; rows of one indicator stand together, as the store writes them.
    """
    import pyarrow.parquet as pq

    wanted = set(indicators)
    file = pq.ParquetFile(path, read_dictionary=list(CODED), memory_map=True)
    meta = file.metadata
    column = next(at for at in range(meta.num_columns) if meta.schema.column(at).name == "indicator")
    groups = []
    for number in range(meta.num_row_groups):
        statistics = meta.row_group(number).column(column).statistics
        if statistics is None or any(statistics.min <= name <= statistics.max for name in wanted):
            groups.append(number)
    table = file.read_row_groups(groups).unify_dictionaries()

    def coded(name: str) -> Coded:
        chunks = table[name].chunks
        names = tuple(chunks[0].dictionary.to_pylist()) if chunks else ()
        return Coded(_joined([_numbers(chunk.indices, np.dtype(np.int32)) for chunk in chunks], np.int32), names)

    def numbers(name: str, kind: Any) -> Any:
        return _joined([_numbers(chunk, np.dtype(kind)) for chunk in table[name].chunks], kind)

    rows = Rows(
        indicator=coded("indicator"),
        release=coded("release"),
        category=coded("category"),
        area=coded("area"),
        status=coded("status"),
        start=numbers("start", np.int32),
        end=numbers("end", np.int32),
        value=numbers("value", np.float64),
        lower=numbers("lower", np.float64),
        upper=numbers("upper", np.float64),
    )
    codes = rows.indicator.codes
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)] if len(codes) else []
    named = ((rows.indicator.names[int(codes[first])], first, last) for first, last in pairwise(edges))
    return {name: rows.take(slice(first, last)) for name, first, last in named if name in wanted}


def _numbers(array: Any, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    """The values of a fixed-width Arrow array, nan where a float is null."""
    validity, data = array.buffers()
    values = np.frombuffer(data, dtype=kind, count=array.offset + len(array))[array.offset :]
    if array.null_count and kind.kind == "f":
        bits = np.unpackbits(
            np.frombuffer(validity, dtype=np.uint8), bitorder="little", count=array.offset + len(array)
        )
        values = np.where(bits[array.offset :] == 1, values, np.nan)
    return values


def _joined(parts: list[npt.NDArray[Any]], kind: Any) -> Any:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)
