"""What commands on people's data share: Django set up for a base, and the moment."""

from __future__ import annotations

from pathlib import Path

from wellfounded.cli.bases import folder_of


def opened(base: Path | None) -> Path:
    """The folder of the base that is meant; Django is set up for its people's data, and the tables are up to date."""
    from wellfounded.config.environment import prepare

    folder = folder_of(base)
    prepare(folder)
    return folder
