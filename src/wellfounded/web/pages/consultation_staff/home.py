"""The account of all responses, the queues, what is next, and signing off."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.consultation.actions import answering, claims
from wellfounded.people.consultation.models import Point, Response, Understood
from wellfounded.people.consultation.preparing.subjects import targets
from wellfounded.people.consultation.queries import accounts, queues
from wellfounded.people.consultation.queries.queues import Queue
from wellfounded.people.consultation.types import About, Target
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

HERE = "triage"
TITLES = {
    Queue.UNREAD: "Unread responses",
    Queue.UNLINKED: "Points without a decision",
    Queue.CHALLENGES: "Challenges without an answer",
    Queue.EVIDENCE: "Evidence that was offered",
    Queue.MISSED: "What we may have missed",
    Queue.PERSONAL: "Personal data to check",
    Queue.APPROVE: "Copies to approve",
    Queue.RECHECK: "Links to check again",
    Queue.MESSAGES: "Messages with another subject",
}


@for_staff("analyst")
def home(request: HttpRequest, opened: Opened) -> Page:
    """What has become of all that was received, and what waits."""
    return Page("triage/home.html", _home())


@for_staff("analyst")
def sign_off(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """Signs the consultation off, or says what does not balance."""
    if request.method != "POST":
        return HttpResponseRedirect("/staff/responses")
    try:
        answering.sign_off(by=signed_in(request).email, now=timezone.now(), note=request.POST.get("note", "")[:2000])
    except answering.DoesNotBalance as error:
        return Page("triage/home.html", _home() | {"refused": str(error)}, status=422)
    return HttpResponseRedirect("/staff/responses")


def _home() -> dict[str, Any]:
    sizes = queues.sizes()
    return {
        "account": accounts.account(),
        "beside": accounts.beside(),
        "signed": accounts.signed_off(),
        "waiting": sizes,
        "queues": [(name, title, getattr(sizes, name)) for name, title in TITLES.items()],
        "understood": Understood.objects.order_by("-pk").first(),
        "here": HERE,
        "refused": "",
    }


@for_staff("analyst")
def queue(request: HttpRequest, opened: Opened, name: str) -> Page:
    """One queue."""
    if name not in set(Queue):
        raise Http404(f"there is no queue {name!r}")
    which = Queue(name)
    now = timezone.now()
    found = {
        Queue.UNREAD: queues.unread, Queue.UNLINKED: queues.unlinked, Queue.CHALLENGES: queues.challenges,
        Queue.EVIDENCE: queues.evidence, Queue.MISSED: queues.missed, Queue.PERSONAL: queues.personal,
        Queue.APPROVE: queues.to_approve, Queue.RECHECK: queues.to_recheck, Queue.MESSAGES: queues.messages,
    }[which]()  # fmt: skip
    page = Paginator(found, queues.A_PAGE).get_page(request.GET.get("page"))
    some: Any = page.object_list
    responses, points, links = [], [], []
    if which in (Queue.UNREAD, Queue.PERSONAL):
        responses = queues.rows(some, now=now)
    elif which is Queue.MESSAGES:
        responses = queues.rows(Response.objects.filter(original__in=list(some)).order_by("received_at"), now=now)
    elif which is Queue.APPROVE:
        ids = [redaction.response_id for redaction in some]
        responses = queues.rows(Response.objects.filter(pk__in=ids).order_by("received_at"), now=now)
    elif which is Queue.UNLINKED:
        points = queues.points(some)
    elif which is Queue.MISSED:
        rows = list(some)
        by_pk = {
            point.pk: point for point in queues.points(Point.objects.filter(pk__in=[row.point_id for row in rows]))
        }
        points = [by_pk[row.point_id] for row in rows]
        for point, row in zip(points, rows, strict=True):
            point.said_by = row  # type: ignore[attr-defined]
    else:
        links = queues.links(some)
    return Page(
        "triage/queue.html",
        {
            "name": which, "title": TITLES[which], "page_of": page, "responses": responses, "points": points,
            "links": links, "titles": titles(), "here": HERE,
        },
    )  # fmt: skip


@for_staff("analyst")
def following(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """Leads to the next response of a queue that nobody else is at work on, which is claimed for a while."""
    name = request.POST.get("queue", "")
    if request.method != "POST" or name not in set(Queue):
        return HttpResponseRedirect("/staff/responses")
    by, now = signed_in(request).email, timezone.now()
    after = Response.objects.filter(reference=request.POST.get("after", "")).first()
    for _ in range(3):  # somebody else may take the same one in this moment
        found = queues.next_response(Queue(name), by=by, now=now, after=after)
        if found is None:
            break
        try:
            claims.release(by=by)
            claims.claim(found, by=by, now=now)
        except claims.Claimed:
            continue
        return HttpResponseRedirect(f"/staff/responses/{found.reference}?queue={name}")
    return HttpResponseRedirect(f"/staff/responses/queue/{name}")


def titles() -> dict[tuple[str, str], str]:
    """What each subject is called, for lists of links."""
    found = {(str(target.about), target.id): row.title for target, row in targets().items()}
    return found | {(str(about), ""): str(about).capitalize() for about in (About.MISSING, About.NOT_EVIDENCE)}


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a point can be linked to, in groups, for a select: value and words."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for target, row in targets().items():
        grouped.setdefault(str(target.about), []).append((f"{target.about}:{target.id}", row.title))
    rest = [(f"{about}:", str(about).capitalize()) for about in (About.MISSING, About.NOT_EVIDENCE)]
    return [("neither", rest), *grouped.items()]


def target_of(value: str) -> Target:
    """A target from the value of a select. Raises ValueError."""
    about, _, identifier = value.partition(":")
    return Target(About(about), identifier)
