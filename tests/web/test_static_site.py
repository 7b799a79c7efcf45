"""The site as files: whole, relative, replaced only when all of it is there."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browsing import follow
from tests.web.html import Read
from wellfounded.web import rendering
from wellfounded.web.publication import Opened
from wellfounded.web.static_site import NotOurFolder, paths, write_site


@pytest.fixture(scope="module")
def written(publication: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the sample publication as files."""
    to = tmp_path_factory.mktemp("site") / "evidence"
    rendering.forget()
    count = write_site(publication, to=to)
    assert count == len(list(paths(Opened(publication))))
    return to


def test_every_link_of_every_file_leads_to_a_file(written: Path) -> None:
    pages = [
        page for page in written.rglob("*.html") if page.name != "pack.html" and page.parent != written / "404.html"
    ]
    for page in pages:
        if page.name == "404.html":
            continue
        for where, address in Read(page.read_text(encoding="utf-8")).addresses:
            parts = urlsplit(address)
            if parts.scheme or not parts.path:
                continue
            assert not parts.path.startswith("/"), f"{page}: {address}"
            target = page.parent / unquote(parts.path)
            assert target.is_file(), f"{page}: {where} {address}"


def test_files_are_the_pages_that_the_server_shows(written: Path, opened: Opened) -> None:
    conclusion = Read((written / "conclusions" / "births" / "index.html").read_text(encoding="utf-8"))
    assert conclusion.h1 == [opened.conclusions["births"].sentence]
    assert (written / "indicators" / "gva-per-hour.csv").is_file()
    assert (written / "conclusions" / "births.json").is_file()
    assert (written / "areas" / "place-cheshire-warrington" / "index.html").is_file()
    assert "--wf-brand:#12355b" in (written / "brand.css").read_text(encoding="utf-8")


def test_a_folder_of_somebody_elses_is_left_alone(publication: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(NotOurFolder, match="choose another folder"):
        write_site(publication, to=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_site_that_fails_leaves_the_one_before(
    publication: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "site"
    write_site(publication, to=to)
    before = (to / "index.html").read_bytes()
    monkeypatch.setattr("wellfounded.web.static_site._files", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_site(publication, to=to)
    assert (to / "index.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def hosted(written: Path) -> Iterator[str]:
    """The address of the files under a path of some web server."""
    handler = functools.partial(_Quiet, directory=str(written.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/evidence"
        server.shutdown()


@pytest.mark.browser
def test_the_files_search_and_narrow_in_the_browser(hosted: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{hosted}/index.html")
    follow(page.get_by_role("link", name="3 conclusions on earning power"))
    expect(page.get_by_role("status")).to_have_text("3 of 12 conclusions")
    page.get_by_label("Kind").select_option("Issues")
    expect(page.get_by_role("status")).to_have_text("1 of 12 conclusions")
    follow(page.get_by_role("link", name="Search"))
    page.get_by_label("Search conclusions, indicators and areas").fill("gigab")
    expect(page.get_by_role("status")).to_have_text("2 results")
    follow(page.get_by_role("link", name="Premises that can have gigabit broadband"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Premises that can have gigabit broadband")
    assert not faults
    context.close()
