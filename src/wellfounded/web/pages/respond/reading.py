"""What people said, as pages and documents print it: subjects with their addresses, sides and places in words."""

from __future__ import annotations

from collections.abc import Iterable

from wellfounded.people.consultation.types import About, Says
from wellfounded.publishing import who_said
from wellfounded.publishing.strings import ENGLISH, Strings
from wellfounded.publishing.words import count
from wellfounded.web import consultation
from wellfounded.web.publication import NotInPublication, Opened

KINDS = {
    About.CONCLUSION: "conclusion",
    About.CHAPTER: "chapter",
    About.INDICATOR: "indicator",
    About.CHALLENGE: "challenge",
}
OTHERS = {
    About.MISSING: who_said.MISSING,
    About.NOT_EVIDENCE: who_said.NOT_EVIDENCE,
}
SAYS = {
    Says.SUPPORTS: "supports",
    Says.CHALLENGES_DATA: "challenges the data of",
    Says.CHALLENGES_INFERENCE: "challenges what we make of the data in",
    Says.QUALIFIES: "qualifies",
    Says.OFFERS_EVIDENCE: "offers evidence on",
}


def subject_of(opened: Opened, about: str, identifier: str) -> consultation.Subject | None:
    """The page of what something is about, where the publication has it still."""
    kind = KINDS.get(About(about)) if about in set(About) else None
    if kind is None:
        return None
    try:
        return consultation.subject_of(opened, kind, identifier)
    except NotInPublication:
        return None


def title_of(opened: Opened, about: str, identifier: str, say: Strings = ENGLISH) -> str:
    """What it is called; empty where the publication has it no more."""
    subject = subject_of(opened, about, identifier)
    if subject is not None:
        return subject.title
    return say(OTHERS[About(about)]) if about in OTHERS else ""


def address_of(opened: Opened, about: str, identifier: str) -> str:
    """Its page; empty where it has none."""
    subject = subject_of(opened, about, identifier)
    return subject.address if subject else ""


def says_words(about: str, says: str) -> str:
    """What a point does to what it is about: "challenges the data of"."""
    if about in OTHERS:
        return ""
    return SAYS[Says(says)] if says in set(Says) else "is about"


def places(opened: Opened, counted: Iterable[tuple[str, int]], say: Strings = ENGLISH) -> list[tuple[str, int]]:
    """Places in words: the districts, elsewhere, and those that did not say."""
    named = (
        (who_said.NOT_SAID if code in ("", "not said") else consultation.district_name(opened.shown, code), n)
        for code, n in counted
    )
    return who_said.places(named, say)


__all__ = ["address_of", "count", "places", "says_words", "subject_of", "title_of"]
