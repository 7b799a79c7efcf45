"""The documents of a publication, each made once as a tree of blocks and rendered in every form that it has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from wellfounded.publishing.documents import pack, summary
from wellfounded.publishing.documents.document import Document
from wellfounded.publishing.documents.word import docx
from wellfounded.publishing.model import Publication, ShownIndicator

STYLE_SHEET = "document.css"
AS_WORD = frozenset({"summary"})
DOCUMENTS = {"summary": summary.document, "pack": pack.document}


def write(publication: Publication, indicators: Sequence[ShownIndicator], *, folder: Path) -> None:
    """Nothing; writes every document in every form into `folder`, which already holds charts/."""
    for name, document in DOCUMENTS.items():
        made = document(publication, indicators)
        _html(made, folder, name)
        _pdf(made, folder, name)
        if name in AS_WORD:
            docx(made, folder=folder, to=folder / f"{name}.docx")


def write_html(folder: Path) -> Path:
    """`folder`/pack.html, written with document.css from publication.json, indicators/ and charts/ in `folder`."""
    return _html(pack.document(*read(folder)), folder, "pack")


def write_pdf(folder: Path) -> Path:
    """`folder`/pack.pdf, tagged for accessibility (PDF/UA-1), from publication.json, indicators/ and charts/."""
    return _pdf(pack.document(*read(folder)), folder, "pack")


def read(folder: Path) -> tuple[Publication, tuple[ShownIndicator, ...]]:
    """The publication in `folder` and its indicators in its own order."""
    publication = msgspec.json.decode((folder / "publication.json").read_bytes(), type=Publication)
    decode = msgspec.json.Decoder(ShownIndicator).decode
    indicators = tuple(
        decode((folder / "indicators" / f"{ref.id}.json").read_bytes()) for ref in publication.indicators
    )
    return publication, indicators


def _html(made: Document, folder: Path, name: str) -> Path:
    from wellfounded.publishing.documents.page import page, style_sheet

    (folder / STYLE_SHEET).write_text(style_sheet(made), encoding="utf-8")
    path = folder / f"{name}.html"
    path.write_text(page(made), encoding="utf-8")
    return path


def _pdf(made: Document, folder: Path, name: str) -> Path:
    from wellfounded.publishing.documents.typesetting import pdf

    path = folder / f"{name}.pdf"
    path.write_bytes(pdf(made, charts=folder / "charts"))
    return path


__all__ = ["read", "write", "write_html", "write_pdf"]
