"""`wellfounded sessions`: the engagement sessions, who came, and whether booking stands up to a rush."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from wellfounded.cli.bases import base_argument, folder_of
from wellfounded.cli.people import opened
from wellfounded.cli.printing import Progress, as_json, table

base_option = click.option("--base", type=click.Path(path_type=Path), help="The base whose sessions are meant.")
json_option = click.option("--json", "for_machines", is_flag=True, help="For machines.")


@click.group()
def sessions() -> None:
    """Engagement sessions: what is to come, who came, and a test of booking under load."""


@sessions.command("list")
@json_option
@base_option
def list_(for_machines: bool, base: Path | None) -> None:
    """List the sessions to come, drafts included, with their places."""
    opened(base)
    from django.utils import timezone

    from wellfounded.people.engagement import queries

    found = queries.organised(now=timezone.now())
    if for_machines:
        click.echo(as_json(found))
        return
    rows = [
        (
            str(one.session.id), one.session.when, f"{one.session.title}, {one.session.venue}",
            one.session.state.value, one.session.places, "yes" if one.session.demonstration else "",
        )
        for one in found
    ]  # fmt: skip
    table(("Id", "When", "Session", "State", "Places", "Demonstration"), rows, numbers=("Id",))


@sessions.command()
@json_option
@base_option
def report(for_machines: bool, base: Path | None) -> None:
    """Print who booked and who came, by session, district, sector and organisation, without names of people."""
    folder = opened(base)
    from django.utils import timezone

    from wellfounded.evidence.base import load_base
    from wellfounded.evidence.catalogue import load
    from wellfounded.people.engagement import reporting
    from wellfounded.web.pages.engagement.words import ELSEWHERE

    areas = load().areas
    districts = {code: areas.name(code) for code in load_base(folder).members}
    found = reporting.report(districts=districts | {ELSEWHERE: "Elsewhere"})
    if for_machines:
        click.echo(as_json(found))
        return
    numbers = ("Places", "Booked", "Came", "Absent", "Waiting")
    rows = [
        (f"{one.title}, {one.venue}", timezone.localdate(one.starts_at).isoformat(), str(one.capacity), str(one.booked),
         str(one.came), str(one.absent), str(one.waiting), "yes" if one.demonstration else "")
        for one in found.sessions
    ]  # fmt: skip
    table(("Session", "Date", *numbers, "Demonstration"), rows, numbers=numbers)
    for what, groups in (
        ("District", found.by_district), ("Sector", found.by_sector), ("Organisation", found.by_organisation)
    ):  # fmt: skip
        click.echo()
        people = [(group.name or "did not say", str(group.booked), str(group.came)) for group in groups]
        table((what, "Booked", "Came"), people, numbers=("Booked", "Came"))


@sessions.command()
@base_argument
@click.option("--attempts", default=300, show_default=True, type=click.IntRange(1, 100_000), help="People who book.")
@click.option("--capacity", default=100, show_default=True, type=click.IntRange(1), help="Places of the session.")
@click.option("--processes", default=8, show_default=True, type=click.IntRange(1, 64), help="Who book at once.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that serve.")
@click.option(
    "--runs", default=1, show_default=True, type=click.IntRange(1, 1_000), help="Sessions, one after another."
)
@json_option
def stress(
    base: Path | None, attempts: int, capacity: int, processes: int, workers: int, runs: int, for_machines: bool
) -> None:
    """Let many people book one session at once, through the site's own form, and check that nothing was oversold.

    It starts a server of its own on this machine, with a database of its own beside the configured one (SQLite or
    PostgreSQL), and drops both. Exits with 1 if anything was oversold, lost, or answered with an error.
    """
    from wellfounded.cli.build import publication_of
    from wellfounded.config.environment import DATABASE, prepare
    from wellfounded.web import stressing

    given = os.environ.get("WELLFOUNDED_PUBLICATION")
    publication = Path(given) if given else publication_of(folder_of(base), progress=Progress())
    good = True
    for outcome in stressing.run(
        publication, attempts=attempts, capacity=capacity, processes=processes, workers=workers,
        address=os.environ.get(DATABASE, ""), now=datetime.now(UTC), prepare=prepare, runs=runs,
    ):  # fmt: skip
        click.echo(stressing.as_json(outcome) if for_machines else outcome.words)
        good = good and outcome.good
    sys.exit(0 if good else 1)
