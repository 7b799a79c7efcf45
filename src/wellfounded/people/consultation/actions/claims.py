"""Who is at work on what: a short lease on a response, so that no two people read the same one unknowingly."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wellfounded.people.consultation.models import Claim, Response

LEASE = timedelta(minutes=15)


class Claimed(ValueError):
    """Somebody else is at work on it."""

    def __init__(self, by: str, until: datetime) -> None:
        self.by, self.until = by, until
        super().__init__(f"nothing was changed: {by} is at work on it until {timezone.localtime(until):%H:%M}")


def claim(response: Response, *, by: str, now: datetime) -> Claim:
    """The claim of `by` on a response for a while from now. Raises Claimed while it is somebody else's."""
    with transaction.atomic():
        Claim.objects.get_or_create(response=response, defaults={"by": by, "until": now + LEASE})
        mine = Claim.objects.filter(Q(by=by) | Q(until__lte=now), response=response).update(by=by, until=now + LEASE)
        held = Claim.objects.get(response=response)
        if not mine:
            raise Claimed(held.by, held.until)
    return held


def release(*, by: str) -> None:
    """Nothing; whatever `by` was at work on is free."""
    Claim.objects.filter(by=by).delete()


def holder(response: Response, *, other_than: str, now: datetime) -> Claim | None:
    """The claim of somebody else that holds now."""
    return Claim.objects.filter(response=response, until__gt=now).exclude(by=other_than).first()


__all__ = ["LEASE", "Claimed", "claim", "holder", "release"]
