"""Who somebody is goes, what was booked stays: erasure on request, and when details are no longer needed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from wellfounded.people import mail, record
from wellfounded.people.engagement import rules
from wellfounded.people.engagement.claiming import Move, one_transaction
from wellfounded.people.engagement.models import Booking, Contact, Transition
from wellfounded.people.engagement.organising import at_desk_of
from wellfounded.people.engagement.types import ACTIVE, UNVERIFIED, Site, State


@one_transaction
def erase(booking_id: int, *, by: str, now: datetime, site: Site) -> Booking:
    """The booking without whose it is: cancelled first where it is still to come, its seats counted as they were."""
    at, booking = at_desk_of(booking_id, now=now, site=site, by=by)
    if State(booking.state) in ACTIVE - {State.ATTENDED} and now < at.session.ends_at:
        at.move(Move(booking, State.CANCELLED, why="contact details erased"))
        at.settle()
    _without_contact(Booking.objects.filter(pk=booking_id))
    record.done(by or "the person", "session.contact-erased", about=f"session {at.session.pk}", booking=booking_id)
    return Booking.objects.get(pk=booking_id)


@one_transaction
def forget(*, now: datetime) -> dict[str, int]:
    """How many needs and contacts were deleted as their time is past."""
    needs = Contact.objects.filter(needs_until__lte=now).update(access="", dietary="", needs_until=None)
    over = Q(session__ends_at__lte=now - rules.CONTACT_KEPT)
    lapsed = Transition.objects.filter(booking=OuterRef("pk"), before__in=sorted(UNVERIFIED), after=State.LAPSED)
    unused = Q(Exists(lapsed), state=State.LAPSED, asked_at__lte=now - rules.UNUSED_KEPT)
    old = Booking.objects.filter(over | unused, contact__isnull=False, demonstration=False)
    return {"needs": needs, "contacts": _without_contact(old)}


def _without_contact(bookings: QuerySet[Booking]) -> int:
    ids = list(bookings.values_list("pk", flat=True))
    theirs = Contact.objects.filter(booking__in=ids)
    mail.forget(set(theirs.values_list("email", flat=True)) - {""})
    theirs.delete()
    Booking.objects.filter(pk__in=ids).update(email_hash="", network="")
    return len(ids)


__all__ = ["erase", "forget"]
