"""E-mails through the outbox: asked for in the transaction that causes them, sent by a worker, at least once."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from email.mime.text import MIMEText

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from wellfounded.people import jobs
from wellfounded.people.models import Job, Payload

KIND = "mail"
OURS = "X-Wellfounded"  # a header that tells our own messages, so that no loop begins


class NotSent(Exception):
    """A mail server took no message. Whom it was for is in none of its words, as they go into logs."""


@dataclass(frozen=True)
class Letter:
    """An e-mail to be sent once, by its `key`."""

    to: str
    subject: str
    text: str
    key: str
    headers: Mapping[str, str] = field(default_factory=dict)


def ask_all(letters: Iterable[Letter]) -> None:
    """Nothing; e-mails to be sent, many at a time: to everybody who wants to be told of something."""
    asked = {one.key: _payload(one.to, one.subject, one.text, headers=one.headers) for one in letters}
    jobs.ask_all(KIND, asked)


def ask(
    to: str,
    subject: str,
    text: str,
    *,
    key: str | None = None,
    calendar: str = "",
    headers: Mapping[str, str] | None = None,
) -> Job:
    """An e-mail to be sent. One with a `key` is sent once, however often it is asked for.

    `calendar` is an iCalendar object with its METHOD, sent as an alternative to the text and as invite.ics.
    """
    return jobs.ask(KIND, _payload(to, subject, text, calendar=calendar, headers=headers), key=key)


def _payload(
    to: str, subject: str, text: str, *, calendar: str = "", headers: Mapping[str, str] | None = None
) -> Payload:
    payload: Payload = {"to": to, "subject": " ".join(subject.split()), "text": text}
    if calendar:
        payload["calendar"] = calendar
    if headers:
        payload["headers"] = {name: " ".join(value.split()) for name, value in headers.items()}
    return payload


def send(job: Job, _: Callable[[str], None]) -> Payload:
    """Sends one. Its Message-ID is that of the job, so that a reader shows it once though it is sent twice.

    Raises NotSent.
    """
    asked = job.payload
    if not asked:  # it was sent, and the worker died before it could say so
        return {}
    message = EmailMessage(
        subject=asked["subject"], body=asked["text"], from_email=settings.DEFAULT_FROM_EMAIL, to=[asked["to"]],
        connection=get_connection(timeout=20) if settings.WELLFOUNDED_SMTP else get_connection(),
        headers={
            "Message-ID": f"<job-{job.pk}@{settings.WELLFOUNDED_MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
            OURS: "1",
            **asked.get("headers", {}),
        },
    )  # fmt: skip
    if calendar := asked.get("calendar"):
        part = MIMEText(calendar, "calendar", "utf-8")
        part.set_param("method", _method(calendar))
        part.add_header("Content-Disposition", "attachment", filename="invite.ics")
        message.attach(part)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
        raise NotSent(f"the mail server refused the address that it is for ({codes})") from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"the mail server refused the message ({error.smtp_code})") from None
    job.payload = {}  # nothing of it is kept once it is sent
    job.save(update_fields=["payload"])
    return {}


def forget(addresses: Collection[str]) -> int:
    """How many e-mails to these addresses were deleted that were given up: what is sent keeps none."""
    given_up = Job.objects.filter(kind=KIND, failed_at__isnull=False, payload__to__in=list(addresses))
    return given_up.delete()[0]


def _method(calendar: str) -> str:
    return next((line[7:].strip() for line in calendar.splitlines() if line.upper().startswith("METHOD:")), "PUBLISH")


__all__ = ["KIND", "OURS", "Letter", "NotSent", "ask", "ask_all", "forget", "send"]
