"""Words that obey the evidence: sentences with slots, filled only from a verdict's own figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SLOT = re.compile(r"\{([a-z0-9_-]+(?:\.[a-z0-9_]+)?)\}")
_ANY = re.compile(r"\{[^{}]*\}|[{}]")


class UnfilledSlot(ValueError):
    """A slot of a sentence has nothing to fill it."""


def slots_in(text: str) -> list[str]:
    """The names of the slots in a text, in order."""
    return _SLOT.findall(text)


def broken_slots(text: str) -> list[str]:
    """Braces that open no slot, as they stand."""
    return [found for found in _ANY.findall(text) if not _SLOT.fullmatch(found)]


def fill(text: str, slots: Mapping[str, str]) -> str:
    """The text with its slots filled. Raises UnfilledSlot, with the names of those that are empty or unknown."""
    missing = [name for name in slots_in(text) if not slots.get(name)]
    if missing:
        named = ", ".join("{" + name + "}" for name in dict.fromkeys(missing))
        raise UnfilledSlot(f"nothing fills {named}")
    return capital(_SLOT.sub(lambda match: slots[match[1]], text))


def capital(sentence: str) -> str:
    """The sentence with a capital letter at its start."""
    return sentence[:1].upper() + sentence[1:]


def join(sentences: Iterable[str]) -> str:
    """Sentences as one text, each ending in a full stop."""
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in sentences if text)
