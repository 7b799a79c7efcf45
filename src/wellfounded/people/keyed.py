"""Keyed hashes: what lets us find an address or a token again without keeping it where a list could be tried."""

from __future__ import annotations

import secrets

from django.utils.crypto import salted_hmac


def of(purpose: str, text: str) -> str:
    """The hash of `text` under this installation's key, for one purpose: 64 hexadecimal digits."""
    return salted_hmac(f"wellfounded.{purpose}", text, algorithm="sha256").hexdigest()


def token() -> str:
    """A new token for a link: 32 random bytes."""
    return secrets.token_urlsafe(32)


__all__ = ["of", "token"]
