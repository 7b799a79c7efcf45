"""The site of the evidence base that ships: every page, and every number of a conclusion back to a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.web.html import Read
from wellfounded.publishing.model import ShownConclusion
from wellfounded.web import rendering
from wellfounded.web.publication import Opened
from wellfounded.web.static_site import paths

pytestmark = [pytest.mark.slow]
LIVE = ("/sessions", "/respond", "/responses", "/you-said", "/priorities/weights")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def shipped(built: Path) -> Iterator[Opened]:
    """The publication of the shipped base, which the site shows."""
    before = settings.WELLFOUNDED_PUBLICATION
    settings.WELLFOUNDED_PUBLICATION = str(built)
    rendering.forget()
    yield Opened(built.resolve())
    settings.WELLFOUNDED_PUBLICATION = before
    rendering.forget()


@pytest.fixture(scope="module")
def pages(shipped: Opened, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, Read]:
    """Every page of the site, read back; nobody has booked or said anything."""
    site = Client(SERVER_NAME="localhost")
    found = {}
    with django_db_blocker.unblock():
        for path in paths(shipped):
            response = site.get(path)
            assert response.status_code == 200, path
            found[unquote(path)] = Read(response.content.decode())
    return found


@pytest.fixture(scope="module")
def answers(pages: dict[str, Read], django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, int]:
    """What the pages that are made anew for each reader answer, by address: forms, sessions, responses."""
    site = Client(SERVER_NAME="localhost")
    asked = {unquote(urlsplit(address).path) for page in pages.values() for _, address in page.addresses}
    with django_db_blocker.unblock():
        return {path: site.get(path).status_code for path in sorted(asked) if path.startswith(LIVE)}


def test_every_page_is_whole(pages: dict[str, Read]) -> None:
    assert len(pages) > 700
    for path, page in pages.items():
        assert page.title.strip(), path
        assert len(page.h1) == 1, path
        assert page.h1[0].strip(), path
        assert not re.search(r"\{\{|\}\}|\{[a-z_.]+\}", page.words), path
        assert not re.search(r"\b(nan|None|NaN|inf)\b", page.words.replace(code_of(page, path), "")), path
        assert not page.images_without_alt, path
        assert not page.styled, path
        assert len(page.ids) == len(set(page.ids)), path


def code_of(page: Read, path: str) -> str:
    """The words of pages on methods, in which nan is a word of the method."""
    return page.words if path.startswith("/about/methods/") else ""


def test_every_link_leads_to_a_page_a_file_or_a_publisher(
    pages: dict[str, Read], shipped: Opened, answers: dict[str, int]
) -> None:
    assert set(answers.values()) == {200}, [path for path, status in answers.items() if status != 200]
    made = ("/brand.css", "/icon.svg", "/static/", "/search")
    for path, page in pages.items():
        for where, address in page.addresses:
            parts = urlsplit(address)
            target = unquote(parts.path)
            if parts.scheme:
                assert where == "a href", f"{path} fetches {address}"
            elif not target:
                assert parts.fragment in page.ids, f"{path}: {address}"
            elif target in pages:
                assert not parts.fragment or parts.fragment in pages[target].ids, f"{path}: {address}"
            elif target.endswith((".json", ".csv")) and not target.startswith(("/charts/", "/data/", "/manifest")):
                assert target.rsplit(".", 1)[0] in pages, f"{path}: {address}"
            elif not target.startswith(made) and target not in answers:
                assert (shipped.folder / target.lstrip("/")).is_file(), f"{path}: {address}"


def test_every_chapter_has_something_to_say_and_every_conclusion_is_within_reach(
    pages: dict[str, Read], shipped: Opened
) -> None:
    for chapter in shipped.shown.chapters:
        linked = {address for _, address in pages[f"/{chapter.id}"].addresses}
        own = [c for c in shipped.shown.conclusions if c.chapter == chapter.id and c.state == "published"]
        assert own
        assert {f"/conclusions/{conclusion.id}" for conclusion in own} <= linked


def test_every_number_that_a_conclusion_says_is_one_of_its_figures(shipped: Opened) -> None:
    for conclusion in shipped.shown.conclusions:
        if conclusion.state == "published":
            known = [float(text.replace(",", "")) for text in _NUMBER.findall(_behind(conclusion, shipped))]
            for text in _NUMBER.findall(conclusion.sentence):
                number = text.rstrip(",").replace(",", "")
                decimals = len(number.partition(".")[2])
                assert any(round(value, decimals) == float(number) for value in known), (
                    f"{conclusion.id} says {text}, which none of its figures is: {conclusion.sentence}"
                )


def _behind(conclusion: ShownConclusion, shipped: Opened) -> str:
    """What a conclusion's numbers may come from: its figures, their periods, its working, what the indicator counts."""
    parts: list[str] = []
    for test in conclusion.tests:
        parts += [*test.working, test.question, test.estimate, test.interval, test.margin]
        parts += [f"{figure.text} {figure.period} {figure.category}" for figure in test.figures]
        for indicator in {test.indicator, *(figure.indicator for figure in test.figures)}:
            if indicator in shipped.indicator_refs:
                detail = shipped.indicator(indicator)
                parts += [detail.label, detail.definition_html, detail.unit]
    return " ".join(parts)


def test_every_figure_that_a_conclusion_rests_on_leads_to_its_release(pages: dict[str, Read], shipped: Opened) -> None:
    for conclusion in shipped.shown.conclusions:
        if conclusion.state == "published":
            linked = {unquote(address) for _, address in pages[f"/conclusions/{conclusion.id}"].addresses}
            for test in conclusion.tests:
                assert test.figures, f"{conclusion.id}: {test.id} names no figure"
                for figure in test.figures:
                    if figure.text:
                        assert figure.release in shipped.shown.releases, f"{conclusion.id}: {figure}"
                        assert f"/sources/{figure.release}" in linked
