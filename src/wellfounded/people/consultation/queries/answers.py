"""What became of what people said: for the person who wrote it, and for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from wellfounded.people.consultation.models import Decision, Link, Personal, Point, Response, Subject
from wellfounded.people.consultation.queries import ledger
from wellfounded.people.consultation.redacting import approved
from wellfounded.people.consultation.rules import READABLE, State
from wellfounded.people.consultation.types import WITHOUT_ID, About, Consent, Span

QUOTES = 3  # of each subject
LOOKED_AT = 5  # links for a quote: some points are in files, of which no copy is approved

STATES = {
    State.UNREAD: "Somebody has still to read some or all of it.",
    State.LINKED: "It has been read, and each point is set against what it is about.",
    State.NO_CONCLUSION: "It has been read. None of its points is about one of our conclusions.",
    State.DUPLICATE: "It says the same as another response of yours, and is counted with it.",
    State.WITHHELD: "It is kept, and is not counted or published.",
    State.FAILED: "We could not read it. Please send it to us again, in another form.",
}
DECIDED = {
    "keep": "We keep it as it is",
    "amend": "We change it",
    "withdraw": "We withdraw it",
    "re-run": "We tested it again with your figures",
    "use": "We use it",
    "note": "We have noted it",
}


@dataclass(frozen=True)
class Answer:
    """What was decided of what a point is about."""

    kind: str
    heading: str
    why: str
    on: str  # ISO date


@dataclass(frozen=True)
class PointLink:
    """What a point was set against, by a person, and what was decided there."""

    about: str
    id: str
    title: str
    says: str
    answer: Answer | None


@dataclass(frozen=True)
class PointStanding:
    """One thing that somebody said, and what became of it. Without links, nobody has decided on it yet."""

    text: str
    decided: bool
    links: tuple[PointLink, ...]


@dataclass(frozen=True)
class Standing:
    """What a respondent's own link shows."""

    reference: str
    received_on: str
    state: str
    told: str  # the state in a sentence
    reason: str  # why it is withheld or could not be read
    consent: str
    passages: tuple[tuple[str, str, str], ...]  # kind, id, text
    opinions: tuple[tuple[str, str, str], ...]  # conclusion, its sentence, what was ticked
    points: tuple[PointStanding, ...]
    published: bool
    erased: bool
    demonstration: bool


@dataclass(frozen=True)
class Voice:
    """Words that may be published, and who said them as far as they agreed to be named."""

    text: str
    by: str
    says: str
    reference: str
    demonstration: bool


@dataclass(frozen=True)
class YouSaid:
    """A subject that people said something of: how many, in whose words, and what was done."""

    about: str
    id: str
    title: str
    supporting: int
    challenging: int
    qualifying: int
    offering: int
    naming: int  # who only name it
    voices: tuple[Voice, ...]
    answers: tuple[Answer, ...]
    demonstration: bool


def of(response: Response) -> Standing:
    """What became of each point of a response: a fixed number of queries."""
    points = list(Point.objects.filter(response=response).order_by("start"))
    where = {point.pk: point.read_as_id or point.pk for point in points}
    links: dict[int, list[Link]] = {}
    for link in (
        Link.objects.filter(point__in=set(where.values()), ended_at=None).select_related("decision").order_by("id")
    ):
        links.setdefault(link.point_id, []).append(link)
    there = {p.pk: p.decided_at is not None for p in Point.objects.filter(pk__in=set(where.values()))}
    opinions = list(response.opinions.order_by("id"))
    titles = _titles(
        {(link.about, link.target) for some in links.values() for link in some}
        | {(str(About.CONCLUSION), opinion.conclusion) for opinion in opinions}
    )
    redaction = getattr(response, "redaction", None)
    return Standing(
        reference=response.reference,
        received_on=timezone.localdate(response.received_at).isoformat(),
        state=response.state,
        told=STATES[State(response.state)],
        reason=response.reason,
        consent=response.consent,
        passages=tuple((p["kind"], p["id"], response.text[p["start"] : p["end"]]) for p in response.passages),
        opinions=tuple(
            (o.conclusion, titles.get((About.CONCLUSION, o.conclusion), o.conclusion), o.opinion) for o in opinions
        ),
        points=tuple(
            PointStanding(
                text=response.text[point.start : point.end],
                decided=there.get(where[point.pk], False),
                links=tuple(
                    PointLink(
                        link.about, link.target, titles.get((link.about, link.target), link.target or link.about),
                        link.says, _answer(link.decision),
                    )
                    for link in links.get(where[point.pk], ())
                ),
            )
            for point in points
            if not response.erased_at
        ),
        published=redaction is not None and redaction.approved_at is not None,
        erased=response.erased_at is not None,
        demonstration=response.demonstration,
    )  # fmt: skip


def you_said() -> tuple[YouSaid, ...]:
    """What people said of each subject and what was done, in the order of the publication."""
    counts, real = ledger.sides(), ledger.sides(demonstration=False)
    subjects = {(row.about, row.target): row for row in Subject.objects.all()}
    decisions: dict[tuple[str, str], list[Decision]] = {}
    for decision in Decision.objects.order_by("-at", "-id"):
        decisions.setdefault((decision.about, decision.target), []).append(decision)
    voices = _voices()
    found = []
    for key in {*counts, *decisions} - {(str(About.NOT_EVIDENCE), "")}:
        about, target = key
        row = subjects.get(key)
        sides = counts.get(key, {})
        found.append(
            (
                (row.position if row else len(subjects), about, target),
                YouSaid(
                    about=about, id=target, title=row.title if row else target or about,
                    supporting=sides.get(ledger.SUPPORTING, 0), challenging=sides.get(ledger.CHALLENGING, 0),
                    qualifying=sides.get(ledger.QUALIFYING, 0), offering=sides.get(ledger.OFFERING, 0),
                    naming=sides.get(ledger.NAMING, 0),
                    voices=tuple(voices.get(key, ())),
                    answers=tuple(a for d in decisions.get(key, ()) if (a := _answer(d)) is not None),
                    demonstration=sides != real.get(key, {})
                    or any(v.demonstration for v in voices.get(key, ()))
                    or any(d.demonstration for d in decisions.get(key, ())),
                ),
            )
        )  # fmt: skip
    return tuple(each for _, each in sorted(found, key=lambda pair: pair[0]))


def ideas(challenge: str) -> tuple[Voice, ...]:
    """What people said of a Grand Challenge, in words that may be published."""
    return tuple(_voices(about=About.CHALLENGE, target=challenge, most=200).get((About.CHALLENGE, challenge), ()))


def _voices(*, about: str = "", target: str = "", most: int = QUOTES) -> dict[tuple[str, str], list[Voice]]:
    """Words on each subject that may be published: of responses whose redacted copy a second person approved."""
    links = Link.objects.filter(
        ~Q(response__redaction__approved_by=""), ~Q(about=About.NOT_EVIDENCE), ended_at=None,
        response__redaction__isnull=False, response__state__in=sorted(READABLE), response__erased_at=None,
        response__consent__in=[Consent.TEXT, Consent.NAME_AND_TEXT],
    )  # fmt: skip
    if about:
        links = links.filter(about=about, target=target)
    ranked = links.annotate(
        place=Window(RowNumber(), partition_by=[F("about"), F("target")], order_by=[F("party_id").asc(), F("id").asc()])
    )
    looked = ranked.filter(place__lte=most * LOOKED_AT).select_related("point", "response__redaction")
    chosen = list(looked.order_by("about", "target", "place"))
    going: dict[int, list[Personal]] = {}
    for span in Personal.objects.filter(response__in={link.response_id for link in chosen}, remove=True).order_by(
        "start"
    ):
        going.setdefault(span.response_id, []).append(span)
    found: dict[tuple[str, str], list[Voice]] = {}
    for link in chosen:
        response = link.response
        where = Span(link.point.start, link.point.end)
        text = approved(response.text, where, going.get(response.pk, ()), copy=response.redaction.text)
        mine = found.setdefault((link.about, link.target), [])
        if not text or len(mine) == most:
            continue
        named = response.consent == Consent.NAME_AND_TEXT
        by = response.organisation if named and response.organisation else response.respondent or "somebody"
        mine.append(Voice(text, by, link.says, response.reference, response.demonstration))
    return found


def _titles(keys: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    ids = {target for about, target in keys if about not in WITHOUT_ID}
    return {(row.about, row.target): row.title for row in Subject.objects.filter(target__in=ids)}


def _answer(decision: Decision | None) -> Answer | None:
    if decision is None:
        return None
    return Answer(decision.kind, DECIDED[decision.kind], decision.why, timezone.localdate(decision.at).isoformat())


__all__ = ["Answer", "PointLink", "PointStanding", "Standing", "Voice", "YouSaid", "ideas", "of", "you_said"]
