"""Sessions and bookings as pages show them. Nothing is written: what is past its time counts as lapsed all the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet, Sum

from wellfounded.people.engagement import rules, wording
from wellfounded.people.engagement.errors import NoSuchSession
from wellfounded.people.engagement.models import Booking, Session, Transition
from wellfounded.people.engagement.types import ACTIVE, IN_LINE, SEATED, UNVERIFIED, Line, SessionState, State

SHOWN = (SessionState.OPEN, SessionState.CLOSED)


@dataclass(frozen=True)
class Shown:
    """A session as anybody sees it, at one moment."""

    id: int
    title: str
    summary: str
    programme: tuple[str, ...]
    audience: str
    host: str
    documents: tuple[str, ...]
    slides: str
    edition: int | None
    district: str
    venue: str
    address: str
    postcode: str
    latitude: float | None
    longitude: float | None
    access_information: str
    travel: str
    starts_at: datetime
    ends_at: datetime
    books_until: datetime
    state: SessionState
    invite_only: bool
    demonstration: bool
    called_off_why: str
    sequence: int
    capacity: int
    taken: int
    left: int  # places that a newcomer may have: none while somebody who waits may take them
    waiting: int  # people in line
    why_not: str  # why nobody can ask for a place now; empty where they can
    over: bool

    @property
    def bookable(self) -> bool:
        return not self.why_not

    @property
    def full(self) -> bool:
        return not self.left

    @property
    def when(self) -> str:
        return wording.span(self.starts_at, self.ends_at)

    @property
    def places(self) -> str:
        """How it stands in a few words: 12 of 40 places left."""
        if self.state is SessionState.CANCELLED:
            return "Cancelled"
        if self.over:
            return "This session has taken place"
        if self.why_not:
            return self.why_not
        return wording.left(free=self.left, capacity=self.capacity, waiting=self.waiting)


def upcoming(*, now: datetime, district: str = "", invited: bool = False) -> tuple[Shown, ...]:
    """Sessions that have not ended, by time; those by invitation only where asked for."""
    sessions = Session.objects.filter(state__in=[*SHOWN, SessionState.CANCELLED], ends_at__gt=now)
    if not invited:
        sessions = sessions.filter(invite_only=False)
    if district:
        sessions = sessions.filter(district=district)
    return _shown(sessions.order_by("starts_at", "id"), now=now)


def past(*, now: datetime) -> tuple[Shown, ...]:
    """Sessions that took place, the latest first."""
    sessions = Session.objects.filter(state__in=SHOWN, ends_at__lte=now, invite_only=False)
    return _shown(sessions.order_by("-starts_at", "-id"), now=now)


def shown(session_id: int, *, now: datetime, drafts: bool = False) -> Shown:
    """One session. Raises NoSuchSession; drafts are there for organisers only."""
    sessions = Session.objects.filter(pk=session_id)
    if not drafts:
        sessions = sessions.exclude(state=SessionState.DRAFT)
    found = _shown(sessions, now=now)
    if not found:
        raise NoSuchSession(f"There is no session {session_id}")
    return found[0]


def _shown(sessions: QuerySet[Session], *, now: datetime) -> tuple[Shown, ...]:
    listed = list(sessions)
    unsettled = _unsettled(listed, now=now)
    lines = _lines(unsettled)
    return tuple(
        _seen(session, lines.get(session.pk, []) if session.pk in unsettled else None, now=now) for session in listed
    )


def _unsettled(sessions: Sequence[Session], *, now: datetime) -> set[int]:
    """Those of the sessions in which time, or free seats while somebody waits, may have changed something."""
    going_on = [session for session in sessions if now < session.ends_at]
    past_time = Booking.objects.filter(session__in=going_on, until__lte=now)
    queued = {session.pk for session in going_on if session.waiting and session.taken < session.capacity}
    return queued | set(past_time.values_list("session_id", flat=True).distinct() if going_on else ())


def _lines(session_ids: Iterable[int]) -> defaultdict[int, list[Line]]:
    """The bookings that the capacity counts, of several sessions at once."""
    found: defaultdict[int, list[Line]] = defaultdict(list)
    if not session_ids:
        return found
    rows = Booking.objects.filter(session__in=session_ids, state__in=ACTIVE, extra=False)
    for session, id_, position, seats, state, until in rows.values_list(
        "session_id", "id", "position", "seats", "state", "until"
    ):
        found[session].append(Line(id_, position, seats, State(state), until))
    return found


def _seen(session: Session, lines: Sequence[Line] | None, *, now: datetime) -> Shown:
    """A session as it would stand if it were settled now; without `lines`, it is."""
    state = SessionState(session.state)
    until = rules.books_until(session.starts_at, session.books_until)
    taken, waiting = session.taken, session.waiting
    left = session.capacity - taken
    if lines is not None:
        moves_on = rules.moves_on(state, now=now, starts_at=session.starts_at)
        settled = rules.settle(
            lines, capacity=session.capacity, now=now, starts_at=session.starts_at, offers=moves_on
        )  # fmt: skip
        taken, waiting = settled.taken, settled.waiting
        left = session.capacity - taken
        gone = _gone(settled)
        if any(line.state in IN_LINE and line.id not in gone and line.seats <= left for line in lines):
            left = 0
    return Shown(
        id=session.pk, title=session.title, summary=session.summary, programme=_listed(session.programme),
        audience=session.audience, host=session.host, documents=_listed(session.documents), slides=session.slides,
        edition=session.edition, district=session.district, venue=session.venue, address=session.address,
        postcode=session.postcode, latitude=session.latitude, longitude=session.longitude,
        access_information=session.access_information, travel=session.travel, starts_at=session.starts_at,
        ends_at=session.ends_at, books_until=until, state=state, invite_only=session.invite_only,
        demonstration=session.demonstration, called_off_why=session.called_off_why, sequence=session.sequence,
        capacity=session.capacity, taken=taken, left=left, waiting=waiting,
        why_not=rules.why_not(state, now=now, until=until),
        over=session.ends_at <= now and state is not SessionState.CANCELLED,
    )  # fmt: skip


def _gone(settled: rules.Settled) -> set[int]:
    """The bookings that are not in line any more."""
    return {*settled.lapsed, *settled.held, *(id_ for id_, _ in settled.offered)}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@dataclass(frozen=True)
class Mine:
    """A booking as its holder sees it, at one moment."""

    session: Shown
    state: State
    lapsed_from: State | None  # what it was before it lapsed
    seats: int
    name: str
    email: str
    organisation: str
    until: datetime | None
    ahead: int | None  # bookings before it in line, where it waits
    rule: str  # how the waiting list works, in words
    began: bool  # the session has: nobody moves up any more
    final_call: bool  # free places go to whoever takes them first
    fits: bool  # they would fit now
    may_confirm: bool
    may_change: bool
    may_cancel: bool
    may_say_still_coming: bool
    still_coming: bool
    may_give_feedback: bool
    demonstration: bool

    @property
    def position(self) -> int | None:
        """The place in line, from 1."""
        return None if self.ahead is None else self.ahead + 1


def mine(booking: Booking, *, now: datetime) -> Mine:
    """A booking as its holder sees it; `booking` with its session and contact, as `booking.of` gives it."""
    session = booking.session
    lines = _lines([session.pk])[session.pk]
    seen = _seen(session, lines, now=now)
    state, until, lapsed_from = State(booking.state), booking.until, None
    moves_on = rules.moves_on(SessionState(session.state), now=now, starts_at=session.starts_at)
    settled = rules.settle(lines, capacity=session.capacity, now=now, starts_at=session.starts_at, offers=moves_on)
    if booking.pk in settled.lapsed or rules.is_lapsed(booking.line, now):
        state, until, lapsed_from = State.LAPSED, None, State(booking.state)
    elif booking.pk in settled.held:
        state = State.HELD
    elif (offered := dict(settled.offered).get(booking.pk)) is not None:
        state, until = State.OFFERED, offered
    elif state is State.LAPSED:
        log = Transition.objects.filter(booking=booking, after=State.LAPSED)
        lapsed_from = next((State(before) for before in log.values_list("before", flat=True)), None)
    gone = _gone(settled)
    moving = state in IN_LINE and moves_on
    final = moves_on and rules.is_final_call(now, starts_at=session.starts_at)
    fits = booking.seats <= session.capacity - settled.taken
    before_end = moves_on or (session.state != SessionState.CANCELLED and now < session.ends_at)
    return Mine(
        session=seen, state=state, lapsed_from=lapsed_from, seats=booking.seats, name=booking.holder.name,
        email=booking.holder.email, organisation=booking.organisation, until=until,
        ahead=rules.ahead((line for line in lines if line.id not in gone), booking.position) if moving else None,
        rule=wording.rule(now, starts_at=session.starts_at) if moving else "", began=now >= session.starts_at,
        final_call=final, fits=fits,
        may_confirm=state in (State.HELD, State.QUEUED, State.OFFERED) or (state is State.WAITING and final and fits),
        may_change=moves_on and state in (State.HELD, State.WAITING, State.OFFERED, State.CONFIRMED),
        may_cancel=before_end and state in ACTIVE - {State.ATTENDED} and (moving or state not in IN_LINE),
        may_say_still_coming=(
            state is State.CONFIRMED and booking.still_coming_at is None and moves_on
            and rules.reminders_past(now, starts_at=session.starts_at) >= rules.TWO_DAYS > _reminded_of(booking)
        ),
        still_coming=booking.still_coming_at is not None,
        may_give_feedback=(
            state in (State.CONFIRMED, State.ATTENDED) and now >= session.starts_at and not booking.feedback_given
            and session.state != SessionState.CANCELLED
        ),
        demonstration=session.demonstration or booking.demonstration,
    )  # fmt: skip


def _reminded_of(booking: Booking) -> int:
    """How many of the reminders were past when it was confirmed: who has just said yes is not asked once more."""
    at = booking.confirmed_at
    return rules.reminders_past(at, starts_at=booking.session.starts_at) if at else 0


@dataclass(frozen=True)
class Organised:
    """A session as organisers see it, with how many people are in each state."""

    session: Shown
    confirmed: int
    held: int
    offered: int
    queued: int  # asked for the waiting list, not confirmed yet
    waiting: int
    attended: int
    absent: int
    extras: int
    still_coming: int


def organised(*, now: datetime, past: bool = False) -> tuple[Organised, ...]:
    """Sessions to come, drafts included, by time; or those that are over, the latest first."""
    sessions = Session.objects.filter(ends_at__lte=now) if past else Session.objects.filter(ends_at__gt=now)
    return _organised(sessions.order_by("-starts_at" if past else "starts_at", "id"), now=now)


def _organised(sessions: QuerySet[Session], *, now: datetime) -> tuple[Organised, ...]:
    seen = _shown(sessions, now=now)
    people: defaultdict[int, dict[str, int]] = defaultdict(dict)
    counted = Booking.objects.filter(session__in=[session.id for session in seen]).values("session_id", "state")
    for row in counted.annotate(
        people=Sum("seats"), beside=Sum("seats", filter=Q(extra=True)), came=Sum("arrived"),
        coming=Sum("seats", filter=Q(still_coming_at__isnull=False)),
    ):  # fmt: skip
        counts = people[row["session_id"]]
        counts[row["state"]] = row["came"] or 0 if row["state"] == State.ATTENDED else row["people"]
        if row["state"] in SEATED:
            counts["extras"] = counts.get("extras", 0) + (row["beside"] or 0)
        if row["state"] == State.CONFIRMED:
            counts["coming"] = row["coming"] or 0
    return tuple(
        Organised(
            session=session, confirmed=n.get(State.CONFIRMED, 0), held=n.get(State.HELD, 0),
            offered=n.get(State.OFFERED, 0), queued=n.get(State.QUEUED, 0), waiting=n.get(State.WAITING, 0),
            attended=n.get(State.ATTENDED, 0), absent=n.get(State.ABSENT, 0), extras=n.get("extras", 0),
            still_coming=n.get("coming", 0),
        )
        for session in seen
        for n in (people[session.id],)
    )  # fmt: skip


def would_be_told(session_id: int, *, now: datetime) -> int:
    """How many people would be written to, were the session changed or called off."""
    found = Booking.objects.filter(session=session_id, state__in=ACTIVE - UNVERIFIED).exclude(until__lte=now)
    return found.filter(contact__isnull=False, demonstration=False).exclude(contact__email="").count()


@dataclass(frozen=True)
class Attendee:
    """A line of the organisers' list."""

    id: int
    name: str
    email: str
    organisation: str
    sector: str
    district: str
    seats: int
    state: State
    means: str
    extra: bool
    access: str
    dietary: str
    position: int
    asked_at: datetime
    until: datetime | None
    still_coming: bool
    arrived: int | None
    erased: bool
    demonstration: bool


def has_booking(session_id: int, booking_id: int) -> bool:
    """Whether a booking is one of a session's."""
    return Booking.objects.filter(session=session_id, pk=booking_id).exists()


def attendees(session_id: int, *, now: datetime, over: bool = False) -> tuple[Attendee, ...]:
    """The bookings of a session, in line; those that are over (cancelled, lapsed) only where asked for."""
    bookings = Booking.objects.filter(session=session_id).select_related("contact").order_by("position")
    if not over:
        bookings = bookings.filter(state__in=[*ACTIVE, State.ABSENT])
    found = []
    for booking in bookings:
        lapsed = rules.is_lapsed(booking.line, now)
        if lapsed and not over:
            continue
        who = booking.holder
        found.append(
            Attendee(
                id=booking.pk, name=who.name, email=who.email,
                organisation=booking.organisation, sector=booking.sector, district=booking.district,
                seats=booking.seats, state=State.LAPSED if lapsed else State(booking.state), means=booking.means,
                extra=booking.extra, access=who.access, dietary=who.dietary, position=booking.position,
                asked_at=booking.asked_at, until=booking.until, still_coming=booking.still_coming_at is not None,
                arrived=booking.arrived, erased=not hasattr(booking, "contact"), demonstration=booking.demonstration,
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True)
class Entry:
    """A line of the log, as organisers read it."""

    at: datetime
    booking: int
    position: int
    before: str
    after: str
    seats: int
    extra: bool
    by: str
    why: str


def history(session_id: int) -> tuple[Entry, ...]:
    """What became of every booking of a session, the latest first."""
    entries = Transition.objects.filter(session=session_id).annotate(position=F("booking__position")).order_by("-id")
    return tuple(
        Entry(e.at, e.booking_id, e.position, e.before, e.after, e.seats, e.extra, e.by, e.why) for e in entries
    )


__all__ = [
    "Attendee", "Entry", "Mine", "Organised", "Shown", "attendees", "has_booking", "history",
    "mine", "organised", "past", "shown", "upcoming", "would_be_told",
]  # fmt: skip
