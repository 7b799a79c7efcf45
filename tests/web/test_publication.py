"""The publication that the site shows: read once, read again when it moves on, kept when the next one is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from tests.web import sample
from wellfounded.publishing import naming
from wellfounded.web import rendering
from wellfounded.web.jinja import moment
from wellfounded.web.publication import NothingPublished, NotInPublication, Opened, Shelf, UnreadablePublication, slug


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A link to the first of two publications, and both."""
    first, second = (sample.write(tmp_path / name, name=name) for name in ("first", "second"))
    link = tmp_path / "current"
    link.symlink_to(first)
    return link, first, second


def move(link: Path, to: Path) -> None:
    link.with_suffix(".new").symlink_to(to)
    link.with_suffix(".new").rename(link)


def test_a_link_that_is_moved_on_shows_the_new_publication(two: tuple[Path, Path, Path]) -> None:
    link, _, second = two
    clock = Clock()
    shelf = Shelf(link, clock=clock)
    before = shelf.current()
    assert before.shown.name == "first"
    assert shelf.current() is before
    move(link, second)
    assert shelf.current() is before, "it looks only once a second"
    clock.now = 2.0
    assert shelf.current().shown.name == "second"


def test_a_publication_that_is_broken_leaves_the_one_before_in_use(two: tuple[Path, Path, Path]) -> None:
    link, _, second = two
    clock = Clock()
    shelf = Shelf(link, clock=clock)
    shelf.current()
    (second / "publication.json").write_text('{"format": 1', encoding="utf-8")
    move(link, second)
    for clock.now in (2.0, 4.0):
        assert shelf.current().shown.name == "first"
    sample.write(second, name="mended")
    clock.now = 6.0
    assert shelf.current().shown.name == "mended"


def test_a_publication_that_is_taken_away_stays_in_use(two: tuple[Path, Path, Path]) -> None:
    link, first, _ = two
    clock = Clock()
    shelf = Shelf(link, clock=clock)
    shelf.current()
    shutil.rmtree(first)
    clock.now = 2.0
    assert shelf.current().shown.name == "first"


def test_where_nothing_is_published_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished, match="wellfounded build"):
        Shelf(tmp_path / "none").current()


def test_another_format_is_refused(tmp_path: Path) -> None:
    folder = sample.write(tmp_path)
    other = msgspec.json.decode((folder / "publication.json").read_bytes()) | {"format": 2}
    (folder / "publication.json").write_bytes(msgspec.json.encode(other))
    with pytest.raises(UnreadablePublication, match="has format 2, this version reads 1"):
        Opened(folder)


def test_a_site_without_a_publication_says_so(tmp_path: Path) -> None:
    before = settings.WELLFOUNDED_PUBLICATION
    for pointer in ("", str(tmp_path / "none")):
        settings.WELLFOUNDED_PUBLICATION = pointer
        rendering.forget()
        for path in ("/", "/nowhere", "/data/figures.csv"):
            response = Client(SERVER_NAME="localhost").get(path)
            assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
            assert "Nothing is published yet" in response.content.decode()
    settings.WELLFOUNDED_PUBLICATION = before


@pytest.mark.parametrize("name", ["../publication.json", "..", ".hidden", "", "a/b", "/etc/passwd", "none.svg"])
def test_no_name_leads_out_of_the_publication(opened: Opened, name: str) -> None:
    with pytest.raises(NotInPublication):
        opened.file("charts", name)


def test_a_link_out_of_the_publication_is_not_followed(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text("secret", encoding="utf-8")
    (opened.folder / "charts" / "out.svg").symlink_to(tmp_path / "secret.svg")
    with pytest.raises(NotInPublication):
        opened.file("charts", "out.svg")
    (opened.folder / "charts" / "out.svg").unlink()


def test_an_area_is_found_by_its_name_in_addresses(opened: Opened) -> None:
    assert slug("place:cheshire-warrington") == "place-cheshire-warrington"
    assert opened.codes["place-cheshire-warrington"] == "place:cheshire-warrington"
    assert opened.area("place:cheshire-warrington").is_place


def test_the_day_of_a_moment_is_the_one_by_the_clock_here_also_in_summer(publication: Path) -> None:
    shown = Opened(publication).shown
    built = msgspec.structs.replace(shown, edition=None, built_at="2027-06-15T23:30:00+00:00")
    assert naming.edition(built) == "Working version of 16 June 2027"
    assert moment(built.built_at) == "16 June 2027"
    assert moment("2027-01-15T23:30:00+00:00") == "15 January 2027"
    assert moment("2027-06-15") == "15 June 2027"
