"""Why something about a session or a booking can't be done, in words that people can be shown."""

from __future__ import annotations


class EngagementError(ValueError):
    """What was asked for can't be done; the words say why and what to do instead."""


class NoSuchSession(EngagementError):
    """There is no session of that number, or none that this person may see."""


class NoSuchBooking(EngagementError):
    """There is no booking of that number, or the link belongs to none."""


class NotOpen(EngagementError):
    """No places can be asked for."""


class NotInvited(EngagementError):
    """The session is for those who were invited."""


class PartyTooLarge(EngagementError):
    """More people than may come in one party."""


class SessionIsFull(EngagementError):
    """The seats are not free, or others come first."""


class TooLate(EngagementError):
    """The booking, the hold or the offer is over."""


class TooMany(EngagementError):
    """Too many requests wait for their first link."""


class CapacityTooSmall(EngagementError):
    """More seats are taken than the new capacity has."""


class NotPossible(EngagementError):
    """What organisers asked for doesn't fit what the session or the booking is."""


__all__ = [
    "CapacityTooSmall", "EngagementError", "NoSuchBooking", "NoSuchSession", "NotInvited", "NotOpen", "NotPossible",
    "PartyTooLarge", "SessionIsFull", "TooLate", "TooMany",
]  # fmt: skip
