"""The pages on methods, from the Markdown of `docs/methods`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

PACKAGE = Path(__file__).parents[1]
PLACES = (PACKAGE / "docs" / "methods", PACKAGE.parents[1] / "docs" / "methods")  # in a wheel, in a checkout
_TO_METHOD = re.compile(r'href="([a-z0-9-]+)\.md(#[^"]*)?"')


@dataclass(frozen=True)
class Method:
    """A page on a method."""

    id: str
    title: str
    summary: str
    text: str


@lru_cache(maxsize=1)
def everything() -> dict[str, Method]:
    """Every method's page, by id, in the order of titles."""
    folder = next((place for place in PLACES if place.is_dir()), None)
    paths = sorted(folder.glob("*.md")) if folder else []
    found = [_read(path) for path in paths if path.stem.lower() not in ("readme", "index")]
    return {method.id: method for method in sorted(found, key=lambda method: method.title)}


def html(method: Method) -> str:
    """A method's text as HTML, without its title; raw HTML in the Markdown is shown as text.

    Links to other methods' files lead to their pages.
    """
    rendered = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table").render(method.text)
    return _TO_METHOD.sub(r'href="/about/methods/\1\2"', str(rendered))


def _read(path: Path) -> Method:
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    titled = bool(lines) and lines[0].startswith("# ")
    title = lines[0][2:].strip() if titled else path.stem.replace("-", " ").capitalize()
    text = "\n".join(lines[1:] if titled else lines).strip()
    first = text.split("\n\n", 1)[0].replace("\n", " ")
    return Method(path.stem, title, first if not first.startswith(("#", "|", "-")) else "", text)
