"""Files kept by their content: originals of messages, and what came with them. A file, once written, never changes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")


class NotKept(LookupError):
    """No file with this hash is kept, or what is kept under it has been damaged."""


@dataclass(frozen=True)
class Store:
    """A folder of files, each named by the SHA-256 of its content. It belongs outside of what the web serves."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """The hash under which `content` is kept. When this returns, it is on the disk."""
        name = hashlib.sha256(content).hexdigest()
        path = self.path(name)
        if path.exists():
            os.utime(path)  # somebody needs it anew
            return name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(made).chmod(0o400)
            Path(made).replace(path)
        except BaseException:
            Path(made).unlink(missing_ok=True)
            raise
        _sync(path.parent)
        return name

    def read(self, name: str) -> bytes:
        """The content kept under a hash. Raises NotKept where there is none, or where it isn't what it was."""
        try:
            content = self.path(name).read_bytes()
        except FileNotFoundError:
            raise NotKept(f"no file {name[:12]}… is kept in {self.folder}") from None
        if hashlib.sha256(content).hexdigest() != name:
            raise NotKept(f"the file {name[:12]}… in {self.folder} is not what it was: restore it from a copy")
        return content

    def path(self, name: str) -> Path:
        """Where the file of this hash is, or would be."""
        if not _HASH.fullmatch(name):
            raise NotKept(f"{name[:80]!r} is no hash of a kept file")
        return self.folder / name[:2] / name

    def remove(self, name: str) -> bool:
        """Whether there was a file to take away: an erasure that somebody has a right to."""
        path = self.path(name)
        if not path.exists():
            return False
        path.unlink()
        _sync(path.parent)
        return True

    def names(self, *, before: datetime | None = None) -> Iterator[str]:
        """The hashes of all files that are kept, or of those that were last given to it before a time."""
        for path in sorted(self.folder.glob("??/*")):
            if _HASH.fullmatch(path.name) and (before is None or path.stat().st_mtime < before.timestamp()):
                yield path.name


def _sync(folder: Path) -> None:
    """Makes sure that the folder's list of files is on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
