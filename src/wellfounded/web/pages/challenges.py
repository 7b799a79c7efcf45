"""The Grand Challenges: the evidence on each, what could be done here, and a call for ideas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from wellfounded.people.consultation.queries import answers, ledger
from wellfounded.people.consultation.queries.answers import Voice
from wellfounded.people.consultation.types import About
from wellfounded.publishing import sureness, who_said
from wellfounded.publishing.model import ShownConclusion
from wellfounded.web import consultation
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, shown, shown_with

MOST_IDEAS = 30


@shown
def listing(request: HttpRequest, opened: Opened) -> Page:
    """All of them, each with how much evidence it has."""
    return Page(
        "challenges/listing.html",
        {
            "counts": {challenge.id: len(_conclusions(opened, challenge.id)) for challenge in opened.shown.challenges},
            "here": "grand-challenges",
        },
    )


@dataclass(frozen=True)
class Ideas:
    """What has been said of a Grand Challenge: by how many, and in words that may be published."""

    parties: int
    voices: tuple[Voice, ...]


def _ideas(request: HttpRequest, opened: Opened, address: Mapping[str, Any]) -> Ideas | None:
    """The ideas received on the Grand Challenge of an address; None where nobody is asked for any."""
    if not consultation.asks(opened.shown):
        return None
    said = ledger.of(str(address["identifier"]), About.CHALLENGE)
    sides = (said.supporting, said.challenging, said.qualifying, said.offering)
    voices = answers.ideas(str(address["identifier"]))
    return Ideas(sum(side.parties for side in sides), voices[:MOST_IDEAS])


@shown_with(_ideas)
def one(request: HttpRequest, opened: Opened, identifier: str, live: Ideas | None = None) -> Page:
    """One of them."""
    challenges = opened.shown.challenges
    challenge = next((challenge for challenge in challenges if challenge.id == identifier), None)
    if challenge is None:
        raise NotInPublication(f"the publication has no Grand Challenge {identifier!r}")
    policies = opened.shown.priorities.policies if opened.shown.priorities else ()
    return Page(
        "challenges/one.html",
        {
            "challenge": challenge,
            "ideas": live,
            "somebody": who_said.somebody,
            "by_kind": sureness.by_kind(_conclusions(opened, identifier)),
            "policies": [policy for policy in policies if identifier in policy.challenges],
            "others": [other for other in challenges if other.id != identifier],
            "here": "grand-challenges",
        },
    )


def _conclusions(opened: Opened, identifier: str) -> list[ShownConclusion]:
    return [c for c in sureness.published(opened.shown.conclusions) if identifier in c.challenges]
