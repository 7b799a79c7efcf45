"""HTML made from Markdown as blocks of a document, its links to pages of the site led to the document's own parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from wellfounded.publishing.documents.document import (
    Block,
    Cell,
    Code,
    Column,
    Heading,
    Items,
    Paragraph,
    Quote,
    Row,
    Run,
    Table,
)
from wellfounded.publishing.text import Node, tree

_AWAY = ("https:", "http:", "mailto:")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
Lead = Callable[[str], str]


@dataclass(frozen=True)
class _Look:
    strong: bool = False
    em: bool = False
    code: bool = False
    href: str = ""


def address(href: str, *, anchors: frozenset[str]) -> str:
    """Where a link of the site leads in the document: an anchor, the address itself where it leads away, or nowhere."""
    if href.startswith(_AWAY):
        return href
    parts = [part for part in href.split("#")[0].split("?")[0].split("/") if part]
    if not parts:
        return ""
    names = {"indicators": "indicator", "conclusions": "conclusion", "methods": "method", "sources": "source"}
    kind = names.get(parts[-2], "") if len(parts) > 1 else "chapter"
    anchor = f"{kind}-{parts[-1]}"
    return f"#{anchor}" if anchor in anchors else ""


def blocks(markup: str, *, lead: Lead, level: int) -> tuple[Block, ...]:
    """The blocks of HTML; its highest headings come out at `level`, and none skips a level."""
    nodes = tree(markup)
    present = sorted({node["tag"] for node in nodes if node["tag"] in _HEADINGS})
    levels = {tag: level + at for at, tag in enumerate(present)}
    return tuple(_blocks(nodes, lead, levels))


def inline(markup: str, *, lead: Lead) -> tuple[Run, ...]:
    """The text of HTML as runs, its paragraphs joined."""
    found: list[Run] = []
    for node in tree(markup):
        if found and node["tag"] != "text":
            found.append(Run(" "))
        found += _runs([node], lead, _Look())
    return tuple(found)


def _blocks(nodes: Iterable[Node], lead: Lead, levels: dict[str, int]) -> list[Block]:
    found: list[Block] = []
    loose: list[Run] = []

    def close() -> None:
        if any(run.text.strip() for run in loose):
            found.append(Paragraph(tuple(loose)))
        loose.clear()

    for node in nodes:
        tag, children = node["tag"], node.get("children", [])
        if tag in ("p", *levels, "ul", "ol", "blockquote", "pre", "table", "hr", "div"):
            close()
        if tag == "p":
            found.append(Paragraph(tuple(_runs(children, lead, _Look()))))
        elif tag in levels:
            found.append(Heading("".join(run.text for run in _runs(children, lead, _Look())).strip(), levels[tag]))
        elif tag in ("ul", "ol"):
            items = [tuple(_blocks(item["children"], lead, {})) for item in children if item["tag"] == "li"]
            found.append(Items(tuple(items), ordered=tag == "ol"))
        elif tag == "blockquote":
            found.append(Quote(tuple(_blocks(children, lead, {}))))
        elif tag == "pre":
            found.append(Code("".join(run.text for run in _runs(children, lead, _Look())).rstrip()))
        elif tag == "table":
            found.append(_table(node, lead))
        elif tag == "div":
            found += _blocks(children, lead, levels)
        elif tag != "hr":
            loose += _runs([node], lead, _Look())
    close()
    return found


def _table(node: Node, lead: Lead) -> Table:
    lines = [
        [" ".join(run.text for run in _runs(cell["children"], lead, _Look())).strip() for cell in row["children"]]
        for part in node["children"]
        for row in part.get("children", [])
        if row["tag"] == "tr"
    ]
    head = lines[0] if lines else []
    return Table(
        title="",
        columns=tuple(Column(title) for title in head),
        rows=tuple(Row(tuple(Cell(text) for text in line)) for line in lines[1:]),
    )


def _runs(nodes: Sequence[Node], lead: Lead, look: _Look) -> list[Run]:
    found: list[Run] = []
    for node in nodes:
        tag = node["tag"]
        if tag == "text":
            found.append(Run(node["text"], strong=look.strong, em=look.em, code=look.code, href=look.href))
            continue
        inner = look
        if tag == "strong":
            inner = replace(look, strong=True)
        elif tag == "em":
            inner = replace(look, em=True)
        elif tag == "code":
            inner = replace(look, code=True)
        elif tag == "a":
            inner = replace(look, href=lead(node["href"]))
        elif tag == "br":
            found.append(Run(" "))
        found += _runs(node.get("children", []), lead, inner)
    return found


__all__ = ["Lead", "address", "blocks", "inline"]
