"""What came with a form or an address, where no form checks it."""

from __future__ import annotations


def whole(given: str | None, *, otherwise: int = 0) -> int:
    """A number that came with a form; `otherwise` where it is none."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 16 else otherwise


__all__ = ["whole"]
