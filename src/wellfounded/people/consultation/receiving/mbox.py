"""Messages in files: single ones (.eml), mailboxes (mbox), and folders of either, Maildir among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_FROM = re.compile(rb"From \S.*\d\d:\d\d.*\d{4}\b")  # the line between messages ends in a date
_HEADER = re.compile(rb"[!-9;-~]{1,60}:[ \t\r\n]")
_LARGEST = 100_000_000  # bytes of one message


class NoMailThere(ValueError):
    """The path leads to no message."""


@dataclass(frozen=True)
class Found:
    """A message in a file, or a file that is none: `refused` says why."""

    source: str  # the file, and which message of it, counted from 1
    raw: bytes = field(default=b"", repr=False)
    refused: str = ""


def each(path: Path) -> Iterator[Found]:
    """Every message at `path`, in order; of a folder, those in the folders within, too. Raises NoMailThere."""
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file() and not file.is_symlink()]
        if not files:
            raise NoMailThere(f"{path}: this folder has no files: expected .eml files, mailboxes (mbox) or a Maildir")
        for file in files:
            yield from _file(file, str(file.relative_to(path)))
    elif path.is_file():
        yield from _file(path, path.name)
    else:
        raise NoMailThere(f"{path}: there is no such file: expected an .eml file, an mbox, or a folder of them")


def _file(path: Path, shown: str) -> Iterator[Found]:
    with path.open("rb") as file:
        start = file.read(65_536)
    if _FROM.match(start.split(b"\n", 1)[0].rstrip()):
        yield from _mailbox(path, shown)
    elif path.suffix.lower() != ".eml" and not _looks_like_mail(start):
        yield Found(shown, refused="it is no message: expected headers such as From: and Date: at its start")
    elif path.stat().st_size > _LARGEST:
        yield Found(shown, refused=f"it has more than {_LARGEST / 1e6:.0f} MB")
    else:
        yield Found(shown, path.read_bytes())


def _looks_like_mail(start: bytes) -> bool:
    """Whether the first lines are headers, one of them that of a sender, a date or a receiver."""
    head = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    lines = re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines()
    names = {line.split(b":", 1)[0].lower() for line in lines}
    return all(_HEADER.match(line + b"\n") for line in lines) and bool(names & {b"from", b"date", b"received", b"to"})


def _mailbox(path: Path, shown: str) -> Iterator[Found]:
    """The messages of a mbox: a line "From … date" after a blank line begins the next."""
    lines: list[bytes] = []
    number, size, blank = 0, 0, True
    with path.open("rb") as file:
        for line in file:
            if blank and line.startswith(b"From ") and _FROM.match(line.rstrip()):
                if number:
                    yield _message(f"{shown} {number}", lines, size)
                lines, size, number = [], 0, number + 1
            else:
                size += len(line)
                if size <= _LARGEST:
                    lines.append(line[1:] if re.match(rb">+From ", line) else line)
            blank = not line.strip()
    yield _message(f"{shown} {number}", lines, size)


def _message(source: str, lines: list[bytes], size: int) -> Found:
    if size > _LARGEST:
        return Found(source, refused=f"it has more than {_LARGEST / 1e6:.0f} MB")
    raw = b"".join(lines)
    for end in (b"\r\n", b"\n"):  # the blank line before the next message is the mailbox's
        if raw.endswith(end * 2):
            return Found(source, raw.removesuffix(end))
    return Found(source, raw)
