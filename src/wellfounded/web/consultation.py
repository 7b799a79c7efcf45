"""The consultation as pages need it: whether it is open, whom it asks, and what may be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.http import HttpRequest
from django.utils import timezone

from wellfounded.evidence.consultation import RESPONDENTS, SECTORS
from wellfounded.people.consultation.queries import asked
from wellfounded.people.consultation.types import About, Consent, Opinion, Respondent, Target
from wellfounded.publishing import sureness
from wellfounded.publishing.model import Publication, ShownConclusion
from wellfounded.web import addresses, network
from wellfounded.web.publication import NotInPublication, Opened

ELSEWHERE = "elsewhere"
RESPONDENT_WORDS: Mapping[str, str] = {
    Respondent.BUSINESS: "A business",
    Respondent.BUSINESS_GROUP: "A group that speaks for businesses",
    Respondent.EMPLOYER: "An employer that is no business, such as a hospital or a school trust",
    Respondent.COLLEGE: "A college or university",
    Respondent.COUNCIL: "A council",
    Respondent.VOLUNTARY: "A voluntary or community organisation",
    Respondent.RESIDENT: "A resident, for myself",
}
OPINION_WORDS: Mapping[str, str] = {
    Opinion.AGREE: "I agree",
    Opinion.PARTLY: "I partly agree",
    Opinion.DISAGREE: "I disagree",
    Opinion.DONT_KNOW: "I don’t know",
}
CONSENT_WORDS: Mapping[str, str] = {
    Consent.NAME_AND_TEXT: "Publish what I say, with my name and my organisation",
    Consent.TEXT: "Publish what I say, without my name and my organisation",
    Consent.NOTHING: "Don’t publish what I say",
}
CONSENT_HINTS: Mapping[str, str] = {
    Consent.NAME_AND_TEXT: "Your e-mail address is never published.",
    Consent.TEXT: "Details in it that would show who you are are taken out first.",
    Consent.NOTHING: "It is read and counted all the same.",
}
_KINDS = {
    "conclusion": About.CONCLUSION,
    "chapter": About.CHAPTER,
    "indicator": About.INDICATOR,
    "challenge": About.CHALLENGE,
    "priority": None,  # no evidence: what is said of it is said of the whole
}


@dataclass(frozen=True)
class Subject:
    """A page of ours that somebody has something to say about."""

    kind: str
    id: str
    title: str
    address: str
    conclusion: ShownConclusion | None = None

    @property
    def target(self) -> Target | None:
        """What it is to the tables; None for a priority."""
        about = _KINDS[self.kind]
        return Target(about, self.id) if about else None

    @property
    def form(self) -> str:
        """The address of the form about it."""
        return addresses.tell(self.kind, self.id)


def asks(publication: Publication) -> bool:
    """Whether the base has a consultation."""
    return bool(publication.consultation_questions or publication.consultation_address)


@dataclass(frozen=True)
class Standing:
    """Whether answers are taken: "before", "open" or "closed", and the days as ISO."""

    state: str
    opens: str
    closes: str
    days_left: int | None = None  # the last day is 0

    @property
    def open(self) -> bool:
        return self.state == "open"


def standing(publication: Publication, *, now: datetime) -> Standing:
    """How the consultation stands at a moment. Its last day counts to its end."""
    said, today = publication.consultation, timezone.localdate(now)
    if said.opens and today < date.fromisoformat(said.opens):
        return Standing("before", said.opens, said.closes)
    if not said.closes:
        return Standing("open", said.opens, "")
    left = (date.fromisoformat(said.closes) - today).days
    return Standing("open" if left >= 0 else "closed", said.opens, said.closes, left if left >= 0 else None)


@dataclass(frozen=True)
class Call:
    """What the front page says of the consultation now."""

    standing: Standing
    received: int
    demonstration: int


def call(opened: Opened, *, now: datetime) -> Call | None:
    """How many have responded, and whether answers are still taken; None where the base has no consultation."""
    if not asks(opened.shown):
        return None
    received, shown = asked.answered()
    return Call(standing(opened.shown, now=now), received, shown)


def subject_of(opened: Opened, kind: str, identifier: str) -> Subject:
    """What the form about it shows. Raises NotInPublication."""
    shown = opened.shown
    found: Subject | None = None
    if kind == "conclusion" and identifier in opened.conclusions:
        conclusion = opened.conclusions[identifier]
        if conclusion.state == "published":
            found = Subject(kind, identifier, conclusion.sentence, addresses.conclusion(identifier), conclusion)
    elif kind == "chapter" and identifier in opened.chapters:
        found = Subject(kind, identifier, opened.chapters[identifier].title, addresses.chapter(identifier))
    elif kind == "indicator" and identifier in opened.indicator_refs:
        found = Subject(kind, identifier, opened.indicator_refs[identifier].label, addresses.indicator(identifier))
    elif kind == "challenge":
        titles = {challenge.id: challenge.title for challenge in shown.challenges}
        if identifier in titles:
            found = Subject(kind, identifier, titles[identifier], f"/grand-challenges/{quote(identifier)}")
    elif kind == "priority" and shown.priorities:
        named = {policy.id: policy.title for policy in shown.priorities.policies}
        if identifier in named:
            found = Subject(kind, identifier, named[identifier], f"/priorities/{quote(identifier)}")
    if found is None:
        raise NotInPublication(f"the publication has no {kind} {identifier!r}")
    return found


def conclusions_of(opened: Opened, chapter: str) -> list[ShownConclusion]:
    """The published conclusions of a chapter, those that hold first."""
    mine = [c for c in sureness.published(opened.shown.conclusions) if c.chapter == chapter]
    return sorted(mine, key=lambda c: c.verdict != "holds")


def districts(publication: Publication) -> dict[str, str]:
    """The districts that somebody can be from, by code."""
    return {area.code: area.name for area in publication.members or (publication.place,)}


def district_name(publication: Publication, given: str) -> str:
    """A district as people read it. Another place is "Elsewhere": one person in a town can be known by it."""
    return districts(publication).get(given, "Elsewhere") if given else ""


def respondents(publication: Publication) -> dict[str, str]:
    """The types of respondents that may be chosen, in words."""
    return {one: RESPONDENT_WORDS[one] for one in publication.consultation.respondents or RESPONDENTS}


def sectors(publication: Publication) -> tuple[str, ...]:
    """The sectors that may be chosen."""
    return publication.consultation.sectors or SECTORS


def site_of(request: HttpRequest, publication: Publication) -> str:
    """The address of the site, without a slash at its end."""
    return network.site(request, publication.site)


__all__ = [
    "CONSENT_HINTS", "CONSENT_WORDS", "ELSEWHERE", "OPINION_WORDS", "RESPONDENT_WORDS", "Call", "Standing", "Subject",
    "asks", "call", "conclusions_of", "district_name", "districts", "respondents", "sectors", "site_of", "standing",
    "subject_of",
]  # fmt: skip
