"""Tables of the room: the link of its facilitators, what was noted where, and polls with a vote a device."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wellfounded.people.consultation.types import Opinion
from wellfounded.people.engagement import links
from wellfounded.people.engagement.models import Session

ROOM = "room"  # purpose of the link


class Room(models.Model):
    """The room of a session. Whoever has its link may note and let vote, until an organiser closes it."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="room")
    key = models.CharField(max_length=32, default=links.new_key)
    token_hash = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=254)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"room of session {self.session_id}"

    @property
    def token(self) -> str:
        """What the link of its facilitators carries."""
        return links.token(ROOM, self.key)


class Noted(models.Model):
    """That something was noted at a table: the words are the response's, in the consultation."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="notes")
    table = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=160)  # id of a conclusion, question 1 to 3, or empty
    response = models.CharField(max_length=20)  # reference
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["room", "response"], name="a_note_once"),)

    def __str__(self) -> str:
        return f"note of table {self.table}"


class Poll(models.Model):
    """Whether a conclusion matches the experience of those in the room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="polls")
    conclusion = models.CharField(max_length=160)
    sentence = models.TextField()  # as it was put to them
    code = models.CharField(max_length=8, unique=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    response = models.CharField(max_length=20, blank=True)  # reference of the response that its votes became

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["room", "conclusion"], condition=Q(closed_at__isnull=True), name="one_open_poll_a_conclusion"
            ),
        )

    def __str__(self) -> str:
        return f"poll {self.code}"


class Vote(models.Model):
    """A vote of a device; whose device it is isn't known."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="votes")
    device = models.CharField(max_length=64)  # keyed hash of its cookie and the poll
    opinion = models.CharField(max_length=12)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["poll", "device"], name="one_vote_a_device"),
            models.CheckConstraint(condition=Q(opinion__in=[one.value for one in Opinion]), name="opinion_known"),
        )

    def __str__(self) -> str:
        return f"vote in poll {self.poll_id}"
