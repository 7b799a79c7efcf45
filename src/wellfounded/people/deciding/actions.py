"""What is done in workshops: opening and closing one, and stating weights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from wellfounded.people import keyed, record
from wellfounded.people.deciding.models import Stated, Workshop

MOST = 60  # members of one workshop


class WorkshopClosed(ValueError):
    """The workshop is over: no weights are taken any more."""


class NameTaken(ValueError):
    """Somebody else of this workshop has that name."""


class WorkshopFull(ValueError):
    """More people have stated weights than a workshop takes."""


def open_workshop(title: str, *, edition: int, by: str, now: datetime) -> Workshop:
    """A new workshop on the priorities of an edition (0: of the working version)."""
    with transaction.atomic():
        made = Workshop.objects.create(title=title, token=keyed.token(), edition=edition, by=by, made_at=now)
        record.done(by, "workshop.opened", about=f"workshop {made.pk}", title=title)
    return made


def close_workshop(workshop: Workshop, *, by: str, now: datetime) -> None:
    """Nothing; no more weights are taken. What was stated stays."""
    with transaction.atomic():
        if Workshop.objects.filter(pk=workshop.pk, closed_at__isnull=True).update(closed_at=now):
            record.done(by, "workshop.closed", about=f"workshop {workshop.pk}")


def state(workshop: Workshop, *, name: str, points: Mapping[str, int], holder: str, now: datetime) -> Stated:
    """The weights of a member, new or changed. Raises WorkshopClosed, NameTaken, WorkshopFull.

    `holder` is what the member's browser keeps: who has it not may not change what stands under a name.
    """
    hashed = keyed.of("workshop", holder)
    with transaction.atomic():
        current = Workshop.objects.select_for_update().get(pk=workshop.pk)
        if current.closed_at is not None:
            raise WorkshopClosed("the workshop is over")
        own = Stated.objects.filter(workshop=current, holder=hashed).first()
        if own is None and Stated.objects.filter(workshop=current).count() >= MOST:
            raise WorkshopFull(f"{MOST} people have stated weights: open another workshop")
        own = own or Stated(workshop=current, holder=hashed)
        own.name, own.points, own.at = name, dict(points), now
        try:
            with transaction.atomic():
                own.save()
        except IntegrityError:
            raise NameTaken(f"somebody here is called {name!r} already: choose another name") from None
    return own


__all__ = ["MOST", "NameTaken", "WorkshopClosed", "WorkshopFull", "close_workshop", "open_workshop", "state"]
