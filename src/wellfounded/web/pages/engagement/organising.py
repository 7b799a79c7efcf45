"""Sessions for organisers: the list, a new one, changes of venue or time, opening, closing, calling off."""

from __future__ import annotations

from dataclasses import fields, replace

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.engagement import organising, queries, wording
from wellfounded.people.engagement.errors import EngagementError
from wellfounded.people.engagement.types import WHERE_AND_WHEN, Details, SessionState
from wellfounded.web.editions import editions
from wellfounded.web.given import whole
from wellfounded.web.jinja import moment
from wellfounded.web.pages.engagement import public, staff_forms
from wellfounded.web.pages.engagement.words import card, districts_of, site_of
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

ORGANISER = "organiser"


@for_staff(ORGANISER)
def listing(request: HttpRequest, opened: Opened) -> Page:
    """All sessions, with what needs an organiser."""
    now, districts = timezone.now(), districts_of(opened)
    past = request.GET.get("past") == "1"
    found = [(one, card(one.session, districts=districts, now=now)) for one in queries.organised(now=now, past=past)]
    return Page(
        "sessions/staff/list.html",
        {"found": found, "past": past, "templates": organising.templates(), "here": "sessions-staff"},
    )


@for_staff(ORGANISER)
def new(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """A new session: empty, from a template, or as another one at another venue."""
    now = timezone.now()
    template, like = request.GET.get("template", ""), request.GET.get("like", "")
    initial = staff_forms.empty_initial(now=now)
    if template:
        chosen = next((one for one in organising.templates() if one.name == template), None)
        if chosen is not None:
            initial |= {name: value for name, value in chosen.format.items() if name in staff_forms.Session.base_fields}
            initial["ends"] = staff_forms.after(initial["begins"], minutes=chosen.minutes)
    elif like:
        copied = public.found(whole(like), now=now, drafts=True)
        initial = staff_forms.session_initial(organising.details(copied.id))
        if copied.starts_at <= now:
            initial["day"] = staff_forms.empty_initial(now=now)["day"]
        initial |= dict.fromkeys(("venue", "address", "postcode", "access_information", "travel", "books_until"), "")
    form = staff_forms.Session(
        request.POST or None,
        initial=initial,
        districts=districts_of(opened),
        editions=_editions(initial.get("edition")),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = organising.create(form.details(), by=signed_in(request).email, now=now)
        except EngagementError as error:
            form.add_error("day", str(error))
        else:
            return HttpResponseRedirect(f"/staff/sessions/{made.pk}")
    context = {"form": form, "title": "New session", "back": "/staff/sessions", "go": "Make a draft"}
    return Page("sessions/staff/edit.html", context | {"here": "sessions-staff"}, status=422 if form.errors else 200)


@for_staff(ORGANISER)
def edit(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """Changes a session; where people would be told of it, a page asks first and says how many."""
    now = timezone.now()
    session = public.found(number, now=now, drafts=True)
    before = organising.details(number)
    form = staff_forms.Session(
        request.POST or None,
        initial=staff_forms.session_initial(before),
        districts=districts_of(opened),
        editions=_editions(before.edition),
    )
    address = f"/staff/sessions/{number}"
    if request.method == "POST" and form.is_valid():
        details = form.details(before=before)
        details = replace(details, **{name: getattr(before, name) for name in _unasked(before)})
        changed = [name for name in WHERE_AND_WHEN if getattr(details, name) != getattr(before, name)]
        quiet = not changed or session.over or session.state is SessionState.DRAFT
        told = 0 if quiet else queries.would_be_told(number, now=now)
        if told and request.POST.get("sure") != "yes":
            kept = [
                (name, value)
                for name, values in request.POST.lists()
                for value in values
                if name != "csrfmiddlewaretoken"
            ]
            context = {
                "session": session, "told": told, "kept": kept, "address": address, "here": "sessions-staff",
                "before": (wording.span(before.starts_at, before.ends_at), wording.where(before)),
                "after": (wording.span(details.starts_at, details.ends_at), wording.where(details)),
            }  # fmt: skip
            return Page("sessions/staff/sure.html", context)
        try:
            organising.change(
                number, details, by=signed_in(request).email, now=now, site=site_of(request, opened),
                why=request.POST.get("why", "")[:300],
            )  # fmt: skip
        except EngagementError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(address)
    context = {"form": form, "session": session, "title": f"Change {session.title}", "back": address, "go": "Save"}
    return Page("sessions/staff/edit.html", context | {"here": "sessions-staff"}, status=422 if form.errors else 200)


def _editions(chosen: int | None) -> dict[int, str]:
    """The editions that can be presented; the one that was chosen is there even where it is not on this machine."""
    missing = {chosen: f"Edition {chosen}"} if chosen else {}
    return missing | {one.number: f"Edition {one.number} of {moment(one.date)}" for one in editions().every()}


def _unasked(details: Details) -> list[str]:
    """The fields of a session that its form does not ask for."""
    asked = {*staff_forms.Session.base_fields, "starts_at", "ends_at", "latitude", "longitude"}
    return [field.name for field in fields(details) if field.name not in asked]


@for_staff(ORGANISER)
def call_off(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """Asks why, says how many will be told, and calls the session off."""
    now = timezone.now()
    session = public.found(number, now=now, drafts=True)
    form = staff_forms.Why(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organising.call_off(
                number,
                why=form.cleaned_data["why"],
                by=signed_in(request).email,
                now=now,
                site=site_of(request, opened),
            )
        except EngagementError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(f"/staff/sessions/{number}")
    context = {
        "form": form, "session": session, "card": card(session, districts=districts_of(opened), now=now),
        "told": queries.would_be_told(number, now=now), "here": "sessions-staff",
    }  # fmt: skip
    return Page("sessions/staff/call-off.html", context, status=422 if form.errors else 200)


__all__ = ["ORGANISER", "call_off", "edit", "listing", "new"]
