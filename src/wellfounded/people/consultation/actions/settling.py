"""The states of responses brought in line with what was decided in them. Called by whatever decides something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from wellfounded.people.consultation.models import Link, OpinionGiven, Point, Response, SignOff
from wellfounded.people.consultation.rules import READABLE, Reading, State, settled
from wellfounded.people.consultation.types import WITHOUT_ID, Opinion

AT_ONCE = 500
_EVIDENCE = ~Q(about__in=sorted(WITHOUT_ID))


def settle(responses: Iterable[int], *, now: datetime) -> None:
    """Nothing; each of these responses that is not set aside is in the state that its reading amounts to.

    Where that is another than before, what was signed off is open again.
    """
    wanted = sorted(set(responses))
    changed = [_settle(wanted[at : at + AT_ONCE]) for at in range(0, len(wanted), AT_ONCE)]
    if any(changed):
        reopen_sign_off(now)


def settle_with_those_read_there(response: int, *, now: datetime) -> None:
    """As `settle`, also for the responses of a campaign whose common text is read in this one."""
    there = Point.objects.filter(read_as__response=response).values_list("response_id", flat=True).distinct()
    settle([response, *there], now=now)


def read_here(points: QuerySet[Point], *, now: datetime) -> None:
    """Nothing; points that were read in another response wait for somebody where they stand.

    Those of a response that is set aside wait once it is taken back.
    """
    theirs = list(points.values_list("response_id", flat=True).distinct())
    readable = points.filter(response__state__in=sorted(READABLE), response__erased_at=None)
    readable.update(read_as=None, open=True)
    points.update(read_as=None)
    settle(theirs, now=now)


def put_back(responses: QuerySet[Response], *, now: datetime) -> None:
    """Nothing; responses that were set aside are read as others are."""
    ids = list(responses.values_list("pk", flat=True))
    Response.objects.filter(pk__in=ids).update(state=State.UNREAD, reason="", duplicate_of=None)
    Point.objects.filter(response__in=ids, decided_at=None, read_as=None).update(open=True)
    settle(ids, now=now)


def reopen_sign_off(now: datetime) -> None:
    """Nothing; what was signed off is open again, as something has changed since."""
    SignOff.objects.filter(reopened_at=None).update(reopened_at=now)


def _settle(ids: list[int]) -> bool:
    """Whether any of them has become something else."""
    points = {
        row["response_id"]: (row["all"], row["waits"])
        for row in Point.objects.filter(response_id__in=ids)
        .values("response_id")
        .annotate(all=Count("id"), waits=Count("id", filter=Q(open=True) | Q(read_as__open=True)))
    }
    linked = set(
        Link.objects.filter(_EVIDENCE, response_id__in=ids, ended_at=None).values_list("response_id", flat=True)
    )
    linked |= set(
        Point.objects.filter(
            ~Q(read_as__links__about__in=sorted(WITHOUT_ID)),
            response_id__in=ids, read_as__links__isnull=False, read_as__links__ended_at=None,
        ).values_list("response_id", flat=True)
    )  # fmt: skip
    linked |= set(
        OpinionGiven.objects.filter(response_id__in=ids)
        .exclude(opinion=Opinion.DONT_KNOW)
        .values_list("response_id", flat=True)
    )
    becoming: dict[State, list[int]] = {}
    rows = Response.objects.filter(pk__in=ids, state__in=sorted(READABLE)).values_list("pk", "state", "done_at")
    for pk, state, done_at in rows:
        number, waits = points.get(pk, (0, 0))
        after = settled(Reading(number, waits, int(pk in linked), done=done_at is not None))
        if after != state:
            becoming.setdefault(after, []).append(pk)
    for after, some in becoming.items():
        Response.objects.filter(pk__in=some, state__in=sorted(READABLE)).update(state=after)
    return bool(becoming)


__all__ = ["put_back", "read_here", "reopen_sign_off", "settle", "settle_with_those_read_there"]
