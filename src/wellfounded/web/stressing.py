"""Many people who book at once: the real form of a real server, on a database that is made for it and dropped.

Nothing is switched off: forms carry their token, requests of one network are capped, e-mails are asked for, constraints
stand. Each attempt comes from an address of its own, by the setting for trusted proxies. What the server says is then
held against the tables, and the tables against the log.
"""

from __future__ import annotations

import http.client
import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode, urlsplit

HERE = "127.0.0.1"
DATA, DATABASE, KEY = "WELLFOUNDED_DATA", "WELLFOUNDED_DATABASE", "WELLFOUNDED_SECRET_KEY"
PATIENCE = 60.0  # seconds for the server to begin, and for one answer
GRACE = 20.0  # seconds for the server to end by itself
SEE_OTHER = 303  # what the form answers to a request that it took
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken"[^>]*value="([^"]+)"')
_SERVER = "import sys; from wellfounded.web.serve import serve; serve(port=int(sys.argv[1]), workers=int(sys.argv[2]))"


class ServerDidNotStart(RuntimeError):
    """The server that was to be stressed ended, or did not answer."""


@dataclass(frozen=True)
class Attempt:
    """One person's try: the form fetched, filled in and sent."""

    status: int  # of the answer to the form; 0 where there was none
    began: float
    ended: float

    @property
    def taken(self) -> bool:
        return self.status == SEE_OTHER

    @property
    def broken(self) -> bool:
        return self.status == 0 or self.status >= 500


@dataclass(frozen=True)
class Outcome:
    """What came of a run. `errors` are answers of 500 and more and no answer; `refused` those that say no politely."""

    database: str
    attempts: int
    capacity: int
    processes: int
    sold: int  # seats claimed by the requests
    waiting: int
    refused: int
    errors: int
    lost: int  # requests that were taken and are not in the tables, or are there and were not taken
    oversold: int
    problems: tuple[str, ...]  # where tables and log, or tables and rules, disagree
    seconds: float
    per_second: float  # requests taken
    p50_ms: float  # of one attempt: the form fetched and sent
    p95_ms: float
    load: float  # of the machine before the start

    @property
    def good(self) -> bool:
        return not (self.oversold or self.lost or self.errors or self.problems)

    @property
    def words(self) -> str:
        """The outcome in lines for people."""
        lines = [
            f"{self.attempts} attempts by {self.processes} processes on {self.database}, load {self.load:.1f} before",
            f"{self.sold} of {self.capacity} places claimed, {self.oversold} oversold, {self.waiting} in line",
            f"{self.refused} refused, {self.errors} errors, {self.lost} lost",
            f"{self.per_second:.1f} bookings a second; p50 {self.p50_ms:.0f} ms, p95 {self.p95_ms:.0f} ms",
        ]
        return "\n".join([*lines, *self.problems])


def run(
    publication: Path,
    *,
    attempts: int,
    capacity: int,
    processes: int,
    workers: int,
    address: str,
    now: datetime,
    prepare: Callable[[], None],
    runs: int = 1,
) -> Iterator[Outcome]:
    """What comes of so many attempts at a session of that capacity, all at once: of each run, at a session of its own.

    `address` is the configured database, beside which the scratch one is made; `prepare` sets Django up on it and makes
    the tables, which a process can do once. All runs are of one server. Raises ServerDidNotStart.
    """
    folder = Path(tempfile.mkdtemp(prefix="wellfounded-stress-"))
    try:
        with _told_to_stop(), _scratch(address, folder) as scratch, _environment(publication, folder, scratch):
            prepare()
            session_ids = [_a_session(capacity, now=now) for _ in range(runs)]
            with _served(workers) as port:
                for n, session_id in enumerate(session_ids):
                    load = os.getloadavg()[0]
                    people = range(n * attempts, (n + 1) * attempts)
                    made, seconds = _attempted(port, session_id, people=people, processes=processes)
                    yield _weighed(made, session_id, seconds=seconds, processes=processes, load=load, now=now)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """A request to end, or Ctrl-C, is an end like any other, so that nothing is left behind.

    Also where a shell has started us in the background, and Python would ignore Ctrl-C.
    """

    def end(number: int, _: object) -> None:
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _scratch(address: str, folder: Path) -> Iterator[str]:
    """The address of a new database of the kind of the one at `address`, gone when the block ends."""
    if "://" not in address:
        yield str(folder / "people.sqlite3")
        return
    import psycopg

    name = f"wellfounded_stress_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(address)._replace(path=f"/{name}").geturl()
    finally:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _environment(publication: Path, folder: Path, scratch: str) -> Iterator[None]:
    """The settings of the run, for this process and the server; those before it when the block ends."""
    before = dict(os.environ)
    for name in ("WELLFOUNDED_SMTP", "WELLFOUNDED_EDITIONS", "WELLFOUNDED_HTTPS", "WELLFOUNDED_HOSTS", KEY):
        os.environ.pop(name, None)
    os.environ |= {
        DATA: str(folder), DATABASE: scratch, "WELLFOUNDED_PUBLICATION": str(publication.absolute()),
        "WELLFOUNDED_PROXIES": f"{HERE}/32",
    }  # fmt: skip
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _a_session(capacity: int, *, now: datetime) -> int:
    from wellfounded.people.engagement import organising
    from wellfounded.people.engagement.types import Details, Site

    starts_at = now + timedelta(days=30)
    details = Details(
        "Stress", "Nowhere", starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), capacity=capacity
    )
    session = organising.create(details, by="stress", now=now)
    organising.open_booking(session.pk, by="stress", now=now, site=Site("", "Stress"))
    return session.pk


@contextmanager
def _served(workers: int) -> Iterator[int]:
    """The port at which a server of our own answers, until the block ends."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(  # of a session of its own, so that Ctrl-C reaches us alone
        [sys.executable, "-c", _SERVER, str(port), str(workers)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > until:
                raise ServerDidNotStart("the server to be stressed did not start: see its messages above")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection(HERE, port, timeout=5)
        connection.request("GET", "/robots.txt")
        return connection.getresponse().status == 200
    except OSError:
        return False


def _attempted(port: int, session_id: int, *, people: range, processes: int) -> tuple[list[Attempt], float]:
    """An attempt of each person, made by processes that begin together; and the seconds from the first to the last."""
    shares = [people[first::processes] for first in range(processes)]
    start = time.time() + 1.0 + 0.25 * processes  # when all have begun to run
    with get_context("spawn").Pool(processes, initializer=_ended_by_us) as pool:  # which ends them, come what may
        given = [(share, port, session_id, start) for share in shares]
        found = pool.starmap_async(_share, given, chunksize=1).get(timeout=PATIENCE + len(people))
        made = [attempt for share in found for attempt in share]
    seconds = max(a.ended for a in made) - min(a.began for a in made) if made else 0.0
    return made, seconds


def _ended_by_us() -> None:
    """Nothing; a process that books leaves Ctrl-C to the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _share(numbers: Sequence[int], port: int, session_id: int, start: float) -> list[Attempt]:
    """The attempts of one process, one after the other, over one connection."""
    connection = http.client.HTTPConnection(HERE, port, timeout=PATIENCE)
    time.sleep(max(0.0, start - time.time()))
    return [_attempt(connection, number, session_id) for number in numbers]


def _attempt(connection: http.client.HTTPConnection, number: int, session_id: int) -> Attempt:
    """One person's try, from an address of their own."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    headers = {"X-Forwarded-For": address, "Accept-Encoding": "gzip"}
    path = f"/sessions/{session_id}/book"
    began = time.time()
    status = 0
    try:
        connection.request("GET", path, headers={"X-Forwarded-For": address})
        answer = connection.getresponse()
        page = answer.read()
        status = answer.status
        if status == 200 and (token := _TOKEN.search(page)) is not None:
            cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
            form = {
                "csrfmiddlewaretoken": token[1].decode(), "name": f"Person {number}",
                "email": f"person-{number}@stress.example", "organisation": f"Organisation {number % 50}",
                "sector": "other", "district": _district(page), "seats": "1", "access": "", "dietary": "",
                "consent": "on", "website": "",
            }  # fmt: skip
            sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
            connection.request("POST", path, urlencode(form), headers | sent)
            answer = connection.getresponse()
            answer.read()
            status = answer.status
    except (OSError, http.client.HTTPException):
        status = 0
        connection.close()
    return Attempt(status, began, time.time())


def _district(page: bytes) -> str:
    """The first district that the form offers."""
    found = re.search(rb'name="district".*?<option value="([^"]+)"', page, re.S)
    found = found or re.search(rb'name="district"[^>]*value="([^"]+)"', page)
    return found[1].decode() if found else ""


def _weighed(
    made: Sequence[Attempt], session_id: int, *, seconds: float, processes: int, load: float, now: datetime
) -> Outcome:
    """The attempts held against the tables; then half is confirmed, the rest lapses, and it is done again."""
    from django.db import connection
    from django.db.models import Sum

    from wellfounded.people.engagement import booking, rules, ticking
    from wellfounded.people.engagement.models import Booking, Session, Transition
    from wellfounded.people.engagement.replaying import discrepancies
    from wellfounded.people.engagement.types import IN_LINE, SEATED, Site
    from wellfounded.people.models import Job

    site = Site("", "Stress")
    session = Session.objects.get(pk=session_id)
    bookings = Booking.objects.filter(session=session)
    sold = bookings.filter(state__in=SEATED).aggregate(n=Sum("seats"))["n"] or 0
    waiting = bookings.filter(state__in=IN_LINE).aggregate(n=Sum("seats"))["n"] or 0
    kept, taken = bookings.count(), sum(attempt.taken for attempt in made)
    oversold = max(0, sold - session.capacity)
    problems = discrepancies(session_id)
    if sold < min(session.capacity, kept):
        problems.append(f"{session.capacity - sold} places are free while {waiting} wait")
    keys = [f"transition {pk}" for pk in Transition.objects.filter(session=session).values_list("pk", flat=True)]
    if (letters := Job.objects.filter(kind="mail", key__in=keys).count()) != kept:
        problems.append(f"{letters} e-mails were asked for {kept} bookings")
    for there in list(bookings.order_by("position"))[::2]:
        booking.confirm(there.token, site=site, now=now)
    after = now + rules.HOLD + timedelta(hours=1)
    ticking.settle_all(now=after, site=site)
    problems += discrepancies(session_id)
    session.refresh_from_db()
    oversold = max(oversold, session.taken - session.capacity)
    took = sorted((attempt.ended - attempt.began) * 1000 for attempt in made)
    return Outcome(
        database=connection.vendor, attempts=len(made), capacity=session.capacity, processes=processes, sold=sold,
        waiting=waiting, refused=sum(not a.taken and not a.broken for a in made), errors=sum(a.broken for a in made),
        lost=abs(taken - kept), oversold=oversold, problems=tuple(problems), seconds=seconds,
        per_second=taken / seconds if seconds else 0.0, p50_ms=_quantile(took, 0.5), p95_ms=_quantile(took, 0.95),
        load=load,
    )  # fmt: skip


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def as_json(outcome: Outcome) -> str:
    """An outcome for machines."""
    values = {name: getattr(outcome, name) for name in outcome.__dataclass_fields__}
    return json.dumps({name: round(v, 2) if isinstance(v, float) else v for name, v in values.items()})


__all__ = ["Attempt", "Outcome", "ServerDidNotStart", "as_json", "run"]
