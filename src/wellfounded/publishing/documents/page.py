"""A document as one page of HTML with a style sheet beside it; charts are files, so that it obeys a strict policy."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wellfounded.publishing.documents.document import Block, Document, Heading

TEMPLATES = Path(__file__).parent / "templates"


def page(document: Document) -> str:
    """The document as HTML."""
    return _environment().get_template("document.html.j2").render(doc=document)


def style_sheet(document: Document) -> str:
    """The page's style sheet, in the place's colours."""
    colours = {"brand": document.colour, "on-brand": document.on_colour, "ink": document.ink, "accent": document.accent}
    properties = ";".join(f"--{name}:{value}" for name, value in colours.items())
    stripes = ",".join(_stripes(document.stripes or (document.accent,)))
    own = f":root{{{properties};--stripes:linear-gradient(90deg,{stripes})}}\n"
    return own + (TEMPLATES / "document.css").read_text(encoding="utf-8")


def _stripes(colours: tuple[str, ...]) -> list[str]:
    width = 100 / len(colours)
    return [f"{colour} {at * width:.2f}% {(at + 1) * width:.2f}%" for at, colour in enumerate(colours)]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = _kind
    environment.filters["listed"] = _listed
    return environment


def _kind(block: Block) -> str:
    """Which macro renders a block."""
    return str(block.__struct_config__.tag)


def _listed(blocks: tuple[Block, ...]) -> list[Heading]:
    """The headings that the contents list."""
    return [block for block in blocks if isinstance(block, Heading) and block.listed]
