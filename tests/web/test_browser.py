"""The site in a real browser: a reader's way through it, at the width of a desk and of a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browsing import follow, looked_at
from tests.web.serving import served

pytestmark = [pytest.mark.browser]
WIDTHS = {"desk": 1280, "phone": 390}


@pytest.fixture(scope="module")
def address(publication: Path) -> Iterator[str]:
    with served(publication) as where:
        yield where


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test when the browser reports an error or asks anybody else for anything."""
    context = browser.new_context(base_url=address, viewport={"width": WIDTHS[request.param], "height": 900})
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith(address) else None)
    yield page
    context.close()
    assert not faults


def test_a_reader_goes_from_the_front_page_to_the_source_of_a_number(page: Page) -> None:
    page.goto("/")
    looked_at(page)
    expect(page.get_by_role("heading", name="Distinctive strengths")).to_be_visible()
    menu = page.get_by_role("button", name="Chapters")
    if menu.is_visible():
        menu.click()
    follow(page.get_by_role("navigation", name="Chapters").get_by_role("link", name="The economy and productivity"))
    expect(page).to_have_url("/economy")
    looked_at(page)
    follow(page.get_by_role("link", name="An hour’s work in Cheshire and Warrington").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("An hour’s work in Cheshire and Warrington")
    expect(page.get_by_text("Holds in 41 of 48 reasonable ways to test it").first).to_be_visible()
    page.get_by_text("All 48 variants").click()
    expect(page.get_by_role("region", name="Variants")).to_be_visible()
    page.locator("summary", has_text="The figures behind this chart").first.click()
    looked_at(page)
    expect(page.get_by_role("heading", name="Working, step by step")).to_be_visible()
    expect(page.get_by_text("Difference: £46.20 − £43.10 = £3.10, which is 7.2% of £43.10.").first).to_be_visible()
    follow(
        page.get_by_role("region", name="Figures used in test 1")
        .get_by_role("link", name="Office for National Statistics")
        .first
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Labour productivity by local authority")
    looked_at(page)


@pytest.mark.parametrize(
    "path",
    ["/conclusions", "/conclusions?verdict=holds", "/conclusions/ukri", "/conclusions/births", "/indicators",
     "/indicators/gva-per-hour", "/indicators/median-pay", "/areas", "/areas/E06000007",
     "/areas/place-cheshire-warrington", "/sources", "/search?q=output", "/editions", "/about", "/about/methods",
     "/accessibility", "/privacy", "/place", "/priorities", "/priorities/policy-0",
     "/priorities/weights?productivity=9", "/impact/productivity", "/grand-challenges",
     "/grand-challenges/clean-growth"],
)  # fmt: skip
def test_axe_finds_nothing_serious(page: Page, path: str) -> None:
    page.goto(path)
    looked_at(page)


def test_a_search_finds_and_leads_there(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search the evidence").fill("gigabit")
    page.get_by_label("Search the evidence").press("Enter")
    expect(page.get_by_role("heading", name="Indicators 1")).to_be_visible()
    follow(page.get_by_role("link", name="Premises that can have gigabit broadband"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Premises that can have gigabit broadband")


def test_conclusions_are_narrowed(page: Page) -> None:
    page.goto("/conclusions")
    page.get_by_label("Kind").select_option("Issues")
    follow(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("status")).to_have_text("6 conclusions of 12")


def test_the_keyboard_reaches_the_content_at_once(page: Page) -> None:
    page.goto("/economy")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_all_of_it_works_without_scripts(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    follow(page.get_by_role("navigation", name="Chapters").get_by_role("link", name="The economy and productivity"))
    follow(page.get_by_role("link", name="An hour’s work in Cheshire and Warrington").first)
    page.get_by_text("All 48 variants").click()
    expect(page.get_by_role("region", name="Variants")).to_be_visible()
    follow(
        page.get_by_role("region", name="Figures used in test 1")
        .get_by_role("link", name="Office for National Statistics")
        .first
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Labour productivity by local authority")
    page.goto("/conclusions")
    page.get_by_label("Verdict").select_option("Holds")
    follow(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("status")).to_have_text("8 conclusions of 12")
    context.close()


def test_moving_points_moves_the_ranking_in_place(page: Page) -> None:
    page.goto("/priorities/weights")
    expect(page.get_by_role("heading", name="The ranking over all weights")).to_be_visible()
    page.get_by_label("Size of the prize").focus()
    page.get_by_label("Size of the prize").select_option("10")
    expect(page.get_by_role("heading", name="The ranking with your weights")).to_be_visible()
    expect(page).to_have_url(re.compile("prize=10"))
    expect(page.get_by_label("Size of the prize")).to_be_focused()
