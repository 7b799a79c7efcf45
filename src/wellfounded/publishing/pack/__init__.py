"""The full evidence pack of a publication: one document with everything, as HTML and as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from wellfounded.publishing.model import Publication, ShownIndicator
from wellfounded.publishing.pack.contents import document
from wellfounded.publishing.pack.document import Document


def write(publication: Publication, indicators: Sequence[ShownIndicator], *, folder: Path) -> None:
    """Nothing; writes pack.html, pack.css and pack.pdf into `folder`, which already holds charts/."""
    made = document(publication, indicators)
    _html(made, folder)
    _pdf(made, folder)


def write_html(folder: Path) -> Path:
    """`folder`/pack.html, written with pack.css from publication.json, indicators/ and charts/ in `folder`."""
    return _html(document(*read(folder)), folder)


def write_pdf(folder: Path) -> Path:
    """`folder`/pack.pdf, tagged for accessibility (PDF/UA-1), from publication.json, indicators/ and charts/."""
    return _pdf(document(*read(folder)), folder)


def read(folder: Path) -> tuple[Publication, tuple[ShownIndicator, ...]]:
    """The publication in `folder` and its indicators in its own order."""
    publication = msgspec.json.decode((folder / "publication.json").read_bytes(), type=Publication)
    decode = msgspec.json.Decoder(ShownIndicator).decode
    indicators = tuple(
        decode((folder / "indicators" / f"{ref.id}.json").read_bytes()) for ref in publication.indicators
    )
    return publication, indicators


def _html(made: Document, folder: Path) -> Path:
    from wellfounded.publishing.pack.page import page, style_sheet

    (folder / "pack.css").write_text(style_sheet(made), encoding="utf-8")
    path = folder / "pack.html"
    path.write_text(page(made), encoding="utf-8")
    return path


def _pdf(made: Document, folder: Path) -> Path:
    from wellfounded.publishing.pack.typesetting import pdf

    path = folder / "pack.pdf"
    path.write_bytes(pdf(made, charts=folder / "charts"))
    return path


__all__ = ["read", "write", "write_html", "write_pdf"]
