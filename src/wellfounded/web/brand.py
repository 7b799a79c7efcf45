"""The place's colours as a style sheet, made readable on white where they are not."""

from __future__ import annotations

from wellfounded.publishing.colours import (
    ACCENT,
    BRAND,
    WHITE,
    NotAColour,
    checked,
    contrast,
    mix,
    on,
    readable,
)
from wellfounded.publishing.model import Publication

__all__ = ["NotAColour", "checked", "contrast", "icon", "mix", "readable", "style_sheet"]


def style_sheet(publication: Publication) -> str:
    """CSS custom properties of the place's brand: its colours, those on top of them, and those of its members."""
    brand = checked(publication.brand.get("colour") or BRAND)
    accent = checked(publication.brand.get("accent") or ACCENT)
    link = readable(brand)
    properties = {
        "wf-brand": brand,
        "wf-on-brand": on(brand),
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
    letters = on(brand)
    letter = next((character for character in publication.short_name or publication.name if character.isalnum()), "W")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="10" fill="{brand}"/>'
        f'<text x="32" y="47" font-family="Georgia, serif" font-size="44" font-weight="600" text-anchor="middle" '
        f'fill="{letters}">{letter}</text></svg>'
    )
