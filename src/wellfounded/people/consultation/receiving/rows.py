"""Responses from the rows of a spreadsheet. A row is taken whole, or not at all and with every reason."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Pairs
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from wellfounded.people.consultation.receiving.mapping import Mapping
from wellfounded.people.consultation.receiving.sheets import OF_REJECTED, Answered, Rejected, Row, Table
from wellfounded.people.consultation.types import Consent, Opinion
from wellfounded.people.spreadsheets import harmless

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d\d)\b")
_WRITTEN = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y")
_WELSH = frozenset({"cy", "welsh", "cymraeg", "cymru"})
T = TypeVar("T")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Sheet:
    """What became of a table's rows: every one is in `rows` or has its reasons in `rejected`."""

    rows: tuple[Row, ...]
    rejected: tuple[Rejected, ...]

    @property
    def rejected_lines(self) -> frozenset[int]:
        return frozenset(each.line for each in self.rejected)


def responses(table: Table, mapping: Mapping) -> Sheet:
    """The responses in `table`, as `mapping` reads it, and the rows that were not taken."""
    rows: list[Row] = []
    rejected: list[Rejected] = []
    seen: dict[str, int] = {}
    at = {heading: index for index, heading in enumerate(table.columns)}
    used = {*mapping.columns.values(), *mapping.questions}
    used |= {heading for on in mapping.conclusions for heading in (on.opinion, on.reason)}
    for line, cells in table.rows:
        reader = _Cells(table.source, line, cells, at, mapping, [])
        row = reader.row(used)
        if not any(row.questions) and not row.answers:
            reader.reject("", "", "an answer in one of the mapped columns", "nothing-said")
        if row.reference and row.reference in seen:
            expected = f"a reference that row {seen[row.reference]} does not have"
            reader.reject(mapping.columns["reference"], row.reference, expected, "same-reference")
        seen.setdefault(row.reference, line)
        rejected += reader.rejected
        if not reader.rejected:
            rows.append(row)
    return Sheet(tuple(rows), tuple(rejected))


@dataclass
class _Cells:
    source: str
    line: int
    cells: Sequence[str]
    at: dict[str, int]
    mapping: Mapping
    rejected: list[Rejected]

    def cell(self, heading: str) -> str:
        return self.cells[self.at[heading]] if heading else ""

    def field(self, name: str) -> str:
        return self.cell(self.mapping.columns.get(name, ""))

    def reject(self, column: str, found: str, expected: str, code: str) -> None:
        self.rejected.append(Rejected(self.source, self.line, column or "the whole row", found, expected, code))

    def choice(self, heading: str, meanings: Pairs[str, T], section: str) -> T | None:
        """What the value in a column means; None where the cell is empty or its value is not in the mapping."""
        value = self.cell(heading)
        if not value:
            return None
        folded = " ".join(value.casefold().split())
        if folded not in meanings:
            self.reject(heading, value, f"a value that the mapping has under [{section}]", f"{section}-unknown")
            return None
        return meanings[folded]

    def row(self, used: Collection[str]) -> Row:
        """The row as a response; what can't be read is rejected meanwhile."""
        mapping = self.mapping
        columns = mapping.columns
        first, second, third = (self.cell(heading) for heading in mapping.questions)
        answers = []
        for on in mapping.conclusions:
            opinion: Opinion | None = self.choice(on.opinion, mapping.opinions, "opinions")
            reason = self.cell(on.reason)
            if opinion is not None or reason:
                answers.append(Answered(on.id, opinion, reason))
        email = self.field("email")
        if email and (len(email) > 254 or not _EMAIL.fullmatch(email)):
            self.reject(columns["email"], email, "an e-mail address, or nothing", "not-an-address")
        district = self.field("district")
        if mapping.districts and district:
            district = self.choice(columns["district"], mapping.districts, "districts") or ""
        return Row(
            line=self.line,
            reference=self.field("reference")[:200],
            received_on=self.date(columns.get("received", "")),
            questions=(first, second, third),
            answers=tuple(answers),
            name=self.field("name")[:200],
            email=email[:254],
            organisation=self.field("organisation")[:200],
            sector=self.field("sector")[:200],
            district=district,
            respondent=self.choice(columns.get("respondent", ""), mapping.respondents, "respondents"),
            consent=self.choice(columns.get("consent", ""), mapping.consents, "consents") or Consent.NOTHING,
            language="cy" if self.field("language").casefold() in _WELSH else "en",
            rest=tuple(
                (heading, cell)
                for heading, cell in zip(self.at, self.cells, strict=True)
                if cell and heading not in used
            ),
        )

    def date(self, heading: str) -> date | None:
        value = self.cell(heading)
        if not value:
            return None
        found = date_in(value, month_first=self.mapping.month_first)
        if found is None:
            self.reject(heading, value, "a date, as 2026-03-14, 14/03/2026 or 14 March 2026", "not-a-date")
        return found


def date_in(value: str, *, month_first: bool = False) -> date | None:
    """The day in a cell; None where there is none that exists."""
    try:
        if match := _ISO.match(value):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _SLASHED.match(value):
            day, month, year = int(match[1]), int(match[2]), int(match[3])
            day, month = (month, day) if month_first else (day, month)
            return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    words = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", " ".join(value.split()))
    words = re.sub(r"^[A-Za-z]{3,9},? (?=\d)", "", words)
    words = re.sub(r"(?:,? (?:at )?\d{1,2}:\d\d.*)$", "", words)
    for pattern in _WRITTEN:
        try:
            return datetime.strptime(words, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def write_rejected(sheet: Sheet, table: Table, path: Path) -> int:
    """How many rows were written to `path`, a CSV of those that were not taken, each with why; none, and no file is."""
    lines = sheet.rejected_lines
    if not lines:
        return 0
    why: dict[int, list[str]] = {}
    for each in sheet.rejected:
        why.setdefault(each.line, []).append(f"{each.column}: found {each.found[:80]!r}, expected {each.expected}")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(cell) for cell in (*OF_REJECTED, *table.columns)])
        for line, cells in table.rows:
            if line in lines:
                writer.writerow([str(line), harmless("; ".join(why[line])), *map(harmless, cells)])
    return len(lines)
