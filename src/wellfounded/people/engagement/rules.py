"""Who gets a place: pure decisions on bookings, capacity and time.

The place in line counts from the request. Seats that come free are offered to the first in line whom they fit; the time
to answer shrinks as the session nears, and in the last hours whoever waits may take them, first come, first served.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wellfounded.people.engagement.types import EXPIRING, IN_LINE, SEATED, Line, State

LARGEST_PARTY = 4
HOLD = timedelta(minutes=60)  # to use the link in the first e-mail; never beyond the start
SHORTEST_HOLD = timedelta(minutes=10)
LONGEST_OFFER = timedelta(hours=48)
SHORTEST_OFFER = timedelta(hours=1)
SHARE_FOR_OFFER = 6  # an offer may take a sixth of the time that is left
FINAL_CALL = timedelta(hours=6)  # before the start: no more offers one by one, whoever waits may take what is free


@dataclass(frozen=True)
class Settled:
    """What time and free seats make of a session's bookings: who lapses, then who gets seats that are free.

    Who waits is offered them until a time; for who has not used the first link yet they are held until that lapses.
    """

    lapsed: tuple[int, ...]
    offered: tuple[tuple[int, datetime], ...]
    held: tuple[int, ...]
    taken: int
    waiting: int

    @property
    def changes(self) -> bool:
        return bool(self.lapsed or self.offered or self.held)


def hold_until(now: datetime, *, starts_at: datetime) -> datetime:
    """Until when seats are kept for somebody who has asked for them."""
    return min(now + HOLD, max(starts_at, now + SHORTEST_HOLD))


def offer_until(now: datetime, *, starts_at: datetime) -> datetime | None:
    """Until when an offer made now stands: a sixth of the time left, 1 to 48 hours; None in the final call."""
    left = starts_at - now
    if left <= FINAL_CALL:
        return None
    return now + min(LONGEST_OFFER, max(SHORTEST_OFFER, left / SHARE_FOR_OFFER))


def is_final_call(now: datetime, *, starts_at: datetime) -> bool:
    """Whether what is free goes to whoever of those waiting takes it first."""
    return timedelta(0) < starts_at - now <= FINAL_CALL


def is_lapsed(line: Line, now: datetime) -> bool:
    """Whether a hold, a request or an offer is past its time, whether or not that was noted."""
    return line.state in EXPIRING and line.until is not None and line.until <= now


def settle(lines: Iterable[Line], *, capacity: int, now: datetime, starts_at: datetime, offers: bool) -> Settled:
    """What becomes of a session's bookings at `now`; `offers` is off where booking has ended.

    Lapses come first, then offers in the order of the line, each to the first whom the free seats fit.
    """
    standing = sorted((line for line in lines if not is_lapsed(line, now)), key=lambda line: line.position)
    lapsed = tuple(line.id for line in lines if is_lapsed(line, now))
    taken = sum(line.seats for line in standing if line.state in SEATED)
    until = offer_until(now, starts_at=starts_at) if offers else None
    offered: list[tuple[int, datetime]] = []
    held: list[int] = []
    waiting = 0
    for line in standing:
        if line.state not in IN_LINE:
            continue
        if until is None or taken + line.seats > capacity:
            waiting += line.seats
            continue
        taken += line.seats
        if line.state is State.WAITING:
            offered.append((line.id, until))
        else:
            held.append(line.id)
    return Settled(lapsed, tuple(offered), tuple(held), taken, waiting)


def may_claim(lines: Sequence[Line], *, seats: int, capacity: int) -> bool:
    """Whether somebody who asks now gets seats at once, in a settled session: they are free and pass nobody.

    Somebody in line whom the free seats fit comes first, which is only so in the final call: else they have them.
    """
    free = capacity - sum(line.seats for line in lines if line.state in SEATED)
    if seats > free:
        return False
    return not any(line.state in IN_LINE and line.seats <= free for line in lines)


def ahead(lines: Iterable[Line], position: int) -> int:
    """How many bookings wait before the one at `position`."""
    return sum(line.state in IN_LINE and line.position < position for line in lines)


__all__ = [
    "FINAL_CALL", "HOLD", "LARGEST_PARTY", "LONGEST_OFFER", "SHORTEST_OFFER",
    "Settled", "ahead", "hold_until", "is_final_call", "is_lapsed", "may_claim", "offer_until", "settle",
]  # fmt: skip
