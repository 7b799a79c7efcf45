"""Zip files that are the same bytes whenever they are made: entries in order, without times, owners or chance."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold
_FIRST = ("mimetype", "[Content_Types].xml")  # what readers of OpenDocument and Office files expect first
_STORED = frozenset({"mimetype"})


def zipped(entries: Mapping[str, bytes | Path], *, to: Path) -> Path:
    """`to`, now a zip file of the entries: bytes, or files to read, by their names in it."""
    beside = to.with_name(f".{to.name}.part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        for name in sorted(entries, key=_order):
            given = entries[name]
            info = zipfile.ZipInfo(name, _BEGINNING)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            info.compress_type = zipfile.ZIP_STORED if name in _STORED else zipfile.ZIP_DEFLATED
            file.writestr(info, given if isinstance(given, bytes) else given.read_bytes())
    beside.replace(to)
    return to


def steady(made: bytes, *, to: Path) -> Path:
    """`to`, now the zip file `made` with the same entries and nothing in it that depends on when it was made."""
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        return zipped({name: file.read(name) for name in file.namelist()}, to=to)


def _order(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


__all__ = ["steady", "zipped"]
