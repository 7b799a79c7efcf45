"""Text from HTML: what a reader of the message would see, with quotes marked as plain text marks them."""

from __future__ import annotations

import re

from lxml import etree

from wellfounded.people.consultation.receiving.types import Trouble

LARGEST = 5_000_000  # characters of HTML that are read
_DROPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "math", "iframe"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tr", "ul", "body", "html",
})  # fmt: skip
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "dl", "pre"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])", re.I)
_DEEPEST = 20  # quotes within quotes that are marked
_SPACE = re.compile(r"[ \t\n\r\f]+")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def text_of(html: str) -> tuple[str, Trouble | None]:
    """The text that `html` shows, and what could not be read of it.

    Quotes get "> " before each line, list items "- ", links their address where it isn't their text; tables one line a
    row. What is hidden is left out.
    """
    reader = _Reader()
    parser = etree.HTMLParser(target=reader, huge_tree=True, no_network=True)
    trouble = None
    if len(html) > LARGEST:
        trouble = Trouble("long-html", f"only the first {LARGEST:,} characters of its HTML were read")
    if html.strip():
        try:
            parser.feed(html[:LARGEST])
            parser.close()
        except etree.LxmlError:
            trouble = Trouble("html", "its HTML could not be read to the end")
    return reader.text(), trouble


class _Reader:
    """Gathers lines while the parser walks. No tree is built, so depth costs nothing."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.dropping = 0  # how many open elements stand within what is not shown
        self.pre = 0
        self.open_links: list[tuple[str, int]] = []
        self.space = False  # a space is due before the next word

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.dropping or tag in _DROPPED or _HIDDEN.search(attributes.get("style", "")):
            if tag not in _VOID:
                self.dropping += 1
            return
        if tag == "br":
            self.end_line()
        elif tag == "img":
            self.data(attributes.get("alt", ""))
        elif tag in ("td", "th") and any(part.strip() for part in self.line):
            self.line.append("\t")
            self.space = False
        elif tag in _BLOCKS:
            self.break_line(spaced=tag in _SPACED)
            if tag == "blockquote":
                self.quotes += 1
            elif tag == "li":
                self.line.append("- ")
            elif tag == "pre":
                self.pre += 1
            elif tag == "hr":
                self.line.append("_" * 32)
                self.end_line()
        elif tag == "a":
            self.open_links.append((attributes.get("href", ""), len(self.line)))

    def end(self, tag: str) -> None:
        if self.dropping:
            self.dropping -= tag not in _VOID
            return
        if tag in _BLOCKS:
            self.break_line(spaced=tag in _SPACED)
            if tag == "blockquote":
                self.quotes = max(0, self.quotes - 1)
            elif tag == "pre":
                self.pre = max(0, self.pre - 1)
        elif tag == "a" and self.open_links:
            address, start = self.open_links.pop()
            shown = "".join(self.line[start:])
            plain = address.removeprefix("mailto:").split("?")[0]
            if address.startswith(("http://", "https://")) and plain.rstrip("/") not in shown:
                self.line.append(f" <{address}>")

    def data(self, data: str) -> None:
        if self.dropping or not data:
            return
        if self.pre:
            first, *others = data.split("\n")
            self.line.append(first)
            for other in others:
                self.end_line()
                self.line.append(other)
            return
        words = _SPACE.sub(" ", data)
        if (self.space or words[0] == " ") and self.line and not self.line[-1].endswith((" ", "\t")):
            self.line.append(" ")
        self.space = False
        stripped = words.strip(" ")
        if stripped:
            self.line.append(stripped)
            self.space = words[-1] == " "

    def comment(self, _text: str) -> None:
        """Nothing: a comment is not shown."""

    def close(self) -> None:
        self.break_line(spaced=False)

    def end_line(self) -> None:
        line = "".join(self.line).replace("\xa0", " ").rstrip()
        self.line.clear()
        self.open_links = [(address, 0) for address, _ in self.open_links]
        self.space = False
        mark = ">" * min(self.quotes, _DEEPEST)
        self.lines.append(f"{mark} {line}".rstrip() if mark else line)

    def break_line(self, *, spaced: bool) -> None:
        if any(part.strip() for part in self.line):
            self.end_line()
        else:
            self.line.clear()
            self.space = False
        if spaced and self.lines and self.lines[-1].strip("> "):
            self.end_line()

    def text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")
