"""How a test goes about the site in a browser: from page to page, looking at each."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect


def follow(target: Locator) -> None:
    """Clicks what leads to another page, and waits for that page.

    A plain click returns while the page before is still shown: what is looked at next would be either of the two, and
    going elsewhere at once would stop what a form had sent.
    """
    with target.page.expect_navigation():
        target.click()


def looked_at(page: Page) -> None:
    """Nothing where axe has nothing serious to say and the page is no wider than its window, under one heading."""
    found = Axe().run(page).response["violations"]
    serious = [
        (v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found if v["impact"] in ("serious", "critical")
    ]
    assert not serious, page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    expect(page.locator("h1")).to_have_count(1)
