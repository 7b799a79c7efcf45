"""What organisers do with sessions: create, copy, open, close, change, call off, and write to those who booked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from wellfounded.people import record
from wellfounded.people.engagement import following, letters, links, rules, telling, wording
from wellfounded.people.engagement.claiming import Desk, Move, desk, one_transaction
from wellfounded.people.engagement.errors import CapacityTooSmall, NoSuchBooking, NoSuchSession, NotPossible
from wellfounded.people.engagement.models import Booking, Contact, Session, Template
from wellfounded.people.engagement.types import (
    ACTIVE,
    FORMAT,
    OVER,
    UNVERIFIED,
    WHERE_AND_WHEN,
    Details,
    SessionState,
    Site,
    State,
)

_PAST = "It would begin in the past: enter a day and a time to come"
USUAL = "Evidence session"  # the template that there is from the start
USUAL_MINUTES = 150
USUAL_FORMAT: dict[str, Any] = {
    "title": "The evidence: is it right?",
    "summary": "Hear what the evidence says about our economy, and tell us where it is wrong.",
    "programme": (
        "Registration\nPresentation: what the evidence says\nInteractive session: what you make of it, table by table\n"
        "What happens next"
    ),
    "audience": "Businesses and employers, colleges and universities, councils, voluntary organisations and residents.",
    "capacity": 40,
}


@one_transaction
def create(details: Details, *, by: str, now: datetime, demonstration: bool = False) -> Session:
    """A new session, which only organisers see until booking is opened. Raises NotPossible for one in the past."""
    _refuse_unlikely(details)
    if details.starts_at <= now:
        raise NotPossible(_PAST)
    session = Session.objects.create(
        **asdict(details), uid=f"{links.new_key()}@{settings.WELLFOUNDED_MAIL_DOMAIN}", made_at=now, made_by=by,
        demonstration=demonstration,
    )  # fmt: skip
    _done(by, "created", session)
    return session


def details(session_id: int) -> Details:
    """What organisers say of a session. Raises NoSuchSession."""
    return details_of(_session(session_id))


def details_of(session: Session) -> Details:
    """What organisers say of a session."""
    return Details(**{field.name: getattr(session, field.name) for field in fields(Details)})


def copied(session: Session) -> dict[str, Any]:
    """What a form for the same session at another venue starts with."""
    return {name: getattr(session, name) for name in FORMAT}


@one_transaction
def save_as_template(session_id: int, *, name: str, by: str, now: datetime) -> Template:
    """The format of a session under a name; one that has the name already is replaced."""
    session = _session(session_id)
    minutes = round((session.ends_at - session.starts_at).total_seconds() / 60)
    template, _ = Template.objects.update_or_create(
        name=name, defaults={"format": copied(session), "minutes": minutes, "made_by": by}
    )
    record.done(by, "session-template.saved", about=name, session=session_id, at=now.isoformat())
    return template


def templates() -> list[Template]:
    """The formats that there are, the usual one first."""
    usual = Template(name=USUAL, format=USUAL_FORMAT, minutes=USUAL_MINUTES)
    kept = list(Template.objects.order_by("name"))
    return kept if any(template.name == USUAL for template in kept) else [usual, *kept]


@one_transaction
def open_booking(session_id: int, *, by: str, now: datetime, site: Site) -> Session:
    """The session, which can be booked now; who follows sessions in its district is told the first time."""
    at = desk(session_id, now=now, site=site, by=by)
    if at.session.state == SessionState.OPEN:
        return at.session
    if now >= at.session.starts_at:
        raise NotPossible("Booking can't be opened: the session has started")
    first = at.session.state == SessionState.DRAFT
    _become(at, SessionState.OPEN, allowed=(SessionState.DRAFT, SessionState.CLOSED))
    if first and not at.session.invite_only and not at.session.demonstration:
        following.tell_of_session(at.session, site=site)
    return at.session


@one_transaction
def close_booking(session_id: int, *, by: str, now: datetime, site: Site) -> Session:
    """The session, which takes no more bookings; who waits still gets what comes free."""
    at = desk(session_id, now=now, site=site, by=by)
    if at.session.state != SessionState.CLOSED:
        _become(at, SessionState.CLOSED, allowed=(SessionState.OPEN,))
    return at.session


def _become(at: Desk, state: SessionState, *, allowed: Collection[SessionState], **detail: object) -> None:
    session = at.session
    if session.state not in allowed:
        raise NotPossible(f"A session that is {session.state} can't become {state}")
    session.state = state
    session.save(update_fields=["state"])
    _done(at.by, str(state), session, **detail)


@one_transaction
def change(session_id: int, details: Details, *, by: str, now: datetime, site: Site, why: str = "") -> int:
    """How many people were told: everybody who has a place or waits, where the venue or the time is another.

    Another capacity moves the queue. Raises CapacityTooSmall, NotPossible.
    """
    _refuse_unlikely(details)
    at = desk(session_id, now=now, site=site, by=by)
    session = at.session
    if session.state == SessionState.CANCELLED:
        raise NotPossible("The session was cancelled: it can't be changed any more")
    before = details_of(session)
    differs = [name for name, value in asdict(details).items() if value != getattr(before, name)]
    if not differs:
        return 0
    if details.starts_at <= now < before.starts_at:
        raise NotPossible(_PAST)
    _refuse_too_small(at, details.capacity)
    for name in differs:
        setattr(session, name, getattr(details, name))
    told = 0
    if "title" in differs or any(name in differs for name in WHERE_AND_WHEN):
        session.sequence += 1
    session.save(update_fields=[*differs, "sequence"])
    _done(by, "changed", session, fields=differs, why=why)
    if "starts_at" in differs or "ends_at" in differs:
        _times_moved(session, now=now)
    if session.state != SessionState.DRAFT and now < before.ends_at:
        told = _told_of_change(session, before, details, why=why, site=site, now=now)
    at.settle()
    return told


def _times_moved(session: Session, *, now: datetime) -> None:
    """Reminders, the day on which needs are deleted, and what is kept for somebody go with the new time."""
    past = rules.reminders_past(now, starts_at=session.starts_at)
    Booking.objects.filter(session=session, reminded__gt=past).update(reminded=past)
    needs = Contact.objects.filter(booking__session=session, needs_until__isnull=False)
    needs.update(needs_until=session.ends_at + rules.NEEDS_KEPT)
    Booking.objects.filter(session=session, until__gt=session.starts_at).update(until=session.starts_at)


def _told_of_change(session: Session, before: Details, details: Details, *, why: str, site: Site, now: datetime) -> int:
    moved = before.venue, before.address, before.postcode
    said = []
    if (before.starts_at, before.ends_at) != (details.starts_at, details.ends_at):
        was = wording.span(before.starts_at, before.ends_at)
        said.append(f"The session is at another time: {wording.span(details.starts_at, details.ends_at)}, not {was}.")
    if moved != (details.venue, details.address, details.postcode):
        was = wording.where(before)
        said.append(f"The session is at another place: {wording.where(session)}, not {was}.")
    if not said:
        return 0
    bookings = list(_reachable(session).filter(state__in=ACTIVE - UNVERIFIED))
    for booking in bookings:
        booking.session = session
    told = telling.session_changed(bookings, changed="\n\n".join(said), why=why, site=site, now=now)
    Booking.objects.bulk_update(bookings, ["sequence"], batch_size=100)
    return told


@one_transaction
def set_capacity(session_id: int, *, capacity: int, by: str, now: datetime, site: Site) -> Session:
    """The session with another capacity; the queue moves where there are more seats. Raises CapacityTooSmall."""
    at = desk(session_id, now=now, site=site, by=by)
    if capacity == at.session.capacity:
        return at.session
    _refuse_too_small(at, capacity)
    before, at.session.capacity = at.session.capacity, capacity
    at.session.save(update_fields=["capacity"])
    _done(by, "changed", at.session, fields=["capacity"], before=before, after=capacity)
    at.settle()
    return at.session


def _refuse_too_small(at: Desk, capacity: int) -> None:
    if capacity < at.session.taken:
        raise CapacityTooSmall(
            f"{wording.places(at.session.taken)} of this session are taken: the capacity can't be {capacity}. Cancel "
            "bookings first, or choose a number that is not smaller"
        )


def _refuse_unlikely(details: Details) -> None:
    if details.ends_at <= details.starts_at:
        raise NotPossible("The session has to end after it starts")
    if details.capacity < 1:
        raise NotPossible("A session needs room for one person at least")
    if details.ends_at - details.starts_at > timedelta(days=3):
        raise NotPossible("A session can't last longer than three days")


@one_transaction
def call_off(session_id: int, *, why: str, by: str, now: datetime, site: Site) -> int:
    """How many bookings were called off with the session; everybody is told, with the reason."""
    at = desk(session_id, now=now, site=site, by=by)
    if at.session.state == SessionState.CANCELLED:
        return 0
    if now >= at.session.ends_at:
        raise NotPossible("The session is over: it can't be cancelled any more")
    theirs = Booking.objects.filter(session=at.session).select_related("contact").order_by("position")
    bookings = list(theirs.filter(state__in=ACTIVE - {State.ATTENDED}))
    at.session.called_off_why, at.session.sequence = why, at.session.sequence + 1
    at.session.save(update_fields=["called_off_why", "sequence"])
    if at.session.state == SessionState.DRAFT:
        at.session.state = SessionState.OPEN  # nobody has seen it: it ends as any other does
    _become(at, SessionState.CANCELLED, allowed=(SessionState.OPEN, SessionState.CLOSED), why=why)
    at.move(*(Move(booking, State.CALLED_OFF, why=why) for booking in bookings))
    return len(bookings)


@one_transaction
def call_off_booking(booking_id: int, *, why: str, by: str, now: datetime, site: Site) -> Booking:
    """A booking that the organisers cancel; its holder is told why, and the seats go to the next who fits."""
    at, booking = at_desk_of(booking_id, now=now, site=site, by=by)
    if State(booking.state) in OVER or booking.state == State.ATTENDED:
        raise NotPossible(f"A booking that is {booking.state} can't be cancelled")
    at.move(Move(booking, State.CALLED_OFF, why=why))
    at.settle()
    _done(by, "booking-called-off", at.session, booking=booking_id, why=why)
    return booking


@one_transaction
def message(
    session_id: int,
    *,
    subject: str,
    text: str,
    by: str,
    now: datetime,
    site: Site,
    states: Collection[State] = (State.CONFIRMED,),
    booking_ids: Collection[int] | None = None,
) -> int:
    """How many people are written to: those whose bookings are in `states`, or only those of `booking_ids`."""
    session = _session(session_id)
    found = _reachable(session).filter(state__in=states, demonstration=False).exclude(state__in=UNVERIFIED)
    if booking_ids is not None:
        found = found.filter(pk__in=booking_ids)
    _done(by, "message-sent", session, subject=subject, states=sorted(states), at=now.isoformat())
    written = 0
    batch = links.new_key()
    for booking in found:
        booking.session = session
        said = f"{text.strip()}\n\nYour booking: {site.to(f'/bookings/{booking.token}')}"
        framed = letters.framed(said, name=booking.contact.name, session=session, site=site)
        telling.ask(booking, f"{subject}: {session.title}", framed, key=f"message {batch} {booking.pk}")
        written += 1
    return written


def at_desk_of(booking_id: int, *, now: datetime, site: Site, by: str) -> tuple[Desk, Booking]:
    """The desk of a booking's session, settled, and the booking as it stands then. Raises NoSuchBooking."""
    session_id = Booking.objects.filter(pk=booking_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NoSuchBooking(f"There is no booking {booking_id}")
    at = desk(session_id, now=now, site=site, by=by)
    booking = Booking.objects.select_related("contact").get(pk=booking_id)
    booking.session = at.session
    return at, booking


def _reachable(session: Session) -> QuerySet[Booking]:
    """The bookings of whom can be written to: not who gave no address, nor who is erased."""
    found = Booking.objects.filter(session=session, contact__isnull=False).exclude(contact__email="")
    return found.select_related("contact").order_by("position")


def _session(session_id: int) -> Session:
    session = Session.objects.filter(pk=session_id).first()
    if session is None:
        raise NoSuchSession(f"There is no session {session_id}")
    return session


def _done(by: str, what: str, session: Session, **detail: object) -> None:
    plain: Mapping[str, object] = {name: value for name, value in detail.items() if value not in ("", None)}
    record.done(by, f"session.{what}", about=f"session {session.pk}", title=session.title, **plain)


__all__ = [
    "USUAL", "at_desk_of", "call_off", "call_off_booking", "change", "close_booking", "copied", "create", "details",
    "details_of", "message", "open_booking", "save_as_template", "set_capacity", "templates",
]  # fmt: skip
