"""Somebody responds in a real browser, at a desk and on a phone, with the keyboard, and without JavaScript."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browsing import follow, looked_at
from tests.web.serving import served
from tests.web.test_browser import WIDTHS

pytestmark = [pytest.mark.browser]
_PUBLISHED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from wellfounded.config.environment import prepare
from wellfounded.web.serve import show
show(Path(sys.argv[1])); prepare()
from wellfounded.people.consultation.actions import answering, arrivals, linking, privacy
from wellfounded.people.consultation.actions.linking import Linked
from wellfounded.people.consultation.models import Link
from wellfounded.people.consultation.preparing import subjects
from wellfounded.people.consultation.types import About, Consent, Opinion, Says, Target
from wellfounded.web import rendering
from wellfounded.web.subjects import subjects_of
now, on = datetime(2026, 11, 25, tzinfo=UTC), Target(About.CONCLUSION, "births")
subjects.know(subjects_of(rendering.shelf().current()), now=now)
for n in range(3):
    words = "We count more firms than that. " * (1 + 40 * n)
    sent = arrivals.Sent(questions=("", "", words), organisation=f"Works {n}",
        consent=Consent.NAME_AND_TEXT, respondent="business", answers=(("births", Opinion.DISAGREE, ""),),
        demonstration_id="" if n else "shown")
    response = arrivals.receive_web(sent, key=str(n), now=now).response
    point = linking.mark(response, start=0, end=30, by="first", now=now)
    linking.decide(point, {Linked(on, Says.CHALLENGES_DATA)}, version=point.version, by="first", now=now)
    copy = privacy.redact(response, by="first", now=now)
    privacy.approve(copy, made_at=copy.made_at, by="second", now=now)
answering.answer(on, "keep", why="Ours is the official count.", links=list(Link.objects.values_list("pk", flat=True)),
    by="first", now=now)
"""


@pytest.fixture(scope="module")
def address(publication: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site with three published responses."""
    data = tmp_path_factory.mktemp("people")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WELLFOUNDED_")}
    environment["WELLFOUNDED_DATA"] = str(data)
    subprocess.run([sys.executable, "-c", _PUBLISHED, str(publication)], env=environment, check=True, timeout=120)
    with served(publication, data=data) as where:
        yield where


def opened_at(browser: Browser, address: str, width: str, *, scripts: bool = True) -> tuple[Page, list[str]]:
    """A page, and what the browser found wrong on it."""
    context = browser.new_context(
        base_url=address, viewport={"width": WIDTHS[width], "height": 900}, java_script_enabled=scripts
    )
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page, faults


def saved(page: Page) -> None:
    follow(page.get_by_role("button", name="Save", exact=True))


@pytest.mark.parametrize("width", WIDTHS)
def test_somebody_responds_with_a_document_returns_by_the_link_and_follows_what_became_of_it(
    browser: Browser, address: str, width: str
) -> None:
    page, faults = opened_at(browser, address, width)
    page.goto("/")
    follow(page.locator("#respond").get_by_role("button", name="Tell us what you think", exact=True))
    looked_at(page)
    follow(page.get_by_role("button", name="Start now"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answer")
    looked_at(page)
    follow(page.get_by_role("link", name="The three questions"))
    page.get_by_label("Does the evidence and our interpretation").fill("Mostly, but not for Warrington.")
    looked_at(page)
    saved(page)
    follow(page.get_by_role("main").get_by_role("link", name="Business environment"))
    looked_at(page)
    follow(page.get_by_role("link", name="The birth rate of enterprises"))
    follow(page.get_by_role("button", name="Save and go back").first)
    expect(page.get_by_role("alert")).to_contain_text("Choose whether you agree")  # the error summary, in focus
    page.get_by_role("link", name="Choose whether you agree").click()
    page.keyboard.press("Tab")
    page.get_by_label("I disagree").focus()
    page.keyboard.press("Space")
    page.get_by_label("Why, and how do you know?").fill("We count more.")
    looked_at(page)
    follow(page.get_by_role("button", name="Save and go back").first)
    expect(page.get_by_text("Disagree", exact=True)).to_be_visible()
    follow(page.get_by_role("link", name="Back to your answer").first)
    follow(page.get_by_role("link", name="Documents", exact=True))
    evil = {"name": "figures.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 not a PDF"}
    page.get_by_label("Add documents").set_input_files([evil])
    follow(page.get_by_role("button", name="Add", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("figures.pdf was not added: it is a Windows program")
    looked_at(page)
    good = {"name": "our figures.csv", "mimeType": "text/csv", "buffer": b"year,firms\n2024,31\n"}
    page.get_by_label("Add documents").set_input_files([good])
    follow(page.get_by_role("button", name="Add", exact=True))
    expect(page.get_by_text("our figures.csv", exact=False).first).to_be_visible()
    follow(page.get_by_role("link", name="Back to your answer"))
    follow(page.get_by_role("link", name="Save and return later"))
    looked_at(page)
    link = page.locator(".wf-link a").inner_text()
    page.context.close()

    page, faults = opened_at(browser, address, width)
    page.goto(link)
    expect(page.get_by_text("1 of 3 answered")).to_be_visible()
    follow(page.get_by_role("link", name="What we may publish, and your receipt"))
    page.get_by_label("Publish what I say, without").check()
    page.get_by_label("Your e-mail address").fill("somebody@example.org")
    looked_at(page)
    saved(page)
    follow(page.get_by_role("link", name="About you"))
    page.get_by_label("A college or university").check()
    page.get_by_label("Where you are").select_option("Warrington")
    looked_at(page)
    saved(page)
    follow(page.get_by_role("button", name="Check and send"))
    looked_at(page)
    follow(page.get_by_role("button", name="Send my answer"))
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your answer")
    expect(page.get_by_text(re.compile(r"WF-[0-9A-Z]{4}-[0-9A-Z]{4}"))).to_be_visible()
    looked_at(page)
    follow(page.locator(".wf-link a"))
    expect(page.get_by_role("heading", name="What became of it")).to_be_visible()
    expect(page.get_by_text("We count more.").first).to_be_visible()
    looked_at(page)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your answer")
    page.context.close()
    assert [fault for fault in faults if "422" not in fault] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_what_was_said_is_read_searched_and_followed_to_what_was_done(
    browser: Browser, address: str, width: str
) -> None:
    page, faults = opened_at(browser, address, width)
    page.goto("/conclusions/births")
    follow(page.get_by_role("link", name="Published responses about this conclusion"))
    expect(page.get_by_text("3 responses of 3")).to_be_visible()
    looked_at(page)
    page.get_by_label("Words").fill("nothing of the kind")
    follow(page.get_by_role("button", name="Show", exact=True))
    expect(page.get_by_text("No published response fits.")).to_be_visible()
    page.goto("/you-said")
    expect(page.get_by_text("Ours is the official count.").first).to_be_visible()
    looked_at(page)
    page.goto("/privacy#responses")
    looked_at(page)
    page.goto("/grand-challenges/clean-growth")
    looked_at(page)
    page.context.close()
    assert not faults


def test_everything_can_be_done_without_javascript(browser: Browser, address: str) -> None:
    page, faults = opened_at(browser, address, "phone", scripts=False)
    page.goto("/conclusions/births")
    follow(page.get_by_role("button", name="Tell us what you think of this"))
    page.get_by_label("I partly agree").check()
    page.get_by_label("Why, and how do you know?").fill("In part")
    page.get_by_text("Who you are (optional)").click()
    page.get_by_label("A resident, for myself").check()
    follow(page.get_by_role("button", name="Say more first"))
    expect(page.get_by_text("1 of 2 answered")).to_be_visible()
    follow(page.get_by_role("button", name="Check and send"))
    follow(page.get_by_role("button", name="Send my answer"))
    follow(page.get_by_role("link", name="Choose what we may publish"))
    page.get_by_label("Don’t publish what I say").check()
    saved(page)
    follow(page.get_by_role("button", name="Send my answer"))
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your answer")
    follow(page.locator(".wf-link a"))
    page.get_by_label("Erase my response").check()
    follow(page.get_by_role("button", name="Erase it"))
    expect(page.get_by_text("It was erased.")).to_be_visible()
    page.context.close()
    assert [fault for fault in faults if "422" not in fault] == []
