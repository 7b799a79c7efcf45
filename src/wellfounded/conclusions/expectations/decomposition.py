"""driven by: which part a gap, or growth, comes from: a link of the chain, output within sectors, or their mix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from wellfounded.analysis.chain import LINKS, chain, productivity_links
from wellfounded.analysis.gap import gap_decomposition
from wellfounded.analysis.growth import shift_share
from wellfounded.conclusions.amounts import Window
from wellfounded.conclusions.expectations.common import (
    Bools,
    Expectation,
    Explanation,
    comparator_name,
    decide,
    lower_first,
    percent,
    place_name,
)
from wellfounded.conclusions.frame import CannotTest, Frame, Judgement
from wellfounded.conclusions.subjects import Indices
from wellfounded.conclusions.types import Dimension
from wellfounded.core import Figure
from wellfounded.evidence.aggregation import Combined
from wellfounded.evidence.columns import Floats
from wellfounded.evidence.store import NoSuchIndicator

CHAIN = ("gva", "hours-implied", "jobs-implied", "employment-rate", "population-16-64", "population")
OUTPUT, LABOUR = "gva-by-industry", "employees-by-section"
# Sections that GVA is published for one by one, and those that it joins; imputed rent (68IMP) has no employees.
SECTIONS: dict[str, tuple[str, ...]] = {
    "AB (1-9)": ("A", "B"), "C (10-33)": ("C",), "DE (35-39)": ("D", "E"), "F (41-43)": ("F",), "G (45-47)": ("G",),
    "H (49-53)": ("H",), "I (55-56)": ("I",), "J (58-63)": ("J",), "K (64-66)": ("K",), "68": ("L",),
    "M (69-75)": ("M",), "N (77-82)": ("N",), "O (84)": ("O",), "P (85)": ("P",), "Q (86-88)": ("Q",),
    "R (90-93)": ("R",), "S (94-96)": ("S",),
}  # fmt: skip
PARTS = {
    "chain": LINKS,
    "sectors": ("within", "mix"),
    "shift-share": ("mix", "competitive"),
}
ABOUT = {  # the indicators whose gap each splits
    "chain": ("gva-per-head",),
    "sectors": ("gva-per-job", "gva-by-industry"),
    "shift-share": ("gva-by-industry",),
}
PART_WORDS = {
    "within": "output per employee within sectors",
    "mix": "the mix of sectors",
    "competitive": "sectors growing at another pace than the same sectors there",
}


@dataclass
class Parts:
    """The parts of a gap [choice, subject, part] as fractions of the comparator's level (or of the start)."""

    names: tuple[str, ...]
    fractions: Floats
    total: Floats
    period: str
    sectors: tuple[str, ...] = ()
    by_sector: Floats | None = None
    figures: tuple[tuple[str, int, int, int], ...] = ()


def _reading(frame: Frame, indicator: str) -> Combined:
    try:
        reading = frame.subjects.reading(indicator)
    except NoSuchIndicator as error:
        raise CannotTest(str(error)) from None
    if isinstance(reading, str):
        raise CannotTest(reading)
    return reading


def _common_year(frame: Frame, readings: list[Combined], wanted: Indices) -> int:
    """The latest year for which every reading has a value for the stated sets; the one before, where asked."""
    years: set[int] | None = None
    for reading in readings:
        column = reading.panel.category_index.get("Total", reading.panel.category_index.get("", 0))
        values = reading.value[wanted.reshape(-1)][:, :, column]
        have = np.isfinite(values).mean(axis=0) >= 0.5
        found = set(reading.panel.years[have].tolist())
        years = found if years is None else years & found
    ordered = sorted(years or ())
    asked = frame.test.options.get("period")
    if asked not in (None, "latest"):
        ordered = [year for year in ordered if year <= int(str(asked)[:4])]
    back = 2 if frame.period == "previous" else 1
    if len(ordered) < back:
        raise CannotTest("there is no year for which every part has figures")
    return ordered[-back]


def _at(reading: Combined, sets: Indices, year: int, columns: list[int] | None = None) -> Floats:
    period = int(np.flatnonzero(reading.panel.years == year)[-1])
    if columns is None:
        total = reading.panel.category_index.get("Total", reading.panel.category_index.get("", 0))
        return reading.value[sets][..., period, total]
    return reading.value[sets][..., period, :][..., np.array(columns)]


def _chain(frame: Frame) -> Parts:
    readings = {name: _reading(frame, name) for name in CHAIN}
    assert frame.comparator is not None
    stated = np.concatenate([frame.place[:1], frame.comparator[:1]])
    year = _common_year(frame, list(readings.values()), stated)

    def links(sets: Indices) -> Floats:
        value = {name: _at(reading, sets, year) for name, reading in readings.items()}
        return productivity_links(
            gva=value["gva"],
            hours=value["hours-implied"],
            jobs=value["jobs-implied"],
            resident_workers=value["employment-rate"] / 100 * value["population-16-64"],
            working_age=value["population-16-64"],
            population=value["population"],
        )

    found = chain(links(frame.place), links(frame.comparator))
    total = found.product / found.ref_product - 1
    return Parts(LINKS, found.fraction, total, str(year))


def _sectors(frame: Frame) -> Parts:
    output, labour = _reading(frame, OUTPUT), _reading(frame, LABOUR)
    assert frame.comparator is not None
    stated = np.concatenate([frame.place[:1], frame.comparator[:1]])
    year = _common_year(frame, [output, labour], stated)
    present = [code for code in SECTIONS if code in output.panel.category_index]
    columns = [output.panel.category_index[code] for code in present]

    def employees(sets: Indices) -> Floats:
        parts = [
            _at(labour, sets, year, [labour.panel.category_index[letter] for letter in SECTIONS[code]]).sum(axis=-1)
            for code in present
        ]
        return np.stack(parts, axis=-1)

    own, ref = _at(output, frame.place, year, columns), _at(output, frame.comparator, year, columns)
    workers, ref_workers = employees(frame.place), employees(frame.comparator)
    found = gap_decomposition(own, workers, ref, ref_workers)
    level = (ref.sum(axis=-1) / ref_workers.sum(axis=-1))[..., None]
    parts = np.stack([found.within.sum(axis=-1), found.mix.sum(axis=-1)], axis=-1) / level
    labels = frame.subjects.store.indicator(OUTPUT).category_labels
    names = tuple(labels.get(code, code) for code in present)
    return Parts(PARTS["sectors"], parts, found.gap / level[..., 0], str(year), names, found.by_sector / level)


def _shift_share(frame: Frame) -> Parts:
    reading = _reading(frame, OUTPUT)
    assert frame.comparator is not None
    window = frame.test.options.get("over")
    if not isinstance(window, Window):
        raise CannotTest("shift-share needs a window: over")
    indicator = frame.subjects.store.indicator(OUTPUT)
    columns = [reading.panel.category_index[code] for code in indicator.leaf_categories]
    years = sorted(set(reading.panel.years.tolist()))
    last = window.last or years[-1]
    first = window.first or (last - window.years if window.years else years[0])
    if frame.period == "previous":
        first, last = (first, last - 1)
    if first not in years or last not in years:
        raise CannotTest(f"its figures cover {years[0]} to {years[-1]}, not {first} to {last}")
    start, end = (_at(reading, frame.place, year, columns) for year in (first, last))
    ref_start, ref_end = (_at(reading, frame.comparator, year, columns) for year in (first, last))
    found = shift_share(start, end, ref_start, ref_end)
    base = start.sum(axis=-1)[..., None]
    parts = np.stack([found.mix.sum(axis=-1), found.competitive.sum(axis=-1)], axis=-1) / base
    labels = indicator.category_labels
    names = tuple(labels.get(code, code) for code in indicator.leaf_categories)
    return Parts(PARTS["shift-share"], parts, parts.sum(axis=-1), f"{first} to {last}", names,
                 (found.mix + found.competitive) / base)  # fmt: skip


_HOW = {"chain": _chain, "sectors": _sectors, "shift-share": _shift_share}


def judge(frame: Frame) -> Judgement:
    """The verdict: the named part is the largest in the direction of the gap. No interval is published for parts."""
    if frame.comparator is None:
        raise CannotTest("it names no comparator")
    parts = _HOW[str(frame.test.options["decomposition"])](frame)
    named = parts.names.index(str(frame.test.options["part"]))
    direction = np.sign(parts.total)[..., None]
    pulled = parts.fractions * direction
    estimate = parts.fractions[..., named]
    known: Bools = np.asarray(np.isfinite(parts.fractions).all(axis=-1))
    meets = (np.argmax(np.nan_to_num(pulled, nan=-np.inf), axis=-1) == named) & (pulled[..., named] > 0)
    nothing = np.full(estimate.shape, np.nan)
    verdict = decide(meets=meets, known=known, told=known, has_interval=np.zeros_like(known))
    reason = "" if known[0].any() else "a figure of one part is missing for the place or the comparator"
    return Judgement(verdict, estimate, nothing, nothing, nothing, reason, {"parts": parts})


def explain(frame: Frame, judgement: Judgement) -> Explanation:
    options = frame.test.options
    area, comparator = place_name(frame), comparator_name(frame)
    kind, part = str(options["decomposition"]), str(options["part"])
    what = {
        "chain": "the gap in GVA per head",
        "sectors": "the gap in GVA per employee",
        "shift-share": "the difference in growth of GVA",
    }[kind]
    part_words = PART_WORDS.get(part, part)
    out = Explanation(f"Is {lower_first(part_words)} the largest part of {what} between {area} and {comparator}?")
    parts: Parts | None = judgement.extra.get("parts")
    if parts is None or not np.isfinite(parts.fractions[0, 0]).all():
        return out
    fractions, total = parts.fractions[0, 0], float(parts.total[0, 0])
    named = parts.names.index(part)
    largest = int(np.argmax(fractions * np.sign(total)))
    words = [PART_WORDS.get(name, name) for name in parts.names]

    def signed(value: float) -> str:
        return f"{'+' if value > 0 else '−'}{percent(abs(value), decimals=1)}"

    out.slots = {
        "area": area,
        "comparator": comparator,
        "period": parts.period,
        "part": part_words,
        "part_gap": percent(abs(float(fractions[named])), decimals=1),
        "part_share": percent(float(fractions[named] / total)),
        "gap": percent(abs(total), decimals=1),
        "more_or_less": "more" if total > 0 else "less",
        "higher_or_lower": "higher" if total > 0 else "lower",
        "part_above_or_below": "above" if fractions[named] > 0 else "below",
    }
    if parts.by_sector is not None:
        order = np.argsort(-parts.by_sector[0, 0] * np.sign(total))
        out.slots["sector"] = parts.sectors[int(order[0])]
        out.slots["sector_gap"] = percent(abs(float(parts.by_sector[0, 0, order[0]])), decimals=1)
    level = (
        "of the comparator's level" if kind != "shift-share" else f"of the place's GVA at the start of {parts.period}"
    )
    out.working = [
        f"{what[0].upper()}{what[1:]}, {parts.period}: {signed(total)} {level}.",
        *(f"{words[at][0].upper()}{words[at][1:]}: {signed(float(fractions[at]))}." for at in range(len(words))),
        "The parts add up to the gap exactly. They are arithmetic, not causes.",
    ]
    size = f"{signed(float(fractions[largest]))} of {signed(total)}"
    seen = f"The largest part of {what} between {area} and {comparator} in {parts.period} is {words[largest]} ({size})"
    out.honest = {"uncertain": f"{seen}.", "fails": f"{seen}, not {part_words}."}
    out.figures = _figures(frame, kind, parts.period)
    out.series = {
        "kind": "parts",
        "period": parts.period,
        "total": total,
        "parts": [
            {"name": words[at], "value": float(fractions[at]), "tested": at == named} for at in range(len(words))
        ],
        "sectors": [
            {"name": name, "value": float(value)}
            for name, value in zip(parts.sectors, parts.by_sector[0, 0].tolist(), strict=True)
        ]
        if parts.by_sector is not None
        else [],
    }
    return out


def _figures(frame: Frame, kind: str, period: str) -> list[Figure]:
    """The totals that the parts are made of, for the place and the comparator."""
    assert frame.comparator is not None
    names = {"chain": CHAIN, "sectors": (OUTPUT, LABOUR), "shift-share": (OUTPUT,)}[kind]
    years = [int(text) for text in period.split(" to ")]
    found: list[Figure] = []
    for name in names:
        reading = _reading(frame, name)
        column = reading.panel.category_index.get("Total", reading.panel.category_index.get("", 0))
        for year in years:
            at = int(np.flatnonzero(reading.panel.years == year)[-1])
            both = (int(frame.place[0, 0]), int(frame.comparator[0, 0]))
            found += [frame.subjects.store.figure(reading, which, at, column) for which in both]
    return found


def _disagrees(table: Mapping[str, Any]) -> str:
    kind, indicator = str(table.get("decomposition")), table.get("indicator")
    if kind == "shift-share" and "over" not in table:
        return 'shift-share splits growth: it needs `over`, as "10 years"'
    if kind in ABOUT and indicator not in ABOUT[kind]:
        return f"`{kind}` splits {' or '.join(ABOUT[kind])}, not {indicator}"
    return ""


def indicators(decomposition: str) -> tuple[str, ...]:
    """The indicators that a decomposition reads beside the test's own."""
    return {"chain": CHAIN, "sectors": (OUTPUT, LABOUR), "shift-share": (OUTPUT,)}.get(decomposition, ())


DRIVEN_BY = Expectation(
    "driven by", "the largest part of a gap or of growth", "gap-decomposition", "required",
    {"decomposition": "decomposition", "part": "part", "over": "window", "period": "text"},
    ("decomposition", "part"), (),
    (Dimension.COMPARATOR, Dimension.PERIOD, Dimension.BOUNDARY),
    ("area", "comparator", "period", "part", "part_gap", "part_share", "gap", "more_or_less", "higher_or_lower",
     "sector", "sector_gap", "part_above_or_below"),
    judge, explain, ("previous",), _disagrees,
)  # fmt: skip
