"""The place's colours as a style sheet, made readable on white where they are not."""

from __future__ import annotations

import re

from wellfounded.publishing.model import Publication

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
INK = "#14202b"
WHITE = "#ffffff"
BRAND = "#1f4e5f"
ACCENT = "#b8562f"
TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
MARK_CONTRAST = 3.0  # WCAG 2.2, 1.4.11


class NotAColour(ValueError):
    """The text is not a colour that the style sheet can take."""


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


def style_sheet(publication: Publication) -> str:
    """CSS custom properties of the place's brand: its colours, those on top of them, and those of its members."""
    brand = checked(publication.brand.get("colour") or BRAND)
    accent = checked(publication.brand.get("accent") or ACCENT)
    link = readable(brand)
    properties = {
        "wf-brand": brand,
        "wf-on-brand": WHITE if contrast(brand, WHITE) >= contrast(brand, INK) else INK,
        "wf-brand-ink": link,
        "wf-brand-deep": readable(mix(brand, "#000000", 0.72), ratio=7),
        "wf-brand-tint": mix(brand, WHITE, 0.07),
        "wf-brand-line": mix(brand, WHITE, 0.3),
        "wf-accent": accent,
        "wf-accent-ink": readable(accent),
        "wf-accent-tint": mix(accent, WHITE, 0.09),
        "govuk-brand-colour": brand,
        "govuk-link-colour": link,
        "govuk-link-hover-colour": mix(link, "#000000", 0.6),
        "govuk-link-visited-colour": link,
        "govuk-surface-border-colour": mix(brand, WHITE, 0.3),
    }
    rules = [f":root{{{';'.join(f'--{name}:{value}' for name, value in properties.items())}}}"]
    for number, member in enumerate(publication.members, start=1):
        colour = checked(member.colour or mix(brand, WHITE, 1 - 0.22 * (number - 1) % 0.8))
        rules.append(f".wf-member-{number}{{--wf-area:{colour}}}")
    return "\n".join(rules) + "\n"


def icon(publication: Publication) -> str:
    """The site's icon as SVG: the place's initial on its colour."""
    brand = checked(publication.brand.get("colour") or BRAND)
    on = WHITE if contrast(brand, WHITE) >= contrast(brand, INK) else INK
    letter = next((character for character in publication.short_name or publication.name if character.isalnum()), "W")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="10" fill="{brand}"/>'
        f'<text x="32" y="47" font-family="Georgia, serif" font-size="44" font-weight="600" text-anchor="middle" '
        f'fill="{on}">{letter}</text></svg>'
    )


def checked(colour: str) -> str:
    """`colour`, if it is a hexadecimal one such as #1f4e5f. Raises NotAColour: it goes into a style sheet as it is."""
    if not _HEX.fullmatch(colour):
        raise NotAColour(
            f"{colour!r} is not a colour: expected six hexadecimal digits as in #1f4e5f; see [brand] in base.toml"
        )
    return colour.lower()


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
