"""Files that come with responses: known by their content, refused where they can run, kept, and read within bounds."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people.consultation.corpus import CSV, PDF, PNG, office, zipped
from wellfounded.people.consultation.receiving.attachments import clean_name, look
from wellfounded.people.consultation.receiving.reading import read_text
from wellfounded.people.consultation.receiving.store import NotKept, Store

XLSX_MAIN, DOCX_MAIN = "spreadsheetml.sheet.main+xml", "wordprocessingml.document.main+xml"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
SAID = "The survey leaves out the self-employed, says Siân."


def made_docx() -> bytes:
    from docx import Document

    document = Document()
    document.add_paragraph(SAID)
    document.add_table(1, 2).rows[0].cells[1].text = "310"
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def made_xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["year", SAID])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def made_ods() -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    sheet = OpenDocumentSpreadsheet()
    table, row, cell = Table(name="Jobs"), TableRow(), TableCell(valuetype="string")
    cell.addElement(P(text=SAID))
    row.addElement(cell)
    table.addElement(row)
    sheet.spreadsheet.addElement(table)
    held = io.BytesIO()
    sheet.save(held)
    return held.getvalue()


def made_pdf() -> bytes:
    import typst

    return typst.compile(SAID.encode())


READABLE = {
    "docx": made_docx,
    "xlsx": made_xlsx,
    "ods": made_ods,
    "pdf": made_pdf,
    "csv": SAID.encode,
    "txt": SAID.encode,
}


@pytest.mark.parametrize("kind", READABLE)
def test_the_text_of_a_file_is_read_whatever_type_was_claimed(kind):
    file = look(f"evidence.{kind}", "application/octet-stream", READABLE[kind]())
    assert (file.kind, file.refused, file.name) == (kind, "", f"evidence.{kind}")
    reading = read_text(file)
    assert SAID in reading.text
    assert reading.trouble == ""


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"\x7fELF" + bytes(100), "program"),
        ("a.txt", b"#!/bin/sh\nrm -rf x\n", "script"),
        ("a.js", b"alert(1)", "script"),
        ("a.csv", b"<!DOCTYPE html><script>", "web page"),
        ("a.png", b"<svg onload='x'/>", "web page"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office"),
        ("a.pdf", PDF.replace(b"/Kids", b"/JavaScript (app.alert(1)) /Kids"), "can run"),
        ("a.pdf", PDF.replace(b"/Kids", b"/Launch /Kids"), "can run"),
        ("a.docx", office(DOCX_MAIN, **{"word/vbaProject.bin": b"x"}), "macros"),
        ("a.xlsx", office("vnd.ms-excel.sheet.macroEnabled.main+xml"), "macros"),
        ("a.xlsx", office(XLSX_MAIN, **{"xl/activeX/activeX1.xml": b"x"}), "embedded object"),
        ("a.docx", office(DOCX_MAIN, **{"word/embeddings/oleObject1.bin": b"x"}), "embedded object"),
        ("a.docx", office(DOCX_MAIN, **{"word/_rels/settings.xml.rels": '<R TargetMode="External"/>'}), "template"),
        ("a.ods", zipped(mimetype=ODS_TYPE, **{"Basic/script-lc.xml": "x"}), "macros"),
        ("a.xlsx", office(XLSX_MAIN)[:-30], "damaged"),
        ("a.docx", zipped(**{f"f{number}": "" for number in range(5_100)}), "archive of 5,100"),
        ("a.zip", zipped(**{"a.csv": CSV}), "archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "files may be PDF"),
        ("a.csv", bytes(200), "files may be PDF"),
        ("a.unknown", b"words", "files may be PDF"),
        ("a.csv", b"x" * 20_000_001, "20 MB"),
    ],
)  # fmt: skip
def test_what_could_run_or_is_no_kind_that_is_taken_is_refused_with_the_reason(name, content, reason):
    file = look(name, "text/csv" if name.endswith("csv") else "", content)
    assert reason in file.refused
    assert file.kind == ""
    assert read_text(file).trouble.startswith("it was not taken: ")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.csv", "a.csv"),
        ("evil\u202efdp.csv", "evilfdp.csv"),
        ("a\r\nSet-Cookie: x.csv", "a Set-Cookie_ x.csv"),
        ('q"u<o>te.csv', "q_u_o_te.csv"),
        ("  ..  ", "attachment"),
        ("", "attachment"),
        ("NUL.csv", "_NUL.csv"),
        ("con." + "x" * 116, "_con." + "x" * 115),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        ("arolwg tŷ.csv", "arolwg tŷ.csv"),
    ],
)
def test_a_files_name_is_made_harmless_and_stays_readable(given, kept):
    assert clean_name(given) == kept


@given(st.text(max_size=150))
def test_no_name_leaves_its_folder(name):
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= 120
    assert not set(cleaned) & set('/\\\r\n\x00"')
    assert cleaned.strip(".")
    assert clean_name(cleaned) == cleaned


def test_a_scan_says_that_it_has_to_be_typed_in():
    assert "typed in" in read_text(look("scan.png", "image/png", PNG)).trouble


def test_a_file_that_takes_too_long_is_given_up():
    reading = read_text(look("a.docx", "", made_docx()), seconds=0.01)
    assert "within" in reading.trouble
    assert reading.text == ""


def test_a_file_that_would_fill_the_memory_is_given_up():
    # 100 MB of one paragraph, in a file of 100 kB.
    paragraph = b"<w:p><w:r><w:t>" + b"x" * 100_000_000 + b"</w:t></w:r></w:p>"
    source = made_docx()
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "word/document.xml":
                content = content.replace(b"<w:body>", b"<w:body>" + paragraph)
            new.writestr(member.filename, content)
    file = look("big.docx", "", held.getvalue())
    assert file.refused == ""
    reading = read_text(file, memory=300_000_000)
    assert "memory" in reading.trouble or "MemoryError" in reading.trouble or "XML" in reading.trouble
    assert reading.text == ""


def test_a_file_is_kept_once_by_its_content_and_comes_back_the_same(tmp_path):
    store = Store(tmp_path / "uploads")
    name = store.keep(PNG)
    assert store.keep(PNG) == name
    assert store.read(name) == PNG
    assert list(store.names()) == [name]
    assert stat.S_IMODE(store.path(name).stat().st_mode) == 0o400
    assert store.remove(name)
    assert not store.remove(name)
    with pytest.raises(NotKept, match="no file"):
        store.read(name)


def test_a_file_that_was_changed_on_the_disk_is_not_given_out(tmp_path):
    store = Store(tmp_path)
    name = store.keep(CSV)
    store.path(name).chmod(0o600)
    store.path(name).write_bytes(b"other")
    with pytest.raises(NotKept, match="not what it was"):
        store.read(name)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_what_is_no_hash_leads_to_no_file(tmp_path, name):
    with pytest.raises(NotKept, match="no hash"):
        Store(tmp_path).path(name)
