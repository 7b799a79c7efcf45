"""Fixed strings of documents in the language of the base, which gives its own words for the English ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from wellfounded.publishing.model import Publication

_heard: ContextVar[dict[str, None] | None] = ContextVar("heard", default=None)


class Strings:
    """`say("Figure {n}", n=3)`: the string in the base's words where it has them, else in English, slots filled."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self._given = dict(given or {})

    @classmethod
    def of(cls, publication: Publication) -> Strings:
        """The strings of a publication."""
        return cls(publication.strings)

    def __call__(self, english: str, /, **values: object) -> str:
        if (heard := _heard.get()) is not None:
            heard[english] = None
        text = self._given.get(english, english)
        return text.format(**values) if values else text

    def count(self, number: int, one: str, many: str, /, **values: object) -> str:
        """`one` or `many` with {n} as the number: say.count(3, "{n} release", "{n} releases")."""
        if (heard := _heard.get()) is not None:
            heard |= {one: None, many: None}
        return self(one if number == 1 else many, n=f"{number:,}", **values)


@contextmanager
def listening() -> Iterator[dict[str, None]]:
    """The English strings that are said while the block runs, in the order in which they are first said."""
    found: dict[str, None] = {}
    token = _heard.set(found)
    try:
        yield found
    finally:
        _heard.reset(token)


ENGLISH = Strings()

__all__ = ["ENGLISH", "Strings", "listening"]
