"""A text without what is to go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from wellfounded.people.consultation.types import Span


class Going(Protocol):
    """Characters that are to go, and what they are."""

    kind: str
    start: int
    end: int


def without(text: str, span: Span, going: Iterable[Going]) -> str:
    """The characters of `span`, those that are to go replaced by what they were: "[name removed]"."""
    pieces, at = [], span.start
    for found in sorted(going, key=lambda each: each.start):
        start, end = max(found.start, at), min(found.end, span.end)
        if start < end:
            pieces += [text[at:start], f"[{found.kind} removed]"]
            at = end
    return "".join([*pieces, text[at : span.end]])


def approved(text: str, span: Span, going: Iterable[Going], *, copy: str) -> str:
    """The characters of `span` without what is to go, where the approved copy has them; else empty.

    Words of a file are in no copy: nobody has looked for what is personal in them.
    """
    words = without(text, span, going)
    return words if words.strip() and words.strip() in copy else ""


__all__ = ["Going", "approved", "without"]
