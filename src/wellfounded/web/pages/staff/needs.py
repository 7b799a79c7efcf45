"""What needs somebody today: each part of the house says what it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wellfounded.people.models import Job, Staff
from wellfounded.web.publication import Opened


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
    """Jobs that were given up."""
    n = Job.objects.filter(failed_at__isnull=False).count()
    return [Need(n, "jobs that were given up, e-mails among them", "/staff/jobs", urgent=True)] if n else []


def conclusions_to_answer(staff: Staff, opened: Opened) -> list[Need]:
    """Published conclusions that do not hold."""
    n = sum(c.state == "published" and c.verdict != "holds" for c in opened.shown.conclusions)
    return [Need(n, "published conclusions that do not hold", "/conclusions", role="analyst")] if n else []


PROVIDERS: list[Provider] = [failed_jobs, conclusions_to_answer]


def of(staff: Staff, opened: Opened) -> list[Need]:
    """What needs this person today, the urgent first."""
    found = [need for provider in PROVIDERS for need in provider(staff, opened)]
    mine = [need for need in found if need.n and (not need.role or staff.may(need.role))]
    return sorted(mine, key=lambda need: not need.urgent)
