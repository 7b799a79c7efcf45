"""A workshop on priorities: everybody states what matters, and sees where they agree."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people import keyed, limits
from wellfounded.people.deciding import actions, queries
from wellfounded.people.deciding.models import Workshop
from wellfounded.priorities import scenarios
from wellfounded.web import network
from wellfounded.web.given import whole
from wellfounded.web.network import client
from wellfounded.web.pages.priorities import DRAWS, KINDS, POINTS, as_weights, impacts_of, is_whole, points_of
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, made_anew

COOKIE = "workshop"
KEPT = 14 * 24 * 3600


class Naming(forms.Form):
    name = forms.CharField(
        max_length=60,
        error_messages={
            "required": "Enter a name that the others here know you by",
            "max_length": "The name has at most 60 letters",
        },
    )


class Opening(forms.Form):
    title = forms.CharField(
        max_length=160,
        error_messages={"required": "Enter what the workshop is called, such as “Board, 12 January”"},
    )


@made_anew
def one(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """The form for one's own weights, and everybody's side by side."""
    workshop = queries.by_token(token)
    stated = opened.shown.priorities
    if workshop is None or stated is None:
        raise Http404("there is no such workshop")
    holder = request.COOKIES.get(COOKIE, "")
    own = queries.own(workshop, holder)
    points, problems = points_of(request.POST, impacts_of(stated)) if request.method == "POST" else ({}, [])
    form = Naming(request.POST or None, initial={"name": own.name if own else ""})
    if request.method == "POST" and form.is_valid() and not problems:
        limits.count("workshop", limits.network(client(request)), most=600, per=timedelta(hours=1), now=timezone.now())
        holder = holder or keyed.token()
        try:
            actions.state(workshop, name=form.cleaned_data["name"], points=points, holder=holder, now=timezone.now())
        except (actions.NameTaken, actions.WorkshopClosed, actions.WorkshopFull) as error:
            form.add_error("name", str(error)[:1].upper() + str(error)[1:])
        else:
            response = HttpResponseRedirect(f"{request.path_info}#side-by-side")
            response.set_cookie(
                COOKIE,
                holder,
                max_age=KEPT,
                path="/workshops/",
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
            return response
    members = [
        as_weights(one.name, one.points, stated) for one in queries.stated(workshop) if is_whole(one.points, stated)
    ]
    now = scenarios.under(stated, members=members, draws=DRAWS) if members else stated
    return Page(
        "priorities/workshop.html",
        {
            "workshop": workshop,
            "form": form,
            "problems": [*problems, *((name, some[0]) for name, some in form.errors.items())],
            "points": points or (own.points if own else {}),
            "impacts": impacts_of(stated),
            "kinds": {kind.value: title for kind, title in KINDS.items()},
            "choices": POINTS,
            "own": own,
            "now": now,
            "titles": {policy.id: policy.title for policy in now.policies},
            "here": "priorities",
        },
        status=422 if problems or form.errors else 200,
    )


@for_staff("publisher", "analyst")
def listing(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """The workshops: opening one, its link, closing it."""
    if opened.shown.priorities is None:
        raise NotInPublication("the publication has no priorities")
    form = Opening(request.POST if request.POST.get("do") == "open" else None)
    by = signed_in(request).email
    if request.method == "POST":
        if request.POST.get("do") == "close":
            for workshop in Workshop.objects.filter(pk=whole(request.POST.get("workshop", ""))):
                actions.close_workshop(workshop, by=by, now=timezone.now())
            return HttpResponseRedirect("/staff/priorities")
        if form.is_valid():
            edition = opened.shown.edition.number if opened.shown.edition else 0
            actions.open_workshop(form.cleaned_data["title"], edition=edition, by=by, now=timezone.now())
            return HttpResponseRedirect("/staff/priorities")
    return Page(
        "staff/priorities.html",
        {"form": form, "workshops": queries.every(), "site": _site(request, opened), "here": "workshops"},
        status=422 if form.errors else 200,
    )


def _site(request: HttpRequest, opened: Opened) -> str:
    return network.site(request, opened.shown.site)
