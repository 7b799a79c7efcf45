"""The record of what was done, by whom and to what."""

from __future__ import annotations

from wellfounded.people.models import Done


def done(who: str, what: str, *, about: str = "", **detail: object) -> None:
    """Nothing; writes an entry, in the transaction that does the thing."""
    Done.objects.create(who=who, what=what, about=about, detail=detail)


__all__ = ["done"]
