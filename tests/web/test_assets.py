"""The front end: made once, made anew when its sources change, and nothing of anybody else's in the lock file."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from wellfounded.web import assets
from wellfounded.web.security import JS_ENABLED


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_a_second_run_does_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collected = checkout / "static" / "vendor"
    collected.mkdir(parents=True)
    done: list[str] = []
    monkeypatch.setattr(assets, "_install", lambda *_: done.append("install"))
    monkeypatch.setattr(assets, "_gather", lambda *_: done.append("gather"))

    def collect(_: Path, to: Path) -> None:
        to.mkdir()
        (to / "staticfiles.json").write_text("{}", encoding="utf-8")

    monkeypatch.setattr(assets, "_collect", collect)
    assert assets.make(checkout=checkout, collected=collected)
    assert not assets.make(checkout=checkout, collected=collected)
    assert done == ["install", "gather"]
    (checkout / "package-lock.json").write_text('{"changed": true}', encoding="utf-8")
    assert assets.make(checkout=checkout, collected=collected)
    assert [path.name for path in collected.parent.iterdir()] == ["vendor"]


def test_a_failure_says_what_failed_and_leaves_what_was_there(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collected = checkout / "static" / "vendor"
    collected.mkdir(parents=True)
    (collected / "site.css").write_text("old", encoding="utf-8")
    monkeypatch.setattr(
        assets.subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(command, 7, "", "npm error: no such package"),
    )
    with pytest.raises(
        assets.NoFrontEnd, match=r"npm ci --omit=optional failed with exit code 7:\nnpm error: no such package"
    ):
        assets.make(checkout=checkout, collected=collected)
    assert (collected / "site.css").read_text(encoding="utf-8") == "old"


def test_where_there_is_no_node_the_one_from_python_packages_does(monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("node", "npm"):
        done = subprocess.run([*assets._carried(program), "--version"], capture_output=True, text=True, check=True)
        assert re.match(r"v?\d+\.\d+", done.stdout)


def test_without_a_checkout_what_a_wheel_carries_is_enough(tmp_path: Path) -> None:
    collected = tmp_path / "vendor"
    with pytest.raises(assets.NoFrontEnd, match="made in a checkout"):
        assets.make(checkout=tmp_path, collected=collected)
    collected.mkdir()
    (collected / "staticfiles.json").write_text("{}", encoding="utf-8")
    assert not assets.make(checkout=tmp_path, collected=collected)


def test_the_lock_file_names_no_host() -> None:
    lock = (assets.CHECKOUT / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert all("integrity" in package for name, package in json.loads(lock)["packages"].items() if name)
    versions = json.loads((assets.CHECKOUT / "package.json").read_text(encoding="utf-8"))
    assert versions["dependencies"]["govuk-frontend"] == "6.3.0"  # what govuk-frontend-jinja 4.1 is made for


def test_what_is_collected_is_ours_alone() -> None:
    if not assets.made():
        pytest.skip("the front end has not been made: `make install`")
    manifest = json.loads((assets.COLLECTED / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    css = (assets.COLLECTED / manifest["site.css"]).read_text(encoding="utf-8")
    assert "GDS Transport" not in css
    assert "crest" not in css
    assert not re.findall(r"url\([\"']?(?:https?:)?//", css)
    for found in re.findall(r"url\([\"']?([^\"')]+)", css):
        assert (assets.COLLECTED / found).is_file(), found


def test_the_inline_script_that_the_policy_allows_is_the_one_in_the_template() -> None:
    import govuk_frontend_jinja

    template = Path(govuk_frontend_jinja.__file__).parent / "templates" / "template.html"
    assert f">{JS_ENABLED}</script>" in template.read_text(encoding="utf-8")
