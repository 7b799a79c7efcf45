"""Sessions for everybody: the list, each with its page, and calendars."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from wellfounded.people.engagement import calendar, queries
from wellfounded.people.engagement.errors import NoSuchSession
from wellfounded.people.engagement.queries import Shown
from wellfounded.people.engagement.rules import LARGEST_PARTY
from wellfounded.publishing.editions.shelf import NoSuchEdition
from wellfounded.web.downloads import Download, documents_of
from wellfounded.web.editions import editions
from wellfounded.web.given import whole
from wellfounded.web.pages.engagement import forms, mapping
from wellfounded.web.pages.engagement.words import card, districts_of, site_of
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, made_anew

PAST_SHOWN = 12


@made_anew
def listing(request: HttpRequest, opened: Opened) -> Page:
    """When and where people can discuss the evidence, and how many places are left."""
    return list_page(request, opened, tell=forms.Telling(districts=districts_of(opened)))


def list_page(request: HttpRequest, opened: Opened, *, tell: forms.Telling, status: int = 200) -> Page:
    """The list of sessions with the form "tell me when" below it."""
    now, districts = timezone.now(), districts_of(opened)
    chosen = request.GET.get("district", "")
    chosen = chosen if chosen in districts else ""
    every = [card(session, districts=districts, now=now) for session in queries.upcoming(now=now)]
    shown = [one for one in every if not chosen or one.district_code == chosen]
    past = [card(session, districts=districts, now=now) for session in queries.past(now=now)[:PAST_SHOWN]]
    feed_address = f"/sessions.ics?{urlencode({'district': chosen})}" if chosen else "/sessions.ics"
    return Page(
        "sessions/list.html",
        {
            "cards": shown,
            "past": past,
            "districts": list(districts.items()),
            "chosen": chosen,
            "chosen_name": districts.get(chosen, ""),
            "elsewhere": len(every) - len(shown),
            "numbers": Counter(one.district_code for one in every),
            "drawing": mapping.drawing(tuple(districts.items())),
            "webcal": f"webcal://{site_of(request, opened).address.partition('://')[2]}{feed_address}",
            "feed": feed_address,
            "tell": tell,
            "here": "sessions",
        },
        status=status,
    )


@made_anew
def one(request: HttpRequest, opened: Opened, number: int) -> Page:
    """One session: when, where, what happens, for whom, and how to book."""
    now = timezone.now()
    session = found(number, now=now)
    prefix, files = documents(session, opened)
    context = page_of(session, opened, now=now) | {
        "documents": files,
        "prefix": prefix,
        "links": links(session),
        "programme": [programme_line(line) for line in session.programme],
    }
    return Page("sessions/one.html", context)


def programme_line(line: str) -> tuple[str, str]:
    """When and what, of a line of the programme; no time where the line begins with none."""
    match = re.match(r"(\d{1,2}(?:[:.]\d{2})?(?:\s?[ap]m)?)[\s,–-]+(\S.*)", line)
    return (match[1], match[2]) if match else ("", line)


def links(session: Shown) -> list[tuple[str, str]]:
    """What to read beforehand and the slides, as the organisers gave them: only pages and files of the web."""
    given = [(f"Slides: {session.title}", session.slides)] if session.slides else []
    given += [(line, line) for line in session.documents]
    return [(name, address) for name, address in given if address.startswith(("https://", "http://", "/"))]


def page_of(session: Shown, opened: Opened, *, now: datetime) -> dict[str, object]:
    """What pages about one session show."""
    return {
        "session": session,
        "card": card(session, districts=districts_of(opened), now=now),
        "largest": LARGEST_PARTY,
        "here": "sessions",
    }


def found(number: int, *, now: datetime, drafts: bool = False) -> Shown:
    """The session of that number, or the page for an address that leads nowhere."""
    try:
        return queries.shown(number, now=now, drafts=drafts)
    except NoSuchSession as error:
        raise Http404(str(error)) from error


def booking_named(request: HttpRequest, number: int) -> int:
    """The booking that a form names, 0 where it names none; one of another session leads nowhere, as its address."""
    given = request.POST.get("booking", "")
    if given and not queries.has_booking(number, whole(given)):
        raise Http404(f"session {number} has no booking {given[:20]}")
    return whole(given)


def documents(session: Shown, opened: Opened) -> tuple[str, list[Download]]:
    """The summary and the slides, and what stands before their addresses: those of the session's edition.

    Those of what the site shows where no edition was named, or it is not there.
    """
    try:
        published, prefix = editions().opened(session.edition or 0), f"/editions/{session.edition}"
    except NoSuchEdition:
        published, prefix = opened, ""
    wanted = ("/summary", "/presentation")
    return prefix, [file for file in documents_of(published) if file.forms[0].address.startswith(wanted)]


@made_anew
def feed(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """All sessions as a calendar that can be subscribed to."""
    body = calendar.feed(now=timezone.now(), site=site_of(request, opened), district=request.GET.get("district", ""))
    return ics(body, "sessions.ics")


@made_anew
def one_ics(request: HttpRequest, opened: Opened, number: int) -> HttpResponseBase:
    """One session for a calendar."""
    found(number, now=timezone.now())
    body = calendar.one(number, now=timezone.now(), site=site_of(request, opened))
    return ics(body, f"session-{number}.ics")


def ics(body: bytes, name: str) -> HttpResponse:
    """A calendar file as a response."""
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


__all__ = ["booking_named", "documents", "feed", "found", "ics", "list_page", "listing", "one", "one_ics", "page_of"]
