"""Documents read back: the pack's page and PDF, and the addresses in it before it is rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pikepdf


class Page(HTMLParser):
    """What a test asks of the page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.h1: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.addresses: list[tuple[str, str]] = []
        self.inline: list[str] = []
        self.images: dict[str, str] = {}
        self.tables: list[dict[str, Any]] = []
        self.words = ""
        self._into: list[str] = []
        self._cell: list[str] | None = None
        self._part = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "h1":
            self.h1.append("")
            self._part = "h1"
        if "id" in given:
            self.ids.append(given["id"])
        self.addresses += [(f"{tag} {name}", given[name]) for name in ("href", "src", "srcset") if given.get(name)]
        self.inline += [tag] * (tag in ("style", "script") or any(n == "style" or n.startswith("on") for n in given))
        if tag == "img":
            self.images[given["src"]] = given.get("alt", "")
        if tag == "table":
            self.tables.append({"caption": "", "columns": [], "rows": []})
        elif tag in ("caption", "thead", "tbody"):
            self._part = tag
        elif tag == "tr" and self._part == "tbody":
            self.tables[-1]["rows"].append([])
        elif tag in ("th", "td"):
            self._cell = []
        if self._cell is not None and given.get("aria-label"):
            self._cell.append(given["aria-label"])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td") and self._cell is not None:
            text = " ".join(" ".join(self._cell).split())
            if self._part == "thead":
                self.tables[-1]["columns"].append(text)
            else:
                self.tables[-1]["rows"][-1].append((tag, text))
            self._cell = None
        elif tag in ("caption", "h1"):
            self._part = ""

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._cell is not None:
            self._cell.append(data)
        elif self._part == "caption":
            self.tables[-1]["caption"] += data
        elif self._part == "h1":
            self.h1[-1] += data


def addresses(made: Any) -> Iterator[str]:
    """Every address in a document that was taken apart."""
    if isinstance(made, dict):
        if made.get("href"):
            yield made["href"]
        made = list(made.values())
    if isinstance(made, list | tuple):
        for part in made:
            yield from addresses(part)


def bookmarks(opened: pikepdf.Pdf) -> set[str]:
    """The titles of all bookmarks."""

    def titles(items: Any) -> Iterator[str]:
        for item in items:
            yield item.title
            yield from titles(item.children)

    with opened.open_outline() as outline:
        return set(titles(outline.root))


def structure(element: Any) -> Iterator[Any]:
    """The structure elements below one."""
    inner = element.get("/K")
    for child in list(inner) if isinstance(inner, pikepdf.Array) else [inner]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from structure(child)
