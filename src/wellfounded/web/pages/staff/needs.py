"""What needs somebody today: each part of the house says what it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wellfounded.people import mail
from wellfounded.people.consultation.models import MailFolder
from wellfounded.people.consultation.queries import queues
from wellfounded.people.consultation.queries.queues import Queue
from wellfounded.people.engagement import queries
from wellfounded.people.engagement.queries import Organised
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
    words: tuple[str, str]  # "response that nobody has read", and the same of several
    address: str
    role: str = ""  # whose business it is; empty: everybody's
    urgent: bool = False
    demonstration: int = 0  # how many of them are for demonstration

    @property
    def what(self) -> str:
        """Of what, as it is said of so many."""
        return self.words[self.n != 1]


Provider = Callable[[Staff, Opened], list[Need]]
Counted = Callable[[Organised], int]


def failed_jobs(staff: Staff, opened: Opened) -> list[Need]:
    """Jobs that were given up; not editions that were refused, which the page of editions tells of."""
    given_up = Job.objects.filter(failed_at__isnull=False).exclude(freezing.REFUSED)
    kinds = given_up.aggregate(n=Count("pk"), mails=Count("pk", filter=Q(kind=mail.KIND)))
    n, mails = kinds["n"], kinds["mails"]
    of_them = f", {mails} of them {'an e-mail' if mails == 1 else 'e-mails'}" if mails else ""
    one = f"job was given up{', an e-mail' if mails else ''}"
    return [Need(n, (one, f"jobs were given up{of_them}"), "/staff/jobs", urgent=True)]


def conclusions_to_answer(staff: Staff, opened: Opened) -> list[Need]:
    """Published conclusions that do not hold."""
    n = sum(c.state == "published" and c.verdict != "holds" for c in opened.shown.conclusions)
    words = ("published conclusion that does not hold", "published conclusions that do not hold")
    return [Need(n, words, "/conclusions", role="analyst")]


def sessions(staff: Staff, opened: Opened) -> list[Need]:
    """Sessions that are near, people who wait, drafts, and sessions of which nobody has noted who came."""
    if not staff.may("organiser"):
        return []
    now = timezone.now()
    coming = [one for one in queries.organised(now=now) if one.session.state is not SessionState.CANCELLED]
    past = queries.organised(now=now, past=True)
    held = [one for one in past if one.confirmed > 0 and one.session.over and one.session.ends_at >= now - NOT_NOTED]
    drafts = [one for one in coming if one.session.state is SessionState.DRAFT]
    soon = [one for one in coming if one not in drafts and one.session.starts_at <= now + SOON]

    def need(one: str, many: str, found: Sequence[Organised], *, of: Counted = _each, past: bool = False) -> Need:
        shown = sum(of(each) for each in found if each.session.demonstration)
        at = "/staff/sessions?past=1" if past else "/staff/sessions"
        return Need(sum(map(of, found)), (one, many), at, "organiser", urgent=past, demonstration=shown)

    nobody_noted = "held, and nobody has noted who came"
    return [
        need(f"session was {nobody_noted}", f"sessions were {nobody_noted}", held, past=True),
        need("session in the next seven days", "sessions in the next seven days", soon),
        need("person waits for a place at a session", "people wait for a place at a session", coming, of=_waiting),
        need("session is a draft that nobody can book yet", "sessions are drafts that nobody can book yet", drafts),
    ]


def _each(session: Organised) -> int:
    return 1


def _waiting(session: Organised) -> int:
    return session.queued + session.waiting


def responses(staff: Staff, opened: Opened) -> list[Need]:
    """What waits in the queues of the consultation."""
    if not staff.may("analyst"):
        return []
    sizes, troubled = queues.sizes(), MailFolder.objects.exclude(trouble="").count()
    unreadable = ("mailbox could not be read, or not all of it", "mailboxes could not be read, or not all of them")

    def need(n: int, waiting: QuerySet[Any], which: Queue, one: str, many: str) -> Need:
        at = f"/staff/responses/queue/{which}"
        return Need(n, (one, many), at, "analyst", demonstration=queues.invented(waiting) if n else 0)

    return [
        Need(troubled, unreadable, "/staff/responses/mail", "analyst", urgent=True),
        need(
            sizes.unread, queues.unread(), Queue.UNREAD,
            "response that nobody has read", "responses that nobody has read",
        ),
        need(
            sizes.challenges, queues.challenges(), Queue.CHALLENGES,
            "challenge that nothing has answered", "challenges that nothing has answered",
        ),
        need(
            sizes.approve, queues.to_approve(), Queue.APPROVE,
            "copy of a response to approve before it is published",
            "copies of responses to approve before they are published",
        ),
        need(
            sizes.recheck, queues.to_recheck(), Queue.RECHECK,
            "link to check again, as what it leads to was edited",
            "links to check again, as what they lead to was edited",
        ),
    ]  # fmt: skip


PROVIDERS: list[Provider] = [failed_jobs, conclusions_to_answer, sessions, responses]


def of(staff: Staff, opened: Opened) -> list[Need]:
    """What needs this person today, the urgent first."""
    found = [need for provider in PROVIDERS for need in provider(staff, opened)]
    mine = [need for need in found if need.n and (not need.role or staff.may(need.role))]
    return sorted(mine, key=lambda need: not need.urgent)
