"""The site as files: the same views, written to a folder that any web server, or a browser by itself, can show."""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from wellfounded.web.assets import COLLECTED, NoFrontEnd, made
from wellfounded.web.downloads import DOCUMENTS
from wellfounded.web.publication import Opened
from wellfounded.web.rewriting import rewritten

_MARK = ".wellfounded-site"
_UNHASHED = re.compile(r"\.map(\.gz)?$|\.gz$")


class NotOurFolder(FileExistsError):
    """The folder holds something else than a site that was written before."""


class PageFailed(RuntimeError):
    """A page of the site could not be made."""


def write_site(publication: Path, *, to: Path, progress: Callable[[str], None] | None = None) -> int:
    """How many pages were written to `to`: the site of the publication in `publication`, as files.

    Addresses in pages are relative, so that the folder can stand anywhere. What was there before is replaced when all
    pages have been made; a folder that holds anything but such a site is refused with NotOurFolder.
    """
    if not made():
        raise NoFrontEnd(f"{COLLECTED} holds no front end: run `make install`, or `python -m wellfounded.web.assets`")
    if to.exists() and any(to.iterdir()) and not (to / _MARK).is_file():
        raise NotOurFolder(f"{to} holds files that are no site of ours: choose another folder, or empty it")
    _django(publication)
    opened = Opened(publication.resolve())
    fresh = to.with_name(f".{to.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        count = _pages(opened, fresh, progress or (lambda _: None))
        _files(opened, fresh)
        (fresh / _MARK).write_text(f"{opened.shown.digest}\n", encoding="utf-8")
        if to.exists():
            shutil.rmtree(to)
        fresh.rename(to)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return count


def paths(opened: Opened) -> Iterator[str]:
    """The address of every page of the site."""
    from wellfounded.web import addresses, methods

    shown = opened.shown
    yield addresses.FRONT
    yield from (addresses.chapter(chapter.id) for chapter in shown.chapters if chapter.id in shown.chapter_pages)
    yield from ("/conclusions", "/indicators", "/areas", "/sources", "/editions", "/search")
    yield from ("/about", "/about/methods", "/accessibility", "/privacy")
    yield from (addresses.conclusion(c.id) for c in shown.conclusions if c.state == "published")
    yield "/priorities"
    if shown.priorities is not None:
        yield from (addresses.priority(policy.id) for policy in shown.priorities.policies)
    yield from (addresses.impact(impact.id) for impact in shown.impacts)
    yield "/grand-challenges"
    yield from (addresses.challenge(challenge.id) for challenge in shown.challenges)
    yield from (addresses.indicator(indicator.id) for indicator in shown.indicators)
    yield from (addresses.area(area.code) for area in shown.areas)
    yield from (addresses.release(release) for release in shown.releases)
    yield from (addresses.method(method) for method in methods.everything())


def texts(opened: Opened) -> Iterator[str]:
    """The address of everything else that a view makes."""
    from wellfounded.web import addresses

    yield from ("/brand.css", "/icon.svg")
    yield from (f"{addresses.conclusion(c.id)}.json" for c in opened.shown.conclusions if c.state == "published")
    yield from (addresses.indicator_csv(indicator.id) for indicator in opened.shown.indicators)


def _pages(opened: Opened, to: Path, progress: Callable[[str], None]) -> int:
    every = list(paths(opened))
    known = frozenset(unquote(path) for path in every)
    for number, path in enumerate(every, start=1):
        at = _file_of(path)
        _put(to / at, _relative(_made(path), at=at, pages=known).encode())
        if number % 100 == 0 or number == len(every):
            progress(f"{number} of {len(every)} pages")
    _put(to / "404.html", _made("/404").encode())
    for path in texts(opened):
        _put(to / unquote(path).lstrip("/"), _made(path).encode())
    return len(every)


def _made(path: str) -> str:
    from django.core.exceptions import ObjectDoesNotExist
    from django.http import Http404
    from django.test import RequestFactory
    from django.urls import resolve

    from wellfounded.web.pages import errors

    request = RequestFactory(SERVER_NAME="localhost").get(path)
    request.as_files = True  # type: ignore[attr-defined]
    if path == "/404":
        return errors.not_found(request).content.decode()
    match = resolve(unquote(path))
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except (Http404, ObjectDoesNotExist) as error:
        raise PageFailed(f"the page {path} can't be made: {error}") from error
    return str(response.content.decode())


def _files(opened: Opened, to: Path) -> None:
    for folder in ("charts", "data"):
        if (opened.folder / folder).is_dir():
            shutil.copytree(opened.folder / folder, to / folder, dirs_exist_ok=True)
    for name in files_beside(opened):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(opened.folder / name, to / name)
    shutil.copytree(COLLECTED, to / "static", ignore=_unwanted, dirs_exist_ok=True)
    (to / "search.json").write_bytes(_found_by_search(opened))
    (to / ".nojekyll").touch()


def files_beside(opened: Opened) -> list[str]:
    """The publication's documents and what they need, by name."""
    names = [f"{name}{end}" for name, _, _, endings in DOCUMENTS for end in endings]
    wanted = (*names, "document.css", "manifest.json", str(opened.shown.brand.get("logo", "")))
    return [name for name in wanted if name and (opened.folder / name).is_file()]


def _found_by_search(opened: Opened) -> bytes:
    """The list that the search of a site made of files goes through."""
    from wellfounded.web import searching

    entries = (
        {"what": e.what, "title": e.title, "note": e.note, "address": quote(_file_of(e.address), safe="/@")}
        for e in searching.index(opened)
    )
    return json.dumps(list(entries), ensure_ascii=False, separators=(",", ":")).encode()


def _unwanted(_: str, names: list[str]) -> set[str]:
    return {name for name in names if _UNHASHED.search(name) or name.startswith(".") or name == "staticfiles.json"}


def _file_of(path: str) -> str:
    """The file, relative to the site's root, in which the page at `path` is written."""
    bare = unquote(path).strip("/")
    return f"{bare}/index.html" if bare else "index.html"


def _relative(page: str, *, at: str, pages: frozenset[str]) -> str:
    """A page with every address of our own made relative to the file `at`; `pages` are addresses of pages."""
    folder = posixpath.dirname(at) or "."

    def turned(address: str) -> str:
        parts = urlsplit(address)
        bare = unquote(parts.path)
        leads_to_page = bare in pages
        target = _file_of(bare) if leads_to_page else bare.lstrip("/")
        relative = quote(posixpath.relpath(target, folder), safe="/@")
        query = f"?{parts.query}" if parts.query and leads_to_page else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return relative + query + fragment

    return rewritten(page, turned)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _django(publication: Path) -> None:
    """Django set up to show `publication`."""
    os.environ["WELLFOUNDED_PUBLICATION"] = str(publication.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellfounded.config.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.WELLFOUNDED_PUBLICATION = str(publication.resolve())
