"""The styles of a Word file, in the place's colours."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.shared import Cm, Pt, RGBColor

from wellfounded.publishing.documents.document import Document
from wellfounded.publishing.documents.word.parts import element, language

FONT = "Arial"
QUIET, BLACK, RULE = "505A5F", "14202B", "C9CFD4"
QUOTED = {"Said": "Normal", "Said by": "Quiet"}  # what others said, and who: each as its style, set off by a line
HEADINGS = {1: 20.0, 2: 14.0, 3: 12.0, 4: 11.0}


def dress(opened: Any, document: Document) -> None:
    """Nothing; sets the styles that the renderer uses in `opened`, a new Word file."""
    styles = opened.styles
    lang = document.lang if "-" in document.lang else f"{document.lang}-GB"
    ink = document.ink.lstrip("#").upper()
    normal = _set(styles["Normal"], size=10.5, colour=BLACK, after=6.0)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    normal.paragraph_format.line_spacing = 1.08
    language(normal, lang)
    for level, size in HEADINGS.items():
        style = _set(styles[f"Heading {level}"], size=size, colour=ink, before=size, after=4.0, bold=True)
        style.paragraph_format.keep_with_next = True
    title = _set(styles["Title"], size=30.0, colour=ink, after=10.0, bold=True)
    for border in title.element.findall(".//{*}pBdr"):
        border.getparent().remove(border)
    _set(styles["Subtitle"], size=14.0, colour=ink, after=14.0, italic=False)
    caption = _set(styles["Caption"], size=10.0, colour=ink, before=12.0, after=4.0, bold=True, italic=False)
    caption.paragraph_format.keep_with_next = True
    for name in ("List Bullet", "List Number"):
        _set(styles[name], size=10.5, colour=BLACK, after=3.0)
    for name, size, after in (("Quiet", 9.0, 6.0), ("Kicker", 9.5, 4.0), ("Mark", 9.0, 6.0), ("Small", 8.5, 1.0)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _set(style, size=size, colour=QUIET if name != "Small" else BLACK, after=after)
    for name, base in QUOTED.items():
        _set_off(styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH), base=styles[base])
    styles["Said"].paragraph_format.keep_with_next = True
    styles["Said by"].paragraph_format.space_after = Pt(10.0)
    styles["Small"].paragraph_format.line_spacing = 1.0
    styles["Mark"].paragraph_format.keep_together = True
    lead = styles.add_style("Lead", WD_STYLE_TYPE.PARAGRAPH)
    lead.base_style = normal
    _set(lead, size=13.0, colour=ink, after=12.0)
    said = styles.add_style("Conclusion", WD_STYLE_TYPE.PARAGRAPH)
    said.base_style = normal
    _set(said, size=10.5, colour=BLACK, before=4.0, after=1.0, bold=True)
    said.paragraph_format.keep_with_next = True
    for level in (1, 2):
        entry = styles.add_style(f"TOC {level}", WD_STYLE_TYPE.PARAGRAPH)
        entry.base_style = normal
        _set(entry, size=11.0, colour=BLACK, after=3.0, bold=level == 1)
        entry.paragraph_format.left_indent = Cm(0.8 * (level - 1))
    links = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    links.font.color.rgb = RGBColor.from_string(ink)
    links.font.underline = True
    code = styles.add_style("Code", WD_STYLE_TYPE.PARAGRAPH)
    code.base_style = normal
    _set(code, size=9.0, colour=BLACK, after=7.0)
    code.font.name = "Courier New"


def _set_off(style: Any, *, base: Any) -> None:
    """Nothing; a style as another, with a line down its left side."""
    style.base_style = base
    style.paragraph_format.left_indent = Cm(0.6)
    border = element("pBdr")
    border.append(element("left", val="single", sz="18", space="8", color=RULE))
    style.element.get_or_add_pPr().insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _set(
    style: Any, *, size: float, colour: str, before: float = 0.0, after: float = 0.0, bold: bool = False,
    italic: bool | None = None,
) -> Any:  # fmt: skip
    style.font.name = FONT
    properties = style.element.get_or_add_rPr()
    for old in properties.findall("{*}rFonts"):
        properties.remove(old)
    properties.insert(0, element("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT))
    for old in properties.findall("{*}spacing"):
        properties.remove(old)
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)
    style.font.bold = bold
    if italic is not None:
        style.font.italic = italic
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)
    return style


__all__ = ["BLACK", "FONT", "QUIET", "QUOTED", "RULE", "dress"]
