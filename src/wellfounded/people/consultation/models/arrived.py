"""Tables of what arrived: responses, who sent them, the messages they came in, their files, and drafts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wellfounded.people.consultation.rules import State
from wellfounded.people.consultation.types import Consent


class Party(models.Model):
    """Who answers, counted once however often they write: an organisation, or a person for themselves.

    `key` finds them again: the organisation's name without case and legal form, or a keyed hash of a person's address.
    When the last response of a party is erased, its key and name go, and the number that is left means nothing.
    """

    key = models.CharField(max_length=200, unique=True)
    organisation = models.CharField(max_length=200, blank=True)  # as it was first written; empty for a person

    def __str__(self) -> str:
        return self.organisation or f"party {self.pk}"


class Original(models.Model):
    """A message as it came; its bytes are kept untouched in the store under `raw_hash`."""

    raw_hash = models.CharField(max_length=64, db_index=True)
    content_hash = models.CharField(max_length=64, unique=True)
    message_id = models.CharField(max_length=500, blank=True, db_index=True)
    thread = models.CharField(max_length=500, blank=True, db_index=True)  # Message-ID of the message that began it
    kind = models.CharField(max_length=60)  # a person, or why it is no response
    reason = models.CharField(max_length=300, blank=True)
    how = models.CharField(max_length=20)
    source = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    routed = models.CharField(max_length=200, blank=True)  # the subject of the base that it fits; empty: for triage
    size = models.PositiveBigIntegerField(default=0)
    signed = models.CharField(max_length=20, blank=True)
    troubles = models.JSONField(default=list)  # of {"code", "said"}
    arrived_at = models.DateTimeField(db_index=True)
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"message {self.pk}"


class Response(models.Model):
    """What somebody told the consultation.

    `text` is the original, character by character; points and personal data are spans of it. What was written in
    several fields of a form is several `passages` of it: {"kind": "question", "id": "1", "start": 0, "end": 80}.
    """

    reference = models.CharField(max_length=12, unique=True)
    key = models.CharField(max_length=200, unique=True)  # what makes receiving it twice the same as once
    token_hash = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="responses")

    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    passages = models.JSONField(default=list)
    segments = models.JSONField(default=list)  # of [part, start, end], covering the text
    content_hash = models.CharField(max_length=64, db_index=True)  # of its words, to find the same again
    language = models.CharField(max_length=12, default="en")

    respondent = models.CharField(max_length=60, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    sector = models.CharField(max_length=120, blank=True)
    district = models.CharField(max_length=80, blank=True)  # the code of an area, or its name as it was written
    consent = models.CharField(max_length=20, default=Consent.NOTHING.value)
    opened_on_about = models.CharField(max_length=40, blank=True)  # the page whose "Is this right?" was used
    opened_on_id = models.CharField(max_length=120, blank=True)
    session = models.CharField(max_length=120, blank=True)  # reference of an engagement session
    table = models.PositiveSmallIntegerField(default=0)
    rest = models.JSONField(default=dict)  # columns of an upload that have no place of their own

    original = models.ForeignKey(Original, on_delete=models.PROTECT, null=True, related_name="responses")
    voice = models.CharField(max_length=20, blank=True)  # which voice of the message: "1" is its sender
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="followed_by")

    state = models.CharField(max_length=20, default=State.UNREAD.value)
    reason = models.CharField(max_length=300, blank=True)  # why it is withheld or failed
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    version = models.PositiveIntegerField(default=0)  # moves with each decision about the response itself
    prepared_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)  # when a person first decided on something in it
    done_at = models.DateTimeField(null=True)  # when a person said that there is nothing more to read in it
    erased_at = models.DateTimeField(null=True)
    demonstration = models.BooleanField(default=False)
    demonstration_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=[str(s) for s in State]), name="response_state"),
            models.CheckConstraint(
                condition=Q(state=State.DUPLICATE.value, duplicate_of__isnull=False)
                | (~Q(state=State.DUPLICATE.value) & Q(duplicate_of__isnull=True)),
                name="duplicate_names_the_other",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WITHHELD.value, State.FAILED.value]) | ~Q(reason=""),
                name="set_aside_with_reason",
            ),
            models.CheckConstraint(condition=Q(erased_at__isnull=True) | Q(text=""), name="erased_has_no_text"),
        )
        indexes = (
            models.Index(fields=["state", "received_at"], name="response_state_at"),
            models.Index(fields=["received_at"], name="response_to_prepare", condition=Q(prepared_at__isnull=True)),
            models.Index(fields=["-received_at", "-id"], name="response_latest"),
            models.Index(fields=["channel"], name="response_channel"),
            models.Index(fields=["id"], name="response_shown", condition=Q(demonstration=True)),
            models.Index(fields=["id"], name="response_erased", condition=Q(erased_at__isnull=False)),
            models.Index(
                fields=["received_at"],
                name="response_unread",
                condition=Q(state=State.UNREAD.value, begun_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Contact(models.Model):
    """How to reach the person behind a response; apart, so that it can go and the counts stay."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)

    def __str__(self) -> str:
        return f"contact of {self.response_id}"


class OpinionGiven(models.Model):
    """What was ticked beside a conclusion, or how many hands went up for it in the room."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="opinions")
    conclusion = models.CharField(max_length=120)
    opinion = models.CharField(max_length=20)
    n = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["response", "conclusion", "opinion"], name="one_opinion_of_a_kind"),
        )
        indexes = (models.Index(fields=["conclusion"], name="opinion_conclusion"),)

    def __str__(self) -> str:
        return f"{self.conclusion}: {self.opinion}"


class Attachment(models.Model):
    """A file that came with a response: kept by its hash, given out to staff as a download only."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, blank=True)
    hash = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    refused = models.CharField(max_length=300, blank=True)  # why it was not taken; then its content is not kept
    read_at = models.DateTimeField(null=True)  # when its words became a passage of the response
    trouble = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """An answer that somebody has begun and returns to by a link. It has not been received."""

    token_hash = models.CharField(max_length=64, unique=True)
    data = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    saved_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class MailFolder(models.Model):
    """How far a folder of a mail server has been read."""

    name = models.CharField(max_length=300, unique=True)  # its address without a password
    numbering = models.BigIntegerField(default=0)  # the server's UIDVALIDITY
    last = models.BigIntegerField(default=0)  # UID up to which all has been read
    again = models.JSONField(default=list)  # UIDs that have to be tried again
    polled_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name
