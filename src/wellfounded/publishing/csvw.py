"""CSV on the Web: what the CSV files hold, column by column, for machines (csv-metadata.json, W3C 2015)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from wellfounded.publishing import naming
from wellfounded.publishing.model import Publication

DATATYPES = {"string": "string", "double": "double", "int64": "integer", "bool": "boolean"}
KEYS = {
    "conclusions.csv": ("id",),
    "tests.csv": ("conclusion", "test"),
    "indicators.csv": ("id",),
    "sources.csv": ("release",),
    "priorities.csv": ("id",),
    "ranks.csv": ("policy", "rank"),
    "criteria.csv": ("policy", "criterion"),
}
REFERENCES = {  # table and column, and the table and column that it leads to
    "tests.csv": (("conclusion", "conclusions.csv", "id"),),
    "variants.csv": (("conclusion", "conclusions.csv", "id"),),
    "ranks.csv": (("policy", "priorities.csv", "id"),),
    "criteria.csv": (("policy", "priorities.csv", "id"),),
    "prizes.csv": (("policy", "priorities.csv", "id"),),
}


@dataclass(frozen=True)
class Described:
    """A CSV file: its name, what it is about, and of each column the name, what it holds and its type."""

    name: str
    about: str
    columns: tuple[tuple[str, str, str], ...]


def write(publication: Publication, tables: list[Described], *, to: Path) -> Path:
    """`to`, now with the metadata of the CSV files beside it."""
    when = naming.dated(publication)
    told = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": publication.lang}],
        "dc:title": f"{publication.title}: {naming.edition(publication)}",
        "dc:publisher": publication.name,
        "dc:issued": when.isoformat() if when else publication.built_at,
        "dc:license": {"@id": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"},
        "tables": [_table(publication, table) for table in tables],
    }
    to.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return to


def _table(publication: Publication, table: Described) -> dict[str, object]:
    schema: dict[str, object] = {
        "columns": [
            {
                "name": name,
                "titles": {publication.lang: name},
                "dc:description": meaning,
                "datatype": DATATYPES[type_],
                **({"null": ""} if type_ != "string" else {}),
            }
            for name, meaning, type_ in table.columns
        ]
    }
    if table.name in KEYS:
        schema["primaryKey"] = list(KEYS[table.name])
    if table.name in REFERENCES:
        schema["foreignKeys"] = [
            {"columnReference": column, "reference": {"resource": other, "columnReference": its}}
            for column, other, its in REFERENCES[table.name]
        ]
    return {"url": table.name, "dc:description": table.about, "tableSchema": schema}


__all__ = ["Described", "write"]
