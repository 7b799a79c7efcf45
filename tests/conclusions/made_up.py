"""Made-up indicators of real areas, and what comes of asking one thing of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from wellfounded.conclusions.amounts import parse_amount, parse_window
from wellfounded.conclusions.evaluate import evaluate
from wellfounded.conclusions.types import Combination, Conclusion, Kind, Result, State, Test
from wellfounded.core import Period, Unit
from wellfounded.evidence.base import Base, Chapter, Comparator
from wellfounded.evidence.columns import Coded, Rows
from wellfounded.evidence.consultation import Consultation
from wellfounded.evidence.local import LocalSource
from wellfounded.evidence.store import Store
from wellfounded.evidence.types import Additivity, Indicator, Polarity, Release, Rule, Source

EAST, WEST, WARRINGTON = "E06000049", "E06000050", "E06000007"
UK, ENGLAND, NORTH_WEST = "K02000001", "E92000001", "E12000002"
COMPARATORS = {
    "uk": Comparator("uk", "the UK", (UK,), otherwise="england"),
    "england": Comparator("england", "England", (ENGLAND,)),
    "north-west": Comparator("north-west", "the North West", (NORTH_WEST,)),
}
Value = float | tuple[float, float] | None  # a value, a value and half the width of its 95% interval, or suppressed
Series = Mapping[int, Value]  # by year
AMOUNTS = ("by_at_least", "within", "at_least", "at_most")


def an_indicator(identifier: str = "rate", **changes: Any) -> Indicator:
    """An indicator of one series that can't be combined, unless told otherwise."""
    plain = Indicator(
        id=identifier,
        label="Made-up rate",
        definition="A rate that nobody publishes.",
        unit=Unit(decimals=1),
        polarity=Polarity.HIGHER,
        chapter="economy",
        additivity=Additivity(Rule.REFUSED, reason="median"),
        source="made-up",
    )
    return replace(plain, **changes)


def rows_of(figures: Mapping[str, Mapping[str, Series | Mapping[str, Series]]], *, release: str) -> Rows:
    """The rows of {indicator: {area: {year: value}}}, or {indicator: {area: {category: {year: value}}}}."""
    flat: list[tuple[str, str, str, int, Value]] = []
    for indicator, by_area in figures.items():
        for area, series in by_area.items():
            for key, value in series.items():
                if isinstance(key, str):
                    assert isinstance(value, Mapping)
                    flat += [(indicator, area, key, year, inner) for year, inner in value.items()]
                else:
                    flat.append((indicator, area, "", key, value))  # type: ignore[arg-type]
    pairs = [value if isinstance(value, tuple) else (value, None) for *_, value in flat]
    values = np.array([np.nan if value is None else value for value, _ in pairs], dtype=float)
    half = np.array([np.nan if width is None else width for _, width in pairs], dtype=float)
    epoch = date(1970, 1, 1)
    years = [Period.year(year) for *_, year, _ in flat]
    return Rows(
        indicator=Coded.of([row[0] for row in flat]),
        release=Coded.same(release, len(flat)),
        category=Coded.of([row[2] for row in flat]),
        area=Coded.of([row[1] for row in flat]),
        status=Coded.of(["confidential" if value is None else "" for *_, value in flat]),
        start=np.array([(period.start - epoch).days for period in years]),
        end=np.array([(period.end - epoch).days for period in years]),
        value=values,
        lower=values - half,
        upper=values + half,
    )


def a_base(
    figures: Mapping[str, Mapping[str, Series | Mapping[str, Series]]],
    *indicators: Indicator,
    members: tuple[str, ...] = (EAST,),
    robust: tuple[str, ...] = ("uk", "england"),
) -> Base:
    """A base of real areas whose only own source holds the figures; indicators that aren't given are plain ones."""
    known = {item.id: item for item in indicators}
    release = Release(
        "made-up@2025-01-01", "made-up", "Made-up figures", "Nobody", "OGL-UK-3.0", "", date(2025, 1, 1), "publisher"
    )
    source = Source("made-up", "Made-up figures", "Nobody", "", "OGL-UK-3.0", "local-csv")
    local = LocalSource(
        source, release, {name: known.get(name) or an_indicator(name) for name in figures},
        rows_of(figures, release=release.id),
    )  # fmt: skip
    return Base(
        folder=Path("nowhere"),
        id="made-up",
        name="Cheshire",
        title="Made up",
        sentence="",
        lang="en",
        members=members,
        same_as=(),
        comparators=COMPARATORS,
        robust_comparators=robust,
        confidence=0.95,
        chapters=(Chapter("economy", "The economy"),),
        impacts=(),
        challenges=(),
        consultation=Consultation(),
        local=(local,),
    )


def a_test(expect: str, *, id: str = "t1", indicator: str = "rate", than: str = "", **options: Any) -> Test:
    """A test as the reader of a base would give it: amounts and windows are written as in a file."""
    parsed: dict[str, object] = dict(options)
    for name in AMOUNTS:
        if name in options:
            parsed[name] = parse_amount(options[name])
    if "over" in options:
        parsed["over"] = parse_window(options["over"])
    return Test(id, indicator, expect, than, parsed)


def a_conclusion(*tests: Test, combine: str = "all", says: str = "So it is.", **changes: Any) -> Conclusion:
    plain = Conclusion(
        id="made-up", chapter="economy", kind=Kind.CONTEXT, impact=(), says=says, tests=Combination(combine, tests),
        state=State.PUBLISHED,
    )  # fmt: skip
    return replace(plain, **changes)


def conclude(base: Base, conclusion: Conclusion, *, robustness: bool = False, store: Store | None = None) -> Result:
    """What a conclusion comes to on the figures of a base."""
    return evaluate(base, store or Store.open(base), conclusions=[conclusion], robustness=robustness).results[0]


def ask(base: Base, expect: str, *, robustness: bool = False, **test: Any) -> Result:
    """What one test comes to on the figures of a base."""
    return conclude(base, a_conclusion(a_test(expect, **test)), robustness=robustness)


def verdict(figures: Mapping[str, Series], expect: str, **test: Any) -> str:
    """The verdict of one test on {area: {year: value}} of the indicator `rate`, for Cheshire East."""
    return str(ask(a_base({"rate": figures}), expect, **test).verdict)
