"""The demonstration responses: invented for this product and marked so, each with what a careful reader makes of it.

`responses.jsonl` has one response a line; `mail/` the messages of those that came by e-mail, as they would arrive;
`files/` what was sent with them. No person, firm or figure in them is real: every organisation's name says
Demonstration or Example, and every address, number and code is from ranges that nobody holds.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from wellfounded.people.consultation.types import About, Channel, Consent, Opinion, Respondent, Says, Span, Target

FOLDER = Path(__file__).parent
RESPONSES = FOLDER / "responses.jsonl"

Kind = Literal["name", "e-mail", "phone", "postcode", "NI number", "NHS number"]


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a point is about and what it says of it: None only of what is missing, or not about the evidence."""

    about: About
    id: str = ""
    says: Says | None = None

    @property
    def target(self) -> Target:
        return Target(self.about, self.id)


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a response says: its very words, and the links that a person would decide on."""

    words: str
    links: tuple[Link, ...]


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was ticked beside a conclusion, and why."""

    conclusion: str
    opinion: Opinion
    reason: str = ""


class Vote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hands in the room on one conclusion."""

    conclusion: str
    agree: int
    partly: int
    disagree: int
    dont_know: int


class Personal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that are somebody's details: found, and taken out of what is published."""

    kind: Kind
    words: str


class Demonstration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One invented response. What was said is in `questions` and `answers` (web), `text` (room) or `mail` (e-mail)."""

    id: str
    demonstration: Literal[True]  # said on every line, so that a line is marked wherever it is copied to
    channel: Channel
    received_at: datetime
    respondent: Respondent | None = None
    consent: Consent = Consent.NOTHING
    language: Literal["en", "cy"] = "en"
    name: str = ""
    email: str = ""
    organisation: str = ""
    sector: str = ""
    district: str = ""  # a code of an area; members of the place and others
    opened_on: Link | None = None  # the page whose "Is this right? Tell us" was used
    questions: tuple[str, str, str] = ("", "", "")
    answers: tuple[Answer, ...] = ()
    text: str = ""
    session: str = ""  # the town of the session
    table: int = 0
    vote: Vote | None = None
    mail: str = ""
    files: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    personal: tuple[Personal, ...] = ()
    campaign: str = ""
    duplicate_of: str = ""  # the id of a response whose words are the same
    withheld: str = ""  # why a person would not publish it
    rare: str = ""  # what it says that no conclusion covers, and few others say

    @property
    def passages(self) -> tuple[str, ...]:
        """What was written in the form or in the room, in order; of an e-mail nothing: its words are in its message."""
        return tuple(text for text in (*self.questions, *(a.reason for a in self.answers), self.text) if text)

    @property
    def message(self) -> bytes:
        """The message as it arrived; empty for what did not come by e-mail."""
        return (FOLDER / "mail" / self.mail).read_bytes() if self.mail else b""


@cache
def responses() -> tuple[Demonstration, ...]:
    """All demonstration responses in the order of their ids, which is not that of their arrival."""
    decoder = msgspec.json.Decoder(Demonstration)
    return tuple(decoder.decode(line) for line in RESPONSES.read_bytes().splitlines())


def file(name: str) -> bytes:
    """The content of a file that was sent with a response."""
    return (FOLDER / "files" / name).read_bytes()


def find(words: str, text: str) -> Span | None:
    """Where `words` first are in `text`, however the lines are broken; None where they aren't."""
    found = re.search(r"\s+".join(re.escape(word) for word in words.split()), text)
    return Span(*found.span()) if found else None


__all__ = [
    "FOLDER", "Answer", "Demonstration", "Link", "Personal", "Point", "Vote",
    "file", "find", "responses",
]  # fmt: skip
