"""Charts: each kind is valid, draws, and says in words and numbers what it shows, no more than intervals allow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as given_that
from hypothesis import strategies as some

from tests.publishing import made_up
from tests.publishing.made_up import JOBS, PAY, PEOPLE, PLACE, RATE
from wellfounded.core import Period, Unit
from wellfounded.publishing import charts, drawing
from wellfounded.publishing.charts import Boundaries, Chart, Line, Part, Ranked, Tried, who_is
from wellfounded.publishing.charts.frame import apart, position, scale_for
from wellfounded.publishing.model import ShownFigure

CLAIMS = re.compile(r"\b(higher|lower|up|down|more|less|fewer)\b")


def boundaries() -> Boundaries:
    """Thirty square districts around the three members."""
    codes = [f"E060000{number:02d}" for number in range(1, 31)]
    corners = {code: (-4 + at % 6, 51 + at // 6 * 0.7) for at, code in enumerate(codes)}
    shapes = {
        code: {"type": "Polygon", "coordinates": [[[x, y], [x, y + 0.6], [x + 0.9, y + 0.6], [x + 0.9, y], [x, y]]]}
        for code, (x, y) in corners.items()
    }
    labels = {code: (x + 0.45, y + 0.3) for code, (x, y) in corners.items()}
    return Boundaries.project(shapes, labels, around=["E06000001", "E06000002", "E06000003"])


SQUARES = boundaries()


def among(*, half: float = np.nan) -> Ranked:
    codes = tuple(sorted(SQUARES.codes))
    values = np.linspace(60, 90, len(codes))
    return Ranked(codes, values, values - half, values + half, "local authorities")


def tried() -> list[Tried]:
    dimensions = {"comparator": ["the UK", "England"], "period": ["latest", "the one before", "mean of three"]}
    found = []
    for at, choices in enumerate(product(*dimensions.values())):
        estimate = at / 10 - 0.2
        verdict = "holds" if estimate > 0.1 else "uncertain" if estimate > 0 else "fails"
        found.append(
            Tried(dict(zip(dimensions, choices, strict=True)), verdict, estimate, estimate - 0.1, estimate + 0.1)
        )
    return found


MEMBERS = [code for code, who in PEOPLE.items() if who.role == "member"]
PARTS = [Part(f"Industry {at}", 30.0 - at, 28.0) for at in range(20)]
KINDS: dict[str, Callable[[], Chart | None]] = {
    "a trend without intervals": lambda: charts.trend("a", PAY, made_up.lines(PAY, base=30, step=0.7)),
    "a trend with intervals and a gap": lambda: charts.trend("b", RATE, made_up.lines(RATE, base=75, half=3)),
    "a trend of totals": lambda: charts.trend("c", JOBS, made_up.lines(JOBS, base=100_000, step=900)),
    "bars": lambda: charts.comparison("d", PAY, made_up.latest(made_up.lines(PAY, base=30))),
    "dots with intervals": lambda: charts.comparison("e", RATE, made_up.latest(made_up.lines(RATE, base=75, half=3))),
    "a spread": lambda: charts.spread(
        "f", PAY, made_up.lines(PAY, base=30, step=0.5), title="Southby is above Northshire"
    ),
    "a distribution": lambda: charts.ranked("g", RATE, among(), made_up.latest(made_up.lines(RATE, base=75))),
    "a distribution with intervals": lambda: charts.ranked(
        "h", RATE, among(half=4), made_up.latest(made_up.lines(RATE, base=75, half=4))
    ),
    "a map of rates": lambda: charts.area_map(
        "i", RATE, SQUARES, dict(zip(among().codes, among().values.tolist(), strict=True)), _members(RATE, 75)
    ),
    "a map of totals": lambda: charts.area_map(
        "j", JOBS, SQUARES, {code: 1000.0 * at for at, code in enumerate(among().codes)}, _members(JOBS, 2000)
    ),
    "a decomposition": lambda: charts.decomposition(
        "k",
        PAY,
        [*PARTS[:3], Part("Whole", 5.0, total=True)],
        unit=made_up.POUNDS,
        title="Most of the gap is Industry 0",
    ),
    "location quotients": lambda: charts.quotients(
        "l", JOBS, PARTS, than="the UK", title="Industry 0 is 1.07 times as large"
    ),
    "shares": lambda: charts.shares("m", JOBS, PARTS, place="here", than="the UK", title="Industry 0 makes 30%"),
    "a shock": lambda: charts.shock(
        "n",
        JOBS,
        made_up.lines(JOBS, base=100_000, step=-900),
        before=Period.year(2019),
        name="the shock",
        title="It fell",
    ),
    "a specification curve": lambda: charts.specification_curve(
        "o",
        tried(),
        unit=Unit(decimals=2),
        measured="difference",
        title="Holds in 2 of 6",
        foot="Source: A.",
        threshold=0.1,
    ),
}


def _members(measure: charts.Measure, base: float) -> list[tuple[charts.Who, ShownFigure]]:
    return [pair for pair in made_up.latest(made_up.lines(measure, base=base)) if pair[0].role == "member"]


def chart(kind: str) -> Chart:
    made = KINDS[kind]()
    assert made is not None
    return made


def drawn(made: Chart) -> str:
    spec = json.dumps(made.spec)
    return drawing.svg(drawing._with_data(spec, made.shared, SQUARES.shared))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_chart_is_valid_vega_lite(kind: str) -> None:
    import altair as alt

    alt.Chart.from_dict(chart(kind).spec, validate=True)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_chart_draws_at_the_size_it_says(kind: str) -> None:
    made = chart(kind)
    svg = drawn(made)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    assert size is not None
    assert abs(float(size[1]) - made.shown.width) <= 2
    assert abs(float(size[2]) - made.shown.height) <= 2
    assert "NaN" not in svg
    assert "undefined" not in svg


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_chart_has_words_and_a_table(kind: str) -> None:
    shown = chart(kind).shown
    assert shown.title
    assert shown.title[0].isupper() or shown.title[0].isdigit()
    assert shown.subtitle.endswith(".")
    assert shown.foot.startswith("Source: ")
    assert len(shown.alt) > 40
    assert any(letter.isdigit() for letter in shown.alt)
    assert shown.rows
    assert all(len(row) == len(shown.columns) for row in shown.rows)
    assert all(row[0] for row in shown.rows)


@pytest.mark.parametrize("kind", KINDS)
def test_text_is_never_smaller_than_eleven_pixels(kind: str) -> None:
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', drawn(chart(kind)))]
    assert sizes
    assert min(sizes) >= 11


def test_a_title_never_says_higher_where_the_intervals_cannot_tell() -> None:
    made = charts.comparison("x", RATE, made_up.latest(made_up.lines(RATE, base=75, half=5)))
    assert made is not None
    assert "cannot be told apart" in made.shown.title
    assert not CLAIMS.search(made.shown.title)


def test_a_title_says_higher_where_the_intervals_can_tell() -> None:
    pair = [made_up.line(PLACE, RATE, [80.0], half=1), made_up.line("comparator:uk", RATE, [70.0], half=1)]
    made = charts.comparison("x", RATE, made_up.latest(pair))
    assert made is not None
    assert made.shown.title == "Employment rate: higher in Northshire and Southby (80.0%) than in the UK (70.0%)"


def test_a_trend_inside_its_intervals_is_no_clear_change() -> None:
    made = charts.trend("x", RATE, [made_up.line(PLACE, RATE, [75.0 + at / 10 for at in range(10)], half=2)])
    assert made is not None
    assert "no clear change from 75.0% in 2015 to 75.9% in 2024" in made.shown.title


@given_that(
    value=some.floats(10, 90), other=some.floats(10, 90), half=some.floats(0.1, 20), other_half=some.floats(0.1, 20)
)
def test_words_of_comparison_follow_the_test_of_the_difference(
    value: float, other: float, half: float, other_half: float
) -> None:
    one = made_up.figure(PEOPLE[PLACE], RATE, 2024, value, half)
    two = made_up.figure(PEOPLE["comparator:uk"], RATE, 2024, other, other_half)
    made = charts.comparison("x", RATE, [(PEOPLE[PLACE], one), (PEOPLE["comparator:uk"], two)])
    assert made is not None
    clear = abs(value - other) > float(np.hypot(half, other_half))  # 1.96 standard errors are half an interval
    assert bool(CLAIMS.search(made.shown.title)) == clear


def test_totals_over_time_are_drawn_as_an_index_of_the_first_shared_year() -> None:
    made = charts.trend("x", JOBS, made_up.lines(JOBS, base=100_000, step=1000))
    assert made is not None
    assert "Index: 2015 = 100" in made.shown.subtitle
    starts = [
        row["y"]
        for layer in made.spec["layer"]
        for row in layer["data"]["values"]
        if row.get("x") == 2015 and "n" in row
    ]
    assert starts == [100.0] * len(PEOPLE)


def test_a_missing_year_breaks_the_line_and_says_why_in_the_table() -> None:
    made = charts.trend("x", RATE, made_up.lines(RATE, base=75))
    assert made is not None
    assert next(row for row in made.shown.rows if row[0] == "2019")[3] == "suppressed"


def test_no_chart_is_made_of_nothing() -> None:
    empty = [Line(PEOPLE[PLACE], ())]
    assert charts.trend("x", RATE, empty) is None
    assert charts.comparison("x", RATE, [(PEOPLE[PLACE], made_up.figure(PEOPLE[PLACE], RATE, 2024, None))]) is None
    assert charts.specification_curve("x", tried()[:1], unit=Unit(), measured="", title="", foot="") is None
    few = Ranked(("E06000001",), np.array([1.0]), np.array([np.nan]), np.array([np.nan]), "areas")
    assert charts.ranked("x", RATE, few, made_up.latest(made_up.lines(RATE, base=75))) is None


def test_ranks_with_intervals_say_what_is_clear_and_no_more() -> None:
    made = charts.ranked("x", RATE, among(half=50), made_up.latest(made_up.lines(RATE, base=75, half=50)))
    assert made is not None
    assert "clearly above 0 and below 0" in made.shown.title
    assert "highest" not in made.shown.title


def test_of_forty_members_those_are_drawn_that_the_title_names_and_the_highest_and_the_lowest() -> None:
    people = who_is(
        place=(PLACE, "Northshire"),
        members=[(f"E07000{at:03d}", f"District {at:03d}") for at in range(40)],
        comparators=[("comparator:uk", "the UK")],
    )
    given = [(who, made_up.figure(who, PAY, 2024, 20.0 + at)) for at, who in enumerate(people.values())]
    comparison = charts.comparison("x", PAY, given, title="Output per hour: lower in District 017 than in the UK")
    assert comparison is not None
    drawn = json.dumps(comparison.spec)
    assert all(f"District {at:03d}" in drawn for at in (17, 38, 39, 0, 1))
    assert "District 020" not in drawn
    assert "26 members between the highest and the lowest: in the table alone" in comparison.shown.subtitle
    assert len(comparison.shown.rows) == len(given)
    assert comparison.shown.narrow is not None
    assert comparison.shown.narrow[1] < 620, "it has room on a page"
    points = [(w, tuple((Period.year(y), made_up.figure(w, PAY, y, f.value)) for y in (2023, 2024))) for w, f in given]
    trend = charts.trend("y", PAY, [Line(who, each) for who, each in points])
    assert trend is not None
    assert sum(f"District {at:03d}" in json.dumps(trend.spec) for at in range(40)) == 13
    assert len(trend.shown.columns) == 1 + len(given)


def test_the_curve_marks_every_variant_in_every_dimension() -> None:
    made = chart("a specification curve")
    marks = [row for layer in made.spec["layer"] for row in layer["data"]["values"] if "x2" in row]
    assert len(marks) == 2 * len(tried())
    assert len(made.shown.rows) == len(tried())


def test_the_same_chart_is_drawn_once(tmp_path: Path) -> None:
    made = chart("bars")
    first = drawing.draw([made], to=tmp_path / "a", cache=tmp_path / "cache")
    second = drawing.draw([made], to=tmp_path / "b", cache=tmp_path / "cache")
    assert (first.made, second.made, second.found) == (2, 0, 2), "at both widths"
    assert (tmp_path / "a" / "d.svg").read_bytes() == (tmp_path / "b" / "d.svg").read_bytes()


def test_workers_draw_the_same_as_one_process(tmp_path: Path) -> None:
    made = [
        charts.comparison(f"c{at}", PAY, made_up.latest(made_up.lines(PAY, base=30 + at)))
        for at in range(drawing.WORTH_A_WORKER)
    ]
    known = [one for one in made if one is not None]
    drawing.draw(known, to=tmp_path / "a", cache=tmp_path / "one", workers=1)
    drawing.draw(known, to=tmp_path / "b", cache=tmp_path / "two", workers=2)
    assert {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()
    }


def test_a_chart_that_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    made = chart("bars")
    broken = Chart(
        made.shown, {"$schema": made.spec["$schema"], "mark": "bar", "encoding": {"x": {"field": 3, "type": []}}}
    )
    with pytest.raises(drawing.CannotDraw, match="'d'"):
        drawing.draw([broken], to=tmp_path / "a", cache=tmp_path / "cache")


def test_maps_share_their_boundaries_in_files_of_their_own(tmp_path: Path) -> None:
    made = chart("a map of rates")
    drawing.draw([made], to=tmp_path / "a", cache=tmp_path / "cache", shared=SQUARES.shared)
    spec = (tmp_path / "a" / "i.json").read_text()
    assert '"url":"map-country.json"' in spec
    assert "MultiPolygon" not in spec
    assert json.loads((tmp_path / "a" / "map-country.json").read_text())


@given_that(some.lists(some.floats(0, 300), min_size=1, max_size=14))
def test_labels_are_moved_apart_and_keep_their_order(wanted: list[float]) -> None:
    placed = apart(wanted, least=18, low=0, high=300)
    ordered = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    steps = np.diff([placed[index] for index in ordered])
    assert (steps >= 18 - 1e-6).all()
    if len(wanted) * 18 < 300:
        assert min(placed) >= -1e-6
        assert max(placed) <= 300 + 1e-6


@given_that(
    some.lists(some.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=1, max_size=20), some.booleans()
)
def test_a_scale_holds_every_value_and_labels_every_tick(values: list[float], zero: bool) -> None:
    scale = scale_for(values, Unit(prefix="£"), zero=zero)
    assert scale.low <= min(values)
    assert scale.high >= max(values)
    assert len(scale.ticks) == len(scale.labels)
    assert len(set(scale.labels)) == len(scale.labels)
    if zero:
        assert scale.low <= 0 <= scale.high


def test_periods_stand_at_their_years() -> None:
    assert position(Period.year(2023)) == pytest.approx(2023, abs=0.01)
    assert position(Period.parse("2022/23")) == pytest.approx(2022.25, abs=0.01)
    assert position(Period.parse("2020-01-01/P3Y")) == pytest.approx(2021, abs=0.01)
