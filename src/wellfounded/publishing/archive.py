"""An edition as one file: everything in its folder as a zip file that is the same bytes whenever it is made."""

from __future__ import annotations

from pathlib import Path

from wellfounded.publishing.zipped import zipped


def archive(folder: Path, *, to: Path, name: str) -> Path:
    """`to`, now a zip file with every file of `folder` under the folder `name`."""
    files = {f"{name}/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*") if path.is_file()}
    return zipped(files, to=to)


__all__ = ["archive"]
