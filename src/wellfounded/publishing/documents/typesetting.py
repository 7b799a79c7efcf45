"""A document as PDF (PDF/UA-1), set by Typst from templates/document.typ; it goes in as JSON, never as source."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec

from wellfounded.publishing.documents.document import Document, Figure, Table, blocks_of

TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
SANS = "Source Sans Pro"
FONTS = {
    "font_source_sans_pro": tuple(
        f"SourceSansPro-{cut}.otf" for cut in ("Regular", "It", "Semibold", "SemiboldIt", "Bold")
    ),
    "font_source_serif_pro": tuple(f"SourceSerifPro-{cut}.otf" for cut in ("Regular", "It", "Semibold")),
}
STANDARD: Literal["ua-1"] = "ua-1"
_FAMILY = re.compile(r'font-family="[^"]*"')
_POINTS = re.compile(r"[0-9., -]+")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class NoFonts(RuntimeError):
    """The fonts of documents are not installed."""


class NotDrawn(LookupError):
    """A chart of a document has no drawing."""


class NotTypeset(RuntimeError):
    """Typst refused the document."""


def pdf(document: Document, *, charts: Path) -> bytes:
    """The PDF of a document, whose charts are drawn in `charts`. Raises NoFonts, NotDrawn, NotTypeset."""
    import typst

    with TemporaryDirectory() as folder:
        root = Path(folder)
        _fonts(root / "fonts")
        _charts(document, charts, root / "charts")
        _logo(document, charts.parent, root)
        sparks = _sparks(document, root / "sparks")
        (root / "document.json").write_bytes(msgspec.json.encode(document))
        (root / "sparks.json").write_bytes(msgspec.json.encode(sparks))
        shutil.copy(TEMPLATE, root / "document.typ")
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[root / "fonts"])
        try:
            made = typst.compile(
                root / "document.typ", root=root, font_paths=fonts, format="pdf", pdf_standards=[STANDARD]
            )
        except typst.TypstError as error:
            raise NotTypeset(
                f"the document can't be set as {STANDARD.upper()}: {error.message}\n{error.diagnostic}"
            ) from error
    assert isinstance(made, bytes)
    return made


def _fonts(to: Path) -> None:
    """Copies the cuts that the template uses, so that no others on the machine can take their place."""
    to.mkdir()
    for folder, names in zip(font_folders(), FONTS.values(), strict=True):
        for name in names:
            shutil.copy(folder / name, to / name)


def font_folders() -> list[Path]:
    """The folders of the installed fonts, in the order of FONTS. Raises NoFonts."""
    found = []
    for package in FONTS:
        spec = find_spec(package)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            raise NoFonts(f"the package {package.replace('_', '-')} is not installed: run `make install`")
        found.append(Path(places[0]) / "files")
    return found


def in_own_letters(drawing: str) -> str:
    """A drawing (SVG) with its words in the documents' typeface."""
    return _FAMILY.sub(f'font-family="{SANS}"', drawing)


def _charts(document: Document, charts: Path, to: Path) -> None:
    """Copies the drawings that the document shows, their words in its own typeface."""
    to.mkdir()
    for block in blocks_of(document):
        if isinstance(block, Figure):
            name = Path(block.file).name
            try:
                drawing = (charts / name).read_text(encoding="utf-8")
            except FileNotFoundError:
                raise NotDrawn(f"the chart of figure {block.number} has no drawing: expected {charts / name}") from None
            (to / name).write_text(in_own_letters(drawing), encoding="utf-8")


def _logo(document: Document, folder: Path, to: Path) -> None:
    if document.logo:
        (to / document.logo).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / document.logo, to / document.logo)


def _sparks(document: Document, to: Path) -> dict[str, str]:
    """Draws the small lines of tables; the file of each, by its points."""
    to.mkdir()
    colour = document.ink if _COLOUR.fullmatch(document.ink) else "#000000"
    files: dict[str, str] = {}
    for points in dict.fromkeys(_points(document)):
        if not _POINTS.fullmatch(points):
            raise NotTypeset(f"a trend line has points that are no numbers: {points!r}")
        last = points.split()[-1].split(",")
        files[points] = f"sparks/{len(files)}.svg"
        (to.parent / files[points]).write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="106" height="30" viewBox="-3 -3 106 30">'
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"/>'
            f'<circle cx="{last[0]}" cy="{last[1]}" r="2.6" fill="{colour}"/></svg>',
            encoding="utf-8",
        )
    return files


def _points(document: Document) -> Iterator[str]:
    for block in blocks_of(document):
        if isinstance(block, Table):
            for row in block.rows:
                yield from (cell.spark for cell in row.cells if cell.spark)
