"""E-mails to people who booked: asked for in the transaction that causes them, each with a key, so that it is one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wellfounded.people import mail
from wellfounded.people.engagement import calendar, letters, wording
from wellfounded.people.engagement.models import Booking
from wellfounded.people.engagement.types import IN_LINE, UNVERIFIED, Letter, Site

WITH_ENTRY = frozenset({Letter.CONFIRMED, Letter.CHANGED})  # a calendar entry comes with these
TAKES_AWAY = frozenset({Letter.CANCELLED, Letter.CALLED_OFF})  # and these take it away


def number(booking: Booking, letter: Letter) -> None:
    """Nothing; counts up the booking's calendar entry where the letter carries one. It is for the caller to save it."""
    if letter in WITH_ENTRY:
        booking.sequence += booking.in_calendar
        booking.in_calendar = True
    elif letter in TAKES_AWAY and booking.in_calendar:
        booking.sequence += 1


def tell(letter: Letter, booking: Booking, *, entry: int, site: Site, now: datetime, why: str = "") -> None:
    """Nothing; asks for the e-mail of one line of the log."""
    email = booking.holder.email
    if not email:
        return
    ahead = 0
    if letter is Letter.WAITING:
        in_line = Booking.objects.filter(session=booking.session, state__in=IN_LINE)
        ahead = in_line.filter(position__lt=booking.position).count()
    subject, text = letters.on_change(letter, booking, name=_name(booking), site=site, now=now, ahead=ahead, why=why)
    attached = ""
    if letter in WITH_ENTRY:
        attached = calendar.invite(booking, email=email, site=site, now=now)
    elif letter in TAKES_AWAY and booking.in_calendar:
        attached = calendar.cancellation(booking, email=email, site=site, now=now)
    ask(booking, subject, text, key=f"transition {entry}", attached=attached)


def _name(booking: Booking) -> str:
    """By what name to greet: none until the link is used, as anybody can type in any name for anybody's address."""
    return "" if booking.state in UNVERIFIED else booking.holder.name


def ask(booking: Booking, subject: str, text: str, *, key: str, attached: str = "") -> None:
    """Nothing; asks for an e-mail to whoever booked.

    Demonstration people get none, nor who gave no address or is erased.
    """
    if booking.holder.email and not booking.demonstration:
        mail.ask(booking.holder.email, subject, text, key=key, calendar=attached)


def final_call(booking: Booking, *, site: Site, free: int) -> None:
    """Nothing; tells somebody who waits that seats are free for whoever takes them first."""
    session = booking.session
    said = (
        f"{wording.places(free)} {'is' if free == 1 else 'are'} free now. The session starts soon, so whoever on the "
        f"waiting list is first can have {'it' if free == 1 else 'them'}. You asked for "
        f"{wording.places(booking.seats)}. Open this link and press the button:\n\n"
        f"{site.to(f'/bookings/{booking.token}')}"
    )
    text = letters.framed(said, name=booking.contact.name, session=session, site=site)
    ask(
        booking,
        f"{wording.places(free).capitalize()} free now, first come, first served: {session.title}",
        text,
        key=f"call {session.calls} {booking.pk}",
    )


def link_again(booking: Booking, *, site: Site, now: datetime) -> None:
    """Nothing; sends somebody who has a booking its link once more, at most every ten minutes."""
    said = (
        "You asked for places at this session, and have a booking already: this is its link. See, confirm, change or "
        f"cancel it:\n\n{site.to(f'/bookings/{booking.token}')}\n\nIf you did not ask for this, do nothing."
    )
    text = letters.framed(said, name=_name(booking), session=booking.session, site=site)
    key = f"again {booking.pk} {int(now.timestamp() // 600)}"
    ask(booking, f"Your booking: {booking.session.title}", text, key=key)


def session_changed(bookings: Iterable[Booking], *, changed: str, why: str, site: Site, now: datetime) -> int:
    """How many were told that the venue or the time is another; who has a calendar entry gets the new one."""
    told = 0
    for booking in bookings:
        entry = ""
        if booking.in_calendar:
            booking.sequence += 1
            entry = calendar.invite(booking, email=booking.contact.email, site=site, now=now)
        said = (
            f"{changed}{f' {why}' if why else ''}\n\n"
            + ("The calendar entry with this e-mail takes the place of the one before. " if entry else "")
            + f"If you can't come now, please cancel:\n\n{site.to(f'/bookings/{booking.token}')}"
        )
        text = letters.framed(said, name=booking.contact.name, session=booking.session, site=site)
        key = f"session {booking.session.sequence} {booking.pk}"
        ask(booking, f"Please note the change: {booking.session.title}", text, key=key, attached=entry)
        told += 1
    return told


__all__ = ["ask", "final_call", "link_again", "number", "session_changed", "tell"]
