"""The list of areas, and the profile of each."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from wellfounded.publishing.model import AreaRef, AreaRow, ChapterRef
from wellfounded.web import searching
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, shown

LEVELS = {
    "country": "Countries",
    "region": "Regions of England",
    "combined authority": "Combined authorities",
    "county": "Counties",
    "metropolitan county": "Metropolitan counties",
    "local authority": "Local authorities",
}


@shown
def listing(request: HttpRequest, opened: Opened) -> Page:
    """Every area that has a page; found by name or code where one is asked for."""
    question = request.GET.get("q", "").strip()[: searching.LONGEST_QUESTION]
    entries = searching.index(opened) if question else ()
    found = searching.search(tuple(e for e in entries if e.what == "area"), question, most=100) if question else None
    return Page(
        "areas.html",
        {"question": question, "found": found, "groups": _by_level(opened.shown.areas), "here": "areas"},
    )


@shown
def one(request: HttpRequest, opened: Opened, identifier: str) -> Page:
    """What the figures say of one area."""
    code = opened.codes.get(identifier)
    if code is None:
        raise NotInPublication(f"the publication has no page for the area {identifier!r}")
    area = opened.area(code)
    chapters: list[tuple[ChapterRef | None, tuple[AreaRow, ...]]] = [
        (c, area.rows[c.id]) for c in opened.shown.chapters if area.rows.get(c.id)
    ]
    chapters += [(None, rows) for chapter, rows in area.rows.items() if chapter not in opened.chapters and rows]
    return Page(
        "area.html",
        {
            "area": area,
            "parents": _one_of_each_name(area.parents),
            "chapters": chapters,
            "has_page": opened.area_refs,
            "has_position": any(row.position is not None for _, rows in chapters for row in rows),
            "ranked_among": LEVELS.get(area.level, "areas of its kind").lower(),
            "here": "areas",
        },
    )


def _by_level(areas: Iterable[AreaRef]) -> list[tuple[str, list[AreaRef]]]:
    found: dict[str, list[AreaRef]] = {level: [] for level in LEVELS}
    for area in areas:
        if area.level != "place":
            found.setdefault(area.level, []).append(area)
    return [
        (LEVELS.get(level, level), sorted(some, key=lambda area: area.name)) for level, some in found.items() if some
    ]


def _one_of_each_name(areas: Iterable[AreaRef]) -> list[AreaRef]:
    """Areas without those that repeat a name: a region is there as a region and as an ITL region."""
    found: dict[str, AreaRef] = {}
    for area in areas:
        found.setdefault(area.name, area)
    return list(found.values())
