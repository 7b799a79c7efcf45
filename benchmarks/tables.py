"""How long the consultation's tables take for 100,000 responses: receiving, splitting, and what triage asks for.

    python -m benchmarks.tables [--responses N]

The tables are SQLite's in a folder of its own; every page of triage has to be answered within 200 ms.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

RESPONSES = 100_000
MOST = 0.2  # seconds, for what a page of triage asks
NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
BY = "reader@example.org"


def fill(number: int) -> dict[str, float]:
    """The seconds that each step took: received, split, read by people."""
    from benchmarks.responses import made
    from wellfounded.people.consultation.actions import arrivals
    from wellfounded.people.consultation.actions.arrivals import Sent, Uploaded
    from wellfounded.people.consultation.actions.settling import settle
    from wellfounded.people.consultation.models import Link, Point, Redaction, Response
    from wellfounded.people.consultation.preparing import splitting
    from wellfounded.people.consultation.preparing.subjects import Known, know
    from wellfounded.people.consultation.types import About, Consent, Says, Target

    took: dict[str, float] = {}
    work = made(number, embeddings=False)
    know([Known(Target(About.CONCLUSION, f"c{n}"), f"Conclusion {n}.", "", "h") for n in range(80)], now=NOW)
    kinds = ("business", "resident", "council", "college or university")
    rows = (
        Uploaded(
            Sent(
                text=text, organisation=work.organisations[n], email=f"p{n}@example.org", respondent=kinds[n % 4],
                district=work.districts[n], consent=Consent.TEXT if n % 2 else Consent.NOTHING,
            ),
            key=f"bench {n}",
        )
        for n, text in enumerate(work.texts)
    )  # fmt: skip
    began = time.perf_counter()
    arrivals.receive_rows(rows, file="bench.csv", by=BY, now=NOW)
    took["received"] = time.perf_counter() - began
    began = time.perf_counter()
    splitting.split(now=NOW)
    took["split into points"] = time.perf_counter() - began
    says = [str(each) for each in Says]
    half = Response.objects.order_by("pk")[number // 2].pk  # the first half has been read
    began = time.perf_counter()
    links = (
        Link(
            point_id=point, response_id=response, party_id=party, about="conclusion", target=f"c{point % 80}",
            says=says[point % 5], by=BY, at=NOW, subject_hash="h",
        )
        for point, response, party in Point.objects.filter(response__lt=half)
        .values_list("pk", "response_id", "response__party_id").iterator(chunk_size=5000)
    )  # fmt: skip
    Link.objects.bulk_create(links, batch_size=5000)
    Point.objects.filter(response__lt=half).update(open=False, decided_at=NOW, decided_by=BY)
    Response.objects.filter(pk__lt=half).update(begun_at=NOW)
    settle(Response.objects.filter(pk__lt=half).values_list("pk", flat=True))
    took["links of half, and states"] = time.perf_counter() - began
    Redaction.objects.bulk_create(
        [
            Redaction(response_id=pk, text=text, made_by=BY, made_at=NOW, approved_by="b", approved_at=NOW)
            for pk, text in Response.objects.filter(pk__lt=half).exclude(consent="none").values_list("pk", "text")
        ],
        batch_size=2000,
    )
    return took


def asked() -> dict[str, Callable[[], Any]]:
    """What the pages of triage ask for."""
    from wellfounded.people.consultation.models import Response
    from wellfounded.people.consultation.queries import accounts, answers, ledger, queues

    one = Response.objects.order_by("pk")[10]
    return {
        "the account": accounts.account,
        "beside the account": accounts.beside,
        "queue sizes": queues.sizes,
        "unread": lambda: queues.rows(queues.unread()[:25], now=NOW),
        "unlinked": lambda: queues.points(queues.unlinked()[:25]),
        "challenges": lambda: queues.links(queues.challenges()[:25]),
        "personal data": lambda: queues.rows(queues.personal()[:25], now=NOW),
        "next response": lambda: queues.next_response(queues.Queue.UNREAD, by=BY, now=NOW),
        "next with open points": lambda: queues.next_response(queues.Queue.UNLINKED, by=BY, now=NOW),
        "ledger of a conclusion": lambda: ledger.of("c7"),
        "a respondent's link": lambda: answers.of(one),
    }


def measured() -> dict[str, float]:
    """The seconds that each question took, the better of three."""
    found = {}
    for name, ask in asked().items():
        times = []
        for _ in range(3):
            began = time.perf_counter()
            ask()
            times.append(time.perf_counter() - began)
        found[name] = min(times)
    return found


def main() -> int:
    """0 where all is quick enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=RESPONSES)
    number = parser.parse_args().responses
    with tempfile.TemporaryDirectory(prefix="wellfounded-tables-") as folder:
        os.environ["WELLFOUNDED_DATA"] = folder
        from wellfounded.config.environment import prepare

        prepare()
        for name, seconds in fill(number).items():
            print(f"{seconds:9.1f} s   {name}", flush=True)
        slow = 0
        for name, seconds in measured().items():
            slow += seconds > MOST
            print(f"{seconds * 1000:9.1f} ms  {name}{'  TOO SLOW' if seconds > MOST else ''}", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
