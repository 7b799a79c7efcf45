"""At the door: who came, who didn't, who came without a booking, and who was added beside the capacity."""

from __future__ import annotations

from datetime import datetime

from wellfounded.people import record
from wellfounded.people.engagement import links, wording
from wellfounded.people.engagement.booking import contact_of
from wellfounded.people.engagement.claiming import Desk, Move, desk, one_transaction
from wellfounded.people.engagement.errors import NotPossible, SessionIsFull
from wellfounded.people.engagement.models import BOOKING, Booking
from wellfounded.people.engagement.organising import at_desk_of
from wellfounded.people.engagement.types import ACTIVE, Means, Party, SessionState, Site, State


@one_transaction
def add_extra(session_id: int, party: Party, *, why: str, by: str, now: datetime, site: Site) -> Booking:
    """Seats beside the capacity, that an organiser gives somebody: logged, with the reason. Raises NotPossible."""
    if not why.strip():
        raise NotPossible("Say why they are added beside the capacity: it is kept in the record")
    at = _going_on(session_id, now=now, site=site, by=by)
    _refuse_other(at, _hash_of(party))
    booking = _made(party, state=State.CONFIRMED, means=Means.STAFF, extra=True, now=now)
    booking.confirmed_at = now
    at.add(booking, contact_of(party, session=at.session), why=why)
    record.done(
        by, "session.extra-added", about=f"session {session_id}", booking=booking.pk, seats=party.seats, why=why
    )
    return booking


@one_transaction
def walk_in(session_id: int, party: Party, *, by: str, now: datetime, site: Site) -> Booking:
    """Seats for somebody who came to the door without a booking, where there are any. Raises SessionIsFull."""
    at = _going_on(session_id, now=now, site=site, by=by)
    _refuse_other(at, _hash_of(party))
    if party.seats > at.free:
        raise SessionIsFull(
            f"Only {at.free} of {wording.places(at.session.capacity)} {'is' if at.free == 1 else 'are'} free. From the "
            "start on, free the places of who is not here, or add them beside the capacity"
        )
    booking = _made(party, state=State.ATTENDED, means=Means.WALK_IN, extra=False, now=now)
    booking.confirmed_at, booking.arrived = now, party.seats
    at.add(booking, contact_of(party, session=at.session))
    return booking


@one_transaction
def check_in(
    booking_id: int, *, by: str, now: datetime, site: Site, arrived: int | None = None, beside: bool = False
) -> Booking:
    """The booking of somebody who has come, with how many of the party did; doing it again mends the number.

    Somebody whose seats were released gets them back where they are free, or `beside` the capacity. Raises
    SessionIsFull, NotPossible.
    """
    at, booking = at_desk_of(booking_id, now=now, site=site, by=by)
    came = booking.seats if arrived is None else arrived
    if not 1 <= came <= booking.seats:
        raise NotPossible(f"Of a party of {booking.seats}, between 1 and {booking.seats} can have come")
    state = State(booking.state)
    if state not in (State.CONFIRMED, State.ATTENDED, State.ABSENT):
        raise NotPossible(f"A booking that is {state} can't be checked in")
    if state is State.ABSENT:
        _refuse_other(at, booking.email_hash)
    extra = booking.extra or (beside and state is State.ABSENT and booking.seats > at.free)
    if state is State.ABSENT and not extra and booking.seats > at.free:
        raise SessionIsFull("Their places have gone to others. They can be let in beside the capacity")
    if state is not State.ATTENDED:
        why = "beside the capacity, as the places had been released" if extra and not booking.extra else ""
        at.move(Move(booking, State.ATTENDED, extra=extra, why=why))
    booking.arrived = came
    booking.save(update_fields=["arrived"])
    return booking


@one_transaction
def undo_check_in(booking_id: int, *, by: str, now: datetime, site: Site) -> Booking:
    """The booking of somebody who was checked in, or marked as absent, by mistake.

    Raises SessionIsFull, NotPossible.
    """
    at, booking = at_desk_of(booking_id, now=now, site=site, by=by)
    if booking.state not in (State.ATTENDED, State.ABSENT):
        raise NotPossible(f"A booking that is {booking.state} was not checked in")
    if booking.state == State.ABSENT:
        _refuse_other(at, booking.email_hash)
    at.move(Move(booking, State.CONFIRMED))
    booking.arrived = None
    booking.save(update_fields=["arrived"])
    return booking


@one_transaction
def release_no_shows(session_id: int, *, by: str, now: datetime, site: Site) -> int:
    """How many bookings were released of those who had not come when the session started: walk-ins may have them."""
    at = desk(session_id, now=now, site=site, by=by)
    if now < at.session.starts_at:
        raise NotPossible(f"Places are kept until the session starts, at {wording.hour(at.session.starts_at)}")
    missing = Booking.objects.filter(session=at.session, state=State.CONFIRMED).select_related("contact")
    moves = [Move(booking, State.ABSENT) for booking in missing.order_by("position")]
    if moves:
        at.move(*moves)
        record.done(by, "session.no-shows-released", about=f"session {session_id}", bookings=len(moves))
    return len(moves)


def _going_on(session_id: int, *, now: datetime, site: Site, by: str) -> Desk:
    at = desk(session_id, now=now, site=site, by=by)
    if at.session.state == SessionState.CANCELLED or now >= at.session.ends_at:
        raise NotPossible("The session was cancelled, or is over: nobody can be added")
    return at


def _refuse_other(at: Desk, email_hash: str) -> None:
    """Raises NotPossible where somebody has a booking already: nobody has two that count."""
    theirs = Booking.objects.filter(session=at.session, email_hash=email_hash, state__in=ACTIVE)
    if email_hash and theirs.exists():
        raise NotPossible("They have a booking for this session already: find it in the list")


def _hash_of(party: Party) -> str:
    return links.person(party.email) if party.email.strip() else ""


def _made(party: Party, *, state: State, means: Means, extra: bool, now: datetime) -> Booking:
    if party.seats < 1:
        raise NotPossible("A party has one person at least")
    key = links.new_key()
    return Booking(
        state=state, seats=party.seats, means=means, extra=extra, key=key, token_hash=links.hash_of(BOOKING, key),
        email_hash=_hash_of(party), organisation=party.organisation,
        sector=party.sector, district=party.district, asked_at=now,
    )  # fmt: skip


__all__ = ["add_extra", "check_in", "release_no_shows", "undo_check_in", "walk_in"]
