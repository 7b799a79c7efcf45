"""A document as a Word file: real headings, captions, lists, links and tables, and words for every picture."""

from __future__ import annotations

from pathlib import Path

from wellfounded.publishing.documents.document import Document


def docx(document: Document, *, folder: Path, to: Path) -> Path:
    """`to`, now the Word file of a document whose drawings are in `folder`/charts. Raises NotDrawn."""
    from wellfounded.publishing.documents.word.rendering import Writer

    return Writer(document, folder=folder).write(to)


__all__ = ["docx"]
