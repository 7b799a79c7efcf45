"""The presentation that slides are added to: the place's own template, or one made from its colours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from wellfounded.publishing.slides.slide import Deck

WIDTH, HEIGHT = 960.0, 540.0  # points: 16 to 9
MARGIN = 48.0
FONT = "Arial"
LAYOUTS = {
    "title": ("Title Slide", "Title slide", "Cover"),
    "section": ("Section Header", "Section header", "Section"),
    "content": ("Title Only", "Title only", "Title and Content"),
}
_LINKS = re.compile(rb"<a:(hlink|folHlink)>.*?</a:(?:hlink|folHlink)>", re.DOTALL)
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_SUBTITLES = (PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY)


class UnusableTemplate(ValueError):
    """The place's template is no presentation, or has no layout with a title."""


@dataclass(frozen=True)
class Opened:
    """A presentation without slides, and the layout of each kind of slide."""

    presentation: Any
    layouts: dict[str, Any]
    own: bool  # made here, with room measured; not the place's

    @property
    def width(self) -> float:
        return float(Emu(self.presentation.slide_width).pt)

    @property
    def height(self) -> float:
        return float(Emu(self.presentation.slide_height).pt)


def opened(deck: Deck, template: Path | None) -> Opened:
    """The presentation to add slides to. Raises UnusableTemplate."""
    return _of_place(template) if template is not None else _made(deck)


def check(path: Path) -> None:
    """Raises UnusableTemplate where slides can't be added to the presentation at `path`."""
    _of_place(path)


def _of_place(path: Path) -> Opened:
    try:
        presentation = Presentation(str(path))
    except Exception as error:  # whatever a file that is no presentation makes of the reader
        raise UnusableTemplate(f"{path.name} can't be read as a PowerPoint presentation (.pptx): {error}") from error
    _without_slides(presentation)
    titled = [layout for layout in presentation.slide_layouts if title_of(layout) is not None]
    if not titled:
        raise UnusableTemplate(
            f"{path.name} has no layout with a title: add one called {LAYOUTS['content'][0]!r} to its slide master"
        )
    by_name = {layout.name.lower(): layout for layout in reversed(titled)}
    otherwise = {"title": titled[0], "section": titled[0], "content": titled[-1]}
    layouts = {
        kind: next((by_name[name.lower()] for name in names if name.lower() in by_name), otherwise[kind])
        for kind, names in LAYOUTS.items()
    }
    return Opened(presentation, layouts, own=False)


def _without_slides(presentation: Any) -> None:
    """Takes the sample slides of a template away."""
    listed = presentation.slides._sldIdLst
    for each in list(listed):
        presentation.part.drop_rel(each.rId)
        listed.remove(each)


def title_of(layout: Any) -> Any:
    return next((p for p in layout.placeholders if p.placeholder_format.type in _TITLES), None)


def _made(deck: Deck) -> Opened:
    """A template of three layouts in the place's colours."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
    wanted = {names[0]: kind for kind, names in LAYOUTS.items()}
    layouts: dict[str, Any] = {}
    for layout in list(presentation.slide_layouts):
        if layout.name in wanted:
            layouts[wanted[layout.name]] = layout
        else:
            presentation.slide_layouts.remove(layout)
    brand = deck.brand
    for kind, layout in layouts.items():
        for placeholder in list(layout.placeholders):
            type_ = placeholder.placeholder_format.type
            if type_ in _TITLES:
                _place(placeholder, _title_box(kind))
                placeholder.text_frame.margin_left = placeholder.text_frame.margin_right = 0
                _letters(placeholder, size=34 if kind != "content" else 26, colour=_on(deck, kind), bold=True)
                placeholder.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if kind != "content" else MSO_ANCHOR.TOP
            elif type_ in _SUBTITLES and kind != "content":
                _place(placeholder, (MARGIN, 330.0, WIDTH - 2 * MARGIN, 150.0))
                placeholder.text_frame.margin_left = placeholder.text_frame.margin_right = 0
                _letters(placeholder, size=20, colour=_on(deck, kind), bold=False)
            else:
                placeholder._element.getparent().remove(placeholder._element)
        if kind != "content":
            _fill(layout, brand.colour)
        _stripe(layout, deck, bottom=kind == "content")
        _foot(layout, deck, colour=_on(deck, kind) if kind != "content" else "#505a5f")
    _links(presentation, brand.ink)
    for placeholder in list(presentation.slide_master.placeholders):
        if placeholder.placeholder_format.type not in (*_TITLES, *_SUBTITLES):
            placeholder._element.getparent().remove(placeholder._element)
        else:
            top, high = (28.0, 90.0) if placeholder.placeholder_format.type in _TITLES else (140.0, 320.0)
            _place(placeholder, (MARGIN, top, WIDTH - 2 * MARGIN, high))
    return Opened(presentation, layouts, own=True)


def _links(presentation: Any, colour: str) -> None:
    """Sets links in a colour of the place, visited or not."""
    theme = presentation.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    hue = colour.lstrip("#").upper().encode()
    theme._blob = _LINKS.sub(rb'<a:\1><a:srgbClr val="%s"/></a:\1>' % hue, theme.blob)


def _title_box(kind: str) -> tuple[float, float, float, float]:
    return (MARGIN, 26.0, WIDTH - 2 * MARGIN, 92.0) if kind == "content" else (MARGIN, 130.0, WIDTH - 2 * MARGIN, 180.0)


def _on(deck: Deck, kind: str) -> str:
    return deck.brand.ink if kind == "content" else deck.brand.on_colour


def _place(shape: Any, box: tuple[float, float, float, float]) -> None:
    shape.left, shape.top, shape.width, shape.height = (Pt(each) for each in box)


def _letters(placeholder: Any, *, size: int, colour: str, bold: bool) -> None:
    """The letters of a placeholder of a layout, which its slides take over."""
    body = placeholder.text_frame._txBody
    for old in body.findall(qn("a:lstStyle")):
        body.remove(old)
    listed = body.makeelement(qn("a:lstStyle"), {})
    body.insert(1, listed)
    level = listed.makeelement(qn("a:lvl1pPr"), {"algn": "l", "marL": "0", "indent": "0"})
    listed.append(level)
    level.append(level.makeelement(qn("a:buNone"), {}))
    letters = level.makeelement(qn("a:defRPr"), {"sz": str(size * 100), "b": "1" if bold else "0", "cap": "none"})
    level.append(letters)
    fill = letters.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": colour.lstrip("#").upper()}))
    letters.append(fill)
    letters.append(letters.makeelement(qn("a:latin"), {"typeface": FONT}))


def _fill(layout: Any, colour: str) -> None:
    layout.background.fill.solid()
    layout.background.fill.fore_color.rgb = RGBColor.from_string(colour.lstrip("#").upper())


def _stripe(layout: Any, deck: Deck, *, bottom: bool) -> None:
    """The members' colours as a stripe, which is for the eye alone."""
    hues = deck.brand.stripes or (deck.brand.accent,)
    top = HEIGHT - 5.0 if bottom else 314.0
    for at, hue in enumerate(hues):
        wide = WIDTH / len(hues)
        _drawn(layout, (at * wide, top, wide, 5.0), hue)


def _drawn(layout: Any, box: tuple[float, float, float, float], colour: str) -> None:
    """A bar on a layout: python-pptx draws on slides only, so the shape is made on one and moved."""
    tree = layout.shapes._spTree
    shape = tree.add_autoshape(
        tree.max_shape_id + 1 if hasattr(tree, "max_shape_id") else 900 + len(tree), "Stripe", "rect",
        *(Pt(each) for each in box),
    )  # fmt: skip
    properties = shape.spPr
    fill = properties.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": colour.lstrip("#").upper()}))
    properties.append(fill)
    line = properties.makeelement(qn("a:ln"), {})
    line.append(line.makeelement(qn("a:noFill"), {}))
    properties.append(line)
    for style in shape.findall(qn("p:style")):
        shape.remove(style)


def _foot(layout: Any, deck: Deck, *, colour: str) -> None:
    """Place, edition and the number of the slide at the foot of a layout."""
    tree = layout.shapes._spTree
    for name, text, box, align in (
        ("Foot", deck.footer, (MARGIN, 508.0, 700.0, 22.0), "l"),
        ("Number", "", (WIDTH - MARGIN - 100.0, 508.0, 100.0, 22.0), "r"),
    ):
        shape = tree.add_textbox(900 + len(tree), name, *(Pt(each) for each in box))
        body = shape.txBody
        for key, value in (("wrap", "square"), ("lIns", "0"), ("rIns", "0")):
            body.bodyPr.set(key, value)
        paragraph = body.findall(qn("a:p"))[0]
        properties = paragraph.makeelement(qn("a:pPr"), {"algn": align})
        paragraph.insert(0, properties)
        kind = "a:r" if text else "a:fld"
        run = paragraph.makeelement(
            qn(kind), {} if text else {"id": "{7F1C7A5E-0000-4000-8000-000000000001}", "type": "slidenum"}
        )
        letters = run.makeelement(qn("a:rPr"), {"lang": deck.lang, "sz": "1200"})
        fill = letters.makeelement(qn("a:solidFill"), {})
        fill.append(fill.makeelement(qn("a:srgbClr"), {"val": colour.lstrip("#").upper()}))
        letters.append(fill)
        letters.append(letters.makeelement(qn("a:latin"), {"typeface": FONT}))
        run.append(letters)
        shown = run.makeelement(qn("a:t"), {})
        shown.text = text or "‹#›"
        run.append(shown)
        paragraph.append(run)


__all__ = ["FONT", "HEIGHT", "LAYOUTS", "MARGIN", "WIDTH", "Opened", "UnusableTemplate", "check", "opened", "title_of"]
