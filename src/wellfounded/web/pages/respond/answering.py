"""An answer that is being written: what its draft holds, how far it is, and what of it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from wellfounded.people import keyed
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.receiving.types import File
from wellfounded.people.consultation.types import Consent, Opinion, Target
from wellfounded.web import consultation
from wellfounded.web.publication import NotInPublication, Opened

MOST_FILES = 10
LARGEST_TOGETHER = 60_000_000  # bytes of all files of an answer


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is said of one conclusion."""

    opinion: str
    reason: str = ""


class Upload(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that lies in the store."""

    name: str
    kind: str
    hash: str
    size: int


class Answering(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that somebody has answered so far."""

    key: str = ""  # by chance: what makes sending it twice the same as once
    respondent: str = ""
    organisation: str = ""
    sector: str = ""
    district: str = ""
    name: str = ""
    email: str = ""
    consent: str = ""
    questions: tuple[str, ...] = ()
    answers: dict[str, Answer] = {}
    ideas: dict[str, str] = {}  # by "challenge/clean-growth"
    files: tuple[Upload, ...] = ()
    opened_on: str = ""  # "conclusion/output-per-hour"
    sent: str = ""  # the reference, once it has been sent; then nothing else is left

    @property
    def said(self) -> bool:
        """Whether there is anything in it that could be sent."""
        return bool(any(self.questions) or self.answers or any(self.ideas.values()) or self.files)

    @property
    def about_you(self) -> bool:
        """Whether anything is said of who answers."""
        return bool(self.respondent or self.organisation or self.sector or self.district)

    @property
    def together(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)


def begun(**given: Any) -> Answering:
    """A new answer."""
    return Answering(key=keyed.token(), **given)


def read(data: Mapping[str, Any]) -> Answering:
    """The answer that a draft holds."""
    return msgspec.convert(dict(data), Answering)


def kept(answering: Answering) -> dict[str, Any]:
    """How a draft holds it."""
    made: dict[str, Any] = msgspec.to_builtins(answering)
    return made


def with_(answering: Answering, **given: Any) -> Answering:
    """The answer with some of it changed."""
    return msgspec.structs.replace(answering, **given)


def with_answer(answering: Answering, conclusion: str, answer: Answer | None) -> Answering:
    """The answer with what is said of a conclusion; None takes it back."""
    rest = {name: each for name, each in answering.answers.items() if name != conclusion}
    return with_(answering, answers=rest | ({conclusion: answer} if answer else {}))


def with_idea(answering: Answering, subject: consultation.Subject, text: str) -> Answering:
    """The answer with what is said of a subject that is no conclusion; nothing takes it back."""
    key = f"{subject.kind}/{subject.id}"
    rest = {name: each for name, each in answering.ideas.items() if name != key}
    return with_(answering, ideas=rest | ({key: text} if text.strip() else {}))


def subjects(opened: Opened, answering: Answering) -> dict[str, consultation.Subject]:
    """What the ideas of an answer are about, as far as the publication still has it."""
    found = {}
    for key in answering.ideas:
        kind, _, identifier = key.partition("/")
        try:
            found[key] = consultation.subject_of(opened, kind, identifier)
        except NotInPublication:
            continue
    return found


def to_send(opened: Opened, answering: Answering) -> Sent:
    """What is received of an answer. What it says of what the publication has no more is in its text, none is lost."""
    known = subjects(opened, answering)
    targets = {key: each.target for key, each in known.items()}
    ideas = [(target, answering.ideas[key]) for key, target in targets.items() if target is not None]
    rest = [(key, text) for key, text in answering.ideas.items() if targets.get(key) is None]
    titles = [known[key].title if key in known else key.partition("/")[2] for key, _ in rest]
    return Sent(
        questions=answering.questions,
        answers=[(name, Opinion(each.opinion), each.reason) for name, each in answering.answers.items()],
        ideas=ideas,
        text="\n\n".join(text for _, text in rest),
        subject=" · ".join(titles),
        opened_on=_opened_on(opened, answering),
        respondent=answering.respondent,
        name=answering.name,
        email=answering.email,
        organisation=answering.organisation,
        sector=answering.sector,
        district=answering.district,
        consent=Consent(answering.consent),
        language=opened.shown.lang,
        files=[File(each.name, each.kind, each.hash, each.size, content=b"") for each in answering.files],
    )


def _opened_on(opened: Opened, answering: Answering) -> Target | None:
    kind, _, identifier = answering.opened_on.partition("/")
    if not kind:
        return None
    try:
        return consultation.subject_of(opened, kind, identifier).target
    except NotInPublication:
        return None


__all__ = [
    "LARGEST_TOGETHER", "MOST_FILES", "Answer", "Answering", "Upload",
    "begun", "kept", "read", "subjects", "to_send", "with_", "with_answer", "with_idea",
]  # fmt: skip
