"""How often anybody may ask for something: counted in the database, so that all servers count together."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F

from wellfounded.people import keyed
from wellfounded.people.models import Tally

KEPT = timedelta(days=2)


class TooOften(Exception):
    """Somebody has asked for something more often than is allowed; `wait` says for how long they can't."""

    def __init__(self, what: str, wait: timedelta) -> None:
        self.what, self.wait = what, wait
        minutes = max(1, round(wait.total_seconds() / 60))
        super().__init__(f"asked for too often: try again in {minutes} minute{'' if minutes == 1 else 's'}")


def count(what: str, who: str, *, most: int, per: timedelta, now: datetime) -> int:
    """How often `who` has asked for `what` in this span of time, this time included. Raises TooOften past `most`.

    `who` is kept as a keyed hash only.
    """
    seconds = per.total_seconds()
    since = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    hashed = keyed.of("limit", who)
    with transaction.atomic():
        tally, _ = Tally.objects.get_or_create(what=what, who=hashed, since=since)
        Tally.objects.filter(pk=tally.pk).update(n=F("n") + 1)
        tally.refresh_from_db(fields=["n"])
    if tally.n > most:
        raise TooOften(what, since + per - now)
    return tally.n


def network(address: str) -> str:
    """The network that an internet address counts for: itself, or the /64 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def forget(*, now: datetime) -> int:
    """How many tallies of earlier days were deleted."""
    return Tally.objects.filter(since__lt=now - KEPT).delete()[0]


__all__ = ["TooOften", "count", "forget", "network"]
