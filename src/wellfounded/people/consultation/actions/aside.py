"""Responses set aside, with the reason, and taken back: duplicates, what is withheld, what can't be read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wellfounded.people.consultation.actions.linking import take
from wellfounded.people.consultation.actions.settling import put_back, read_here, reopen_sign_off
from wellfounded.people.consultation.models import Point, Response
from wellfounded.people.consultation.rules import State, allow
from wellfounded.people.models import Done


class WithoutReason(ValueError):
    """Nothing is set aside without a reason."""


class NotADuplicate(ValueError):
    """A response is no duplicate of itself, or of one that is a duplicate."""


def withhold(response: Response, *, reason: str, version: int, by: str, now: datetime) -> Response:
    """The response, now withheld. Raises WithoutReason, ChangedMeanwhile, NotAllowed."""
    return _put(response, State.WITHHELD, reason=reason, version=version, by=by, now=now)


def fail(response: Response, *, reason: str, version: int, by: str, now: datetime) -> Response:
    """The response, which can't be read. Raises WithoutReason, ChangedMeanwhile, NotAllowed."""
    return _put(response, State.FAILED, reason=reason, version=version, by=by, now=now)


def duplicate(response: Response, *, of: Response, version: int, by: str, now: datetime) -> Response:
    """The response, which says the same as another of the same respondent. Raises NotADuplicate, ChangedMeanwhile."""
    with transaction.atomic():
        both = Response.objects.filter(pk__in=(response.pk, of.pk)).order_by("pk").select_for_update(of=("self",))
        states = dict(both.values_list("pk", "state"))  # two people who each take one for the other go in turn
        if of.pk == response.pk or states[of.pk] == State.DUPLICATE or response.duplicates.exists():
            raise NotADuplicate(f"{response.reference} can't be a duplicate of {of.reference}")
        return _put(response, State.DUPLICATE, reason="", version=version, by=by, now=now, of=of)


def restore(response: Response, *, version: int, by: str, now: datetime) -> Response:
    """The response that was set aside, read as others are."""
    with transaction.atomic():
        before = State(Response.objects.get(pk=response.pk).state)
        allow(before, State.UNREAD)
        take(response, version)
        put_back(Response.objects.filter(pk=response.pk), now=now)
        Done.objects.create(at=now, who=by, what="response.restored", about=response.reference, detail={"was": before})
        reopen_sign_off(now)
    return Response.objects.get(pk=response.pk)


def _put(
    response: Response, after: State, *, reason: str, version: int, by: str, now: datetime, of: Response | None = None
) -> Response:
    if of is None and not reason.strip():
        raise WithoutReason(f"say why {response.reference} is {after}")
    with transaction.atomic():
        allow(State(Response.objects.get(pk=response.pk).state), after)
        take(response, version)
        Response.objects.filter(pk=response.pk).update(
            state=after, reason=reason.strip()[:300], duplicate_of=of, begun_at=response.begun_at or now
        )
        Point.objects.filter(response=response, open=True).update(open=False)
        read_here(Point.objects.filter(read_as__response=response), now=now)
        Done.objects.create(
            at=now, who=by, what=f"response.{after}", about=response.reference,
            detail={"of": of.reference} if of else {"reason": reason.strip()},
        )  # fmt: skip
        reopen_sign_off(now)
    return Response.objects.get(pk=response.pk)


__all__ = ["NotADuplicate", "WithoutReason", "duplicate", "fail", "restore", "withhold"]
