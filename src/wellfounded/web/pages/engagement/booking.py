"""Booking a place, and what whoever booked can do with the link that they were sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import segno
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from markupsafe import Markup

from wellfounded.people import limits
from wellfounded.people.engagement import booking, calendar, erasing, queries, wording
from wellfounded.people.engagement.errors import EngagementError, NoSuchBooking, NoSuchSession
from wellfounded.people.engagement.models import Booking, Invitation
from wellfounded.people.engagement.queries import Mine
from wellfounded.people.engagement.rules import LARGEST_PARTY
from wellfounded.people.engagement.types import OVER, Party, State
from wellfounded.web.jinja import count
from wellfounded.web.network import client
from wellfounded.web.pages.engagement import following, forms, public
from wellfounded.web.pages.engagement.words import card, districts_of, site_of
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, made_anew, staff_of

LONGEST_HOLD = timedelta(days=60)  # that the page after booking believes


@made_anew
def book(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """The form that asks for places; a POST asks, and leads to a page that says what happens next."""
    return asking(request, opened, number, invitation=None)


def asking(
    request: HttpRequest, opened: Opened, number: int, *, invitation: Invitation | None
) -> Page | HttpResponseBase:
    """The form of a session, for whoever has been invited where it is for them only."""
    now, districts = timezone.now(), districts_of(opened)
    form = forms.Booking(request.POST or None, districts=districts)
    problem = ""
    if request.method == "POST":
        if form.by_a_program:
            return _asked(number, until=None, in_line=False)  # nothing is kept; a program need not know
        if form.is_valid():
            given = form.cleaned_data
            party = Party(
                name=given["name"], email=given["email"], organisation=given["organisation"], sector=given["sector"],
                district=given["district"], seats=given["seats"], access=given["access"], dietary=given["dietary"],
            )  # fmt: skip
            try:
                asked = booking.book(
                    number, party, network=limits.network(client(request)), site=site_of(request, opened), now=now,
                    invitation=invitation,
                )  # fmt: skip
            except NoSuchSession as error:
                raise Http404(str(error)) from error
            except EngagementError as error:
                problem = str(error)
            else:
                return _asked(number, until=asked.until, in_line=asked.state is State.QUEUED)
    session = public.found(number, now=now)
    shown = card(session, districts=districts, now=now)
    if session.invite_only and invitation is None:
        problem = problem or "This session is for those who have been invited: use the link in the invitation."
    elif not session.bookable:
        problem = problem or session.why_not
    if problem:
        return Page("sessions/not-now.html", {"card": shown, "problem": problem, "here": "sessions"}, status=409)
    context = {"card": shown, "form": form, "consent": forms.consent_of(opened), "here": "sessions"}
    context["invited"] = invitation is not None
    return Page("sessions/book.html", context, status=422 if form.errors else 200)


def _asked(number: int, *, until: datetime | None, in_line: bool) -> HttpResponseRedirect:
    query = f"?until={int(until.timestamp())}&line={int(in_line)}" if until else ""
    response = HttpResponseRedirect(f"/sessions/{number}/asked{query}")
    response.status_code = 303
    return response


@made_anew
def asked(request: HttpRequest, opened: Opened, number: int) -> Page:
    """What happens next. It says the same to whoever had a booking already, as anybody can type in any address."""
    now = timezone.now()
    given = request.GET.get("until", "")
    until = None
    if given.isascii() and given.isdigit() and len(given) < 12:
        until = datetime.fromtimestamp(int(given), tz=UTC)
        until = until if now < until < now + LONGEST_HOLD else None
    context = public.page_of(public.found(number, now=now), opened, now=now)
    return Page(
        "sessions/asked.html",
        context | {"until": wording.deadline(until) if until else "", "waiting": request.GET.get("line") == "1"},
    )


@made_anew
def mine(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """One's own booking. GET shows it, as programs follow links in e-mails; POST does what its button says."""
    kept, now = _of(token), timezone.now()
    form: forms.Party | None = None
    problem = ""
    if request.method == "POST":
        do = request.POST.get("do", "")
        try:
            if do == "change":
                form = forms.Party(request.POST, most=LARGEST_PARTY)
                if form.is_valid():
                    seats = form.cleaned_data["seats"]
                    booking.change_party(token, seats=seats, site=site_of(request, opened), now=now)
            elif do in _DO:
                _DO[do](request, opened, token, now)
            else:
                problem = "That is nothing that a booking can do. Use the buttons of this page."
        except EngagementError as error:
            if form is None:
                problem = str(error)
            else:
                form.add_error("seats", str(error))
        if not problem and (form is None or not form.errors):
            return HttpResponseRedirect(f"/bookings/{token}?done={do}")
        kept = _of(token)
    seen = queries.mine(kept, now=now)
    if form is None and seen.may_change:
        form = forms.Party(initial={"seats": str(seen.seats)}, most=LARGEST_PARTY)
    status = 409 if problem else 422 if form is not None and form.errors else 200
    return Page("sessions/booking.html", _context(request, opened, kept, seen, form, problem, now), status=status)


def _confirm(request: HttpRequest, opened: Opened, token: str, now: datetime) -> object:
    return booking.confirm(token, site=site_of(request, opened), now=now)


def _cancel(request: HttpRequest, opened: Opened, token: str, now: datetime) -> object:
    return booking.cancel(token, site=site_of(request, opened), now=now)


def _still_coming(request: HttpRequest, opened: Opened, token: str, now: datetime) -> object:
    return booking.still_coming(token, now=now)


def _erase(request: HttpRequest, opened: Opened, token: str, now: datetime) -> object:
    return erasing.erase(booking.of(token).pk, by="", now=now, site=site_of(request, opened))


_DO = {"confirm": _confirm, "cancel": _cancel, "still-coming": _still_coming, "erase": _erase}


def _context(
    request: HttpRequest,
    opened: Opened,
    kept: Booking,
    seen: Mine,
    form: forms.Party | None,
    problem: str,
    now: datetime,
) -> dict[str, object]:
    shown = card(seen.session, districts=districts_of(opened), now=now)
    heading, said = words(seen)
    done = request.GET.get("done")
    if done == "still-coming" and seen.still_coming:
        said = ("Thank you for telling us that you are coming.",)
    elif done == "change" and seen.may_change:
        said = ("Your change is saved.", *said)
    staff, address = staff_of(request), f"/bookings/{kept.token}"
    coming = seen.state in (State.CONFIRMED, State.ATTENDED) and shown.stand != "over"
    return {
        "card": shown,
        "session": seen.session,
        "mine": seen,
        "over": seen.state in OVER,
        "booking_id": kept.pk,
        "heading": heading,
        "said": said,
        "form": form,
        "problem": problem,
        "address": address,
        "confirm_words": confirm_words(seen),
        "code": qr(site_of(request, opened).to(address)) if coming else "",
        "calendar": coming,
        "feedback": seen.may_give_feedback,
        "again": shown.bookable and seen.state in (State.CANCELLED, State.LAPSED),
        "door": f"/staff/sessions/{seen.session.id}/door"
        if staff and staff.may("organiser") and seen.state is State.CONFIRMED
        else "",
        "here": "sessions",
    }


def words(seen: Mine) -> tuple[str, tuple[str, ...]]:
    """What a booking's page says on top: a heading, and sentences."""
    until = wording.deadline(seen.until) if seen.until else ""
    one = seen.seats == 1
    match seen.state:
        case State.HELD:
            held = f"{'Your place is' if one else f'Your {seen.seats} places are'} held until {until}."
            return "Confirm your booking", (f"{held} Then {'it goes' if one else 'they go'} to somebody else.",)
        case State.QUEUED | State.WAITING if seen.began:
            return "No place came free for you", ("The session has begun. We are sorry that you could not come.",)
        case State.QUEUED:
            return "Confirm your place in line", (
                f"There are not enough free places for you just now. Confirm until {until} that you want to wait.",
            )
        case State.WAITING:
            ahead = "You are the first in line."
            if seen.ahead:
                ahead = f"{count(seen.ahead, 'booking waits', 'bookings wait')} before you."
            return "You are on the waiting list", (ahead, seen.rule)
        case State.OFFERED if one:
            return "There is a place for you", (f"A place has come free, and is kept for you until {until}.",)
        case State.OFFERED:
            said = f"{seen.seats} places have come free, and are kept for you until {until}."
            return "There are places for you", (said,)
        case State.CONFIRMED if seen.session.over:
            return "You had a place", ("The session has taken place.",)
        case State.CONFIRMED:
            return "You have a place" if one else f"You have {seen.seats} places", ("We look forward to seeing you.",)
        case State.LAPSED if seen.lapsed_from is State.OFFERED:
            return "This offer has lapsed", ("It was not taken in time, so the place was offered to the next in line.",)
    return _OVER[seen.state]


_OVER: dict[State, tuple[str, tuple[str, ...]]] = {
    State.ATTENDED: ("You came: thank you", ()),
    State.ABSENT: (
        "We missed you",
        ("You were not there when the session began, so what was kept for you was set free for others.",),
    ),
    State.CANCELLED: ("Your booking is cancelled", ("Thank you for telling us: somebody else can come now.",)),
    State.CALLED_OFF: ("Your booking is cancelled", ("The organisers have cancelled it: our e-mail says why.",)),
    State.LAPSED: ("This booking has lapsed", ("The link was not used in time, so nothing is held for you.",)),
}


def confirm_words(seen: Mine) -> str:
    """What the button says that confirms."""
    if seen.state is State.QUEUED:
        return "Wait for a place"
    if seen.state in (State.OFFERED, State.WAITING):
        return "Take the place" if seen.seats == 1 else f"Take the {seen.seats} places"
    return "Confirm my booking"


@made_anew
def sure(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """Asks whether a booking shall really be cancelled; its button is the booking's own page."""
    now = timezone.now()
    seen = queries.mine(_of(token), now=now)
    if not seen.may_cancel:
        return HttpResponseRedirect(f"/bookings/{token}")
    shown = card(seen.session, districts=districts_of(opened), now=now)
    return Page(
        "sessions/cancel.html", {"card": shown, "mine": seen, "address": f"/bookings/{token}", "here": "sessions"}
    )


@made_anew
def mine_ics(request: HttpRequest, opened: Opened, token: str) -> HttpResponseBase:
    """A booking for a calendar."""
    kept = _of(token)
    return public.ics(calendar.booked(kept, now=timezone.now(), site=site_of(request, opened)), "booking.ics")


@made_anew
def feedback(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """How the session was, from somebody who had a place."""
    now = timezone.now()
    seen = queries.mine(_of(token), now=now)
    form = forms.Feedback(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            booking.give_feedback(token, now=now, **form.cleaned_data)
        except EngagementError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(f"/bookings/{token}/thanks")
    shown = card(seen.session, districts=districts_of(opened), now=now)
    return Page(
        "sessions/feedback.html", {"card": shown, "form": form, "here": "sessions"}, status=422 if form.errors else 200
    )


@made_anew
def thanks(request: HttpRequest, opened: Opened, token: str) -> Page:
    """Thanks for the feedback."""
    _of(token)
    return following.told("Thank you", "What you say changes how we run the next one.")


def _of(token: str) -> Booking:
    try:
        return booking.of(token)
    except NoSuchBooking as error:
        raise Http404(str(error)) from error


def qr(address: str, label: str = "Code that leads to this booking") -> Markup:
    """A code for the camera of a phone that leads to `address`, as SVG without styles of its own."""
    drawn = segno.make(address, error="m").svg_inline(
        border=2, omitsize=True, svgclass="wf-qr", lineclass=None, dark="#000"
    )
    words = Markup('<svg role="img" aria-label="{}" ').format(label)
    return Markup(drawn).replace("<svg ", words, 1)  # noqa: S704  (drawn by segno)


__all__ = ["asked", "asking", "book", "feedback", "mine", "mine_ics", "qr", "sure", "thanks"]
