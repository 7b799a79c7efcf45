"""What people said of one subject, and the decision on it: keep, amend, withdraw, use, note."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.consultation.actions import answering
from wellfounded.people.consultation.models import Attachment, Decision, Link
from wellfounded.people.consultation.queries import ledger, queues
from wellfounded.people.consultation.types import WITHOUT_ID, About, Target
from wellfounded.web.pages.consultation_staff.home import HERE, titles
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

MOST = 300
KINDS = {
    "keep": "Keep it as it is",
    "amend": "Amend it",
    "withdraw": "Withdraw it",
    "use": "Use the evidence that was offered",
    "note": "Note it: it can't be used, or is no matter for this evidence",
}


@for_staff("analyst")
def subject(request: HttpRequest, opened: Opened, about: str, target: str = "") -> Page | HttpResponseBase:
    """The ledger of a subject with every link to it; a POST decides on those that are chosen."""
    try:
        wanted = Target(About(about.replace("-", " ")), target)
    except ValueError as error:
        raise Http404("there is no such subject") from error
    name = titles().get((str(wanted.about), wanted.id))
    found = Link.objects.filter(about=wanted.about, target=wanted.id, ended_at=None)
    if name is None and not found.exists():
        raise Http404("there is no such subject")
    refused = ""
    if request.method == "POST":
        asked = request.POST
        try:
            answering.answer(
                wanted, asked.get("kind", ""), why=asked.get("why", "")[:8000],
                links=[int(each) for each in asked.getlist("link") if each.isdigit()],
                by=signed_in(request).email, now=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(request.path_info)
        except (answering.NoReason, answering.NoSuchDecision, answering.NothingAnswered) as error:
            refused = str(error)
    links = queues.links(found.select_related("decision").order_by("decision_id", "says", "id")[:MOST])
    files: dict[int, list[Any]] = {}
    for file in Attachment.objects.filter(response__in={link.response_id for link in links}, refused=""):
        files.setdefault(file.response_id, []).append(file)
    return Page(
        "triage/subject.html",
        {
            "about": wanted, "title": name or wanted.id, "ledger": ledger.of(wanted.id, wanted.about), "links": links,
            "files": files, "kinds": KINDS, "plain": wanted.about in WITHOUT_ID, "refused": refused, "here": HERE,
            "decisions": Decision.objects.filter(about=wanted.about, target=wanted.id).order_by("-at", "-id")[:20],
            "given": request.POST if refused else {},
        },
        status=422 if refused else 200,
    )  # fmt: skip
