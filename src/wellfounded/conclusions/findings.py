"""Findings: what is notable in the figures and nobody has written about yet, offered as draft conclusions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.difference import difference, relative_difference
from wellfounded.analysis.scan import notable, standardised
from wellfounded.analysis.specialisation import location_quotient
from wellfounded.conclusions.expectations.categories import NO_INDUSTRY
from wellfounded.conclusions.expectations.common import points_unit
from wellfounded.conclusions.robustness import tests_of
from wellfounded.conclusions.subjects import Subjects
from wellfounded.conclusions.types import Conclusion, Kind
from wellfounded.evidence.aggregation import Combined
from wellfounded.evidence.base import Base
from wellfounded.evidence.store import NoSuchRelease, Store
from wellfounded.evidence.types import Indicator, Level, Polarity, Rule

STALE_YEARS = 6  # older figures are history, not findings
MARGIN = 0.05  # the practical margin of a draft: 5%, or 2 points of a percentage
POINTS = 2.0
LEAST = 0.2  # of the usual spread; double where no interval is published
MOST = 3.0  # a size beyond it says no more: such series hardly differ between most areas
OUTPUT = "gva-by-industry"
SPECIALISED = 1.5
LEAST_SHARE = 0.015  # of output: below it a high quotient is a small thing
MOST_SPECIALISMS = 4
RELEVANCE = {"economy": 3.0, "sectors": 2.0, "people": 1.5, "business-environment": 1.5}
IMPACT = {
    "economy": ("productivity",),
    "sectors": ("productivity", "resilience"),
    "ideas": ("productivity",),
    "people": ("earning-power",),
    "infrastructure": ("productivity",),
    "business-environment": ("productivity", "resilience"),
    "place": ("earning-power",),
}


@dataclass(frozen=True)
class Finding:
    """Something notable: an indicator on which an area stands apart from a comparator."""

    indicator: str
    label: str
    chapter: str
    area: str  # the base's own code for the place, else a member's code
    area_name: str
    comparator: str
    expect: str  # higher or lower
    kind: Kind
    size: float  # in usual spreads of local authorities
    score: float
    q: float | None  # adjusted for the false discovery rate; None where no interval is published
    margin: str
    period: str
    value: str
    comparator_value: str
    category: str = ""  # the code of an industry, where the finding is a specialism

    @property
    def id(self) -> str:
        where = "" if self.area.startswith("place:") else f"-{slug(self.area_name)}"
        return f"specialised-{slug(self.label)}{where}" if self.category else f"{self.indicator}{where}"

    @property
    def sentence(self) -> str:
        """The draft's sentence, with slots."""
        if self.category:
            return (
                "{category} made up {share} of output in {area} {when}, {lq} times the share in {comparator} "
                "({comparator_share})."
            )
        return (
            f"{self.label} in {{area}}: {{value}} {{when}}, {{difference}} {{higher_or_lower}} than in {{comparator}} "
            f"({{comparator_value}})."
        )

    def as_toml(self, *, comment: str = "") -> str:
        """The draft as a [[conclusion]] table of a base."""
        impact = ", ".join(f'"{name}"' for name in IMPACT.get(self.chapter, ()))
        area = "" if self.area.startswith("place:") else f'  area = "{self.area}"\n'
        category = f'  category = "{self.category}"\n' if self.category else ""
        margin = f"  at_least = {self.margin}\n" if self.category else f'  by_at_least = "{self.margin}"\n'
        return (
            (f"# {comment}\n" if comment else "")
            + f'[[conclusion]]\nid = "{self.id}"\nchapter = "{self.chapter}"\nimpact = [{impact}]\n'
            f'kind = "{self.kind}"\nstatus = "draft"\nsays = "{_quoted(self.sentence)}"\nmatters = ""\n\n'
            f'  [[conclusion.test]]\n  indicator = "{self.indicator}"\n{area}{category}  expect = "{self.expect}"\n'
            f'  than = "{self.comparator}"\n{margin}'
        )


def scan(
    base: Base,
    store: Store | None = None,
    *,
    written: Iterable[Conclusion] = (),
    comparator: str | None = None,
    most: int | None = None,
) -> tuple[Finding, ...]:
    """What is notable about the place and its members against a comparator, most notable first.

    Every indicator with one series is compared at once; false discoveries are controlled over all of them; what a
    conclusion in `written` already tests for the same area is left out. `comparator` is the base's first by default.
    """
    store = store or Store.open(base)
    than = comparator or next(iter(base.comparators))
    definitions = [store.indicator(name) for name in store.indicator_ids()]
    definitions = [
        item
        for item in definitions
        if not item.categories
        and item.additivity.rule not in (Rule.SUM, Rule.CHAINED)
        and "million" not in item.unit.suffix  # a total, whatever may be said of adding it up
        and item.polarity is not Polarity.NEUTRAL
    ]
    store.prefetch(_with_weights(definitions, store))
    subjects = Subjects.of_base(base, store)
    known = _written(written, base)
    authorities = store.catalogue.areas.of_level(Level.LOCAL_AUTHORITY)
    candidates: list[tuple[Indicator, str, str, float, float, float, float, str]] = []
    newest = max((release.released.year for release in store.catalogue.releases.values()), default=0)
    for indicator in definitions:
        try:
            reading = subjects.reading(indicator.id)
        except NoSuchRelease:
            continue
        if isinstance(reading, str):
            continue
        candidates += _candidates(indicator, reading, subjects, than, authorities, newest)
    candidates = [item for item in candidates if (item[0].id, item[1]) not in known]
    if not candidates:
        return ()
    size = np.clip([item[3] for item in candidates], -MOST, MOST)
    p = np.array([item[4] for item in candidates])
    relevance = np.array([RELEVANCE.get(item[0].chapter, 1.0) for item in candidates])
    found = notable(size, p=p, relevance=relevance, least_size=LEAST)
    chosen = []
    told: set[str] = set()
    for position in found.order.tolist():
        indicator, code, name, spread, _, value, other, period = candidates[position]
        if indicator.id in told:  # one finding an indicator: the area that stands out most
            continue
        told.add(indicator.id)
        up = value > other
        good = up == (indicator.polarity is Polarity.HIGHER)
        q = float(found.q[position])
        margin = f"{POINTS:g} points" if points_unit(indicator) else f"{MARGIN:.0%}"
        chosen.append(
            Finding(
                indicator.id, indicator.label, indicator.chapter, code, name, than, "higher" if up else "lower",
                Kind.STRENGTH if good else Kind.ISSUE, float(spread), float(found.score[position]),
                q if np.isfinite(q) else None, margin, period, indicator.unit.write(value), indicator.unit.write(other),
            )
        )  # fmt: skip
    chosen += _specialisms(subjects, than, known)
    chosen.sort(key=lambda finding: -finding.score)
    return tuple(chosen[:most])


def _specialisms(subjects: Subjects, than: str, known: set[tuple[str, str]]) -> list[Finding]:
    """Industries that are a much larger part of the place's output than of the comparator's, the largest first."""
    store, base = subjects.store, subjects.base
    if (OUTPUT, base.code) in known:
        return []
    indicator = store.indicator(OUTPUT)
    reading = subjects.reading(OUTPUT)
    if isinstance(reading, str):
        return []
    panel = reading.panel
    leaves = [code for code in indicator.leaf_categories if code in panel.category_index and code not in NO_INDUSTRY]
    columns = [panel.category_index[code] for code in leaves]
    total = panel.category_index[indicator.total_category]
    place, other = int(subjects.roles["place"][0]), int(subjects.comparator(than, reading)[0][0])
    both = np.flatnonzero(np.isfinite(reading.value[place, :, total]) & np.isfinite(reading.value[other, :, total]))
    if not both.size:
        return []
    at = int(both[-1])
    own, reference = reading.value[place, at, columns], reading.value[other, at, columns]
    whole, ref_whole = reading.value[place, at, total], reading.value[other, at, total]
    quotient = location_quotient(own, whole, reference, ref_whole)
    share = own / whole
    keep = np.flatnonzero((quotient >= SPECIALISED) & (share >= LEAST_SHARE))
    best = sorted(keep.tolist(), key=lambda index: -float(share[index] * np.log(quotient[index])))[:MOST_SPECIALISMS]
    return [
        Finding(
            OUTPUT, indicator.category_labels[leaves[index]], "sectors", base.code, base.name, than, "specialised",
            Kind.STRENGTH, float(quotient[index]), float(share[index] * np.log(quotient[index]) * 20), None,
            f"{SPECIALISED:g}", panel.periods[at].label, f"{share[index]:.1%}",
            f"{reference[index] / ref_whole:.1%}", leaves[index],
        )
        for index in best
    ]  # fmt: skip


def _candidates(
    indicator: Indicator, reading: Combined, subjects: Subjects, than: str, authorities: Sequence[str], newest: int
) -> list[tuple[Indicator, str, str, float, float, float, float, str]]:
    """The place, or each member where the place has no figure, against the comparator in the latest period of both."""
    base = subjects.base
    other_set, _, _ = subjects.comparator(than, reading)
    other = int(other_set[0])
    place = int(subjects.roles["place"][0])
    shown = [place] if np.isfinite(reading.value[place, :, 0]).any() else []
    shown = shown or [int(subjects.roles[f"area:{code}"][0]) for code in base.members]
    rows = [reading.panel.area_index[code] for code in authorities if code in reading.panel.area_index]
    found = []
    for which in shown:
        both = np.flatnonzero(np.isfinite(reading.value[which, :, 0]) & np.isfinite(reading.value[other, :, 0]))
        if not both.size:
            continue
        at = int(both[-1])
        period = reading.panel.periods[at]
        if period.end.year < newest - STALE_YEARS:
            continue
        value, se = float(reading.value[which, at, 0]), float(reading.se[which, at, 0])
        level, level_se = float(reading.value[other, at, 0]), float(reading.se[other, at, 0])
        compare = difference if points_unit(indicator) else relative_difference
        told = compare(value, level, se_a=se, se_b=level_se if np.isfinite(level_se) else 0.0)
        enough = abs(float(told.estimate)) >= (POINTS if points_unit(indicator) else MARGIN)
        if not enough:
            continue
        everywhere = reading.panel.value[rows, at, 0]
        spread = float(standardised(value, everywhere)) - float(standardised(level, everywhere))
        if np.isfinite(spread):
            the_set = subjects.sets[which]
            found.append((indicator, the_set.id, the_set.name, spread, float(told.p), value, level, period.label))
    return found


def _written(conclusions: Iterable[Conclusion], base: Base) -> set[tuple[str, str]]:
    """What is already said: pairs of indicator and area."""
    return {
        (test.indicator, str(test.options.get("area", base.code)))
        for conclusion in conclusions
        for test in tests_of(conclusion.tests)
    }


def _with_weights(indicators: Iterable[Indicator], store: Store) -> set[str]:
    names: set[str] = set()
    for indicator in indicators:
        names |= {indicator.id, indicator.additivity.numerator, indicator.additivity.denominator} - {""}
    return names & set(store.indicator_ids())


def slug(text: str) -> str:
    """The text as an id: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
