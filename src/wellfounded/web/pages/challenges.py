"""The Grand Challenges: the evidence on each, what could be done here, and a call for ideas."""

from __future__ import annotations

from django.http import HttpRequest

from wellfounded.publishing import sureness
from wellfounded.publishing.model import ShownConclusion
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, shown


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


@shown
def one(request: HttpRequest, opened: Opened, identifier: str) -> Page:
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
            "by_kind": sureness.by_kind(_conclusions(opened, identifier)),
            "policies": [policy for policy in policies if identifier in policy.challenges],
            "others": [other for other in challenges if other.id != identifier],
            "here": "grand-challenges",
        },
    )


def _conclusions(opened: Opened, identifier: str) -> list[ShownConclusion]:
    return [c for c in sureness.published(opened.shown.conclusions) if identifier in c.challenges]
