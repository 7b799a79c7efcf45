"""The words of the consultation: how a response came, what its parts are, what a point says of what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a response came."""

    WEB = "web"
    EMAIL = "e-mail"
    PAPER = "paper"  # a letter or a form, typed in or scanned
    UPLOAD = "upload"  # a row of a spreadsheet from another system
    ROOM_NOTE = "note in the room"  # reported by a facilitator
    ROOM_VOTE = "vote in the room"  # counted


class Respondent(StrEnum):
    """Who answers, as the form asks it."""

    BUSINESS = "business"
    BUSINESS_GROUP = "business group"
    EMPLOYER = "employer"  # that is no business: a hospital, a school trust
    COLLEGE = "college or university"
    COUNCIL = "council"
    VOLUNTARY = "voluntary sector"
    RESIDENT = "resident"


class Consent(StrEnum):
    """What of a response may be published."""

    NAME_AND_TEXT = "name and text"
    TEXT = "text"
    NOTHING = "none"


class Opinion(StrEnum):
    """What somebody ticked beside a conclusion."""

    AGREE = "agree"
    PARTLY = "partly"
    DISAGREE = "disagree"
    DONT_KNOW = "don't know"


class Part(StrEnum):
    """What a segment of a text is. All of a text is in segments, and nothing of it is deleted."""

    SAID = "said"  # the respondent's own words
    QUOTED = "quoted"  # somebody else's earlier message
    FORWARDED = "forwarded"  # a message that is passed on: another voice
    HEADER = "header"  # the lines that introduce a quoted or forwarded message
    GREETING = "greeting"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    COMMON = "common"  # the text of a campaign, which is read once


@dataclass(frozen=True)
class Segment:
    """Characters `start` to `end` (not included) of a text, and what they are."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (not included) of the original text: a point, or something personal."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters themselves."""
        return text[self.start : self.end]


class About(StrEnum):
    """What a point can be about."""

    CONCLUSION = "conclusion"
    CHAPTER = "chapter"
    INDICATOR = "indicator"
    CHALLENGE = "grand challenge"
    MISSING = "missing from the evidence"
    NOT_EVIDENCE = "not about the evidence"


WITHOUT_ID = frozenset({About.MISSING, About.NOT_EVIDENCE})


@dataclass(frozen=True, order=True)
class Target:
    """What a point is linked to. `id` is that of the conclusion, chapter, indicator or Grand Challenge, else empty."""

    about: About
    id: str = ""

    def __post_init__(self) -> None:
        if bool(self.id) == (self.about in WITHOUT_ID):
            raise ValueError(f"a link to {self.about.value!r} {'takes no id' if self.id else 'needs an id'}")


class Says(StrEnum):
    """What a point does to what it is linked to. People decide this; it is never guessed from vectors."""

    SUPPORTS = "supports"
    CHALLENGES_DATA = "challenges the data"
    CHALLENGES_INFERENCE = "challenges the inference"
    QUALIFIES = "qualifies"
    OFFERS_EVIDENCE = "offers evidence"


CHALLENGES = frozenset({Says.CHALLENGES_DATA, Says.CHALLENGES_INFERENCE})


@dataclass(frozen=True)
class Suggestion:
    """What the software proposes for a point, and how sure it is: a share of such proposals that people confirmed."""

    target: Target
    confidence: float  # 0 to 1, calibrated


__all__ = [
    "CHALLENGES", "WITHOUT_ID",
    "About", "Channel", "Consent", "Opinion", "Part", "Respondent", "Says", "Segment", "Span", "Suggestion", "Target",
]  # fmt: skip
