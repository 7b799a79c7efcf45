"""Which conclusions the list of conclusions shows. No figure is computed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wellfounded.publishing.model import Impact, ShownConclusion
from wellfounded.publishing.sureness import KINDS, VERDICTS


@dataclass(frozen=True)
class Option:
    """A choice of a filter."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter of the list of conclusions."""

    name: str
    label: str
    options: tuple[Option, ...]


def filters(asked: Mapping[str, str], *, chapters: Mapping[str, str], impacts: Sequence[Impact]) -> tuple[Filter, ...]:
    """The filters of the list of conclusions with what was asked for chosen."""
    choices = {
        "chapter": ("Chapter", dict(chapters)),
        "kind": ("Kind", KINDS),
        "verdict": ("Verdict", VERDICTS),
        "impact": ("Impact area", {impact.id: impact.title for impact in impacts}),
    }
    return tuple(
        Filter(
            name,
            label,
            (
                Option("", "All", not asked.get(name)),
                *(Option(value, text, asked.get(name) == value) for value, text in values.items()),
            ),
        )
        for name, (label, values) in choices.items()
    )


def matching(conclusions: Iterable[ShownConclusion], asked: Mapping[str, str]) -> list[ShownConclusion]:
    """The conclusions that every filter asked for lets through."""
    return [
        conclusion
        for conclusion in conclusions
        if asked.get("chapter", "") in ("", conclusion.chapter)
        and asked.get("kind", "") in ("", conclusion.kind)
        and asked.get("verdict", "") in ("", conclusion.verdict)
        and (not asked.get("impact") or asked["impact"] in conclusion.impact)
    ]
