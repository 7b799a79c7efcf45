"""The open data as spreadsheets, XLSX and ODS with the same sheets, after the guidance of the Analysis Function.

One table a sheet from its title in A1 down, a cover, contents and notes; no merged cells, nothing said by colour, no
empty cell without its reason. A value that is missing has a shorthand in brackets, which the notes explain.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from wellfounded.publishing import naming
from wellfounded.publishing.model import Publication, ShownFigure, ShownIndicator
from wellfounded.publishing.strings import Strings
from wellfounded.publishing.text import plain
from wellfounded.publishing.zipped import steady

Value = str | int | float
Given = Value | None
SHORTHANDS = (
    ("[c]", "confidential: the publisher withholds the value to protect people or firms"),
    ("[u]", "of low reliability: the publisher withholds the value as too unreliable"),
    ("[x]", "not available: nothing is published"),
    ("[z]", "not applicable: there is nothing to say here, or the members' values cannot be combined into one"),
)
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_767  # of a sheet and of a cell, in Excel
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']+")
_SYMBOLS = {"%": "per cent", "£": "pounds", "€": "euros", "$": "dollars"}
_PRINTED = re.compile(r"(\d[\d,]*)(?:\.(\d+))?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_TABLES = re.compile(r"[^a-z0-9_]+")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its table, and what stands above it."""

    name: str
    title: str
    about: tuple[str, ...]
    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Given, ...], ...]
    decimals: int | None = None  # with which its numbers are shown; they are held exactly


@dataclass(frozen=True)
class Book:
    """A workbook: a cover, and its sheets, of which the notes are one."""

    title: str
    author: str
    about: tuple[tuple[str, tuple[str, ...]], ...]  # headings of the cover with their paragraphs
    notes: Sheet
    sheets: tuple[Sheet, ...]
    made_at: datetime
    lang: str


def write(publication: Publication, indicators: Sequence[ShownIndicator], tables: Iterable[Sheet], *, to: Path) -> None:
    """Nothing; writes evidence.xlsx and evidence.ods into `to`: `tables`, then a sheet an indicator."""
    made = book(publication, indicators, tables)
    steady(_xlsx(made), to=to / "evidence.xlsx")
    steady(_ods(made), to=to / "evidence.ods")


def book(publication: Publication, indicators: Sequence[ShownIndicator], tables: Iterable[Sheet]) -> Book:
    """The workbook of a publication."""
    say = Strings.of(publication)
    names: set[str] = {"cover", "contents", "notes"}
    sheets = [_named(sheet, names) for sheet in tables]
    sheets += [_named(_of_indicator(indicator, publication, say), names) for indicator in indicators]
    edition = [words for words in (naming.edition(publication), naming.correction(publication)) if words]
    about: tuple[tuple[str, tuple[str, ...]], ...] = (
        (say("What this is"), (publication.sentence or publication.title, *edition)),
        (
            say("How to read it"),
            (
                say("Each sheet has one table, with its title in the first cell. The contents lead to each."),
                say("A value that is missing has a shorthand in brackets, which the notes explain."),
                say("Limits are those of 95% intervals, where they are published or can be carried through."),
            ),
        ),
        (say("Licence"), (say("Each release is under the licence that the sheet of sources names."),)),
    )
    contact = (publication.contact or publication.consultation_address,)
    if contact[0]:
        about += ((say("Contact"), contact),)
    notes = Sheet(
        say("Notes"), say("Notes"), (), "", (say("Shorthand"), say("Meaning")),
        tuple((short, say(meaning)) for short, meaning in SHORTHANDS),
    )  # fmt: skip
    return Book(
        f"{publication.title}: {say('open data')}", publication.name, about, notes, tuple(sheets),
        datetime.fromisoformat(publication.built_at).replace(tzinfo=None, microsecond=0), publication.lang,
    )  # fmt: skip


def shorthand(figure: ShownFigure) -> str:
    """The shorthand for the reason that a figure has no value."""
    why = figure.why_none.lower()
    if "confidential" in why or "suppressed" in why or "withheld" in why:
        return "[c]"
    if "unreliable" in why:
        return "[u]"
    return "[z]" if "cannot be combined" in why or "not applicable" in why else "[x]"


def _of_indicator(indicator: ShownIndicator, publication: Publication, say: Strings) -> Sheet:
    """The table of an indicator over time: areas across, with limits where there are any, and remarks."""
    codes = [area.code for area in indicator.columns]
    figures = [[_at(row.figures, code, at) for at, code in enumerate(codes)] for row in indicator.series]
    limited = [any(f is not None and f.lower is not None for f in column) for column in zip(*figures, strict=True)]
    parts = any(f is not None and f.category for row in figures for f in row)
    columns = [say("Period"), *([say("Part")] if parts else [])]
    for area, has_limits in zip(indicator.columns, limited or [False] * len(codes), strict=True):
        columns.append(area.name)
        if has_limits:
            columns += [say("{area}: lower limit", area=area.name), say("{area}: upper limit", area=area.name)]
    rows = []
    for shown, row in zip(indicator.series, figures, strict=True):
        cells: list[Given] = [shown.period]
        if parts:
            cells.append(next((f.category_label or f.category for f in row if f is not None and f.category), "[z]"))
        for figure, has_limits in zip(row, limited, strict=True):
            cells.append(_value(figure))
            if has_limits:
                limits = (figure.lower, figure.upper) if figure is not None else (None, None)
                cells += [limit if limit is not None else "[x]" for limit in limits]
        remarks = [f"{f.area_name}: {told}" for f in row if f is not None and (told := f.status or f.why_none)]
        rows.append((*cells, "; ".join(dict.fromkeys(remarks)) or say("none")))
    releases = [publication.releases[name] for name in indicator.releases if name in publication.releases]
    sources = [f"{each.title} ({each.publisher}, {naming.released(each, say)}, {each.licence})" for each in releases]
    return Sheet(
        name=indicator.id,
        title=f"{indicator.label} ({indicator.unit})" if indicator.unit else indicator.label,
        about=tuple(text for text in (plain(indicator.definition_html), plain(indicator.caveats_html)) if text),
        source="; ".join(sources),
        columns=_distinct([*columns, say("Remarks")]),
        rows=tuple(rows),
        decimals=_decimals(f for row in figures for f in row if f is not None),
    )


def _decimals(figures: Iterable[ShownFigure]) -> int | None:
    """With how many decimals pages print the figures; None where they print them in other units, as £1.2bn."""
    most = 0
    for figure in figures:
        if figure.value is None or not figure.text:
            continue
        found = _PRINTED.search(figure.text)
        if found is None:
            return None
        decimals = len(found[2] or "")
        if abs(abs(figure.value) - float(found[0].replace(",", ""))) > 0.51 * 10**-decimals:
            return None
        most = max(most, decimals)
    return most


def _at(figures: Sequence[ShownFigure], code: str, at: int) -> ShownFigure | None:
    if at < len(figures) and figures[at].area == code:
        return figures[at]
    return next((figure for figure in figures if figure.area == code), figures[at] if at < len(figures) else None)


def _value(figure: ShownFigure | None) -> Value:
    if figure is None:
        return "[x]"
    return figure.value if figure.value is not None else shorthand(figure)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Headings, each once: Excel's tables refuse two of the same."""
    found: list[str] = []
    lowered: set[str] = set()
    for name in names:
        base = clean(name).strip() or "column"
        again, number = base, 1
        while again.lower() in lowered:
            number += 1
            again = f"{base} ({number})"
        lowered.add(again.lower())
        found.append(again)
    return tuple(found)


def _named(sheet: Sheet, taken: set[str]) -> Sheet:
    """The sheet with a name that no other has and that Excel takes."""
    base = _NOT_IN_NAMES.sub(" ", clean(sheet.name)).strip()[:_LONGEST_NAME] or "sheet"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        mark = f" {number}"
        name = base[: _LONGEST_NAME - len(mark)] + mark
    taken.add(name.lower())
    rows = sheet.rows or (("none", *["[z]"] * (len(sheet.columns) - 1)),)  # a table without rows is no table
    return replace(sheet, name=name, columns=_distinct(sheet.columns), rows=rows)


def clean(text: str) -> str:
    """Text without what no spreadsheet can hold, and without gptables' own mark for a note."""
    return _CONTROL.sub("", text).replace("$$", "$ $")


def _cell(value: Given) -> Value:
    if value is None:
        return "[z]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return value
    text = clean(value).strip()
    if text and not any(letter.isalnum() for letter in text):
        return _SYMBOLS.get(text, f"symbol {text}")  # a symbol alone is not read aloud
    return text[:_LONGEST_TEXT] or "[z]"


def _xlsx(made: Book) -> bytes:
    import gptables
    import pandas as pd

    held = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables warns of headings that it thinks are long
        sheets = {
            sheet.name: gptables.GPTable(
                table=pd.DataFrame(
                    [[_cell(value) for value in row] for row in sheet.rows], columns=list(sheet.columns), dtype=object
                ),
                table_name="t_" + _NOT_IN_TABLES.sub("_", sheet.name.lower()),
                title=clean(sheet.title),
                subtitles=[clean(text) for text in sheet.about],
                source=clean(f"Source: {sheet.source}") if sheet.source else None,
                instructions="This sheet has one table.",
                scope=None,
                index_columns={1: 0},
                additional_formatting=_formatted(sheet),
            )
            for sheet in (made.notes, *made.sheets)
        }
        workbook = gptables.produce_workbook(
            filename=held,  # XlsxWriter writes to files and to streams alike
            sheets=sheets,
            cover=gptables.Cover(
                title=clean(made.title),
                intro=[clean(text) for text in made.about[0][1]],
                about=[clean(text) for heading, texts in made.about[1:] for text in (heading, *texts)],
                cover_label="Cover",
            ),
            workbook_options={
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "yyyy-mm-dd",
            },
            auto_width=True,
        )
        workbook.set_properties(
            {"title": clean(made.title), "author": clean(made.author), "created": made.made_at, "comments": ""}
        )
        workbook.close()
    return held.getvalue()


def _formatted(sheet: Sheet) -> list[dict[str, Any]]:
    """How gptables is told to show the numbers of a sheet."""
    if sheet.decimals is None:
        return []
    shown = "#,##0" + ("." + "0" * sheet.decimals if sheet.decimals else "")
    numbers = [
        column for at, column in enumerate(sheet.columns) if any(isinstance(row[at], float) for row in sheet.rows)
    ]
    return [{"column": {"columns": numbers, "format": {"num_format": shown}}}] if numbers else []


def _ods(made: Book) -> bytes:
    from odf import style
    from odf.element import Element
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableColumn, TableHeaderRows, TableRow
    from odf.text import P

    Element.namespaces.clear()  # odfpy declares every namespace that the process has used before
    document = OpenDocumentSpreadsheet()
    language, _, country = made.lang.partition("-")
    default = style.DefaultStyle(family="table-cell")
    default.addElement(
        style.TextProperties(language=language, country=country or "GB", fontfamily="Arial", fontsize="12pt")
    )
    document.styles.addElement(default)
    title = style.Style(name="Title", family="table-cell")
    title.addElement(style.TextProperties(fontweight="bold", fontsize="16pt"))
    heading = style.Style(name="Heading", family="table-cell")
    heading.addElement(style.TextProperties(fontweight="bold"))
    heading.addElement(style.TableCellProperties(wrapoption="wrap", verticalalign="bottom"))
    first = style.Style(name="First", family="table-column")
    first.addElement(style.TableColumnProperties(columnwidth="4.5cm"))
    other = style.Style(name="Other", family="table-column")
    other.addElement(style.TableColumnProperties(columnwidth="3.6cm"))
    for each in (title, heading):
        document.styles.addElement(each)
    for each in (first, other):
        document.automaticstyles.addElement(each)

    def text_cell(text: str, stylename: Any = None) -> Any:
        cell = TableCell(valuetype="string", **({"stylename": stylename} if stylename is not None else {}))
        cell.addElement(P(text=text))
        return cell

    def line(table: Any, cells: Iterable[Any]) -> None:
        row = TableRow()
        for cell in cells:
            row.addElement(cell)
        table.addElement(row)

    def value_cell(value: Value) -> Any:
        if isinstance(value, str):
            return text_cell(value)
        cell = TableCell(valuetype="float", value=repr(float(value)) if isinstance(value, float) else str(value))
        cell.addElement(P(text=f"{value:g}" if isinstance(value, float) else str(value)))
        return cell

    def sheet_of(sheet: Sheet) -> Any:
        table = Table(name=sheet.name)
        table.addElement(TableColumn(stylename=first))
        if len(sheet.columns) > 1:
            table.addElement(TableColumn(stylename=other, numbercolumnsrepeated=str(len(sheet.columns) - 1)))
        line(table, [text_cell(clean(sheet.title), title)])
        for text in (*sheet.about, f"Source: {sheet.source}" if sheet.source else ""):
            if text:
                line(table, [text_cell(clean(text))])
        head = TableHeaderRows()
        row = TableRow()
        for column in sheet.columns:
            row.addElement(text_cell(column, heading))
        head.addElement(row)
        table.addElement(head)
        for values in sheet.rows:
            line(table, [value_cell(_cell(value)) for value in values])
        return table

    cover = Table(name="Cover")
    line(cover, [text_cell(clean(made.title), title)])
    for words, texts in made.about:
        line(cover, [text_cell(clean(words), heading)])
        for text in texts:
            line(cover, [text_cell(clean(text))])
    document.spreadsheet.addElement(cover)
    contents = Sheet("Contents", "Contents", (), "", ("Sheet", "Title"), tuple((s.name, s.title) for s in made.sheets))
    for sheet in (contents, made.notes, *made.sheets):
        document.spreadsheet.addElement(sheet_of(sheet))
    from odf.dc import Creator, Date, Language, Title
    from odf.meta import CreationDate, Generator, InitialCreator

    moment = made.made_at.isoformat(timespec="seconds")
    document.meta.childNodes.clear()
    for element, text in (
        (Generator, "Wellfounded"), (Title, clean(made.title)), (InitialCreator, clean(made.author)),
        (Creator, clean(made.author)), (CreationDate, moment), (Date, moment), (Language, made.lang),
    ):  # fmt: skip
        document.meta.addElement(element(text=text))
    held = io.BytesIO()
    document.write(held)
    return held.getvalue()


__all__ = ["Book", "Sheet", "book", "clean", "shorthand", "write"]
