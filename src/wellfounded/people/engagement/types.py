"""The states of a session and of a booking, what may follow what, and who asks for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SessionState(StrEnum):
    """What a session is to the public."""

    DRAFT = "draft"  # organisers see it
    OPEN = "open"  # can be booked
    CLOSED = "closed"  # booking has closed; the session takes place
    CANCELLED = "cancelled"


class State(StrEnum):
    """What a booking is."""

    HELD = "held"  # seats kept until the link in the e-mail is used
    QUEUED = "queued"  # asked for the waiting list; the link in the e-mail is not used yet
    WAITING = "waiting"
    OFFERED = "offered"  # seats kept until the offer's time is past
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    ABSENT = "absent"  # did not come; the seats went to others or stayed empty
    CANCELLED = "cancelled"  # by the person
    LAPSED = "lapsed"  # not confirmed, or an offer not taken, in time
    CALLED_OFF = "called off"  # by the organisers, with the session or by itself


class Means(StrEnum):
    """How a booking came about."""

    FORM = "form"
    STAFF = "staff"  # an organiser added it: beside the capacity, and logged
    WALK_IN = "walk-in"  # came to the door


SEATED = frozenset({State.HELD, State.OFFERED, State.CONFIRMED, State.ATTENDED})  # count as taken
IN_LINE = frozenset({State.QUEUED, State.WAITING})
ACTIVE = SEATED | IN_LINE  # one of these a person a session
EXPIRING = frozenset({State.HELD, State.QUEUED, State.OFFERED})
UNVERIFIED = frozenset({State.HELD, State.QUEUED})  # nobody has shown yet that the e-mail address is theirs
OVER = frozenset(State) - ACTIVE

# What may follow what. A state that may follow itself is one in which the size of the party can change.
ALLOWED: dict[State | None, frozenset[State]] = {
    None: frozenset({State.HELD, State.QUEUED, State.CONFIRMED, State.ATTENDED}),  # the last two: added by staff
    State.HELD: frozenset({State.HELD, State.CONFIRMED, State.LAPSED, State.CANCELLED, State.CALLED_OFF}),
    State.QUEUED: frozenset({State.HELD, State.WAITING, State.LAPSED, State.CANCELLED, State.CALLED_OFF}),
    State.WAITING: frozenset({State.WAITING, State.OFFERED, State.CONFIRMED, State.CANCELLED, State.CALLED_OFF}),
    State.OFFERED: frozenset({State.OFFERED, State.CONFIRMED, State.LAPSED, State.CANCELLED, State.CALLED_OFF}),
    State.CONFIRMED: frozenset({State.CONFIRMED, State.ATTENDED, State.ABSENT, State.CANCELLED, State.CALLED_OFF}),
    State.ATTENDED: frozenset({State.ATTENDED, State.CONFIRMED, State.ABSENT}),
    State.ABSENT: frozenset({State.ATTENDED, State.CONFIRMED}),
    State.CANCELLED: frozenset(),
    State.LAPSED: frozenset(),
    State.CALLED_OFF: frozenset(),
}


class Letter(StrEnum):
    """An e-mail that a change of a booking causes."""

    ASKED = "asked"  # use this link to confirm
    ASKED_TO_WAIT = "asked to wait"
    CONFIRMED = "confirmed"  # with the calendar entry
    WAITING = "waiting"
    OFFERED = "offered"
    OFFER_LAPSED = "offer lapsed"
    CHANGED = "changed"  # another size of party, with the calendar entry
    CANCELLED = "cancelled"  # takes the calendar entry away
    CALLED_OFF = "called off"  # so does this


# Which changes are told by e-mail: exactly one each. What isn't here is not told: nobody has shown yet that an address
# that is not confirmed is theirs, and who came or didn't knows it.
TOLD: dict[tuple[State | None, State], Letter] = {
    (None, State.HELD): Letter.ASKED,
    (None, State.QUEUED): Letter.ASKED_TO_WAIT,
    (None, State.CONFIRMED): Letter.CONFIRMED,
    (State.HELD, State.CONFIRMED): Letter.CONFIRMED,
    (State.QUEUED, State.WAITING): Letter.WAITING,
    (State.WAITING, State.OFFERED): Letter.OFFERED,
    (State.WAITING, State.CONFIRMED): Letter.CONFIRMED,
    (State.WAITING, State.CANCELLED): Letter.CANCELLED,
    (State.WAITING, State.CALLED_OFF): Letter.CALLED_OFF,
    (State.OFFERED, State.CONFIRMED): Letter.CONFIRMED,
    (State.OFFERED, State.LAPSED): Letter.OFFER_LAPSED,
    (State.OFFERED, State.CANCELLED): Letter.CANCELLED,
    (State.OFFERED, State.CALLED_OFF): Letter.CALLED_OFF,
    (State.CONFIRMED, State.CONFIRMED): Letter.CHANGED,
    (State.CONFIRMED, State.CANCELLED): Letter.CANCELLED,
    (State.CONFIRMED, State.CALLED_OFF): Letter.CALLED_OFF,
}

# What an organisation does, as the form asks it: roughly the sections of the Standard Industrial Classification.
SECTORS: dict[str, str] = {
    "agriculture": "Agriculture, food and land",
    "manufacturing": "Manufacturing and engineering",
    "energy": "Energy, water and waste",
    "construction": "Construction and property",
    "retail": "Retail, hospitality and tourism",
    "transport": "Transport and logistics",
    "digital": "Digital, information and communication",
    "finance": "Finance and insurance",
    "professional": "Professional and business services",
    "science": "Life sciences and research",
    "education": "Education and training",
    "health": "Health and social care",
    "public": "Local and central government",
    "voluntary": "Voluntary and community sector",
    "creative": "Arts, culture and creative industries",
    "other": "Something else",
}

KINDS: dict[str, str] = {  # of stakeholders
    "business-group": "Business group",
    "employer": "Employer",
    "education": "College or university",
    "council": "Council",
    "voluntary": "Voluntary sector",
    "other": "Other",
}

# Why we may write to a stakeholder (UK GDPR, article 6).
BASES: dict[str, str] = {
    "public-task": "Public task: consulting on the local industrial strategy",
    "consent": "They asked us to",
    "legitimate": "Legitimate interests",
}


@dataclass(frozen=True)
class Site:
    """In whose name e-mails are written, and where their links lead."""

    address: str  # https://…, without a slash at its end
    title: str
    contact: str = ""

    def to(self, path: str) -> str:
        """The address of one of our pages."""
        return f"{self.address}{path}"


@dataclass(frozen=True)
class Party:
    """Who asks for places: one person for a party from one organisation."""

    name: str
    email: str
    organisation: str = ""
    sector: str = ""  # of SECTORS
    district: str = ""  # area code
    seats: int = 1
    access: str = ""  # needs: seen by organisers only, deleted 14 days after the session
    dietary: str = ""


@dataclass(frozen=True)
class Details:
    """What organisers say of a session, apart from how it is going."""

    title: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    summary: str = ""
    programme: str = ""
    audience: str = ""
    host: str = ""
    documents: str = ""
    slides: str = ""
    edition: int | None = None
    district: str = ""
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access_information: str = ""
    travel: str = ""
    books_until: datetime | None = None
    invite_only: bool = False


# What is the same wherever a session is held, so that a template or a copy carries it; the rest belongs to the venue.
FORMAT = (
    "title",
    "summary",
    "programme",
    "audience",
    "host",
    "documents",
    "slides",
    "edition",
    "capacity",
    "invite_only",
)
# What people who booked have to know at once.
WHERE_AND_WHEN = ("venue", "address", "postcode", "starts_at", "ends_at")


@dataclass(frozen=True)
class Line:
    """A booking as the rules see it: its place in line, its size, its state and when that ends."""

    id: int
    position: int  # place in line: counts from the request
    seats: int
    state: State
    until: datetime | None = None  # when a hold, a request or an offer lapses


class NotAllowed(ValueError):
    """A booking can't become that from what it is."""

    def __init__(self, before: State | None, after: State) -> None:
        self.before, self.after = before, after
        super().__init__(f"a booking that is {before or 'new'} can't become {after}")


def allow(before: State | None, after: State) -> State:
    """`after`, where it may follow `before`. Raises NotAllowed."""
    if after not in ALLOWED[before]:
        raise NotAllowed(before, after)
    return after


__all__ = [
    "ACTIVE", "ALLOWED", "BASES", "EXPIRING", "FORMAT", "IN_LINE", "KINDS", "OVER", "SEATED", "SECTORS", "TOLD",
    "UNVERIFIED", "WHERE_AND_WHEN", "Details", "Letter", "Line", "Means", "NotAllowed", "Party", "SessionState", "Site",
    "State", "allow",
]  # fmt: skip
