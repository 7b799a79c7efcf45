"""Rows of the English indices of deprivation by district: scores, shares and numbers of people, one row each.

A file has a column a measure and domain. Series are `score`, `tenth` (the percentage of neighbourhoods among the most
deprived tenth of England's; the category is the domain, `all` for the index as a whole), `rate` (the percentage of
people deprived of income or employment) and `people` (how many). Ranks, extents and concentrations are left out.

The file's option `year` says which indices they are; the names of the columns differ between 2019 and 2025.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wellfounded.evidence.readers import FileRefused, SourceFile, quoted
from wellfounded.evidence.tabular import existing

if TYPE_CHECKING:
    import duckdb

SELECTOR = "measure"

_TENTH_2025 = "proportion_of_lso_as_in_most_deprived_10_percent_nationally"
_DOMAINS = {  # category: the domain's name in the columns of 2019 and of 2025
    "all": ("", "imd"),
    "income": ("Income_", "income"),
    "employment": ("Employment_", "employment"),
    "education": ("Education_", "education_skills_and_training"),
    "health": ("Health_", "health_deprivation_and_disability"),
    "crime": ("Crime_", "crime"),
    "housing": ("Housing_and_Access_", "barriers_to_housing_and_services"),
    "environment": ("Environment_", "living_environment"),
}
_OF_PEOPLE = ("income", "employment")


def rows(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> duckdb.DuckDBPyRelation:
    """The rows of `files`; raises FileRefused where one has not the columns of its year."""
    return connection.sql(" UNION ALL ".join(_select(file) for file in files))


def _select(file: SourceFile) -> str:
    with existing(file).open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    area = next((name for name in header if name.startswith("ltla") and name.endswith("_code")), None)
    measures = [measure for measure in _measures(file) if measure[0] in header]
    missing = [column for column, *_ in _measures(file) if column not in header]
    if area is None or missing:
        lacking = ", ".join([*([] if area else ["a column of district codes as ltla24_code"]), *missing])
        raise FileRefused(f"{file.name}: {lacking} is missing; found {', '.join(header) or 'no columns'}")
    size = len(measures)
    parts = [
        f"""SELECT {file.number} AS file, (n - 1) * {size} + {at + 1} AS row, '{series}' AS series,
            '{category}' AS category, "{area}" AS area, '{file.options["year"]}' AS period,
            coalesce(CAST(round(TRY_CAST("{column}" AS DOUBLE) * {times}, 6) AS VARCHAR), "{column}") AS value,
            NULL AS lower, NULL AS upper, NULL AS status, NULL AS note FROM lines"""
        for at, (column, series, category, times) in enumerate(measures)
    ]
    return f"""
        SELECT * FROM (
            WITH lines AS (
                SELECT *, row_number() OVER () AS n FROM read_csv({quoted(file.path)}, header = true,
                    all_varchar = true, nullstr = '')
            )
            {" UNION ALL ".join(parts)}
        )"""


def _measures(file: SourceFile) -> list[tuple[str, str, str, int]]:
    """Column, series, category and factor of what is read of the file."""
    if str(file.options.get("year")) == "2019":
        found = [(f"{old}Proportion", "tenth", domain, 100) for domain, (old, _) in _DOMAINS.items()]
        return [("Score", "score", "", 1), *found]
    found = [(f"{new}_{_TENTH_2025}", "tenth", domain, 100) for domain, (_, new) in _DOMAINS.items()]
    found += [(f"{domain}_average_score", "rate", domain, 100) for domain in _OF_PEOPLE]
    found += [(f"{domain}_scale", "people", domain, 1) for domain in _OF_PEOPLE]
    return [("imd_average_score", "score", "", 1), *found]
