"""`wellfounded build` and `wellfounded serve`, as processes of their own."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from wellfounded.cli.serve import links_lead_to

WELLFOUNDED = Path(sys.executable).with_name("wellfounded")


@pytest.fixture(scope="session")
def built_base(built, shipped_base, tmp_path_factory) -> Path:
    """A copy of the shipped base whose build is the one that all tests share."""
    folder = tmp_path_factory.mktemp("bases") / "cheshire-warrington"
    shutil.copytree(shipped_base, folder, ignore=shutil.ignore_patterns("build"))
    (folder / "build").symlink_to(built.parent)
    return folder


@pytest.fixture(scope="session")
def site(built_base, tmp_path_factory) -> Path:
    """The shipped base's site as files, written by the command."""
    to = tmp_path_factory.mktemp("to")
    (to / "publication").symlink_to((built_base / "build" / "publication").resolve())
    done = subprocess.run([WELLFOUNDED, "build", built_base, "--to", to], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "nothing has changed" in done.stderr
    return to / "site"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def pages(site) -> dict[str, str]:
    """The text of every page by its path in the site."""
    return {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in sorted(site.rglob("index.html"))}


def test_every_page_of_the_site_has_a_title_one_heading_and_no_unfilled_slot(pages):
    assert len(pages) > 500
    faults = []
    for path, text in pages.items():
        words = re.sub(r"<(script|style|pre|code)\b.*?</\1>", "", text, flags=re.S)
        titled = re.search(r"<title>\s*[^<\s]", text) is not None
        unfilled = re.search(r"\{\{?[a-z][\w .-]*\}?\}|>\s*(nan|None|undefined)\s*<", words)
        if not titled or len(re.findall(r"<h1\b", text)) != 1 or unfilled:
            faults.append(path)
    assert faults == []


def test_every_address_in_the_site_leads_to_a_file_of_it(site, pages):
    there = {path.relative_to(site).as_posix() for path in site.rglob("*")} | {"."}
    missing = {}
    for path, text in pages.items():
        for address in set(re.findall(r"\b(?:href|src)=\"([^\"#?]+)", text)):
            if re.match(r"[a-z]+:", address):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), urllib.parse.unquote(address)))
            if target not in there:
                missing.setdefault(address, path)
    assert missing == {}


def test_the_documents_and_the_open_data_are_in_the_site(site):
    assert (site / "pack.pdf").read_bytes()[:5] == b"%PDF-"
    assert "<html" in (site / "pack.html").read_text("utf-8")
    assert {"figures.csv", "conclusions.csv"} <= {path.name for path in (site / "data").iterdir()}


def test_a_base_with_errors_builds_nothing_and_leaves_what_was_there(run, small_base):
    (small_base / "build" / "publication").mkdir(parents=True)
    (small_base / "build" / "publication" / "publication.json").write_text("before")
    conclusions = small_base / "conclusions" / "economy.toml"
    conclusions.write_text(conclusions.read_text("utf-8").replace('expect = "higher"', 'expect = "hihger"'))
    (small_base / "chapters" / "economy.md").write_text("{{conclusio output-per-hour}}\n")
    done = run("build", small_base)
    assert done.code == 2
    assert "economy.toml:13: there is no expectation 'hihger'" in done.err
    assert "economy.md:1:" in done.err
    assert (small_base / "build" / "publication" / "publication.json").read_text() == "before"
    assert not (small_base / "build" / "site").exists()


def test_serving_says_where_and_answers(built_base):
    port = free_port()
    process = subprocess.Popen(
        [WELLFOUNDED, "serve", built_base, "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = next((line for line in process.stdout if "Serving at" in line), "")
        assert f"Serving at http://127.0.0.1:{port} " in said, process.communicate()[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:  # it answers once it says so
            assert answer.status == 200
            assert "Cheshire and Warrington" in answer.read().decode()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.mark.parametrize(
    ("stated", "leads"),
    [
        ('site = "http://127.0.0.1:8000"', "http://127.0.0.1:8130"),
        ("", "http://127.0.0.1:8130"),
        ('site = "https://evidence.example.gov.uk"', None),
    ],
)
def test_links_lead_to_what_is_served_where_the_base_names_no_site_of_its_own(tmp_path, monkeypatch, stated, leads):
    monkeypatch.setenv("WELLFOUNDED_SITE", "")
    monkeypatch.delenv("WELLFOUNDED_SITE")
    (tmp_path / "base.toml").write_text(f'name = "Somewhere"\n{stated}\n', "utf-8")
    links_lead_to("http://127.0.0.1:8130", tmp_path)
    assert os.environ.get("WELLFOUNDED_SITE") == leads


def test_a_port_in_use_is_refused_before_anything_is_built(run, small_base):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", small_base, "--port", port)
    assert done.code == 2
    assert f"can't listen at 127.0.0.1:{port}" in done.err
    assert f"make run PORT={port + 1}" in done.err
    assert not (small_base / "build").exists()
