"""Fixed strings of documents and pages in the language of the base, which gives its own words for the English ones."""

from __future__ import annotations

from collections.abc import Mapping

from wellfounded.publishing.model import Publication


class Strings:
    """`say("Figure {n}", n=3)`: the string in the base's words where it has them, else in English, slots filled."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self._given = dict(given or {})

    @classmethod
    def of(cls, publication: Publication) -> Strings:
        """The strings of a publication."""
        return cls(publication.strings)

    def __call__(self, english: str, /, **values: object) -> str:
        text = self._given.get(english, english)
        return text.format(**values) if values else text

    def count(self, number: int, one: str, many: str, /, **values: object) -> str:
        """`one` or `many` with {n} as the number: say.count(3, "{n} release", "{n} releases")."""
        return self(one if number == 1 else many, n=f"{number:,}", **values)


ENGLISH = Strings()

__all__ = ["ENGLISH", "Strings"]
