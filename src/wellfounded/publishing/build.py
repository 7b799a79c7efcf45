"""The build: one evaluation of a base written as a publication, the previous one left in place until it is whole."""

from __future__ import annotations

import ctypes
import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from wellfounded.evidence.located import BaseErrors, Problem, read_toml
from wellfounded.priorities.evaluate import SAID_FILE, write_said
from wellfounded.priorities.types import Said
from wellfounded.publishing.drawing import draw
from wellfounded.publishing.model import Publication
from wellfounded.publishing.publication import Made, make

CACHE = "cache"
STAMP = "made-from"
Say = Callable[[str], None]
_PACKAGE = Path(__file__).parents[1]
_MAKES = (
    "core",
    "analysis",
    "evidence",
    "conclusions",
    "priorities",
    "publishing",
)  # rooms whose code decides what is published


def build(
    folder: Path | str,
    *,
    to: Path,
    progress: Say | None = None,
    built_at: datetime | None = None,
    documents: bool = True,
    said: Mapping[str, Said] | None = None,
) -> Path:
    """The folder of the publication of the base in `folder`, which `to` then points to.

    It is written beside and swapped in when it is whole; where nothing has changed that it is made from, the present
    one stays. `documents` off leaves out the pack. `said` is what stakeholders said by conclusion id,
    in the stead of the base's said.json. Raises BaseErrors with every problem of the base's files in one run.
    """
    folder = Path(folder)
    say = progress or _silent
    stamp = made_from(folder, documents=documents, said=said)
    present = to.resolve()
    if _is_current(present, stamp):
        say("nothing has changed since the last build")
        return present
    made = make(folder, built_at=(built_at or datetime.now(UTC)).astimezone(UTC), say=say, said=said)
    to.parent.mkdir(parents=True, exist_ok=True)
    target = to.parent / f"{to.name}-{stamp[:12]}"
    beside = to.parent / f".{target.name}.{os.getpid()}.part"  # two builds at once do not meet
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        write(made, beside, base=folder, cache=to.parent / CACHE, say=say, documents=documents)
        (beside / STAMP).write_text(stamp + "\n", encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    point(to, target)
    _tidy(to, keep={target, present})
    return target


def made_from(folder: Path, *, documents: bool = True, said: Mapping[str, Said] | None = None) -> str:
    """The hash of all that a publication is made from: the base's files, the catalogue, and the code that makes it.

    With `said`, the hash of a base that carries it as its said.json.
    """
    from wellfounded.evidence.catalogue import DATA

    digest = hashlib.sha256(b"documents" if documents else b"")
    for root, paths in (
        (folder, files_of(folder, leave_out={"build", "editions"})),
        (DATA, files_of(DATA)),
        *((_PACKAGE / room, files_of(_PACKAGE / room, endings={".py", ".j2", ".css", ".typ"})) for room in _MAKES),
    ):
        given = {folder / SAID_FILE: write_said(said)} if said is not None and root == folder else {}
        for path in sorted({*paths, *given}):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(given[path] if path in given else path.read_bytes()).digest())
    return digest.hexdigest()


def digest_of(publication: Publication) -> str:
    """The hash of what a publication says, whenever it was built."""
    plain = msgspec.structs.replace(publication, digest="", built_at="")
    return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()


def _silent(_: str) -> None:
    """Says nothing."""


def write(made: Made, folder: Path, *, base: Path, cache: Path, say: Say, documents: bool) -> None:
    """Nothing; writes all of a publication into `folder`: drawings, data for pages, open data, documents, manifest."""
    from wellfounded.publishing import documents as document_files
    from wellfounded.publishing import opendata, slides

    template = _template(base, made.publication)
    _give_back()
    if logo := made.publication.brand.get("logo"):
        (folder / logo).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(base / logo, folder / logo)
    say("writing pages' data")
    publication = msgspec.structs.replace(made.publication, digest=digest_of(made.publication))
    _json(folder / "publication.json", msgspec.json.encode(publication))
    for shown in made.indicators:
        _json(folder / "indicators" / f"{shown.id}.json", msgspec.json.encode(shown))
    for code, data in made.areas.items():
        _json(folder / "areas" / f"{code.replace(':', '-')}.json", data)
    with opendata.written_beside(publication, made.indicators, folder=folder):
        say(f"drawing {len(made.charts)} charts")
        draw(made.charts, to=folder / "charts", cache=cache / "charts", shared=made.shared, progress=say)
        _give_back()
        say("writing the open data")
    if documents:
        say("setting the summary and the evidence pack")
        document_files.write(publication, made.indicators, folder=folder)
        say("making the presentation")
        slides.write(publication, made.indicators, folder=folder, template=template)
    opendata.write_manifest(folder)


def _give_back() -> None:
    """Nothing; what reading the figures took and nobody holds goes back to the system, before documents take theirs."""
    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # a C library without it
        ctypes.CDLL(None).malloc_trim(0)


def _template(base: Path, publication: Publication) -> Path | None:
    """The presentation that the place's slides are added to. Raises BaseErrors where that is no use."""
    from wellfounded.publishing.slides.template import UnusableTemplate, check

    if not (name := publication.brand.get("template")):
        return None
    try:
        check(base / name)
    except UnusableTemplate as error:
        line = read_toml(base / "base.toml", shown_as="base.toml").line("brand", "template")
        raise BaseErrors([Problem("base.toml", line, f"`template` is no use: {error}")]) from error
    return base / name


def _json(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def files_of(folder: Path, *, leave_out: Iterable[str] = (), endings: Iterable[str] = ()) -> list[Path]:
    """The files below a folder by name, but for hidden ones and those in folders to leave out."""
    out, kept = set(leave_out), set(endings)
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not out & set(path.relative_to(folder).parts)
        and not any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
        and (not kept or path.suffix in kept)
    )


def _is_current(present: Path, stamp: str) -> bool:
    try:
        return (present / STAMP).read_text(encoding="utf-8").strip() == stamp and (
            present / "publication.json"
        ).is_file()
    except OSError:
        return False


def point(link: Path, target: Path) -> None:
    """Moves `link` on to `target` in one step; a folder that stood in its place is put away first."""
    beside = link.parent / f".{link.name}.{os.getpid()}.link"
    beside.unlink(missing_ok=True)
    beside.symlink_to(target.name, target_is_directory=True)
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    beside.replace(link)


def _tidy(link: Path, *, keep: set[Path]) -> None:
    """Takes earlier publications away, except those in `keep`: servers may still be reading the one before."""
    for path in link.parent.glob(f"{link.name}-*"):
        if path.is_dir() and not path.is_symlink() and path not in keep and (path / STAMP).is_file():
            shutil.rmtree(path, ignore_errors=True)


__all__ = ["build", "digest_of", "files_of", "made_from", "point", "write"]
