"""The open data of a publication: every figure, conclusion, test and source as CSV, and a manifest of the folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def write(folder: Path, *, figures: pa.Table) -> None:
    """Nothing; writes `folder`/data/*.csv and then data/manifest.json with the SHA-256 of every file of `folder`."""
    raise NotImplementedError
