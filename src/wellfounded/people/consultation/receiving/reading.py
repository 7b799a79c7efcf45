"""The text of files, read in a process of its own that may take so much time and memory, and no more."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from wellfounded.people.consultation.receiving.types import File

LONGEST = 1_000_000  # characters of text that are kept
_SECONDS = 30
_MEMORY = 1_500_000_000
_PICTURES = frozenset({"png", "jpeg", "gif", "webp"})


@dataclass(frozen=True)
class Reading:
    """The text of a file; `trouble` says in words what kept it from being read, or that it was cut."""

    text: str = ""
    trouble: str = ""


def read_text(file: File, *, seconds: float = _SECONDS, memory: int = _MEMORY) -> Reading:
    """The text of `file`, for people to read; empty with the reason where there is none."""
    if file.refused:
        return Reading(trouble=f"it was not taken: {file.refused}")
    if file.kind in _PICTURES:
        return Reading(trouble="it is a picture: what it shows has to be typed in")
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, file.kind, str(memory)],
            input=file.content, capture_output=True, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Reading(trouble=f"it could not be read within {seconds:.0f} seconds")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return Reading(trouble="it could not be read within the memory that reading may take")
    return Reading(**answer)


def text_in(kind: str, content: bytes) -> Reading:
    """The text of a file of this kind, read here and now."""
    pieces: list[str] = []
    length = 0
    try:
        for piece in _PIECES[kind](content):
            pieces.append(piece)
            length += len(piece) + 1
            if length > LONGEST:
                text = _plain("\n".join(pieces))[:LONGEST]
                return Reading(text, f"only its first {LONGEST:,} characters are shown")
    except Exception as error:  # whatever a reader makes of a hostile file
        return Reading(_plain("\n".join(pieces)), f"it could not be read to the end ({type(error).__name__})")
    text = _plain("\n".join(pieces))
    if not text.strip():
        return Reading(trouble="there is no text in it; a scan has to be typed in" if kind == "pdf" else "it is empty")
    return Reading(text)


def _plain(text: str) -> str:
    from wellfounded.people.consultation.receiving.charsets import plain

    return plain(text).strip("\n")


def _pdf(content: bytes) -> Iterator[str]:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise PermissionError("a password is needed")
    for page in reader.pages:
        yield page.extract_text()


def _docx(content: bytes) -> Iterator[str]:
    from docx import Document
    from docx.table import Table

    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            yield from ("\t".join(cell.text for cell in row.cells) for row in block.rows)
        else:
            yield block.text


def _sheets(content: bytes) -> Iterator[str]:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in workbook.sheet_names:
        yield name
        for row in workbook.get_sheet_by_name(name).iter_rows():
            yield "\t".join(str(cell) for cell in row).rstrip("\t")


def _text(content: bytes) -> Iterator[str]:
    from wellfounded.people.consultation.receiving.charsets import decode

    yield decode(content)[0]


_PIECES = {"pdf": _pdf, "docx": _docx, "xlsx": _sheets, "ods": _sheets, "csv": _text, "txt": _text}


def _main() -> None:
    import resource

    memory = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    reading = text_in(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.write(json.dumps({"text": reading.text, "trouble": reading.trouble}))


if __name__ == "__main__":
    _main()
