"""Who came, by district, sector and organisation: without names, kept when contact details are gone."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from wellfounded.people.engagement import queries, reporting
from wellfounded.web.given import whole
from wellfounded.web.pages.engagement import public
from wellfounded.web.pages.engagement.organising import ORGANISER
from wellfounded.web.pages.engagement.words import ELSEWHERE, districts_of, marked
from wellfounded.web.pages.staff.frame import for_staff
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page


@for_staff(ORGANISER)
def report(request: HttpRequest, opened: Opened) -> Page:
    """The engagement report: of one session, or of all."""
    now = timezone.now()
    number = whole(request.GET.get("session", "")) or None
    session = public.found(number, now=now, drafts=True) if number else None
    context = {
        "report": reporting.report(session_id=number, districts=districts_of(opened) | {ELSEWHERE: "Elsewhere"}),
        "session": session,
        "sessions": [(one.id, f"{marked(one)}{one.title}, {one.when}") for one in queries.past(now=now)],
        "here": "sessions-staff",
    }
    return Page("sessions/staff/report.html", context)


__all__ = ["report"]
