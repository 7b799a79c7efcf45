"""The editions on the site: which are frozen, what each says, and how a page stands to the latest."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import msgspec
from django.conf import settings

from wellfounded.publishing.editions import shelf as frozen
from wellfounded.web.keeping import Kept
from wellfounded.web.publication import LOOK_AGAIN_AFTER, Opened

NOWHERE = "/no/editions"  # a folder that isn't there
KEPT = 3  # earlier editions that are held in memory at a time


class Said(msgspec.Struct, frozen=True):
    """A conclusion as an edition says it; all else of it is passed over when it is read."""

    id: str
    state: str
    sentence: str
    verdict: str
    sureness: str = ""
    holds: int = 0
    of: int = 0
    as_written: bool = True


class _Sayings(msgspec.Struct, frozen=True):
    conclusions: tuple[Said, ...]


@dataclass(frozen=True)
class Standing:
    """How what a page shows stands to the editions."""

    shown: int  # the number of the edition; 0 for the working version
    latest: int  # 0 where none has been frozen
    within: bool  # at the edition's own address
    corrected_by: int = 0
    correction: str = ""

    @property
    def working(self) -> bool:
        return self.shown == 0

    @property
    def earlier(self) -> bool:
        return 0 < self.shown < self.latest


class Editions:
    """The frozen editions in a folder, looked at again when a moment has passed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._every: tuple[frozen.Frozen, ...] = ()
        self._seen = -1
        self._looked = float("-inf")
        self._lock = Lock()
        self._opened: Kept[int, Opened] = Kept(size=4 * KEPT)
        self._sayings: dict[int, dict[str, Said]] = {}

    def every(self) -> tuple[frozen.Frozen, ...]:
        """All editions, newest first. One whose record can't be read stops the listing: raises UnreadableEdition."""
        now = time.monotonic()
        if now - self._looked < LOOK_AGAIN_AFTER:
            return self._every
        with self._lock:
            try:
                seen = self.folder.stat().st_mtime_ns
            except OSError:
                seen = -1
            if seen != self._seen:
                self._every = frozen.listing(self.folder) if seen >= 0 else ()
                self._seen = seen
            self._looked = now
        return self._every

    def one(self, number: int) -> frozen.Frozen:
        """The edition of a number. Raises NoSuchEdition."""
        for edition in self.every():
            if edition.number == number:
                return edition
        raise frozen.NoSuchEdition(f"there is no edition {number}: {frozen.told(self.every())}")

    def latest(self) -> frozen.Frozen | None:
        """The edition of the highest number, or None."""
        every = self.every()
        return every[0] if every else None

    def opened(self, number: int) -> Opened:
        """What an edition published. Raises NoSuchEdition."""
        edition = self.one(number)
        kept = self._opened.get(number)
        return kept if kept is not None else self._opened.put(number, Opened(edition.folder), size=4)

    def sayings(self, number: int) -> Mapping[str, Said]:
        """What an edition says of each of its published conclusions, by id. Raises NoSuchEdition."""
        if number not in self._sayings:
            data = (self.one(number).folder / "publication.json").read_bytes()
            read = msgspec.json.decode(data, type=_Sayings).conclusions
            self._sayings[number] = {each.id: each for each in read if each.state == "published"}
        return self._sayings[number]

    def saying(self, identifier: str) -> list[tuple[frozen.Frozen, Said | None]]:
        """What each edition says of a conclusion, newest first; without those before it was first published."""
        found = [(edition, self.sayings(edition.number).get(identifier)) for edition in self.every()]
        while found and found[-1][1] is None:
            found.pop()
        return found

    def state(self) -> str:
        """What changes when an edition is added or corrected."""
        return f"{self._seen} {len(self.every())}"


@lru_cache(maxsize=4)
def _editions(folder: str) -> Editions:
    return Editions(Path(folder))


def editions() -> Editions:
    """The editions in the folder that the setting WELLFOUNDED_EDITIONS names; none where it names none."""
    return _editions(str(settings.WELLFOUNDED_EDITIONS or NOWHERE))


def pointer() -> str:
    """The folder that the site shows: the latest edition's, or the working version's."""
    if not settings.WELLFOUNDED_WORKING and settings.WELLFOUNDED_EDITIONS:
        latest = Path(settings.WELLFOUNDED_EDITIONS) / frozen.LATEST
        if (latest / "publication.json").is_file():
            return str(latest)
    return str(settings.WELLFOUNDED_PUBLICATION or "")


def standing(opened: Opened, *, within: bool) -> Standing:
    """How a publication that is shown stands to the editions."""
    edition = opened.shown.edition
    latest = editions().latest()
    if edition is None:
        return Standing(0, latest.number if latest else 0, within)
    record = next((each for each in editions().every() if each.number == edition.number), None)
    return Standing(
        edition.number,
        max(latest.number if latest else 0, edition.number),
        within,
        corrected_by=record.corrected_by if record else 0,
        correction=record.correction if record else "",
    )


def forget() -> None:
    """Forgets all that was kept; for tests."""
    _editions.cache_clear()
