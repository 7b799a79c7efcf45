"""How sessions, times and places in line are said, in e-mails and on pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from wellfounded.people.engagement import rules
from wellfounded.people.engagement.models import Session
from wellfounded.people.engagement.types import Details


def hour(at: datetime) -> str:
    """The time of day by the clock at the venue: 9:30am, noon."""
    here = at.astimezone(rules.HERE)
    if (here.hour, here.minute) == (12, 0):
        return "noon"
    if (here.hour, here.minute) == (0, 0):
        return "midnight"
    minutes = f":{here.minute:02}" if here.minute else ""
    return f"{(here.hour - 1) % 12 + 1}{minutes}{'am' if here.hour < 12 else 'pm'}"


def day(at: datetime) -> str:
    """The day at the venue: Tuesday 12 January 2027."""
    here = at.astimezone(rules.HERE)
    return f"{here:%A} {here.day} {here:%B %Y}"


def moment(at: datetime) -> str:
    """Day and time: Tuesday 12 January 2027 at 9:30am."""
    return f"{day(at)} at {hour(at)}"


def deadline(at: datetime) -> str:
    """Until when something stands. Midnight is 11:59pm on the day before, as many read it a day late."""
    here = at.astimezone(rules.HERE)
    if (here.hour, here.minute) == (0, 0):
        return f"11:59pm on {day(at - timedelta(minutes=1))}"
    return moment(at)


def span(starts_at: datetime, ends_at: datetime) -> str:
    """When a session is: Tuesday 12 January 2027, 9:30am to noon."""
    if day(starts_at) == day(ends_at):
        return f"{day(starts_at)}, {hour(starts_at)} to {hour(ends_at)}"
    return f"{moment(starts_at)} to {moment(ends_at)}"


def where(session: Session | Details) -> str:
    """The venue with its address, in a line."""
    return ", ".join(part for part in (session.venue, session.address, session.postcode) if part)


def places(n: int) -> str:
    """1 place, 4 places."""
    return f"{n} place" if n == 1 else f"{n} places"


def left(*, free: int, capacity: int, waiting: int) -> str:
    """How many places a session that can be booked has: 12 of 40 places left."""
    if free > 0 and not waiting:
        return f"{free} of {places(capacity)} left"
    if free > 0:
        return f"{free} of {places(capacity)} left, {waiting} waiting"
    return "Full: waiting list open" + (f", {waiting} waiting" if waiting else "")


def in_line(ahead: int) -> str:
    """A place in line: you are the first in line."""
    if not ahead:
        return "You are the first in line."
    return f"{ahead} {'booking is' if ahead == 1 else 'bookings are'} before yours in line."


def rule(now: datetime, *, starts_at: datetime) -> str:
    """How the waiting list works at `now`, in words."""
    if rules.is_final_call(now, starts_at=starts_at):
        return (
            "The session starts soon. Places that come free now go to whoever on the waiting list takes them first: "
            "we e-mail everybody whom they fit."
        )
    until = rules.offer_until(now, starts_at=starts_at)
    if until is None:
        return "The session has started."
    return (
        "When places come free, they are offered to the first on the list whom they fit. An offer made now would stand "
        f"for {lasting(until - now)}; the time gets shorter as the session nears. From {hours(rules.FINAL_CALL)} "
        "before the start, free places go to whoever on the list takes them first."
    )


def hours(span: timedelta) -> str:
    """6 hours."""
    n = round(span.total_seconds() / 3600)
    return f"{n} hour" if n == 1 else f"{n} hours"


def lasting(span: timedelta) -> str:
    """A length of time as people say it: 48 hours, 90 minutes."""
    minutes = round(span.total_seconds() / 60)
    if minutes >= 120:
        return hours(span)
    return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"


__all__ = ["day", "deadline", "hour", "in_line", "lasting", "left", "moment", "places", "rule", "span", "where"]
