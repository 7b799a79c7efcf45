"""The list of indicators, and each with its figures."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest

from wellfounded.publishing import sureness
from wellfounded.publishing.model import ShownIndicator
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, Text, shown

COLUMNS = (
    "indicator",
    "area",
    "area_name",
    "period",
    "value",
    "lower",
    "upper",
    "status",
    "why_none",
    "how_combined",
    "release",
)


@shown
def listing(request: HttpRequest, opened: Opened) -> Page:
    """Every indicator by chapter, with the place's latest figure."""
    chapters = opened.shown.chapters
    groups = [(chapter, [i for i in opened.shown.indicators if i.chapter == chapter.id]) for chapter in chapters]
    others = [i for i in opened.shown.indicators if i.chapter not in opened.chapters]
    return Page(
        "indicators.html",
        {"groups": [(c, some) for c, some in groups if some], "others": others, "here": "indicators"},
    )


@shown
def one(request: HttpRequest, opened: Opened, identifier: str) -> Page:
    """What one number is, and how the place compares."""
    indicator = opened.indicator(identifier)
    resting = sureness.published(opened.conclusions[c] for c in indicator.conclusions if c in opened.conclusions)
    return Page(
        "indicator.html",
        {
            "indicator": indicator,
            "chapter": opened.chapters.get(indicator.chapter),
            "releases": [opened.shown.releases[r] for r in indicator.releases if r in opened.shown.releases],
            "conclusions": resting,
            "alternatives": [opened.indicator_refs[i] for i in indicator.alternatives if i in opened.indicator_refs],
            "latest": indicator.series[0] if indicator.series else None,
            "has_intervals": any(figure.interval for row in indicator.series for figure in row.figures),
            "member_number": {member.code: at for at, member in enumerate(opened.shown.members, start=1)},
            "here": "indicators",
        },
    )


@shown
def as_csv(request: HttpRequest, opened: Opened, identifier: str) -> Text:
    """An indicator's table over time as CSV: a row a figure, exact values."""
    indicator = opened.indicator(identifier)
    disposition = {"Content-Disposition": f'attachment; filename="{identifier}.csv"'}
    return Text(csv_of(indicator), "text/csv; charset=utf-8", disposition)


def csv_of(indicator: ShownIndicator) -> str:
    """The figures of an indicator's table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in indicator.series:
        for figure in row.figures:
            writer.writerow(
                [
                    figure.indicator,
                    figure.area,
                    figure.area_name,
                    figure.period,
                    *("" if number is None else repr(number) for number in (figure.value, figure.lower, figure.upper)),
                    figure.status,
                    figure.why_none,
                    figure.rule,
                    figure.release,
                ]
            )
    return out.getvalue()
