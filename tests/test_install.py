"""Installing: the lock files are whole, and nothing is done when there is nothing to do."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
FILES = ("pyproject.toml", "requirements.txt", "requirements-dev.txt", "requirements-bootstrap.txt", "package.json",
         "package-lock.json", ".npmrc")  # fmt: skip


def script(name: str) -> ModuleType:
    """A script of the project as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def locks(tmp_path):
    """The check of the lock files over a copy of them."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    checker = script("check_lock")
    checker.ROOT = tmp_path
    return checker


def test_the_lock_files_are_whole(locks):
    assert locks.faults() == []


def test_a_host_in_a_lock_file_is_found(locks):
    path = locks.ROOT / "requirements.txt"
    path.write_text("--index-url https://mirror.example/simple\n" + path.read_text())
    assert [fault.split(":")[:2] for fault in locks.faults()] == [["requirements.txt", "1"]]


def test_a_host_in_npms_lock_file_is_found(locks):
    path = locks.ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    next(package for name, package in lock["packages"].items() if name)["resolved"] = "https://mirror.example/x.tgz"
    path.write_text(json.dumps(lock))
    assert len(locks.faults()) == 1


def test_a_package_that_nobody_locked_is_found(locks):
    path = locks.ROOT / "pyproject.toml"
    path.write_text(path.read_text().replace('"altair>=6.0"', '"altair>=6.0", "nobody-locked-me>=1"'))
    assert any("nobody-locked-me" in fault for fault in locks.faults())


def test_two_locks_that_disagree_are_found(locks):
    path = locks.ROOT / "requirements.txt"
    path.write_text(path.read_text().replace("click==", "click==0."))
    assert any(fault.startswith("requirements.txt: click 0.") for fault in locks.faults())


def test_what_is_installed_depends_on_the_lock_files_and_on_where_the_checkout_is(tmp_path):
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    web = tmp_path / "src" / "wellfounded" / "web"
    web.mkdir(parents=True)
    for name in ("assets.py", "storage.py"):
        shutil.copy(ROOT / "src" / "wellfounded" / "web" / name, web / name)
    installer = script("install")
    here = installer.digest(dev=True)
    installer.ROOT, installer.WEB = tmp_path, web
    there = installer.digest(dev=True)
    assert len({here, there, installer.digest(dev=False)}) == 3
    (tmp_path / "requirements-dev.txt").write_text("")
    assert installer.digest(dev=True) != there


def test_an_environment_without_a_stamp_counts_as_not_installed(tmp_path):
    installer = script("install")
    installer.STAMP = tmp_path / "installed.json"
    assert installer.installed() == {}
