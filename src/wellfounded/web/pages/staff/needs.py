"""What needs somebody today: each part of the house says what it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from wellfounded.people import mail
from wellfounded.people.consultation.models import MailFolder
from wellfounded.people.consultation.queries import queues
from wellfounded.people.engagement import queries
from wellfounded.people.engagement.types import SessionState
from wellfounded.people.models import Job, Staff
from wellfounded.web import freezing
from wellfounded.web.publication import Opened

SOON = timedelta(days=7)
NOT_NOTED = timedelta(days=30)  # after a session, while who came can still be noted


@dataclass(frozen=True)
class Need:
    """Something that waits for somebody: how many, of what, and where it is dealt with."""

    n: int
    what: str  # "responses that nobody has read"
    address: str
    role: str = ""  # whose business it is; empty: everybody's
    urgent: bool = False


Provider = Callable[[Staff, Opened], list[Need]]


def failed_jobs(staff: Staff, opened: Opened) -> list[Need]:
    """Jobs that were given up; not editions that were refused, which the page of editions tells of."""
    given_up = Job.objects.filter(failed_at__isnull=False).exclude(freezing.REFUSED)
    kinds = given_up.aggregate(n=Count("pk"), mails=Count("pk", filter=Q(kind=mail.KIND)))
    n, mails = kinds["n"], kinds["mails"]
    what = "job was given up" if n == 1 else "jobs were given up"
    if mails:
        what += f", {mails} of them {'an e-mail' if mails == 1 else 'e-mails'}"
    return [Need(n, what, "/staff/jobs", urgent=True)] if n else []


def conclusions_to_answer(staff: Staff, opened: Opened) -> list[Need]:
    """Published conclusions that do not hold."""
    n = sum(c.state == "published" and c.verdict != "holds" for c in opened.shown.conclusions)
    return [Need(n, "published conclusions that do not hold", "/conclusions", role="analyst")] if n else []


def sessions(staff: Staff, opened: Opened) -> list[Need]:
    """Sessions that are near, people who wait, drafts, and sessions of which nobody has noted who came."""
    if not staff.may("organiser"):
        return []
    now = timezone.now()
    coming = [one for one in queries.organised(now=now) if one.session.state is not SessionState.CANCELLED]
    soon = sum(one.session.starts_at <= now + SOON and one.session.state is not SessionState.DRAFT for one in coming)
    waiting = sum(one.queued + one.waiting for one in coming)
    drafts = sum(one.session.state is SessionState.DRAFT for one in coming)
    held = sum(
        one.confirmed > 0 and one.session.over and one.session.ends_at >= now - NOT_NOTED
        for one in queries.organised(now=now, past=True)
    )
    return [
        Need(
            held,
            "sessions were held, and nobody has noted who came",
            "/staff/sessions?past=1",
            "organiser",
            urgent=True,
        ),
        Need(soon, "sessions in the next seven days", "/staff/sessions", "organiser"),
        Need(waiting, "people wait for a place at a session", "/staff/sessions", "organiser"),
        Need(drafts, "sessions are drafts that nobody can book yet", "/staff/sessions", "organiser"),
    ]


def responses(staff: Staff, opened: Opened) -> list[Need]:
    """What waits in the queues of the consultation."""
    if not staff.may("analyst"):
        return []
    sizes = queues.sizes()
    at = "/staff/responses/queue"
    troubled = MailFolder.objects.exclude(trouble="").count()
    return [
        Need(
            troubled, "mailboxes could not be read, or not all of them", "/staff/responses/mail", "analyst", urgent=True
        ),
        Need(sizes.unread, "responses that nobody has read", f"{at}/unread", "analyst"),
        Need(sizes.challenges, "challenges that nothing has answered", f"{at}/challenges", "analyst"),
        Need(sizes.approve, "copies of responses to approve before they are published", f"{at}/approve", "analyst"),
        Need(sizes.recheck, "links to check again, as what they lead to was edited", f"{at}/recheck", "analyst"),
    ]


PROVIDERS: list[Provider] = [failed_jobs, conclusions_to_answer, sessions, responses]


def of(staff: Staff, opened: Opened) -> list[Need]:
    """What needs this person today, the urgent first."""
    found = [need for provider in PROVIDERS for need in provider(staff, opened)]
    mine = [need for need in found if need.n and (not need.role or staff.may(need.role))]
    return sorted(mine, key=lambda need: not need.urgent)
