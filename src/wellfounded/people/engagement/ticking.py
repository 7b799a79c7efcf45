"""What time brings, made prompt: lapses, offers, reminders, thanks, and what is no longer needed.

A worker calls `tick` every minute. Nothing is wrong where it doesn't: what is past its time is past all the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from wellfounded.people.engagement import erasing, following, letters, rules, telling, wording
from wellfounded.people.engagement.claiming import desk, one_transaction
from wellfounded.people.engagement.models import Booking, Session
from wellfounded.people.engagement.types import SessionState, Site, State

GOING_ON = (SessionState.OPEN, SessionState.CLOSED)
THANKS_UNTIL = timedelta(days=7)  # later than this, nobody expects thanks any more


def tick(*, now: datetime, site: Site, edition: int = 0) -> dict[str, int]:
    """How many of each thing were done; `edition` is the latest that is published."""
    return {
        "settled": settle_all(now=now, site=site),
        "reminders": remind_all(now=now, site=site),
        "thanks": thank_all(now=now, site=site),
        "told of the edition": following.tell_of_edition(edition, site=site) if edition else 0,
        "followers forgotten": following.forget(now=now),
        **erasing.forget(now=now),
    }


def settle_all(*, now: datetime, site: Site) -> int:
    """How many sessions were settled, each in a transaction of its own: those where anything can have changed."""
    past_time = Q(bookings__until__lte=now)
    queued = Q(state__in=GOING_ON, starts_at__gt=now, waiting__gt=0, taken__lt=F("capacity"))
    found = Session.objects.filter(past_time | queued).values_list("pk", flat=True).distinct()
    for session_id in found:
        settle(session_id, now=now, site=site)
    return len(found)


@one_transaction
def settle(session_id: int, *, now: datetime, site: Site) -> None:
    """Nothing; a session as it stands at `now`."""
    desk(session_id, now=now, site=site)


def remind_all(*, now: datetime, site: Site) -> int:
    """How many people were reminded, of sessions that start within a week."""
    soon = Session.objects.filter(state__in=GOING_ON, starts_at__gt=now, starts_at__lte=now + timedelta(days=7))
    return sum(_remind(session, now=now, site=site) for session in soon)


@one_transaction
def _remind(session: Session, *, now: datetime, site: Site) -> int:
    due = rules.reminders_past(now, starts_at=session.starts_at)
    bookings = Booking.objects.filter(session=session, state=State.CONFIRMED, reminded__lt=due, contact__isnull=False)
    found = list(bookings.select_related("contact"))
    for booking in found:
        booking.session = session
        subject, said = _reminder(due, booking, site=site)
        text = letters.framed(said, name=booking.contact.name, session=session, site=site)
        key = f"reminder {due} {booking.pk} {session.starts_at:%Y%m%d%H%M}"
        telling.ask(booking, f"{subject} {session.title}", text, key=key)
    Booking.objects.filter(pk__in=[booking.pk for booking in found]).update(reminded=due)
    return len(found)


def _reminder(which: int, booking: Booking, *, site: Site) -> tuple[str, str]:
    session, link = booking.session, site.to(f"/bookings/{booking.token}")
    seats = wording.places(booking.seats)
    starts = f"{wording.day(session.starts_at)} at {wording.hour(session.starts_at)}"
    if which == rules.TWO_DAYS:
        said = (
            f"You have {seats} on {starts}. Please open this link and press “Yes, I am coming”, or cancel there so "
            f"that somebody else can come:\n\n{link}"
        )
        return "Are you still coming?", said
    subject = "Today:" if which == rules.MORNING else "In a week:"
    said = f"You have {seats} on {starts}.\n\nIf you can't come, please cancel:\n{link}"
    return subject, said + letters.there(session)


def thank_all(*, now: datetime, site: Site) -> int:
    """How many people were thanked, of sessions that ended more than an hour ago."""
    over = Session.objects.filter(
        state__in=GOING_ON, thanked_at__isnull=True, ends_at__lte=now - rules.THANKS_AFTER,
        ends_at__gt=now - THANKS_UNTIL,
    )  # fmt: skip
    return sum(_thank(session, now=now, site=site) for session in over)


@one_transaction
def _thank(session: Session, *, now: datetime, site: Site) -> int:
    """Those who came are thanked; where nobody was checked in, those who had booked."""
    if not Session.objects.filter(pk=session.pk, thanked_at__isnull=True).update(thanked_at=now):
        return 0
    bookings = Booking.objects.filter(session=session, contact__isnull=False).select_related("contact")
    found = list(bookings.filter(state=State.ATTENDED)) or list(bookings.filter(state=State.CONFIRMED))
    for booking in found:
        booking.session = session
        said = "Thank you for coming." + (f"\n\nThe slides:\n{session.slides}" if session.slides else "")
        said += (
            f"\n\nTell us what you thought of the session:\n{site.to(f'/bookings/{booking.token}/feedback')}"
            f"\n\nIs the evidence right? What have we missed? Respond in writing:\n{site.to('/respond')}"
        )
        text = letters.framed(said, name=booking.contact.name, session=session, site=site)
        telling.ask(booking, f"Thank you: {session.title}", text, key=f"thanks {booking.pk}")
    return len(found)


__all__ = ["remind_all", "settle", "settle_all", "thank_all", "tick"]
