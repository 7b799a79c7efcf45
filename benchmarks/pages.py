"""How fast evidence pages are at 100 requests a second, against the same pages saved as files on the same server.

    python -m benchmarks.pages [PUBLICATION] [--rate 100] [--seconds 20]

Without PUBLICATION, the sample publication of the tests is served. Requests leave when they are due, whatever became
of those before, and the time of each is counted from when it was due; client and server share the machine. Two
passes: one over all pages in turn, so that each is made once, and one at random, most of them already made.
"""

from __future__ import annotations

import argparse
import http.client
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import psutil

CLIENTS = 16
TARGET_MS = 100.0  # p95 at 100 requests a second on 2 cores
TARGET_MB = 500.0  # per worker

_SITE = (
    "import sys; from pathlib import Path; from wellfounded.web.serve import serve, show; "
    "show(Path(sys.argv[1])); serve(port=int(sys.argv[2]))"
)
_FLOOR = """
import sys
from granian import Granian
from granian.constants import Interfaces
Granian("benchmarks.pages:saved", address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.WSGI,
        blocking_threads=4, backpressure=128, websockets=False).serve()
"""


@dataclass(frozen=True)
class Times:
    """Milliseconds from when a request was due to the last octet of its answer."""

    p50: float
    p95: float
    p99: float
    worst: float
    asked: int
    failed: int
    memory_mb: float


def saved(environ: dict[str, object], start_response: object) -> object:
    """A WSGI application that serves the folder named in the environment, as WhiteNoise does it."""
    import os

    global _application
    if _application is None:
        from whitenoise import WhiteNoise

        _application = WhiteNoise(_nothing, root=os.environ["SAVED_PAGES"], index_file=True)
    return _application(environ, start_response)


_application: Any = None


def _nothing(_: dict[str, object], start_response: object) -> list[bytes]:
    start_response("404 Not Found", [])  # type: ignore[operator]
    return [b""]


def measure(publication: Path, *, rate: float = 100.0, seconds: float = 20.0) -> dict[str, Times]:
    """Times by what was measured: `first` (each page once), `again` (at random), `floor` (the same pages as files)."""
    with tempfile.TemporaryDirectory(prefix="wellfounded-pages-") as scratch:
        folder = Path(scratch)
        with _server(_SITE, str(publication)) as (port, process):
            pages = _pages(port)
            for page in pages:
                (folder / page.strip("/")).mkdir(parents=True, exist_ok=True)
                (folder / page.strip("/") / "index.html").write_bytes(
                    _get(http.client.HTTPConnection("127.0.0.1", port), page)
                )
        with _server(_SITE, str(publication)) as (port, process):
            first = _load(port, pages, rate=rate, memory_of=process)
            again = _load(port, _some(pages, rate * seconds), rate=rate, memory_of=process)
        with _server(_FLOOR, str(folder), SAVED_PAGES=str(folder)) as (port, process):
            asked = [page.rstrip("/") + "/" for page in _some(pages, rate * seconds)]
            floor = _load(port, asked, rate=rate, memory_of=process)
    return {"first": first, "again": again, "floor": floor}


def _some(pages: Sequence[str], count: float) -> list[str]:
    return random.Random(871).choices(list(pages), k=int(count))


def _pages(port: int) -> list[str]:
    """Every page that can be reached from the front page."""
    import re

    connection = http.client.HTTPConnection("127.0.0.1", port)
    seen, queue = {"/"}, ["/"]
    while queue:
        text = _get(connection, queue.pop()).decode()
        for found in re.findall(r'<a [^>]*?href="(/[^"#?]*)"', text):
            if found not in seen and "." not in found.rsplit("/", 1)[1]:
                seen.add(found)
                queue.append(found)
    return sorted(seen)


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Accept-Encoding": "identity"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return body


def _load(port: int, paths: Sequence[str], *, rate: float, memory_of: subprocess.Popen[bytes]) -> Times:
    due: SimpleQueue[tuple[float, str]] = SimpleQueue()
    start = time.perf_counter() + 0.2
    for number, path in enumerate(paths):
        due.put((start + number / rate, path))
    took: list[float] = []
    failed: list[str] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            try:
                when, path = due.get_nowait()
            except Empty:
                return
            time.sleep(max(0.0, when - time.perf_counter()))
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    failed.append(path)
            except OSError:
                failed.append(path)
                connection.close()
            took.append((time.perf_counter() - when) * 1000)

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    children = psutil.Process(memory_of.pid).children(recursive=True) or [psutil.Process(memory_of.pid)]
    memory = max(child.memory_info().rss for child in children) / 1e6
    at = {share: took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.95, 0.99)}
    return Times(at[0.5], at[0.95], at[0.99], took[-1], len(took), len(failed), memory)


@contextmanager
def _server(code: str, argument: str, **environment: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    import os

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-c", code, argument, str(port)], env=os.environ | environment)
    try:
        for _ in range(200):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/robots.txt")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def main() -> int:
    """Exit code: 0 when the aim is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("publication", type=Path, nargs="?")
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        publication = asked.publication
        if publication is None:
            from tests.web import sample

            publication = sample.write(Path(scratch))
        times = measure(publication, rate=asked.rate, seconds=asked.seconds)
    print(
        f"pages at {asked.rate:.0f} requests a second     p50 ms   p95 ms   p99 ms    worst  asked failed   MB a worker"
    )
    for name, label in (("first", "each page once"), ("again", "at random"), ("floor", "saved as files")):
        t = times[name]
        print(
            f"  {label:<32}{t.p50:8.1f} {t.p95:8.1f} {t.p99:8.1f} {t.worst:8.1f} {t.asked:6} {t.failed:6}"
            f" {t.memory_mb:12.0f}"
        )
    print(f"  p95 at random over the floor: {times['again'].p95 / times['floor'].p95:.2f}")
    worst = max(times["first"].p95, times["again"].p95)
    met = (
        worst < TARGET_MS and times["again"].memory_mb < TARGET_MB and not times["first"].failed + times["again"].failed
    )
    print(
        f"  aim: p95 under {TARGET_MS:.0f} ms, under {TARGET_MB:.0f} MB a worker, none failed: "
        f"{'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
