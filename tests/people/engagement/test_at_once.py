"""Many at once: threads at the actions, and processes at the site's own form, on both databases."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from tests.people.engagement.made import NOW, SITE, a_session, booked, latest, party
from wellfounded.people.engagement import booking
from wellfounded.people.engagement.errors import EngagementError
from wellfounded.people.engagement.models import Booking, Session
from wellfounded.people.engagement.replaying import discrepancies
from wellfounded.people.engagement.types import IN_LINE, SEATED, State
from wellfounded.people.models import Job

ROOT = Path(__file__).parents[3]


def all_at_once(*actions) -> list[object]:
    """What came of actions that threads did at once: a result, or the word of what was refused."""

    def done(action) -> object:
        try:
            return action()
        except EngagementError as error:
            return type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(done, actions))


def test_thirty_who_ask_at_once_get_what_there_is_and_the_rest_is_in_line(both):
    session = a_session(capacity=10)

    def asks(n: int):
        return lambda: booking.book(session.pk, party(f"p{n}", 1 + n % 3), network=f"at once {n}", site=SITE, now=NOW)

    found = all_at_once(*(asks(n) for n in range(30)))
    states = Counter(asked.state for asked in found)
    session.refresh_from_db()
    assert session.taken == 10
    assert Booking.objects.filter(session=session).count() == 30
    assert states[State.HELD] == Booking.objects.filter(session=session, state__in=SEATED).count()
    assert states[State.QUEUED] == Booking.objects.filter(session=session, state__in=IN_LINE).count()
    assert discrepancies(session.pk) == []


def test_one_person_who_asks_eight_times_at_once_has_one_booking_and_one_e_mail(both):
    session = a_session(capacity=10)
    asks = [
        lambda n=n: booking.book(session.pk, party("ada"), network=f"many {n}", site=SITE, now=NOW) for n in range(8)
    ]
    assert len(set(all_at_once(*asks))) == 1, "each is told the same"
    mine = Booking.objects.get(session=session)
    assert Job.objects.filter(key__startswith="transition ", payload__to="ada@example.org").count() >= 1
    confirmed = all_at_once(*[lambda: booking.confirm(mine.token, site=SITE, now=NOW).state] * 8)
    assert set(confirmed) == {State.CONFIRMED}
    assert mine.transitions.filter(after=State.CONFIRMED).count() == 1
    assert discrepancies(session.pk) == []


def test_in_the_final_call_the_last_place_goes_to_one_of_those_who_press_at_once(both):
    session = a_session(capacity=1, days=2)
    holder = booked(session, "holder")
    waiting = [booked(session, f"w{n}") for n in range(8)]
    late = session.starts_at - timedelta(hours=1)
    booking.cancel(holder.token, site=SITE, now=late)
    takes = [lambda w=w: booking.confirm(w.token, site=SITE, now=late).state for w in waiting]
    assert Counter(all_at_once(*takes)) == {State.CONFIRMED: 1, "SessionIsFull": 7}
    assert Session.objects.get(pk=session.pk).taken == 1
    assert discrepancies(session.pk) == []
    assert latest(session, "holder").state == State.CANCELLED


@pytest.mark.slow
@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_a_rush_on_the_form_sells_each_place_once_three_times_over(where, publication, request):
    address = f"{request.getfixturevalue('postgresql')}/postgres" if where == "postgresql" else ""
    environment = {**os.environ, "WELLFOUNDED_PUBLICATION": str(publication), "WELLFOUNDED_DATABASE": address}
    command = [sys.executable, "-m", "wellfounded.cli", "sessions", "stress", "--attempts", "60", "--capacity", "20"]
    command += ["--processes", "4", "--runs", "3", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    for line in lines:
        found = json.loads(line)
        assert (found["attempts"], found["sold"], found["capacity"], found["waiting"]) == (60, 20, 20, 40)
        assert (found["errors"], found["refused"], found["lost"], found["oversold"]) == (0, 0, 0, 0)
        assert found["database"] == where
        assert found["per_second"] > 0
        assert 0 < found["p50_ms"] <= found["p95_ms"]


FORGETFUL = '''
import importlib.abc, importlib.util, sys

class Planted(importlib.abc.MetaPathFinder):
    """Makes whoever claims places forget to count them."""

    def find_spec(self, name, path, target=None):
        if name != "wellfounded.people.engagement.claiming":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            count = module.Desk._count
            module.Desk._count = lambda self, *, taken, **more: count(self, taken=0, **more)

        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Planted())
'''
RUSH = [sys.executable, "-m", "wellfounded.cli", "sessions", "stress", "--json", "--capacity", "10", "--processes", "2"]


@pytest.mark.slow
def test_a_server_that_forgets_to_count_is_found_out(publication, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(FORGETFUL)
    environment = {**os.environ, "WELLFOUNDED_PUBLICATION": str(publication), "PYTHONPATH": str(tmp_path)}
    environment.pop("WELLFOUNDED_DATABASE", None)
    done = subprocess.run([*RUSH, "--attempts", "20"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert (found["sold"], found["capacity"], found["oversold"]) == (20, 10, 10)
    assert any("by the log" in problem for problem in found["problems"])


def _as_in_the_background() -> None:
    """A shell has what it starts in the background ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.slow
@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM])
def test_a_rush_that_is_stopped_leaves_nothing_behind(ends, publication, postgresql, tmp_path):
    environment = {
        **os.environ, "WELLFOUNDED_PUBLICATION": str(publication), "WELLFOUNDED_DATABASE": f"{postgresql}/postgres",
        "TMPDIR": str(tmp_path),
    }  # fmt: skip

    def held_by() -> int | None:
        """How many connections the scratch database has; None where there is none."""
        asked = "SELECT sum(numbackends)::int FROM pg_stat_database WHERE datname LIKE 'wellfounded_stress%'"
        with psycopg.connect(f"{postgresql}/postgres") as connection:
            return connection.execute(asked).fetchone()[0]

    running = subprocess.Popen(
        [*RUSH, "--attempts", "100000"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=_as_in_the_background,
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while (held_by() or 0) < 3 and running.poll() is None and time.monotonic() < until:  # ours, and the server's
            time.sleep(0.2)
        assert running.poll() is None, "it was still going on"
        os.killpg(running.pid, ends) if ends is signal.SIGINT else running.terminate()
        assert running.wait(timeout=120) != 0
    finally:
        running.kill()
        running.wait()
    assert held_by() is None, "the scratch database is dropped"
    assert list(tmp_path.glob("wellfounded-stress-*")) == []
