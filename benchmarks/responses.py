"""How long it takes to understand 100,000 responses, with and without embeddings, and in how much memory.

    python -m benchmarks.responses [--responses N] [--embeddings on|off]

The responses are made, the same each time, from the public's own words where they are beside the repository
(`../shared/data/responses`): several sentences each, varied so that hardly two are the same, a sixth of them in
campaigns. Each case runs in a process of its own, whose largest size is what is reported.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "../shared/data/responses"
BASE = ROOT / "bases" / "cheshire-warrington"
RESPONSES = 100_000
MINUTES = {"off": 10.0, "on": 60.0}
GIGABYTES = 4.0
IN_CAMPAIGNS = 1 / 6
CAMPAIGNS = 12
SEED = 20180621
TOWNS = ("Crewe", "Chester", "Warrington", "Macclesfield", "Winsford", "Northwich", "Nantwich", "Congleton", "Neston",
         "Ellesmere Port", "Lymm", "Knutsford", "Frodsham", "Sandbach", "Middlewich", "Wilmslow")  # fmt: skip
DISTRICTS = ("Cheshire East", "Cheshire West and Chester", "Warrington")


@dataclass
class Work:
    """What goes from step to step."""

    texts: list[str]
    organisations: list[str]
    districts: list[str]
    planted: list[int]  # the campaign that each response was made for, or -1
    embeddings: bool
    points: list[str] = field(default_factory=list)
    of: list[int] = field(default_factory=list)  # the response that each point is of
    campaigns: Any = None
    linker: Any = None
    read: Any = None
    suggestions: Any = None
    themes: Any = None
    missed: Any = None
    personal: int = 0


def sentences() -> list[str]:
    """What the public wrote, or where that is not there, sentences made from parts."""
    found: list[str] = []
    for folder, column in (("public-comments", "comment-body"), ("argument-key-points", "argument")):
        for path in sorted((SOURCE / folder).glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                found += [row[column].strip() for row in csv.DictReader(file) if row.get(column)]
    if found:
        return [text if text[-1] in ".!?" else f"{text}." for text in found if len(text) > 20]
    who = ("Employers", "Our members", "Young people", "Farmers", "Commuters", "Two colleges", "Care homes", "Makers")
    does = (
        "cannot find",
        "have stopped asking for",
        "pay too much for",
        "need",
        "wait months for",
        "were never asked about",
    )
    what = (
        "welders",
        "buses after six",
        "a grid connection",
        "rooms to rent",
        "broadband that works",
        "level 4 courses",
    )
    why = ("and the figures do not show it", "which the evidence leaves out", "as the census would show", "since 2019")
    return [f"{a} {b} {c}, {d}." for a in who for b in does for c in what for d in why]


def made(responses: int, *, embeddings: bool) -> Work:
    """So many responses, the same each time."""
    rng = np.random.default_rng(SEED)
    pool = sentences()

    def own(count: int) -> str:
        """Some of the pool's texts, each sentence with words put in that make it one of its own."""
        parts = []
        for chosen in rng.integers(len(pool), size=count):
            for sentence in re.split(r"(?<=[.!?]) +", pool[chosen]):
                words = sentence.split(" ")
                words.insert(int(rng.integers(len(words))), TOWNS[rng.integers(len(TOWNS))])
                words.insert(int(rng.integers(len(words))), str(rng.integers(2, 2000)))
                parts.append(" ".join(words))
        return " ".join(parts)

    shared = [own(4) for _ in range(CAMPAIGNS)]
    texts, planted = [], []
    sizes = np.clip(rng.lognormal(0.9, 0.6, responses).astype(int), 1, 12)
    for size in sizes:
        campaign = int(rng.integers(CAMPAIGNS)) if rng.random() < IN_CAMPAIGNS else -1
        planted.append(campaign)
        if campaign < 0:
            texts.append(own(int(size)))
        else:
            texts.append(shared[campaign] + (f"\n\n{own(1)}" if rng.random() < 0.4 else ""))
        if rng.random() < 0.3:
            texts[-1] += (
                f"\n\nKind regards,\n{'ABCDEFGHJK'[rng.integers(10)]}. Example\nexample{rng.integers(999)}@example.org"
            )
    bodies = [f"body {number}" if number < 4000 else "" for number in rng.integers(9000, size=responses)]
    places = [DISTRICTS[number] for number in rng.integers(3, size=responses)]
    return Work(texts, bodies, places, planted, embeddings)


def segment(work: Work) -> None:
    """Every response in points."""
    from wellfounded.people.consultation.understanding.points import points_in

    for number, text in enumerate(work.texts):
        spans = points_in(text)
        work.points += [span.of(text) for span in spans]
        work.of += [number] * len(spans)


def group(work: Work) -> None:
    """Campaigns, with what each response adds."""
    from wellfounded.people.consultation.understanding.campaigns import campaigns_in

    work.campaigns = campaigns_in(work.texts)


def link(work: Work) -> None:
    """Suggestions for every point, to the conclusions of the base that ships."""
    from wellfounded.conclusions.read import read_all
    from wellfounded.people.consultation.types import About, Target
    from wellfounded.people.consultation.understanding.embedding import load_embedder
    from wellfounded.people.consultation.understanding.linking import Candidate, Linker

    candidates = [
        Candidate(Target(About.CONCLUSION, conclusion.id), re.sub(r"\{[^}]*\}", "…", conclusion.says))
        for conclusion in read_all(BASE)[1]
    ]
    embedder = load_embedder() if work.embeddings else None
    work.linker = Linker.of(candidates, background=work.points, embedder=embedder)
    work.read = work.linker.read(work.points)
    work.suggestions = work.linker.suggestions(work.read.confidence)


def theme(work: Work) -> None:
    """Themes over all points."""
    from wellfounded.people.consultation.understanding.themes import themes_of

    ids = [str(number) for number in range(len(work.points))]
    work.themes = themes_of(ids, work.points, vectors=work.read.vectors)


def miss(work: Work) -> None:
    """What the conclusions don't cover."""
    from wellfounded.people.consultation.understanding.missed import missed_by

    bodies = [work.organisations[response] for response in work.of]
    places = [work.districts[response] for response in work.of]
    work.missed = missed_by(work.linker, work.points, organisations=bodies, districts=places, read=work.read)


def protect(work: Work) -> None:
    """Personal data of every response."""
    from wellfounded.people.consultation.understanding.personal import personal_in

    work.personal = sum(len(personal_in(text)) for text in work.texts)


# What a consultation goes through, in order. A step that writes tables can be put first: it gets the same work.
STEPS: list[tuple[str, Callable[[Work], None]]] = [
    ("segment", segment),
    ("group", group),
    ("link", link),
    ("theme", theme),
    ("missed", miss),
    ("personal", protect),
]


def run(responses: int, *, embeddings: bool) -> dict[str, Any]:
    """Seconds by step, the largest size of this process and what came out."""
    work = made(responses, embeddings=embeddings)
    taken, before = {}, time.process_time()
    for name, step in STEPS:
        started = time.perf_counter()
        step(work)
        taken[name] = time.perf_counter() - started
        print(f"    {name} {taken[name]:.1f} s", file=sys.stderr, flush=True)
    return {
        "responses": responses,
        "points": len(work.points),
        "different": len(set(work.points)),
        "suggested": sum(bool(one) for one in work.suggestions),
        "campaigns": len(work.campaigns.campaigns),
        "in_campaigns": sum(len(one.members) for one in work.campaigns.campaigns),
        "planted": sum(one >= 0 for one in work.planted),
        "themes": len(work.themes),
        "missed": len(work.missed),
        "personal": work.personal,
        "seconds": taken,
        "processor": time.process_time() - before,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
    }


def main(arguments: list[str]) -> int:
    """Exit code: 0 when the aims are met, for fewer responses in proportion."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.responses", description=__doc__.split("\n")[0])
    parser.add_argument("--responses", type=int, default=RESPONSES)
    parser.add_argument("--embeddings", choices=["on", "off"], action="append")
    parser.add_argument("--here", action="store_true", help="run in this process and print JSON")
    chosen = parser.parse_args(arguments)
    cases = chosen.embeddings or ["off", "on"]
    if chosen.here:
        print(json.dumps(run(chosen.responses, embeddings=cases[0] == "on")))
        return 0
    met = True
    for case in cases:
        command = [sys.executable, "-m", "benchmarks.responses", "--here", "--embeddings", case]
        command += ["--responses", str(chosen.responses)]
        busy = os.getloadavg()[0]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        total = sum(found["seconds"].values())
        aim = MINUTES[case] * 60 * chosen.responses / RESPONSES
        met &= total < aim and found["gigabytes"] < GIGABYTES
        print(f"responses: {found['responses']:,} with embeddings {case} (load {busy:.1f} before the start)")
        print(f"  {found['points']:,} points, {found['different']:,} different; suggestions for {found['suggested']:,}")
        print(f"  {found['campaigns']} campaigns, {found['in_campaigns']:,} responses ({found['planted']:,} planted);")
        print(f"  {found['themes']} themes; {found['personal']:,} pieces of personal data")
        for name, seconds in found["seconds"].items():
            print(f"  {name:10} {seconds:8.1f} s   {chosen.responses / max(seconds, 1e-9):10,.0f} responses a second")
        share, processor = found["gigabytes"] / GIGABYTES, found["processor"]
        print(f"  together   {total:8.1f} s   {total / aim:.2f} of the aim of {aim / 60:.1f} minutes")
        print(f"  processor  {processor:8.1f} s   {processor / 2 / aim:.2f} of the aim, were two cores free and busy")
        print(f"  memory     {found['gigabytes']:8.2f} GB  {share:.2f} of the aim of {GIGABYTES:.0f} GB")
    print(f"  aims: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
