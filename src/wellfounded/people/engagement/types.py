"""The states of a session and of a booking, and what may follow what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SessionState(StrEnum):
    """What a session is to the public."""

    DRAFT = "draft"  # organisers see it
    OPEN = "open"  # can be booked
    CLOSED = "closed"  # booking has closed; the session takes place
    CANCELLED = "cancelled"


class State(StrEnum):
    """What a booking is."""

    HELD = "held"  # seats kept until the link in the e-mail is used
    QUEUED = "queued"  # asked for the waiting list; the link in the e-mail is not used yet
    WAITING = "waiting"
    OFFERED = "offered"  # seats kept until the offer's time is past
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    ABSENT = "absent"  # did not come; the seats went to others or stayed empty
    CANCELLED = "cancelled"  # by the person
    LAPSED = "lapsed"  # not confirmed, or an offer not taken, in time
    CALLED_OFF = "called off"  # by the organisers, with the session or by itself


class Means(StrEnum):
    """How a booking came about."""

    FORM = "form"
    STAFF = "staff"  # an organiser added it: beside the capacity, and logged
    WALK_IN = "walk-in"  # came to the door


SEATED = frozenset({State.HELD, State.OFFERED, State.CONFIRMED, State.ATTENDED})  # count as taken
IN_LINE = frozenset({State.QUEUED, State.WAITING})
ACTIVE = SEATED | IN_LINE  # one of these a person a session
EXPIRING = frozenset({State.HELD, State.QUEUED, State.OFFERED})
OVER = frozenset(State) - ACTIVE

ALLOWED: dict[State | None, frozenset[State]] = {
    None: frozenset({State.HELD, State.QUEUED, State.CONFIRMED, State.ATTENDED}),  # the last two: added by staff
    State.HELD: frozenset({State.CONFIRMED, State.LAPSED, State.CANCELLED, State.CALLED_OFF}),
    State.QUEUED: frozenset({State.HELD, State.WAITING, State.LAPSED, State.CANCELLED, State.CALLED_OFF}),
    State.WAITING: frozenset({State.OFFERED, State.CONFIRMED, State.CANCELLED, State.CALLED_OFF}),
    State.OFFERED: frozenset({State.CONFIRMED, State.WAITING, State.LAPSED, State.CANCELLED, State.CALLED_OFF}),
    State.CONFIRMED: frozenset({State.CONFIRMED, State.ATTENDED, State.ABSENT, State.CANCELLED, State.CALLED_OFF}),
    State.ATTENDED: frozenset({State.CONFIRMED, State.ABSENT}),
    State.ABSENT: frozenset({State.ATTENDED, State.CONFIRMED}),
    State.CANCELLED: frozenset(),
    State.LAPSED: frozenset(),
    State.CALLED_OFF: frozenset(),
}


@dataclass(frozen=True)
class Line:
    """A booking as the rules see it: its place in line, its size, its state and when that ends."""

    id: int
    position: int  # place in line: counts from the request
    seats: int
    state: State
    until: datetime | None = None  # when a hold, a request or an offer lapses


class NotAllowed(ValueError):
    """A booking can't become that from what it is."""

    def __init__(self, before: State | None, after: State) -> None:
        self.before, self.after = before, after
        super().__init__(f"a booking that is {before or 'new'} can't become {after}")


def allow(before: State | None, after: State) -> State:
    """`after`, where it may follow `before`. Raises NotAllowed."""
    if after not in ALLOWED[before]:
        raise NotAllowed(before, after)
    return after


__all__ = [
    "ACTIVE", "ALLOWED", "EXPIRING", "IN_LINE", "OVER", "SEATED",
    "Line", "Means", "NotAllowed", "SessionState", "State", "allow",
]  # fmt: skip
