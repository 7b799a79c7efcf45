"""The figures store: releases side by side, the latest by default, any day's view on request."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from wellfounded.core import Period
from wellfounded.evidence.catalogue import DATA, load
from wellfounded.evidence.columns import Coded, Rows, read_rows
from wellfounded.evidence.panel import panel_from
from wellfounded.evidence.store import SCHEMA, NoSuchIndicator, NoSuchRelease, Store

WEST = "E06000050"
NEW, OLD = "subregional-productivity@2025-06-19", "subregional-productivity@2024-06-17"


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.open()


def values(store: Store, indicator: str, **asked: object) -> list[float | None]:
    return store.figures(indicator, **asked)["value"].to_pylist()  # type: ignore[arg-type]


def test_two_releases_of_one_indicator_stand_side_by_side(store: Store) -> None:
    assert [release.id for release in store.releases_of("gva-per-hour")] == [NEW, OLD]
    year = Period.year(2022)
    latest = store.figures("gva-per-hour", areas=[WEST], period=year).to_pylist()
    before = store.figures("gva-per-hour", areas=[WEST], period=year, release="previous").to_pylist()
    both = store.figures("gva-per-hour", areas=[WEST], period=year, release="all").to_pylist()
    assert [row["release"] for row in latest + before] == [NEW, OLD]
    assert before[0]["value"] == pytest.approx(44.00, abs=0.005)
    assert latest[0]["value"] == pytest.approx(46.17, abs=0.005)
    assert sorted(row["release"] for row in both) == [OLD, NEW]


@pytest.mark.parametrize(
    ("day", "releases"),
    [
        (date(2024, 6, 16), []),
        (date(2024, 6, 17), [OLD]),
        (date(2025, 6, 18), [OLD]),
        (date(2025, 6, 19), [NEW, OLD]),
    ],
)
def test_a_days_view_leaves_out_what_was_released_after_it(store: Store, day: date, releases: list[str]) -> None:
    assert [release.id for release in store.releases_of("gva-per-hour", as_of=day)] == releases
    rows = store.figures("gva-per-hour", areas=[WEST], period=Period.year(2022), as_of=day).to_pylist()
    assert [row["release"] for row in rows] == releases[:1]
    if releases:
        assert store.panel("gva-per-hour", as_of=day).release == releases[0]
    else:
        with pytest.raises(NoSuchRelease, match="has no latest release as of"):
            store.panel("gva-per-hour", as_of=day)


def test_a_release_is_read_by_its_id_and_another_is_refused(store: Store) -> None:
    assert store.panel("gva-per-hour", release=OLD).release == OLD
    assert store.panel("gva-per-hour", release="previous").release == OLD
    with pytest.raises(NoSuchRelease):
        store.figures("gva-per-hour", release="regional-gva@2025-04-17")
    with pytest.raises(NoSuchRelease):
        store.panel("employment-rate", release="previous")
    with pytest.raises(NoSuchRelease, match="employment-rate has no previous release"):
        store.figures("employment-rate", release="previous")
    with pytest.raises(NoSuchRelease, match="as of 2025-01-01"):
        store.figures("gva-per-hour", release=NEW, as_of=date(2025, 1, 1))
    with pytest.raises(NoSuchRelease):
        store.release("nothing@2020-01-01")


def test_an_unknown_indicator_is_refused_with_the_nearest(store: Store) -> None:
    with pytest.raises(NoSuchIndicator, match=r"no indicator 'gva-per-hous'; did you mean gva-per-hour"):
        store.indicator("gva-per-hous")
    with pytest.raises(NoSuchIndicator, match="`wellfounded indicators` lists them"):
        store.figures("zzzzzz")


def test_rows_are_in_order_and_of_one_schema(store: Store) -> None:
    table = store.figures("gva-by-industry", areas=[WEST, "E06000049"], period=Period.year(2023))
    assert table.schema == SCHEMA
    keys = [(row["area"], row["start"], row["category"]) for row in table.to_pylist()]
    assert keys == sorted(keys)
    assert len(keys) == 2 * 49


def test_rows_may_be_asked_by_category_and_by_exact_period(store: Store) -> None:
    one = values(store, "gva-by-industry", areas=[WEST], period=Period.year(2023), category="C (10-33)")
    assert len(one) == 1
    day = Period.parse("2025-04-30")
    assert len(values(store, "median-weekly-pay", areas=[WEST], period=day)) == 1
    assert len(values(store, "median-weekly-pay", areas=[WEST], period=Period.year(2025))) == 1  # any that starts in it
    assert values(store, "median-weekly-pay", areas=[WEST], period=Period.parse("2025-04-29")) == []


def test_a_panel_holds_what_the_rows_say(store: Store) -> None:
    for indicator in ("employment-rate", "gva-by-industry", "median-weekly-pay", "healthy-life-expectancy-female"):
        panel = store.panel(indicator)
        with duckdb.connect() as connection:
            rows = connection.execute(
                'SELECT area, start, "end", category, value, lower, upper, status FROM read_parquet(?) '
                "WHERE indicator = ? AND release = ? USING SAMPLE 300 (reservoir, 7)",
                [str(DATA / "figures.parquet"), indicator, panel.release],
            ).fetchall()
            (count,) = connection.execute(
                "SELECT count(*) FROM read_parquet(?) WHERE indicator = ? AND release = ?",
                [str(DATA / "figures.parquet"), indicator, panel.release],
            ).fetchone() or (0,)  # fmt: skip
        assert int((panel.status >= 0).sum()) == count
        for area, start, end, category, *numbers, status in rows:
            at = (panel.area_index[area], panel.period_index[Period(start, end)], panel.category_index[category])
            shown = [float(part[at]) for part in (panel.value, panel.lower, panel.upper)]
            assert shown == pytest.approx([np.nan if each is None else each for each in numbers], nan_ok=True)
            assert panel.status_of(*at) == status


def test_periods_of_a_panel_are_in_order_of_their_end(store: Store) -> None:
    for indicator in ("healthy-life-expectancy-female", "population-change", "house-price"):
        periods = store.panel(indicator).periods
        assert list(periods) == sorted(periods, key=lambda period: (period.end, period.start))


def test_several_indicators_are_read_in_one_pass_as_each_alone() -> None:
    names = {"gva", "employment-rate", "gva-per-hour"}
    together = read_rows(DATA / "figures.parquet", names)
    assert set(together) == names
    for name in names:
        alone = read_rows(DATA / "figures.parquet", [name])[name]
        assert len(alone) == len(together[name])
        assert np.array_equal(alone.value, together[name].value, equal_nan=True)
        assert alone.area.texts() == together[name].area.texts()
    assert read_rows(DATA / "figures.parquet", ["zzz"]) == {}


def test_rows_become_the_same_arrow_table_as_the_file_holds(store: Store) -> None:
    rows = read_rows(DATA / "figures.parquet", ["exports"])["exports"]
    assert (
        rows.to_arrow()
        .sort_by([("area", "ascending"), ("start", "ascending")])
        .equals(store.figures("exports", release="all").sort_by([("area", "ascending"), ("start", "ascending")]))
    )


def test_a_coded_column_keeps_its_texts_when_compacted() -> None:
    column = Coded.of(["b", "a", "b", "c"])
    small = Coded(column.codes[:3], column.names).compact()
    assert small.texts() == ["b", "a", "b"]
    assert small.names == ("a", "b")
    assert len(Coded.same("x", 3).texts()) == 3


def test_a_panel_of_no_rows_is_empty() -> None:
    nothing = Coded.of([])
    none, days = np.zeros(0), np.zeros(0, dtype=np.int64)
    panel = panel_from(
        Rows(nothing, nothing, nothing, nothing, nothing, days, days, none, none, none), indicator="x", release="y"
    )
    assert panel.value.shape == (0, 0, 0)


def test_a_catalogue_elsewhere_is_read_from_there(tmp_path: Path) -> None:
    for file in DATA.iterdir():
        (tmp_path / file.name).symlink_to(file)
    other = load(tmp_path)
    assert Store.open(catalogue=other).panel("gva").areas == Store.open().panel("gva").areas
