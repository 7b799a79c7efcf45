"""What people said, given out in files: every table for the team's own work, or the audit pack for anybody who asks.

The audit pack has no word of a respondent but those that are published: conclusions, links, challenges, decisions with
their reasons, agreement, consents and the record can be followed in it, and each count can be made again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import compress
from pathlib import Path

from wellfounded.people.consultation.queries import exported
from wellfounded.people.consultation.queries.exported import Cell, Column, Table
from wellfounded.people.spreadsheets import harmless
from wellfounded.publishing import long_tables
from wellfounded.publishing.long_tables import LongTable
from wellfounded.web.publication import Opened

_DICTIONARY = ("table", "a row is", "column", "what it holds")
_README = """\
{title}: what people said, {what}
Written {at}. {edition}

responses.ods holds every table as a sheet; the folder "tables" has the same as CSV (UTF-8).
dictionary.csv says what a row of each table is, and what each column holds.
SHA256SUMS has the hash of every other file: `sha256sum --check SHA256SUMS`.

{words}
Names and addresses of those who responded are in no table; what staff did stands under their addresses.
Cells that a spreadsheet would take for a formula begin with an apostrophe. A cell of the spreadsheet holds
32,767 characters; the CSV has all of them.
Responses marked as a demonstration were invented, and are not what anybody said.
"""
_AS_CAME = """\
It holds people's words as they came, with whatever is personal in them: keep it as you keep the responses, hand it to
nobody who may not read those, and delete it when it has served."""
_NO_WORDS = """\
It holds no respondent's words but those of published copies, and no organisation's name. Points are characters
(start to end) of a response that its reference names."""


def write(to: Path, *, opened: Opened | None, now: datetime, audit: bool = False) -> Path:
    """`to`, now all tables: an archive (.zip) with CSV, spreadsheet, dictionary and hashes, or a spreadsheet (.ods)."""
    found = [*_conclusions(opened), *exported.tables()]
    if to.suffix == ".ods":
        return _book(found, to, audit=audit)
    beside = to.with_name(f".{to.name}.part")
    sums = []
    try:
        with (
            zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
            tempfile.TemporaryDirectory(prefix="wellfounded-tables-") as folder,
        ):
            made = Path(folder, "made")

            def put(name: str) -> None:
                with made.open("rb") as content:
                    sums.append(f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {name}\n")
                archive.write(made, name)

            made.write_text(_read_first(opened, now, audit=audit), encoding="utf-8")
            put("README.txt")
            _csv(made, _DICTIONARY, _dictionary(found, audit=audit))
            put("dictionary.csv")
            for table in found:
                chosen = _chosen(table, audit=audit)
                _csv(made, [column.name for column in compress(table.columns, chosen)], _cells(table, chosen))
                put(f"tables/{table.name}.csv")
            _book(found, made, audit=audit)
            put("responses.ods")
            archive.writestr("SHA256SUMS", "".join(sums))
        return beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)


def _book(found: Sequence[Table], to: Path, *, audit: bool) -> Path:
    sheets = [LongTable("dictionary", _DICTIONARY, _dictionary(found, audit=audit))]
    for table in found:
        chosen = _chosen(table, audit=audit)
        sheets.append(
            LongTable(table.name, [column.name for column in compress(table.columns, chosen)], _cells(table, chosen))
        )
    return long_tables.write(sheets, to=to)


def _read_first(opened: Opened | None, now: datetime, *, audit: bool) -> str:
    shown = opened.shown if opened is not None else None
    return _README.format(
        title=shown.title if shown is not None else "Consultation", what="to be audited" if audit else "every table",
        at=now.isoformat(timespec="minutes"), words=_NO_WORDS if audit else _AS_CAME,
        edition=f"The conclusions are those of {shown.built_at[:10]}." if shown else "Nothing is built yet.",
    )  # fmt: skip


def _conclusions(opened: Opened | None) -> Iterator[Table]:
    """The conclusions as the site has them now: what the links and decisions are about."""
    if opened is None:
        return
    found = opened.shown.conclusions

    def rows() -> Iterator[Sequence[Cell]]:
        for c in found:
            yield (c.id, c.chapter, c.kind, c.state, c.verdict, c.holds, c.of, c.sentence)

    columns = (
        Column("id", "the conclusion"), Column("chapter", "its chapter"), Column("kind", "strength, issue or context"),
        Column("state", "draft, published or withdrawn"), Column("verdict", "what its test came to"),
        Column("holds", "in how many ways to test it it holds"), Column("of", "of how many"),
        Column("sentence", "what is said, with the figures of today"),
    )  # fmt: skip
    yield Table("conclusions", "A conclusion as the site has it now", columns, rows)


def _dictionary(found: Sequence[Table], *, audit: bool) -> Iterator[tuple[str, str, str, str]]:
    for table in found:
        for column in compress(table.columns, _chosen(table, audit=audit)):
            yield table.name, table.meaning, column.name, column.meaning


def _chosen(table: Table, *, audit: bool) -> list[bool]:
    return [not (audit and column.words) for column in table.columns]


def _cells(table: Table, chosen: Sequence[bool]) -> Iterator[tuple[Cell, ...]]:
    for row in table.rows():
        yield tuple(harmless(cell) if isinstance(cell, str) else cell for cell in compress(row, chosen))


def _csv(to: Path, columns: Sequence[str], rows: Iterator[tuple[Cell, ...]]) -> None:
    with io.TextIOWrapper(to.open("wb"), "utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)


__all__ = ["write"]
