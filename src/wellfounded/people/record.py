"""The record of what was done, by whom and to what."""

from __future__ import annotations

from collections.abc import Mapping

from wellfounded.people.models import Done


def done(who: str, what: str, *, about: str = "", **detail: object) -> None:
    """Nothing; writes an entry, in the transaction that does the thing."""
    Done.objects.create(who=who, what=what, about=about, detail=detail)


def each(who: str, what: str, about: Mapping[str, Mapping[str, object]]) -> None:
    """Nothing; writes an entry for each thing that is done to, with its detail, many at a time."""
    made = [Done(who=who, what=what, about=one, detail=dict(detail)) for one, detail in about.items()]
    Done.objects.bulk_create(made, batch_size=500)


__all__ = ["done", "each"]
