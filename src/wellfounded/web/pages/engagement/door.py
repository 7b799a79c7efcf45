"""The door, on a phone: who is there, who came without a booking, whose places are free."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.engagement import door, queries
from wellfounded.people.engagement.errors import EngagementError
from wellfounded.people.engagement.types import State
from wellfounded.web.given import whole
from wellfounded.web.jinja import count
from wellfounded.web.pages.engagement import public, staff_forms
from wellfounded.web.pages.engagement.organising import ORGANISER
from wellfounded.web.pages.engagement.words import card, districts_of, site_of
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

AT_THE_DOOR = (State.CONFIRMED, State.ATTENDED, State.ABSENT)


@for_staff(ORGANISER)
def check_in(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """Everybody with a place, found by name; a POST says that somebody is there, or takes it back."""
    now = timezone.now()
    by, site, problem, said = signed_in(request).email, site_of(request, opened), "", ""
    wanted = (request.POST.get("q") or request.GET.get("q", "")).strip()[:80]
    if request.method == "POST":
        do, booking = request.POST.get("do", ""), public.booking_named(request, number)
        try:
            if do == "here":
                arrived = whole(request.POST.get("arrived", "")) or None
                door.check_in(booking, by=by, now=now, site=site, arrived=arrived)
            elif do == "not-here":
                door.undo_check_in(booking, by=by, now=now, site=site)
            elif do == "release":
                freed = door.release_no_shows(number, by=by, now=now, site=site)
                said = (
                    f"The places of {count(freed, 'booking')} are free for whoever is at the door."
                    if freed
                    else "Everybody is here: there is no place to free."
                )
            else:
                problem = "Use the buttons of this page."
        except EngagementError as error:
            problem = str(error)
        if not problem and not said:
            return HttpResponseRedirect(f"/staff/sessions/{number}/door#booking-{booking}")
    shown = public.found(number, now=now, drafts=True)
    everybody = [one for one in queries.attendees(number, now=now) if one.state in AT_THE_DOOR]
    people = [one for one in everybody if wanted.casefold() in f"{one.name} {one.organisation}".casefold()]
    there = sum(one.arrived or one.seats for one in everybody if one.state is State.ATTENDED)
    context = {
        "session": shown,
        "card": card(shown, districts=districts_of(opened), now=now),
        "people": sorted(people, key=lambda one: (one.name.casefold(), one.id)),
        "wanted": wanted,
        "there": there,
        "expected": sum(one.seats for one in everybody if one.state is not State.ABSENT),
        "started": shown.starts_at <= now,
        "problem": problem,
        "said_now": said,
        "here": "sessions-staff",
    }
    return Page("sessions/staff/door.html", context, status=409 if problem else 200)


@for_staff(ORGANISER)
def walk_in(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """Somebody who came without a booking."""
    now, districts = timezone.now(), districts_of(opened)
    shown = public.found(number, now=now, drafts=True)
    form = staff_forms.Guest(request.POST or None, districts=districts)
    if request.method == "POST" and form.is_valid():
        try:
            door.walk_in(number, form.party(), by=signed_in(request).email, now=now, site=site_of(request, opened))
        except EngagementError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(f"/staff/sessions/{number}/door")
    context = {"session": shown, "card": card(shown, districts=districts, now=now), "form": form}
    return Page("sessions/staff/walk-in.html", context | {"here": "sessions-staff"}, status=422 if form.errors else 200)


__all__ = ["check_in", "walk_in"]
