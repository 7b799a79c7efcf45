"""Responses and links as CSV for staff: no cell starts a formula, and no contact is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from wellfounded.people.consultation.queries import exported
from wellfounded.web.pages.staff.frame import for_staff
from wellfounded.web.publication import Opened

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@for_staff("analyst")
def responses(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """All responses, a row each."""
    return _sent("responses.csv", exported.RESPONSES, exported.responses())


@for_staff("analyst")
def links(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """All links that stand, a row each."""
    return _sent("links.csv", exported.LINKS, exported.links())


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what would start one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _sent(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    def lines() -> Iterator[str]:
        yield "\ufeff" + _line(columns)
        for row in rows:
            yield _line([harmless(cell) for cell in row])

    sent = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
