"""What an edition carries of the consultation: counts and decisions, and no word of a respondent."""

from __future__ import annotations

from dataclasses import asdict

from django.utils import timezone

from wellfounded.people.consultation.models import Decision, Link
from wellfounded.people.consultation.queries import accounts


def decided() -> dict[str, object]:
    """The account, and each decision with why and what led to it; nothing where no response came."""
    decisions = Decision.objects.filter(demonstration=False).order_by("id")
    answered: dict[int, set[str]] = {}
    for decision, reference in Link.objects.filter(decision__in=decisions).values_list(
        "decision_id", "response__reference"
    ):
        answered.setdefault(decision, set()).add(reference)
    found = [
        {
            "about": decision.about, "id": decision.target, "decision": decision.kind, "why": decision.why,
            "date": timezone.localdate(decision.at).isoformat(),
            "responses": sorted(answered.get(decision.pk, ())),
        }
        for decision in decisions
    ]  # fmt: skip
    account = accounts.account(demonstration=False)
    return {"account": asdict(account), "decisions": found} if account.received else {}


__all__ = ["decided"]
