"""Links that show somebody their booking: made anew from the key whenever an e-mail needs one, never kept."""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from contextlib import suppress

from wellfounded.people import keyed


def new_key() -> str:
    """What a link is made from: of no use without this installation's key."""
    return uuid.uuid4().hex


def token(purpose: str, key: str) -> str:
    """The token in the address of what has `key`: 64 hexadecimal digits."""
    return keyed.of(f"link.{purpose}", key)


def hashed(given: str) -> str:
    """What is kept of a token, to find what it belongs to."""
    return hashlib.sha256(given.encode()).hexdigest()


def hash_of(purpose: str, key: str) -> str:
    """What is kept of the token of what has `key`."""
    return hashed(token(purpose, key))


def person(email: str) -> str:
    """What tells that two bookings are one person's: the keyed hash of the mailbox that an address leads to."""
    return keyed.of("person", _mailbox(email))


def _mailbox(email: str) -> str:
    """An address without what makes no other mailbox: capitals, other forms of a letter, a tag behind a plus."""
    name, _, domain = unicodedata.normalize("NFKC", email.strip()).casefold().rpartition("@")
    with suppress(UnicodeError):  # not a name that a domain can have: it stays what it is
        domain = domain.rstrip(".").encode("idna").decode()
    plain, _, _ = name.partition("+")
    return f"{plain or name}@{domain}"


__all__ = ["hash_of", "hashed", "new_key", "person", "token"]
