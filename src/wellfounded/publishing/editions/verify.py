"""Verifying an edition: every file against its hash, and the whole built again from what it carries and compared."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import msgspec

from wellfounded.publishing import build, documents
from wellfounded.publishing.editions import freeze, shelf
from wellfounded.publishing.publication import make

MANIFEST = "manifest.json"
MOST_BYTES, MOST_FILES = 2_000_000_000, 100_000  # no edition comes near; an archive that claims more is refused
_SHA256 = re.compile(r"[0-9a-f]{64}")
Say = Callable[[str], None]


class NotAnEdition(ValueError):
    """What was given is no edition: no manifest, no record, or an archive that can't be trusted."""


@dataclass(frozen=True)
class Verified:
    """What checking an edition came to. All lists are names of files."""

    record: shelf.Record
    files: int
    altered: tuple[str, ...]  # whose hash is not that of the manifest
    missing: tuple[str, ...]  # in the manifest only
    unknown: tuple[str, ...]  # in the folder only
    rebuilt: bool = False
    differing: tuple[str, ...] = ()  # that came out otherwise when it was built again
    why: str = ""  # where the software or the catalogue is not the one that it was made with

    @property
    def same(self) -> bool:
        return not (self.altered or self.missing or self.unknown or self.differing)


def verify(what: Path, *, rebuild: bool = False, cache: Path | None = None, progress: Say | None = None) -> Verified:
    """What checking the edition in `what`, a folder or an archive, came to; `rebuild` builds it again and compares.

    Raises NotAnEdition.
    """
    say = progress or (lambda _: None)
    with _opened(what) as folder:
        told = _checked(folder, what)
        say(f"{told.files} files compared with the manifest")
        return _rebuilt(folder, told, cache=cache, say=say) if rebuild else told


def _checked(folder: Path, what: Path) -> Verified:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        hashes = {str(name): str(each["sha256"]) for name, each in manifest.items()}
        record = msgspec.json.decode((folder / shelf.RECORD).read_bytes(), type=shelf.Record)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAnEdition(
            f"{what} is no edition: expected {MANIFEST} and {shelf.RECORD} as `wellfounded edition freeze` writes them "
            f"({error})"
        ) from error
    if not all(_SHA256.fullmatch(told) for told in hashes.values()):
        raise NotAnEdition(f"{what}: {MANIFEST} holds hashes that are no SHA-256")
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    altered = [name for name in sorted(there & hashes.keys()) if _hash(folder / name) != hashes[name]]
    return Verified(
        record, len(there), tuple(altered), tuple(sorted(hashes.keys() - there)), tuple(sorted(there - hashes.keys()))
    )


def _rebuilt(folder: Path, told: Verified, *, cache: Path | None, say: Say) -> Verified:
    record = told.record
    kept, _ = documents.read(folder)
    if kept.edition is None or not (folder / freeze.BASE / "base.toml").is_file():
        raise NotAnEdition(f"edition {record.number} does not carry the base that it was made from")
    base = folder / freeze.BASE
    decisions: Mapping[str, object] = json.loads((folder / freeze.DECISIONS).read_text(encoding="utf-8"))
    stamp = build.made_from(base)
    with TemporaryDirectory() as scratch:
        made = make(base, built_at=datetime.fromisoformat(record.built_at), say=say)
        made = freeze.with_edition(made, kept.edition, kept.changes)
        again = Path(scratch) / "again"
        freeze.write_whole(
            made,
            again,
            base=base,
            made_from=stamp,
            decisions=decisions,
            cache=cache or Path(scratch) / "cache",
            say=say,
        )
        old, new = _hashes(folder), _hashes(again)
    differing = tuple(sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)))
    why = ""
    if stamp != record.made_from:
        why = (
            f"it was made with version {record.version} of the software and its catalogue, and this is another one "
            f"(version {kept.version if made.publication.version == kept.version else made.publication.version}, "
            f"{stamp[:12]} in place of {record.made_from[:12]})"
        )
    return replace(told, rebuilt=True, differing=differing, why=why)


def _hashes(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): _hash(p) for p in folder.rglob("*") if p.is_file()}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _opened(what: Path) -> Iterator[Path]:
    """The folder of an edition; an archive is unpacked for as long as it is needed."""
    if what.is_dir():
        yield what.resolve()
        return
    if not what.is_file() or not zipfile.is_zipfile(what):
        raise NotAnEdition(f"{what} is neither an edition's folder nor its archive (a zip file)")
    with TemporaryDirectory() as scratch:
        yield _unpacked(what, Path(scratch))


def _unpacked(what: Path, to: Path) -> Path:
    """The folder in an archive, unpacked below `to`. Raises NotAnEdition where it leads out or is too big."""
    with zipfile.ZipFile(what) as file:
        entries = file.infolist()
        if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise NotAnEdition(f"{what} holds more than any edition: {len(entries)} files")
        name, times = Counter(entry.filename.rstrip("/") for entry in entries).most_common(1)[0] if entries else ("", 0)
        if times > 1:
            raise NotAnEdition(f"{what} holds {name!r} {times} times: which of them is meant is not known")
        tops = {PurePosixPath(entry.filename).parts[0] for entry in entries if entry.filename}
        for entry in entries:
            parts = PurePosixPath(entry.filename).parts
            if entry.filename.startswith("/") or ".." in parts or "\\" in entry.filename or ":" in entry.filename:
                raise NotAnEdition(f"{what} holds {entry.filename!r}, which leads out of it")
        if len(tops) != 1:
            raise NotAnEdition(f"{what} is no archive of an edition: expected one folder, found {len(tops)}")
        left = MOST_BYTES
        for entry in entries:
            if entry.is_dir():
                continue
            try:
                left -= _written(file, entry, to / entry.filename, most=left)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
                # RuntimeError is what zipfile raises for what is encrypted, and NotImplementedError is one
                raise NotAnEdition(
                    f"{what} is damaged or no archive of an edition: {entry.filename!r} can't be unpacked ({error}); "
                    "get the archive again"
                ) from error
            if left < 0:
                raise NotAnEdition(f"{what} holds more than it says")
    return to / tops.pop()


def _written(file: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, *, most: int) -> int:
    """How many bytes of an entry were unpacked into `target`: all of them, or a block more than `most`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with file.open(entry) as source, target.open("wb") as sink:
        while written <= most and (block := source.read(1 << 20)):
            written += len(block)
            sink.write(block)
    return written


__all__ = ["NotAnEdition", "Verified", "verify"]
