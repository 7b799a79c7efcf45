"""What happens around every view: no publication yet, addresses with a slash too many, forms sent too often."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from wellfounded.people.limits import TooOften
from wellfounded.web.pages import errors
from wellfounded.web.publication import NothingPublished, UnreadablePublication

LARGEST_BODY = 120_000_000  # bytes of one request: all files of an answer, or a spreadsheet of many


class Publication:
    """Middleware that answers with a page of its own while there is no publication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if len(path) > 1 and path.endswith("/"):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect("/" + path.strip("/") + (f"?{query}" if query else ""))
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if length.isdecimal() and int(length) > LARGEST_BODY:  # before anything of it is read or kept
            return errors.too_large(request)
        if _has_nul(request):
            return errors.refused(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooOften):
            return errors.too_often(request, exception)
        if isinstance(exception, NothingPublished | UnreadablePublication):
            return errors.unpublished(exception)
        return None


def _has_nul(request: HttpRequest) -> bool:
    """Whether there is a NUL in the address or in a form: no keyboard writes it, and no text of a database takes it."""
    given = [(request.path_info, ()), *request.GET.lists(), *request.POST.lists()]
    return any("\0" in text for name, values in given for text in (name, *values))
