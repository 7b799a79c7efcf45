"""`wellfounded sessions` and `wellfounded demo` as they are run: lists, the report, and a data folder of one's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

BASE = "bases/cheshire-warrington"
LOADED = (
    "import sys, pathlib; from wellfounded.cli.people import opened; opened(pathlib.Path(sys.argv[1]));"
    "from django.utils import timezone; from wellfounded.people.engagement import demonstration;"
    "print(demonstration.load(now=timezone.now()))"
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """That of a machine whose database holds the demonstration sessions."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WELLFOUNDED_")}
    here = {**kept, "WELLFOUNDED_DATA": str(tmp_path_factory.mktemp("data"))}
    subprocess.run([sys.executable, "-c", LOADED, BASE], cwd=ROOT, env=here, check=True, stdout=subprocess.DEVNULL)
    return here


def said(environment: dict[str, str], *words: str) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "wellfounded.cli", *words, "--base", BASE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_sessions_are_listed_and_reported_and_gone_with_the_demonstration(environment):
    listed = said(environment, "sessions", "list")
    assert "Demonstration venue in Macclesfield" in listed
    assert "3 of 40 places left" in listed
    found = json.loads(said(environment, "sessions", "list", "--json"))
    assert [(one["session"]["capacity"], one["session"]["demonstration"]) for one in found] == [
        (40, True), (30, True), (50, True),
    ]  # fmt: skip
    assert [one["waiting"] for one in found] == [0, 7, 0]

    report = said(environment, "sessions", "report")
    for expected in ("Demonstration venue in Chester", "District", "Cheshire East", "Education and training"):
        assert expected in report
    assert "E06000049" not in report, "districts by their names"
    numbers = json.loads(said(environment, "sessions", "report", "--json"))
    assert sum(one["booked"] for one in numbers["sessions"]) == sum(one["booked"] for one in numbers["by_sector"]) > 100
    assert "@" not in report, "nobody's address"

    assert "4 demonstration sessions removed" in said(environment, "demo", "remove")
    assert json.loads(said(environment, "sessions", "list", "--json")) == []
    assert "There were no demonstration records" in said(environment, "demo", "remove")


def test_an_address_of_nobody_is_refused_as_other_commands_refuse(environment):
    command = [sys.executable, "-m", "wellfounded.cli", "staff", "remove", "nobody@example.org", "--base", BASE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("nobody works here with the address nobody@example.org;")


def test_the_report_needs_no_session(environment, tmp_path: Path):
    empty = {**environment, "WELLFOUNDED_DATA": str(tmp_path)}
    assert "District" in said(empty, "sessions", "report")
