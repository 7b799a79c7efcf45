"""What the pages of an answer share: whether answers are taken now, and the draft behind a link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people import limits
from wellfounded.people.consultation import tokens
from wellfounded.people.consultation.actions import drafts
from wellfounded.people.consultation.rules import DRAFTS_KEPT
from wellfounded.web import consultation
from wellfounded.web.network import client
from wellfounded.web.pages.respond import answering as answers
from wellfounded.web.pages.respond.answering import Answering
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, made_anew

View = Callable[..., Page | HttpResponseBase]
AN_HOUR = timedelta(hours=1)
# By one network in an hour. A session's room, or a college, is behind one address.
MOST = {"respond.begin": 120, "respond.send": 120, "respond.files": 200, "respond.link": 20, "respond.change": 30}


def public(view: View) -> Callable[..., HttpResponseBase]:
    """A page of the consultation: not there where the base has none, and no page of an edition."""

    @wraps(view)
    def asked(request: HttpRequest, opened: Opened, *args: Any, **kwargs: Any) -> Page | HttpResponseBase:
        if not consultation.asks(opened.shown):
            raise Http404("this base has no consultation")
        return view(request, opened, *args, **kwargs)

    respond = made_anew(asked)
    vars(respond)["of_an_edition"] = False
    return respond


def taking(view: View) -> Callable[..., HttpResponseBase]:
    """As `public`, for what is there while answers are taken; before and after, a page says from when to when."""

    @wraps(view)
    def asked(request: HttpRequest, opened: Opened, *args: Any, **kwargs: Any) -> Page | HttpResponseBase:
        standing = consultation.standing(opened.shown, now=timezone.now())
        if not standing.open:
            return Page("respond/closed.html", {"taken": standing, "here": "respond"}, status=410)
        return view(request, opened, *args, **kwargs)

    return public(asked)


def step(view: View) -> Callable[..., HttpResponseBase]:
    """A page of an answer that has been begun: `view` gets it, and the token of its link.

    An answer that was sent leads to its receipt, a link that is over to a page that says so.
    """

    @wraps(view)
    def asked(request: HttpRequest, opened: Opened, token: str, *args: Any, **kwargs: Any) -> Page | HttpResponseBase:
        try:
            answering = answers.read(drafts.read(token, now=timezone.now()))
            if answering.sent:
                return HttpResponseRedirect(f"/respond/sent/{tokens.token_for(answering.sent)}")
            page = view(request, opened, answering, token, *args, **kwargs)
        except drafts.NoSuchDraft:
            return Page("respond/over.html", {"days": DRAFTS_KEPT.days, "here": "respond"}, status=410)
        if isinstance(page, Page):
            shared = {"answering": answering, "draft": f"/respond/d/{token}", "here": "respond"}
            page = Page(page.template, shared | dict(page.context), page.status)
        return page

    return taking(asked)


def count(request: HttpRequest, what: str) -> None:
    """Nothing; counts for the network that asks. Raises TooOften."""
    limits.count(what, limits.network(client(request)), most=MOST[what], per=AN_HOUR, now=timezone.now())


def save(answering: Answering, *, token: str | None) -> str:
    """The token of the draft that now holds the answer."""
    return drafts.save(answers.kept(answering), token=token, now=timezone.now())


__all__ = ["MOST", "count", "public", "save", "step", "taking"]
