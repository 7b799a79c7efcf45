"""A page read back: its title, headings, addresses, ids and words."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "link", "img", "input", "br", "wbr", "hr", "rect", "circle", "path", "polyline", "line"})


@dataclass
class Read(HTMLParser):
    """What a test asks of a page."""

    html: str
    title: str = ""
    h1: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    addresses: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    fields: list[str] = field(default_factory=list)
    images_without_alt: list[str] = field(default_factory=list)
    styled: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    inline_scripts: list[str] = field(default_factory=list)
    words: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "script" and "src" not in given:
            self.inline_scripts.append("")
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
            if tag == "h1":
                self.h1.append("")
        for name in ("href", "src", "action"):
            if given.get(name):
                self.addresses.append((f"{tag} {name}", str(given[name])))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))
        if tag in ("input", "select", "textarea"):
            self.fields.append(str(given.get("id")))
        if tag == "img" and not given.get("alt"):
            self.images_without_alt.append(str(given.get("src")))
        if "style" in given or tag == "style":
            self.styled.append(tag)
        self.handlers += [name for name in given if name.startswith("on")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "script" and self.inline_scripts:
            self.inline_scripts[-1] += data
        elif inside == "title" and "svg" not in self._open:
            self.title += data
        else:
            self.words += data
            if "h1" in self._open:
                self.h1[-1] += data
