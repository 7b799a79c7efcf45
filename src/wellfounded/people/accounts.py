"""Staff accounts: adding somebody, and links that sign in once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from wellfounded.people import record
from wellfounded.people.models import ROLES, SignInLink, Staff, plain

SENT_FOR = timedelta(minutes=30)  # how long a link in an e-mail signs in
PRINTED_FOR = timedelta(hours=12)
MOST_LINKS = 5  # that nobody has used, for one person at a time
LOCAL = "staff@localhost"


class NoSuchRole(ValueError):
    """There is no role of that name."""


class NotAnAddress(ValueError):
    """What was given is no e-mail address."""


class LinkOver(ValueError):
    """A sign-in link that was used, is past its time, or never was one."""


def add(email: str, *, name: str = "", roles: Iterable[str] = ROLES, by: str = "command line") -> tuple[Staff, bool]:
    """The staff member with an address, with these roles, and whether they are new. Raises NoSuchRole, NotAnAddress."""
    wanted = list(dict.fromkeys(roles))
    if unknown := [role for role in wanted if role not in ROLES]:
        raise NoSuchRole(f"there is no role {unknown[0]!r}: expected {', '.join(ROLES)}")
    address = plain(email)
    local, _, domain = address.partition("@")
    if not local or not domain or any(letter.isspace() for letter in address) or len(address) > 254:
        raise NotAnAddress(f"{email!r} is no e-mail address")
    with transaction.atomic():
        staff, new = Staff.objects.get_or_create(email=address, defaults={"name": name, "roles": wanted})
        if new:
            staff.set_unusable_password()
        before = (staff.roles, staff.is_active, staff.name)
        staff.roles, staff.is_active, staff.name = wanted, True, name or staff.name
        if new or before != (staff.roles, staff.is_active, staff.name):
            staff.save()
            record.done(by, "staff.added" if new else "staff.changed", about=address, roles=", ".join(wanted))
    return staff, new


def remove(email: str, *, by: str = "command line") -> bool:
    """Whether there was somebody with that address: they can't sign in any more, and are signed out."""
    with transaction.atomic():
        found = Staff.objects.filter(email=plain(email), is_active=True).update(is_active=False)
        SignInLink.objects.filter(staff__email=plain(email)).delete()
        if found:
            record.done(by, "staff.removed", about=plain(email))
    return bool(found)


def link_for(
    staff: Staff, *, lasting: timedelta = SENT_FOR, loopback_only: bool = False, now: datetime | None = None
) -> str:
    """The token of a new sign-in link."""
    now = now or timezone.now()
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        unused = SignInLink.objects.filter(staff=staff, used_at__isnull=True, loopback_only=loopback_only)
        open_ones = unused.order_by("-made_at")  # anybody can have links sent: they take no printed one's place
        SignInLink.objects.filter(id__in=[link.id for link in open_ones[MOST_LINKS - 1 :]]).delete()
        SignInLink.objects.create(
            staff=staff, token_hash=_hash(token), made_at=now, until=now + lasting, loopback_only=loopback_only
        )
    return token


def printed_link(staff: Staff) -> str:
    """The token of a link for somebody who sits at this machine."""
    return link_for(staff, lasting=PRINTED_FOR, loopback_only=True)


def holder(token: str, *, loopback: bool, now: datetime | None = None) -> Staff:
    """Whom a link would sign in; nothing is changed. Raises LinkOver."""
    return _open(token, loopback=loopback, now=now or timezone.now()).staff


def use(token: str, *, loopback: bool, now: datetime | None = None) -> Staff:
    """Whom a link signs in, now used. Raises LinkOver."""
    now = now or timezone.now()
    with transaction.atomic():
        link = _open(token, loopback=loopback, now=now)
        if not SignInLink.objects.filter(id=link.id, used_at__isnull=True).update(used_at=now):
            raise LinkOver("this link has been used")
        record.done(link.staff.email, "staff.signed-in", about=link.staff.email)
    return link.staff


def forget(*, now: datetime) -> int:
    """How many sign-in links and sessions were deleted that are over: the record says who signed in when."""
    links = SignInLink.objects.filter(until__lt=now - PRINTED_FOR).delete()[0]
    return links + Session.objects.filter(expire_date__lt=now).delete()[0]


def _open(token: str, *, loopback: bool, now: datetime) -> SignInLink:
    link = SignInLink.objects.select_related("staff").filter(token_hash=_hash(token)).first()
    if link is None or link.used_at is not None or link.until <= now or not link.staff.is_active:
        raise LinkOver("this link has been used, or is past its time")
    if link.loopback_only and not loopback:
        raise LinkOver("this link signs in on the machine that printed it only")
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


__all__ = [
    "LOCAL", "PRINTED_FOR", "SENT_FOR", "LinkOver", "NoSuchRole", "NotAnAddress", "add", "forget", "holder", "link_for",
    "printed_link", "remove", "use",
]  # fmt: skip
