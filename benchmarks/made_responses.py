"""Responses made for benchmarks, the same each time.

They are made from the public's own words where they are beside the repository (`../shared/data/responses`): several
sentences each, varied so that hardly two are the same, a sixth of them in campaigns.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).parents[1] / "../shared/data/responses"
IN_CAMPAIGNS = 1 / 6
CAMPAIGNS = 12
SEED = 20180621
TOWNS = ("Crewe", "Chester", "Warrington", "Macclesfield", "Winsford", "Northwich", "Nantwich", "Congleton", "Neston",
         "Ellesmere Port", "Lymm", "Knutsford", "Frodsham", "Sandbach", "Middlewich", "Wilmslow")  # fmt: skip
DISTRICTS = ("Cheshire East", "Cheshire West and Chester", "Warrington")


@dataclass(frozen=True)
class Made:
    """Responses, each with its organisation, its district and the campaign that it was made for, or -1."""

    texts: list[str]
    organisations: list[str]
    districts: list[str]
    planted: list[int]


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


def made(responses: int) -> Made:
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
    return Made(texts, bodies, places, planted)
