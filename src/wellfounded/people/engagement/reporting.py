"""Who came, by session, district, sector and organisation, without names of people: kept when contacts are erased."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from wellfounded.people.engagement import queries
from wellfounded.people.engagement.models import Booking, Feedback, Session
from wellfounded.people.engagement.types import SECTORS, Means, SessionState, State
from wellfounded.people.spreadsheets import harmless

# People of a booking: how many came, and how many have, or had, places.
_CAME = Case(When(state=State.ATTENDED, then=Coalesce(F("arrived"), F("seats"))), default=Value(0))
_BOOKED = Q(state__in=[State.CONFIRMED, State.ATTENDED, State.ABSENT])

_COUNTED = ("booked", "came", "absent", "walk_ins", "extras", "cancelled", "called_off", "lapsed", "waiting")


@dataclass(frozen=True)
class SessionFigures:
    """A session in numbers of people."""

    id: int
    title: str
    venue: str
    district: str
    starts_at: datetime
    state: SessionState
    demonstration: bool
    capacity: int
    booked: int  # have places, came, or did not come
    came: int
    absent: int
    walk_ins: int
    extras: int
    cancelled: int
    called_off: int
    lapsed: int
    waiting: int
    feedback: int
    rating: float | None  # mean of 1 to 5


@dataclass(frozen=True)
class Group:
    """A district, sector or organisation, in numbers of people."""

    key: str
    name: str
    organisations: int
    booked: int
    came: int


@dataclass(frozen=True)
class Report:
    """Engagement in numbers."""

    sessions: tuple[SessionFigures, ...]
    by_district: tuple[Group, ...]  # keys are area codes; "" did not say
    by_sector: tuple[Group, ...]
    by_organisation: tuple[Group, ...]

    @property
    def booked(self) -> int:
        return sum(session.booked for session in self.sessions)

    @property
    def came(self) -> int:
        return sum(session.came for session in self.sessions)

    @property
    def demonstration(self) -> bool:
        return any(session.demonstration for session in self.sessions)


def report(*, session_id: int | None = None, districts: Mapping[str, str] | None = None) -> Report:
    """All sessions but drafts, or one, in numbers; a few queries, however many there are.

    `districts` has their names by code; one that is not in it goes by its code.
    Demonstration sessions are counted only where there are no others, or where one is asked for by its number.
    """
    sessions = Session.objects.exclude(state=SessionState.DRAFT).order_by("starts_at", "id")
    if session_id is not None:
        sessions = sessions.filter(pk=session_id)
    elif (real := sessions.filter(demonstration=False)).exists():
        sessions = real
    bookings = Booking.objects.filter(session__in=sessions.order_by().values("pk"))
    return Report(
        sessions=_sessions(list(sessions), bookings),
        by_district=_groups(bookings, "district", districts or {}),
        by_sector=_groups(bookings, "sector", SECTORS),
        by_organisation=_groups(bookings, "organisation", {}),
    )


def _people(**conditions: object) -> Coalesce:
    return Coalesce(Sum("seats", filter=Q(**conditions)), 0)


def _sessions(sessions: Sequence[Session], bookings: QuerySet[Booking]) -> tuple[SessionFigures, ...]:
    counted = bookings.values("session_id").annotate(
        booked=Coalesce(Sum("seats", filter=_BOOKED), 0), came=Sum(_CAME, output_field=IntegerField()),
        absent=_people(state=State.ABSENT), walk_ins=_people(means=Means.WALK_IN), extras=_people(extra=True),
        cancelled=_people(state=State.CANCELLED), called_off=_people(state=State.CALLED_OFF),
        lapsed=_people(state=State.LAPSED), waiting=_people(state=State.WAITING),
    )  # fmt: skip
    numbers: dict[int, dict[str, Any]] = {row["session_id"]: dict(row) for row in counted.order_by()}
    said = Feedback.objects.filter(session__in=[session.pk for session in sessions]).values("session_id")
    rated: dict[int, tuple[int, float]] = {
        row["session_id"]: (row["n"], row["mean"])
        for row in said.annotate(n=Count("pk"), mean=Avg("rating")).order_by()
    }
    return tuple(
        SessionFigures(
            id=session.pk, title=session.title, venue=session.venue, district=session.district,
            starts_at=session.starts_at, state=SessionState(session.state), demonstration=session.demonstration,
            capacity=session.capacity, feedback=rated.get(session.pk, (0, None))[0],
            rating=rated.get(session.pk, (0, None))[1],
            **{name: numbers.get(session.pk, {}).get(name, 0) for name in _COUNTED},
        )
        for session in sessions
    )  # fmt: skip


def _groups(bookings: QuerySet[Booking], field: str, names: Mapping[str, str]) -> tuple[Group, ...]:
    counted = bookings.filter(_BOOKED).values(field).annotate(
        organisations=Count("organisation", distinct=True, filter=~Q(organisation="")), booked=Sum("seats"),
        came=Sum(_CAME, output_field=IntegerField()),
    )  # fmt: skip
    return tuple(
        Group(row[field], names.get(row[field], row[field]), row["organisations"], row["booked"], row["came"])
        for row in counted.order_by("-booked", field)
    )


def attendees_csv(session_id: int, *, now: datetime, districts: Mapping[str, str] | None = None) -> str:
    """The organisers' list as CSV, with the names of `districts` in place of their codes.

    A cell that a spreadsheet would run as a formula is made text.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["Name", "E-mail", "Organisation", "Sector", "District", "Places", "State", "Came", "Beside the capacity",
         "Access needs", "Dietary needs", "Still coming", "Asked at", "Demonstration"]
    )  # fmt: skip
    for who in queries.attendees(session_id, now=now):
        writer.writerow(
            harmless(cell) if isinstance(cell, str) else cell
            for cell in (
                who.name, who.email, who.organisation, SECTORS.get(who.sector, who.sector),
                (districts or {}).get(who.district, who.district), who.seats,
                who.state.value, "" if who.arrived is None else who.arrived, "yes" if who.extra else "", who.access,
                who.dietary, "yes" if who.still_coming else "", who.asked_at.isoformat(timespec="minutes"),
                "yes" if who.demonstration else "",
            )
        )  # fmt: skip
    return out.getvalue()


__all__ = ["Group", "Report", "SessionFigures", "attendees_csv", "report"]
