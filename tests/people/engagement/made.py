"""Sessions and bookings for tests, made by the actions themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wellfounded.people.engagement import booking, organising
from wellfounded.people.engagement.models import Booking, Session
from wellfounded.people.engagement.types import Details, Party, Site

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
SITE = Site("https://evidence.example.org", "The evidence base", "Write to us.")
STAFF = "organiser@example.org"


def details(*, now: datetime = NOW, days: float = 10, capacity: int = 3, **more: object) -> Details:
    """What organisers say of a session that starts so many days from now."""
    starts_at = now + timedelta(days=days)
    values = {"title": "The evidence", "venue": "Town hall", "district": "E06000049"} | more
    return Details(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), capacity=capacity, **values)


def a_session(*, now: datetime = NOW, **more: object) -> Session:
    """A session that can be booked."""
    session = organising.create(details(now=now, **more), by=STAFF, now=now)
    return organising.open_booking(session.pk, by=STAFF, now=now, site=SITE)


def party(name: str, seats: int = 1, **more: object) -> Party:
    """Somebody's party; the name makes the address."""
    return Party(name=name, email=f"{name}@example.org", organisation=f"{name} ltd", seats=seats, **more)


def ask(session: Session, name: str, seats: int = 1, *, now: datetime = NOW, **more: object) -> Booking:
    """A request through the form, by somebody with a network of their own."""
    booking.book(session.pk, party(name, seats, **more), network=name, site=SITE, now=now)
    return latest(session, name)


def latest(session: Session, name: str) -> Booking:
    """The latest booking of somebody."""
    return Booking.objects.filter(session=session, contact__email=f"{name}@example.org").latest("pk")


def booked(session: Session, name: str, seats: int = 1, *, now: datetime = NOW, **more: object) -> Booking:
    """A booking whose link was used: confirmed, or in line."""
    return booking.confirm(ask(session, name, seats, now=now, **more).token, site=SITE, now=now)
