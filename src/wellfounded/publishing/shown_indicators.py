"""Indicators as they are shown: figures over time for the place, members and comparators, with charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from wellfounded.conclusions.expectations.categories import NO_INDUSTRY
from wellfounded.evidence.store import NoSuchRelease
from wellfounded.evidence.types import Level, Rule
from wellfounded.publishing import charts
from wellfounded.publishing.charts import Boundaries, Chart, Part, Ranked, Who
from wellfounded.publishing.charts.parts import PER_CENT
from wellfounded.publishing.model import AreaRef, IndicatorRef, IndicatorRow, SeriesRow, ShownFigure, ShownIndicator
from wellfounded.publishing.readings import Reading, Readings, category_words, combines, polarity_words, unit_words
from wellfounded.publishing.text import html
from wellfounded.publishing.words import capital, count, day, listed

KIND = "local authorities"
TREND, MAP, RANKED, CATEGORIES = "--trend", "--map", "--ranked", "--categories"
FEWEST_AREAS = 10


@dataclass
class Authorities:
    """The local authorities of today, and the rows of a panel that hold their figures."""

    readings: Readings
    _rows: dict[tuple[str, ...], dict[str, int]] = field(default_factory=dict)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return self.readings.evaluation.store.catalogue.areas.of_level(Level.LOCAL_AUTHORITY)

    @cached_property
    def boundaries(self) -> Boundaries:
        areas = self.readings.evaluation.store.catalogue.areas
        shapes = {code: shape for code in self.codes if (shape := areas.boundary(code))}
        labels = {code: point for code in shapes if (point := areas.label_point(code))}
        return Boundaries.project(shapes, labels, around=self.readings.evaluation.base.members)

    @cached_property
    def _other_codes(self) -> dict[str, tuple[str, ...]]:
        """Codes under which an authority's figures may stand: its own, the same ground's, its one predecessor's."""
        areas = self.readings.evaluation.store.catalogue.areas
        found = {}
        for code in self.codes:
            before = [old for old in areas.predecessors(code) if areas.current(old) == (code,)]
            alone = before if len(before) == 1 else []
            found[code] = (code, *alone, *areas.same_as(code))
        return found

    def rows(self, reading: Reading) -> dict[str, int]:
        """The row of each authority that the panel has figures of."""
        panel = reading.combined.panel
        if panel.areas not in self._rows:
            index = panel.area_index
            self._rows[panel.areas] = {
                code: index[used]
                for code, others in self._other_codes.items()
                if (used := next((c for c in others if c in index), ""))
            }
        return self._rows[panel.areas]

    def ranked(self, reading: Reading, at: int) -> Ranked:
        """All authorities with their figures in one period."""
        panel, column = reading.combined.panel, reading.category
        rows = self.rows(reading)
        where = np.array(list(rows.values()), dtype=np.int64)
        kinds = {code[0] for code in rows if np.isfinite(panel.value[rows[code], at, column])}
        country = {"E": "English local authorities", "W": "Welsh local authorities", "S": "Scottish local authorities"}
        return Ranked(
            tuple(rows),
            panel.value[where, at, column],
            panel.lower[where, at, column],
            panel.upper[where, at, column],
            country.get(next(iter(kinds)), KIND) if len(kinds) == 1 else KIND,
        )


@dataclass(frozen=True)
class IndicatorPage:
    """An indicator as it is shown, with its charts before they are drawn."""

    shown: ShownIndicator
    charts: tuple[Chart, ...]


def page(reading: Reading, authorities: Authorities, *, conclusions: Sequence[str]) -> IndicatorPage:
    """The page of an indicator; `conclusions` are those that rest on it."""
    indicator, store = reading.indicator, reading.readings.evaluation.store
    made = _charts(reading, authorities)
    columns = tuple(_column(reading, at) for at in range(len(reading.subjects)))
    weight = indicator.additivity.numerator or indicator.additivity.denominator
    releases = tuple(release.id for release in store.releases_of(indicator.id))
    place = reading.figure(reading.place.which, reading.latest)
    return IndicatorPage(
        ShownIndicator(
            id=indicator.id,
            label=indicator.label,
            chapter=indicator.chapter,
            definition_html=html(indicator.definition),
            unit=unit_words(indicator.unit),
            polarity=polarity_words(indicator),
            period=reading.period(reading.latest).label,
            columns=columns,
            series=tuple(_series(reading)),
            source=indicator.source,
            releases=releases,
            place_figure=place,
            caveats_html=html(indicator.caveats) if indicator.caveats else "",
            combines=combines(indicator, store.indicator(weight).label if weight else ""),
            reconciliation=reconciliation(reading),
            development=indicator.development,
            trend=_id(made, TREND),
            map=_id(made, MAP),
            ranked=_id(made, RANKED),
            categories=_id(made, CATEGORIES),
            conclusions=tuple(conclusions),
            alternatives=tuple(name for name in indicator.alternatives if name in store.indicator_ids()),
            coverage=coverage(reading, authorities),
            revisions=revisions(reading),
        ),
        tuple(made),
    )


def ref(shown: ShownIndicator) -> IndicatorRef:
    """The indicator in a list."""
    return IndicatorRef(shown.id, shown.label, shown.chapter, shown.period, shown.place_figure, len(shown.conclusions))


def row(reading: Reading, *, main: str) -> IndicatorRow:
    """The indicator's line in a chapter's table: place, members, and the comparator `main` or what stands in for it."""
    own = [subject for subject in reading.subjects if subject.who.role != "comparator"]
    figures = [reading.figure(subject.which, reading.latest) for subject in own]
    subjects = reading.readings.evaluation.subjects
    sets, _, _ = subjects.comparator(main, reading.combined)
    figures.append(reading.figure(int(sets[0]), reading.latest))
    spark, words = _spark(reading)
    return IndicatorRow(
        indicator=reading.indicator.id,
        label=reading.indicator.label,
        period=reading.period(reading.latest).label,
        figures=tuple(figures),
        spark=spark,
        spark_alt=words,
    )


def coverage(reading: Reading, authorities: Authorities) -> str:
    """How much of the country has figures, and from when to when."""
    panel = reading.combined.panel
    held = np.flatnonzero(np.isfinite(panel.value[:, :, reading.category]).any(axis=0))
    periods = [panel.periods[at] for at in held.tolist()]
    if not periods:
        return ""
    known = authorities.ranked(reading, reading.latest).of
    span = periods[0].label if len(periods) == 1 else f"{periods[0].label} to {periods[-1].label}"
    latest = reading.period(reading.latest).label
    where = f"{count(known, 'local authority', 'local authorities')} of {len(authorities.codes)} in {latest}"
    return f"{span}; {where}." if known else f"{span}; not published for local authorities."


def reconciliation(reading: Reading) -> str:
    """How the place's figure made from its members compares with the official one, where there is one."""
    combined, which, at = reading.combined, reading.place.which, reading.latest
    the_set, panel = combined.sets[which], combined.panel
    if combined.source[which] != "combined":
        return ""
    areas = reading.readings.evaluation.store.catalogue.areas
    for code in the_set.official:
        row_of = panel.area_index.get(code)
        if row_of is None:
            continue
        official, own = panel.value[row_of, at, reading.category], combined.value[which, at, reading.category]
        if np.isfinite(official) and np.isfinite(own):
            write = reading.indicator.unit.write
            gap = abs(own / official - 1) * 100 if official else 0.0
            apart = "the same" if write(float(own)) == write(float(official)) else f"{gap:.2f}% apart"
            return (
                f"The official figure of the same ground ({areas.name(code)}, {code}) for {panel.periods[at].label} is "
                f"{write(float(official))}; the members come to {write(float(own))}: {apart}."
            )
    return ""


def revisions(reading: Reading) -> str:
    """What changed for the place and its members between the last two releases."""
    readings, indicator = reading.readings, reading.indicator
    try:
        before = readings.of(indicator.id, "previous")
    except NoSuchRelease:
        return ""
    if before is None:
        return ""
    changed, compared = 0, 0
    largest: tuple[float, str] = (0.0, "")
    for subject in reading.subjects:
        if subject.who.role == "comparator":
            continue
        for at, period in enumerate(reading.combined.panel.periods):
            earlier = before.combined.panel.period_index.get(period)
            if earlier is None:
                continue
            new, old = reading.figure(subject.which, at), before.figure(subject.which, earlier)
            if new.value is None or old.value is None:
                continue
            compared += 1
            moved = abs(new.value - old.value) / max(abs(old.value), 1e-12)
            if new.text != old.text:
                changed += 1
                if moved > largest[0]:
                    largest = (moved, f"{subject.who.name} in {period.label}: {old.text}, now {new.text}")
    if not compared:
        return ""
    since = f"Since the release of {day(before.release.released)}"
    if not changed:
        return f"{since} none of {compared} figures of the place and its members has changed."
    return f"{since} {changed} of {compared} figures of the place and its members have changed; the most: {largest[1]}."


def _column(reading: Reading, at: int) -> AreaRef:
    who = reading.subjects[at].who
    if who.role == "comparator":
        return AreaRef(who.code, who.label, "comparator", who.colour)
    return reading.readings.ref(who.code)


def _series(reading: Reading) -> list[SeriesRow]:
    """Periods in which anybody has a value, latest first."""
    held = np.flatnonzero(reading.has.any(axis=0))[::-1]
    return [
        SeriesRow(reading.period(at).label, tuple(reading.figure(subject.which, at) for subject in reading.subjects))
        for at in held.tolist()
    ]


def _id(made: Sequence[Chart], ending: str) -> str:
    return next((chart.id for chart in made if chart.id.endswith(ending)), "")


def _charts(reading: Reading, authorities: Authorities) -> list[Chart]:
    """At most three charts of the whole, and one of its parts where it has some."""
    indicator, measure = reading.indicator, reading.measure
    given = [(_as_area(who, reading), figure) for who, figure in reading.given()]
    name = indicator.id
    lines = [line for line in reading.lines() if line.known]
    made: list[Chart | None] = [charts.trend(name + TREND, measure, lines)]
    if made[0] is None:
        shown = [pair for pair in given if not measure.counts or pair[0].role != "comparator"]
        made[0] = charts.comparison(name + TREND, measure, shown)
    at = reading.latest
    among = authorities.ranked(reading, at)
    if among.of >= FEWEST_AREAS:
        own = [pair for pair in given if pair[0].role != "comparator"]
        made.append(charts.ranked(name + RANKED, measure, among, given))
        values = dict(zip(among.codes, among.values.tolist(), strict=True))
        if len(reading.readings.evaluation.base.members) > 1:
            own = [pair for pair in own if pair[0].role == "member"]
        made.append(charts.area_map(name + MAP, measure, authorities.boundaries, values, own, kind=among.kind))
    made.append(_categories(reading))
    return [chart for chart in made if chart is not None]


def _as_area(who: Who, reading: Reading) -> Who:
    """A place of one member as that member, so that it is found among all authorities."""
    members = reading.readings.evaluation.base.members
    return replace(who, code=members[0]) if len(members) == 1 and who.role == "place" else who


def _categories(reading: Reading) -> Chart | None:
    """What the whole is made of, in the place and in its first comparator."""
    indicator, combined = reading.indicator, reading.combined
    if indicator.additivity.rule is not Rule.SUM or len(indicator.leaf_categories) < 2 or not indicator.total_category:
        return None
    index = combined.panel.category_index
    columns = [index[code] for code in indicator.leaf_categories if code in index and code not in NO_INDUSTRY]
    other = next((subject for subject in reading.subjects if subject.who.role == "comparator"), None)
    at = reading.latest
    shares = _shares(reading, reading.place.which, columns, at)
    theirs = _shares(reading, other.which, columns, at) if other else {}
    labels = indicator.category_labels
    parts = [
        Part(labels.get(code, code), share, theirs.get(code)) for code, share in shares.items() if np.isfinite(share)
    ]
    if not parts:
        return None
    largest = sorted(parts, key=lambda part: -part.value)[:3]
    said = listed([f"{category_words(part.label, indicator)} {PER_CENT.write(part.value)}" for part in largest])
    place = reading.place.who
    return charts.shares(
        indicator.id + CATEGORIES, reading.measure, parts, place=place.name, than=other.who.name if other else "",
        title=f"{indicator.label} in {place.name}, {reading.period(at).label}: {said}", colour=place.colour,
    )  # fmt: skip


def _shares(reading: Reading, which: int, columns: list[int], at: int) -> Mapping[str, float]:
    combined = reading.combined
    whole = combined.value[which, at, reading.category]
    values = combined.value[which, at, columns] / whole * 100 if whole else np.full(len(columns), np.nan)
    return {
        combined.panel.categories[column]: float(value) for column, value in zip(columns, values.tolist(), strict=True)
    }


def _spark(reading: Reading) -> tuple[str, str]:
    """Points of a line of the place (of its first member where the place has none) in a box of 100 by 24."""
    own = [subject for subject in reading.subjects if subject.who.role != "comparator"]
    line = next((found for subject in own if len((found := reading.line(subject)).known) >= 3), None)
    if line is None:
        return "", ""
    values = np.array([figure.value for _, figure in line.known], dtype=float)
    days = np.array([period.end.toordinal() for period, _ in line.known], dtype=float)
    x = (days - days[0]) / max(days[-1] - days[0], 1) * 96 + 2
    room = np.ptp(values)
    y = 22 - (values - values.min()) / room * 20 if room else np.full(len(values), 12.0)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    first, last = line.known[0][1], line.known[-1][1]
    return points, capital(f"{line.who.name}: {first.text} in {first.period}, {last.text} in {last.period}")


def figure_about(figure: ShownFigure, label: str) -> str:
    """What a figure is about: indicator, area and period."""
    return f"{label}, {figure.area_name}, {figure.period}"
