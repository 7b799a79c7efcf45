"""Drawings: SVG made from specifications in a few worker processes, kept in a cache by what they are made of."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from wellfounded.publishing.charts.chart import Chart

VEGA_LITE = "6.1"
MOST_WORKERS = 2
WORTH_A_WORKER = 12  # fewer drawings than this are made in the process itself: a worker takes 0.7 s to start

_PATH = re.compile(r' d="([^"]+)"')
_LONG_NUMBER = re.compile(r"(\.\d)\d+")
_XLINK = ' xmlns:xlink="http://www.w3.org/1999/xlink"'


class CannotDraw(RuntimeError):
    """A chart's specification could not be drawn."""


@dataclass(frozen=True)
class Drawn:
    """How many drawings were made and how many were found in the cache."""

    made: int
    found: int


def draw(
    charts: Sequence[Chart],
    *,
    to: Path,
    cache: Path,
    shared: Mapping[str, str] | None = None,
    workers: int = MOST_WORKERS,
    progress: Callable[[str], None] | None = None,
) -> Drawn:
    """The drawings of all charts written to `to` as ID.svg beside ID.json; `shared` are data sets as JSON by name.

    A chart that is also drawn narrow has ID-narrow.svg. Raises CannotDraw, which names the chart.
    """
    to.mkdir(parents=True, exist_ok=True)
    cache.mkdir(parents=True, exist_ok=True)
    shared = dict(shared or {})
    marks = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in shared.items()}
    for name in sorted({name for chart in charts for name in chart.shared}):
        (to / f"{name}.json").write_text(shared[name], encoding="utf-8")
    wanted: dict[str, tuple[Chart, str]] = {}
    keys: dict[str, str] = {}
    both = [(chart, chart.id, chart.spec) for chart in charts]
    both += [(chart, f"{chart.id}-narrow", chart.narrow) for chart in charts if chart.narrow is not None]
    for chart, identifier, spec in both:
        text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        key = hashlib.sha256("\n".join([VEGA_LITE, text, *(marks[name] for name in chart.shared)]).encode()).hexdigest()
        keys[identifier] = key
        if identifier == chart.id:
            (to / f"{identifier}.json").write_text(_by_address(text, chart.shared), encoding="utf-8")
        if not (cache / f"{key}.svg").is_file():
            wanted[key] = (chart, text)
    _make(list(wanted.items()), cache=cache, shared=shared, workers=workers, progress=progress)
    for identifier, key in keys.items():
        (to / f"{identifier}.svg").write_bytes((cache / f"{key}.svg").read_bytes())
    return Drawn(len(wanted), len(keys) - len(wanted))


def svg(spec: str) -> str:
    """The drawing of a specification given as JSON, without what makes it long and shows nothing."""
    import vl_convert

    drawn = str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE))
    drawn = _PATH.sub(_shorter, drawn)
    return drawn.replace(_XLINK, "", 1) if "xlink:" not in drawn.replace(_XLINK, "", 1) else drawn


def _shorter(path: re.Match[str]) -> str:
    """A path with its coordinates to a tenth of a pixel."""
    return ' d="' + _LONG_NUMBER.sub(r"\1", path[1]) + '"'


def _make(
    wanted: list[tuple[str, tuple[Chart, str]]],
    *,
    cache: Path,
    shared: dict[str, str],
    workers: int,
    progress: Callable[[str], None] | None,
) -> None:
    jobs = [(key, chart.id, _with_data(text, chart.shared, shared)) for key, (chart, text) in wanted]
    workers = max(1, min(workers, os.cpu_count() or 1))
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        if progress and done % 100 == 0:
            progress(f"{done} of {len(jobs)} charts drawn")

    if workers == 1 or len(jobs) < WORTH_A_WORKER:
        for job in jobs:
            _one(job, cache)
            told(1)
        return
    with TemporaryDirectory(dir=cache) as folder:
        running = []
        for number in range(workers):
            (share := Path(folder) / f"{number}.json").write_text(json.dumps(jobs[number::workers]), encoding="utf-8")
            command = [sys.executable, "-m", "wellfounded.publishing.drawing", str(share), str(cache)]
            running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        with ThreadPoolExecutor(workers) as readers:
            for problem in list(readers.map(lambda worker: _followed(worker, told), running)):
                if problem:
                    raise CannotDraw(problem)


def _followed(worker: subprocess.Popen[str], told: Callable[[int], None]) -> str:
    """What went wrong in a worker, empty if nothing did; each line that it writes is one drawing."""
    with worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        for _ in worker.stdout:
            told(1)
        problem = worker.stderr.read()
    lines = problem.strip().splitlines()
    return "" if worker.returncode == 0 else lines[-1] if lines else "a worker that draws charts ended without a word"


def _one(job: Sequence[str], cache: Path) -> None:
    key, identifier, text = job
    try:
        drawn = svg(text)
    except ValueError as error:
        raise CannotDraw(f"the chart {identifier!r} could not be drawn: {error}") from error
    beside = cache / f"{key}.{os.getpid()}.part"
    beside.write_text(drawn, encoding="utf-8")
    beside.replace(cache / f"{key}.svg")


def _with_data(text: str, names: Sequence[str], shared: Mapping[str, str]) -> str:
    """The specification with shared data sets put in."""
    if not names:
        return text
    sets = ",".join(f"{json.dumps(name)}:{shared[name]}" for name in names)
    return f'{{"datasets":{{{sets}}},{text[1:]}'


def _by_address(text: str, names: Sequence[str]) -> str:
    """The specification with shared data sets read from the files beside it."""
    for name in names:
        text = text.replace(f'"data":{{"name":{json.dumps(name)}}}', f'"data":{{"url":{json.dumps(name + ".json")}}}')
    return text


def _work(share: Path, cache: Path) -> None:
    """Makes the drawings of one share of the work; writes a line for each."""
    for job in json.loads(share.read_text(encoding="utf-8")):
        _one(job, cache)
        print(job[0], flush=True)


if __name__ == "__main__":
    _work(Path(sys.argv[1]), Path(sys.argv[2]))
