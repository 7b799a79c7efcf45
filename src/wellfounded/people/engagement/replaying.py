"""The state of a session as its log alone says it: what the tables have to agree with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wellfounded.people.engagement.models import Booking, Session, Transition
from wellfounded.people.engagement.types import ALLOWED, IN_LINE, SEATED, State


@dataclass(frozen=True)
class Replayed:
    """What a log comes to: each booking's state, size and whether it is beside the capacity; and the seats."""

    bookings: dict[int, tuple[State, int, bool]]
    taken: int
    waiting: int
    most_over: int  # by how many seats the capacity was ever exceeded: 0
    out_of_order: int  # lines that may not follow the one before


def replay(entries: Iterable[Transition]) -> Replayed:
    """The state that a session's log comes to, read from its first line to its last."""
    bookings: dict[int, tuple[State, int, bool]] = {}
    taken = waiting = most_over = out_of_order = 0
    for entry in entries:
        before = bookings.get(entry.booking_id)
        state = State(entry.after)
        out_of_order += (before[0] if before else "") != entry.before
        out_of_order += state not in ALLOWED[before[0] if before else None]
        if before is not None:
            taken -= _taken(*before)
            waiting -= _waiting(*before)
        bookings[entry.booking_id] = after = (state, entry.seats, entry.extra)
        taken += _taken(*after)
        waiting += _waiting(*after)
        most_over = max(most_over, taken - entry.capacity)
    return Replayed(bookings, taken, waiting, most_over, out_of_order)


def _taken(state: State, seats: int, extra: bool) -> int:
    return seats if state in SEATED and not extra else 0


def _waiting(state: State, seats: int, _: bool) -> int:
    return seats if state in IN_LINE else 0


def discrepancies(session_id: int) -> list[str]:
    """What the tables of a session say otherwise than its log, in words: nothing, where all is well."""
    session = Session.objects.get(pk=session_id)
    replayed = replay(Transition.objects.filter(session=session_id).order_by("id"))
    found = []
    if replayed.most_over:
        found.append(f"the capacity was exceeded by {replayed.most_over}")
    if replayed.out_of_order:
        found.append(f"{replayed.out_of_order} lines of the log can't follow the one before")
    for name, kept, logged in (
        ("taken", session.taken, replayed.taken),
        ("waiting", session.waiting, replayed.waiting),
    ):
        if kept != logged:
            found.append(f"{kept} {name} are kept, but {logged} by the log")
    rows = Booking.objects.filter(session=session_id).values_list("id", "state", "seats", "extra")
    kept_bookings = {id_: (State(state), seats, extra) for id_, state, seats, extra in rows}
    if kept_bookings != replayed.bookings:
        wrong = [id_ for id_, now in kept_bookings.items() if replayed.bookings.get(id_) != now]
        found.append(f"{len(wrong)} bookings are not what the log says, {wrong[:3]} among them")
    return found


__all__ = ["Replayed", "discrepancies", "replay"]
