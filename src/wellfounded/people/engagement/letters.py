"""The words of the e-mails on bookings: a subject and a text for each thing that is told."""

from __future__ import annotations

from datetime import datetime

from wellfounded.people.engagement import wording
from wellfounded.people.engagement.models import Booking, Session
from wellfounded.people.engagement.types import Letter, Site


def on_change(
    letter: Letter, booking: Booking, *, name: str, site: Site, now: datetime, ahead: int = 0, why: str = ""
) -> tuple[str, str]:
    """Subject and text of the e-mail that a change of a booking causes; `ahead` is how many wait before it."""
    session = booking.session
    link = site.to(f"/bookings/{booking.token}")
    again = site.to(f"/sessions/{session.pk}")
    seats = wording.places(booking.seats)
    it = "it" if booking.seats == 1 else "them"
    until = wording.deadline(booking.until) if booking.until else ""
    match letter:
        case Letter.ASKED:
            subject = f"Confirm your booking by {until}"
            said = (
                f"You asked for {seats} at this session. Open this link and press the button to confirm:\n\n{link}\n\n"
                f"We keep {it} for you until {until}. If you did not ask for this, do nothing."
            )
        case Letter.ASKED_TO_WAIT:
            subject = "Confirm that you want to be on the waiting list"
            said = (
                f"You asked for {seats}, and there are not enough free just now: you can wait for {it}. Open this "
                f"link and press the button to confirm, by {until}:\n\n{link}\n\nYour place in line counts from when "
                "you asked. If you did not ask for this, do nothing."
            )
        case Letter.CONFIRMED:
            subject = "Your booking is confirmed"
            said = (
                f"You have {seats}. A calendar entry comes with this e-mail.\n\nSee, change or cancel your booking:\n"
                f"{link}\n\nIf you can't come, please cancel, so that somebody else can." + there(session)
            )
        case Letter.WAITING:
            subject = "You are on the waiting list"
            said = (
                f"You asked for {seats}. {wording.in_line(ahead)}\n\n"
                f"{wording.rule(now, starts_at=session.starts_at)}\n\n"
                f"See your place in line, or leave it:\n{link}"
            )
        case Letter.OFFERED:
            subject = f"{seats.capitalize()} for you until {until}"
            said = (
                f"{seats} came free, and {'is' if booking.seats == 1 else 'are'} kept for you. Open this link and "
                f"press the button to take {it}, by {until}:\n\n{link}\n\nIf you have not taken {it} by then, the next "
                f"in line is offered {it}, and you are no longer on the waiting list. If you can't come, please say so "
                "there, so that nobody waits in vain."
            )
        case Letter.OFFER_LAPSED:
            subject = "Your offer has lapsed"
            said = (
                f"We had kept {seats} for you, and the time to take {it} is past. You are no longer on the waiting "
                f"list. You can book again, if there are places:\n\n{again}"
            )
        case Letter.CHANGED:
            subject = f"Your booking is now for {seats}"
            said = (
                f"You have {seats} now. The calendar entry with this e-mail takes the place of the one before.\n\n"
                f"See, change or cancel your booking:\n{link}"
            )
        case Letter.CANCELLED:
            subject = "Your booking is cancelled"
            said = f"Thank you for telling us. You can book again, if there are places:\n\n{again}"
        case Letter.CALLED_OFF:
            subject = "Cancelled by the organisers"
            said = f"We are sorry: your booking is cancelled. {why}".strip()
            said += f"\n\nOther sessions:\n{site.to('/sessions')}"
    return f"{subject}: {session.title}", framed(said, name=name, session=session, site=site)


def framed(said: str, *, name: str, session: Session, site: Site) -> str:
    """What is said to somebody, between a greeting, the session that it is about, and who writes."""
    greeting = f"Dear {name},\n\n" if name else ""
    foot = "\n".join(line for line in (site.title, site.contact) if line)
    return f"{greeting}{said}\n\n{about(session)}\n\n{foot}\n"


def about(session: Session) -> str:
    """What, when and where a session is, in lines; that it is a demonstration, where it is one."""
    said = f"{session.title}\n{wording.span(session.starts_at, session.ends_at)}\n{wording.where(session)}"
    return f"{said}\nThis session is a demonstration: it does not take place." if session.demonstration else said


def there(session: Session) -> str:
    """How to get to the venue and into it, to be put behind what is said; empty where nothing is known of it."""
    return "".join(f"\n\n{part}" for part in (session.travel, session.access_information) if part)


def one_click(stop: str) -> dict[str, str]:
    """The headers of an e-mail that mail programs stop by themselves, by a POST to an address (RFC 8058)."""
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


__all__ = ["about", "framed", "on_change", "one_click", "there"]
