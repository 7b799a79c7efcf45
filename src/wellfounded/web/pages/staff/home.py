"""The staff's own front page, the jobs, the record, and e-mails where there is no mail server."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people import jobs
from wellfounded.people.models import Done, Job, Staff, plain
from wellfounded.web.given import whole
from wellfounded.web.pages.staff import needs
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

A_PAGE = 50
LATEST_MAIL = 100
EVERY_MAIL = "organiser"  # whose work is with those who book: e-mails hold links to their bookings


@for_staff()
def home(request: HttpRequest, opened: Opened) -> Page:
    """What needs me today?"""
    return Page("staff/home.html", {"needs": needs.of(signed_in(request), opened), "here": "home"})


@for_staff()
def job_list(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """The jobs, newest first; a POST gives one that was given up another try."""
    if request.method == "POST":
        for job in Job.objects.filter(pk=whole(request.POST.get("job", "")), done_at__isnull=True):
            jobs.again(job, now=timezone.now())
        return HttpResponseRedirect("/staff/jobs")
    listed = Paginator(Job.objects.order_by("-id").defer("payload"), A_PAGE)
    return Page("staff/jobs.html", {"page_of": listed.get_page(request.GET.get("page")), "here": "jobs"})


@for_staff()
def record(request: HttpRequest, opened: Opened) -> Page:
    """What was done, by whom and when; never changed afterwards."""
    listed = Paginator(Done.objects.order_by("-id"), A_PAGE)
    return Page("staff/record.html", {"page_of": listed.get_page(request.GET.get("page")), "here": "record"})


@dataclass(frozen=True)
class Letter:
    """An e-mail that lies in a file as there is no mail server."""

    to: str
    subject: str
    written_at: datetime
    text: str


@for_staff(EVERY_MAIL)
def mail(request: HttpRequest, opened: Opened) -> Page:
    """The e-mails that would have been sent, where no mail server is set; not those that sign others in."""
    others = set(Staff.objects.exclude(pk=signed_in(request).pk).values_list("email", flat=True))
    kept = [] if settings.WELLFOUNDED_SMTP else _letters(Path(settings.EMAIL_FILE_PATH))
    letters = [letter for letter in kept if plain(letter.to) not in others]
    return Page("staff/mail.html", {"letters": letters, "sent": bool(settings.WELLFOUNDED_SMTP), "here": "mail"})


def _letters(folder: Path) -> list[Letter]:
    """The newest letters of Django's file backend: messages in files, each followed by a line of dashes."""
    found: list[Letter] = []
    for path in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True):
        for raw in reversed(path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")):
            if not raw.strip():
                continue
            message = email.message_from_bytes(raw.lstrip(b"\n"), policy=email.policy.default)
            body = message.get_body(("plain",))
            text = body.get_content() if body else ""
            written = message["Date"].datetime  # with no zone where it is that of UTC, as -0000 has it
            at = written if written.tzinfo else written.replace(tzinfo=UTC)
            found.append(Letter(str(message["To"]), str(message["Subject"]), at, text))
            if len(found) == LATEST_MAIL:
                return found
    return found
