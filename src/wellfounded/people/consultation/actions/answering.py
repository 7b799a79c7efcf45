"""What is decided about what people challenged, offered or missed, with why; and signing the consultation off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from wellfounded.people.consultation.models import Decision, Link, Missed, SignOff, Subject
from wellfounded.people.consultation.queries.accounts import account
from wellfounded.people.consultation.queries.queues import unlinked
from wellfounded.people.consultation.rules import Account
from wellfounded.people.consultation.types import Target
from wellfounded.people.models import Done


class NoReason(ValueError):
    """A decision says why, in words that the respondents will read."""


class NoSuchDecision(ValueError):
    """There is no decision of that kind."""


class NothingAnswered(ValueError):
    """A decision answers at least one link that stands."""


class DoesNotBalance(ValueError):
    """Something that was received has not been dealt with."""

    def __init__(self, found: Account, points: int) -> None:
        self.account, self.points = found, points
        left = found.received - found.accounted
        super().__init__(
            f"{found.received:,} received, {found.accounted:,} accounted for: {left:,} have still to be read "
            f"({points:,} points wait for a decision)"
            if found.received
            else "nothing was received"
        )


def answer(
    target: Target, kind: str, *, why: str, links: Collection[int], by: str, now: datetime,
    rerun: Mapping[str, Any] | None = None,
) -> Decision:  # fmt: skip
    """The decision on a conclusion or another subject, which answers these links. An earlier one stays in the record.

    Raises NoReason, NoSuchDecision, NothingAnswered.
    """
    if not why.strip():
        raise NoReason("say why: those who wrote will read it")
    if kind not in Decision.KINDS:
        raise NoSuchDecision(f"{kind!r} is no decision: expected {', '.join(Decision.KINDS)}")
    with transaction.atomic():
        answered = Link.objects.filter(pk__in=links, about=target.about, target=target.id, ended_at=None)
        found = list(answered.values_list("pk", "response__reference", "response__demonstration"))
        if not found:
            raise NothingAnswered("choose the points that the decision answers")
        subject = Subject.objects.filter(about=target.about, target=target.id).first()
        decision = Decision.objects.create(
            about=target.about, target=target.id, kind=kind, why=why.strip(), by=by, at=now,
            rerun=dict(rerun) if rerun is not None else None, subject_hash=subject.hash if subject else "",
            demonstration=all(demonstration for _, _, demonstration in found),
        )  # fmt: skip
        Link.objects.filter(pk__in=[pk for pk, _, _ in found]).update(decision=decision)
        Done.objects.create(
            at=now, who=by, what=f"answer.{kind}", about=f"{target.about} {target.id}".strip(),
            detail={"decision": decision.pk, "responses": sorted({reference for _, reference, _ in found})},
        )  # fmt: skip
    return decision


def dismiss_missed(missed: Missed, *, by: str, now: datetime) -> None:
    """Nothing; a person says that the evidence misses nothing here."""
    with transaction.atomic():
        Missed.objects.filter(pk=missed.pk).update(dismissed_at=now, dismissed_by=by)
        Done.objects.create(at=now, who=by, what="missed.dismissed", about=missed.point.response.reference)


def sign_off(*, by: str, now: datetime, note: str = "") -> SignOff:
    """The consultation signed off. Raises DoesNotBalance until all that was received has been dealt with."""
    with transaction.atomic():
        found = account()
        if not found.balances or not found.received:
            raise DoesNotBalance(found, unlinked().count())
        signed = SignOff.objects.create(at=now, by=by, account=asdict(found), note=note.strip())
        Done.objects.create(at=now, who=by, what="consultation.signed-off", about="", detail=asdict(found))
    return signed


__all__ = [
    "DoesNotBalance", "NoReason", "NoSuchDecision", "NothingAnswered", "answer", "dismiss_missed", "sign_off",
]  # fmt: skip
