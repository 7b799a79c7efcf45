"""The publication that the pages show: read from its folder, kept, and read again when the folder changes."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TypeVar

import msgspec

from wellfounded.publishing.model import (
    FORMAT,
    AreaRef,
    ChapterRef,
    IndicatorRef,
    Publication,
    ShownArea,
    ShownConclusion,
    ShownIndicator,
)
from wellfounded.web.keeping import Kept

_log = logging.getLogger(__name__)
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,200}")  # a disk that is asked for a longer one fails
LOOK_AGAIN_AFTER = 1.0  # seconds between two looks at the pointer

Shown = TypeVar("Shown", ShownIndicator, ShownArea)


class NothingPublished(LookupError):
    """There is no publication to show yet."""


class UnreadablePublication(ValueError):
    """The folder holds a publication of another format, or one that is damaged."""


class NotInPublication(LookupError):
    """The publication has no such thing."""


def slug(code: str) -> str:
    """An area's code as it stands in an address and a file name: without the colon of `place:…`."""
    return code.replace(":", "-")


class Opened:
    """A publication that has been read; its indicators and areas are read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = _read(folder / "publication.json", Publication)
        if self.shown.format != FORMAT:
            raise UnreadablePublication(
                f"{folder / 'publication.json'} has format {self.shown.format}, this version reads {FORMAT}: "
                "build it again"
            )
        self._details: Kept[tuple[str, str], ShownIndicator | ShownArea] = Kept(size=600)

    @cached_property
    def conclusions(self) -> dict[str, ShownConclusion]:
        return {conclusion.id: conclusion for conclusion in self.shown.conclusions}

    @cached_property
    def chapters(self) -> dict[str, ChapterRef]:
        return {chapter.id: chapter for chapter in self.shown.chapters}

    @cached_property
    def indicator_refs(self) -> dict[str, IndicatorRef]:
        return {indicator.id: indicator for indicator in self.shown.indicators}

    @cached_property
    def area_refs(self) -> dict[str, AreaRef]:
        return {area.code: area for area in self.shown.areas}

    @cached_property
    def codes(self) -> dict[str, str]:
        """Area codes by the form that they have in addresses."""
        return {slug(area.code): area.code for area in self.shown.areas}

    @cached_property
    def indicators_by_release(self) -> dict[str, tuple[str, ...]]:
        """Which indicators use each release."""
        found: dict[str, list[str]] = {}
        for ref in self.shown.indicators:
            for release in self.indicator(ref.id).releases:
                found.setdefault(release, []).append(ref.id)
        return {release: tuple(ids) for release, ids in found.items()}

    def indicator(self, identifier: str) -> ShownIndicator:
        """The indicator `identifier`. Raises NotInPublication."""
        if identifier not in self.indicator_refs:
            raise NotInPublication(f"the publication has no indicator {identifier!r}")
        return self._detail("indicators", identifier, ShownIndicator)

    def area(self, code: str) -> ShownArea:
        """The area `code`. Raises NotInPublication."""
        if code not in self.area_refs:
            raise NotInPublication(f"the publication has no page for the area {code!r}")
        return self._detail("areas", code, ShownArea)

    def file(self, *parts: str) -> Path:
        """The path of a file of the publication. Raises NotInPublication, also for names that lead out of it."""
        if not all(_FILE_NAME.fullmatch(part) for part in parts):
            raise NotInPublication(f"{'/'.join(parts)!r} is not the name of a file of the publication")
        path = self.folder.joinpath(*parts)
        if not path.is_file() or not path.resolve().is_relative_to(self.folder.resolve()):
            raise NotInPublication(f"the publication has no file {'/'.join(parts)!r}")
        return path

    def files(self, folder: str) -> tuple[Path, ...]:
        """The files directly in `folder` of the publication, by name."""
        return tuple(sorted(path for path in (self.folder / folder).glob("*") if path.is_file()))

    def _detail(self, kind: str, identifier: str, type_: type[Shown]) -> Shown:
        kept = self._details.get((kind, identifier))
        if isinstance(kept, type_):
            return kept
        path = next(
            (
                path
                for name in (identifier, slug(identifier))
                if (path := self.folder / kind / f"{name}.json").is_file()
            ),
            None,
        )
        if path is None:
            raise NotInPublication(
                f"the publication names {identifier!r} but has no {kind}/{identifier}.json: build it again"
            )
        value = _read(path, type_)
        self._details.put((kind, identifier), value)
        return value


class Shelf:
    """Where the publication in use is found: a folder, or a link to one that a build moves on."""

    def __init__(self, pointer: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pointer = pointer
        self._clock = clock
        self._lock = Lock()
        self._opened: Opened | None = None
        self._seen: tuple[str, int, int] | None = None
        self._looked = float("-inf")

    def current(self) -> Opened:
        """The publication in use. One that can't be read leaves the one before in use; raises where there is none."""
        now = self._clock()
        if self._opened is not None and now - self._looked < LOOK_AGAIN_AFTER:
            return self._opened
        with self._lock:
            self._looked = now
            try:
                folder = self._pointer.resolve()
                state = (folder / "publication.json").stat()
            except OSError:
                if self._opened is not None:
                    return self._opened
                raise NothingPublished(f"{self._pointer} holds no publication.json: run `wellfounded build`") from None
            seen = (str(folder), state.st_mtime_ns, state.st_size)
            if self._opened is None or seen != self._seen:
                try:
                    self._opened = Opened(folder)
                except UnreadablePublication:
                    if self._opened is None:
                        raise
                    _log.exception("the new publication can't be read; the one before stays in use")
                self._seen = seen
            return self._opened


T = TypeVar("T")


def _read(path: Path, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=type_)
    except (msgspec.DecodeError, OSError) as error:
        raise UnreadablePublication(f"{path} can't be read as {type_.__name__}: {error}; build it again") from error
