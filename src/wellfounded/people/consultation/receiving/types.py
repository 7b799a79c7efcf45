"""What has arrived: a message, its voices and its files, and how it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wellfounded.people.consultation.types import Segment, Span


class Kind(StrEnum):
    """Who or what wrote a message. Only what a person wrote is a response; the rest is kept, with the reason."""

    PERSON = "a person"
    AUTOMATIC = "an automatic reply"
    BOUNCE = "a report on delivery"
    LOOP = "our own mail come back"


class Outcome(StrEnum):
    """What became of a message that was handed over."""

    NEW = "new"
    KNOWN = "known already"  # the same content has arrived before
    CHANGED = "known by its Message-ID, with other content"  # kept as a message of its own


@dataclass(frozen=True)
class Mailbox:
    """A name and an address as a header gives them; the address in small letters, empty where there is none."""

    name: str = ""
    address: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


@dataclass(frozen=True)
class Trouble:
    """Something odd about what arrived: a code for counting, and words for the people who read it."""

    code: str
    said: str


@dataclass(frozen=True)
class File:
    """A file that came with a response. `refused` gives the reason where it is not taken, else it is empty."""

    name: str  # cleaned: no folder, no control character, at most 120 characters
    kind: str  # what it is by its content: pdf, docx, xlsx, csv, ods, png, jpeg, gif, webp, txt, or empty
    hash: str  # SHA-256 of its content
    size: int
    content: bytes = field(repr=False)
    refused: str = ""
    inline: bool = False  # shown within the text, as a logo is


@dataclass(frozen=True)
class Voice:
    """What one person says in a message: who sent it, or somebody whose message is passed on in it."""

    path: str  # "1" is the sender; "1.2" the second message passed on in it
    author: Mailbox
    written_at: datetime | None  # with its zone; None where none can be read
    subject: str
    text: str  # line ends are "\n"; what spans count in
    segments: tuple[Segment, ...]  # cover the whole text
    files: tuple[File, ...] = ()
    within: Span | None = None  # where it stands in the text of the voice above, when it is not a message of its own


@dataclass(frozen=True)
class Message:
    """A message read from its bytes, which stay as they came. Whatever the bytes are, there is one."""

    raw_hash: str  # SHA-256 of the bytes
    content_hash: str  # of what it says: the same whichever way it travelled
    size: int
    message_id: str  # without its angle brackets; empty where there is none
    sender: Mailbox
    reply_to: Mailbox | None
    to: tuple[Mailbox, ...]
    sent_at: datetime | None
    subject: str
    references: tuple[str, ...]  # Message-IDs that it answers, the nearest first
    token: str  # that of our own receipt, where it answers one
    signed: str  # "S/MIME", "PGP" or empty; a signature is noted and not verified
    list_id: str
    kind: Kind
    reason: str  # why it is of that kind; empty for a person
    voices: tuple[Voice, ...]  # the sender's first, always there
    troubles: tuple[Trouble, ...]

    @property
    def voice(self) -> Voice:
        """What the sender says."""
        return self.voices[0]


@dataclass(frozen=True)
class Arrival:
    """How a message came. `how` is imap, lmtp or file; `source` names the folder or file, never with a password."""

    how: str
    source: str
    at: datetime
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()


Deliver = Callable[[bytes, Arrival], Outcome]
"""Keeps the original durably and records it; raises when it could not, and then the message is tried again."""


__all__ = ["Arrival", "Deliver", "File", "Kind", "Mailbox", "Message", "Outcome", "Trouble", "Voice"]
