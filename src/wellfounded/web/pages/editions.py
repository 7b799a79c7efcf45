"""The editions: a list, a page of each, what changed between any two, and the site as each edition has it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from wellfounded.publishing import changes as compared
from wellfounded.publishing import documents, sureness
from wellfounded.publishing.editions.shelf import Frozen, NoSuchEdition
from wellfounded.publishing.model import Changes
from wellfounded.web import downloads, editions
from wellfounded.web.pages import files
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, shown

SHOWN_FIGURES = 500  # revised, on a page


@shown
def listing(request: HttpRequest, opened: Opened) -> Page:
    """The documents and data of what the site shows, and every edition there has been."""
    return Page(
        "editions.html",
        {
            "documents": downloads.documents_of(opened),
            "data": downloads.data_of(opened),
            "editions": editions.editions().every(),
            "archive": _archive(opened.shown.edition.number) if opened.shown.edition else None,
            "here": "editions",
        },
    )


@shown
def one(request: HttpRequest, opened: Opened, number: int) -> Page:
    """An edition: its documents, its data, its archive, and what changed."""
    edition = _edition(number)
    published = editions.editions().opened(number)
    return Page(
        "edition.html",
        {
            "edition": edition,
            "published": published.shown,
            "documents": downloads.documents_of(published),
            "data": downloads.data_of(published),
            "archive": _archive(number),
            "others": [each for each in editions.editions().every() if each.number < number],
            "latest": editions.editions().latest(),
            "counts": sureness.by_verdict(sureness.published(published.shown.conclusions)),
            "here": "editions",
        },
    )


@shown
def changes(request: HttpRequest, opened: Opened, number: int, since: int = 0) -> Page:
    """What changed from one edition to another: from the one before where none is named."""
    edition = _edition(number)
    published = editions.editions().opened(number).shown
    before = _edition(since or edition.record.previous) if since or edition.record.previous else None
    if before is not None and before.number >= number:
        raise NotInPublication(f"edition {before.number} is not before edition {number}")
    found = None
    if before is not None:
        own = published.changes
        is_own = own is not None and own.since.number == before.number
        found = own if is_own else _between(str(before.folder), str(edition.folder))
    by_kind = [
        ("New conclusions", [c for c in found.conclusions if "new" in c.changes]),
        ("Verdicts that moved", [c for c in found.conclusions if "verdict" in c.changes]),
        ("Conclusions withdrawn", [c for c in found.conclusions if "withdrawn" in c.changes]),
        (
            "Other conclusions that changed",
            [c for c in found.conclusions if not {"new", "verdict", "withdrawn"} & set(c.changes)],
        ),
    ] if found else []  # fmt: skip
    return Page(
        "changes.html",
        {
            "edition": edition,
            "before": before,
            "changes": found,
            "by_kind": [(title, some) for title, some in by_kind if some],
            "published": published,
            "releases_before": editions.editions().opened(before.number).shown.releases if before else {},
            "figures": found.figures[:SHOWN_FIGURES] if found else (),
            "others": [each for each in editions.editions().every() if each.number < number],
            "here": "editions",
        },
    )


@require_safe
def latest(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The address that leads to the latest edition, and to any page or file of it."""
    found = editions.editions().latest()
    if found is None:
        if rest:
            raise Http404("no edition has been frozen yet")
        return HttpResponseRedirect("/editions")
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"/editions/{found.number}{rest or ''}" + (f"?{query}" if query else ""))


@require_safe
def archive(request: HttpRequest, number: int) -> FileResponse:
    """The whole edition as one file."""
    try:
        found = editions.editions().one(number)
    except NoSuchEdition as error:
        raise Http404(str(error)) from error
    if found.archive is None:
        raise Http404(f"edition {number} has no archive")
    return files.sent(found.archive, attached=True)


@require_safe
def within(request: HttpRequest, number: str, rest: str) -> HttpResponse:
    """A page or a file of the site as an edition has it."""
    path = "/" if rest == "front" else f"/{rest}"
    try:
        editions.editions().one(int(number))
        match = resolve(path)
    except (NoSuchEdition, Resolver404) as error:
        raise Http404(str(error)) from error
    if not getattr(match.func, "of_an_edition", True) or match.func.__module__ == __name__:
        raise Http404(f"{path} is no page of an edition")
    request.edition = int(number)  # type: ignore[attr-defined]
    request.path_in_edition = path  # type: ignore[attr-defined]
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _edition(number: int) -> Frozen:
    try:
        return editions.editions().one(number)
    except NoSuchEdition as error:
        raise NotInPublication(str(error)) from error


def _archive(number: int) -> downloads.Form | None:
    """The archive of an edition; None where the site is made of files, or nothing of the kind is on the shelf."""
    try:
        path = editions.editions().one(number).archive
    except NoSuchEdition:
        return None
    return (
        downloads.Form(f"/editions/{number}/archive.zip", "ZIP", downloads.size(path.stat().st_size)) if path else None
    )


@lru_cache(maxsize=16)
def _between(before: str, now: str) -> Changes:
    """What changed from one folder's publication to another's; they are frozen, so that it never changes."""
    return compared.between(documents.read(Path(before)), documents.read(Path(now)))
