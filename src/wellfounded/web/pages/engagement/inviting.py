"""What a stakeholder's invitation leads to: the form of a session that is for those invited, or a call for evidence."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from wellfounded.people.engagement import stakeholders
from wellfounded.people.engagement.errors import EngagementError
from wellfounded.people.engagement.models import Invitation
from wellfounded.web.pages.engagement import booking
from wellfounded.web.pages.engagement.following import told
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, made_anew


@made_anew
def invited(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """The form of the session that somebody is invited to, or what they are asked for; a button declines."""
    invitation = _of(token)
    if request.method == "POST" and request.POST.get("do") == "decline":
        stakeholders.answered(invitation.pk, answer=stakeholders.DECLINED, now=timezone.now())
        return told("Thank you for telling us", "The link in the invitation still works, if you change your mind.")
    if invitation.session_id is not None:
        return booking.asking(request, opened, invitation.session_id, invitation=invitation)
    return Page("sessions/call.html", {"invitation": invitation, "here": "sessions"})


@csrf_exempt  # mail programs post here by themselves: RFC 8058
@made_anew
def stop(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """GET asks, POST opts out. Who has been taken out of the register is not written to: that is said, not an error."""
    try:
        invitation = stakeholders.invitation(token)
    except EngagementError:
        return told("We do not write to you", "You are not in our register.")
    if request.method == "POST":
        stakeholders.opt_out(invitation.stakeholder_id, by="", now=timezone.now())
        return told("We will not write to you any more", "It stands in our register, so that nobody asks you again.")
    if invitation.stakeholder.opted_out_at is not None:
        return told("We do not write to you", "It stands in our register, so that nobody asks you again.")
    return told("Shall we stop writing to you?", "Press the button, and nobody asks you again.", ask="Stop writing")


def _of(token: str) -> Invitation:
    try:
        return stakeholders.invitation(token)
    except EngagementError as error:
        raise Http404(str(error)) from error


__all__ = ["invited", "stop"]
