"""A conclusion put to somebody else's figures: both verdicts side by side, and nothing of the base changes."""

from __future__ import annotations

import pytest

from wellfounded.conclusions import rival
from wellfounded.evidence.base import load_base
from wellfounded.evidence.store import Store

FIGURES = 'area,period,value\nE06000049,2023,40\nE06000050,2023,40.1\nE06000007,2023,"40.2"\n'


@pytest.fixture
def base(small_base):
    return load_base(small_base)


def test_the_same_tests_run_on_the_other_figures_and_the_base_stays_as_it_is(base):
    store = Store.open(base)
    before = store.rows("gva-per-hour").value.copy()
    figures = rival.read_figures(FIGURES, store=store)
    found = rival.put_against(base, "districts-differ", "gva-per-hour", figures, store=store)
    assert (found.published_verdict, found.verdict, found.replaced) == ("holds", "fails", 3)
    assert "in the place of 'holds'" in found.told
    assert (store.rows("gva-per-hour").value == before).sum() == (before == before).sum()
    again = rival.put_against(base, "districts-differ", "gva-per-hour", figures[:0], store=store)
    assert (again.verdict, again.holds) == (again.published_verdict, again.published_holds)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected area, period and value"),
        ("place,value\nx,1", "found the columns place, value"),
        ("area,period,value\n", "no row under the headings"),
        ("area,period,value\nnowhere,2023,1\nE06000007,2023,many", "line 2.*line 3"),
        ("area,period,value\nE06000007,2023,nan", "is no number"),
        ("x" * 200_001, "200,000 at most"),
    ],
)
def test_figures_that_can_not_be_read_are_refused_by_line(base, text, said):
    with pytest.raises(rival.UnusableFigures, match=said):
        rival.read_figures(text, store=Store.open(base))


@pytest.mark.parametrize(
    ("conclusion", "indicator", "period", "said"),
    [
        ("nothing", "gva-per-hour", "2023", "no conclusion 'nothing'"),
        ("districts-differ", "employment-rate", "2023", "expected one of gva-per-hour"),
        ("districts-differ", "gva-per-hour", "1801", "line 2: there is no published figure of E06000007, 1801"),
    ],
)
def test_figures_that_replace_nothing_are_refused(base, conclusion, indicator, period, said):
    store = Store.open(base)
    figures = rival.read_figures(f"Area\tYear\tValue\nE06000007\t{period}\t1,000\n", store=store)
    with pytest.raises(rival.UnusableFigures, match=said):
        rival.put_against(base, conclusion, indicator, figures, store=store)
