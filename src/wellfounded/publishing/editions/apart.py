"""Freezing in a process of its own, which takes its memory with it when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from wellfounded.publishing.editions.obstacles import Obstacle

if TYPE_CHECKING:
    from wellfounded.evidence.located import BaseErrors
    from wellfounded.priorities.types import Said


class Asked(TypedDict, total=False):
    """What `freeze` is told beside the base and the shelf."""

    on: date
    corrects: int
    notice: str
    even_if_unchanged: bool
    said: Mapping[str, Said] | None
    decisions: Mapping[str, object]


class Refused(ValueError):
    """An edition that can't be frozen as things stand: why, and every obstacle."""

    def __init__(self, why: str, obstacles: tuple[Obstacle, ...] = ()) -> None:
        self.obstacles = obstacles
        super().__init__(why)


class Stopped(RuntimeError):
    """The process that froze came to an end before it was done, or met something unforeseen."""


def freeze_apart(base: Path, *, editions: Path, asked: Asked, progress: Callable[[str], None]) -> int:
    """The number of the next edition of the base, now on the shelf. Raises Refused, Stopped, BeingFrozen."""
    from wellfounded.publishing.editions.freeze import BeingFrozen

    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_freeze, args=(there, base, editions, asked))
    process.start()
    there.close()
    try:
        while True:
            match here.recv():
                case ("said", str(words)):
                    progress(words)
                case ("frozen", int(number)):
                    return number
                case ("refused", str(why), tuple(found)):
                    raise Refused(why, found)
                case ("busy", str(why)):
                    raise BeingFrozen(why)
                case (_, why):
                    raise Stopped(str(why))
    except EOFError:
        process.join()
        raise Stopped(f"the process that froze ended with {process.exitcode} before it was done") from None
    finally:
        process.join()
        here.close()


def _freeze(told: Connection, base: Path, editions: Path, asked: Asked) -> None:
    """Nothing; tells through `told` how far it is, and how it ended."""
    from wellfounded.evidence.located import BaseErrors
    from wellfounded.publishing.editions.freeze import BeingFrozen, NoNotice, NothingChanged, NotReady, freeze
    from wellfounded.publishing.editions.shelf import NoSuchEdition

    try:
        frozen = freeze(base, editions=editions, progress=lambda words: told.send(("said", words)), **asked)
    except NotReady as error:
        told.send(("refused", str(error).splitlines()[-1], error.obstacles))
    except BeingFrozen as error:
        told.send(("busy", str(error)))
    except BaseErrors as error:
        told.send(("refused", "the base has errors; nothing was frozen.", _of_base(error)))
    except NothingChanged as error:
        told.send(("refused", f"{str(error).split(';')[0]}; nothing was frozen.", ()))
    except (NoNotice, NoSuchEdition) as error:
        told.send(("refused", str(error), ()))
    except Exception as error:
        told.send(("failed", f"{type(error).__name__}: {error}"))
        raise
    else:
        told.send(("frozen", frozen.number))


def _of_base(error: BaseErrors) -> tuple[Obstacle, ...]:
    """What is wrong with a base's files, as obstacles."""
    return tuple(Obstacle(each.message, f"{each.file}:{each.line}", "mend the file") for each in error.problems)


__all__ = ["Asked", "Refused", "Stopped", "freeze_apart"]
