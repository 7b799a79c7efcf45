"""A conclusion tested again with somebody else's figures in place of the published ones. The base stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wellfounded.conclusions.evaluate import evaluate
from wellfounded.conclusions.read import read_conclusions
from wellfounded.conclusions.robustness import tests_of
from wellfounded.core import NotAPeriod, Period
from wellfounded.evidence.base import Base
from wellfounded.evidence.columns import Coded, Rows
from wellfounded.evidence.store import Store

LARGEST = 200_000  # characters
MOST = 2000  # rows
_EPOCH = 719163  # 1 January 1970, as Python counts days
_NAMES = {
    "area": ("area", "area_code", "code", "district"), "period": ("period", "year", "date"),
    "value": ("value", "figure"), "category": ("category",),
}  # fmt: skip


class UnusableFigures(ValueError):
    """The figures can't be put in the place of the published ones; it says what was found and what was expected."""


@dataclass(frozen=True)
class Given:
    """One figure of somebody else's."""

    line: int
    area: str
    period: Period
    value: float
    category: str = ""


@dataclass(frozen=True)
class Rival:
    """What a conclusion came to with the published figures and with the other ones."""

    conclusion: str
    indicator: str
    replaced: int
    verdict: str
    sentence: str
    holds: int
    of: int
    published_verdict: str
    published_sentence: str
    published_holds: int
    published_of: int

    @property
    def told(self) -> str:
        """Both in a line."""
        same = "the same" if self.verdict == self.published_verdict else f"in the place of {self.published_verdict!r}"
        return (
            f"With {self.replaced} of the respondent's figures it comes to {self.verdict!r}, {same}; it holds in "
            f"{self.holds} of {self.of} ways, with the published ones in {self.published_holds} of {self.published_of}."
        )


def read_figures(text: str, *, store: Store) -> tuple[Given, ...]:
    """The figures of a CSV with the columns area, period and value, and a category where there are some.

    Raises UnusableFigures with every line that can't be read.
    """
    if len(text) > LARGEST:
        raise UnusableFigures(f"found {len(text):,} characters; expected {LARGEST:,} at most")
    lines = text.lstrip("\ufeff").strip().splitlines()
    rows = csv.DictReader(io.StringIO("\n".join(lines)), delimiter="\t" if lines and "\t" in lines[0] else ",")
    headings = {str(name).strip().lower().replace(" ", "_"): name for name in rows.fieldnames or ()}
    column = {part: next((headings[n] for n in names if n in headings), None) for part, names in _NAMES.items()}
    absent = [part for part in ("area", "period", "value") if column[part] is None]
    if absent:
        raise UnusableFigures(
            f"line 1: found the columns {', '.join(headings) or 'none'}; expected area, period and value"
        )
    found, wrong = [], []
    for line, row in enumerate(rows, start=2):
        if line > MOST + 1:
            raise UnusableFigures(f"found more than {MOST:,} rows")
        cells = {part: (row.get(name) or "").strip() if name else "" for part, name in column.items()}
        try:
            number = float(cells["value"].replace(",", "").lstrip("£"))
            if not np.isfinite(number):
                raise ValueError(f"{cells['value']!r} is no number")
            area = store.catalogue.areas.get(cells["area"]).code
            found.append(Given(line, area, Period.parse(cells["period"]), number, cells["category"]))
        except (NotAPeriod, ValueError, LookupError) as error:
            wrong.append(f"line {line}: {error}")
    if wrong or not found:
        raise UnusableFigures("; ".join(wrong[:5]) or "there is no row under the headings")
    return tuple(found)


def put_against(base: Base, conclusion: str, indicator: str, figures: Sequence[Given], *, store: Store) -> Rival:
    """What a conclusion comes to when these are its figures of one indicator, beside what it comes to as published.

    Raises UnusableFigures where the conclusion does not test the indicator, or the base has no such figures to replace.
    """
    every = read_conclusions(base, store)
    chosen = [each for each in every if each.id == conclusion]
    if not chosen:
        raise UnusableFigures(f"the base has no conclusion {conclusion!r}")
    tested = sorted({test.indicator for test in tests_of(chosen[0].tests)})
    if indicator not in tested:
        raise UnusableFigures(f"{conclusion} does not test {indicator!r}; expected one of {', '.join(tested)}")
    published = evaluate(base, store, conclusions=chosen).results[0]
    rows, replaced = _replaced(store.rows(indicator), figures, release=store.releases_of(indicator)[0].id)
    other = evaluate(base, store.with_rows(indicator, rows), conclusions=chosen).results[0]
    return Rival(
        conclusion, indicator, replaced,
        str(other.verdict), other.sentence, other.robustness.holds, other.robustness.of,
        str(published.verdict), published.sentence, published.robustness.holds, published.robustness.of,
    )  # fmt: skip


def _replaced(rows: Rows, figures: Sequence[Given], *, release: str) -> tuple[Rows, int]:
    """The rows with these values in the latest release; they have no interval, as nobody stated one."""
    areas = np.array(rows.area.names, object)[rows.area.codes]
    categories = np.array(rows.category.names, object)[rows.category.codes]
    latest = np.array(rows.release.names, object)[rows.release.codes] == release
    value, lower, upper = rows.value.copy(), rows.lower.copy(), rows.upper.copy()
    status = np.array(rows.status.names, object)[rows.status.codes].copy()
    replaced, missing = 0, []
    for figure in figures:
        start, end = (day.toordinal() - _EPOCH for day in (figure.period.start, figure.period.end))
        at = latest & (areas == figure.area) & (rows.start == start) & (rows.end == end)
        at &= categories == figure.category
        if not at.any():
            missing.append(
                f"line {figure.line}: there is no published figure of {figure.area}, {figure.period} to replace"
            )
        value[at], lower[at], upper[at], status[at] = figure.value, np.nan, np.nan, ""
        replaced += int(at.sum())
    if missing:
        raise UnusableFigures("; ".join(missing[:5]))
    return replace(rows, value=value, lower=lower, upper=upper, status=Coded.of(list(status))), replaced


__all__ = ["Given", "Rival", "UnusableFigures", "put_against", "read_figures"]
