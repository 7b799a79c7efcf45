"""Where a message belongs by its subject, and which of ours it answers. What fits nowhere goes to triage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

ALIKE = 0.86
"""How alike words of the subject have to be to what it should be: 1 less the edits (a letter more, less, other, or two
swapped) by length. One slip in "LIS Evidence" is .92, two are .83; "This evidence" is .85 and is nobody's subject."""

_SHORT = 4  # letters of a word that has to be right when the words stand in another order

_PREFIX = re.compile(
    r"\s*(?:(?:re|fw|fwd|aw|wg|antw|sv|vs|vb|tr|rv|res|enc|r|i|yml|ymlaen|ymateb|ateb)(?:\s*\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]"
    r"|\[[^\]]{1,40}\]|\*{2,}[^*]{1,40}\*{2,})\s*",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\s*(?:(?:re|aw)\s*:\s*)*(?:fw|fwd|wg|tr|rv|yml|ymlaen)\s*:", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"\[(?:ref|cyf)\.?\s+([0-9A-Z][0-9A-Z-]{5,30})\]", re.IGNORECASE)
_LONGEST = 400  # characters of a subject that are looked at


@dataclass(frozen=True)
class Route:
    """The subject that a message belongs to, as the base spells it, or empty for triage; and why."""

    subject: str
    alike: float
    why: str


def route(subject: str, subjects: Sequence[str]) -> Route:
    """Which of `subjects` is in a message's subject, despite prefixes, case, slips and further words."""
    words = _words(bare_subject(subject))
    found = [(alike, expected) for expected in subjects if (alike := _alike(words, _words(expected))) >= ALIKE]
    if not found:
        return Route("", 0.0, "its subject is none of those asked for" if words else "it has no subject")
    best, expected = max(found, key=lambda pair: (pair[0], len(pair[1])))
    others = [other for _, other in found if other != expected]
    why = f"its subject has {expected!r}" if best == 1 else f"its subject has words like {expected!r}"
    return Route(expected, best, why + (f", and also {', '.join(map(repr, others))}" if others else ""))


def token_in(subject: str) -> str:
    """The token of a receipt of ours, as "[ref ABCD-EFGH]" in a subject; empty where there is none."""
    found = _TOKEN.search(subject)
    return found[1].upper() if found else ""


def is_forward(subject: str) -> bool:
    """Whether a subject says that a message is passed on."""
    return bool(_FORWARD.match(subject[:_LONGEST]))


def bare_subject(subject: str) -> str:
    """The subject without RE:, FW:, names of lists in brackets and marks of filters at its start."""
    subject = subject[:_LONGEST]
    while (match := _PREFIX.match(subject)) and match.end():
        subject = subject[match.end() :]
    return subject.strip()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _alike(words: Sequence[str], expected: Sequence[str]) -> float:
    """The greatest likeness of any run of words to the expected ones; spaces don't count.

    The words may also stand apart or in another order, when each is there and the short ones are right.
    """
    wanted = "".join(expected)
    each = [max((OSA.normalized_similarity(word, other) for other in words), default=0.0) for word in expected]
    apart = all(
        alike == 1 or (alike >= ALIKE and len(word) > _SHORT) for word, alike in zip(expected, each, strict=True)
    )
    best = min(each) * 0.99 if apart and each else 0.0
    for size in range(max(1, len(expected) - 1), len(expected) + 2):
        for start in range(max(1, len(words) - size + 1)):
            best = max(best, OSA.normalized_similarity("".join(words[start : start + size]), wanted))
    return best
