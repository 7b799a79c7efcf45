"""What is asked of workshops."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from wellfounded.people import keyed
from wellfounded.people.deciding.models import Stated, Workshop


def by_token(token: str) -> Workshop | None:
    """The workshop of a link."""
    return Workshop.objects.filter(token=token).first()


def every() -> Sequence[Workshop]:
    """All workshops, newest first, each with `members`: how many have stated weights."""
    return list(Workshop.objects.annotate(members=Count("stated")).order_by("-made_at"))


def stated(workshop: Workshop) -> Sequence[Stated]:
    """The weights that were stated in a workshop, in the order of the names."""
    return list(workshop.stated.order_by("name"))


def own(workshop: Workshop, holder: str) -> Stated | None:
    """What the holder of a browser stated."""
    return Stated.objects.filter(workshop=workshop, holder=keyed.of("workshop", holder)).first() if holder else None


__all__ = ["by_token", "every", "own", "stated"]
