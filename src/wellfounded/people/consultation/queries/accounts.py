"""The account: what has become of all that was received."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from wellfounded.people.consultation.models import Original, Response, SignOff
from wellfounded.people.consultation.receiving.types import Kind
from wellfounded.people.consultation.rules import Account, State


def account(*, demonstration: bool = True) -> Account:
    """The account of all responses, or of those that are not for demonstration."""
    counted = Response.objects.all() if demonstration else Response.objects.filter(demonstration=False)
    by_state = dict(counted.values_list("state").annotate(n=Count("id")))
    return Account(
        received=sum(by_state.values()),
        unread=by_state.get(State.UNREAD, 0),
        linked=by_state.get(State.LINKED, 0),
        no_conclusion=by_state.get(State.NO_CONCLUSION, 0),
        duplicates=by_state.get(State.DUPLICATE, 0),
        withheld=by_state.get(State.WITHHELD, 0),
        failed=by_state.get(State.FAILED, 0),
    )


@dataclass(frozen=True)
class Beside:
    """What stands beside the account: messages that no person wrote, and what was erased or is for demonstration."""

    kept_messages: int
    erased: int
    demonstration: int
    by_channel: tuple[tuple[str, int], ...]


def beside() -> Beside:
    """What stands beside the account."""
    return Beside(
        kept_messages=Original.objects.exclude(kind=Kind.PERSON).count(),
        erased=Response.objects.filter(erased_at__isnull=False).count(),
        demonstration=Response.objects.filter(demonstration=True).count(),
        by_channel=tuple(sorted(Response.objects.values_list("channel").annotate(n=Count("id")))),
    )


def signed_off() -> SignOff | None:
    """The latest signing off, where nothing was received or decided since."""
    return SignOff.objects.filter(reopened_at=None).order_by("-at").first()


__all__ = ["Beside", "account", "beside", "signed_off"]
