"""Tables of what was answered: personal data and its removal, decisions on what people said, and signing off."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wellfounded.people.consultation.models.arrived import Response


class Personal(models.Model):
    """Characters of a response that may tell who somebody is, and whether a person says that they are to go."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="personal")
    kind = models.CharField(max_length=40)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    found_by = models.CharField(max_length=254, blank=True)  # empty: the software
    remove = models.BooleanField(null=True)  # None: nobody has decided
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="personal_starts_before_it_ends"),
            models.UniqueConstraint(fields=["response", "start", "end"], name="one_personal_a_span"),
        )
        indexes = (models.Index(fields=["response"], name="personal_open", condition=Q(remove__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.kind} in {self.response_id}"


class Redaction(models.Model):
    """The copy of a response that may be published: made by one person, approved by another."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="redaction")
    text = models.TextField()
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    approved_by = models.CharField(max_length=254, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("made_by")), name="approved_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at__isnull=True)
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="approved_by_and_at",
            ),
        )
        indexes = (models.Index(fields=["id"], name="redaction_waits", condition=Q(approved_by="")),)

    def __str__(self) -> str:
        return f"redaction of {self.response_id}"


class Decision(models.Model):
    """What was decided about something that people challenged or offered evidence on, and why. Never changed."""

    KINDS = ("keep", "amend", "withdraw", "re-run", "use", "note")

    about = models.CharField(max_length=40)
    target = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20)
    why = models.TextField()
    by = models.CharField(max_length=254)
    at = models.DateTimeField(db_index=True)
    rerun = models.JSONField(null=True)  # what came of the respondent's figures, beside what is published
    subject_hash = models.CharField(max_length=64, blank=True)
    demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(why=""), name="decision_says_why"),
            models.CheckConstraint(
                condition=Q(kind__in=["keep", "amend", "withdraw", "re-run", "use", "note"]), name="decision_kind"
            ),
        )
        indexes = (models.Index(fields=["about", "target"], name="decision_about"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.about} {self.target}"


class SignOff(models.Model):
    """Somebody signed the consultation off: the account as it balanced then."""

    at = models.DateTimeField()
    by = models.CharField(max_length=254)
    account = models.JSONField()
    note = models.TextField(blank=True)
    reopened_at = models.DateTimeField(null=True)  # when something was received or changed that the account lacks

    def __str__(self) -> str:
        return f"signed off {self.at:%Y-%m-%d}"


class Understood(models.Model):
    """A run of the software over the responses: what it did, and with what."""

    at = models.DateTimeField()
    step = models.CharField(max_length=20)  # new, all
    counts = models.JSONField(default=dict)
    made_with = models.CharField(max_length=60)
    seconds = models.FloatField()
    state = models.CharField(max_length=64, blank=True)  # what it ran over: unchanged, it need not run again

    def __str__(self) -> str:
        return f"understood {self.at:%Y-%m-%d %H:%M}"
