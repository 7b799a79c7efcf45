"""Sessions as calendars have them: the entry that comes with an e-mail, its cancellation, and the feed.

iCalendar (RFC 5545) with iTIP methods (RFC 5546): an entry keeps its UID, and its SEQUENCE rises with every change.
Times are those of the clock at the venue, with the rule of that clock beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur, vText

from wellfounded.people.engagement import rules, wording
from wellfounded.people.engagement.errors import NoSuchSession
from wellfounded.people.engagement.models import Booking, Session
from wellfounded.people.engagement.types import SessionState, Site

FEED_GOES_BACK = timedelta(days=90)
MADE_BY = "-//Wellfounded//Engagement sessions//EN"


def invite(booking: Booking, *, email: str, site: Site, now: datetime) -> str:
    """The entry of a booking, to be put in its holder's calendar, or to take the place of the one that is there."""
    return _message("REQUEST", booking, email=email, site=site, now=now)


def cancellation(booking: Booking, *, email: str, site: Site, now: datetime) -> str:
    """What takes the entry of a booking out of its holder's calendar."""
    return _message("CANCEL", booking, email=email, site=site, now=now)


def feed(*, site: Site, now: datetime, district: str = "") -> bytes:
    """Sessions as a calendar that programs subscribe to; one that is called off stays, as cancelled."""
    shown = (SessionState.OPEN, SessionState.CLOSED, SessionState.CANCELLED)
    sessions = Session.objects.filter(state__in=shown, invite_only=False, ends_at__gt=now - FEED_GOES_BACK)
    if district:
        sessions = sessions.filter(district=district)
    return _published(sessions.order_by("starts_at", "id"), site=site, now=now)


def one(session_id: int, *, site: Site, now: datetime) -> bytes:
    """A session for a calendar. Raises NoSuchSession."""
    found = Session.objects.filter(pk=session_id).exclude(state=SessionState.DRAFT)
    if not found:
        raise NoSuchSession(f"There is no session {session_id}")
    return _published(found, site=site, now=now)


def booked(booking: Booking, *, site: Site, now: datetime) -> bytes:
    """A booking for its holder's calendar: the same entry as came by e-mail."""
    return _message("PUBLISH", booking, email="", site=site, now=now).encode()


def _published(sessions: Iterable[Session], *, site: Site, now: datetime) -> bytes:
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", f"Sessions: {site.title}")
    calendar.add("name", f"Sessions: {site.title}")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for session in sessions:
        event = _event(session, site=site, now=now)
        event.add("uid", session.uid)
        event.add("sequence", session.sequence)
        event.add("status", "CANCELLED" if session.state == SessionState.CANCELLED else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _message(method: str, booking: Booking, *, email: str, site: Site, now: datetime) -> str:
    calendar = _calendar(method)
    event = _event(booking.session, site=site, now=now)
    event.add("uid", f"{booking.pk}.{booking.session.uid}")
    event.add("sequence", booking.sequence)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if method == "PUBLISH":  # nobody is asked to attend
        calendar.add_component(event)
        return calendar.to_ical().decode()
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(name or site.title)
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{email}")
    attendee.params["PARTSTAT"] = vText("DECLINED" if method == "CANCEL" else "ACCEPTED")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_clock())
    return calendar


def _event(session: Session, *, site: Site, now: datetime) -> Event:
    event = Event()
    event.add("dtstamp", now)
    event.add("summary", f"Demonstration: {session.title}" if session.demonstration else session.title)
    event.add("dtstart", session.starts_at.astimezone(rules.HERE))
    event.add("dtend", session.ends_at.astimezone(rules.HERE))
    event.add("location", wording.where(session))
    address = site.to(f"/sessions/{session.pk}")
    said = ("This session is a demonstration: it does not take place.",) if session.demonstration else ()
    event.add("description", "\n\n".join(part for part in (*said, session.summary, address) if part))
    event.add("url", address)
    if session.latitude is not None and session.longitude is not None:
        event.add("geo", (session.latitude, session.longitude))
    return event


def _clock() -> Timezone:
    """The clock in the United Kingdom since 1996: summer time between the last Sundays of March and October."""
    zone = Timezone()
    zone.add("tzid", rules.HERE.key)
    for part, name, month, start, before, after in (
        (TimezoneDaylight(), "BST", 3, datetime(1996, 3, 31, 1), 0, 1),  # noqa: DTZ001  (by the clock, as RFC 5545 has it)
        (TimezoneStandard(), "GMT", 10, datetime(1996, 10, 27, 2), 1, 0),  # noqa: DTZ001
    ):
        part.add("dtstart", start)
        part.add("tzname", name)
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        zone.add_component(part)
    return zone


__all__ = ["booked", "cancellation", "feed", "invite", "one"]
