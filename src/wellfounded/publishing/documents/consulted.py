"""We asked, you said, we did: what a consultation was answered, and what came of it, as a document.

Who answered comes in as a plain value: publishing knows nothing of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

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
from wellfounded.publishing.strings import ENGLISH, Strings
from wellfounded.publishing.words import sentence


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

    name: str  # that a person gave it; empty: it is told by its most typical words
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
    def named(self) -> tuple[Theme, ...]:
        """Themes that a person has named."""
        return tuple(each for each in self.themes if each.name)

    @property
    def unnamed(self) -> tuple[Theme, ...]:
        """Themes that nobody has named, each with words that may be published."""
        return tuple(each for each in self.themes if not each.name and each.voices)

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
        return _answered(self, ENGLISH)


def _answered(told: Consulted, say: Strings) -> str:
    if not told.received:
        return say("Nobody has answered yet.")
    who = say.count(told.parties, "{n} different organisation or person", "{n} different organisations and people")
    parts = [
        say("{responses} from {who}.", responses=say.count(told.received, "{n} response", "{n} responses"), who=who)
    ]
    if told.campaigns:
        found = say.count(told.campaigns, "{n} text that many sent alike", "{n} texts that many sent alike")
        parts.append(
            say("Among them: {found}; with each counted once, there are {n} voices.", found=found, n=f"{told.as_one:,}")
        )
    if told.hands:
        hands = say.count(told.hands, "{n} hand", "{n} hands")
        parts.append(say("At sessions, {hands} went up on single conclusions, which are counted apart.", hands=hands))
    return " ".join(parts)


def document(publication: Publication, told: Consulted) -> Document:
    """The document: what was asked, what was said, what was done."""
    parts = Parts(publication, (), whole=False)
    sections = (
        Section("asked", "1", parts.say("We asked"), tuple(_asked(parts, told))),
        Section("said", "2", parts.say("You said"), tuple(_said(parts, told)), flows=True),
        Section("did", "3", parts.say("We did"), tuple(_did(parts, told)), flows=True),
    )
    kind = parts.say("We asked, you said, we did")
    return making.document(publication, sections, kind=kind, description=_answered(told, parts.say))


def _asked(parts: Parts, told: Consulted) -> Iterable[Block]:
    say = parts.say
    yield Paragraph(runs(_answered(told, say)), tone="lead")
    if told.demonstration:
        n = say.count(told.demonstration, "{n} response is a demonstration", "{n} responses are demonstrations")
        invented = say("invented to show how this works. They are not what anybody said.")
        yield Paragraph(runs(f"{n}: {invented}"), tone="quiet")
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
        return parts.say(
            "Answers were taken from {opens} to {closes}.",
            opens=_day(parts, told.opens), closes=_day(parts, told.closes),
        )  # fmt: skip
    return parts.say("Answers are taken to {closes}.", closes=_day(parts, told.closes)) if told.closes else ""


def _said(parts: Parts, told: Consulted) -> Iterable[Block]:
    say = parts.say
    if not told.named and not told.unnamed:
        yield Paragraph(runs(say("No themes have been drawn from the responses yet.")))
    for theme in told.named:
        yield Heading(theme.name, 2, listed=False)
        yield Paragraph(runs(_size(theme, say)))
        yield from _voices(theme.voices, say)
    if told.unnamed:
        yield Heading(say("Groups that nobody has named yet"), 2, listed=False)
        yield Paragraph(
            runs(
                say(
                    "Points put together by the software because their words are alike, which nobody has read as a "
                    "group yet. Words from each are quoted; not everybody in it says the same."
                )
            ),
            tone="quiet",
        )
    for theme in told.unnamed:
        yield from _voices(theme.voices[:1], say)
        yield Paragraph(runs(say("From a group of {responses}", responses=_size(theme, say))), tone="quiet")


def _size(theme: Theme, say: Strings) -> str:
    told = say.count(theme.responses, "{n} response", "{n} responses")
    if theme.as_one != theme.responses:
        told += say(", {n} with each campaign counted once", n=f"{theme.as_one:,}")
    most = " " + say("Most of them: {who}.", who=theme.types[0][0].lower()) if theme.types else ""
    return f"{told}.{most}"


def _did(parts: Parts, told: Consulted) -> Iterable[Block]:
    say = parts.say
    if not told.heard:
        yield Paragraph(runs(say("Nothing that was said has been put to a conclusion yet.")))
    for each in told.decided:
        yield Heading(each.title, 2, f"heard-{each.about.replace(' ', '-')}-{each.id or 'all'}", sentence=True)
        if each.sides:
            yield Paragraph((Run(f"{say('You said')}: ", strong=True), Run(f"{each.sides}.")))
        yield from _voices(each.voices, say)
        for decided in each.decided:
            done = say(decided.heading).lower() if decided.kind != "note" else say("noted it")
            yield Paragraph(
                (
                    Run(f"{say('We did')}: {done}. ", strong=True),
                    Run(f"{sentence(decided.why)} ({_day(parts, decided.on)})"),
                )
            )
            if decided.changed:
                yield Paragraph(runs(decided.changed), tone="quiet")
    if told.waiting:
        waiting = say("Said, and not decided yet")
        yield Heading(waiting, 2, "waiting", listed=True)
        columns = (Column(say("Subject"), share=3), Column(say("What was said"), share=2))
        rows = [
            Row((Cell(each.title, href=_page(parts, each)), Cell(each.sides or say("named"))))
            for each in told.waiting
        ]  # fmt: skip
        yield parts.table(waiting, columns, rows, small=True)


def _page(parts: Parts, each: Heard) -> str:
    """Its page on the site; nothing where the place has none."""
    return f"{parts.publication.site}{each.address}" if parts.publication.site and each.address else ""


def _voices(voices: Sequence[Voice], say: Strings) -> Iterable[Block]:
    for voice in voices:
        marked = f", {say('demonstration')}" if voice.demonstration else ""
        by = Paragraph(runs(f"{voice.by}{marked}"), tone="quiet")
        paragraphs = [Paragraph(runs(part.strip())) for part in voice.text.split("\n\n") if part.strip()]
        yield Quote((*paragraphs, by))


def _day(parts: Parts, iso: str) -> str:
    return naming.day(date.fromisoformat(iso), parts.say)


_ONE = (("", 1),)
_WORDS = (Voice("", "", demonstration=True),)
EVERY_LINE = Consulted(  # holds of nobody: whoever lists the strings of documents hears all of them in it
    questions=("",), opens="2000-01-01", closes="2000-01-02", on="2000-01-03", received=1, parties=1, as_one=1,
    campaigns=1, hands=1, types=_ONE, places=_ONE, ways=_ONE, demonstration=1,
    themes=(Theme("-", 2, 1, _ONE, _ONE, _WORDS), Theme("", 2, 1, _ONE, _ONE, _WORDS)),
    heard=(
        Heard("", "-", "", "", "", 1),
        *(
            Heard("", "-", "", "", "-", 1, _WORDS, (Decided(kind, heading, "-", "2000-01-01"),))
            for kind, heading in (
                ("keep", "We keep it as it is"), ("amend", "We change it"), ("withdraw", "We withdraw it"),
                ("re-run", "We tested it again with your figures"), ("use", "We use it"), ("note", "We have noted it"),
            )
        ),
    ),
)  # fmt: skip
NOTHING_SAID = Consulted((), "", "2000-01-01", "2000-01-01", 0, 0, 0, 0, 0, (), (), (), 0, (), ())

__all__ = ["EVERY_LINE", "NOTHING_SAID", "Consulted", "Decided", "Heard", "Theme", "Voice", "document"]
