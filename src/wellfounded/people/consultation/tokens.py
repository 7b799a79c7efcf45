"""The link of a respondent to their response. It can be made again when it is needed, and is not kept."""

from __future__ import annotations

import hashlib

from wellfounded.people import keyed
from wellfounded.people.consultation.models import Response


def token_for(reference: str) -> str:
    """The token of the response with a reference: nobody makes it without this installation's key."""
    return keyed.of("response.link", reference)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def response_of(token: str) -> Response | None:
    """The response that a token opens."""
    return Response.objects.select_related("contact").filter(token_hash=hash_of(token)).first()


__all__ = ["hash_of", "response_of", "token_for"]
