"""The pages for what went wrong."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse

from wellfounded.people.limits import TooOften
from wellfounded.web.publication import NothingPublished, UnreadablePublication
from wellfounded.web.rendering import context_of, html, shelf

_log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere."""
    return _page(request, "404.html", 404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for a request that can't be understood."""
    return _page(request, "400.html", 400)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was not sent from our own page, or from one that stood open for too long."""
    return _page(request, "form-refused.html", 403)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what the person who is signed in may not do."""
    return _page(request, "403.html", 403)


def too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    """The page for a form that was sent more often than is allowed."""
    response = _page(request, "429.html", 429)
    response.headers["Retry-After"] = str(max(1, int(error.wait.total_seconds())))
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """The page for a request that is larger than any of our forms can be."""
    return _page(request, "413.html", 413)


def broken(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours."""
    return _page(request, "500.html", 500)


def unpublished(error: Exception) -> HttpResponse:
    """The page where there is no publication yet."""
    _log.error("%s", error)
    response = HttpResponse(html("unpublished.html", {}), status=503)
    response.headers["Retry-After"] = "60"
    return response


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    try:
        return HttpResponse(html(template, context_of(request, shelf().current())), status=status)
    except (NothingPublished, UnreadablePublication) as error:
        return unpublished(error)
