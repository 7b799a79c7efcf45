"""How to cite an edition: a file in the Citation File Format 1.2.0."""

from __future__ import annotations

import json
from pathlib import Path

from wellfounded.publishing import addresses, naming
from wellfounded.publishing.model import Publication


def write(publication: Publication, *, to: Path) -> Path:
    """`to`, now with the citation of a publication."""
    when = naming.dated(publication)
    number = str(publication.edition.number) if publication.edition is not None else "working version"
    lines = [
        "cff-version: 1.2.0",
        "message: Cite this edition of the evidence base as below.",
        "type: dataset",
        f"title: {_text(publication.title)}",
        "authors:",
        f"  - name: {_text(publication.name)}",
        f"version: {_text(number)}",
    ]
    if when is not None:
        lines.append(f"date-released: {when.isoformat()}")
    if publication.site:
        lines.append(f"url: {_text(addresses.page(publication, ''))}")
    lines += [
        f"abstract: {_text(publication.sentence or publication.title)}",
        "license: OGL-UK-3.0",
        "keywords:",
        *(f"  - {_text(word)}" for word in ("evidence base", "local industrial strategy", publication.name)),
    ]
    to.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return to


def _text(value: str) -> str:
    """A text as YAML reads it whatever is in it: JSON's strings are YAML's."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False)


__all__ = ["write"]
