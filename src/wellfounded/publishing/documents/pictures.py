"""Drawings as pictures, for files that can't hold a drawing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from wellfounded.publishing.documents.typesetting import NotDrawn, font_folders, in_own_letters

PIXELS_PER_INCH = 192  # twice as fine as a screen


def png(path: Path, *, inches: float) -> bytes:
    """A drawing as PNG, so many inches wide, in letters that are installed with Wellfounded. Raises NotDrawn, NoFonts.

    Its letters are not the machine's, so that a picture is the same wherever it is made.
    """
    import vl_convert

    if not path.is_file():
        raise NotDrawn(f"a picture of the document has no drawing: expected {path}")
    if path.suffix.lower() == ".png":
        return path.read_bytes()
    _register()
    text = in_own_letters(path.read_text(encoding="utf-8"))
    width = float(text.split('width="', 1)[1].split('"', 1)[0].removesuffix("px"))
    return bytes(vl_convert.svg_to_png(text, scale=inches * PIXELS_PER_INCH / width))


@lru_cache(maxsize=1)
def _register() -> None:
    import vl_convert

    for folder in font_folders():
        vl_convert.register_font_directory(str(folder))
