"""What is done in the room: opened, noted, put to the vote, voted, counted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from wellfounded.people import keyed, record
from wellfounded.people.consultation.actions import arrivals
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.types import About, Opinion, Target
from wellfounded.people.engagement import links
from wellfounded.people.engagement.errors import NoSuchSession
from wellfounded.people.engagement.models import Session
from wellfounded.people.room import queries
from wellfounded.people.room.models import ROOM, Noted, Poll, Room, Vote

LONGEST = 4000  # letters of a note
TABLES = 40
MORE_THAN_PLACES = 20  # staff, speakers and extras may vote too
_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"  # none that are taken for another
_CODE = 5


class RoomError(ValueError):
    """Something can't be done in the room; the words say why."""


class NoSuchRoom(RoomError):
    """The link belongs to no room."""


class NoSuchPoll(RoomError):
    """The code belongs to no poll."""


class RoomClosed(RoomError):
    """The organisers have closed the room."""


class PollClosed(RoomError):
    """Votes are counted: there are no more."""


class TooManyVotes(RoomError):
    """There are more votes than people can be in the room."""


@dataclass(frozen=True)
class Note:
    """What was said at a table: about a conclusion, to a question (1 to 3), or of anything else."""

    table: int
    text: str
    conclusion: str = ""
    opinion: Opinion | None = None  # what the table made of the conclusion, where it said
    question: int = 0


def open_room(session_id: int, *, by: str, now: datetime) -> Room:
    """The room of a session, open; the link that it had stays. Raises NoSuchSession."""
    with transaction.atomic():
        session = Session.objects.filter(pk=session_id).first()
        if session is None:
            raise NoSuchSession(f"There is no session {session_id}")
        room = Room.objects.filter(session=session).first()
        if room is None:
            key = links.new_key()
            room = Room(session=session, key=key, token_hash=links.hash_of(ROOM, key))
        room.opened_at, room.opened_by, room.closed_at = now, by, None
        room.save()
        record.done(by, "room.opened", about=f"session {session_id}")
    return room


def close_room(session_id: int, *, by: str, now: datetime) -> None:
    """Nothing; the link notes no more, and polls that are open are counted."""
    with transaction.atomic():
        for room in Room.objects.filter(session=session_id, closed_at__isnull=True):
            for poll in room.polls.filter(closed_at__isnull=True):
                close_poll(room, poll.pk, by=by, now=now)
            room.closed_at = now
            room.save(update_fields=["closed_at"])
            record.done(by, "room.closed", about=f"session {session_id}")


def of(token: str) -> Room:
    """The room that a link belongs to. Raises NoSuchRoom."""
    found = Room.objects.select_related("session").filter(token_hash=links.hashed(token)).first()
    if found is None:
        raise NoSuchRoom("This link belongs to no room")
    return found


def note(room: Room, given: Note, *, key: str, now: datetime) -> Noted:
    """What was noted, now a response that a facilitator reported. `key` is chance: sent twice, it is noted once."""
    _refuse_closed(room)
    text = given.text.strip()
    if not text:
        raise RoomError("Enter what was said at the table")
    if len(text) > LONGEST:
        raise RoomError(f"A note can have {LONGEST:,} letters at most: this one has {len(text):,}")
    if not 1 <= given.table <= TABLES:
        raise RoomError(f"Tables have numbers from 1 to {TABLES}")
    sent = Sent(session=reference(room.session), table=given.table, demonstration_id=_mark(room))
    if given.conclusion and given.opinion:
        sent = replace(sent, answers=((given.conclusion, given.opinion, text),))
    elif given.conclusion:
        sent = replace(sent, ideas=((Target(About.CONCLUSION, given.conclusion), text),))
    elif given.question:
        sent = replace(sent, questions=tuple(text if n == given.question else "" for n in (1, 2, 3)))
    else:
        sent = replace(sent, text=text)
    with transaction.atomic():
        received = arrivals.receive_note(sent, by=f"facilitator of session {room.session_id}", now=now, key=key)
        about = given.conclusion or (f"question {given.question}" if given.question else "")
        noted, _ = Noted.objects.get_or_create(
            room=room, response=received.response.reference, defaults={"table": given.table, "about": about, "at": now}
        )
    return noted


def open_poll(room: Room, conclusion: str, sentence: str, *, now: datetime) -> Poll:
    """The poll on a conclusion that is open: a new one with a code of its own, or the one that there is."""
    _refuse_closed(room)
    for _ in range(20):
        found = Poll.objects.filter(room=room, conclusion=conclusion, closed_at__isnull=True).first()
        if found is not None:
            return found
        code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
        try:
            with transaction.atomic():
                return Poll.objects.create(
                    room=room, conclusion=conclusion, sentence=sentence, code=code, opened_at=now
                )
        except IntegrityError:  # the code is taken, or somebody else has just opened it
            continue
    raise RoomError("No code is free: try again")


def poll_of(code: str) -> Poll:
    """The poll with a code, however it is typed. Raises NoSuchPoll."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum())[:8]
    found = Poll.objects.select_related("room__session").filter(code=typed).first()
    if found is None:
        raise NoSuchPoll("There is no vote with this code: look at the screen again")
    return found


def vote(poll: Poll, *, device: str, opinion: Opinion) -> None:
    """Nothing; the vote of a device counts once, and may be changed until votes are counted."""
    hashed = keyed.of("vote", f"{poll.pk} {device}")
    with transaction.atomic():
        kept = Poll.objects.select_for_update(of=("self",)).select_related("room__session").get(pk=poll.pk)
        if kept.closed_at is not None or kept.room.closed_at is not None:
            raise PollClosed("The votes have been counted: this vote is closed")
        if Vote.objects.filter(poll=kept, device=hashed).update(opinion=opinion):
            return
        if Vote.objects.filter(poll=kept).count() >= kept.room.session.capacity + MORE_THAN_PLACES:
            raise TooManyVotes("There are as many votes as people can be in the room")
        Vote.objects.create(poll=kept, device=hashed, opinion=opinion)


def close_poll(room: Room, poll_id: int, *, by: str = "", now: datetime) -> Poll:
    """The poll, closed; its votes are one response, counted in the room. Raises NoSuchPoll."""
    with transaction.atomic():
        poll = Poll.objects.select_for_update().filter(room=room, pk=poll_id).first()
        if poll is None:
            raise NoSuchPoll("There is no such vote in this room")
        if poll.closed_at is not None:
            return poll
        poll.closed_at = now
        counted = dict(queries.tallied(poll).votes)
        if any(counted.values()):
            received = arrivals.receive_votes(
                poll.conclusion, votes=counted, session=reference(room.session), now=now, key=f"poll {poll.pk}",
                by=by or f"facilitator of session {room.session_id}", demonstration_id=_mark(room),
            )  # fmt: skip
            poll.response = received.response.reference
        poll.save(update_fields=["closed_at", "response"])
    return poll


def reference(session: Session) -> str:
    """How responses name the session that they come from."""
    here = timezone.localtime(session.starts_at)
    return f"{session.venue[:80]}, {here.day} {here:%B %Y}"


def _mark(room: Room) -> str:
    return f"session-{room.session_id}" if room.session.demonstration else ""


def _refuse_closed(room: Room) -> None:
    if room.closed_at is not None:
        raise RoomClosed("The organisers have closed this room: nothing more is noted")


__all__ = [
    "LONGEST", "TABLES", "NoSuchPoll", "NoSuchRoom", "Note", "PollClosed", "RoomClosed", "RoomError", "TooManyVotes",
    "close_poll", "close_room", "note", "of", "open_poll", "open_room", "poll_of", "reference", "vote",
]  # fmt: skip
