"""What every chart is made of: who is drawn, what is measured, and a specification with its words and table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar

import msgspec

from wellfounded.core import Period, Unit
from wellfounded.publishing.charts import palette
from wellfounded.publishing.model import ShownChart, ShownFigure
from wellfounded.publishing.words import label, small

Spec = dict[str, Any]
Role = Literal["place", "member", "comparator"]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Who:
    """An area on a chart: how it is called inside a sentence, its part, and the marks that it keeps everywhere."""

    code: str
    name: str
    role: Role
    colour: str
    dash: tuple[int, ...] = ()
    shape: str = "circle"

    @property
    def label(self) -> str:
        return label(self.name)


def who_is(
    *,
    place: tuple[str, str],
    members: Sequence[tuple[str, str]] = (),
    comparators: Sequence[tuple[str, str]] = (),
    colours: Mapping[str, str] | None = None,
) -> dict[str, Who]:
    """The place, its members and comparators by code, each with colour, dash and shape. Pairs are code and name."""
    chosen = dict(colours or {})
    found = {place[0]: Who(place[0], place[1], "place", chosen.get(place[0], palette.PLACE))}
    for index, (code, name) in enumerate(members):
        colour = chosen.get(code, palette.MEMBERS[index % len(palette.MEMBERS)])
        found[code] = Who(code, name, "member", colour, shape=palette.SHAPES[index % len(palette.SHAPES)])
    for index, (code, name) in enumerate(comparators):
        grey = palette.GREYS[index % len(palette.GREYS)]
        dash = palette.DASHES[index % len(palette.DASHES)]
        found[code] = Who(code, name, "comparator", grey, dash, "diamond")
    return found


@dataclass(frozen=True)
class Line:
    """An area's figures in order of their periods."""

    who: Who
    points: tuple[tuple[Period, ShownFigure], ...]

    @property
    def known(self) -> tuple[tuple[Period, ShownFigure], ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point[1].value is not None)


@dataclass(frozen=True)
class Measure:
    """What a chart measures, with the words that stand around it."""

    indicator: str
    label: str
    unit: Unit
    foot: str  # source and release
    counts: bool = False  # a total that grows with the size of an area, so that levels aren't compared across areas
    note: str = ""  # said in the subtitle

    @property
    def in_words(self) -> str:
        """The label and the unit: `GVA per hour worked, £`."""
        unit = self.unit
        sign = (
            f"{unit.prefix}{unit.suffix}".strip()
            .replace("%", "per cent")
            .replace("£ ", "£")
            .replace("£million", "£ million")
        )
        words = unit.words if not unit.prefix or " per " not in f" {self.label} " else ""
        written = " ".join(part for part in (sign, words) if part)
        known = not written or written.lower() in self.label.lower()
        return self.label if known else f"{self.label}, {written}"

    @property
    def phrase(self) -> str:
        return small(self.label)


@dataclass(frozen=True)
class Chart:
    """A chart before it is drawn. `shared` names data sets that many charts draw from, kept out of `spec`.

    `narrow` draws the same for a phone or a column.
    """

    shown: ShownChart
    spec: Spec
    shared: tuple[str, ...] = ()
    narrow: Spec | None = None

    @property
    def id(self) -> str:
        return self.shown.id


def at_both_widths(make: Callable[P, Chart | None]) -> Callable[P, Chart | None]:
    """`make`, whose charts are also drawn narrow."""

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> Chart | None:
        chart = make(*args, **kwargs)
        if chart is None:
            return None
        with palette.narrow():
            slim = make(*args, **kwargs)
        assert slim is not None
        size = (slim.shown.width, slim.shown.height)
        return replace(chart, shown=msgspec.structs.replace(chart.shown, narrow=size), narrow=slim.spec)

    return made


def that_fit(ordered: Sequence[T], who: Callable[[T], Who], *, words: str, most: int) -> list[T]:
    """The areas that a drawing has room for, in their order, the highest first.

    The place and comparators stay; of members, those that the title names, then the highest and the lowest by turns.
    """
    members = [at for at, each in enumerate(ordered) if who(each).role == "member"]
    room = max(most - (len(ordered) - len(members)), 2)
    if len(members) <= room:
        return list(ordered)
    named = [at for at in members if who(ordered[at]).name in words]
    by_turns = [at for pair in zip(members, reversed(members), strict=True) for at in pair]
    out = set(members) - set(list(dict.fromkeys([*named, *by_turns]))[:room])
    return [each for at, each in enumerate(ordered) if at not in out]


def left_out(n: int) -> str:
    """What a chart says of the members that `that_fit` left out; nothing where it left out none."""
    if not n:
        return ""
    return f"{n} {'member' if n == 1 else 'members'} between the highest and the lowest: in the table alone."


def cell(figure: ShownFigure) -> str:
    """A figure in a table: its text with its interval, or why there is none."""
    if figure.value is None:
        return figure.why_none or "not available"
    return f"{figure.text} ({figure.interval})" if figure.interval else figure.text


def publishes_intervals(figures: Sequence[ShownFigure]) -> bool:
    """Whether any of the figures has limits."""
    return any(figure.lower is not None for figure in figures)
