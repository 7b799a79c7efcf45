"""Colours, type and the look of every chart, chosen to be told apart by colour-blind readers and in grey print.

The hues follow Okabe and Ito (2008), "Color universal design", darkened until each has a contrast of 3:1 on white.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

PLACE = "#12436D"
MEMBERS = ("#C34A00", "#00806A", "#8A3FA0", "#A66A00", "#1F78B4", "#B0305C", "#5B6B00", "#00727F")
SHAPES = ("square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right", "triangle-left", "stroke")
GREYS = ("#4D5358", "#6B7177", "#82888E", "#6B7177", "#82888E", "#4D5358")
DASHES: tuple[tuple[int, ...], ...] = ((), (7, 3), (2, 2), (9, 3, 2, 3), (4, 4), (1, 3))
INK = "#0B0C0C"
QUIET = "#505A5F"
RULE = "#D3D8DC"
PALE = "#C9CFD4"
NONE = "#EEF0F2"
CLASSES = ("#DCE9F2", "#A9C9E1", "#6DA3CC", "#2F74A8", "#0F3F66")  # light to dark, one hue, even steps in lightness
VERDICTS = {"holds": "#00703C", "uncertain": "#B07A00", "fails": "#B10E1E", "cannot test": "#82888E"}
VERDICT_SHAPES = {"holds": "circle", "uncertain": "diamond", "fails": "cross", "cannot test": "stroke"}
ABOVE, BELOW = "#12436D", "#C34A00"

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
SMALL, NORMAL = 13, 14
WIDTH, NARROW = 640, 350
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "aria": False,  # drawings are shown as images with an alternative text of their own
    "view": {"stroke": None},
    "text": {"font": FONT, "fontSize": NORMAL, "color": INK},
    "axis": {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": SMALL,
        "titleFontSize": SMALL,
        "titleFontWeight": "normal",
        "labelColor": QUIET,
        "titleColor": QUIET,
        "gridColor": RULE,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "labelLimit": 0,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {"labelFont": FONT, "titleFont": FONT, "labelFontSize": SMALL, "titleFontSize": SMALL},
}

# Widths of Arial's letters in ems (Adobe Font Metrics for Helvetica), by class; close enough to lay labels out.
_NARROW, _WIDE = "iljtfrI.,:;'|!()[] ", "mwMWGOQ%@"


_is_narrow: ContextVar[bool] = ContextVar("narrow", default=False)


@contextmanager
def narrow() -> Iterator[None]:
    """Charts made within are as wide as a phone or a column, with letters of the same size."""
    token = _is_narrow.set(True)
    try:
        yield
    finally:
        _is_narrow.reset(token)


def room(wide: float, slim: float) -> float:
    """`wide` in a chart of full width, `slim` in a narrow one."""
    return slim if _is_narrow.get() else wide


def width() -> int:
    """How wide the chart that is being made is."""
    return NARROW if _is_narrow.get() else WIDTH


def fitted(text: str, width: float, size: float = NORMAL, *, bold: bool = False) -> str:
    """`text` cut at a word so that it takes no more than `width` pixels.

    Cut here and not by the drawing, where a limit doubles what each text costs: it is measured twice.
    """
    if text_width(text, size, bold=bold) <= width:
        return text
    words = text.split()
    while len(words) > 1 and text_width(" ".join(words) + " …", size, bold=bold) > width:
        words.pop()
    return " ".join(words).rstrip(",;(") + " …"


def two_lines(text: str, width: float, *, bold: bool = False) -> list[str]:
    """`text` on as few lines as fit into `width` pixels, at most two."""
    if text_width(text, bold=bold) <= width:
        return [text]
    words = text.split()
    fits = (at for at in range(1, len(words)) if text_width(" ".join(words[:at]), bold=bold) <= width)
    first = max(fits, default=1)
    return [" ".join(words[:first]), fitted(" ".join(words[first:]), width, bold=bold)]


def text_width(text: str, size: float = NORMAL, *, bold: bool = False) -> float:
    """About how many pixels `text` takes."""
    ems = sum(
        0.29 if letter in _NARROW else 0.83 if letter in _WIDE else 0.69 if letter.isupper() else 0.545
        for letter in text
    )
    return ems * size * (1.07 if bold else 1.0)
