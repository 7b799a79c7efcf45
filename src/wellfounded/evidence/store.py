"""The figures store: every figure of the catalogue and of a base's own sources, several releases side by side."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wellfounded.core import Figure, Interval, NoValue, Period, Status
from wellfounded.evidence.aggregation import AreaSet, Combined, combine
from wellfounded.evidence.columns import Rows, read_rows
from wellfounded.evidence.panel import Panel, panel_from
from wellfounded.evidence.types import Indicator, Release

if TYPE_CHECKING:
    from wellfounded.evidence.base import Base
    from wellfounded.evidence.catalogue import Catalogue

SCHEMA = pa.schema(
    [
        ("indicator", pa.string()),
        ("release", pa.string()),
        ("category", pa.string()),
        ("area", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("value", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("status", pa.string()),
    ]
)


class NoSuchIndicator(LookupError):
    """No indicator of the catalogue or the base has this id."""

    def __init__(self, given: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(given, list(known), n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else "; `wellfounded indicators` lists them"
        super().__init__(f"there is no indicator {given!r}{hint}")


class NoSuchRelease(LookupError):
    """The indicator has no such release."""


@dataclass
class Store:
    """Reads figures. Panels (arrays, for evaluation) are cached; `figures` (rows, for people) asks the engine."""

    catalogue: Catalogue
    base: Base | None = None
    _rows: dict[str, Rows] = field(default_factory=dict)
    _panels: dict[tuple[str, str], Panel] = field(default_factory=dict)

    @classmethod
    def open(cls, base: Base | None = None, *, catalogue: Catalogue | None = None) -> Store:
        """A store of the shipped catalogue, and of the base's own sources where one is given."""
        from wellfounded.evidence.catalogue import load

        return cls(catalogue or load(), base)

    # -- what there is -------------------------------------------------------------------------------------------

    def indicator(self, given: str) -> Indicator:
        """The definition of an indicator. Raises NoSuchIndicator, with the nearest ids."""
        found = self.catalogue.indicators.get(given)
        if found is not None:
            return found
        for source in self.base.local if self.base else ():
            if given in source.indicators:
                return source.indicators[given]
        raise NoSuchIndicator(given, self.indicator_ids())

    def indicator_ids(self) -> list[str]:
        local = [name for source in (self.base.local if self.base else ()) for name in source.indicators]
        return [*self.catalogue.indicators, *local]

    def release(self, given: str) -> Release:
        """A release by its id. Raises NoSuchRelease."""
        found = self.catalogue.releases.get(given)
        if found is not None:
            return found
        for source in self.base.local if self.base else ():
            if source.release.id == given:
                return source.release
        raise NoSuchRelease(f"there is no release {given!r}")

    def releases_of(self, indicator: str, *, as_of: date | None = None) -> list[Release]:
        """The releases that hold figures of an indicator, latest first; with `as_of`, those out by that day."""
        names: Iterable[str] = self.catalogue.latest.get(indicator, ())
        for source in self.base.local if self.base else ():
            if indicator in source.indicators:
                names = (source.release.id,)
        found = [self.release(name) for name in names]
        found = [release for release in found if as_of is None or release.released <= as_of]
        return sorted(found, key=lambda release: (release.released, release.id), reverse=True)

    # -- arrays, for evaluation ----------------------------------------------------------------------------------

    def rows(self, indicator: str) -> Rows:
        """All figures of an indicator, of every release. Raises NoSuchIndicator, NoSuchRelease."""
        return self._rows_of(indicator)

    def with_rows(self, indicator: str, rows: Rows) -> Store:
        """A store as this one, in which an indicator has these figures; this one stays as it is."""
        return Store(self.catalogue, self.base, {**self._rows, indicator: rows})

    def prefetch(self, indicators: Iterable[str]) -> None:
        """Reads the rows of several indicators in one pass over the file."""
        wanted = {name for name in indicators if name in self.catalogue.indicators} - set(self._rows)
        if wanted:
            self._rows |= read_rows(self.catalogue.figures_path, wanted)

    def panel(self, indicator: str, *, release: str = "latest", as_of: date | None = None) -> Panel:
        """One indicator in one release as arrays. `release` is an id, "latest", or "previous".

        Raises NoSuchIndicator, and NoSuchRelease where the indicator has no such release.
        """
        self.indicator(indicator)
        if release in ("latest", "previous"):
            releases = self.releases_of(indicator, as_of=as_of)
            at = 0 if release == "latest" else 1
            if len(releases) <= at:
                raise NoSuchRelease(f"{indicator} has no {release} release" + (f" as of {as_of}" if as_of else ""))
            release = releases[at].id
        key = (indicator, release)
        if key not in self._panels:
            rows = self._rows_of(indicator).only(release=release)
            if not len(rows):
                raise NoSuchRelease(f"{indicator} has no release {release!r}")
            self._panels[key] = panel_from(rows, indicator=indicator, release=release)
        return self._panels[key]

    def combined(
        self, indicator: str, sets: Sequence[AreaSet], *, release: str = "latest", as_of: date | None = None
    ) -> Combined:
        """What each of `sets` shows of an indicator, combined by its rule where it is not published."""
        definition = self.indicator(indicator)
        panel = self.panel(indicator, release=release, as_of=as_of)
        name = definition.additivity.numerator or definition.additivity.denominator
        weights = self.panel(name, as_of=as_of) if name else None
        return combine(
            panel,
            definition,
            sets,
            weights=weights,
            weight_label=self.indicator(name).label if name else "",
            same=self.catalogue.areas.same_as,
        )

    def figure(self, combined: Combined, which: int, period: int, category: int = 0) -> Figure:
        """A cell of what sets show, as the figure that people will read."""
        from wellfounded.core import AreaCode

        panel, the_set = combined.panel, combined.sets[which]
        value = float(combined.value[which, period, category])
        lower, upper = float(combined.lower[which, period, category]), float(combined.upper[which, period, category])
        missing = value != value
        status = Status.NORMAL
        reason: float | NoValue = value
        row = panel.area_index.get(combined.code[which] or the_set.id)
        text = panel.status_of(row, period, category) if row is not None else ""
        if missing:
            known = {item.value for item in NoValue}
            refused = combined.source[which] == "none" and "cannot be combined" in combined.reason[which]
            reason = NoValue.NOT_ADDITIVE if refused else NoValue(text) if text in known else NoValue.MISSING
        elif text in {item.value for item in Status}:
            status = Status(text)
        return Figure(
            indicator=panel.indicator,
            area=AreaCode(the_set.id if the_set.id.startswith("place:") else (combined.code[which] or the_set.id)),
            period=panel.periods[period],
            value=reason,
            interval=None if missing or lower != lower or upper != upper else Interval(lower, upper),
            status=status,
            release=panel.release,
            category=panel.categories[category],
            rule=combined.rule[which],
        )

    # -- rows, for people ----------------------------------------------------------------------------------------

    def figures(
        self,
        indicator: str,
        *,
        areas: Sequence[str] | None = None,
        period: Period | None = None,
        category: str | None = None,
        release: str = "latest",
        as_of: date | None = None,
    ) -> pa.Table:
        """Rows of one indicator in the schema of the store, ordered by area, period and category.

        `release` is an id, "latest", "previous" or "all"; `as_of` leaves out what was released after that day. A
        year as `period` takes every figure that starts in it.
        """
        import ibis

        self.indicator(indicator)
        known = [found.id for found in self.releases_of(indicator, as_of=as_of)]
        chosen = {"all": known, "latest": known[:1], "previous": known[1:2]}
        names = chosen.get(release, [release])
        if release == "previous" and not names:
            raise NoSuchRelease(f"{indicator} has no previous release" + (f" as of {as_of}" if as_of else ""))
        if release not in chosen and release not in known:
            raise NoSuchRelease(f"{indicator} has no release {release!r}" + (f" as of {as_of}" if as_of else ""))
        rows: Any = self._relation(indicator).filter(lambda t: t.release.isin(names or [""]))
        if areas is not None:
            rows = rows.filter(lambda t: t.area.isin(list(areas)))
        if category is not None:
            rows = rows.filter(lambda t: t.category == category)
        if period is not None:
            whole_year = period == Period.year(period.start.year)
            if whole_year:
                rows = rows.filter(lambda t: t.start.year() == period.start.year)
            else:
                rows = rows.filter(
                    lambda t: (t.start == ibis.literal(period.start)) & (t.end == ibis.literal(period.end))
                )
        ordered = rows.order_by(["area", "start", "end", "category", "release"])
        return ordered.to_pyarrow().cast(SCHEMA)

    def _relation(self, indicator: str) -> Any:
        import ibis

        if indicator in self.catalogue.indicators:
            relation: Any = ibis.duckdb.connect().read_parquet(str(self.catalogue.figures_path))
            return relation.filter(relation.indicator == indicator).select(*SCHEMA.names)
        return ibis.memtable(self._rows_of(indicator).to_arrow())

    def _rows_of(self, indicator: str) -> Rows:
        if indicator not in self._rows:
            self.indicator(indicator)
            for source in self.base.local if self.base else ():
                if indicator in source.indicators:
                    self._rows[indicator] = source.figures.only(indicator=indicator)
                    return self._rows[indicator]
            self.prefetch([indicator])
        if indicator not in self._rows:
            raise NoSuchRelease(f"{indicator} has no figures in the catalogue")
        return self._rows[indicator]
