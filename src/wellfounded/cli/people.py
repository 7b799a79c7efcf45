"""What commands on people's data share: Django set up for a base, and the moment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from wellfounded.cli.bases import folder_of

if TYPE_CHECKING:
    from wellfounded.priorities.types import Said


def opened(base: Path | None) -> Path:
    """The folder of the base that is meant; Django is set up for its people's data, and the tables are up to date."""
    from wellfounded.config.environment import prepare

    folder = folder_of(base)
    prepare(folder)
    return folder


def heard(folder: Path) -> tuple[dict[str, Said] | None, dict[str, object]]:
    """What stakeholders said by conclusion, and what was decided of it, for an edition of the base in `folder`.

    Nothing where there is no people's data yet; demonstration records are no part of it.
    """
    if not _there_are_people(folder):
        return None, {}
    opened(folder)
    from wellfounded.people.consultation.queries import frozen, ledger

    return ledger.said(demonstration=False) or None, frozen.decided()


def recorded(folder: Path, what: str, *, about: str, **detail: object) -> None:
    """Nothing; the record of the base in `folder` says what the command did, where there is people's data."""
    if not _there_are_people(folder):
        return
    opened(folder)
    from wellfounded.people import record

    record.done("command line", what, about=about, **detail)


def _there_are_people(folder: Path) -> bool:
    """Whether people's data of the base in `folder` has been made, or is in a database of its own."""
    from wellfounded.config.environment import DATABASE, FOLDER, data_folder

    data = data_folder() if os.environ.get("WELLFOUNDED_DATA") else Path.cwd() / FOLDER / folder.resolve().name
    return bool(os.environ.get(DATABASE)) or (data / "people.sqlite3").is_file()
