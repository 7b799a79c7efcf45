"""Which evidence base a command is about, and what is said when it can't be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from wellfounded.evidence.base import Base
    from wellfounded.evidence.located import Problem
    from wellfounded.evidence.store import Store

SHIPPED = Path("bases", "cheshire-warrington")
BUILT = "build"  # the folder of a base that holds what is made from it

F = TypeVar("F", bound=Callable[..., Any])


class Refused(click.ClickException):
    """What was asked for can't be done; the message says why and what to do. The command exits with 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class BaseRefused(Refused):
    """The base can't be read: each problem with its file and line."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.problems = problems
        count = "1 error" if len(problems) == 1 else f"{len(problems)} errors"
        lines = [f"{folder / problem.file}:{problem.line}: {problem.message}" for problem in problems]
        super().__init__("\n".join([*lines, f"{count}; nothing was built."]))

    def as_json(self) -> list[dict[str, object]]:
        """The problems, for machines."""
        return [{"file": each.file, "line": each.line, "message": each.message} for each in self.problems]


def base_argument(command: F) -> F:
    """`command` with the argument BASE."""
    return click.argument("base", required=False, type=click.Path(path_type=Path))(command)


def found(given: Path | None) -> Path | None:
    """The folder that is meant: the one given, the present one, or the shipped one; None where there is none.

    Above the present folder is looked too, so that commands work from anywhere inside a base or a checkout.
    """
    if given is not None:
        return given
    here = Path()
    for folder in (here, *(Path(*[".."] * up) for up in range(1, len(here.absolute().parents) + 1))):
        for candidate in (folder, folder / SHIPPED):
            if (candidate / "base.toml").is_file():
                return candidate
    return None


def folder_of(given: Path | None) -> Path:
    """The folder that is meant. Raises a usage error where there is none."""
    folder = found(given)
    if folder is None:
        raise click.UsageError(
            f"no evidence base: the present folder has no base.toml and there is no {SHIPPED} here; "
            "name the base's folder, or make one with `wellfounded new`"
        )
    return folder


@contextmanager
def problems_told(folder: Path) -> Iterator[None]:
    """Turns what is wrong with the base in `folder` into lines that an editor can jump to, and exit code 2."""
    from wellfounded.evidence.base import NotABase
    from wellfounded.evidence.located import BaseErrors

    try:
        yield
    except NotABase as error:
        raise Refused(f"{folder}: {error.problems[0].message}") from error
    except BaseErrors as error:
        raise BaseRefused(folder, error.problems) from error


def read(folder: Path) -> tuple[Base, Store]:
    """The base in `folder` and a store of its figures. Raises BaseRefused."""
    from wellfounded.evidence.base import load_base
    from wellfounded.evidence.store import Store

    with problems_told(folder):
        base = load_base(folder)
    return base, Store.open(base)
