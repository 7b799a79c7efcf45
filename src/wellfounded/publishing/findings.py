"""The charts of a conclusion: what its tests found, drawn from the same figures, and its specification curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wellfounded.conclusions.types import Choice, Result, TestResult, Verdict
from wellfounded.core import Period, Unit
from wellfounded.publishing import charts
from wellfounded.publishing.charts import Chart, Line, Part, Ranked, Tried, Who, palette
from wellfounded.publishing.charts.over_time import INDEX
from wellfounded.publishing.charts.parts import PER_CENT
from wellfounded.publishing.estimates import threshold, written
from wellfounded.publishing.model import ShownFigure
from wellfounded.publishing.readings import Reading, Readings, category_words
from wellfounded.publishing.words import against, capital, change, listed, place_in_order, small

CURVE = "--curve"


def chart_of(result: Result, readings: Readings) -> Chart | None:
    """The chart of a conclusion: of its first test that has one; None where no test could be made."""
    for test in result.tests:
        if test.outcome.verdict is not Verdict.CANNOT_TEST and test.series:
            chart = _chart(result.conclusion.id, test, readings)
            if chart is not None:
                return chart
    return None


def curve_of(result: Result, readings: Readings) -> Chart | None:
    """The specification curve of a conclusion; None where there are fewer than two variants with an estimate."""
    first = result.tests[0]
    indicator = readings.evaluation.store.indicator(first.test.indicator)
    how = written(first.test, indicator)
    tried = [
        Tried(
            {choice.dimension.value: _short(choice) for choice in variant.choices},
            variant.verdict.value,
            how.scaled(variant.estimate),
            how.scaled(variant.lower),
            how.scaled(variant.upper),
        )
        for variant in result.robustness.variants
    ]
    reading = readings.of(first.test.indicator)
    holds, of = result.robustness.holds, result.robustness.of
    several = len(result.tests) > 1
    return charts.specification_curve(
        result.conclusion.id + CURVE,
        tried,
        unit=how.unit,
        measured=how.words
        + (f" ({small(indicator.label)}), the first of its tests" if several else f" ({small(indicator.label)})"),
        title=f"Holds in {holds} of {of} reasonable ways to test it",
        foot=reading.measure.foot if reading else "",
        threshold=None if several else threshold(first.test),
        indicators=tuple(dict.fromkeys(test.test.indicator for test in result.tests)),
    )


def _short(choice: Choice) -> str:
    """A choice beside its row: what was chosen, not what for."""
    chosen = capital(choice.label.split(" instead of ")[0])
    return f"{chosen} (stated)" if choice.stated else chosen


def _chart(identifier: str, test: TestResult, readings: Readings) -> Chart | None:
    reading = readings.of(test.test.indicator)
    if reading is None:
        return None
    match test.series.get("kind"):
        case "level" if test.test.expect == "spread":
            return _spread(identifier, test, reading)
        case "level":
            return _level(identifier, test, reading)
        case "lines":
            return _lines(identifier, test, reading)
        case "rank":
            return _rank(identifier, test, reading)
        case "bars":
            return _bars(identifier, test, reading)
        case "parts":
            return _parts(identifier, test, reading)
        case "shock":
            return _shock(identifier, test, reading)
    return None


def _category(test: TestResult, reading: Reading) -> int:
    wanted = test.test.options.get("category")
    return reading.combined.panel.category_index.get(str(wanted), reading.category) if wanted else reading.category


def _about(test: TestResult, reading: Reading) -> tuple[tuple[Who, int], tuple[Who, int] | None]:
    """Whom a test is about and whom it compares with, as the sets that they are read from."""
    subjects, people = reading.readings.evaluation.subjects, reading.readings.people
    area = test.test.options.get("area")
    own = _named(str(area), reading) if area else (reading.place.who, reading.place.which)
    if not test.test.than:
        return own, None
    if test.test.than in reading.readings.evaluation.base.comparators:
        sets, resolved, _ = subjects.comparator(test.test.than, reading.combined)
        who = next(
            (other for other in people.values() if other.name == resolved), people[f"comparator:{test.test.than}"]
        )
        return own, (who, int(sets[0]))
    return own, _named(test.test.than, reading)


def _named(code: str, reading: Reading) -> tuple[Who, int]:
    """An area that a test names by its code."""
    subjects, people = reading.readings.evaluation.subjects, reading.readings.people
    which = int(subjects.roles[f"area:{code}"][0])
    return people.get(code) or Who(code, subjects.sets[which].name, "comparator", palette.GREYS[0]), which


def _level(identifier: str, test: TestResult, reading: Reading) -> Chart | None:
    at = reading.period_called(str(test.series["period"]))
    if at is None:
        return None
    category = _category(test, reading)
    own, other = _about(test, reading)
    given = reading.given(at, category=category)
    drawn = {who.code for who, _ in given}
    extra = [pair for pair in (own, other) if pair is not None and pair[0].code not in drawn]
    given += [(who, reading.figure(which, at, category=category)) for who, which in extra]
    title = ""
    if other is not None:
        pair = [reading.figure(which, at, category=category) for _, which in (own, other)]
        words = against(*pair, one_name=own[0].name, other_name=other[0].name)
        title = f"{_what(test, reading)}: {words}" if words else ""
    if reading.measure.counts:
        given = [pair for pair in given if pair[0].role != "comparator"]
    return charts.comparison(identifier, reading.measure, given, title=title)


def _what(test: TestResult, reading: Reading) -> str:
    """The indicator, with the category that the test is about."""
    category = test.test.options.get("category")
    label = reading.indicator.category_labels.get(str(category), "") if category else ""
    return (
        f"{reading.indicator.label}, {category_words(label, reading.indicator)}" if label else reading.indicator.label
    )


def _lines(identifier: str, test: TestResult, reading: Reading) -> Chart | None:
    labels = list(test.series["periods"])  # type: ignore[call-overload]
    periods = [at for at, period in enumerate(reading.combined.panel.periods) if period.label in labels]
    category = _category(test, reading)
    own, other = _about(test, reading)
    subjects = [
        s
        for s in reading.subjects
        if s.who.role != "comparator" and (own[0].role != "member" or s.who.code == own[0].code)
    ]
    lines = [reading.line(subject, category=category, periods=periods) for subject in subjects]
    drawn = {line.who.code for line in lines}
    for pair in (own, other):
        if pair is not None and pair[0].code not in drawn:
            points = tuple((reading.period(at), reading.figure(pair[1], at, category=category)) for at in periods)
            lines.append(Line(pair[0], points))
    title = _moved(test, reading, lines, own[0], other[0] if other else None)
    return charts.trend(identifier, reading.measure, lines, title=title)


def _moved(test: TestResult, reading: Reading, lines: Sequence[Line], own: Who, other: Who | None) -> str:
    """What became of the place's series and, where there is one, of its comparator's, from first to last."""
    by_code = {line.who.code: line.known for line in lines}
    mine = by_code.get(own.code, ())
    theirs = by_code.get(other.code, ()) if other else ()
    if len(mine) < 2:
        return ""
    what = _what(test, reading)
    if len(theirs) < 2 or other is None:
        return f"{what} in {own.name}: {change(mine[0][1], mine[-1][1])}"
    first, last = mine[0][0].label, mine[-1][0].label
    said = [
        f"{_percent(points[0][1], points[-1][1], reading)} in {who.name}"
        for who, points in ((own, mine), (other, theirs))
    ]
    return f"{what}, {first} to {last}: {listed(said)}"


def _percent(first: ShownFigure, last: ShownFigure, reading: Reading) -> str:
    """The change between two figures: in per cent, or in points where the figures are themselves per cent."""
    assert first.value is not None
    assert last.value is not None
    if reading.indicator.unit.suffix == "%":
        return f"{Unit(decimals=1).write(last.value - first.value, signed=True)} percentage points"
    if first.value <= 0:
        return f"from {first.text} to {last.text}"
    return Unit(suffix="%", decimals=0).write((last.value / first.value - 1) * 100, signed=True)


def _rank(identifier: str, test: TestResult, reading: Reading) -> Chart | None:
    at = reading.period_called(str(test.series["period"]))
    if at is None:
        return None
    category = _category(test, reading)
    panel = reading.combined.panel
    own, _ = _about(test, reading)
    others = [str(other["code"]) for other in test.series["others"]]  # type: ignore[attr-defined]
    rows = np.array([panel.area_index[code] for code in others])
    figure = reading.figure(own[1], at, category=category)

    def column(values: Any, mine: float | None) -> Any:
        return np.append(values[rows, at, category], np.nan if mine is None else mine)

    among = Ranked(
        (*others, own[0].code),
        column(panel.value, figure.value),
        column(panel.lower, figure.lower),
        column(panel.upper, figure.upper),
        str(test.series["among"]),
    )
    rank = among.rank(own[0].code)
    clearly = among.clearly(own[0].code)
    if rank is None:
        return None
    stands = f"{place_in_order(rank, among.of)} of {among.of}"
    if clearly is not None:
        stands = f"clearly above {clearly[1]} and below {clearly[0]} of {among.of - 1}"
    shown = [(own[0], figure), *(pair for pair in reading.given(at, category=category) if pair[0].code != own[0].code)]
    return charts.ranked(
        identifier, reading.measure, among, shown, title=f"{_what(test, reading)}: {own[0].name} {stands} {among.kind}"
    )


def _bars(identifier: str, test: TestResult, reading: Reading) -> Chart | None:
    categories: Sequence[Mapping[str, Any]] = test.series["categories"]  # type: ignore[assignment]
    areas: Sequence[Mapping[str, Any]] = test.series["areas"]  # type: ignore[assignment]
    own, other = _about(test, reading)
    mine = next(area for area in areas if area["role"] == "place")
    theirs = next((area for area in areas if area["role"] == "comparator"), None)
    name = other[0].name if other else ""
    period = str(test.series["period"])
    parts = [
        Part(
            str(category["label"]),
            share * 100,
            None if theirs is None or theirs["shares"][at] is None else theirs["shares"][at] * 100,
            marked=bool(category.get("tested")),
        )
        for at, category in enumerate(categories)
        if (share := mine["shares"][at]) is not None
    ]
    tested = [str(category["label"]) for category in categories if category.get("tested")] or [
        parts[0].label if parts else ""
    ]
    if test.series["measure"] == "lq" and theirs is not None:
        quotients = [Part(part.label, part.value / part.other, marked=part.marked) for part in parts if part.other]
        found = next((part for part in quotients if part.label == tested[0]), None)
        if found is not None:
            title = f"{tested[0]}: {found.value:.2f} times the share in {own[0].name} that it has in {name}, {period}"
            return charts.quotients(identifier, reading.measure, quotients, than=name, title=title)
    named = [part for part in parts if part.label in tested][:2] or parts[:1]
    said = listed(
        [
            f"{category_words(part.label, reading.indicator)} {PER_CENT.write(part.value)}"
            + (f" ({PER_CENT.write(part.other)} in {name})" if part.other is not None else "")
            for part in named
        ]
    )
    return charts.shares(
        identifier, reading.measure, parts, place=own[0].name, than=name, colour=own[0].colour,
        title=f"{reading.indicator.label} in {own[0].name}, {period}: {said}",
    )  # fmt: skip


def _parts(identifier: str, test: TestResult, reading: Reading) -> Chart | None:
    given: Sequence[Mapping[str, Any]] = test.series["parts"]  # type: ignore[assignment]
    sectors: Sequence[Mapping[str, Any]] = test.series.get("sectors") or ()  # type: ignore[assignment]
    total = float(test.series["total"])  # type: ignore[arg-type]
    own, other = _about(test, reading)
    named = next((part for part in given if part.get("tested")), given[0])
    kind = str(test.test.options.get("decomposition"))
    gap = {
        "chain": "gap in GVA per head",
        "sectors": "gap in GVA per employee",
        "shift-share": "difference in growth of GVA",
    }.get(kind, "gap")
    against_whom = f" from {other[0].name}" if other else ""
    title = (
        f"{capital(gap)}{against_whom}, {own[0].name}, {test.series['period']}: "
        f"{PER_CENT.write(total * 100, signed=True)} in all, of which {small(str(named['name']))} "
        f"{PER_CENT.write(float(named['value']) * 100, signed=True)}"
    )
    base = (
        f"of {own[0].name}'s GVA at the start"
        if kind == "shift-share"
        else f"of the level of {other[0].name}"
        if other
        else ""
    )
    pieces = [Part(capital(str(part["name"])), float(part["value"]) * 100) for part in given]
    if sectors and len(sectors) > len(given):
        largest = sorted(sectors, key=lambda part: -abs(float(part["value"])))[:8]
        pieces += [Part(f"· {part['name']}", float(part["value"]) * 100) for part in largest]
    pieces.append(Part("Whole gap", total * 100, total=True))
    note = (
        " Dots mark the eight sectors with the largest effect, within and mix together."
        if len(pieces) > len(given) + 1
        else ""
    )
    return charts.decomposition(
        identifier, reading.measure, pieces, unit=PER_CENT, title=title,
        subtitle=f"Parts of the {gap} of {own[0].name}{against_whom}, {test.series['period']}, per cent {base}.{note}",
    )  # fmt: skip


def _shock(identifier: str, test: TestResult, reading: Reading) -> Chart | None:
    """The path of the place and its comparator as the test saw it: an index, so that what was chained stays chained."""
    own, other = _about(test, reading)
    people = {"place": own[0], "comparator": other[0] if other else own[0]}
    panel = reading.combined.panel
    by_year = {str(period.start.year): period for period in panel.periods}
    lines = []
    for given in test.series["lines"]:  # type: ignore[attr-defined]
        who = people[str(given["role"])]
        points = []
        for year, value in zip(test.series["periods"], given["values"], strict=True):  # type: ignore[call-overload]
            period = by_year.get(str(year), Period.year(int(year)))
            points.append((period, _index(who, period, value, reading)))
        lines.append(Line(who, tuple(points)))
    before = Period.year(int(str(test.series["before"])))
    slots = test.slots
    title = (
        f"{reading.indicator.label} fell by {slots.get('fall', '')} in {own[0].name} "
        f"and by {slots.get('comparator_fall', '')} "
        f"in {other[0].name if other else ''} in {slots.get('period', '')}"
    )
    return charts.shock(
        identifier, reading.measure, lines, before=by_year.get(str(before.start.year), before),
        name=slots.get("period", ""), title=title,
    )  # fmt: skip


def _index(who: Who, period: Period, value: float | None, reading: Reading) -> ShownFigure:
    return ShownFigure(
        indicator=reading.indicator.id,
        area=who.code,
        area_name=who.label,
        period=period.label,
        text="" if value is None else INDEX.write(value),
        value=value,
        why_none="" if value is not None else "not published",
        release=reading.combined.panel.release,
    )


def _spread(identifier: str, test: TestResult, reading: Reading) -> Chart | None:
    category = _category(test, reading)
    lines = [reading.line(subject, category=category) for subject in reading.subjects]
    at = reading.period_called(str(test.series["period"]))
    if at is None:
        return None
    latest = reading.period(at)
    lines = [Line(line.who, tuple(point for point in line.points if point[0] <= latest)) for line in lines]
    members = [
        (line.who, figure)
        for line in lines
        if line.who.role == "member"
        for period, figure in line.known
        if period == latest
    ]
    if len(members) < 2:
        return None
    low, high = min(members, key=lambda p: p[1].value or 0.0), max(members, key=lambda p: p[1].value or 0.0)
    words = against(high[1], low[1], one_name=high[0].name, other_name=low[0].name)
    return charts.spread(identifier, reading.measure, lines, title=f"{_what(test, reading)}: {words}")
