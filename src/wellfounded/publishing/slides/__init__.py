"""The stakeholder presentation: a deck for a session, with charts that can be edited and notes for who presents it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wellfounded.publishing.model import Publication, ShownIndicator

NAME = "presentation.pptx"


def write(
    publication: Publication, indicators: Sequence[ShownIndicator], *, folder: Path, template: Path | None = None
) -> Path:
    """`folder`/presentation.pptx, on the place's own template where it has one. Raises UnusableTemplate, NotDrawn."""
    from wellfounded.publishing.slides.deck import deck
    from wellfounded.publishing.slides.rendering import render

    return render(deck(publication, indicators), charts=folder / "charts", template=template, to=folder / NAME)


__all__ = ["NAME", "write"]
