"""One text from what was written in several fields: each passage is an exact slice of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wellfounded.people.consultation.types import Part, Segment

BETWEEN = "\n\n"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Passage:
    """What was written in one field: a question's answer, a reason beside a conclusion, the text of a file.

    The id is the question's number, the conclusion, what it is about as "grand challenge:clean-growth", or the file.
    """

    kind: str  # question, reason, about, text, file
    id: str
    start: int
    end: int

    def plain(self) -> dict[str, object]:
        """As it is kept."""
        return {"kind": self.kind, "id": self.id, "start": self.start, "end": self.end}


def storable(text: str) -> str:
    """`text` with what no database takes (NUL, halves of surrogate pairs) shown as the sign for it, one for one."""
    return _UNSTORABLE.sub("\ufffd", text.replace("\r\n", "\n"))


def joined(fields: Iterable[tuple[str, str, str]]) -> tuple[str, tuple[Passage, ...]]:
    """One text and its passages, of (kind, id, text); empty fields are left out."""
    text, passages = "", []
    for kind, identifier, given in fields:
        body = storable(given)
        if not body.strip():
            continue
        text += BETWEEN if text else ""
        passages.append(Passage(kind, identifier, len(text), len(text) + len(body)))
        text += body
    return text, tuple(passages)


def all_said(text: str) -> tuple[Segment, ...]:
    """The segments of a text of which all are the respondent's own words."""
    return (Segment(Part.SAID, 0, len(text)),) if text else ()


def kept(segments: Sequence[Segment]) -> list[list[object]]:
    """Segments as they are kept."""
    return [[str(segment.part), segment.start, segment.end] for segment in segments]


def read(rows: Sequence[Sequence[object]]) -> tuple[Segment, ...]:
    """Segments from how they are kept."""
    return tuple(Segment(Part(str(part)), int(str(start)), int(str(end))) for part, start, end in rows)


__all__ = ["BETWEEN", "Passage", "all_said", "joined", "kept", "read", "storable"]
