"""Sessions, bookings and stakeholders that nobody holds, made or is: to see how it works. All are marked as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import cycle, islice

from django.db import transaction

from wellfounded.people.engagement import booking, links, organising, rules, stakeholders
from wellfounded.people.engagement.claiming import Desk, Move, desk
from wellfounded.people.engagement.models import (
    BOOKING,
    Booking,
    Feedback,
    Follower,
    Session,
    Stakeholder,
    Template,
    Transition,
)
from wellfounded.people.engagement.types import SECTORS, Details, Party, Site, State

BY = "demonstration"
SITE = Site("", "Demonstration")  # nothing is sent: no demonstration person gets an e-mail
DISTRICTS = ("E06000049", "E06000050", "E06000007")
FIRST = ("Ada", "Bilal", "Carys", "Dev", "Elin", "Femi", "Grace", "Huw", "Ines", "Jo", "Kamal", "Lena", "Mo", "Nia")
LAST = ("Example", "Sample", "Specimen")
WORK = (
    ("Example Engineering", "manufacturing"),
    ("Sample Foods", "agriculture"),
    ("Specimen Software", "digital"),
    ("Example College", "education"),
    ("Sample Logistics", "transport"),
    ("Example Life Sciences", "science"),
    ("Specimen Bank", "finance"),
    ("Sample Care Trust", "health"),
    ("Example Hospice Shops", "voluntary"),
    ("Specimen Hotels", "retail"),
    ("Example Parish Council", "public"),
)  # fmt: skip
ACCESS = ("", "", "", "", "Step-free access, please", "", "", "A hearing loop", "", "", "")
DIETARY = ("", "Vegetarian", "", "", "", "Halal", "", "", "", "No nuts", "")


@dataclass(frozen=True)
class Venue:
    """Where a demonstration session is held: nowhere in particular, in a town that there is."""

    town: str
    district: str
    latitude: float
    longitude: float
    days: int  # from now; of the past where negative
    hour: int
    capacity: int
    parties: tuple[int, ...]  # sizes of those who have places
    waiting: tuple[int, ...] = ()


TO_A_WORKING_DAY = {5: -1, 6: 1}  # from a Saturday, from a Sunday
NEARLY_FULL = (1, 2, 1, 3, 2, 1, 4, 1, 2, 1, 1, 3, 2, 4, 1, 2, 4, 2)
FULL = (2, 1, 4, 1, 1, 3, 2, 2, 1, 4, 3, 2, 1, 3)
VENUES = (
    Venue("Macclesfield", "E06000049", 53.2587, -2.1193, 12, 9, 40, NEARLY_FULL),
    Venue("Chester", "E06000050", 53.1934, -2.8931, 19, 13, 30, FULL, waiting=(2, 1, 3, 1)),
    Venue("Warrington", "E06000007", 53.3900, -2.5970, 26, 9, 50, (1, 2, 1, 1, 4, 2, 1, 3, 1, 1)),
    Venue("Chester", "E06000050", 53.1934, -2.8931, -16, 9, 30, (1, 2, 1, 2, 3, 1, 1, 2, 4, 1, 2, 2)),
)


@transaction.atomic
def load(*, now: datetime) -> dict[str, int]:
    """How many of each were loaded; nothing where they are there already."""
    if Session.objects.filter(demonstration=True).exists():
        return {}
    people = _people()
    for venue in VENUES:
        _hold(venue, people, now=now)
    for n, (organisation, sector) in enumerate(WORK):
        kinds = {"education": "education", "voluntary": "voluntary", "public": "council"}
        entry = stakeholders.Entry(
            f"{organisation} (demonstration)", kinds.get(sector, "employer"), "public-task",
            name=f"{FIRST[n]} {LAST[n % 3]}", email=f"{FIRST[n].lower()}@stakeholder{n}.example",
            district=DISTRICTS[n % 3], sectors=(sector,),
        )  # fmt: skip
        saved = stakeholders.save(entry, by=BY, now=now)
        Stakeholder.objects.filter(pk=saved.pk).update(demonstration=True)
    return {
        "demonstration sessions": Session.objects.filter(demonstration=True).count(),
        "demonstration bookings": Booking.objects.filter(demonstration=True).count(),
        "demonstration stakeholders": len(WORK),
    }


@transaction.atomic
def remove() -> dict[str, int]:
    """How many of each were removed, with whatever was booked at demonstration sessions."""
    sessions = Session.objects.filter(demonstration=True)
    found = {
        "demonstration sessions": sessions.count(),
        "bookings of demonstration sessions": Booking.objects.filter(session__demonstration=True).count(),
        "demonstration stakeholders": Stakeholder.objects.filter(demonstration=True).count(),
    }
    Transition.objects.filter(session__demonstration=True).delete()
    sessions.delete()
    for table in (Stakeholder, Follower, Template):
        table.objects.filter(demonstration=True).delete()
    return found


def _people() -> list[Party]:
    """People whose addresses are in domains kept for examples, over and over with other numbers."""
    found = []
    for n in range(80):
        first, last = FIRST[n % len(FIRST)], LAST[n % len(LAST)]
        organisation, sector = WORK[n % len(WORK)]
        assert sector in SECTORS
        found.append(
            Party(
                f"{first} {last}", f"{first.lower()}.{last.lower()}.{n}@example.org", organisation, sector,
                DISTRICTS[n % 3], 1, ACCESS[n % len(ACCESS)], DIETARY[n % len(DIETARY)],
            )
        )  # fmt: skip
    return found


def _hold(venue: Venue, people: Sequence[Party], *, now: datetime) -> None:
    day = (now + timedelta(days=venue.days)).astimezone(rules.HERE).date()
    day += timedelta(days=TO_A_WORKING_DAY.get(day.weekday(), 0))
    starts_at = datetime.combine(day, time(venue.hour, 30), tzinfo=rules.HERE)
    asked_at = min(now, starts_at) - timedelta(days=20)
    usual = organising.USUAL_FORMAT | {"capacity": venue.capacity}
    details = Details(
        **usual, venue=f"Demonstration venue in {venue.town}", address=f"Town centre, {venue.town}",
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=organising.USUAL_MINUTES), district=venue.district,
        latitude=venue.latitude, longitude=venue.longitude,
        access_information="Step-free from the street, an accessible toilet, a hearing loop, and a quiet room.",
        travel="Ten minutes on foot from the station. There are bicycle stands, and blue badge bays at the door.",
        host="Demonstration host",
    )  # fmt: skip
    session = organising.create(details, by=BY, now=asked_at, demonstration=True)
    organising.open_booking(session.pk, by=BY, now=asked_at, site=SITE)
    at = desk(session.pk, now=asked_at, site=SITE)
    several = islice(cycle(people), venue.district == DISTRICTS[1], None)
    for seats in (*venue.parties, *venue.waiting):
        _booked(at, next(several), seats)
        at.now += timedelta(hours=7)
    if venue.days < 0:
        _took_place(Desk(at.session, starts_at, SITE, BY))


def _booked(at: Desk, who: Party, seats: int) -> None:
    key = links.new_key()
    room = at.room_for(seats)
    made = Booking(
        state=State.HELD if room else State.QUEUED, until=rules.hold_until(at.now, starts_at=at.session.starts_at),
        seats=seats, email_hash=links.person(who.email), key=key, token_hash=links.hash_of(BOOKING, key),
        organisation=f"{who.organisation} (demonstration)", sector=who.sector, district=who.district,
        asked_at=at.now, demonstration=True,
    )  # fmt: skip
    at.add(made, booking.contact_of(who, session=at.session))
    at.move(Move(made, State.CONFIRMED if room else State.WAITING))


def _took_place(at: Desk) -> None:
    """Most came, one party did not, and some said what they thought."""
    at.by = BY
    there = list(Booking.objects.filter(session=at.session, state=State.CONFIRMED).select_related("contact"))
    at.move(*(Move(made, State.ABSENT if n == 3 else State.ATTENDED) for n, made in enumerate(there)))
    for made in there:
        made.arrived = made.seats if made.state == State.ATTENDED else None
    Booking.objects.bulk_update(there, ["arrived"])
    for rating, liked, better in (
        (5, "Being asked", ""),
        (4, "The table on skills", "More time"),
        (3, "", "Fewer slides"),
    ):
        Feedback.objects.create(
            session=at.session, rating=rating, liked=liked, better=better, given_on=at.session.ends_at.date()
        )
    Session.objects.filter(pk=at.session.pk).update(thanked_at=at.session.ends_at)


__all__ = ["load", "remove"]
