"""Running the `wellfounded` command in a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from wellfounded.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No people's data: commands find none, whatever tests before have made."""
    monkeypatch.setenv("WELLFOUNDED_DATA", str(tmp_path / "nobody"))
    monkeypatch.delenv("WELLFOUNDED_DATABASE", raising=False)


@pytest.fixture
def run() -> Callable[..., Ran]:
    """Runs `wellfounded` with arguments; an error that isn't a message is raised."""

    def call(*arguments: object) -> Ran:
        done = CliRunner().invoke(main, [str(each) for each in arguments], prog_name="wellfounded")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ran(done.exit_code, done.stdout, done.stderr)

    return call
