"""Who gets a place: pure decisions on bookings, capacity and time.

The place in line counts from the request. Seats that come free are offered to the first in line whom they fit; the time
to answer shrinks as the session nears, and in the last hours whoever waits may take them, first come, first served.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wellfounded.people.engagement.types import EXPIRING, IN_LINE, SEATED, Line, SessionState, State

HERE = ZoneInfo("Europe/London")  # the clock that sessions go by

LARGEST_PARTY = 4
HOLD = timedelta(minutes=60)  # to use the link in the first e-mail; not beyond the start
SHORTEST_HOLD = timedelta(minutes=10)  # but never less than this
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


def ahead(lines: Iterable[Line], position: int) -> int:
    """How many bookings wait before the one at `position`."""
    return sum(line.state in IN_LINE and line.position < position for line in lines)


# What may wait for its first link at one time, so that nobody fills a session, or its queue, with addresses made up.
MOST_UNVERIFIED_A_NETWORK = 6
SHARE_A_NETWORK = 4  # a quarter of the places
LEAST_UNVERIFIED_A_SESSION = 60
UNVERIFIED_A_SEAT = 4
MOST_REQUESTS_AN_HOUR = 10  # of one network, over all sessions

WEEK, TWO_DAYS, MORNING = 1, 2, 3  # reminders, in their order
THANKS_AFTER = timedelta(hours=1)
NEEDS_KEPT = timedelta(days=14)  # access and dietary needs, after the session
CONTACT_KEPT = timedelta(days=90)  # name and e-mail address, after the session
UNUSED_KEPT = timedelta(days=2)  # the same of somebody who never used the first link


def most_kept(capacity: int) -> int:
    """How many places may be kept for one network's requests that wait for their first link."""
    return max(LARGEST_PARTY, capacity // SHARE_A_NETWORK)


def most_unverified(capacity: int) -> int:
    """How many requests of one session may wait for their first link."""
    return max(LEAST_UNVERIFIED_A_SESSION, UNVERIFIED_A_SEAT * capacity)


def books_until(starts_at: datetime, given: datetime | None) -> datetime:
    """Until when places can be asked for: what organisers say, and never beyond the start."""
    return min(given, starts_at) if given else starts_at


def why_not(state: SessionState, *, now: datetime, until: datetime) -> str:
    """Why nobody can ask for a place at `now`, in words; empty where they can."""
    if state is SessionState.CANCELLED:
        return "This session has been cancelled"
    if state is SessionState.DRAFT:
        return "Booking has not opened yet"
    if state is SessionState.CLOSED or now >= until:
        return "Booking has closed"
    return ""


def moves_on(state: SessionState, *, now: datetime, starts_at: datetime) -> bool:
    """Whether seats that come free still go to those who wait."""
    return state in (SessionState.OPEN, SessionState.CLOSED) and now < starts_at


def morning_of(starts_at: datetime) -> datetime:
    """When the reminder of the day itself is due: seven o'clock, or an hour before where that is too late."""
    here = starts_at.astimezone(HERE)
    return min(datetime.combine(here.date(), time(7), tzinfo=HERE), starts_at - timedelta(hours=1))


def reminders_past(now: datetime, *, starts_at: datetime) -> int:
    """How many of the three reminders are due or past at `now`."""
    due = (starts_at - timedelta(days=7), starts_at - timedelta(days=2), morning_of(starts_at))
    return sum(at <= now for at in due)


__all__ = [
    "CONTACT_KEPT", "FINAL_CALL", "HERE", "HOLD", "LARGEST_PARTY", "LONGEST_OFFER", "MORNING", "MOST_REQUESTS_AN_HOUR",
    "MOST_UNVERIFIED_A_NETWORK", "NEEDS_KEPT", "SHORTEST_OFFER", "THANKS_AFTER", "TWO_DAYS", "UNUSED_KEPT", "WEEK",
    "Settled", "ahead", "books_until", "hold_until", "is_final_call", "is_lapsed", "morning_of",
    "most_kept", "most_unverified", "moves_on", "offer_until", "reminders_past", "settle", "why_not",
]  # fmt: skip
