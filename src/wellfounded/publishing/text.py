"""Markdown as HTML, with raw HTML off; and HTML as a tree that documents are set from."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt

_ALONE = frozenset({"br", "hr", "img"})
_PLAIN = re.compile(r"<[^>]+>")


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html(markdown: str) -> str:
    """Markdown as HTML; raw HTML in it comes out as text."""
    return str(_markdown().render(markdown)).strip()


def figure_html(text: str, *, indicator: str, about: str) -> str:
    """A figure inside text: its words, leading to its indicator's page."""
    return f'<a class="wf-figure" href="/indicators/{escape(indicator)}" title="{escape(about)}">{escape(text)}</a>'


def plain(markup: str) -> str:
    """HTML without its tags."""
    from html import unescape

    return unescape(_PLAIN.sub("", markup))


Node = dict[str, Any]


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: Node = {"tag": "root", "children": []}
        self._open: list[Node] = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node: Node = {"tag": tag, "children": []}
        if tag == "a":
            node["href"] = dict(attrs).get("href") or ""
        self._open[-1]["children"].append(node)
        if tag not in _ALONE:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth]["tag"] == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        if data.strip() or (
            data and self._open[-1]["tag"] not in ("root", "ul", "ol", "table", "thead", "tbody", "tr")
        ):
            self._open[-1]["children"].append({"tag": "text", "text": data.replace("\n", " ")})


def tree(markup: str) -> list[Node]:
    """HTML made from Markdown as nested nodes: {"tag", "children"}, and {"tag": "text", "text"} at the ends."""
    parser = _Tree()
    parser.feed(markup)
    parser.close()
    children: list[Node] = parser.root["children"]
    return children
