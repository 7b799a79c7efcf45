"""The room as pages show it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from wellfounded.people.consultation.types import Opinion
from wellfounded.people.room.models import Noted, Poll, Room, Vote


@dataclass(frozen=True)
class Tallied:
    """A poll with how many votes each answer has."""

    id: int
    conclusion: str
    sentence: str
    code: str
    closed_at: datetime | None
    response: str
    votes: tuple[tuple[Opinion, int], ...]

    @property
    def n(self) -> int:
        return sum(n for _, n in self.votes)


@dataclass(frozen=True)
class Seen:
    """What was noted and voted in a room, the latest first."""

    noted: int
    notes: tuple[Noted, ...]
    polls: tuple[Tallied, ...]


def of_session(session_id: int) -> Room | None:
    """The room of a session, where one was ever opened."""
    return Room.objects.select_related("session").filter(session=session_id).first()


def seen(room: Room, *, notes: int = 30) -> Seen:
    """What was noted and voted; of notes the latest."""
    every = Noted.objects.filter(room=room)
    return Seen(every.count(), tuple(every.order_by("-id")[:notes]), _tallied(list(room.polls.order_by("-id"))))


def tallied(poll: Poll) -> Tallied:
    """One poll with its votes."""
    return _tallied([poll])[0]


def _tallied(polls: list[Poll]) -> tuple[Tallied, ...]:
    given: defaultdict[int, dict[str, int]] = defaultdict(dict)
    counted = Vote.objects.filter(poll__in=polls).values("poll_id", "opinion").annotate(n=Count("pk"))
    for row in counted.order_by():
        given[row["poll_id"]][row["opinion"]] = row["n"]
    return tuple(
        Tallied(
            poll.pk, poll.conclusion, poll.sentence, poll.code, poll.closed_at, poll.response,
            tuple((one, given[poll.pk].get(one.value, 0)) for one in Opinion),
        )
        for poll in polls
    )  # fmt: skip


__all__ = ["Seen", "Tallied", "of_session", "seen", "tallied"]
