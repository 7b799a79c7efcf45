"""Search over conclusions, indicators and areas."""

from __future__ import annotations

from django.http import HttpRequest

from wellfounded.web import searching
from wellfounded.web.keeping import Kept
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, shown, site_version

_indexes: Kept[str, tuple[searching.Entry, ...]] = Kept(size=8)


@shown
def search(request: HttpRequest, opened: Opened) -> Page:
    """What a question finds."""
    question = request.GET.get("q", "").strip()[: searching.LONGEST_QUESTION]
    found = searching.search(_index(opened), question) if question else searching.Found("", ())
    return Page("search.html", {"question": question, "found": found, "here": "search"})


def _index(opened: Opened) -> tuple[searching.Entry, ...]:
    version = site_version(opened)
    return _indexes.get(version) or _indexes.put(version, searching.index(opened))
