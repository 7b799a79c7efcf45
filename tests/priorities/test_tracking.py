"""Indicators of success: the path, and what each new figure says of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.priorities.conftest import Read
from tests.priorities.test_reading import ONE
from wellfounded.conclusions.evaluate import Evaluation
from wellfounded.priorities.tracking import path, status, tracked

YEARS = np.arange(2013.0, 2024.0)
STEADY = np.linspace(70.0, 72.0, 11)
ERROR = np.full(11, 0.5)
NONE = np.full(11, np.nan)


def test_the_path_is_straight_and_as_wide_as_two_figures_of_the_survey() -> None:
    found = path(YEARS, STEADY, ERROR, baseline=2023, target=82.0, by=2033)
    assert found.years == tuple(range(2023, 2034))
    assert found.expected[[0, 5, 10]] == pytest.approx([72.0, 77.0, 82.0])
    assert found.reach[5] == pytest.approx(1.96 * 0.5 * 2**0.5, rel=1e-3)


@pytest.mark.parametrize(
    ("year", "value", "expected"),
    [
        (2024, 73.0, "too early to tell"),  # the path has moved by 1, the figures by 1.4 at chance
        (2024, 70.0, "off track"),  # so far behind that chance does not do it
        (2024, 75.5, "on track"),  # so far ahead that chance does not do it
        (2026, 75.0, "on track"),
        (2026, 74.0, "on track"),  # behind the path, within its interval
        (2026, 72.0, "off track"),  # as if nothing had happened
    ],
)
def test_a_figure_is_on_track_off_track_or_too_early_to_tell(year: int, value: float, expected: str) -> None:
    found = path(YEARS, STEADY, ERROR, baseline=2023, target=82.0, by=2033)
    assert status(found, year=year, value=value) == expected


@given(st.floats(50, 90), st.floats(50, 90), st.integers(2024, 2033), st.floats(0.1, 2))
def test_a_target_below_mirrors_one_above(value: float, target: float, year: int, error: float) -> None:
    up = path(YEARS, STEADY, np.full(11, error), baseline=2023, target=target, by=2033)
    down = path(YEARS, -STEADY, np.full(11, error), baseline=2023, target=-target, by=2033)
    if target != STEADY[-1]:
        assert status(up, year=year, value=value) == status(down, year=year, value=-value)


def test_without_an_interval_the_figure_s_own_straying_makes_one_that_widens() -> None:
    straying = STEADY + np.tile([0.5, -0.5], 6)[:11]
    found = path(YEARS, straying, NONE, baseline=2023, target=82.0, by=2033)
    steps = np.diff(straying).std(ddof=1)
    assert found.reach[[0, 1, 4]] == pytest.approx([0, 1.96 * steps, 1.96 * steps * 2], rel=1e-3)
    bare = path(YEARS[-2:], STEADY[-2:], NONE[-2:], baseline=2023, target=82.0, by=2033)
    assert status(bare, year=2024, value=0.0) == "too early to tell"  # two figures say nothing of chance


def with_target(target: float, baseline: int, by: int) -> str:
    return ONE.replace(
        'baseline = "2023"',
        f'baseline = "{baseline}"\n  target = {target}\n  by = {by}\n  title = "A plan"\n  publisher = "The place"\n'
        '  url = "https://example.org/plan"\n  accessed = 2026-11-25',
    )


def test_each_new_release_says_where_it_stands(read: Read, evaluation: Evaluation) -> None:
    def said(text: str) -> tuple[str, str]:
        found = tracked(read(text).policies[0].success[0], evaluation.subjects)
        return found.status, found.line

    assert said(ONE)[0] == "no target stated"
    assert said(with_target(85, 2023, 2030))[0] == "too early to tell"  # nothing is published since
    off, line = said(with_target(95, 2015, 2025))
    assert off == "off track"
    assert line.startswith("Employment rate in Cheshire and Warrington was 80.1% in 2023; the way to 95.0%")
    assert said(with_target(75, 1990, 2030))[0] == "no figure"
