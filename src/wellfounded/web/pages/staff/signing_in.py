"""Signing in with a link that works once, and signing out."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django import forms
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people import accounts, limits, mail
from wellfounded.people.models import Staff, plain
from wellfounded.web.network import client, is_loopback, site
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, made_anew

BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_AN_HOUR = 10  # asked for by one network
MOST_TO_ONE = 5  # in an hour to one address, from wherever: as many links as one person can have open


class Asking(forms.Form):
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address as name@example.gov.uk",
        },
    )


@made_anew
def sign_in(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """Asks for an address and sends it a link; what it says is the same whether there is such an account or not."""
    form = Asking(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address, now, hour = plain(form.cleaned_data["email"]), timezone.now(), timedelta(hours=1)
        limits.count("sign-in", limits.network(client(request)), most=MOST_AN_HOUR, per=hour, now=now)
        # Whether there is such an account or not: what is refused tells as little as what is sent.
        limits.count("sign-in to", address, most=MOST_TO_ONE, per=hour, now=now)
        with transaction.atomic():
            staff = Staff.objects.filter(email=address, is_active=True).first()
            if staff is not None:
                token = accounts.link_for(staff)
                wanted = safe_next(request)
                then = f"?{urlencode({'next': wanted})}" if wanted else ""
                link = f"{site(request, opened.shown.site)}/staff/t/{token}{then}"
                mail.ask(
                    address,
                    f"Sign in: {opened.shown.title}",
                    f"Open this link to sign in. It works once, and for half an hour.\n\n{link}\n\n"
                    "If you did not ask for it, do nothing: nobody is signed in without it.\n",
                )
        return Page("staff/link-sent.html", {"address": form.cleaned_data["email"]})
    return Page("staff/sign-in.html", {"form": form}, status=422 if form.errors else 200)


@made_anew
def use_link(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """Shows a button, and signs in when it is pressed: programs that only follow links use nothing up."""
    try:
        if request.method == "POST":
            staff = accounts.use(token, loopback=is_loopback(request))
            login(request, staff, backend=BACKEND)
            return HttpResponseRedirect(safe_next(request) or "/staff")
        staff = accounts.holder(token, loopback=is_loopback(request))
    except accounts.LinkOver as error:
        return Page("staff/link-over.html", {"why": str(error)}, status=410)
    return Page("staff/use-link.html", {"email": staff.email})


@made_anew
def sign_out(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """Signs out on POST."""
    if request.method == "POST":
        logout(request)
    return HttpResponseRedirect("/staff/sign-in")


def safe_next(request: HttpRequest) -> str:
    """The page to go to after signing in, where it is one of ours."""
    given = request.GET.get("next", "")
    parts = urlsplit(given)
    return given if given.startswith("/staff") and not parts.netloc and not parts.scheme else ""
