"""What came with a form or an address, where no form checks it."""

from __future__ import annotations


def whole(given: str) -> int:
    """A number that came with a form; 0 where it is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else 0


__all__ = ["whole"]
