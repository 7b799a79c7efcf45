"""Tables: staff and their sign-in links, the record of what was done, limits, and jobs, which are the outbox too."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

ROLES = ("publisher", "organiser", "analyst")  # may freeze editions; run sessions; read and link responses
Payload = dict[str, Any]


class Staff(AbstractBaseUser):
    """Somebody who works here. They sign in with a link that is sent to them; there are no passwords."""

    email = models.EmailField(unique=True, max_length=254)  # in lower case
    name = models.CharField(max_length=120, blank=True)
    roles = models.JSONField(default=list)  # of ROLES
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField(default=timezone.now)
    demonstration = models.BooleanField(default=False)

    objects = BaseUserManager["Staff"]()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, role: str) -> bool:
        """Whether they have a role."""
        return bool(self.is_active) and role in self.roles


class SignInLink(models.Model):
    """A link that signs somebody in once. Only the hash of its token is kept."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    loopback_only = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"link of {self.staff_id} until {self.until:%Y-%m-%d %H:%M}"


class Done(models.Model):
    """An entry in the record of what was done: never changed, never deleted by the software but for erasure."""

    at = models.DateTimeField(default=timezone.now)
    who = models.CharField(max_length=254)  # a staff's address, "worker" or "command line"
    what = models.CharField(max_length=80)  # as edition.frozen
    about = models.CharField(max_length=160, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["-at"], name="done_at"), models.Index(fields=["about"], name="done_about"))

    def __str__(self) -> str:
        return f"{self.what} {self.about}"


class Job(models.Model):
    """Something to be done outside of a request: an e-mail to send, an edition to freeze."""

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=160, null=True, unique=True)  # what it is of: a second one is not made
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # given up
    progress = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    by = models.CharField(max_length=254, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["due_at"], name="job_due", condition=Q(done_at__isnull=True, failed_at__isnull=True)),
            models.Index(fields=["kind", "-made_at"], name="job_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def state(self) -> str:
        """What has become of it, in a word."""
        if self.done_at is not None:
            return "done"
        if self.failed_at is not None:
            return "failed"
        if self.leased_until is not None and self.leased_until > timezone.now():
            return "at work"
        return "waiting" if not self.attempts else "to be tried again"


class Tally(models.Model):
    """How often something was asked for by somebody in a span of time. Whoever asked is a keyed hash."""

    what = models.CharField(max_length=60)
    who = models.CharField(max_length=64)
    since = models.DateTimeField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["what", "who", "since"], name="one_tally"),)
        indexes = (models.Index(fields=["since"], name="tally_since"),)

    def __str__(self) -> str:
        return f"{self.what} {self.n}"


def plain(email: str) -> str:
    """An address as it is compared: without blanks, in lower case."""
    return email.strip().lower()
