"""What people said, as pages and documents print it: subjects with their addresses, sides and places in words."""

from __future__ import annotations

from collections.abc import Iterable

from wellfounded.people.consultation.types import About, Says
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
    About.MISSING: "Missing from the evidence",
    About.NOT_EVIDENCE: "Not about the evidence",
}
SAYS = {
    Says.SUPPORTS: "supports",
    Says.CHALLENGES_DATA: "challenges the data of",
    Says.CHALLENGES_INFERENCE: "challenges what we make of the data in",
    Says.QUALIFIES: "qualifies",
    Says.OFFERS_EVIDENCE: "offers evidence on",
}
CHANNELS = {
    "web": "by the form",
    "e-mail": "by e-mail",
    "paper": "on paper",
    "upload": "by another system",
    "note in the room": "noted at a session",
    "vote in the room": "votes at a session",
}
RESPONDENTS = {  # of somebody else, in a list
    "business": "A business",
    "business group": "A business group",
    "employer": "An employer",
    "college or university": "A college or university",
    "council": "A council",
    "voluntary sector": "A voluntary organisation",
    "resident": "A resident",
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


def title_of(opened: Opened, about: str, identifier: str) -> str:
    """What it is called; empty where the publication has it no more."""
    subject = subject_of(opened, about, identifier)
    return subject.title if subject else OTHERS.get(About(about), "") if about in set(About) else ""


def address_of(opened: Opened, about: str, identifier: str) -> str:
    """Its page; empty where it has none."""
    subject = subject_of(opened, about, identifier)
    return subject.address if subject else ""


def says_words(about: str, says: str) -> str:
    """What a point does to what it is about: "challenges the data of"."""
    if about in OTHERS:
        return ""
    return SAYS[Says(says)] if says in set(Says) else "is about"


def somebody(respondent: str) -> str:
    """Who answered: their name as it is, or else what they are."""
    return RESPONDENTS.get(respondent, respondent if respondent not in ("", "somebody") else "Somebody")


def types(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Types of respondents in words, those that did not say last."""
    found = [(RESPONDENTS.get(name, name).removeprefix("A ").removeprefix("An "), n) for name, n in counted]
    named = [(name[:1].upper() + name[1:], n) for name, n in found if name not in ("", "not said")]
    return named + [("Did not say", n) for name, n in found if name in ("", "not said")]


def places(opened: Opened, counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Places in words: the districts, elsewhere, and those that did not say."""
    found: dict[str, int] = {}
    for code, n in counted:
        name = "Did not say" if code in ("", "not said") else consultation.district_name(opened.shown, code)
        found[name] = found.get(name, 0) + n
    last = {"Elsewhere": 1, "Did not say": 2}
    return sorted(found.items(), key=lambda pair: (last.get(pair[0], 0), -pair[1]))


def sides(supporting: int, challenging: int, qualifying: int, offering: int) -> str:
    """Who said what of a subject: "4 support it, 1 challenges it"."""
    pairs = (
        (supporting, "supports it", "support it"),
        (challenging, "challenges it", "challenge it"),
        (qualifying, "qualifies it", "qualify it"),
        (offering, "offers evidence", "offer evidence"),
    )
    return ", ".join(f"{n:,} {one if n == 1 else many}" for n, one, many in pairs if n)


__all__ = [
    "CHANNELS", "address_of", "count", "places", "says_words", "sides", "somebody", "subject_of", "title_of", "types",
]  # fmt: skip
