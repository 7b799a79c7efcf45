"""How many bookings a second the site's own form takes, and whether a place is ever sold twice: 20 runs a database.

    python -m benchmarks.sessions [--runs 20] [--attempts 300] [--capacity 100] [--processes 8]

This is `wellfounded sessions stress --runs 20`: client and server share the machine, and nothing is switched off.
PostgreSQL is a server of its own with its usual settings (durable). The median of the runs has to meet the aim, and no
run may oversell, lose, or answer with an error.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

AIMS = {"sqlite": 25.0, "postgresql": 50.0}  # bookings a second on 2 cores


def runs(address: str, publication: Path, *, n: int, arguments: list[str]) -> list[dict[str, Any]]:
    """What each run says of itself; all are of one server, on one database, as a site has them."""
    environment = {**os.environ, "WELLFOUNDED_DATABASE": address, "WELLFOUNDED_PUBLICATION": str(publication)}
    command = [sys.executable, "-m", "wellfounded.cli", "sessions", "stress", "--json", f"--runs={n}", *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [run for run in found if run["oversold"] or run["lost"] or run["errors"] or run["problems"]]
    if len(found) != n or bool(done.returncode) != bool(wrong):
        raise SystemExit(f"{len(found)} of {n} runs ended, with exit code {done.returncode}")
    return found


def told(database: str, found: list[dict[str, Any]]) -> bool:
    """Whether the runs on a database met the aim; prints what they came to."""
    speeds = [run["per_second"] for run in found]
    wrong = sum(bool(run["oversold"] or run["lost"] or run["errors"] or run["problems"]) for run in found)
    middle = statistics.median(speeds)
    p95, load = (statistics.median(run[name] for run in found) for name in ("p95_ms", "load"))
    print(
        f"{database}: {len(found)} runs, {middle:.0f} bookings a second in the middle ({min(speeds):.0f} to "
        f"{max(speeds):.0f}), aim {AIMS[database]:.0f}; p95 {p95:.0f} ms; load {load:.1f}; "
        f"{wrong} oversold, lost or with errors"
    )
    return not wrong and middle >= AIMS[database]


def main() -> int:
    """Exit code: 0 when both aims are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    for name, usual in (("attempts", 300), ("capacity", 100), ("processes", 8)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    given = parser.parse_args()
    arguments = [f"--{name}={getattr(given, name)}" for name in ("attempts", "capacity", "processes")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellfounded.config.settings")
    from tests.people.postgresql import PROGRAMS, running
    from tests.web import sample

    with tempfile.TemporaryDirectory() as folder:
        publication = sample.write(Path(folder) / "publication")
        good = told("sqlite", runs("", publication, n=given.runs, arguments=arguments))
        if not (PROGRAMS / "initdb").exists():
            print("postgresql: not measured, as it is not installed")
            return 1
        with running(options="") as server:
            found = runs(f"{server}/postgres", publication, n=given.runs, arguments=arguments)
        return 0 if told("postgresql", found) and good else 1


if __name__ == "__main__":
    sys.exit(main())
