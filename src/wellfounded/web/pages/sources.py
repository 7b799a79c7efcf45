"""Where the figures come from."""

from __future__ import annotations

from django.http import HttpRequest

from wellfounded.publishing import sureness
from wellfounded.publishing.model import ShownRelease
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, shown

LICENCES = {
    "OGL-UK-3.0": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "MIT": ("MIT licence", "https://opensource.org/license/mit"),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
}


@shown
def listing(request: HttpRequest, opened: Opened) -> Page:
    """Every release that the publication uses, by publisher, the latest first."""
    by_publisher: dict[str, list[ShownRelease]] = {}
    for release in sorted(opened.shown.releases.values(), key=lambda r: (r.title, _reversed(r.released_date))):
        by_publisher.setdefault(release.publisher, []).append(release)
    groups = sorted(by_publisher.items(), key=lambda group: (-len(group[1]), group[0]))
    return Page("sources.html", {"groups": groups, "licences": LICENCES, "here": "sources"})


@shown
def one(request: HttpRequest, opened: Opened, identifier: str) -> Page:
    """What one release is, and what rests on it."""
    release = opened.shown.releases.get(identifier)
    if release is None:
        raise NotInPublication(f"the publication uses no release {identifier!r}")
    conclusions = [
        conclusion
        for conclusion in sureness.published(opened.shown.conclusions)
        if identifier in conclusion.sources
        or any(figure.release == identifier for test in conclusion.tests for figure in test.figures)
    ]
    return Page(
        "source.html",
        {
            "release": release,
            "licences": LICENCES,
            "indicators": [opened.indicator_refs[i] for i in opened.indicators_by_release.get(identifier, ())],
            "conclusions": conclusions,
            "others": [r for r in opened.shown.releases.values() if r.source == release.source and r.id != identifier],
            "here": "sources",
        },
    )


def _reversed(date: str) -> tuple[int, ...]:
    return tuple(-ord(character) for character in date)
