"""The receipt of a response."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect

from wellfounded.people.consultation import tokens
from wellfounded.web import consultation
from wellfounded.web.pages.respond.frame import public
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page


@public
def sent(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """That it has been received, under which reference, and what comes next."""
    response = tokens.response_of(token)
    if response is None:
        raise Http404("no response has this link")
    if response.erased_at:
        return HttpResponseRedirect(f"/responses/{token}")
    contact = getattr(response, "contact", None)
    return Page(
        "respond/sent.html",
        {
            "reference": response.reference, "link": f"/responses/{token}",
            "address": f"{consultation.site_of(request, opened.shown)}/responses/{token}",
            "mailed": bool(contact and contact.email), "consent": response.consent, "here": "respond",
        },
    )  # fmt: skip


@public
def none(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """A receipt has a link of its own; without it there is only the beginning."""
    return HttpResponseRedirect("/respond")


__all__ = ["none", "sent"]
