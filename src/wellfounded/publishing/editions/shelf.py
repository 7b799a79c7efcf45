"""The editions of a base: a folder each by number, with a link to the latest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

FOLDER, LATEST, RECORD = "editions", "latest", "edition.json"


class NoSuchEdition(LookupError):
    """There is no edition of that number."""


class UnreadableEdition(ValueError):
    """The record of an edition can't be read."""


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an edition's folder says of it (edition.json)."""

    number: int
    date: str  # ISO
    title: str
    place: str
    built_at: str
    digest: str  # of what it says
    version: str  # of the software
    made_from: str  # the hash of the base's files, the catalogue and the code
    previous: int = 0
    corrects: int = 0
    notice: str = ""


@dataclass(frozen=True)
class Frozen:
    """An edition on the shelf, with what later ones say of it."""

    record: Record
    folder: Path
    archive: Path | None
    corrected_by: int = 0
    correction: str = ""  # the notice of the edition that corrects it

    @property
    def number(self) -> int:
        return self.record.number

    @property
    def date(self) -> str:
        return self.record.date


def listing(editions: Path) -> tuple[Frozen, ...]:
    """Every edition in the folder, newest first; empty where there is none. Raises UnreadableEdition."""
    found = sorted(
        (int(path.name) for path in editions.glob("[0-9]*") if path.name.isdigit() and (path / RECORD).is_file()),
        reverse=True,
    )
    every = [_read(editions, number) for number in found]
    corrections = {edition.record.corrects: edition.record for edition in every if edition.record.corrects}
    return tuple(
        replace(edition, corrected_by=by.number, correction=by.notice)
        if (by := corrections.get(edition.number)) is not None
        else edition
        for edition in every
    )


def one(editions: Path, number: int) -> Frozen:
    """The edition of a number. Raises NoSuchEdition."""
    every = listing(editions)
    for edition in every:
        if edition.number == number:
            return edition
    raise NoSuchEdition(f"there is no edition {number} in {editions}: {told(every)}")


def latest(editions: Path) -> Frozen | None:
    """The edition of the highest number, or None."""
    every = listing(editions)
    return every[0] if every else None


def told(every: Sequence[Frozen]) -> str:
    """Which editions there are, for a message."""
    if not every:
        return "none has been frozen yet"
    return f"there are {', '.join(str(edition.number) for edition in reversed(every))}"


def archive_of(editions: Path, *, base: str, number: int) -> Path:
    """Where the archive of an edition stands."""
    return editions / f"{base}-edition-{number}.zip"


def _read(editions: Path, number: int) -> Frozen:
    path = editions / str(number) / RECORD
    try:
        record = msgspec.json.decode(path.read_bytes(), type=Record)
    except (msgspec.DecodeError, OSError) as error:
        raise UnreadableEdition(f"{path} is no record of an edition: {error}") from error
    archive = next(iter(sorted(editions.glob(f"*-edition-{number}.zip"))), None)
    return Frozen(record, path.parent, archive)


__all__ = [
    "FOLDER", "LATEST", "RECORD",
    "Frozen", "NoSuchEdition", "Record", "UnreadableEdition", "archive_of", "latest", "listing", "one", "told",
]  # fmt: skip
