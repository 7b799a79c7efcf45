"""Tell me when: a link that confirms, a link that stops; and invitations by stakeholders' own links."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from wellfounded.people import limits
from wellfounded.people.engagement import following
from wellfounded.people.engagement.errors import EngagementError
from wellfounded.people.engagement.models import Follower
from wellfounded.web.editions import editions
from wellfounded.web.network import client
from wellfounded.web.pages.engagement import forms
from wellfounded.web.pages.engagement.words import districts_of, site_of
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, made_anew


@made_anew
def tell_me(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """The form "tell me when"; what it says afterwards is the same whether we know the address or not."""
    form = forms.Telling(request.POST or None, districts=districts_of(opened))
    if request.method == "POST" and (form.by_a_program or form.is_valid()):
        if not form.by_a_program:
            given = form.cleaned_data
            following.follow(
                given["email"],
                districts=_districts(given) if "sessions" in given["about"] else (),
                editions="editions" in given["about"],
                network=limits.network(client(request)),
                site=site_of(request, opened),
                now=timezone.now(),
            )
        return HttpResponseRedirect("/sessions/tell-me/asked")
    return Page("sessions/tell-me.html", {"tell": form, "here": "sessions"}, status=422 if form.errors else 200)


def _districts(given: dict[str, str]) -> tuple[str, ...]:
    return (given["district"] or following.EVERYWHERE,)


@made_anew
def tell_me_asked(request: HttpRequest, opened: Opened) -> Page:
    """What happens next."""
    said = (
        "We have sent a link to the address that you gave. We write to you once you have used it, and not before.",
        "No e-mail after a few minutes? Look in the folder for unwanted mail.",
    )
    return told("Now use the link that we have sent you", *said, mailed=True)


@made_anew
def follow(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """GET asks whether we shall write; POST says yes."""
    follower = _follower(token)
    if request.method == "POST":
        latest = editions().latest()
        following.confirm(token, now=timezone.now(), edition=latest.number if latest else 0)
        return told("We will tell you", "Each e-mail has a link that ends it at once.")
    if follower.confirmed_at is not None and not follower.wanted:
        return told("We will tell you", "You have confirmed this already. Each e-mail has a link that ends it.")
    return told("Shall we tell you when there is something new?", "Press the button, and we will.", ask="Yes, tell me")


@csrf_exempt  # mail programs post here by themselves: RFC 8058
@made_anew
def stop(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """GET asks, POST ends it. A link that is known no more has been used: that is said, not an error."""
    try:
        if request.method == "POST":
            following.stop(token)
            return told("We will not write to you any more", "Your address is deleted.")
        following.of(token)
    except EngagementError:
        return told("We do not write to you", "This link has been used, and your address is deleted.")
    return told("Shall we stop writing to you?", "Press the button, and your address is deleted.", ask="Stop writing")


def _follower(token: str) -> Follower:
    try:
        return following.of(token)
    except EngagementError as error:
        raise Http404(str(error)) from error


def told(heading: str, *said: str, ask: str = "", mailed: bool = False) -> Page:
    """A page that only says something, with a button where it asks; `mailed` where it speaks of an e-mail."""
    context = {"heading": heading, "said": said, "ask": ask, "mailed": mailed, "here": "sessions"}
    return Page("sessions/told.html", context)
