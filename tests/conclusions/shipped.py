"""The figures that ship, asked by SQL: independent of how the engine reads and combines them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from wellfounded.evidence.catalogue import DATA, load

MEMBERS = ("E06000049", "E06000050", "E06000007")
UK_LESS_OFFSHORE = "K99000002"


def sql(query: str) -> list[tuple[Any, ...]]:
    """The rows that `query` finds in the table `f` of the latest figures of every indicator."""
    latest = ", ".join(f"('{indicator}', '{releases[0]}')" for indicator, releases in load().latest.items())
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE VIEW f AS SELECT *, year(start) AS year FROM read_parquet('{DATA / 'figures.parquet'}') "
            f"WHERE (indicator, release) IN ({latest})"
        )
        return connection.execute(query).fetchall()


def number(query: str) -> float:
    """The one number that `query` finds."""
    ((found,),) = sql(query)
    return float(found)


def value(indicator: str, area: str, year: int, *, category: str = "") -> float:
    """One published value."""
    return number(
        f"SELECT value FROM f WHERE indicator = '{indicator}' AND area = '{area}' AND year = {year} "
        f"AND category = '{category}'"
    )


def members(codes: Sequence[str] = MEMBERS) -> str:
    """The member areas as a list for SQL."""
    return ", ".join(f"'{code}'" for code in codes)
