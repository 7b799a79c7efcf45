"""The full evidence pack of a publication: one document with everything, as HTML and as PDF."""

from __future__ import annotations

from pathlib import Path


def write_html(folder: Path) -> Path:
    """`folder`/pack.html, written from the publication in `folder` (publication.json, indicators/, charts/)."""
    raise NotImplementedError


def write_pdf(folder: Path) -> Path:
    """`folder`/pack.pdf, tagged for accessibility (PDF/UA-1), written from the publication in `folder`."""
    raise NotImplementedError
