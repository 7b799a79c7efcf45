"""The interactive session: facilitators note and let vote, phones vote, the screen shows."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people import keyed, limits
from wellfounded.people.consultation.types import Opinion
from wellfounded.people.engagement.types import SessionState
from wellfounded.people.room import actions, queries
from wellfounded.people.room.models import Poll, Room
from wellfounded.people.room.queries import Tallied
from wellfounded.publishing import sureness
from wellfounded.web.given import whole
from wellfounded.web.network import client
from wellfounded.web.pages.engagement import public
from wellfounded.web.pages.engagement.booking import qr
from wellfounded.web.pages.engagement.organising import ORGANISER
from wellfounded.web.pages.engagement.words import site_of
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, made_anew

DEVICE = "device"  # the cookie of a phone that votes; it tells nothing but that it has voted
DEVICE_FOR = timedelta(hours=12)
NOTES_AN_HOUR, VOTES_AN_HOUR = 400, 600  # of one network: a whole room may share one
REFRESH = 5  # seconds between two looks of the screen
OPINIONS = {  # the answers to: does this match your experience?
    Opinion.AGREE: "Yes, it matches",
    Opinion.PARTLY: "Partly",
    Opinion.DISAGREE: "No, it does not",
    Opinion.DONT_KNOW: "I don’t know",
}


class Note(forms.Form):
    key = forms.CharField(max_length=64)
    table = forms.IntegerField(
        min_value=1, max_value=actions.TABLES,
        error_messages={
            "required": "Enter the number of the table", "invalid": "Enter the number of the table",
            "max_value": f"Tables have numbers from 1 to {actions.TABLES}", "min_value": "Tables have numbers from 1",
        },
    )  # fmt: skip
    about = forms.ChoiceField(
        error_messages={"required": "Say what it is about", "invalid_choice": "Say what it is about"}
    )
    opinion = forms.ChoiceField(required=False, choices=[(one.value, words) for one, words in OPINIONS.items()])
    text = forms.CharField(
        max_length=actions.LONGEST,
        error_messages={
            "required": "Enter what was said at the table",
            "max_length": f"A note can have {actions.LONGEST:,} letters at most: make it two",
        },
    )

    def note(self) -> actions.Note:
        """What was noted."""
        given = self.cleaned_data
        kind, _, which = given["about"].partition(":")
        return actions.Note(
            table=given["table"], text=given["text"], conclusion=which if kind == "conclusion" else "",
            opinion=Opinion(given["opinion"]) if given["opinion"] else None,
            question=int(which) if kind == "question" else 0,
        )  # fmt: skip


def about_choices(opened: Opened) -> list[tuple[str, str]]:
    """What a note can be about: the three questions, each conclusion, anything else."""
    questions = [
        (f"question:{n}", f"Question {n}: {text}") for n, text in enumerate(opened.shown.consultation_questions, 1)
    ]
    conclusions = [
        (f"conclusion:{one.id}", _short(one.sentence)) for one in sureness.published(opened.shown.conclusions)
    ]
    return [("", "Choose"), *questions[:3], ("other:", "Something else"), *conclusions]


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 110 else f"{sentence[:108].rsplit(' ', 1)[0]}…"


@made_anew
def room(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """For facilitators: what was noted, a form for the next note, votes to open and to count."""
    found, now = _room(token), timezone.now()
    table = whole(request.POST.get("table", "") or request.GET.get("table", ""))
    initial = {"key": keyed.token(), "table": str(table) if table else ""}
    form, problem = Note(initial=initial), ""
    form.fields["about"].choices = about_choices(opened)  # type: ignore[attr-defined]
    if request.method == "POST":
        limits.count("room", limits.network(client(request)), most=NOTES_AN_HOUR, per=timedelta(hours=1), now=now)
        do = request.POST.get("do", "")
        try:
            if do == "note":
                form = Note(request.POST)
                form.fields["about"].choices = about_choices(opened)  # type: ignore[attr-defined]
                if form.is_valid():
                    actions.note(found, form.note(), key=form.cleaned_data["key"], now=now)
            elif do == "open":
                conclusion = opened.conclusions.get(request.POST.get("conclusion", ""))
                if conclusion is None or conclusion.state != "published":
                    raise actions.RoomError("Choose a conclusion to vote on")
                actions.open_poll(found, conclusion.id, conclusion.sentence, now=now)
            elif do == "close":
                actions.close_poll(found, whole(request.POST.get("poll", "")), now=now)
            else:
                problem = "Use the buttons of this page."
        except actions.RoomError as error:
            if form.is_bound and not form.errors:
                form.add_error("text", str(error))
            else:
                problem = str(error)
        if not problem and not form.errors:
            back = "&kept=1#note" if do == "note" else "#votes"
            return HttpResponseRedirect(f"/room/{token}?table={table or ''}{back}")
    names = dict(about_choices(opened))
    seen = queries.seen(found)
    context = {
        "room": found, "session": found.session, "form": form, "problem": problem, "address": f"/room/{token}",
        "notes": [(one, names.get(f"conclusion:{one.about}", one.about)) for one in seen.notes],
        "noted": seen.noted, "kept": request.method == "GET" and request.GET.get("kept") == "1",
        "polls": [(poll, bars(poll)) for poll in seen.polls],
        "conclusions": [(one.id, _short(one.sentence)) for one in sureness.published(opened.shown.conclusions)],
        "here": "sessions",
    }  # fmt: skip
    return Page("sessions/room/room.html", context, status=409 if problem else 422 if form.errors else 200)


def bars(poll: Tallied) -> list[tuple[str, int, float]]:
    """The answers of a poll with how many votes each has, and that as a share of the most."""
    most = max(1, *(n for _, n in poll.votes))
    return [(OPINIONS[one], n, round(100 * n / most, 1)) for one, n in poll.votes]


def _room(token: str) -> Room:
    try:
        return actions.of(token)
    except actions.NoSuchRoom as error:
        raise Http404(str(error)) from error


@made_anew
def code(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """Asks for the code that the screen shows."""
    problem = ""
    if given := request.GET.get("code", "")[:20]:
        try:
            return HttpResponseRedirect(f"/vote/{actions.poll_of(given).code}")
        except actions.NoSuchPoll as error:
            problem = str(error)
    context = {"problem": problem, "given": given, "here": "sessions"}
    return Page("sessions/room/code.html", context, status=404 if problem else 200)


@made_anew
def vote(request: HttpRequest, opened: Opened, code: str) -> Page | HttpResponseBase:
    """For a phone in the room: does this match your experience? One vote a device, changed until votes are counted."""
    poll = _poll(code)
    problem = ""
    if request.method == "POST":
        limits.count(
            "vote", limits.network(client(request)), most=VOTES_AN_HOUR, per=timedelta(hours=1), now=timezone.now()
        )
        device = request.COOKIES.get(DEVICE, "")
        device = device if 20 <= len(device) <= 64 else keyed.token()
        try:
            actions.vote(poll, device=device, opinion=Opinion(request.POST.get("opinion", "")))
        except ValueError as error:
            problem = str(error) if isinstance(error, actions.RoomError) else "Choose one of the answers"
        else:
            response = HttpResponseRedirect(f"/vote/{poll.code}?voted=1")
            response.set_cookie(
                DEVICE, device, max_age=int(DEVICE_FOR.total_seconds()), path="/vote", httponly=True,
                samesite="Strict", secure=request.is_secure(),
            )  # fmt: skip
            return response
    over = poll.closed_at is not None or poll.room.closed_at is not None
    context = {
        "poll": poll, "over": over, "problem": problem, "voted": request.GET.get("voted") == "1",
        "opinions": [(one.value, words) for one, words in OPINIONS.items()],
        "bars": bars(queries.tallied(poll)) if over else (), "here": "sessions",
    }  # fmt: skip
    return Page("sessions/room/vote.html", context, status=409 if problem else 200)


@made_anew
def screen(request: HttpRequest, opened: Opened, code: str) -> Page:
    """For the screen: the sentence, how to vote, and the votes so far, looked at again every few seconds."""
    poll = _poll(code)
    address = site_of(request, opened).to(f"/vote/{poll.code}")
    tallied = queries.tallied(poll)
    context = {
        "poll": poll, "bars": bars(tallied), "votes_n": tallied.n, "address": address.partition("://")[2],
        "code": qr(address, "Code that leads to the vote"), "refresh": REFRESH,
        "still": request.GET.get("still") == "1" or poll.closed_at is not None, "here": "sessions",
    }  # fmt: skip
    return Page("sessions/room/screen.html", context)


def _poll(code: str) -> Poll:
    try:
        return actions.poll_of(code)
    except actions.NoSuchPoll as error:
        raise Http404(str(error)) from error


@for_staff(ORGANISER)
def staff(request: HttpRequest, opened: Opened, number: int) -> Page | HttpResponseBase:
    """The link of a session's room: made, shown with a code, closed."""
    now = timezone.now()
    session = public.found(number, now=now, drafts=True)
    if request.method == "POST":
        if request.POST.get("do") == "close":
            actions.close_room(number, by=signed_in(request).email, now=now)
        elif request.POST.get("do") == "open" and session.state is not SessionState.CANCELLED:
            actions.open_room(number, by=signed_in(request).email, now=now)
        return HttpResponseRedirect(f"/staff/sessions/{number}/room")
    found = queries.of_session(number)
    seen = queries.seen(found) if found else None
    address = site_of(request, opened).to(f"/room/{found.token}") if found else ""
    context = {
        "session": session, "room": found, "address": address, "here": "sessions-staff",
        "code": qr(address, "Code that leads to the room") if found else "",
        "polls": [(poll, bars(poll)) for poll in seen.polls] if seen else [], "noted": seen.noted if seen else 0,
    }  # fmt: skip
    return Page("sessions/staff/room.html", context)


__all__ = ["bars", "code", "room", "screen", "staff", "vote"]
