"""One session for its organisers: who comes, who waits, messages, lists, places beside the capacity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.engagement import door, erasing, organising, queries, reporting, stakeholders
from wellfounded.people.engagement.errors import EngagementError
from wellfounded.people.engagement.types import IN_LINE, SEATED, SECTORS, State
from wellfounded.web.jinja import count
from wellfounded.web.pages.engagement import public, staff_forms
from wellfounded.web.pages.engagement.organising import ORGANISER
from wellfounded.web.pages.engagement.words import ELSEWHERE, card, districts_of, site_of
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

Do = Callable[[HttpRequest, Opened, int, datetime], object]


def _open(request: HttpRequest, opened: Opened, number: int, now: datetime) -> object:
    return organising.open_booking(number, by=signed_in(request).email, now=now, site=site_of(request, opened))


def _close(request: HttpRequest, opened: Opened, number: int, now: datetime) -> object:
    return organising.close_booking(number, by=signed_in(request).email, now=now, site=site_of(request, opened))


def _capacity(request: HttpRequest, opened: Opened, number: int, now: datetime) -> object:
    form = staff_forms.Capacity(request.POST)
    if not form.is_valid():
        raise EngagementError(form.errors["capacity"][0])
    return organising.set_capacity(
        number, capacity=form.cleaned_data["capacity"], by=signed_in(request).email, now=now,
        site=site_of(request, opened),
    )  # fmt: skip


def _template(request: HttpRequest, opened: Opened, number: int, now: datetime) -> object:
    name = request.POST.get("name", "").strip()[:120]
    if not name:
        raise EngagementError("Enter a name for the template")
    return organising.save_as_template(number, name=name, by=signed_in(request).email, now=now)


def _call_off_booking(request: HttpRequest, opened: Opened, number: int, now: datetime) -> object:
    return organising.call_off_booking(
        public.booking_named(request, number), why=request.POST.get("why", "")[:300], by=signed_in(request).email,
        now=now, site=site_of(request, opened),
    )  # fmt: skip


def _erase(request: HttpRequest, opened: Opened, number: int, now: datetime) -> object:
    return erasing.erase(
        public.booking_named(request, number), by=signed_in(request).email, now=now, site=site_of(request, opened)
    )


_DO: dict[str, Do] = {
    "open": _open, "close": _close, "capacity": _capacity, "template": _template, "call-off-booking": _call_off_booking,
    "erase": _erase,
}  # fmt: skip


@for_staff(ORGANISER)
def session(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """A session as its organisers see it; a POST does what its button says."""
    now, districts = timezone.now(), districts_of(opened)
    problem = ""
    if request.method == "POST":
        try:
            _DO[request.POST.get("do", "")](request, opened, number, now)
            return HttpResponseRedirect(f"/staff/sessions/{number}")
        except KeyError:
            problem = "Use the buttons of this page."
        except EngagementError as error:
            problem = str(error)
    shown = public.found(number, now=now, drafts=True)
    people = queries.attendees(number, now=now, over=True)
    context = {
        "session": shown,
        "card": card(shown, districts=districts, now=now),
        "seated": [one for one in people if one.state in SEATED],
        "in_line": [one for one in people if one.state in IN_LINE],
        "over": [one for one in people if one.state not in SEATED | IN_LINE],
        "seats": {state: sum(one.seats for one in people if one.state is state) for state in State},
        "districts": districts | {ELSEWHERE: "Elsewhere"},
        "sectors": SECTORS,
        "asked": stakeholders.asked(session_id=number),
        "problem": problem,
        "here": "sessions-staff",
    }
    return Page("sessions/staff/one.html", context, status=409 if problem else 200)


@for_staff(ORGANISER)
def history(request: HttpRequest, opened: Opened, number: int) -> Page:
    """What became of every booking, step by step."""
    now = timezone.now()
    shown = public.found(number, now=now, drafts=True)
    entries = queries.history(number)
    return Page("sessions/staff/history.html", {"session": shown, "entries": entries, "here": "sessions-staff"})


@for_staff(ORGANISER)
def as_print(request: HttpRequest, opened: Opened, number: int) -> Page:
    """The list for the door on paper."""
    now, districts = timezone.now(), districts_of(opened)
    shown = public.found(number, now=now, drafts=True)
    people = [one for one in queries.attendees(number, now=now) if one.state in (State.CONFIRMED, State.ATTENDED)]
    context = {
        "session": shown, "card": card(shown, districts=districts, now=now), "here": "sessions-staff",
        "people": sorted(people, key=lambda one: one.name.casefold()), "seats": sum(one.seats for one in people),
    }  # fmt: skip
    return Page("sessions/staff/print.html", context)


@for_staff(ORGANISER)
def as_csv(request: HttpRequest, opened: Opened, number: int) -> HttpResponseBase:
    """The list as CSV."""
    public.found(number, now=timezone.now(), drafts=True)
    body = reporting.attendees_csv(
        number, now=timezone.now(), districts=districts_of(opened) | {ELSEWHERE: "Elsewhere"}
    )
    response = HttpResponse("\ufeff" + body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="session-{number}.csv"'
    return response


@for_staff(ORGANISER)
def extra(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """A place beside the capacity."""
    now, districts = timezone.now(), districts_of(opened)
    shown = public.found(number, now=now, drafts=True)
    form = staff_forms.Extra(request.POST or None, districts=districts)
    if request.method == "POST" and form.is_valid():
        try:
            door.add_extra(
                number, form.party(), why=form.cleaned_data["why"], by=signed_in(request).email, now=now,
                site=site_of(request, opened),
            )  # fmt: skip
        except EngagementError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(f"/staff/sessions/{number}")
    context = {"session": shown, "card": card(shown, districts=districts, now=now), "form": form}
    return Page("sessions/staff/extra.html", context | {"here": "sessions-staff"}, status=422 if form.errors else 200)


@for_staff(ORGANISER)
def message(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """An e-mail to all or some."""
    now = timezone.now()
    shown = public.found(number, now=now, drafts=True)
    people = [one for one in queries.attendees(number, now=now) if one.email and one.state in staff_forms.STATES["all"]]
    names = {one.id: f"{one.name}{f', {one.organisation}' if one.organisation else ''} ({one.state})" for one in people}
    form = staff_forms.Message(request.POST or None, people=names)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        some = given["whom"] == "some"
        states = staff_forms.STATES["all" if some else given["whom"]]
        if any(one.state in states for one in people):
            told = organising.message(
                number, subject=given["subject"], text=given["text"], by=signed_in(request).email, now=now,
                site=site_of(request, opened), states=states, booking_ids=given["some"] if some else None,
            )  # fmt: skip
            heading, said = (
                "Message sent",
                f"{count(told, 'e-mail goes', 'e-mails go')} out as soon as the worker sends them.",
            )
            if not told:
                heading = "Nobody was written to"
                said = "They are a demonstration: nobody of that name exists, and no e-mail goes out."
            done = {"heading": heading, "said": (said,), "told": told, "back": f"/staff/sessions/{number}"}
            return Page("sessions/staff/said.html", done | {"here": "sessions-staff"})
        form.add_error("whom", "There is nobody in this group: choose another")
    context = {"session": shown, "form": form, "people": people, "here": "sessions-staff"}
    return Page("sessions/staff/message.html", context, status=422 if form.errors else 200)


__all__ = ["as_csv", "as_print", "extra", "history", "message", "session"]
