"""The pack as a page in a real browser, under the policy that the site serves it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web import sample
from tests.web.browsing import looked_at
from tests.web.serving import served
from wellfounded.publishing import documents

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site serves the sample publication with its pack."""
    folder: Path = sample.write(tmp_path_factory.mktemp("publication"))
    documents.write_html(folder)
    with served(folder) as where:
        yield where


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_shows_and_reads_well_at_this_width(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900})
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/pack.html")
    assert page.evaluate("getComputedStyle(document.querySelector('.cover')).backgroundColor") == "rgb(18, 53, 91)"
    first = page.locator("figure img").first
    first.scroll_into_view_if_needed()
    assert first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    looked_at(page)
    context.close()
    assert not faults
