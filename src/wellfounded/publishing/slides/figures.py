"""Charts that PowerPoint can edit, made from a publication's charts: the same areas, periods and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wellfounded.publishing import colours
from wellfounded.publishing.charts import palette
from wellfounded.publishing.model import (
    Publication,
    ShownChart,
    ShownConclusion,
    ShownFigure,
    ShownIndicator,
)
from wellfounded.publishing.slides.numbers import read
from wellfounded.publishing.slides.slide import Chart, Picture, Point, Series
from wellfounded.publishing.strings import Strings
from wellfounded.publishing.words import short_reason

MOST_BARS, MOST_PAIRS, MOST_LINES = 8, 6, 5
FAR_APART = 4.0  # times: levels further from each other than this don't share an axis
_BY_POSITION = frozenset({"ranks"})  # methods whose chart is a distribution of many areas: no chart of PowerPoint's


@dataclass(frozen=True)
class Colours:
    """Who is drawn in which colour: the place and members in their own, everybody else grey."""

    own: Mapping[str, str]  # by name
    first: str

    @classmethod
    def of(cls, publication: Publication) -> Colours:
        """The colours of a publication's place and members."""
        place = publication.place.colour or publication.brand.get("colour", "") or palette.PLACE
        found = {publication.place.name: place, publication.name: place}
        for at, member in enumerate(publication.members):
            found[member.name] = member.colour or palette.MEMBERS[at % len(palette.MEMBERS)]
        return cls({name: colours.readable(colours.checked(c), ratio=4.5) for name, c in found.items()}, place)

    def __call__(self, name: str) -> str:
        return self.own.get(name, palette.GREYS[1])

    def known(self, name: str) -> bool:
        return name in self.own


def visual(
    publication: Publication, conclusion: ShownConclusion, indicators: Mapping[str, ShownIndicator]
) -> Chart | Picture | None:
    """A conclusion's chart as one that can be edited, or its drawing where PowerPoint has no such chart."""
    shown = publication.charts.get(conclusion.chart)
    if shown is None:
        return None
    made = None
    methods = {test.method for test in conclusion.tests[:1]}
    if not methods & _BY_POSITION:
        made = _chart(publication, conclusion, shown, indicators.get(next(iter(shown.indicators), "")))
    if made is not None and sum(p.value is not None for one in made.series for p in one.points) >= 2:
        return made
    return Picture(shown.id, shown.alt, shown.width, shown.height)


def _chart(
    publication: Publication, conclusion: ShownConclusion, shown: ShownChart, indicator: ShownIndicator | None
) -> Chart | None:
    if len(shown.columns) < 2 or not shown.rows:
        return None
    say, hues = Strings.of(publication), Colours.of(publication)
    said = _said(conclusion)
    periods = {row.period for row in indicator.series} if indicator else set()
    names = {column.name for column in indicator.columns} if indicator else set()
    first = [row[0] for row in shown.rows]
    if indicator and periods.issuperset(first):
        if conclusion.tests and conclusion.tests[0].method == "spread":
            return _latest(shown, indicator, hues, say)
        return _over_time(shown, indicator, hues, said, say)
    if indicator and len(names.intersection(first)) * 2 > len(first):
        return _areas(shown, indicator, hues, said, say)
    if any(row.isdigit() and len(row) == 4 for row in first):
        return _over_time(shown, indicator, hues, said, say)
    return _parts(shown, hues, conclusion, say)


def _said(conclusion: ShownConclusion) -> dict[str, None]:
    """The names of the areas that a conclusion's tests speak of, in their order."""
    return dict.fromkeys(figure.area_name for test in conclusion.tests for figure in test.figures)


def point(figure: ShownFigure) -> Point:
    """A figure as a point of a chart."""
    if figure.value is None:
        return Point(None, why_none=figure.why_none or "not available")
    return Point(figure.value, figure.text, figure.lower, figure.upper, figure.interval)


def _cell(cell: str, figure: ShownFigure | None) -> Point:
    """A cell of a chart's table as a point: its exact figure where that is printed so, else the number it prints."""
    if figure is not None and figure.value is not None and (cell == figure.text or cell.startswith(f"{figure.text} (")):
        return point(figure)
    if figure is not None and figure.value is None:
        return point(figure)
    value = read(cell)
    return Point(value, cell) if value is not None else Point(None, why_none=cell)


def _figures(indicator: ShownIndicator | None) -> dict[str, dict[str, ShownFigure]]:
    """An indicator's figures by period and name of area."""
    if indicator is None:
        return {}
    names = [column.name for column in indicator.columns]
    return {row.period: dict(zip(names, row.figures, strict=False)) for row in indicator.series}


def _areas(
    shown: ShownChart, indicator: ShownIndicator, hues: Colours, said: Mapping[str, None], say: Strings
) -> Chart:
    """Areas side by side in the period that the publication's chart shows."""
    rows = {row[0]: row[1] for row in shown.rows}

    def agreeing(found: Mapping[str, ShownFigure]) -> int:
        return sum(
            name in found and found[name].value is not None and found[name].text == cell for name, cell in rows.items()
        )

    figures = max(_figures(indicator).values(), key=agreeing, default={})
    points = {name: _cell(cell, figures.get(name)) for name, cell in rows.items()}
    chosen = _chosen(list(points), said, hues, most=MOST_BARS)
    left = len(points) - len(chosen)
    return _bars(shown, {name: points[name] for name in chosen}, hues, say, left=left)


def _latest(shown: ShownChart, indicator: ShownIndicator, hues: Colours, say: Strings) -> Chart:
    """How members differ in the latest period: the highest and the lowest where they are many."""
    period = shown.rows[0][0]
    figures = _figures(indicator).get(period, {})
    points = {
        name: _cell(cell, figures.get(name)) for name, cell in zip(shown.columns[1:], shown.rows[0][1:], strict=False)
    }
    order = sorted(points, key=lambda name: (points[name].value is None, -(points[name].value or 0.0)))
    left = max(0, len(order) - MOST_BARS)
    if left:
        order = order[: MOST_BARS // 2] + [n for n in order if points[n].value is not None][-(MOST_BARS // 2) :]
    return _bars(shown, {name: points[name] for name in order}, hues, say, left=left, period=period)


def _bars(
    shown: ShownChart, points: Mapping[str, Point], hues: Colours, say: Strings, *, left: int = 0, period: str = ""
) -> Chart:
    measured = f"{shown.subtitle.rstrip('.')}, {period}." if period else shown.subtitle
    if left:
        measured += " " + say.count(left, "{n} area is left out here.", "{n} areas are left out here.")
    labels = [name if p.value is not None else f"{name}: {short_reason(p.why_none)}" for name, p in points.items()]
    return Chart(
        shown.id,
        "bars",
        measured,
        shown.alt,
        tuple(labels),
        (
            Series(
                shown.columns[-1] if len(shown.columns) == 2 else shown.columns[1], hues.first, tuple(points.values())
            ),
        ),
        tuple(hues(name) for name in points),
    )


def _chosen(names: Sequence[str], said: Mapping[str, None], hues: Colours, *, most: int) -> list[str]:
    """At most `most` of `names` in their order: those spoken of, then the place and members, then the others."""
    if len(names) <= most:
        return list(names)
    own = [name for name in names if hues.known(name)]
    others = [name for name in names if not hues.known(name)]
    if len(own) > most - 2:  # many members: comparators tell more than some of them
        own = [name for name in own if name in said]
    wanted = [*(name for name in names if name in said), *own[: most - 2], *others, *names]
    keep = set(list(dict.fromkeys(wanted))[:most])
    return [name for name in names if name in keep]


def _over_time(
    shown: ShownChart, indicator: ShownIndicator | None, hues: Colours, said: Mapping[str, None], say: Strings
) -> Chart | None:
    """Lines over time; a panel of columns each where the levels lie far apart."""
    figures = _figures(indicator)
    periods = _without_leaps([row[0] for row in reversed(shown.rows)])
    cells = {row[0]: dict(zip(shown.columns[1:], row[1:], strict=False)) for row in shown.rows}
    found: dict[str, tuple[Point, ...]] = {}
    for name in shown.columns[1:]:
        points = tuple(
            _cell(cells[period][name], figures.get(period, {}).get(name))
            if period in cells and name in cells[period]
            else Point(None, why_none=say("not published"))
            for period in periods
        )
        if sum(p.value is not None for p in points) >= 2:
            found[name] = points
    if not found:
        return None
    first = [next(abs(p.value) for p in points if p.value is not None) for points in found.values()]
    far = len(found) > 1 and max(first) > FAR_APART * min(first)
    measured = shown.subtitle
    if far:
        mentioned = [name for name in found if name in said] or list(found)
        others = [name for name in found if not hues.known(name) and name not in mentioned] or list(found)[-1:]
        chosen = list(
            dict.fromkeys([mentioned[0], *(mentioned[1:][-1:] or others[:1])])
        )  # one, and whom it is set against
        measured = _first_sentences(measured) + " " + say("Each from zero; the first values stand at the same height.")
    else:
        chosen = _chosen(list(found), said, hues, most=MOST_LINES)
    series = tuple(Series(name, hues(name), found[name], dashed=not hues.known(name)) for name in chosen)
    return Chart(shown.id, "panels" if far else "lines", measured, shown.alt, tuple(periods), series)


def _first_sentences(subtitle: str) -> str:
    """A chart's subtitle without what it says of an index, as panels show levels."""
    return subtitle.split(" Index: ")[0]


def _without_leaps(periods: list[str]) -> list[str]:
    """Periods with the years between them that have no figures, so that a leap in time is a gap."""
    if not periods or not all(period.isdigit() and len(period) == 4 for period in periods):
        return periods
    return [str(year) for year in range(int(periods[0]), int(periods[-1]) + 1)]


def _parts(shown: ShownChart, hues: Colours, conclusion: ShownConclusion, say: Strings) -> Chart | None:
    """Parts of a whole, or of a gap, as the publication's chart prints them."""
    columns = list(range(1, min(3, len(shown.columns))))
    labels = {figure.category_label for test in conclusion.tests for figure in test.figures if figure.category_label}
    most = MOST_BARS if len(columns) == 1 else MOST_PAIRS
    rows = list(shown.rows)
    if len(rows) > most:
        spoken = [row for row in rows if row[0] in labels][:most]
        keep = {row[0] for row in [*spoken, *(row for row in rows if row not in spoken)][:most]}
        rows = [row for row in rows if row[0] in keep]
    subject = next(iter(_said(conclusion)), "")
    measured = shown.subtitle.split(" Upright marks:")[0]
    if len(rows) < len(shown.rows):
        left = len(shown.rows) - len(rows)
        measured += " " + say.count(left, "{n} more part is left out here.", "{n} more parts are left out here.")
    series = []
    for at in columns:
        points = tuple(_cell(row[at], None) for row in rows)
        if any(p.value is None for p in points):
            return None
        name = shown.columns[at]
        colour = hues(name) if hues.known(name) else hues(subject) if at == 1 else palette.GREYS[1]
        series.append(Series(name, colour, points, dashed=at > 1))
    colour = series[0].colour if series else ""
    return Chart(
        shown.id,
        "bars",
        measured,
        shown.alt,
        tuple(row[0] for row in rows),
        tuple(series),
        tuple(colour if not labels or row[0] in labels else colours.mix(colour, colours.WHITE, 0.55) for row in rows)
        if len(series) == 1
        else (),
    )


__all__ = ["Colours", "point", "visual"]
