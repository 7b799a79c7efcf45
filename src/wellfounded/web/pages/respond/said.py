"""We asked, you said, we did: as a page, and as a document."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from wellfounded.people.consultation.queries import answers, asked
from wellfounded.people.consultation.queries.answers import YouSaid
from wellfounded.publishing.documents import consulted
from wellfounded.publishing.documents.consulted import Consulted, Decided, Heard, Theme, Voice
from wellfounded.publishing.documents.document import Document
from wellfounded.publishing.editions.shelf import Frozen
from wellfounded.web import editions
from wellfounded.web.keeping import Kept
from wellfounded.web.pages.respond import reading
from wellfounded.web.pages.respond.frame import public
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, site_version

MOST_THEMES = 12
NAME = "we-asked-you-said-we-did"
_told: Kept[tuple[str, tuple[int, int], str], Consulted] = Kept(size=8)
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


def told(opened: Opened) -> Consulted:
    """What the page and the document say; read again when anything was received, decided or understood anew."""
    key = (site_version(opened), asked.state(), timezone.localdate().isoformat())
    return _told.get(key) or _told.put(key, read(opened))


def read(opened: Opened) -> Consulted:
    """The same, read now."""
    counted, said = asked.asked(), opened.shown.consultation
    heard = [_heard(opened, each) for each in answers.you_said()]
    return Consulted(
        questions=opened.shown.consultation_questions, opens=said.opens, closes=said.closes,
        on=timezone.localdate().isoformat(), received=counted.received, parties=counted.parties, as_one=counted.as_one,
        campaigns=counted.campaigns, hands=counted.hands, types=tuple(reading.types(counted.types)),
        places=tuple(reading.places(opened, counted.places)),
        ways=tuple((reading.CHANNELS.get(name, name), n) for name, n in counted.channels),
        demonstration=counted.demonstration,
        themes=tuple(
            Theme(
                each.name if each.named else "", each.responses, each.as_one, tuple(reading.types(each.types)),
                tuple(reading.places(opened, each.places)), tuple(_voice(voice) for voice in each.voices),
            )
            for each in asked.said()[:MOST_THEMES]
        ),
        heard=tuple(each for each in heard if each.parties or each.decided),
    )  # fmt: skip


def _heard(opened: Opened, each: YouSaid) -> Heard:
    sides = reading.sides(each.supporting, each.challenging, each.qualifying, each.offering)
    return Heard(
        id=each.id, title=reading.title_of(opened, each.about, each.id) or each.title,
        address=reading.address_of(opened, each.about, each.id), about=each.about, sides=sides,
        parties=each.supporting + each.challenging + each.qualifying + each.offering + each.naming,
        voices=tuple(_voice(voice) for voice in each.voices),
        decided=tuple(
            Decided(answer.kind, answer.heading, answer.why, answer.on, *_in_edition(each, answer))
            for answer in each.answers
        ),
        demonstration=each.demonstration,
    )  # fmt: skip


def _voice(voice: answers.Voice) -> Voice:
    return Voice(voice.text, reading.somebody(voice.by), voice.reference, voice.demonstration)


def _in_edition(each: YouSaid, answer: answers.Answer) -> tuple[int, str]:
    """The first edition after a decision and what it says of the conclusion, where that is not what was said before."""
    if each.about != "conclusion" or answer.kind not in ("amend", "withdraw", "re-run"):
        return 0, ""
    saying: list[tuple[Frozen, editions.Said | None]] = editions.editions().saying(each.id)
    since = [(edition, said) for edition, said in saying if edition.date >= answer.on]
    before = next((said for edition, said in saying if edition.date < answer.on), None)
    if not since:
        return 0, "No edition has been published since."
    edition, said = since[-1]
    if said is None:
        return edition.number, f"Edition {edition.number} no longer says it."
    if before is not None and before.sentence != said.sentence:
        return edition.number, f"Edition {edition.number} says: {said.sentence}"
    return edition.number, f"Edition {edition.number} says the same as before."


def _document(opened: Opened, ending: str, kind: str) -> HttpResponseBase:
    key = (site_version(opened), asked.state(), timezone.localdate().isoformat(), ending)
    body = _made.get(key)
    if body is None:
        made = consulted.document(opened.shown, told(opened))
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
