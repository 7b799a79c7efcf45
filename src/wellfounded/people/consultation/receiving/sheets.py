"""Spreadsheets of responses from another system: the table in a file, and the rows that come of it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from wellfounded.people.consultation.receiving.attachments import look
from wellfounded.people.consultation.receiving.charsets import decode, plain
from wellfounded.people.consultation.types import Consent, Opinion, Respondent
from wellfounded.people.spreadsheets import FORMULA

LARGEST = 100_000_000  # bytes
_MOST_ROWS = 200_000
_MOST_COLUMNS = 1_000
_LONGEST_CELL = 1_000_000  # characters
_LOOKED_AT = 30  # rows in which headings are looked for
OF_REJECTED = ("row", "why it was not taken")  # what stands before the columns of rows that were not taken
_KINDS = ("csv", "xlsx", "ods")


class NotATable(ValueError):
    """A file holds no table of responses that can be read."""


@dataclass(frozen=True)
class Table:
    """The cells of a sheet as text, below its headings."""

    source: str  # the file's name
    sheet: str  # empty for CSV
    heading_line: int
    columns: tuple[str, ...]  # each once: a heading that is there twice gets " (2)"
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # the line of each row in the file, and its cells, one a column

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of one column."""
        at = self.columns.index(name)
        return tuple(cells[at] for _, cells in self.rows)


@dataclass(frozen=True)
class Answered:
    """What was answered on one conclusion."""

    conclusion: str
    opinion: Opinion | None
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One response of a spreadsheet. `rest` has all that was in the row and has no place of its own."""

    line: int
    reference: str
    received_on: date | None
    questions: tuple[str, str, str]
    answers: tuple[Answered, ...] = ()
    name: str = ""
    email: str = ""
    organisation: str = ""
    sector: str = ""
    district: str = ""
    respondent: Respondent | None = None
    consent: Consent = Consent.NOTHING
    language: str = "en"
    rest: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rejected:
    """Why a row was not taken: where, what was found, and what was expected."""

    file: str
    line: int
    column: str
    found: str
    expected: str
    code: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.line}, {self.column}: found {self.found[:80]!r}, expected {self.expected}"


def read_table(path: Path, *, sheet: str = "", heading_line: int = 0) -> Table:
    """The table in a CSV, XLSX or ODS file. Raises NotATable, which says what was found and what was expected.

    The first sheet with a table is taken unless one is named; headings are looked for unless their line is given.
    """
    if not path.is_file():
        raise NotATable(f"{path}: there is no such file: expected a CSV, XLSX or ODS file of responses")
    if path.stat().st_size > LARGEST:
        raise NotATable(f"{path.name}: the file has more than {LARGEST / 1e6:.0f} MB: split it into several")
    content = path.read_bytes()
    file = look(path.name, "", content, largest=LARGEST)
    if file.refused or file.kind not in _KINDS:
        said = file.refused or f"it is of the kind {file.kind}"
        raise NotATable(f"{path.name}: {said}: expected a CSV, XLSX or ODS file of responses")
    if file.kind == "csv":
        return _table(path.name, "", _csv(content, path.name), heading_line)
    sheets = _sheets(content, path.name)
    if sheet and sheet not in sheets:
        raise NotATable(f"{path.name}: there is no sheet {sheet!r}: expected one of {', '.join(map(repr, sheets))}")
    for name in [sheet] if sheet else sheets:
        rows = sheets[name]
        if sum(any(cell for cell in row) for row in rows) > 1:
            return _table(path.name, name, rows, heading_line)
    raise NotATable(f"{path.name}: no sheet has headings and a row below them")


def _csv(content: bytes, name: str) -> list[list[str]]:
    """The rows of a CSV, whatever separates its cells."""
    text = decode(content)[0].removeprefix("\ufeff")
    first = text[:20_000]
    separator = max(",;\t|", key=lambda mark: (_width(first, mark), -",;\t|".index(mark)))
    csv.field_size_limit(_LONGEST_CELL * 10)
    rows: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for row in reader:
            # A cell of several lines takes several lines of the file; rows are counted as a spreadsheet counts them.
            rows.append([cell.strip() for cell in row])
            if len(rows) > _MOST_ROWS:
                raise NotATable(f"{name}: there are more than {_MOST_ROWS:,} rows: split it into several files")
    except csv.Error as error:
        raise NotATable(
            f"{name}, row {len(rows) + 1}: its cells can't be told apart ({error}): save it again as CSV or XLSX"
        ) from None
    return rows


def _width(text: str, separator: str) -> int:
    """How many cells the first rows have, at the usual row, where `separator` stands between them."""
    try:
        widths = sorted(
            len(row) for row in list(csv.reader(io.StringIO(text), delimiter=separator))[:_LOOKED_AT] if row
        )
    except csv.Error:
        return 0
    return widths[len(widths) // 2] if widths else 0


def _sheets(content: bytes, name: str) -> dict[str, list[list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = {}
        for sheet in book.sheet_names:
            held = book.get_sheet_by_name(sheet)
            if held.total_height > _MOST_ROWS or held.total_width > _MOST_COLUMNS:
                raise NotATable(
                    f"{name}, sheet {sheet!r}: it has {held.total_height:,} rows and {held.total_width:,} columns: "
                    f"expected at most {_MOST_ROWS:,} and {_MOST_COLUMNS:,}"
                )
            found[sheet] = [[_cell(cell) for cell in row] for row in held.to_python(skip_empty_area=False)]
    except CalamineError as error:
        raise NotATable(f"{name}: the spreadsheet is damaged ({error}): open it and save it again") from None
    return found


def _cell(value: object) -> str:
    """A cell as text: dates as ISO, whole numbers without a decimal point."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != datetime.min.time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return plain(str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()


def _table(source: str, sheet: str, rows: list[list[str]], heading_line: int) -> Table:
    where = f"{source}, sheet {sheet!r}" if sheet else source
    line = heading_line or _heading_line(rows)
    if not 0 < line <= len(rows) or not any(rows[line - 1]):
        raise NotATable(f"{where}: row {line} has no headings: expected them above the responses")
    named = [" ".join(cell.split()) for cell in rows[line - 1]]
    width = max((len(row) for row in rows[line - 1 :]), default=0)
    while width > len(named):
        named.append("")
    if width > _MOST_COLUMNS:
        raise NotATable(f"{where}: there are {width:,} columns: expected at most {_MOST_COLUMNS:,}")
    columns: dict[str, None] = {}
    for at, name in enumerate(named, 1):
        name = name[:300] or f"column {at}"
        times = 2
        unique = name
        while unique in columns:
            unique, times = f"{name} ({times})", times + 1
        columns[unique] = None
    held = []
    for number, row in enumerate(rows[line:], line + 1):
        if any(row):
            held.append((number, (*row, *[""] * (width - len(row)))))
    if not held:
        raise NotATable(f"{where}: there is no row below the headings in row {line}: expected one a response")
    headings = tuple(columns)
    if headings[:2] == OF_REJECTED:  # rows that were not taken the first time, mended since
        held = [(number, tuple(_without_mark(cell) for cell in cells[2:])) for number, cells in held]
        headings = headings[2:]
    return Table(source, sheet, line, headings, tuple(held))


def _without_mark(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def _heading_line(rows: list[list[str]]) -> int:
    """The line of the headings: the first row of words that is about as wide as the widest."""
    first = rows[:_LOOKED_AT]
    widest = max((sum(map(bool, row)) for row in first), default=0)
    for line, row in enumerate(first, 1):
        filled = [cell for cell in row if cell]
        words = [cell for cell in filled if any(character.isalpha() for character in cell)]
        if filled and len(filled) >= 0.6 * widest and len(words) >= 0.8 * len(filled):
            return line
    return 1
