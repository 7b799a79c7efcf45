"""Answers that somebody has begun and returns to by a link. A draft has not been received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wellfounded.people import keyed
from wellfounded.people.consultation.models import Draft
from wellfounded.people.consultation.rules import DRAFTS_KEPT
from wellfounded.people.consultation.tokens import hash_of


class NoSuchDraft(LookupError):
    """A link to a draft that was sent, has been deleted, or never was one."""


def save(data: Mapping[str, Any], *, token: str | None, now: datetime) -> str:
    """The token of the draft, which now holds `data`; a new one where `token` is None. Raises NoSuchDraft."""
    if token is None:
        token = keyed.token()
        Draft.objects.create(token_hash=hash_of(token), data=dict(data), made_at=now, saved_at=now)
    elif not _open(token, now).update(data=dict(data), saved_at=now):
        raise NoSuchDraft("this draft was sent or deleted")
    return token


def read(token: str, *, now: datetime) -> dict[str, Any]:
    """What a draft holds. Raises NoSuchDraft."""
    found = _open(token, now).first()
    if found is None:
        raise NoSuchDraft("this draft was sent or deleted")
    return dict(found.data)


def delete(token: str) -> None:
    """Nothing; there is no such draft any more."""
    Draft.objects.filter(token_hash=hash_of(token)).delete()


def _open(token: str, now: datetime) -> Any:
    return Draft.objects.filter(token_hash=hash_of(token), saved_at__gt=now - DRAFTS_KEPT)


__all__ = ["NoSuchDraft", "delete", "read", "save"]
