"""The size of the prize: worked out from the figures, against every comparator and for every member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.chain import productivity_links
from wellfounded.analysis.prize import Gain, lifting, moving, reaching, total
from wellfounded.conclusions.subjects import Indices, Subjects
from wellfounded.core import Unit
from wellfounded.evidence.aggregation import Combined
from wellfounded.evidence.columns import Floats
from wellfounded.evidence.store import NoSuchIndicator
from wellfounded.priorities.reaches import CHAIN, LABOUR, LINK_NEEDS, LINKS, OUTPUT, PAY_REACHES, REACHES, SECTIONS
from wellfounded.priorities.riding import exposure
from wellfounded.priorities.types import Measure, PrizeAgainst, PrizeOfArea, PrizeSpec, ShownPrize
from wellfounded.priorities.words import PER, UNITS, interval, listed, money, small

NOTE = "Arithmetic, not a forecast: it says what closing the gap would be worth if all else stayed as it is."
OVER = 10  # years over which past growth is taken
LINK_UNITS = {
    "gva-per-hour": Unit(prefix="£", decimals=2),
    "hours-per-job": Unit(decimals=0, suffix=" hours a year"),
    "jobs-per-resident-worker": Unit(decimals=2),
    "employment-rate": Unit(suffix="%", decimals=1),
    "working-age-share": Unit(suffix="%", decimals=1),
    "gva-per-employee": Unit(prefix="£"),
    "share-of-employees": Unit(suffix="%", decimals=1),
    "mean-annual-pay": Unit(prefix="£"),
    "gdhi-per-head": Unit(prefix="£"),
}


class NoPrize(Exception):
    """The figures don't allow a prize to be worked out, with the reason in words."""


@dataclass(frozen=True)
class Worked:
    """A prize against one comparator: gains [area] in the measure's unit, where each area and the comparator are."""

    gain: Gain
    own: Floats
    target: float
    period: str
    past: Floats
    residents: Floats | None  # for pay: over whom it is shared out
    working: tuple[str, ...]
    indicators: tuple[str, ...]


@dataclass
class Prizes:
    """Works prizes out from the figures that `subjects` reads."""

    subjects: Subjects

    def shown(self, spec: PrizeSpec, *, declared: str) -> ShownPrize:
        """A prize, with the reason where the figures don't allow it. `declared` is the file's comparator."""
        codes = spec.areas or self.subjects.base.members
        if spec.measure is Measure.EXPOSURE:
            return exposure(spec, self.subjects, codes)
        wanted = spec.comparator or declared
        against: list[PrizeAgainst] = []
        main: tuple[PrizeAgainst, Worked] | None = None
        for identifier in self.subjects.base.comparators:
            one, worked = self._against(spec, identifier, codes)
            against.append(one)
            if identifier == wanted and worked is not None:
                main = (one, worked)
        stated = next(one for one in against if one.comparator == wanted)
        worked_out = main[1] if main else None
        return ShownPrize(
            impact=spec.impact,
            measure=spec.measure.value,
            title=stated.title,
            unit=UNITS[spec.measure],
            text=stated.text,
            value=stated.value,
            lower=stated.lower,
            upper=stated.upper,
            interval=stated.interval,
            comparator=wanted,
            comparator_name=stated.name,
            reach=spec.reach,
            period=stated.period,
            areas=stated.areas,
            against=tuple(against),
            working=worked_out.working if worked_out else (),
            note=" ".join(part for part in (NOTE, stated.note) if part),
            why_none=stated.why_none,
            indicators=worked_out.indicators if worked_out else (),
            releases=self._releases(worked_out.indicators) if worked_out else (),
        )

    def _against(self, spec: PrizeSpec, identifier: str, codes: Sequence[str]) -> tuple[PrizeAgainst, Worked | None]:
        """The prize against one comparator, or against the one that stands in where it has no figures."""
        comparators = self.subjects.base.comparators
        current, reasons, seen = comparators[identifier], [], set()
        while True:
            seen.add(current.id)
            try:
                worked = self._worked(spec, current.id, codes)
            except NoPrize as reason:
                reasons.append(str(reason))
                following = comparators.get(current.otherwise)
                if following is None or following.id in seen:
                    name = comparators[identifier].name
                    title = self._title(spec, codes, name)
                    return PrizeAgainst(identifier, name, "", why_none=reasons[0], title=title), None
                current = following
                continue
            note = (
                ""
                if current.id == identifier
                else f"Not all figures are published for {comparators[identifier].name}, so {current.name} stands in."
            )
            return self._said(spec, identifier, current.name, codes, worked, note), worked

    def _said(
        self, spec: PrizeSpec, identifier: str, name: str, codes: Sequence[str], worked: Worked, note: str
    ) -> PrizeAgainst:
        measure, unit, names = spec.measure, LINK_UNITS[spec.reach], self.subjects.store.catalogue.areas
        whole = total(worked.gain)
        each = total(worked.gain.each)
        over = worked.residents if worked.residents is not None else np.ones(len(codes))
        areas = []
        for at, code in enumerate(codes):
            value, lower, upper = (float(part[at] / over[at]) for part in (each.value, each.lower, each.upper))
            areas.append(
                PrizeOfArea(
                    area=code,
                    name=names.name(code),
                    text=money(value, measure) if value > 0 else "already there",
                    value=value,
                    lower=_or_none(lower),
                    upper=_or_none(upper),
                    interval=interval(lower, upper, measure),
                    own=unit.write(float(worked.own[at])),
                    own_value=float(worked.own[at]),
                    target=unit.write(worked.target),
                    target_value=worked.target,
                    past=_or_none(float(worked.past[at])),
                )
            )
        residents = float(over.sum()) if worked.residents is not None else 1.0
        value, lower, upper = (float(part) / residents for part in (whole.value, whole.lower, whole.upper))
        return PrizeAgainst(
            comparator=identifier,
            name=name,
            text=f"{money(value, measure)}{PER[measure]}" if value > 0 else "nothing: already there",
            value=value,
            lower=_or_none(lower),
            upper=_or_none(upper),
            interval=interval(lower, upper, measure),
            areas=tuple(areas),
            title=self._title(spec, codes, name),
            period=worked.period,
            note=note,
        )

    def _title(self, spec: PrizeSpec, codes: Sequence[str], comparator: str) -> str:
        what = REACHES.get(spec.reach) or PAY_REACHES[spec.reach]
        if spec.category:
            labels = self.subjects.store.indicator(OUTPUT).category_labels
            what = what.format(sector=small(labels.get(spec.category, spec.category)))
        whom = "each area that is behind" if len(codes) > 1 else self.subjects.store.catalogue.areas.name(codes[0])
        return f"If {whom} reached the {what} of {comparator}"

    # -- figures -------------------------------------------------------------------------------------------------

    def _worked(self, spec: PrizeSpec, comparator: str, codes: Sequence[str]) -> Worked:
        own = np.array([int(self.subjects.roles[f"area:{code}"][0]) for code in codes])
        ref = self.subjects.roles[f"comparator:{comparator}"][:1]
        sets = np.concatenate([own, ref])
        if spec.measure is Measure.PAY:
            return self._pay(spec.reach, sets)
        return self._link(spec.reach, sets) if spec.reach in LINKS else self._sector(spec.reach, spec.category, sets)

    def _link(self, reach: str, sets: Indices) -> Worked:
        """GVA through one link of the chain."""
        names = LINK_NEEDS[reach]
        readings = self._readings(names)
        year = _year(readings, sets)
        links = _links(readings, sets, year)
        at = list(LINKS).index(reach)
        error = np.full(len(sets), np.nan)
        if reach == "employment-rate":
            error = _at(readings["employment-rate"], sets, year, part="se") / 100
        gva = _at(readings["gva"], sets, year)
        gain = reaching(gva[:-1], links[:-1, at], links[-1, at], own_se=error[:-1], target_se=error[-1])
        if reach != "employment-rate":
            gain = Gain(gain.gap, np.full_like(gain.gap, np.nan), np.full_like(gain.gap, np.nan))
        scale = 100.0 if reach in ("employment-rate", "working-age-share") else 1.0
        working = (
            (
                "GVA a head is GVA an hour × hours a job × jobs for each resident in work × employment rate × share of "
                f"working age. One link moves, the other four stay as they were in {year}."
            ),
            "Gain of an area = its GVA × (the comparator's link ÷ its own − 1), and nothing where it is there already.",
            "The gains of the areas are added up.",
        )
        past = self._past(readings, sets[:-1], year, at)
        return Worked(gain, links[:-1, at] * scale, float(links[-1, at] * scale), str(year), past, None, working, names)

    def _past(self, readings: Mapping[str, Combined], sets: Indices, year: int, at: int) -> Floats:
        """Growth a year of a link over up to ten years before; nan where the figures don't go back."""
        for back in range(OVER, 0, -1):
            try:
                before = _links(readings, sets, year - back)[:, at]
            except NoPrize:
                continue
            if np.isfinite(before).all():
                now = _links(readings, sets, year)[:, at]
                grown: Floats = (now / before) ** (1 / back) - 1
                return grown
        return np.full(len(sets), np.nan)

    def _sector(self, reach: str, category: str, sets: Indices) -> Worked:
        """GVA through one sector: its output an employee, or its part of employees at its own output an employee."""
        readings = self._readings((OUTPUT, LABOUR))
        year = _year(readings, sets)
        columns = [code for code in SECTIONS if code in readings[OUTPUT].panel.category_index]
        output = np.stack([_at(readings[OUTPUT], sets, year, code) for code in columns], axis=-1)
        workers = np.stack(
            [sum(_at(readings[LABOUR], sets, year, part) for part in SECTIONS[code]) for code in columns], axis=-1
        )
        if not (np.isfinite(output).all() and np.isfinite(workers).all()):
            raise NoPrize(f"GVA or employees by industry are not published for all of the areas in {year}")
        sector = columns.index(category)
        each = output[:, sector] / workers[:, sector] * 1e6
        if reach == "gva-per-employee":
            gain = reaching(output[:-1, sector], each[:-1], each[-1])
            how = "Gain of an area = GVA of its sector × (the comparator's output an employee in it ÷ its own − 1)."
            own, target = each[:-1], float(each[-1])
        else:
            shares = workers[:, sector] / workers.sum(axis=1)
            lead = each[:-1] - output[:-1].sum(axis=1) / workers[:-1].sum(axis=1) * 1e6
            gain = moving(workers[:-1].sum(axis=1) / 1e6, shares[:-1], shares[-1], lead=lead)
            how = (
                "Gain of an area = its employees × (the comparator's share in the sector − its own) × by how much "
                "an employee in the sector there produces more than others. They come from all other sectors alike."
            )
            own, target = shares[:-1] * 100, float(shares[-1] * 100)
        working = (
            how,
            f"Sectors and employees of {year}. Employees leave out the self-employed; imputed rent is left out.",
            "The gains of the areas are added up. No interval is published for these figures.",
        )
        nothing = np.full(len(own), np.nan)
        return Worked(gain, own, target, str(year), nothing, None, working, (OUTPUT, LABOUR))

    def _pay(self, reach: str, sets: Indices) -> Worked:
        """Pounds of pay or income, to be shared out over residents."""
        names = {
            "employment-rate": ("employment-rate", "population-16-64", "population", "mean-annual-pay"),
            "mean-annual-pay": ("mean-annual-pay", "employment-rate", "population-16-64", "population"),
            "gdhi-per-head": ("gdhi-per-head", "population"),
        }[reach]
        readings = self._readings(names)
        year = _year({name: readings[name] for name in names if name != "mean-annual-pay"}, sets)
        people = _at(readings["population"], sets, year)
        own = _at(readings[reach], sets, year) if reach != "mean-annual-pay" else _last(readings[reach], sets)[0]
        error = np.full(len(sets), np.nan)
        period = str(year)
        if reach == "gdhi-per-head":
            gain = lifting(people[:-1], own[:-1], own[-1])
            how = ("Gain of a resident = the comparator's disposable household income a head − the area's own.",)
        elif reach == "employment-rate":
            pay, paid_in = _last(readings["mean-annual-pay"], sets[:-1])
            error = _at(readings[reach], sets, year, part="se")
            worth = _at(readings["population-16-64"], sets[:-1], year) / 100 * pay
            gain = lifting(worth, own[:-1], own[-1], own_se=error[:-1], target_se=error[-1])
            said = (
                "Gain of an area = the comparator's employment rate less its own × its residents aged 16 to 64 × the "
                f"mean pay of its residents in {paid_in}. It takes newcomers to earn what residents earn on average."
            )
            how = (said,)
        else:
            in_work = _at(readings["employment-rate"], sets[:-1], year) / 100 * _at(
                readings["population-16-64"], sets[:-1], year)  # fmt: skip
            period = str(_last(readings[reach], sets)[1])
            gain = lifting(in_work, own[:-1], own[-1])
            said = (
                f"Gain of an area = the comparator's mean pay less its own, {period} × its residents in work, {year} "
                "(employment rate × residents aged 16 to 64)."
            )
            how = (said,)
        if not np.isfinite(gain.value).all():
            raise NoPrize(
                f"figures of {listed([small(self.subjects.store.indicator(n).label) for n in names])} are missing"
            )
        working = (*how, "The gains of the areas are added up and shared out over all of their residents.")
        past = np.full(len(sets) - 1, np.nan)
        return Worked(gain, own[:-1], float(own[-1]), period, past, people[:-1], working, names)

    def _readings(self, names: Sequence[str]) -> dict[str, Combined]:
        found = {}
        for name in names:
            try:
                reading = self.subjects.reading(name)
            except NoSuchIndicator as error:
                raise NoPrize(str(error)) from None
            if isinstance(reading, str):
                raise NoPrize(reading)
            found[name] = reading
        return found

    def _releases(self, names: Sequence[str]) -> tuple[str, ...]:
        found = [self.subjects.reading(name) for name in names]
        return tuple(dict.fromkeys(reading.panel.release for reading in found if isinstance(reading, Combined)))


def _links(readings: Mapping[str, Combined], sets: Indices, year: int) -> Floats:
    """The links of the chain [set, link] of a year; nan where a figure that a link needs was not read."""
    nothing = np.full(len(sets), np.nan)
    value = {name: _at(readings[name], sets, year) if name in readings else nothing for name in CHAIN}
    links: Floats = productivity_links(
        gva=value["gva"],
        hours=value["hours-implied"],
        jobs=value["jobs-implied"],
        resident_workers=value["employment-rate"] / 100 * value["population-16-64"],
        working_age=value["population-16-64"],
        population=value["population"],
    ) * np.array([1.0, 1e6, 1.0, 1.0, 1.0])  # GVA and hours are both in millions, jobs are not
    return links


def _year(readings: Mapping[str, Combined], sets: Indices) -> int:
    """The latest year for which every reading has a figure for every set. Raises NoPrize, naming what is missing."""
    years: set[int] | None = None
    for reading in readings.values():
        have = np.isfinite(reading.value[sets][:, :, _whole(reading)])
        found = set(reading.panel.years[have.all(axis=0)].tolist())
        if not found:
            without = [reading.sets[at].name for at in sets[~have.any(axis=1)].tolist()]
            whom = listed(list(dict.fromkeys(without))) or "all areas in one year"
            raise NoPrize(f"{reading.panel.indicator} is not published for {whom}")
        years = found if years is None else years & found
    if not years:
        raise NoPrize(f"there is no year for which {listed(list(readings))} are all published")
    return max(years)


def _whole(reading: Combined) -> int:
    index = reading.panel.category_index
    return index.get("Total", index.get("", 0))


def _at(reading: Combined, sets: Indices, year: int, category: str = "", *, part: str = "value") -> Floats:
    """Values [set] of a year; of the whole unless a category is named. Raises NoPrize."""
    found = np.flatnonzero(reading.panel.years == year)
    if not len(found):
        raise NoPrize(f"{reading.panel.indicator} has no figures for {year}")
    column = reading.panel.category_index[category] if category else _whole(reading)
    result: Floats = getattr(reading, part)[sets][:, int(found[-1]), column]
    return result


def _last(reading: Combined, sets: Indices) -> tuple[Floats, int]:
    """Values [set] of the latest year for which all have one, and that year. Raises NoPrize."""
    year = _year({"": reading}, sets)
    return _at(reading, sets, year), year


def _or_none(number: float) -> float | None:
    return number if np.isfinite(number) else None


__all__ = ["NOTE", "NoPrize", "Prizes"]
