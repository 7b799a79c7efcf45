"""What rides on one sector: the GVA of the largest, or of a named one, and how long recoveries took."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from wellfounded.analysis.resilience import NoSuchYear, shock, without_largest
from wellfounded.conclusions.expectations.shocks import SHOCKS
from wellfounded.conclusions.subjects import Subjects
from wellfounded.evidence.aggregation import Combined
from wellfounded.priorities.reaches import OUTPUT, REAL, SECTIONS
from wellfounded.priorities.types import Measure, PrizeOfArea, PrizeSpec, ShownPrize
from wellfounded.priorities.words import PER, UNITS, first, listed, millions, small

NOTE = (
    "What rides on it, not what would be lost: no policy and no shock would move all of it. It says how much depends "
    "on one part of the economy."
)


def exposure(spec: PrizeSpec, subjects: Subjects, codes: Sequence[str]) -> ShownPrize:
    """The GVA that rides on one sector in each of `codes`, with the years that each took to recover from shocks."""
    reading = subjects.reading(OUTPUT)
    labels = subjects.store.indicator(OUTPUT).category_labels
    called = small(labels.get(spec.category, spec.category)) if spec.category else "the largest section of industry"
    blank = ShownPrize(
        impact=spec.impact,
        measure=Measure.EXPOSURE.value,
        title=f"What rides on {called}",
        unit=UNITS[Measure.EXPOSURE],
        text="",
        note=NOTE,
    )
    if isinstance(reading, str):
        return _none(blank, reading)
    sets = np.array([int(subjects.roles[f"area:{code}"][0]) for code in codes])
    columns = [code for code in SECTIONS if code in reading.panel.category_index]
    wanted = [spec.category] if spec.category else columns
    positions = np.array([reading.panel.category_index[code] for code in wanted])
    total = reading.panel.category_index.get("Total", 0)
    values = reading.value[sets]
    known = np.isfinite(values[:, :, positions]).all(axis=(0, 2)) & np.isfinite(values[:, :, total]).all(axis=0)
    if not known.any():
        return _none(blank, "GVA by industry is not published for all of the areas")
    at = int(np.flatnonzero(known)[-1])
    found = without_largest(values[:, at][:, positions], values[:, at, total])
    riding = found.share * values[:, at, total]
    recoveries = _recoveries(subjects, codes)
    names = subjects.store.catalogue.areas
    areas = tuple(
        PrizeOfArea(
            area=code,
            name=names.name(code),
            text=f"{millions(float(riding[row]))}, {found.share[row]:.0%} of its GVA",
            value=float(riding[row]),
            own=f"{found.share[row]:.0%}",
            own_value=float(found.share[row] * 100),
            largest=labels.get(wanted[int(found.largest[row])], wanted[int(found.largest[row])]),
            recovery=recoveries[row],
        )
        for row, code in enumerate(codes)
    )
    whole = float(riding.sum())
    year = reading.panel.periods[at].label
    used = (OUTPUT, REAL) if any(recoveries) else (OUTPUT,)
    readings = [subjects.reading(name) for name in used]
    return ShownPrize(
        impact=spec.impact,
        measure=Measure.EXPOSURE.value,
        title=blank.title,
        unit=blank.unit,
        text=f"{millions(whole)}{PER[Measure.EXPOSURE]}",
        value=whole,
        period=year,
        areas=areas,
        working=(
            (
                f"GVA of {called} in {year}, added up over {listed([area.name for area in areas])}: {millions(whole)}. "
                "Imputed rent is part of the whole and no sector."
            ),
            "Years to recover count from the year before the shock until real GVA was back at its level of that year.",
            "No interval is published for these figures.",
        ),
        note=NOTE,
        indicators=used,
        releases=tuple(dict.fromkeys(one.panel.release for one in readings if isinstance(one, Combined))),
    )


def _recoveries(subjects: Subjects, codes: Sequence[str]) -> list[str]:
    """For each area in words how long real GVA took to be back after each shock; empty where that isn't known."""
    reading = subjects.reading(REAL)
    if isinstance(reading, str):
        return [""] * len(codes)
    sets = np.array([int(subjects.roles[f"area:{code}"][0]) for code in codes])
    series = reading.value[sets][:, :, reading.panel.category_index.get("Total", 0)]
    years = reading.panel.years.astype(float)
    said: list[list[str]] = [[] for _ in codes]
    for before, until, called in SHOCKS.values():
        try:
            taken = shock(years, series, before=before, until=until).years_to_recover
        except NoSuchYear:
            continue
        for row, number in enumerate(taken.tolist()):
            if np.isnan(number):
                continue
            after = called.removeprefix("the ")
            if number == 0:
                said[row].append(f"no fall in the {after}")
            elif np.isinf(number):
                said[row].append(f"not back by {int(years[-1])} after the {after}")
            else:
                said[row].append(f"{number:.0f} years to recover from the {after}")
    return [first("; ".join(parts)) for parts in said]


def _none(blank: ShownPrize, why: str) -> ShownPrize:
    return msgspec.structs.replace(blank, why_none=why)
