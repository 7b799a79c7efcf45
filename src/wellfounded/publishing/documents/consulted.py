"""We asked, you said, we did: what a consultation was answered, and what came of it, as a document.

Who answered comes in as a plain value: publishing knows nothing of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from wellfounded.publishing import naming
from wellfounded.publishing.documents import making
from wellfounded.publishing.documents.document import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Items,
    Paragraph,
    Quote,
    Row,
    Run,
    Section,
    runs,
)
from wellfounded.publishing.documents.parts import Parts
from wellfounded.publishing.model import Publication
from wellfounded.publishing.words import count, sentence


class Voice(msgspec.Struct, frozen=True):
    """Words that may be published, and who said them as far as they agreed to be named."""

    text: str
    by: str
    reference: str = ""
    demonstration: bool = False


class Decided(msgspec.Struct, frozen=True):
    """What was decided, why, when, and what an edition says since."""

    kind: str
    heading: str
    why: str
    on: str  # ISO
    edition: int = 0
    changed: str = ""


class Heard(msgspec.Struct, frozen=True):
    """A conclusion or another subject that people said something of."""

    id: str
    title: str
    address: str  # of its page on the site; empty where it has none
    about: str
    sides: str  # "4 support it, 1 challenges it"
    parties: int
    voices: tuple[Voice, ...] = ()
    decided: tuple[Decided, ...] = ()
    demonstration: bool = False


class Theme(msgspec.Struct, frozen=True):
    """What many said."""

    name: str
    terms: tuple[str, ...]
    responses: int
    as_one: int
    types: tuple[tuple[str, int], ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    voices: tuple[Voice, ...] = ()


class Consulted(msgspec.Struct, frozen=True):
    """What was asked, who answered, what they said, and what was done."""

    questions: tuple[str, ...]
    opens: str
    closes: str
    on: str  # ISO: the day of this count
    received: int
    parties: int
    as_one: int
    campaigns: int
    hands: int
    types: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    ways: tuple[tuple[str, int], ...]
    demonstration: int
    themes: tuple[Theme, ...]
    heard: tuple[Heard, ...]

    @property
    def decided(self) -> tuple[Heard, ...]:
        """What something was decided on."""
        return tuple(each for each in self.heard if each.decided)

    @property
    def waiting(self) -> tuple[Heard, ...]:
        """What nothing was decided on yet."""
        return tuple(each for each in self.heard if not each.decided)

    @property
    def answered(self) -> str:
        """How many answered, in a sentence."""
        if not self.received:
            return "Nobody has answered yet."
        who = count(self.parties, "different organisation or person", "different organisations and people")
        told = f"{count(self.received, 'response')} from {who}."
        if self.campaigns:
            found = count(self.campaigns, "text that many sent alike", "texts that many sent alike")
            told += f" Among them: {found}; with each counted once, there are {self.as_one:,} voices."
        if self.hands:
            told += f" At sessions, {count(self.hands, 'hand')} went up on single conclusions, which are counted apart."
        return told


def document(publication: Publication, told: Consulted) -> Document:
    """The document: what was asked, what was said, what was done."""
    parts = Parts(publication, (), whole=False)
    sections = (
        Section("asked", "1", parts.say("We asked"), tuple(_asked(parts, told))),
        Section("said", "2", parts.say("You said"), tuple(_said(told)), flows=True),
        Section("did", "3", parts.say("We did"), tuple(_did(parts, told)), flows=True),
    )
    kind = parts.say("We asked, you said, we did")
    return making.document(publication, sections, kind=kind, description=told.answered)


def _asked(parts: Parts, told: Consulted) -> Iterable[Block]:
    say = parts.say
    yield Paragraph(runs(told.answered), tone="lead")
    if told.demonstration:
        n = count(told.demonstration, "response is a demonstration", "responses are demonstrations")
        yield Paragraph(runs(f"{n}: invented to show how this works. They are not what anybody said."), tone="quiet")
    if told.questions:
        yield Items(tuple((Paragraph(runs(text)),) for text in told.questions), ordered=True)
    yield Paragraph(
        runs(f"{say('Counted on {date}.', date=_day(parts, told.on))} {_days(parts, told)}".strip()), tone="quiet"
    )
    for title, counted in (
        (say("Who answered"), told.types), (say("Where they are"), told.places), (say("How it came"), told.ways),
    ):  # fmt: skip
        if counted:
            columns = (Column(title, share=3), Column(say("Number"), number=True))
            yield parts.table(title, columns, [Row((Cell(name), Cell(f"{n:,}"))) for name, n in counted])


def _days(parts: Parts, told: Consulted) -> str:
    if told.opens and told.closes:
        return f"Answers were taken from {_day(parts, told.opens)} to {_day(parts, told.closes)}."
    return f"Answers are taken to {_day(parts, told.closes)}." if told.closes else ""


def _said(told: Consulted) -> Iterable[Block]:
    if not told.themes:
        yield Paragraph(runs("No themes have been drawn from the responses yet."))
    for theme in told.themes:
        yield Heading(theme.name, 2, listed=False)
        once = f", {theme.as_one:,} with each campaign counted once" if theme.as_one != theme.responses else ""
        most = f" Most of them: {theme.types[0][0].lower()}." if theme.types else ""
        yield Paragraph(runs(f"{count(theme.responses, 'response')}{once}.{most}"))
        yield from _voices(theme.voices)


def _did(parts: Parts, told: Consulted) -> Iterable[Block]:
    if not told.heard:
        yield Paragraph(runs("Nothing that was said has been put to a conclusion yet."))
    for each in told.decided:
        yield Heading(each.title, 2, f"heard-{each.about.replace(' ', '-')}-{each.id or 'all'}", sentence=True)
        if each.sides:
            yield Paragraph((Run("You said: ", strong=True), Run(f"{each.sides}.")))
        yield from _voices(each.voices)
        for decided in each.decided:
            what = Run(f"We did: {decided.heading.lower() if decided.kind != 'note' else 'noted it'}. ", strong=True)
            yield Paragraph((what, Run(f"{sentence(decided.why)} ({_day(parts, decided.on)})")))
            if decided.changed:
                yield Paragraph(runs(decided.changed), tone="quiet")
    if told.waiting:
        yield Heading("Said, and not decided yet", 2, "waiting", listed=True)
        columns = (Column("Subject", share=3), Column("What was said", share=2))
        rows = [Row((Cell(each.title, href=_page(parts, each)), Cell(each.sides or "named"))) for each in told.waiting]
        yield parts.table("Said, and not decided yet", columns, rows, small=True)


def _page(parts: Parts, each: Heard) -> str:
    """Its page on the site; nothing where the place has none."""
    return f"{parts.publication.site}{each.address}" if parts.publication.site and each.address else ""


def _voices(voices: Sequence[Voice]) -> Iterable[Block]:
    for voice in voices:
        marked = ", demonstration" if voice.demonstration else ""
        by = Paragraph(runs(f"{voice.by}{marked}"), tone="quiet")
        paragraphs = [Paragraph(runs(part.strip())) for part in voice.text.split("\n\n") if part.strip()]
        yield Quote((*paragraphs, by))


def _day(parts: Parts, iso: str) -> str:
    from datetime import date

    return naming.day(date.fromisoformat(iso), parts.say)


__all__ = ["Consulted", "Decided", "Heard", "Theme", "Voice", "document"]
