"""Colours of a place's brand: checked, mixed, and made readable."""

from __future__ import annotations

import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
INK = "#14202b"
WHITE = "#ffffff"
BRAND = "#1f4e5f"
ACCENT = "#b8562f"
TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


class NotAColour(ValueError):
    """The text is not a colour that a style sheet can take."""


def checked(colour: str) -> str:
    """`colour`, if it is a hexadecimal one such as #1f4e5f. Raises NotAColour: it goes into a style sheet as it is."""
    if not _HEX.fullmatch(colour):
        raise NotAColour(
            f"{colour!r} is not a colour: expected six hexadecimal digits as in #1f4e5f; see [brand] in base.toml"
        )
    return colour.lower()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, *, on: str = WHITE, ratio: float = TEXT_CONTRAST) -> str:
    """`colour`, darkened step by step until it has the contrast `ratio` on `on`."""
    shade = colour
    for step in range(1, 21):
        if contrast(shade, on) >= ratio:
            return shade
        shade = mix(colour, "#000000", 1 - step / 20)
    return shade


def mix(colour: str, with_: str, share: float) -> str:
    """A colour made of `share` of `colour` and the rest of `with_`."""
    parts = zip(_channels(colour), _channels(with_), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def on(colour: str) -> str:
    """The colour of text on `colour`: white or ink, whichever is read more easily."""
    return WHITE if contrast(colour, WHITE) >= contrast(colour, INK) else INK


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
