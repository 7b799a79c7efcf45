"""Running the `wellfounded` command in a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from wellfounded.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run() -> Callable[..., Ran]:
    """Runs `wellfounded` with arguments; an error that isn't a message is raised."""

    def call(*arguments: object) -> Ran:
        done = CliRunner().invoke(main, [str(each) for each in arguments], prog_name="wellfounded")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ran(done.exit_code, done.stdout, done.stderr)

    return call
