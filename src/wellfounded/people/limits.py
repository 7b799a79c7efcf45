"""How often anybody may ask for something: counted in the database, so that all servers count together."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta

from django.db import connection

from wellfounded.people import keyed
from wellfounded.people.models import Tally

KEPT = timedelta(days=2)
_COUNT = (
    "INSERT INTO people_tally (what, who, since, n) VALUES (%s, %s, %s, 1) "
    "ON CONFLICT (what, who, since) DO UPDATE SET n = people_tally.n + 1 RETURNING n"
)


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
    with connection.cursor() as cursor:  # one statement, so that two at once wait for each other no longer than that
        cursor.execute(_COUNT, [what, keyed.of("limit", who), connection.ops.adapt_datetimefield_value(since)])
        n = int(cursor.fetchone()[0])
    if n > most:
        raise TooOften(what, since + per - now)
    return n


def network(address: str) -> str:
    """The network that an internet address counts for: itself, or the /64 of an IPv6 address."""
    found = addressed(address)
    if found is None:
        return "unknown"
    if found.version == 6:
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)


def addressed(given: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The internet address that is given, without the port that some proxies add; None where it is none.

    An IPv4 address that is written as an IPv6 one is what it stands for: else all of them were of one network.
    """
    if "." in given and given.count(":") == 1:
        given = given.partition(":")[0]
    elif given.startswith("["):
        given = given[1:].partition("]")[0]
    try:
        found = ipaddress.ip_address(given)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def forget(*, now: datetime) -> int:
    """How many tallies of earlier days were deleted."""
    return Tally.objects.filter(since__lt=now - KEPT).delete()[0]


__all__ = ["TooOften", "addressed", "count", "forget", "network"]
