"""The register of stakeholders from a table: what each row says, and which rows say something that can't be."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wellfounded.people.engagement.stakeholders import Entry
from wellfounded.people.engagement.types import BASES, KINDS, SECTORS

COLUMNS = ("organisation", "kind", "name", "email", "district", "sectors", "interests", "basis", "basis note", "notes")
NEEDED = ("organisation", "kind", "basis")
LONGEST = {"organisation": 200, "name": 120, "email": 254, "basis note": 2000, "notes": 4000}
MOST_ROWS = 5000


@dataclass(frozen=True)
class Refused:
    """A cell that can't be read: its line in the file, its column, what was found and what was expected."""

    line: int
    column: str
    found: str
    expected: str


@dataclass(frozen=True)
class Sheet:
    """What a table holds: entries with their lines, and what was refused. A row with one refusal is no entry."""

    entries: tuple[tuple[int, Entry], ...]
    refused: tuple[Refused, ...]


class NoSheet(ValueError):
    """The file is no table of the register."""


def read(content: bytes, *, districts: Mapping[str, str], interests: Mapping[str, str]) -> Sheet:
    """The entries of a CSV file; `districts` and `interests` are names by code. Raises NoSheet.

    Kinds, sectors, interests, districts and bases may be given by code or by name; several are parted by a semicolon.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoSheet(
            f"the file is not UTF-8 text (byte {error.start + 1}): save it as “CSV UTF-8” from your spreadsheet"
        ) from None
    if "\0" in text:
        raise NoSheet("the file is not text: save it as “CSV UTF-8” from your spreadsheet")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [_plain(cell) for cell in next(rows, [])]
        missing = [column for column in NEEDED if column not in header]
        unknown = [cell for cell in header if cell and cell not in COLUMNS]
        if missing or unknown or len(set(header)) != len(header):
            raise NoSheet(
                f"line 1 names the columns {', '.join(header) or '(none)'}; expected are {', '.join(COLUMNS)}"
                + (f"; missing is {', '.join(missing)}" if missing else "")
                + (f"; not known is {', '.join(unknown)}" if unknown else "")
            )
        return _entries(((rows.line_num, row) for row in rows), header, districts=districts, interests=interests)
    except csv.Error as error:
        raise NoSheet(
            f"line {rows.line_num}: {error}; a cell that holds quotes or line ends has to be quoted"
        ) from None


def _entries(
    rows: Iterable[tuple[int, list[str]]],
    header: list[str],
    *,
    districts: Mapping[str, str],
    interests: Mapping[str, str],
) -> Sheet:
    entries: list[tuple[int, Entry]] = []
    refused: list[Refused] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(entries) == MOST_ROWS:
            raise NoSheet(f"there are more than {MOST_ROWS:,} rows: split the file")
        wrong: list[Refused] = []
        if len(row) > len(header):
            wrong.append(Refused(line, "", f"{len(row)} cells", f"{len(header)} cells, as many as line 1 has"))
        cells = dict.fromkeys(COLUMNS, "") | dict(zip(header, (cell.strip() for cell in row), strict=False))

        def one(
            column: str,
            of: Mapping[str, str],
            cells: dict[str, str] = cells,
            wrong: list[Refused] = wrong,
            line: int = line,
        ) -> str:
            return _one(cells[column], of, column, wrong, line)

        for column, most in LONGEST.items():
            if len(cells[column]) > most:
                wrong.append(Refused(line, column, f"{len(cells[column])} letters", f"{most} at most"))
        if not cells["organisation"]:
            wrong.append(Refused(line, "organisation", "nothing", "the name of the organisation"))
        email = cells["email"].lower()
        if email and (email.count("@") != 1 or not all(email.split("@")) or any(letter.isspace() for letter in email)):
            wrong.append(Refused(line, "email", cells["email"], "an address as name@example.co.uk, or nothing"))
        elif email and email in seen:
            wrong.append(Refused(line, "email", cells["email"], f"another address than line {seen[email]} has"))
        entry = Entry(
            organisation=cells["organisation"], kind=one("kind", KINDS), basis=one("basis", BASES), name=cells["name"],
            email=email, district=one("district", districts) if cells["district"] else "",
            sectors=_several(cells["sectors"], SECTORS, "sectors", wrong, line),
            interests=_several(cells["interests"], interests, "interests", wrong, line),
            basis_note=cells["basis note"], notes=cells["notes"],
        )  # fmt: skip
        if wrong:
            refused += wrong
            continue
        seen[email] = line
        entries.append((line, entry))
    return Sheet(tuple(entries), tuple(refused))


def _several(found: str, of: Mapping[str, str], column: str, wrong: list[Refused], line: int) -> tuple[str, ...]:
    parts = [part.strip() for part in found.split(";") if part.strip()]
    return tuple(dict.fromkeys(_one(part, of, column, wrong, line) for part in parts))


def _one(found: str, of: Mapping[str, str], column: str, wrong: list[Refused], line: int) -> str:
    for code, name in of.items():
        if _plain(found) in (_plain(code), _plain(name)):
            return code
    wrong.append(Refused(line, column, found or "nothing", f"one of {', '.join(of)}"))
    return ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


__all__ = ["COLUMNS", "NoSheet", "Refused", "Sheet", "read"]
