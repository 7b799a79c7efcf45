"""From a view's page to a response: rendered once for each publication, then kept."""

from __future__ import annotations

import gc
import gzip
import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.template.loader import render_to_string
from django.urls import resolve
from django.views.decorators.http import require_http_methods, require_safe

from wellfounded.publishing import naming
from wellfounded.web import editions, rewriting
from wellfounded.web.keeping import Kept
from wellfounded.web.publication import NothingPublished, NotInPublication, Opened, Shelf, UnreadablePublication

if TYPE_CHECKING:
    from wellfounded.people.models import Staff

KEPT_BYTES = 64 * 1024 * 1024
_pages: Kept[tuple[str, str], Rendered] = Kept(size=KEPT_BYTES)

P = ParamSpec("P")


@dataclass(frozen=True)
class Page:
    """What a view gives back: a template and what it shows."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    content_type: str = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Text:
    """What a view gives back when there is no template: a body and its type."""

    body: str | bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Rendered:
    """A response body, plain and compressed."""

    body: bytes
    packed: bytes
    content_type: str
    status: int
    etag: str
    headers: Mapping[str, str]


def shown(view: Callable[Concatenate[HttpRequest, Opened, P], Page | Text]) -> Callable[..., HttpResponse]:
    """A Django view that gives `view` the publication in use, and keeps what it rendered while that is in use.

    Only what depends on nothing but the address is kept: a request with a query is rendered anew. What the
    publication doesn't have is a 404.
    """

    return _kept(view, None)


def shown_with(
    live: Callable[[HttpRequest, Opened, Mapping[str, Any]], Any],
) -> Callable[[Callable[..., Page | Text]], Callable[..., HttpResponse]]:
    """As `shown`, for a page that also shows something of the present: what `live` gives is passed on as `live`.

    It has to be hashable: the page is rendered anew when it changes. In the site as files, and under the address of an
    edition, `live` is None.
    """

    def decorate(view: Callable[..., Page | Text]) -> Callable[..., HttpResponse]:
        return _kept(view, live)

    return decorate


def _kept(
    view: Callable[..., Page | Text], live: Callable[[HttpRequest, Opened, Mapping[str, Any]], Any] | None
) -> Callable[..., HttpResponse]:
    @require_safe
    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        opened = current(request)
        now = None
        if live is not None:
            if not getattr(request, "as_files", False) and not edition_of(request):
                now = live(request, opened, kwargs)
            kwargs["live"] = now
        key = (f"{site_version(opened)} {hash(now) if now is not None else ''}", request.path_info)
        keep = not request.GET and not settings.DEBUG and not getattr(request, "as_files", False)
        rendered = _pages.get(key) if keep else None
        if rendered is None:
            try:
                page = view(request, opened, *args, **kwargs)
            except NotInPublication as error:
                raise Http404(str(error)) from error
            rendered = _render(page, request, opened)
            if keep and rendered.status == 200:
                _pages.put(key, rendered, size=len(rendered.body) + len(rendered.packed))
        return _response(rendered, request)

    return respond


METHODS = ("GET", "HEAD", "POST")


def made_anew(
    view: Callable[Concatenate[HttpRequest, Opened, P], Page | HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A Django view that gives `view` the publication in use, and keeps nothing: forms, bookings, staff.

    A page is rendered with the request, so that its template has `csrf_input` and `staff` (None for the public). No
    cache on the way keeps it, and no other site learns its address. What the publication doesn't have is a 404.
    """

    @require_http_methods(METHODS)
    @wraps(view)
    def respond(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        opened = current(request)
        try:
            page = view(request, opened, *args, **kwargs)
        except NotInPublication as error:
            raise Http404(str(error)) from error
        if isinstance(page, Page):
            live = {"staff": staff_of(request), "no_mail": not settings.WELLFOUNDED_SMTP}
            context = context_of(request, opened) | live | dict(page.context)
            text = render_to_string(page.template, context, request=request, using="pages")
            page = HttpResponse(text, status=page.status, content_type=page.content_type)
        page.headers.setdefault("Cache-Control", "no-store")
        return page

    return respond


def staff_of(request: HttpRequest) -> Staff | None:
    """The staff member who is signed in."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


@lru_cache(maxsize=4)
def _shelf(pointer: str) -> Shelf:
    return Shelf(Path(pointer))


def shelf() -> Shelf:
    """The shelf of what the site shows: the latest edition, or the working version. Raises NothingPublished."""
    pointer = editions.pointer()
    if not pointer:
        raise NothingPublished("the setting WELLFOUNDED_PUBLICATION names no folder")
    return _shelf(pointer)


def current(request: HttpRequest) -> Opened:
    """What a request asks for: the edition whose address it is under, or what the site shows."""
    number = edition_of(request)
    return editions.editions().opened(number) if number else shelf().current()


def edition_of(request: HttpRequest) -> int:
    """The number of the edition whose address a request is under; 0 for none."""
    return int(getattr(request, "edition", 0))


def site_version(opened: Opened) -> str:
    """What all pages that are kept depend on: which publication they show, and which editions there are."""
    text = f"{opened.folder} {opened.shown.digest} {opened.shown.built_at} {editions.editions().state()}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def context_of(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """What the frame of every page needs."""
    number = edition_of(request)
    return {
        "pub": opened.shown,
        "opened": opened,
        "as_files": getattr(request, "as_files", False),
        "path": getattr(request, "path_in_edition", "") or request.path_info,
        "version": site_version(opened),
        "standing": editions.standing(opened, within=bool(number)),
        "edition_name": naming.edition(opened.shown),
    }


def html(template: str, context: Mapping[str, Any]) -> str:
    """A template rendered with `context`."""
    return render_to_string(template, dict(context), using="pages")


def _render(page: Page | Text, request: HttpRequest, opened: Opened) -> Rendered:
    headers: Mapping[str, str] = {}
    if isinstance(page, Text):
        body = page.body.encode() if isinstance(page.body, str) else page.body
        headers = page.headers
    else:
        text = html(page.template, context_of(request, opened) | dict(page.context))
        if number := edition_of(request):
            text = rewriting.rewritten(text, lambda address: rewriting.in_edition(address, number))
        body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    packed = b"" if getattr(request, "as_files", False) else gzip.compress(body, 5, mtime=0)
    return Rendered(body, packed, page.content_type, page.status, etag, headers)


def _response(rendered: Rendered, request: HttpRequest) -> HttpResponse:
    response: HttpResponse
    if rendered.status == 200 and request.headers.get("If-None-Match") == rendered.etag:
        response = HttpResponseNotModified()
    elif rendered.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(rendered.packed, content_type=rendered.content_type, status=rendered.status)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(rendered.packed))
    else:
        response = HttpResponse(rendered.body, content_type=rendered.content_type, status=rendered.status)
        response.headers["Content-Length"] = str(len(rendered.body))
    response.headers["ETag"] = rendered.etag
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"
    for name, value in rendered.headers.items():
        response.headers[name] = value
    return response


def warm() -> None:
    """All templates compiled and the publication read, so that the first visitor doesn't wait for it."""
    pages = engines["pages"]
    assert isinstance(pages, Jinja2)
    environment = pages.env
    for name in environment.list_templates(filter_func=lambda name: not name.startswith("govuk_frontend_jinja/")):
        environment.get_template(name)
    request = HttpRequest()
    request.method, request.path_info = "GET", "/"
    with suppress(NothingPublished, UnreadablePublication):
        resolve("/").func(request)
    gc.collect()
    gc.freeze()  # what is there now stays: the collector needn't walk the publication again and again


def forget() -> None:
    """Forgets all that was kept; for tests."""
    editions.forget()
    _pages.clear()
    _shelf.cache_clear()
