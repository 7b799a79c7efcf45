"""Readings: what the place, its members and its comparators show of each indicator, as figures for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from wellfounded.core import Figure, NoValue, Period, Unit
from wellfounded.evidence.aggregation import Combined
from wellfounded.evidence.types import Indicator, Release, Rule
from wellfounded.publishing.charts import Line, Measure, Who, who_is
from wellfounded.publishing.model import AreaRef, ShownFigure
from wellfounded.publishing.words import day, interval, label, small

if TYPE_CHECKING:
    from wellfounded.conclusions.evaluate import Evaluation

WHY_NONE = {
    NoValue.MISSING: "not published",
    NoValue.UNAVAILABLE: "not available",
    NoValue.CONFIDENTIAL: "suppressed, so that nobody can be identified",
    NoValue.UNRELIABLE: "withheld by the publisher as too uncertain",
    NoValue.NOT_APPLICABLE: "does not apply here",
    NoValue.NOT_ADDITIVE: "not published, and members' values cannot be combined",
}
NO_INTERVAL = "No interval is published."


@dataclass(frozen=True)
class Subject:
    """Whom a column is about: the set of areas it is read from, and how it is drawn."""

    who: Who
    which: int  # index into the sets of the evaluation
    note: str = ""  # that another comparator stands in


@dataclass
class Readings:
    """Figures of an evaluation's place, members and comparators, read once for each indicator and release."""

    evaluation: Evaluation
    _shown: dict[tuple[str, str], Reading | None] = field(default_factory=dict)

    @cached_property
    def people(self) -> dict[str, Who]:
        """Everybody who is drawn, by code; a comparator's is `comparator:ID`."""
        base, areas = self.evaluation.base, self.evaluation.store.catalogue.areas
        brand = base.brand
        colours = {base.code: str(brand["colour"])} if brand.get("colour") else {}
        colours |= {code: str(colour) for code, colour in dict(brand.get("members", {})).items()}
        return who_is(
            place=(base.code, base.name),
            members=[(code, areas.name(code)) for code in base.members] if len(base.members) > 1 else [],
            comparators=[(f"comparator:{c.id}", c.name) for c in base.comparators.values()],
            colours=colours,
        )

    def of(self, indicator: str, release: str = "latest") -> Reading | None:
        """What is shown of an indicator; None where the release holds nothing of it."""
        key = (indicator, release)
        if key not in self._shown:
            combined = self.evaluation.subjects.reading(indicator, release)
            self._shown[key] = (
                Reading(self, self.evaluation.store.indicator(indicator), combined)
                if isinstance(combined, Combined)
                else None
            )
        return self._shown[key]

    def ref(self, code: str) -> AreaRef:
        """The reference to an area, with its colour where it keeps one."""
        who = self.people.get(code)
        areas = self.evaluation.store.catalogue.areas
        if who is not None and who.role == "place":
            return AreaRef(code, who.name, "place", who.colour)
        colour = who.colour if who is not None and who.role == "member" else ""
        return AreaRef(code, areas.name(code), areas.level(code).value, colour)

    def shown(self, figure: Figure) -> ShownFigure:
        """A figure of a working as people read it."""
        store = self.evaluation.store
        indicator = store.indicator(figure.indicator)
        unit = indicator.unit
        name = self.evaluation.base.name if figure.area == self.evaluation.base.code else self._name(figure.area)
        value = None if isinstance(figure.value, NoValue) else float(figure.value)
        limits = figure.interval
        return ShownFigure(
            indicator=figure.indicator,
            area=str(figure.area),
            area_name=name,
            period=figure.period.label,
            text="" if value is None else unit.write(value),
            value=value,
            interval=interval(unit, limits.lower, limits.upper) if limits else "",
            lower=limits.lower if limits else None,
            upper=limits.upper if limits else None,
            why_none=WHY_NONE[figure.value] if isinstance(figure.value, NoValue) else "",
            status=figure.status.value,
            release=figure.release,
            rule=figure.rule,
            category=figure.category,
            category_label=indicator.category_labels.get(figure.category, figure.category),
            start=figure.period.start.isoformat(),
            end=figure.period.end.isoformat(),
        )

    def _name(self, code: str) -> str:
        comparator = self.evaluation.base.comparators.get(code.removeprefix("comparator:"))
        if comparator is not None:
            return label(comparator.name)
        areas = self.evaluation.store.catalogue.areas
        return areas.name(code) if code in areas else code


@dataclass
class Reading:
    """One indicator in one release: figures by subject, period and category."""

    readings: Readings
    indicator: Indicator
    combined: Combined

    @cached_property
    def subjects(self) -> list[Subject]:
        """The place, its members, and the comparators that have figures of their own here."""
        subjects, people = self.readings.evaluation.subjects, self.readings.people
        found: list[Subject] = []
        seen: set[int] = set()
        for code, who in people.items():
            note = ""
            if who.role == "comparator":
                name = code.removeprefix("comparator:")
                sets, resolved, note = subjects.comparator(name, self.combined)
                if note:  # another comparator stands in: it has a column of its own, or takes this one
                    who = next((other for other in people.values() if other.name == resolved), who)
                which = int(sets[0])
            else:
                which = int(subjects.roles["place" if who.role == "place" else f"area:{code}"][0])
            if which in seen or (who.role == "comparator" and self.combined.source[which] == "none"):
                continue
            seen.add(which)
            found.append(Subject(who, which, note))
        return found

    @property
    def place(self) -> Subject:
        return self.subjects[0]

    @cached_property
    def category(self) -> int:
        """The column that stands for the whole."""
        wanted = self.indicator.total_category
        return self.combined.panel.category_index.get(wanted, 0)

    @property
    def release(self) -> Release:
        return self.readings.evaluation.store.release(self.combined.panel.release)

    @cached_property
    def measure(self) -> Measure:
        indicator, release = self.indicator, self.release
        notes = [subject.note for subject in self.subjects if subject.note]
        dated = "released" if release.released_basis == "publisher" else "file of"
        foot = f"Source: {release.publisher}, {release.title}, {dated} {day(release.released)}."
        if not np.isfinite(self.combined.lower).any():
            foot = f"{foot} {NO_INTERVAL}"
        if notes:
            foot = f"{foot} {' '.join(note[:1].upper() + note[1:] + '.' for note in notes[:1])}"
        return Measure(
            indicator.id,
            indicator.label,
            indicator.unit,
            foot,
            counts=indicator.additivity.rule in (Rule.SUM, Rule.CHAINED),
            note="Official statistics in development." if indicator.development else "",
        )

    @cached_property
    def has(self) -> npt.NDArray[np.bool_]:
        """Whether the whole has a value, [subject, period]."""
        rows = np.array([subject.which for subject in self.subjects])
        result: npt.NDArray[np.bool_] = np.isfinite(self.combined.value[rows][:, :, self.category])
        return result

    @property
    def has_own(self) -> bool:
        """Whether the place or a member has any value."""
        own = [at for at, subject in enumerate(self.subjects) if subject.who.role != "comparator"]
        return bool(self.has[own].any())

    @property
    def shows_anything(self) -> bool:
        return bool(self.has.any())

    @cached_property
    def latest(self) -> int:
        """The latest period in which the place or a member has a value; a comparator where none has."""
        own = [at for at, subject in enumerate(self.subjects) if subject.who.role != "comparator"]
        columns = self.has[own].any(axis=0) if self.has_own else self.has.any(axis=0)
        return int(np.flatnonzero(columns)[-1]) if columns.any() else len(self.combined.panel.periods) - 1

    def period(self, at: int) -> Period:
        return self.combined.panel.periods[at]

    def period_called(self, text: str) -> int | None:
        """The period with this label, or that starts in this year; the last of several."""
        found = [
            at
            for at, period in enumerate(self.combined.panel.periods)
            if text in (period.label, str(period.start.year))
        ]
        exact = [at for at in found if self.combined.panel.periods[at].label == text]
        return (exact or found)[-1] if found else None

    def figure(self, which: int, at: int, *, category: int | None = None) -> ShownFigure:
        """The figure of a set of areas in a period."""
        combined, column = self.combined, self.category if category is None else category
        panel, the_set, unit = combined.panel, combined.sets[which], self.indicator.unit
        value = float(combined.value[which, at, column])
        lower, upper = float(combined.lower[which, at, column]), float(combined.upper[which, at, column])
        known, limited = np.isfinite(value), np.isfinite(lower) and np.isfinite(upper) and np.isfinite(value)
        code = combined.code[which] or the_set.id
        row = panel.area_index.get(code)
        status = panel.status_of(row, at, column) if row is not None and combined.source[which] == "published" else ""
        return ShownFigure(
            indicator=self.indicator.id,
            area=the_set.id if combined.source[which] == "combined" or the_set.id.startswith("place:") else code,
            area_name=label(the_set.name),
            period=panel.periods[at].label,
            text=unit.write(value) if known else "",
            value=value if known else None,
            interval=interval(unit, lower, upper) if limited else "",
            lower=lower if limited else None,
            upper=upper if limited else None,
            why_none="" if known else self.why_none(which, at, column),
            status=status if known and status in ("unreliable", "provisional", "estimated") else "",
            release=panel.release,
            rule=combined.rule[which] if known else "",
            category=panel.categories[column],
            category_label=self.indicator.category_labels.get(panel.categories[column], panel.categories[column]),
            start=panel.periods[at].start.isoformat(),
            end=panel.periods[at].end.isoformat(),
        )

    def why_none(self, which: int, at: int, column: int) -> str:
        """Why a set has no value, in words."""
        codes = {code for code in (*self.combined.sets[which].members, self.combined.code[which]) if code}
        areas = self.readings.evaluation.store.catalogue.areas
        names = {code: areas.name(code) for code in codes if code in areas}
        found = self.combined.why_none(which, at, column, names=names)
        own = f"{label(self.combined.sets[which].name)}: "
        return found.removeprefix(own) if found.startswith(own) and "; " not in found else found

    def given(self, at: int | None = None, *, category: int | None = None) -> list[tuple[Who, ShownFigure]]:
        """Everybody's figure in one period, the latest unless told."""
        at = self.latest if at is None else at
        return [(subject.who, self.figure(subject.which, at, category=category)) for subject in self.subjects]

    def line(self, subject: Subject, *, category: int | None = None, periods: list[int] | None = None) -> Line:
        chosen = range(len(self.combined.panel.periods)) if periods is None else periods
        points = tuple((self.period(at), self.figure(subject.which, at, category=category)) for at in chosen)
        return Line(subject.who, points)

    def lines(self, *, category: int | None = None, periods: list[int] | None = None) -> list[Line]:
        """Everybody's figures over time."""
        return [self.line(subject, category=category, periods=periods) for subject in self.subjects]


def combines(indicator: Indicator, weight_label: str) -> str:
    """How values of members become the place's, in a sentence."""
    additivity = indicator.additivity
    weight = small(weight_label)
    match additivity.rule:
        case Rule.SUM:
            return "Members' values are added."
        case Rule.SURVEY_RATE:
            return f"Members' rates are weighted by {weight}; the interval follows from theirs."
        case Rule.CHAINED:
            return f"Members' growth is weighted by {weight} of the year before and chained, as in national accounts."
        case Rule.REFUSED:
            return f"Members' values cannot be combined: {additivity.reason or 'figures of this kind do not add up'}."
    base = "rebuilt from" if additivity.numerator else "weighted by"
    exact = "" if additivity.exact else " This is approximate, as what the publisher divided by is not held."
    return f"Members' ratios are {base} {weight}.{exact}"


def category_words(label: str, indicator: Indicator) -> str:
    """A category inside a sentence: an industry with a small letter, an area's name as it is."""
    return label if indicator.category_kind == "area" else small(label)


def polarity_words(indicator: Indicator) -> str:
    return {"higher": "higher is better", "lower": "lower is better", "neutral": "neither is better"}[
        indicator.polarity.value
    ]


def unit_words(unit: Unit) -> str:
    """The unit in words: `£ an hour`, `per cent of adults`."""
    sign = f"{unit.prefix} {unit.suffix}".strip().replace("%", "per cent")
    return " ".join(part for part in (sign, unit.words) if part)


__all__ = ["Reading", "Readings", "Subject", "category_words", "combines", "polarity_words", "unit_words"]
