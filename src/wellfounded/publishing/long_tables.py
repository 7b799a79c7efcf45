"""Long tables as one OpenDocument spreadsheet, a sheet each, written row by row: it takes no more memory than a row.

`spreadsheets` writes the open data, with a cover, notes and formats, and holds all of it; what people said may be long.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from wellfounded.publishing.spreadsheets import clean

MOST_ROWS = 1_048_576  # of a sheet, in Excel and LibreOffice
MOST_CHARACTERS = 32_767  # of a cell, in Excel
_SPACES = re.compile(r"  +|^ | $")
_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    '<office:automatic-styles><style:style style:name="heading" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
_END = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3"'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:version="1.3"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


@dataclass(frozen=True)
class LongTable:
    """A sheet: its name, its headings, and its rows, which are read once."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str | int | float]]


def write(tables: Iterable[LongTable], *, to: Path, most_rows: int = MOST_ROWS) -> Path:
    """`to`, now a spreadsheet of the tables. Rows that no sheet holds go on in a further one."""
    beside = to.with_name(f".{to.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
            file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
            file.writestr("META-INF/manifest.xml", _MANIFEST)
            with file.open("content.xml", "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8") as out:
                out.write(_START)
                for table in tables:
                    _sheets(table, out, most_rows)
                out.write(_END)
        return beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)


def _sheets(table: LongTable, out: io.TextIOWrapper, most_rows: int) -> None:
    heading = "".join(_cell(name, ' table:style-name="heading"') for name in table.columns)
    begin = f"<table:table-header-rows><table:table-row>{heading}</table:table-row></table:table-header-rows>"
    number, left = 1, most_rows - 1
    out.write(f"<table:table table:name={quoteattr(table.name[:31])}>{begin}")
    for row in table.rows:
        if not left:
            number, left = number + 1, most_rows - 1
            out.write(f"</table:table><table:table table:name={quoteattr(f'{table.name[:27]} {number}')}>{begin}")
        out.write(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>")
        left -= 1
    out.write("</table:table>")


def _cell(value: str | float, style: str = "") -> str:
    if isinstance(value, bool) or not isinstance(value, str):
        return f'<table:table-cell{style} office:value-type="float" office:value="{value!r}"/>'
    if not value:
        return "<table:table-cell/>"
    text = clean(value)
    if len(text) > MOST_CHARACTERS:
        told = f" … (cut: {len(text):,} characters in all)"
        text = text[: MOST_CHARACTERS - len(told)] + told
    paragraphs = "".join(f"<text:p>{_paragraph(line)}</text:p>" for line in text.splitlines() or [""])
    return f'<table:table-cell{style} office:value-type="string">{paragraphs}</table:table-cell>'


def _paragraph(line: str) -> str:
    """A line as OpenDocument keeps it: spaces that stand together are counted, as XML would make one of them."""
    plain = escape(line.replace("\t", "    "))  # LibreOffice drops tabs from cells
    return _SPACES.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', plain)


__all__ = ["LongTable", "write"]
