"""Freezing: a publication built as the next edition beside the shelf, made read-only, and put on it in one step."""

from __future__ import annotations

import fcntl
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from wellfounded.priorities.evaluate import SAID_FILE, write_said
from wellfounded.priorities.types import Said
from wellfounded.publishing import build, changes, documents, naming
from wellfounded.publishing.archive import archive
from wellfounded.publishing.editions import shelf
from wellfounded.publishing.editions.obstacles import Obstacle, obstacles
from wellfounded.publishing.model import Changes, EditionRef
from wellfounded.publishing.publication import Made, make

Say = Callable[[str], None]
BASE, DECISIONS = "base", "decisions.json"
NOT_THE_BASES = frozenset({"build", shelf.FOLDER})  # folders of a base that hold what is made from it
_LOCK = ".freezing"


class NotReady(ValueError):
    """A publication that can't be frozen yet, with every obstacle."""

    def __init__(self, found: tuple[Obstacle, ...]) -> None:
        self.obstacles = found
        count = "1 obstacle" if len(found) == 1 else f"{len(found)} obstacles"
        super().__init__("\n".join([*map(str, found), f"{count}; nothing was frozen."]))


class NothingChanged(ValueError):
    """The base says what its latest edition says."""


class BeingFrozen(RuntimeError):
    """Another freeze is at work on these editions."""


class NoNotice(ValueError):
    """A correction that does not say what it corrects."""


def freeze(
    base: Path,
    *,
    editions: Path,
    on: date | None = None,
    corrects: int = 0,
    notice: str = "",
    even_if_unchanged: bool = False,
    decisions: Mapping[str, object] | None = None,
    said: Mapping[str, Said] | None = None,
    cache: Path | None = None,
    built_at: datetime | None = None,
    progress: Say | None = None,
) -> shelf.Frozen:
    """The next edition of the base in the folder `base`, now on the shelf `editions`, and the latest.

    `cache` is where drawings are kept between builds. `said` is what stakeholders said by conclusion id, which the
    edition carries as its base's said.json. A correction names the edition that it corrects and says in
    `notice` what was wrong. Raises NotReady, NothingChanged, BeingFrozen, NoNotice, NoSuchEdition, BaseErrors; in each
    case the shelf is as it was.
    """
    say = progress or (lambda _: None)
    _check_correction(editions, corrects, notice)
    moment = (built_at or datetime.now(UTC)).astimezone(UTC)
    with _alone(editions):
        before = shelf.latest(editions)
        stamp = build.made_from(base, said=said)
        made = make(base, built_at=moment, say=say, said=said)
        found = obstacles(made.publication, made.indicators)
        if found:
            raise NotReady(found)
        say("comparing with the edition before")
        since = None
        if before is not None:
            old = documents.read(before.folder)
            since = changes.between(old, (made.publication, made.indicators))
            unchanged = changes.is_empty(since) and changes.same_texts(old[0], made.publication)
            if unchanged and not even_if_unchanged and not corrects:
                raise NothingChanged(
                    f"nothing has changed since edition {before.number} of {before.date}; "
                    "`--even-if-unchanged` freezes it all the same"
                )
        number = before.number + 1 if before is not None else 1
        edition = EditionRef(
            number,
            (on or naming.day_at(moment)).isoformat(),
            previous=before.number if before is not None else 0,
            corrects=corrects,
            notice=notice,
        )
        made = with_edition(made, edition, since)
        beside = editions / f".{number}.part"
        _clear(editions)
        try:
            drawings = cache or base / "build" / "cache"
            write_whole(
                made, beside, base=base, made_from=stamp, decisions=decisions or {}, cache=drawings, say=say, said=said
            )
            say("packing the archive")
            packed = shelf.archive_of(editions, base=made.publication.base, number=number)
            packed.unlink(missing_ok=True)  # of a freeze that was stopped before its folder was in place
            archive(beside, to=packed, name=packed.stem)
            _read_only(beside, packed)
            beside.rename(editions / str(number))
            (editions / str(number)).chmod(0o555)
        except BaseException:
            _remove(beside)
            raise
        build.point(editions / shelf.LATEST, editions / str(number))
    say(f"edition {number} is frozen")
    return shelf.one(editions, number)


def with_edition(made: Made, edition: EditionRef, since: Changes | None) -> Made:
    """What was made, as an edition: with its number and date, and what changed since the one before."""
    if since is not None:
        since = msgspec.structs.replace(since, to=edition)
    publication = msgspec.structs.replace(made.publication, edition=edition, changes=since)
    return Made(publication, made.indicators, made.areas, made.charts, made.shared)


def write_whole(
    made: Made,
    folder: Path,
    *,
    base: Path,
    made_from: str,
    decisions: Mapping[str, object],
    cache: Path,
    say: Say,
    said: Mapping[str, Said] | None = None,
) -> None:
    """Nothing; writes all of an edition into `folder`: publication, the base's own files, record, manifest."""
    edition = made.publication.edition
    assert edition is not None
    folder.mkdir(parents=True)
    _copy(base, folder / BASE)
    if said is not None:
        (folder / BASE / SAID_FILE).write_bytes(write_said(said))
    (folder / DECISIONS).write_bytes(
        msgspec.json.format(msgspec.json.encode(dict(decisions), order="sorted"), indent=1)
    )
    record = shelf.Record(
        number=edition.number,
        date=edition.date,
        title=made.publication.title,
        place=made.publication.name,
        built_at=made.publication.built_at,
        digest=build.digest_of(made.publication),
        version=made.publication.version,
        made_from=made_from,
        previous=edition.previous,
        corrects=edition.corrects,
        notice=edition.notice,
    )
    (folder / shelf.RECORD).write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
    build.write(made, folder, base=base, cache=cache, say=say, documents=True)


def _check_correction(editions: Path, corrects: int, notice: str) -> None:
    if corrects:
        shelf.one(editions, corrects)
        if not notice.strip():
            raise NoNotice(f"a correction of edition {corrects} has to say what was wrong: give --notice")
    elif notice:
        raise NoNotice("a notice belongs to a correction: say which edition with --corrects")


@contextmanager
def _alone(editions: Path) -> Iterator[None]:
    """Holds the shelf against other freezes."""
    editions.mkdir(parents=True, exist_ok=True)
    with (editions / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BeingFrozen(f"another edition is being frozen in {editions}: wait until it is done") from None
        yield


def _clear(editions: Path) -> None:
    """Takes away what a freeze that was stopped has left."""
    for left in editions.glob(".*.part"):
        _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir():
        for each in (path, *path.rglob("*")):
            if each.is_dir() and not each.is_symlink():
                each.chmod(stat.S_IRWXU)
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _copy(base: Path, to: Path) -> None:
    for path in build.files_of(base, leave_out=NOT_THE_BASES):
        target = to / path.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _read_only(folder: Path, packed: Path) -> None:
    packed.chmod(0o444)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)


__all__ = ["BeingFrozen", "NoNotice", "NotReady", "NothingChanged", "freeze", "with_edition", "write_whole"]
