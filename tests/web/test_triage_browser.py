"""Triage in a real browser: read by single keys, and without scripts, on the real server with its database."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT
from tests.web.browsing import follow, looked_at
from tests.web.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def server(publication: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server with four responses to read; its address, and three links that sign in."""
    data = tmp_path_factory.mktemp("people")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WELLFOUNDED_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.triage_seed", str(publication)], cwd=ROOT, check=True, capture_output=True,
        env=environment | {"WELLFOUNDED_DATA": str(data)}, text=True,
    )  # fmt: skip
    with served(publication, data=data) as where:
        yield {"address": where, **json.loads(done.stdout.splitlines()[-1])}


def listens(page: Page) -> None:
    """The page's script has begun to take keys."""
    expect(page.locator("html[data-keys=on]")).to_be_attached()


def test_a_response_is_read_by_keys_alone(browser: Browser, server: dict[str, str]) -> None:
    context = browser.new_context(base_url=server["address"], viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(server["link"])
    follow(page.get_by_role("button", name="Sign in"))
    for path in ("/staff/responses", "/staff/responses/queue/unlinked", "/staff/responses/queue/personal"):
        page.goto(path)
        looked_at(page)
    page.goto("/staff/responses")
    listens(page)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Its points")).to_be_visible()
    looked_at(page)
    listens(page)
    page.keyboard.press("1")
    page.keyboard.press("d")
    page.keyboard.press("x")
    expect(page.locator(".wf-triage__link")).to_contain_text("Challenges the data")
    listens(page)
    page.keyboard.press("0")
    expect(page.locator(".wf-triage__link")).to_have_count(2)
    expect(page.locator("h1")).to_contain_text("linked")
    first = page.url.split("?")[0]
    listens(page)
    page.keyboard.press("n")
    expect(page.locator("h1")).to_contain_text("unread")
    assert page.url.split("?")[0] != first
    page.goto("/staff/responses/about/conclusion/output-per-hour")
    looked_at(page)
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (first, "/staff/responses", "/staff/responses/about/conclusion/output-per-hour"):
        page.goto(path)
        looked_at(page)
    assert not faults
    context.close()


def test_keys_struck_while_a_page_is_on_its_way_are_taken_up_by_it(browser: Browser, server: dict[str, str]) -> None:
    context = browser.new_context(base_url=server["address"])
    page = context.new_page()
    page.goto(server["third"])
    follow(page.get_by_role("button", name="Sign in"))
    page.goto("/staff/responses")
    listens(page)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Its points")).to_be_visible()
    listens(page)
    read = page.url.split("?")[0]
    page.evaluate(
        "for (const key of '1dx0n') document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))"
    )
    expect(page).not_to_have_url(re.compile(re.escape(read)))
    expect(page.locator("h1")).to_contain_text("unread")
    page.goto(read)
    expect(page.locator(".wf-triage__link")).to_have_count(2)
    expect(page.locator(".wf-triage__link").first).to_contain_text("Challenges the data")
    context.close()


def test_it_works_without_scripts(browser: Browser, server: dict[str, str]) -> None:
    context = browser.new_context(base_url=server["address"], java_script_enabled=False)
    page = context.new_page()
    page.goto(server["second"])
    follow(page.get_by_role("button", name="Sign in"))
    page.goto("/staff/responses/queue/unread")
    follow(page.get_by_role("button", name="Read the next one"))
    page.get_by_label("Something else that point 1 is about").select_option("conclusion:output-per-hour")
    page.get_by_label("What point 1 says of that").select_option("supports")
    follow(page.get_by_role("button", name="Save point 1"))
    expect(page.locator(".wf-triage__link").first).to_contain_text("Supports")
    context.close()
