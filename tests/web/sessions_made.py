"""Sessions and bookings for the tests of their pages, made as organisers and the public make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from wellfounded.people.engagement import booking, organising
from wellfounded.people.engagement.models import Booking, Session
from wellfounded.people.engagement.types import Details, Party, Site

SITE = Site("http://localhost", "Cheshire and Warrington: the evidence base")
BY = "organiser@example.org"


def details(*, now: datetime, days: float = 20, capacity: int = 3, **more: Any) -> Details:
    """A session at ten in the morning, some days from now."""
    at = timezone.localtime(now + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
    given: dict[str, Any] = {
        "title": "The evidence for Warrington", "venue": "Town Hall", "address": "Sankey Street", "postcode": "QX1 1AA",
        "district": "E06000007", "starts_at": at, "ends_at": at + timedelta(hours=2), "capacity": capacity,
        "programme": "9:30 Registration\n10:00 Presentation of the evidence\n10:40 Interactive session",
        "summary": "What the evidence says, and what you say to it.", "audience": "Employers and colleges",
        "access_information": "Level access, a hearing loop.", "travel": "Ten minutes from Bank Quay.",
        "host": "The council",
    }  # fmt: skip
    return Details(**given | more)


def opened_session(*, now: datetime | None = None, **more: Any) -> Session:
    """A session that can be booked."""
    now = now or timezone.now()
    made = organising.create(details(now=now, **more), by=BY, now=now)
    return organising.open_booking(made.pk, by=BY, now=now, site=SITE)


def booked(
    session: Session, email: str, *, confirmed: bool = True, now: datetime | None = None, **more: Any
) -> Booking:
    """A booking of somebody, who has used the link where `confirmed`."""
    now = now or timezone.now()
    party = Party(name=more.pop("name", f"Person of {email}"), email=email, **more)
    asked = booking.book(session.pk, party, network=email, site=SITE, now=now)
    del asked
    made = Booking.objects.filter(session=session).latest("id")
    return booking.confirm(made.token, site=SITE, now=now) if confirmed else booking.of(made.token)
