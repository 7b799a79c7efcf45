"""100,000 responses through the product itself: received, understood and read, in tables, from start to end.

    python -m benchmarks.responses [--responses N] [--embeddings on|off]

What `wellfounded responses import` and the worker do, with the same functions, against what the base that ships
concludes. The tables are SQLite's in a folder of its own. Import, points, campaigns, suggestions, what was missed and
themes have to be done within 10 minutes and 4 GB, with embeddings within 60 minutes; every page of triage has to have
its rows within 200 ms.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.made_responses import Made, made

ROOT = Path(__file__).parents[1]
BASE = ROOT / "bases" / "cheshire-warrington"
RESPONSES = 100_000
MINUTES = {"off": 10.0, "on": 60.0}
GIGABYTES = 4.0
MOST = 0.2  # seconds, for what a page of triage asks
NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
BY = "reader@example.org"
# How the worker says what it has begun; what it says of numbers is within the step.
STEPS = {
    "looking for campaigns": "campaigns",
    "compared with what we say": "suggestions",
    "looking for what we have missed": "missed",
    "looking for themes": "themes",
}


def subjects() -> list[Any]:
    """What the base that ships concludes, and the indicators that it has: what points can be linked to."""
    from wellfounded.conclusions.read import read_all
    from wellfounded.evidence.base import load_base
    from wellfounded.evidence.store import Store
    from wellfounded.people.consultation.preparing.subjects import Known
    from wellfounded.people.consultation.types import About, Target

    found = [
        Known(Target(About.CONCLUSION, each.id), re.sub(r"\{[^}]*\}", "…", each.says), each.matters[:600], "h")
        for each in read_all(BASE)[1]
    ]
    indicators = Store.open(load_base(BASE)).catalogue.indicators
    return found + [Known(Target(About.INDICATOR, id_), each.label, "", "h") for id_, each in indicators.items()]


def fill(work: Made, *, embeddings: bool) -> dict[str, float]:
    """The seconds that each step took."""
    from wellfounded.people.consultation.actions import arrivals
    from wellfounded.people.consultation.actions.arrivals import Sent, Uploaded
    from wellfounded.people.consultation.preparing.run import understand
    from wellfounded.people.consultation.types import Consent

    took: dict[str, float] = {}
    known = subjects()
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
    step, began = "split into points", time.perf_counter()

    def say(text: str) -> None:
        nonlocal step, began
        new = next((name for words, name in STEPS.items() if words in text), step)
        if new != step:
            took[step] = time.perf_counter() - began
            print(f"    {step} {took[step]:.1f} s", file=sys.stderr, flush=True)
            step, began = new, time.perf_counter()

    understand(known, now=NOW, embeddings=embeddings, say=say)
    took[step] = time.perf_counter() - began
    return took


def once_more(*, embeddings: bool) -> tuple[float, int]:
    """The seconds that the next run over everything takes, one response having come meanwhile; and the bytes kept."""
    from django.db.models import Sum
    from django.db.models.functions import Length

    from wellfounded.people.consultation.actions import arrivals
    from wellfounded.people.consultation.actions.arrivals import Sent
    from wellfounded.people.consultation.models import Embedding
    from wellfounded.people.consultation.preparing.run import understand

    arrivals.receive_web(Sent(text="Barges on the canal carry salt, and nobody counts it."), key="one more", now=NOW)
    began = time.perf_counter()
    understand(subjects(), now=NOW, embeddings=embeddings)
    took = time.perf_counter() - began
    return took, Embedding.objects.aggregate(bytes=Sum(Length("numbers")))["bytes"] or 0


def read_half() -> None:
    """The first half is read by people: linked, their states settled, and half of the copies made and approved."""
    from wellfounded.people.consultation.actions.settling import settle
    from wellfounded.people.consultation.models import Link, Point, Redaction, Response, Subject
    from wellfounded.people.consultation.types import About, Says

    says = [str(each) for each in Says]
    conclusions = list(Subject.objects.filter(about=About.CONCLUSION).values_list("target", flat=True))
    half = Response.objects.order_by("pk")[Response.objects.count() // 2].pk
    links = (
        Link(
            point_id=point, response_id=response, party_id=party, about=About.CONCLUSION,
            target=conclusions[point % len(conclusions)], says=says[point % 5], by=BY, at=NOW, subject_hash="h",
        )
        for point, response, party in Point.objects.filter(response__lt=half, read_as=None)
        .values_list("pk", "response_id", "response__party_id").iterator(chunk_size=5000)
    )  # fmt: skip
    Link.objects.bulk_create(links, batch_size=5000)
    Point.objects.filter(response__lt=half).update(open=False, decided_at=NOW, decided_by=BY)
    Response.objects.filter(pk__lt=half).update(begun_at=NOW)
    settle(Response.objects.filter(pk__lt=half).values_list("pk", flat=True), now=NOW)
    Redaction.objects.bulk_create(
        [
            Redaction(response_id=pk, text=text, made_by=BY, made_at=NOW, approved_by="b", approved_at=NOW)
            for pk, text in Response.objects.filter(pk__lt=half).exclude(consent="none").values_list("pk", "text")
        ],
        batch_size=2000,
    )


def asked() -> dict[str, Callable[[], Any]]:
    """What the pages of triage ask for."""
    from wellfounded.people.consultation.models import Link, Response
    from wellfounded.people.consultation.queries import accounts, answers, ledger, queues

    one = Response.objects.order_by("pk")[10]
    about = Link.objects.order_by("pk")[0].target
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
        "missed": lambda: list(queues.missed()[:25]),
        "copies to approve": lambda: list(queues.to_approve()[:25]),
        "ledger of a conclusion": lambda: ledger.of(about),
        "a respondent's link": lambda: answers.of(one),
    }


def pages(publication: Path) -> dict[str, Callable[[], Any]]:
    """The pages of triage themselves, as the site answers them for an analyst over a publication."""
    from django.conf import settings
    from django.test import Client

    from wellfounded.people import accounts
    from wellfounded.people.consultation.models import Campaign, Link, Response, Theme
    from wellfounded.people.consultation.queries.queues import Queue
    from wellfounded.web import rendering

    settings.WELLFOUNDED_PUBLICATION = str(publication)
    rendering.forget()
    client = Client(SERVER_NAME="localhost")
    client.force_login(accounts.add(BY, roles=["analyst"])[0])

    def answered(path: str) -> None:
        status = client.get(path).status_code
        if status != 200:
            raise RuntimeError(f"{path} was answered with {status}, not 200")

    link = Link.objects.order_by("pk")[0]
    half = Response.objects.order_by("pk")[Response.objects.count() // 2]
    paths = [
        "/staff/responses",
        *(f"/staff/responses/queue/{queue}" for queue in Queue),
        f"/staff/responses/queue/unread?page={Response.objects.count() // 50}",
        f"/staff/responses/{half.reference}",
        f"/staff/responses/about/conclusion/{link.target}",
        "/staff/responses/campaigns",
        *(f"/staff/responses/campaigns/{pk}" for pk in Campaign.objects.values_list("pk", flat=True)[:1]),
        "/staff/responses/themes",
        *(f"/staff/responses/themes/{pk}" for pk in Theme.objects.values_list("pk", flat=True)[:1]),
    ]
    return {path: partial(answered, path) for path in paths}


def gathered() -> dict[str, Callable[[], Any]]:
    """What is gathered from everything: for pages that are kept until something changes, and for a build."""
    from wellfounded.people.consultation.queries import answers, ledger, themes

    return {
        "all themes": themes.listing,
        "all campaigns": themes.campaigns,
        "who is on which side of everything": ledger.sides,
        "what was said, for priorities": ledger.said,
        "you said, we did": answers.you_said,
    }


def measured(questions: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """The seconds that each question took, the better of three."""
    found = {}
    for name, ask in questions.items():
        times = []
        for _ in range(3):
            began = time.perf_counter()
            ask()
            times.append(time.perf_counter() - began)
        found[name] = min(times)
    return found


def counted() -> dict[str, int]:
    """What is in the tables when all has been understood."""
    from wellfounded.people.consultation.models import (
        Campaign,
        CampaignMember,
        Missed,
        Personal,
        Point,
        Suggestion,
        Theme,
    )

    return {
        "points": Point.objects.count(),
        "points with suggestions": Suggestion.objects.values("point").distinct().count(),
        "campaigns": Campaign.objects.filter(ended_at=None).count(),
        "responses in campaigns": CampaignMember.objects.filter(out_at=None).count(),
        "themes": Theme.objects.filter(ended_at=None).count(),
        "perhaps missed": Missed.objects.count(),
        "perhaps personal": Personal.objects.count(),
    }


def run(number: int, *, embeddings: str) -> bool:
    """Whether the aims were met, for fewer responses in proportion."""
    with tempfile.TemporaryDirectory(prefix="wellfounded-responses-") as folder:
        os.environ["WELLFOUNDED_DATA"] = folder
        from wellfounded.config.environment import prepare

        prepare()
        work = made(number)
        busy, before = os.getloadavg()[0], time.process_time()
        took = fill(work, embeddings=embeddings == "on")
        processor = time.process_time() - before
        total, aim = sum(took.values()), MINUTES[embeddings] * 60 * number / RESPONSES
        print(f"responses: {number:,} with embeddings {embeddings} (load {busy:.1f} before the start)")
        print(f"  {', '.join(f'{n:,} {what}' for what, n in counted().items())}")
        print(f"  {sum(campaign >= 0 for campaign in work.planted):,} responses were made for campaigns")
        for name, seconds in took.items():
            print(f"  {name:20} {seconds:8.1f} s   {number / max(seconds, 1e-9):10,.0f} responses a second")
        print(f"  {'together':20} {total:8.1f} s   {total / aim:.2f} of the aim of {aim / 60:.1f} minutes")
        share = processor / 2 / aim
        print(f"  {'processor':20} {processor:8.1f} s   {share:.2f} of the aim, were two cores free and busy")
        again, kept = once_more(embeddings=embeddings == "on")
        first = total - took["received"]
        print(f"  {'the next full run':20} {again:8.1f} s   {first / again:.1f} times as fast as the first")
        print(f"  {'kept of embeddings':20} {kept / 1024**2:8.1f} MB")
        gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(f"  {'memory':20} {gigabytes:8.2f} GB  {gigabytes / GIGABYTES:.2f} of the aim of {GIGABYTES:.0f} GB")
        read_half()
        print("  rows of triage")
        slowest = 0.0
        for name, seconds in measured(asked()).items():
            slowest = max(slowest, seconds)
            print(f"  {name:36} {seconds * 1000:9.1f} ms   {seconds / MOST:.2f} of the limit", flush=True)
        print("  pages of triage")
        from tests.web import sample

        for name, seconds in measured(pages(sample.write(Path(folder) / "publication"))).items():
            slowest = max(slowest, seconds)
            print(f"  {name:36} {seconds * 1000:9.1f} ms   {seconds / MOST:.2f} of the limit", flush=True)
        for name, seconds in measured(gathered()).items():
            print(f"  {name:36} {seconds * 1000:9.1f} ms   gathered from everything", flush=True)
    met = slowest < MOST and total < aim and gigabytes < GIGABYTES
    print(f"  aims: {'met' if met else 'MISSED'}")
    return met


def main(arguments: list[str]) -> int:
    """Exit code: 0 where the aims are met. Each case runs in a process of its own, whose largest size is reported."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.responses", description=__doc__.split("\n")[0])
    parser.add_argument("--responses", type=int, default=RESPONSES)
    parser.add_argument("--embeddings", choices=["on", "off"])
    chosen = parser.parse_args(arguments)
    if chosen.embeddings:
        return 0 if run(chosen.responses, embeddings=chosen.embeddings) else 1
    command = [sys.executable, "-m", "benchmarks.responses", "--responses", str(chosen.responses), "--embeddings"]
    return max(subprocess.run([*command, case], cwd=ROOT).returncode for case in MINUTES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
