"""What people do with bookings: ask, confirm, change the size of the party, cancel, say that they still come.

Following a link reads; each of these is a POST. Whatever can't be done raises one of `errors`, before anything is
written.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from wellfounded.people import keyed, limits
from wellfounded.people.engagement import links, rules, telling
from wellfounded.people.engagement.claiming import Desk, Move, desk, one_transaction
from wellfounded.people.engagement.errors import (
    NoSuchBooking,
    NotInvited,
    NotOpen,
    PartyTooLarge,
    SessionIsFull,
    TooLate,
    TooMany,
)
from wellfounded.people.engagement.models import BOOKING, Booking, Contact, Feedback, Invitation, Session
from wellfounded.people.engagement.types import (
    ACTIVE,
    IN_LINE,
    SEATED,
    UNVERIFIED,
    Party,
    SessionState,
    Site,
    State,
)


class Asked(NamedTuple):
    """What came of a request: seats are kept until then, or it is a place in line once its link is used.

    It is the same whether or not that person has a booking already: who that is nobody learns here.
    """

    state: State  # HELD or QUEUED
    until: datetime


@one_transaction
def book(
    session_id: int, party: Party, *, network: str, site: Site, now: datetime, invitation: Invitation | None = None
) -> Asked:
    """Seats kept, or a place in line, for whoever uses the link that is sent.

    Raises NotOpen, NotInvited, PartyTooLarge, TooMany, limits.TooOften.
    """
    if not 1 <= party.seats <= rules.LARGEST_PARTY:
        raise PartyTooLarge(f"A party can be of 1 to {rules.LARGEST_PARTY} people")
    limits.count("booking", network, most=rules.MOST_REQUESTS_AN_HOUR, per=timedelta(hours=1), now=now)
    at = desk(session_id, now=now, site=site)
    _refuse_where_closed(at, invitation)
    until = rules.hold_until(now, starts_at=at.session.starts_at)
    state = State.HELD if at.room_for(party.seats) else State.QUEUED
    from_here = keyed.of("network", network)
    seats = party.seats if state is State.HELD else 0
    _refuse_too_many(
        at.session, from_here, seats=seats
    )  # before anything of this person is looked up, so that it tells nothing
    person = links.person(party.email)
    theirs = Booking.objects.filter(session=at.session, email_hash=person, state__in=ACTIVE)
    if (there := theirs.select_related("contact").first()) is not None:
        there.session = at.session
        telling.link_again(there, site=site, now=now)
        return Asked(state, until)
    key = links.new_key()
    booking = Booking(
        state=state, until=until, seats=party.seats, email_hash=person, key=key,
        token_hash=links.hash_of(BOOKING, key), network=from_here, organisation=party.organisation,
        sector=party.sector, district=party.district, asked_at=now, invitation=invitation,
    )  # fmt: skip
    at.add(booking, contact_of(party, session=at.session))
    return Asked(state, until)


def contact_of(party: Party, *, session: Session) -> Contact:
    """Who booked, as it is kept; needs carry the date on which they are deleted."""
    needs = bool(party.access or party.dietary)
    return Contact(
        name=" ".join(party.name.split()), email=party.email.strip(), access=party.access, dietary=party.dietary,
        needs_until=session.ends_at + rules.NEEDS_KEPT if needs else None,
    )  # fmt: skip


def _refuse_where_closed(at: Desk, invitation: Invitation | None) -> None:
    session = at.session
    until = rules.books_until(session.starts_at, session.books_until)
    if why := rules.why_not(SessionState(session.state), now=at.now, until=until):
        raise NotOpen(why)
    if session.invite_only and (invitation is None or invitation.session_id != session.pk):
        raise NotInvited("This session is for those who were invited: use the link in your invitation")


def _refuse_too_many(session: Session, network: str, *, seats: int) -> None:
    """Raises TooMany where too many requests wait for their first link, of one network or of the session.

    Those of one network keep no more than a share of the places either; `seats` are what is to be kept now.
    """
    waiting = Booking.objects.filter(session=session, state__in=UNVERIFIED)
    n = waiting.aggregate(
        all=Count("pk"), here=Count("pk", filter=Q(network=network)),
        kept=Coalesce(Sum("seats", filter=Q(network=network, state=State.HELD)), 0),
    )  # fmt: skip
    share = seats and n["kept"] + seats > rules.most_kept(session.capacity)
    if share or n["here"] >= rules.MOST_UNVERIFIED_A_NETWORK:
        raise TooMany(
            "Several bookings from your network wait to be confirmed: use the links in the e-mails first, or try again "
            "in an hour"
        )
    if n["all"] >= rules.most_unverified(session.capacity):
        raise TooMany("Too many bookings wait to be confirmed at the moment: try again in an hour")


def of(token: str) -> Booking:
    """The booking that a link belongs to, with its session and contact. Raises NoSuchBooking."""
    found = Booking.objects.select_related("session", "contact").filter(token_hash=links.hashed(token)).first()
    if found is None:
        raise NoSuchBooking("This link belongs to no booking")
    return found


@one_transaction
def confirm(token: str, *, site: Site, now: datetime) -> Booking:
    """The booking, as it is once its holder has said yes: to a hold, to the waiting list, to an offer, to a final call.

    Saying yes twice changes nothing more. Raises NoSuchBooking, TooLate, SessionIsFull.
    """
    at, booking = _at(token, site=site, now=now)
    match State(booking.state):
        case State.HELD | State.OFFERED:
            at.move(Move(booking, State.CONFIRMED))
            _answered(booking, now=now)
        case State.QUEUED:
            at.move(Move(booking, State.WAITING))
            _answered(booking, now=now)
            at.settle()
        case State.WAITING if at.moves_on and rules.is_final_call(now, starts_at=at.session.starts_at):
            if booking.seats > at.free:
                raise SessionIsFull("Others were faster: there are not enough places left for you just now")
            at.move(Move(booking, State.CONFIRMED))
            at.settle()
        case State.LAPSED | State.CANCELLED | State.CALLED_OFF:
            raise TooLate(_over(booking))
    return booking


def _answered(booking: Booking, *, now: datetime) -> None:
    """Who was invited has answered."""
    if booking.invitation_id is not None:
        Invitation.objects.filter(pk=booking.invitation_id).update(answered_at=now, answer="booked")


def _over(booking: Booking) -> str:
    return {
        State.LAPSED: "The time to confirm is past. You can book again, if there are places",
        State.CANCELLED: "This booking was cancelled. You can book again, if there are places",
        State.CALLED_OFF: "The organisers have cancelled this booking",
    }.get(State(booking.state), "This booking can't be changed any more")


@one_transaction
def change_party(token: str, *, seats: int, site: Site, now: datetime) -> Booking:
    """The booking with another number of seats; who waits keeps their place in line.

    Raises NoSuchBooking, PartyTooLarge, TooLate, SessionIsFull.
    """
    if not 1 <= seats <= rules.LARGEST_PARTY:
        raise PartyTooLarge(f"A party can be of 1 to {rules.LARGEST_PARTY} people")
    at, booking = _at(token, site=site, now=now)
    state = State(booking.state)
    if state not in (State.HELD, State.WAITING, State.OFFERED, State.CONFIRMED) or now >= at.session.starts_at:
        raise TooLate(_over(booking))
    more = seats - booking.seats
    if not more:
        return booking
    if state in SEATED and more > 0 and not at.room_for(more):
        raise SessionIsFull("There are not that many places left, or others wait for them: your booking stays as it is")
    at.move(Move(booking, state, seats=seats, until=booking.until))
    at.settle()
    return booking


@one_transaction
def cancel(token: str, *, site: Site, now: datetime) -> Booking:
    """The booking, cancelled; what comes free goes to the next who fits. Doing it twice changes nothing more.

    Raises NoSuchBooking, TooLate.
    """
    at, booking = _at(token, site=site, now=now)
    state = State(booking.state)
    if state is State.CANCELLED:
        return booking
    if state not in IN_LINE and state not in (State.HELD, State.OFFERED, State.CONFIRMED):
        raise TooLate(_over(booking))
    if now >= at.session.ends_at:
        raise TooLate("The session is over")
    at.move(Move(booking, State.CANCELLED))
    at.settle()
    return booking


@one_transaction
def still_coming(token: str, *, now: datetime) -> Booking:
    """The booking, with the answer that they still come. Raises NoSuchBooking, TooLate."""
    booking = of(token)
    if booking.state != State.CONFIRMED:
        raise TooLate(_over(booking))
    Booking.objects.filter(pk=booking.pk, still_coming_at__isnull=True).update(still_coming_at=now)
    booking.still_coming_at = booking.still_coming_at or now
    return booking


@one_transaction
def give_feedback(token: str, *, rating: int, liked: str = "", better: str = "", now: datetime) -> None:
    """Nothing; keeps what somebody thought, but not who it was. Raises NoSuchBooking, TooLate."""
    booking = of(token)
    if booking.state not in (State.ATTENDED, State.CONFIRMED) or now < booking.session.starts_at:
        raise TooLate("Feedback is asked for from those who came, once the session has begun")
    if not Booking.objects.filter(pk=booking.pk, feedback_given=False).update(feedback_given=True):
        raise TooLate("You have told us already: thank you")
    Feedback.objects.create(
        session=booking.session, rating=rating, liked=liked, better=better, given_on=now.astimezone(rules.HERE).date()
    )


def _at(token: str, *, site: Site, now: datetime) -> tuple[Desk, Booking]:
    """The desk of a booking's session, settled, and the booking as it stands then."""
    found = Booking.objects.filter(token_hash=links.hashed(token)).values_list("pk", "session_id").first()
    if found is None:
        raise NoSuchBooking("This link belongs to no booking")
    at = desk(found[1], now=now, site=site)
    booking = Booking.objects.select_related("contact").get(pk=found[0])
    booking.session = at.session
    return at, booking


__all__ = [
    "Asked", "book", "cancel", "change_party", "confirm", "contact_of", "give_feedback", "of", "still_coming",
]  # fmt: skip
