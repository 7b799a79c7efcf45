"""Calls for evidence and the responses that answer them: engagement asks, the consultation receives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models.functions import Lower

from wellfounded.people.consultation import parties
from wellfounded.people.consultation.models import Response
from wellfounded.people.engagement import stakeholders
from wellfounded.people.engagement.models import Invitation

AT_ONCE = 500


def note() -> int:
    """How many calls were answered since the last look, by a response of the organisation or the address asked."""
    waiting = list(Invitation.objects.filter(session=None, answered_at=None).select_related("stakeholder"))
    noted = 0
    for at in range(0, len(waiting), AT_ONCE):
        some = waiting[at : at + AT_ONCE]
        came: dict[tuple[str, bool], list[datetime]] = defaultdict(list)
        for who, demonstration, received_at in _responses(some):
            came[who, demonstration].append(received_at)
        for asked in some:
            theirs = [
                received_at
                for who in _names(asked)
                for received_at in came[who, asked.stakeholder.demonstration]
                if received_at >= asked.asked_at
            ]
            if theirs:
                stakeholders.answered(asked.pk, answer=stakeholders.RESPONDED, now=min(theirs), by="worker")
                noted += 1
    return noted


def _names(asked: Invitation) -> list[str]:
    """What a response of theirs would carry: the key of their organisation, that of their address, or the address."""
    who = asked.stakeholder
    return [
        parties.key_of(organisation=who.organisation, email="", otherwise="nobody"),
        *(
            [parties.key_of(organisation="", email=who.email, otherwise="nobody"), who.email.lower()]
            if who.email
            else []
        ),
    ]


def _responses(asked: Sequence[Invitation]) -> Iterator[tuple[str, bool, datetime]]:
    """Responses by party or address, of all who were asked and since the first was: two queries."""
    names = sorted({name for each in asked for name in _names(each)})
    since = Response.objects.filter(erased_at=None, received_at__gte=min(each.asked_at for each in asked))
    yield from since.filter(party__key__in=names).values_list("party__key", "demonstration", "received_at")
    by_address = since.annotate(address=Lower("contact__email")).filter(address__in=names)
    yield from by_address.values_list("address", "demonstration", "received_at")


__all__ = ["note"]
