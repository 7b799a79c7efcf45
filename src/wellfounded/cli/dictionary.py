"""The data dictionary: every indicator of the catalogue as Markdown, for docs/data-dictionary.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wellfounded.evidence.types import Additivity, Rule

if TYPE_CHECKING:
    from wellfounded.evidence.catalogue import Catalogue
    from wellfounded.evidence.types import Indicator

_START = """\
# Data dictionary

Every indicator of the catalogue that ships, chapter by chapter. This file is written by
`wellfounded catalogue dictionary --to docs/data-dictionary.md`; a test fails when it is out of date.

A figure has an indicator, an area, a period (first and last day), a category where the indicator has several series
(an industry, say), a value or the reason that there is none, the published 95% limits where there are any, a status
and a release. [Architecture](architecture.md) says how figures get here.

"""


def data_dictionary(catalogue: Catalogue) -> str:
    """The whole dictionary as Markdown."""
    chapters = dict.fromkeys(indicator.chapter for indicator in catalogue.indicators.values())
    parts = [_START]
    parts.append(f"{len(catalogue.indicators)} indicators, {len(catalogue.sources)} sources.\n")
    for chapter in sorted(chapters):
        parts.append(f"\n## {chapter.replace('-', ' ').capitalize()}\n")
        chosen = [indicator for indicator in catalogue.indicators.values() if indicator.chapter == chapter]
        parts += [_entry(indicator, catalogue) for indicator in sorted(chosen, key=lambda each: each.id)]
    parts.append("\n## Sources and their releases\n")
    for source in sorted(catalogue.sources.values(), key=lambda each: each.id):
        parts.append(
            f"\n### {source.id}\n\n{source.title}. {source.publisher}. Licence: {source.licence}. <{source.url}>\n"
        )
        parts += [f"\n{source.notes.strip()}\n"] if source.notes else []
        released = sorted(
            (each for each in catalogue.releases.values() if each.source == source.id), key=lambda each: each.released
        )
        parts += [
            "\n",
            *(_release_line(release.id, str(release.released), release.released_basis) for release in released),
        ]
    return "".join(parts)


def _release_line(identifier: str, released: str, basis: str) -> str:
    said = "" if basis == "publisher" else ", the date of the file as the publisher's is not known"
    return f"- `{identifier}`: {released}{said}\n"


def _entry(indicator: Indicator, catalogue: Catalogue) -> str:
    unit = indicator.unit
    example = unit.write(1234.5 if not unit.suffix else 12.3, words=True)
    source = catalogue.sources.get(indicator.source)
    lines = [
        f"\n### {indicator.id}\n",
        f"**{indicator.label}.** {indicator.definition}\n",
        f"- Unit: written as {example}; {_polarity(indicator.polarity.value)}",
        f"- How members combine: {_combines(indicator.additivity)}",
        f"- Source: {f'{source.title}, {source.publisher}' if source else indicator.source} (`{indicator.source}`)",
    ]
    if indicator.categories:
        kind = indicator.category_kind or "category"
        whole = f"; the whole is `{indicator.total_category}`" if indicator.total_category else ""
        lines.append(f"- By {kind}: {len(indicator.categories)} categories{whole}")
    if indicator.base:
        lines.append(f"- By {indicator.base}")
    if indicator.alternatives:
        lines.append(f"- Alternatives: {', '.join(f'`{each}`' for each in indicator.alternatives)}")
    if indicator.development:
        lines.append("- Official statistics in development")
    if indicator.caveats:
        lines.append(f"- Caveats: {indicator.caveats}")
    return "\n".join([lines[0], lines[1], *lines[2:]]) + "\n"


def _polarity(polarity: str) -> str:
    return {"higher": "higher is better", "lower": "lower is better"}.get(polarity, "neither is better")


def _combines(additivity: Additivity) -> str:
    """The rule by which an indicator's values combine, in words."""
    exactly = "" if additivity.exact else ", approximately"
    if additivity.rule is Rule.SUM:
        return "added"
    if additivity.rule is Rule.RATIO and additivity.numerator:
        return f"rebuilt from `{additivity.numerator}` and what it was divided by{exactly}"
    if additivity.rule is Rule.RATIO:
        return f"rebuilt as a ratio over `{additivity.denominator}`{exactly}"
    if additivity.rule is Rule.SURVEY_RATE:
        return f"weighted by `{additivity.denominator}`, with the variance of the survey"
    if additivity.rule is Rule.CHAINED:
        weights = additivity.denominator or additivity.numerator
        return f"growth chained with weights from `{weights}`; levels are never added"
    return f"refused: {additivity.reason}"
