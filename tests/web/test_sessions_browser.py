"""Sessions in a real browser, on the real server with its database: a place booked, given up, offered on and taken."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import ROOT
from tests.web.browsing import follow, looked_at
from tests.web.serving import served

pytestmark = [pytest.mark.browser]
WIDTHS = {"desk": 1280, "phone": 390}
New = Callable[..., Page]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("people")


@pytest.fixture(scope="module")
def seed(data: Path) -> dict[str, Any]:
    """Sessions in the server's own database, and links that sign an organiser in."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WELLFOUNDED_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.sessions_seed"], cwd=ROOT, env=environment | {"WELLFOUNDED_DATA": str(data)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


@pytest.fixture(scope="module")
def address(publication: Path, data: Path, seed: dict[str, Any]) -> Iterator[str]:
    with served(publication, data=data) as where:
        yield where


@pytest.fixture
def new(browser: Browser, address: str) -> Iterator[New]:
    """Makes pages of people of their own, which fail the test when the browser reports an error."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def made(width: int, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith(address) else None)
        return page

    yield made
    for context in contexts:
        context.close()
    assert not faults


def link_to(data: Path, person: str) -> str:
    """The path in the last e-mail to somebody, read from the outbox."""
    with sqlite3.connect(data / "people.sqlite3", timeout=20) as database:
        rows = database.execute("SELECT payload FROM people_job WHERE kind = 'mail' ORDER BY id DESC").fetchall()
    letters = [json.loads(row[0]) for row in rows]
    text = next(letter["text"] for letter in letters if letter.get("to") == person)
    found = re.search(r"/bookings/[0-9a-f]{40,}", text)
    assert found is not None, text
    return found[0]


def fill(page: Page, email: str) -> None:
    page.get_by_label("Your name").fill("Alex Example")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Sector").select_option("Construction and property")
    page.get_by_label("District", exact=True).select_option("Warrington")
    page.get_by_label("I agree that my details are kept").check()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_a_place_is_booked_given_up_offered_on_and_its_holder_checked_in(
    new: New, data: Path, seed: dict[str, Any], width: int
) -> None:
    title = {1280: "For desks", 390: "For phones"}[width]
    session = seed["sessions"][list(WIDTHS.values()).index(width)]
    first, second = f"first-{width}@example.org", f"second-{width}@example.org"

    page = new(width)
    page.goto("/")
    follow(page.get_by_role("navigation", name="Ways in").get_by_role("link", name="Sessions"))
    looked_at(page)
    follow(page.get_by_role("link", name=title, exact=True))
    expect(page.get_by_text("1 of 1 place left")).to_be_visible()
    looked_at(page)
    follow(page.get_by_role("link", name="Book a place"))
    looked_at(page)
    follow(page.get_by_role("button", name="Book"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    looked_at(page)
    page.get_by_role("link", name="Enter your name").click()
    expect(page.get_by_label("Your name")).to_be_focused()
    fill(page, first)
    follow(page.get_by_role("button", name="Book"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Now use the link that we have sent you")
    looked_at(page)
    page.goto(link_to(data, first))
    looked_at(page)
    follow(page.get_by_role("button", name="Confirm my booking"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You have a place")
    looked_at(page)

    other = new(width)
    other.goto(f"/sessions/{session}")
    expect(other.get_by_text("waiting list open")).to_be_visible()
    follow(other.get_by_role("link", name="Join the waiting list"))
    fill(other, second)
    follow(other.get_by_role("button", name="Join the waiting list"))
    other.goto(link_to(data, second))
    follow(other.get_by_role("button", name="Wait for a place"))
    expect(other.get_by_text("You are the first in line.")).to_be_visible()
    looked_at(other)

    follow(page.get_by_role("link", name="Cancel my booking"))
    looked_at(page)
    follow(page.get_by_role("button", name="Yes, cancel my booking"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your booking is cancelled")

    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("There is a place for you")
    looked_at(other)
    follow(other.get_by_role("button", name="Take the place"))
    expect(other.get_by_role("heading", level=1)).to_have_text("You have a place")

    staff = new(width)
    staff.goto(seed["links"][list(WIDTHS.values()).index(width)])
    follow(staff.get_by_role("button", name="Sign in"))
    staff.goto(f"/staff/sessions/{session}/door")
    looked_at(staff)
    here = staff.get_by_role("button", name=re.compile("^Here.*Alex Example"))
    box = here.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    follow(here)
    expect(staff.get_by_role("status")).to_contain_text("1 of 1 is here")
    follow(staff.get_by_role("button", name="Undo"))
    expect(staff.get_by_role("status")).to_contain_text("0 of 1 are here")
    staff.goto(f"{other.url.split('?')[0]}")  # what the code that the person shows leads to
    follow(staff.get_by_role("button", name="Is here"))
    expect(staff.get_by_role("status")).to_contain_text("1 of 1 is here")


def test_all_pages_of_organisers_please_axe_and_fit(new: New, seed: dict[str, Any]) -> None:
    page = new(1280)
    page.goto(seed["links"][2])
    follow(page.get_by_role("button", name="Sign in"))
    at = f"/staff/sessions/{seed['large']}"
    for path in (
        "/staff", "/staff/sessions", "/staff/sessions/new", at, f"{at}/edit", f"{at}/message", f"{at}/print",
        f"{at}/extra", f"{at}/history", f"{at}/room", f"{at}/call-off", "/staff/sessions/report",
        "/staff/stakeholders", "/staff/stakeholders/new", "/staff/stakeholders/import", seed["room"], "/vote",
        "/sessions/tell-me", "/privacy",
    ):  # fmt: skip
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        looked_at(page)
        page.set_viewport_size({"width": 390, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        aside = "[...document.querySelectorAll('.wf-scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
        assert not page.evaluate(aside), f"{path}: tables of organisers are read on a phone without going sideways"
        if path in (at, "/staff/stakeholders"):
            looked_at(page)
            expect(page.get_by_role("table").get_by_role("row")).to_have_count(2)  # the headings are there for readers


def test_a_table_is_noted_and_phones_vote_without_scripts(new: New, seed: dict[str, Any]) -> None:
    facilitator, phone = new(390, scripts=False), new(390, scripts=False)
    facilitator.goto(seed["room"])
    facilitator.get_by_label("Table", exact=True).fill("4")
    facilitator.get_by_label("About what?").select_option(index=1)
    facilitator.get_by_label("What was said").fill("Nobody can find toolmakers.")
    follow(facilitator.get_by_role("button", name="Keep the note"))
    expect(facilitator.get_by_text("Table 4:")).to_be_visible()
    expect(facilitator.get_by_label("Table", exact=True)).to_have_value("4")  # the next note is of the same table
    facilitator.get_by_label("Does this match your experience?").select_option(index=1)
    follow(facilitator.get_by_role("button", name="Open the vote"))
    code = facilitator.locator(".wf-code").inner_text()
    phone.goto("/vote")
    phone.get_by_label("The code on the screen").fill(code.lower())
    follow(phone.get_by_role("button", name="Next"))
    follow(phone.get_by_role("button", name="Partly"))
    follow(phone.get_by_role("button", name="Yes, it matches"))
    screen = new(1280)
    screen.goto(f"/vote/{code}/screen?still=1")
    expect(screen.get_by_role("status")).to_have_text("1 vote")
    looked_at(screen)
    follow(facilitator.get_by_role("button", name="Close it and count"))
    expect(facilitator.get_by_text("Counted: WF-")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("The votes have been counted.")).to_be_visible()


def test_the_form_is_filled_in_with_the_keyboard_alone(new: New, data: Path, seed: dict[str, Any]) -> None:
    page = new(1280)
    page.goto(f"/sessions/{seed['large']}/book")
    page.get_by_label("Your name").focus()
    keys = page.keyboard
    for typed in ("Kim Keyboard", "keyboard@example.org", ""):  # name, e-mail, organisation
        keys.type(typed)
        keys.press("Tab")
    for _ in range(2):  # sector, district
        keys.press("ArrowDown")
        keys.press("Tab")
    keys.press("ArrowDown")  # two of us
    for _ in range(3):
        keys.press("Tab")
    expect(page.get_by_label("I agree that my details are kept")).to_be_focused()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Enter the organisation")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_label("Organisation")).to_be_focused()
    keys.type("Keys Ltd")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Now use the link that we have sent you")
    assert link_to(data, "keyboard@example.org")
