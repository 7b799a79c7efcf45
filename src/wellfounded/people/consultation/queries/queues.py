"""What waits for somebody: the queues of triage, how long they are, and what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from wellfounded.people.consultation.models import Claim, Link, Missed, Original, Point, Redaction, Response, Suggestion
from wellfounded.people.consultation.preparing.texts import words
from wellfounded.people.consultation.receiving.types import Kind
from wellfounded.people.consultation.rules import ASIDE, READABLE, State
from wellfounded.people.consultation.types import CHALLENGES, Consent, Says

_READABLE = sorted(READABLE)
FIRST_WORDS = 240
A_PAGE = 25


class Queue(StrEnum):
    """The queues, by their names in addresses."""

    UNREAD = "unread"
    UNLINKED = "unlinked"
    CHALLENGES = "challenges"
    EVIDENCE = "evidence"
    MISSED = "missed"
    PERSONAL = "personal"
    APPROVE = "approve"
    RECHECK = "recheck"
    MESSAGES = "messages"


@dataclass(frozen=True)
class Sizes:
    """How much waits in each queue."""

    unread: int
    unlinked: int
    challenges: int
    evidence: int
    missed: int
    personal: int
    approve: int
    recheck: int
    messages: int


def sizes() -> Sizes:
    """How much waits in each queue."""
    return Sizes(
        unread=unread().count(),
        unlinked=unlinked().count(),
        challenges=_how_many([str(says) for says in sorted(CHALLENGES)]),
        evidence=_how_many([str(Says.OFFERS_EVIDENCE)]),
        missed=missed().count(),
        personal=personal().count(),
        approve=to_approve().count(),
        recheck=to_recheck().count(),
        messages=messages().count(),
    )


def invented(waiting: QuerySet[Any]) -> int:
    """How many of what waits in a queue are of responses for demonstration, which are few and found by an index."""
    of = "pk" if waiting.model is Response else "response"
    return waiting.filter(**{f"{of}__in": Response.objects.filter(demonstration=True).values("pk")}).count()


def unread() -> QuerySet[Response]:
    """Responses that nobody has begun to read, the oldest first."""
    return Response.objects.filter(state=State.UNREAD, begun_at=None).order_by("received_at", "id")


def unlinked() -> QuerySet[Point]:
    """Points that wait for a decision, in the order in which their responses came."""
    return Point.objects.filter(open=True).order_by("id")


def challenges() -> QuerySet[Link]:
    """Links that challenge something, and that no decision has answered."""
    return _unanswered([str(says) for says in sorted(CHALLENGES)])


def evidence() -> QuerySet[Link]:
    """Links that offer evidence, and that no decision has answered."""
    return _unanswered([str(Says.OFFERS_EVIDENCE)])


def missed() -> QuerySet[Missed]:
    """What people say that no conclusion covers, what most different people say first."""
    return Missed.objects.filter(dismissed_at=None, point__decided_at=None).order_by("-score", "id")


def personal() -> QuerySet[Response]:
    """Responses that may be published once somebody has looked for personal data in them, the oldest first."""
    return (
        Response.objects.filter(~Exists(Redaction.objects.filter(response=OuterRef("pk"))), state__in=_READABLE)
        .exclude(consent=Consent.NOTHING)
        .exclude(text="")
        .filter(prepared_at__isnull=False)
        .order_by("received_at", "id")
    )


def to_approve() -> QuerySet[Redaction]:
    """Redacted copies that a second person has still to approve."""
    return Redaction.objects.filter(approved_by="").select_related("response").order_by("made_at", "id")


def to_recheck() -> QuerySet[Link]:
    """Links whose subject was edited since they were decided."""
    return Link.objects.filter(ended_at=None, recheck=True).select_related("response").order_by("about", "target", "id")


def messages() -> QuerySet[Original]:
    """Messages by people that fit none of the subjects asked for, in responses that nobody has read."""
    waiting = Response.objects.filter(original=OuterRef("pk"), state=State.UNREAD, begun_at=None)
    return Original.objects.filter(Exists(waiting), routed="", kind=Kind.PERSON).order_by("arrived_at", "id")


def kept_beside() -> QuerySet[Original]:
    """Messages that no person wrote, kept with the reason, the latest first: some may be somebody's after all."""
    return Original.objects.exclude(kind=Kind.PERSON).order_by("-arrived_at", "-id")


def _unanswered(says: Sequence[str]) -> QuerySet[Link]:
    return Link.objects.filter(
        ended_at=None, decision=None, says__in=says, response__state__in=_READABLE
    ).order_by("about", "target", "id")  # fmt: skip


def _how_many(says: Sequence[str]) -> int:
    """How many links `_unanswered` gives: all less the few on responses set aside: no join of all."""
    all_ = Link.objects.filter(ended_at=None, decision=None, says__in=says)
    return all_.count() - all_.filter(response__in=Response.objects.filter(state__in=sorted(ASIDE))).count()


@dataclass(frozen=True)
class Row:
    """A response in a list: where it came from, and its first words."""

    pk: int
    reference: str
    channel: str
    received_at: datetime
    respondent: str
    organisation: str
    district: str
    subject: str
    state: str
    first_words: str
    points: int
    open: int
    demonstration: bool
    at_work: str  # who is


def rows(found: QuerySet[Response], *, now: datetime) -> list[Row]:
    """Responses of one page of a list: two queries, however many there are."""
    listed = list(
        found.annotate(
            first_words=Substr("text", 1, FIRST_WORDS),
            at_work=Subquery(Claim.objects.filter(response=OuterRef("pk"), until__gt=now).values("by")[:1]),
        ).only(
            "pk", "reference", "channel", "received_at", "respondent", "organisation", "district", "subject", "state",
            "demonstration",
        )
    )  # fmt: skip
    counted: dict[int, list[bool]] = {}
    for response, open_ in Point.objects.filter(response__in=listed).values_list("response_id", "open"):
        counted.setdefault(response, []).append(open_)
    return [
        Row(
            row.pk, row.reference, row.channel, row.received_at, row.respondent, row.organisation, row.district,
            row.subject, row.state, str(row.first_words or ""), len(counted.get(row.pk, ())),
            sum(counted.get(row.pk, ())), row.demonstration, str(row.at_work or ""),
        )
        for row in listed
    ]  # fmt: skip


def points(found: QuerySet[Point]) -> list[Point]:
    """Points of one page of a list, each with its words, its response and its suggestions, the surest first."""
    listed = (
        found.annotate(words=words())
        .select_related("response")
        .defer("response__text", "response__passages", "response__segments", "response__rest")
        .prefetch_related(Prefetch("suggestions", Suggestion.objects.order_by("-confidence")))
    )
    return list(listed)


def links(found: QuerySet[Link]) -> list[Link]:
    """Links of one page of a list, each with its point's words and its response."""
    return list(
        found.annotate(words=said_in())
        .select_related("point", "response")
        .defer("response__text", "response__passages", "response__segments", "response__rest")
    )


def said_in() -> Any:
    """The words of a link's point as a database gives them."""
    return Substr("response__text", F("point__start") + 1, F("point__end") - F("point__start"))


def next_response(queue: Queue, *, by: str, now: datetime, after: Response | None = None) -> Response | None:
    """The next response of a queue that nobody else is at work on, from the first again past the last.

    None where the queue has no other than `after`.
    """
    busy = Claim.objects.filter(response=OuterRef("pk"), until__gt=now).exclude(by=by)
    if queue is Queue.UNLINKED:
        waits = Point.objects.filter(open=True).order_by("id").values_list("response_id", flat=True)
        waits = waits.exclude(Exists(busy.filter(response=OuterRef("response_id"))))
        if after is not None:
            waits = waits.filter(~Q(response_id=after.pk))
            last = Point.objects.filter(response=after).aggregate(last=Max("id"))["last"] or 0
            first = waits.filter(id__gt=last).first() or waits.first()
        else:
            first = waits.first()
        return Response.objects.get(pk=first) if first else None
    found = (personal() if queue is Queue.PERSONAL else unread()).filter(~Exists(busy))
    if after is None:
        return found.first()
    found = found.exclude(pk=after.pk)
    later = Q(received_at__gt=after.received_at) | Q(received_at=after.received_at, pk__gt=after.pk)
    return found.filter(later).first() or found.first()


__all__ = [
    "A_PAGE", "Queue", "Row", "Sizes", "challenges", "evidence", "invented", "kept_beside", "links", "messages",
    "missed", "next_response", "personal", "points", "rows", "said_in", "sizes", "to_approve", "to_recheck", "unlinked",
    "unread",
]  # fmt: skip
