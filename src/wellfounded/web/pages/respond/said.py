"""We asked, you said, we did: as a page, and as a document."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from wellfounded.people.consultation.queries import answers, asked
from wellfounded.people.consultation.queries.answers import YouSaid
from wellfounded.publishing import who_said
from wellfounded.publishing.documents import consulted
from wellfounded.publishing.documents.consulted import Consulted, Decided, Heard, Theme, Voice
from wellfounded.publishing.documents.document import Document
from wellfounded.publishing.editions.shelf import Frozen
from wellfounded.publishing.strings import ENGLISH, Strings
from wellfounded.web import editions
from wellfounded.web.keeping import Kept
from wellfounded.web.pages.respond import reading
from wellfounded.web.pages.respond.frame import public
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, site_version

MOST_THEMES = 12
NAME = "we-asked-you-said-we-did"
_told: Kept[tuple[str, tuple[int, int], str, bool], Consulted] = Kept(size=8)
_made: Kept[tuple[str, tuple[int, int], str, str], bytes] = Kept(size=32_000_000)


@public
def page(request: HttpRequest, opened: Opened) -> Page:
    """What was asked, who answered, what they said, and what was done."""
    return Page("respond/said.html", {"told": told(opened), "here": "you-said"})


@public
def as_pdf(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """The same as a PDF."""
    return _document(opened, "pdf", "application/pdf")


@public
def as_word(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """The same as a Word file."""
    return _document(opened, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


def told(opened: Opened, *, translated: bool = False) -> Consulted:
    """What the page says, and the document in the base's own words; read again when anything was received, decided or
    understood anew."""
    key = (site_version(opened), asked.state(), timezone.localdate().isoformat(), translated)
    return _told.get(key) or _told.put(key, read(opened, Strings.of(opened.shown) if translated else ENGLISH))


def read(opened: Opened, say: Strings = ENGLISH) -> Consulted:
    """The same, read now."""
    counted, dates = asked.asked(), opened.shown.consultation
    heard = [_heard(opened, each, say) for each in answers.you_said()]
    return Consulted(
        questions=opened.shown.consultation_questions, opens=dates.opens, closes=dates.closes,
        on=timezone.localdate().isoformat(), received=counted.received, parties=counted.parties, as_one=counted.as_one,
        campaigns=counted.campaigns, hands=counted.hands, types=tuple(who_said.types(counted.types, say)),
        places=tuple(reading.places(opened, counted.places, say)),
        ways=tuple((who_said.channel(name, say), n) for name, n in counted.channels),
        demonstration=counted.demonstration,
        themes=tuple(
            Theme(
                each.name if each.named else "", each.responses, each.as_one, tuple(who_said.types(each.types, say)),
                tuple(reading.places(opened, each.places, say)), tuple(_voice(voice, say) for voice in each.voices),
            )
            for each in asked.said()[:MOST_THEMES]
        ),
        heard=tuple(each for each in heard if each.parties or each.decided),
    )  # fmt: skip


def _heard(opened: Opened, each: YouSaid, say: Strings) -> Heard:
    sides = who_said.sides((each.supporting, each.challenging, each.qualifying, each.offering), say)
    return Heard(
        id=each.id, title=reading.title_of(opened, each.about, each.id, say) or each.title,
        address=reading.address_of(opened, each.about, each.id), about=each.about, sides=sides,
        parties=each.supporting + each.challenging + each.qualifying + each.offering + each.naming,
        voices=tuple(_voice(voice, say) for voice in each.voices),
        decided=tuple(
            Decided(answer.kind, answer.heading, answer.why, answer.on, *_in_edition(each, answer, say))
            for answer in each.answers
        ),
        demonstration=each.demonstration,
    )  # fmt: skip


def _voice(voice: answers.Voice, say: Strings) -> Voice:
    return Voice(voice.text, who_said.somebody(voice.by, say), voice.reference, voice.demonstration)


def _in_edition(each: YouSaid, answer: answers.Answer, say: Strings) -> tuple[int, str]:
    """The first edition after a decision and what it says of the conclusion, where that is not what was said before."""
    if each.about != "conclusion" or answer.kind not in ("amend", "withdraw", "re-run"):
        return 0, ""
    saying: list[tuple[Frozen, editions.Said | None]] = editions.editions().saying(each.id)
    since = [(edition, its) for edition, its in saying if edition.date >= answer.on]
    before = next((its for edition, its in saying if edition.date < answer.on), None)
    if not since:
        return 0, say(who_said.NO_EDITION)
    edition, its = since[-1]
    if its is None:
        return edition.number, say(who_said.GONE, n=edition.number)
    if before is not None and before.sentence != its.sentence:
        return edition.number, say(who_said.SAYS, n=edition.number, sentence=its.sentence)
    return edition.number, say(who_said.SAME, n=edition.number)


def _document(opened: Opened, ending: str, kind: str) -> HttpResponseBase:
    key = (site_version(opened), asked.state(), timezone.localdate().isoformat(), ending)
    body = _made.get(key)
    if body is None:
        made = consulted.document(opened.shown, told(opened, translated=True))
        body = _pdf(made, opened) if ending == "pdf" else _word(made, opened)
        _made.put(key, body, size=len(body))
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}.{ending}"'
    return response


def _pdf(made: Document, opened: Opened) -> bytes:
    from wellfounded.publishing.documents.typesetting import pdf

    return pdf(made, charts=opened.folder / "charts")


def _word(made: Document, opened: Opened) -> bytes:
    from wellfounded.publishing.documents.word import docx

    with tempfile.TemporaryDirectory() as folder:
        return docx(made, folder=opened.folder, to=Path(folder) / "said.docx").read_bytes()


__all__ = ["as_pdf", "as_word", "page", "read", "told"]
