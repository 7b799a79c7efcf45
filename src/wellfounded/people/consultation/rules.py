"""The states of a response, what may follow what, and when the account balances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """What has become of a response. Each is in one state, so that the account of all balances."""

    UNREAD = "unread"  # somebody has still to read some or all of it
    LINKED = "linked"  # read, and on a conclusion, chapter, indicator or Grand Challenge
    NO_CONCLUSION = "no conclusion"  # read, and on none of ours
    DUPLICATE = "duplicate"  # the same as another of the same respondent
    WITHHELD = "withheld"  # abusive, or off limits; the reason is kept
    FAILED = "failed"  # could not be read; the trouble is kept


READABLE = frozenset({State.UNREAD, State.LINKED, State.NO_CONCLUSION})  # what they say counts
ASIDE = frozenset(State) - READABLE

ALLOWED: dict[State, frozenset[State]] = {
    State.UNREAD: frozenset(State) - {State.UNREAD},
    State.LINKED: frozenset(State) - {State.LINKED, State.FAILED},
    State.NO_CONCLUSION: frozenset(State) - {State.NO_CONCLUSION, State.FAILED},
    State.DUPLICATE: frozenset({State.UNREAD}),
    State.WITHHELD: frozenset({State.UNREAD}),
    State.FAILED: frozenset({State.UNREAD}),
}

# How long each kind of personal data is kept, from when it came. Words and counts stay: they are the evidence.
CONTACTS_KEPT = timedelta(days=2 * 365)  # names and addresses, to answer and to ask for consent
ATTACHMENTS_KEPT = timedelta(days=3 * 365)
ORIGINALS_KEPT = timedelta(days=3 * 365)  # messages as they came
DRAFTS_KEPT = timedelta(days=30)  # since they were last saved
UNUSED_KEPT = timedelta(days=7)  # files that nothing names, as a spreadsheet that was put in and never taken


class NotAllowed(ValueError):
    """A response can't become that from what it is."""

    def __init__(self, before: State, after: State) -> None:
        self.before, self.after = before, after
        super().__init__(f"a response that is {before} can't become {after}")


def allow(before: State, after: State) -> State:
    """`after`, where it may follow `before`. Raises NotAllowed."""
    if after not in ALLOWED[before]:
        raise NotAllowed(before, after)
    return after


@dataclass(frozen=True)
class Reading:
    """How far a response has been read."""

    points: int  # that it was split into
    open: int  # of them, those that nobody has decided on, here or where the same words are read
    on_evidence: int  # links that stand, and ticks, on conclusions, chapters, indicators and Grand Challenges
    done: bool = False  # whether somebody has said that there is nothing more to read in it


def settled(reading: Reading) -> State:
    """The state of a response that is not set aside."""
    if reading.open or not (reading.points or reading.done):
        return State.UNREAD
    return State.LINKED if reading.on_evidence else State.NO_CONCLUSION


@dataclass(frozen=True)
class Account:
    """What has become of all that was received."""

    received: int
    unread: int
    linked: int
    no_conclusion: int
    duplicates: int
    withheld: int
    failed: int

    @property
    def accounted(self) -> int:
        """What has been dealt with."""
        return self.linked + self.no_conclusion + self.duplicates + self.withheld + self.failed

    @property
    def balances(self) -> bool:
        """Whether all that was received has been dealt with: received = linked + ... + failed."""
        return self.received == self.accounted


__all__ = [
    "ALLOWED", "ASIDE", "ATTACHMENTS_KEPT", "CONTACTS_KEPT", "DRAFTS_KEPT", "ORIGINALS_KEPT", "READABLE", "UNUSED_KEPT",
    "Account", "NotAllowed", "Reading", "State", "allow", "settled",
]  # fmt: skip
