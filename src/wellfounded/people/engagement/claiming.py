"""The claim of a place: one short transaction that settles a session, moves bookings, logs and tells.

Every change of a booking goes through `Desk.move` or `Desk.add`, which count seats with a conditional update that can't
exceed the capacity, write the log, and ask for the one e-mail that the change causes.
"""

from __future__ import annotations

import fcntl
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import F

from wellfounded.people.engagement import rules, telling
from wellfounded.people.engagement.errors import NoSuchSession, SessionIsFull
from wellfounded.people.engagement.models import Booking, Contact, Session, Transition
from wellfounded.people.engagement.types import (
    ACTIVE,
    IN_LINE,
    SEATED,
    TOLD,
    Letter,
    Line,
    SessionState,
    Site,
    State,
    allow,
)

BY_RULE = "rule"  # who moves a booking when time is past or seats come free
ATTEMPTS = 6  # of a transaction that the database turns away as busy
P = ParamSpec("P")
T = TypeVar("T")


def one_transaction(action: Callable[P, T]) -> Callable[P, T]:
    """`action` in one transaction, tried again a few times where the database is busy."""

    @wraps(action)
    def act(*args: P.args, **kwargs: P.kwargs) -> T:
        if connection.in_atomic_block:
            with transaction.atomic():
                return action(*args, **kwargs)
        for attempt in range(1, ATTEMPTS):
            try:
                with _turn(), transaction.atomic():
                    return action(*args, **kwargs)
            except OperationalError as error:
                if not _busy(error):
                    raise
                time.sleep(random.uniform(0.01, 0.04) * 2**attempt)  # noqa: S311  (nothing secret)
        with _turn(), transaction.atomic():
            return action(*args, **kwargs)

    return act


@contextmanager
def _turn() -> Iterator[None]:
    """Waits until it is our turn to write, where the database is an SQLite file.

    SQLite itself lets those who wait sleep and try again, so that some wait for seconds while others are served: this
    lock wakes the next one. It is a courtesy: what must hold does not rest on it.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or "memory" in name:
        yield
        return
    with Path(f"{name}-turn").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _busy(error: OperationalError) -> bool:
    """Whether the database only asks to come again: locked, or one of two that waited for each other."""
    return any(word in str(error).lower() for word in ("locked", "busy", "deadlock", "serialize access"))


@dataclass(frozen=True)
class Move:
    """What a booking is to become."""

    booking: Booking
    after: State
    until: datetime | None = None
    seats: int | None = None  # as before where nothing is said
    extra: bool | None = None
    why: str = ""


def _seated(state: State | None, seats: int, extra: bool) -> int:
    return seats if state in SEATED and not extra else 0


def _in_line(state: State | None, seats: int) -> int:
    return seats if state in IN_LINE else 0


@dataclass
class Desk:
    """A session whose row is ours until the transaction ends, as it stands at `now`."""

    session: Session
    now: datetime
    site: Site
    by: str = ""

    @property
    def free(self) -> int:
        return self.session.capacity - self.session.taken

    @property
    def moves_on(self) -> bool:
        """Whether free seats still go to those who wait."""
        return rules.moves_on(SessionState(self.session.state), now=self.now, starts_at=self.session.starts_at)

    def lines(self) -> list[Line]:
        """The active bookings that the capacity counts, in line."""
        rows = Booking.objects.filter(session=self.session, state__in=ACTIVE, extra=False).order_by("position")
        found = rows.values_list("id", "position", "seats", "state", "until")
        return [Line(id_, position, seats, State(state), until) for id_, position, seats, state, until in found]

    def settle(self) -> None:
        """What is past its time lapses, and seats that are free go to the first in line whom they fit."""
        if not self._unsettled():
            return
        settled = rules.settle(
            self.lines(), capacity=self.session.capacity, now=self.now, starts_at=self.session.starts_at,
            offers=self.moves_on,
        )  # fmt: skip
        if settled.changes:
            ids = [*settled.lapsed, *(id_ for id_, _ in settled.offered), *settled.held]
            by_id = Booking.objects.select_related("contact").in_bulk(ids)
            lapsed = [Move(by_id[id_], State.LAPSED) for id_ in settled.lapsed]
            seated = [Move(by_id[id_], State.OFFERED, until=until) for id_, until in settled.offered]
            seated += [Move(by_id[id_], State.HELD, until=by_id[id_].until) for id_ in settled.held]
            self.move(*lapsed, *sorted(seated, key=lambda move: move.booking.position), by=BY_RULE)
        self._call()

    def _unsettled(self) -> bool:
        """Whether settling could change anything: no more than a look at an index where it can't."""
        if self.session.waiting and self.free:
            return True
        if self.session.calling:
            return True
        return Booking.objects.filter(session=self.session, until__lte=self.now).exists()

    def _call(self) -> None:
        """In the final call, tells whoever waits and fits that seats are free, once each time that they are."""
        session = self.session
        last = self.moves_on and rules.is_final_call(self.now, starts_at=session.starts_at)
        fits = Booking.objects.filter(session=session, state=State.WAITING, seats__lte=self.free)
        found = (
            list(fits.select_related("contact").order_by("position")) if last and self.free and session.waiting else []
        )
        if not found and not session.calling:
            return
        calls = session.calls + (1 if found and not session.calling else 0)
        Session.objects.filter(pk=session.pk).update(calling=bool(found), calls=calls)
        session.calling, session.calls = bool(found), calls
        for booking in found:
            booking.session = session
            telling.final_call(booking, site=self.site, free=self.free)

    def room_for(self, seats: int) -> bool:
        """Whether seats can be had now, in a settled session: they are free, and nobody waits whom they fit."""
        if seats > self.free:
            return False
        if not self.session.waiting:
            return True
        in_line = Booking.objects.filter(session=self.session, state__in=IN_LINE, extra=False)
        return not in_line.filter(seats__lte=self.free).exists()

    def move(self, *moves: Move, by: str | None = None) -> None:
        """Bookings become something else: counted, written, logged and told. Raises NotAllowed, SessionIsFull."""
        taken = waiting = 0
        told_of: list[tuple[Booking, Letter | None]] = []
        log: list[Transition] = []
        for move in moves:
            booking = move.booking
            before, after = State(booking.state), allow(State(booking.state), move.after)
            seats = booking.seats if move.seats is None else move.seats
            extra = booking.extra if move.extra is None else move.extra
            taken += _seated(after, seats, extra) - _seated(before, booking.seats, booking.extra)
            waiting += _in_line(after, seats) - _in_line(before, booking.seats)
            booking.session = self.session
            booking.state, booking.seats, booking.extra, booking.until = after, seats, extra, move.until
            if after not in (State.HELD, State.QUEUED):
                booking.network = ""
            if after is State.CONFIRMED and before in ACTIVE:
                booking.confirmed_at = booking.confirmed_at or self.now
                booking.reminded = rules.reminders_past(self.now, starts_at=self.session.starts_at)
            letter = TOLD.get((before, after))
            if letter is not None:
                telling.number(booking, letter)
            told_of.append((booking, letter))
            log.append(self._entry(booking, before, by=by, why=move.why))
        self._count(taken=taken, waiting=waiting)
        if len(moves) == 1:
            moves[0].booking.save(update_fields=_MOVED)
        else:
            Booking.objects.bulk_update([move.booking for move in moves], _MOVED, batch_size=100)
        self._tell(told_of, Transition.objects.bulk_create(log))

    def add(self, booking: Booking, contact: Contact, *, why: str = "") -> Booking:
        """A new booking, counted, logged and told; it is given the last place in line. Raises SessionIsFull."""
        state = allow(None, State(booking.state))
        self._count(taken=_seated(state, booking.seats, booking.extra), waiting=_in_line(state, booking.seats), asked=1)
        booking.session, booking.position = self.session, self.session.asked
        letter = TOLD.get((None, state))
        if letter is not None:
            telling.number(booking, letter)
        booking.save(force_insert=True)
        contact.booking = booking
        contact.save(force_insert=True)
        self._tell([(booking, letter)], [_saved(self._entry(booking, None, by=None, why=why))])
        return booking

    def _entry(self, booking: Booking, before: State | None, *, by: str | None, why: str) -> Transition:
        return Transition(
            session=self.session, booking=booking, at=self.now, before=before or "", after=booking.state,
            seats=booking.seats, extra=booking.extra, capacity=self.session.capacity,
            by=self.by if by is None else by, why=why[:300],
        )  # fmt: skip

    def _count(self, *, taken: int, waiting: int, asked: int = 0) -> None:
        if not (taken or waiting or asked):
            return
        room = Session.objects.filter(pk=self.session.pk)
        if taken > 0:
            room = room.filter(taken__lte=F("capacity") - taken)
        counted = room.update(taken=F("taken") + taken, waiting=F("waiting") + waiting, asked=F("asked") + asked)
        if not counted:
            raise SessionIsFull("There are not that many places left")
        self.session.taken += taken
        self.session.waiting += waiting
        self.session.asked += asked

    def _tell(self, told_of: Sequence[tuple[Booking, Letter | None]], log: Sequence[Transition]) -> None:
        for (booking, letter), entry in zip(told_of, log, strict=True):
            if letter is not None:
                telling.tell(letter, booking, entry=entry.pk, site=self.site, now=self.now, why=entry.why)


_MOVED = [
    "state", "seats", "extra", "until", "network", "confirmed_at", "reminded", "sequence", "in_calendar",
]  # fmt: skip


def _saved(entry: Transition) -> Transition:
    entry.save(force_insert=True)
    return entry


def desk(session_id: int, *, now: datetime, site: Site, by: str = "") -> Desk:
    """A session, its row locked, settled. Only within a transaction. Raises NoSuchSession."""
    session = Session.objects.select_for_update().filter(pk=session_id).first()
    if session is None:
        raise NoSuchSession(f"There is no session {session_id}")
    found = Desk(session, now, site, by)
    found.settle()
    return found


__all__ = ["BY_RULE", "Desk", "Move", "desk", "one_transaction"]
