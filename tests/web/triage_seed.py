"""Responses to read, in the database of a server under test, and links that sign an analyst in."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from wellfounded.config.environment import prepare

NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)


def seed(publication: Path) -> dict[str, str]:
    """What the browser needs to know."""
    prepare()
    from wellfounded.people import accounts
    from wellfounded.people.consultation.actions import arrivals
    from wellfounded.people.consultation.actions.arrivals import Sent
    from wellfounded.people.consultation.models import Point, Suggestion
    from wellfounded.people.consultation.preparing import splitting
    from wellfounded.people.consultation.preparing.subjects import know
    from wellfounded.people.consultation.types import Consent
    from wellfounded.web.publication import Opened
    from wellfounded.web.subjects import subjects_of

    know(subjects_of(Opened(publication)), now=NOW)
    for n in range(4):
        text = f"The hours are counted at the wrong place, {n} times.\n\nWrite to ann@example.org."
        arrivals.receive_web(Sent(text=text, respondent="business", consent=Consent.TEXT), key=str(n), now=NOW)
    splitting.split(now=NOW)
    for point in Point.objects.all():
        Suggestion.objects.create(
            point=point, about="conclusion", target="output-per-hour", confidence=0.8, made_with="words"
        )
    person = accounts.add("analyst@example.org", roles=["analyst"])[0]
    return {name: f"/staff/t/{accounts.printed_link(person)}" for name in ("link", "second", "third")}


if __name__ == "__main__":
    print(json.dumps(seed(Path(sys.argv[1]))))
