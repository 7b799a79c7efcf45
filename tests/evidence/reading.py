"""What the tests of readers share: the publishers' files by name, and ways to look at raw rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from wellfounded.evidence.readers import SourceFile, reader

Row = dict[str, Any]
WORKBOOK = "business-demography/businessdemographyexceltables2024.xlsx"
ANNUAL_PAY = "earnings/ashe-table-8.7a-annual-pay-residence-2025.csv"
MENS_PAY = "earnings/ashe-table-8.5a-hourly-pay-residence-2025.csv"
LOW_PAY = "earnings/ashe-table-7-low-pay-workplace-2022.xls"
BRES = "employment-by-industry/BRES.parquet"
FLOWS = "commuting/ODWP01EW_LTLA.csv.gz"
HISTORY = "areas/local-authority-code-history.csv"
IMD_2019 = "deprivation/imd-2019-by-lad-2023.csv"
IMD_2025 = "deprivation/imd-2025-by-lad-2024.csv"


def read(name: str, folder: Path, path: str, **options: Any) -> list[Row]:
    """The raw rows that the reader `name` gives of one file."""
    connection = duckdb.connect()
    relation = reader(name).rows(connection, [SourceFile(7, folder / path, path, options)])
    relation.create_view("read")
    rows: list[Row] = connection.sql("SELECT * FROM read ORDER BY row").to_arrow_table().to_pylist()
    return rows


_READ: dict[str, list[Row]] = {}


def read_once(name: str, folder: Path, path: str, **options: Any) -> list[Row]:
    """As `read`, of a file that doesn't change while the tests run."""
    key = f"{name} {path} {options}"
    if key not in _READ:
        _READ[key] = read(name, folder, path, **options)
    return _READ[key]


def values(rows: Sequence[Row], by: str, **wanted: str) -> dict[str, str | None]:
    """The values of the rows that fit, by their area, category or period."""
    fit = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    found = {row[by]: row["value"] for row in fit}
    assert len(found) == len(fit), f"two rows have the same {by}"
    return found


def number(rows: Sequence[Row], **wanted: str) -> float:
    """The one number of the rows that fit."""
    fit = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(fit) == 1, fit[:5]
    return float(fit[0]["value"])
