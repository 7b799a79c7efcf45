"""Sessions as pages print them: when, where, how many places are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from wellfounded.people.engagement.queries import Shown
from wellfounded.people.engagement.types import SessionState, Site
from wellfounded.web import network
from wellfounded.web.jinja import upper_first
from wellfounded.web.publication import Opened

ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Card:
    """A session in a list: everything is words, or what a template chooses by."""

    id: int
    title: str
    address: str
    starts: str  # ISO
    when: str  # "Tuesday 12 January 2027, 9:30am to 12:30pm"
    weekday: str
    day: str
    month: str
    venue: str
    district: str
    district_code: str
    left: str  # "12 of 40 places left"
    stand: str  # open, full, closed, cancelled, over, draft
    bookable: bool
    by_invitation: bool
    demonstration: bool


def card(session: Shown, *, districts: Mapping[str, str], now: datetime) -> Card:
    """A session in a list."""
    here = timezone.localtime(session.starts_at)
    stand = _stand(session, now)
    return Card(
        id=session.id,
        title=session.title,
        address=f"/sessions/{session.id}",
        starts=here.isoformat(timespec="minutes"),
        when=session.when,
        weekday=f"{here:%A}",
        day=str(here.day),
        month=f"{here:%b} {here.year}" if here.year != timezone.localtime(now).year else f"{here:%B}",
        venue=session.venue,
        district=districts.get(session.district, ""),
        district_code=session.district,
        left=upper_first(session.places),
        stand=stand,
        bookable=session.bookable and not session.invite_only,
        by_invitation=session.invite_only,
        demonstration=session.demonstration,
    )


def marked(session: Shown) -> str:
    """What stands before the title of a session where no tag can stand, as in a list to choose from."""
    return "Demonstration: " if session.demonstration else ""


def _stand(session: Shown, now: datetime) -> str:
    if session.state is SessionState.CANCELLED:
        return "cancelled"
    if session.over:
        return "over"
    if session.state is SessionState.DRAFT:
        return "draft"
    if not session.bookable:
        return "closed"
    return "full" if session.full else "open"


def districts_of(opened: Opened) -> dict[str, str]:
    """The place's districts: names by code."""
    return {member.code: member.name for member in opened.shown.members}


def site_of(request: HttpRequest, opened: Opened) -> Site:
    """What e-mails say of the site they come from."""
    address = network.site(request, opened.shown.site)
    return Site(address=address, title=opened.shown.title, contact=opened.shown.consultation_address)


__all__ = ["ELSEWHERE", "Card", "card", "districts_of", "marked", "site_of"]
