"""References of responses, as people read them out: WF-7K3M-9Q2P."""

from __future__ import annotations

import re
import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: none is mistaken for another
_SAME = str.maketrans("OIL", "011")
_FOUND = re.compile(r"\bWF[\s\u2010-\u2015-]*([0-9A-Z]{4})[\s\u2010-\u2015-]*([0-9A-Z]{4})\b", re.IGNORECASE)


def new() -> str:
    """A new reference, by chance: one of a million million, so that none can be guessed from another."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"WF-{letters[:4]}-{letters[4:]}"


def read(text: str) -> str:
    """The first reference in `text`, as we write it, however it is typed; empty where there is none."""
    found = _FOUND.search(text)
    if found is None:
        return ""
    first, second = (part.upper().translate(_SAME) for part in found.groups())
    return f"WF-{first}-{second}" if set(first + second) <= set(LETTERS) else ""


__all__ = ["new", "read"]
