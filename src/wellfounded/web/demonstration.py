"""Demonstration records of every kind: loaded into an empty database, and taken away again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from wellfounded.people import record
from wellfounded.people.engagement import demonstration as sessions
from wellfounded.people.models import Staff
from wellfounded.web import consulting

Counts = dict[str, int]


def _sessions(_: Path) -> Counts:
    return sessions.load(now=timezone.now())


LOADERS: list[Callable[[Path], Counts]] = [_sessions, consulting.demonstrated]  # each gives how many of what it loaded
REMOVERS: list[Callable[[], Counts]] = [
    consulting.demonstration_removed,
    sessions.remove,
]  # each gives how many of what it removed, in an order that tables allow


def load(base: Path) -> Counts:
    """How many demonstration records of each kind were loaded."""
    found: Counts = {}
    for loader in LOADERS:
        found |= loader(base)
    if any(found.values()):
        record.done("command line", "demonstration.loaded", about="", counts=found)
    return found


def remove() -> Counts:
    """How many demonstration records of each kind were removed."""
    found: Counts = {}
    for remover in REMOVERS:
        found |= remover()
    people = Staff.objects.filter(demonstration=True)
    found["demonstration accounts"] = people.count()
    people.delete()
    if any(found.values()):
        record.done("command line", "demonstration.removed", about="", counts=found)
    return found


def load_into_empty(base: Path) -> Counts:
    """What was loaded: nothing where there is other data, or demonstration records were loaded or removed before."""
    from wellfounded.people.models import Done

    if Done.objects.exclude(what__startswith="staff.").exists():
        return {}
    return load(base)


__all__ = ["LOADERS", "REMOVERS", "Counts", "load", "load_into_empty", "remove"]
