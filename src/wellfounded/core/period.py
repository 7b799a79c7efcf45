"""Periods: the days that a figure is about."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = tuple(calendar.month_name)


class NotAPeriod(ValueError):
    """The text is none of the forms that publishers use for a period."""


@dataclass(frozen=True, order=True)
class Period:
    """The first and the last day that a figure is about, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise NotAPeriod(f"a period ends ({self.end}) before it starts ({self.start})")

    @classmethod
    def year(cls, year: int) -> Period:
        """The calendar year `year`."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period that `text` writes.

        Takes `2023`, `2023-04-01` (a day), `2023-01-01/P1Y`, `/P3Y`, `/P1M`, `/P3M`, and `2023/24` (April to
        March). Raises NotAPeriod otherwise.
        """
        text = text.strip()
        if re.fullmatch(r"\d{4}", text):
            return cls.year(int(text))
        if match := re.fullmatch(r"(\d{4})/(\d{2})", text):
            first = int(match[1])
            if (first + 1) % 100 == int(match[2]):
                return cls(date(first, 4, 1), date(first + 1, 3, 31))
        if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:T[\d:]+)?(?:/P(\d+)([YMD]))?", text):
            try:
                start = date.fromisoformat(match[1])
            except ValueError as error:
                raise NotAPeriod(f"{text!r} has no such day: {error}") from None
            if match[2] is None:
                return cls(start, start)
            count, unit = int(match[2]), match[3]
            if unit == "D":
                return cls(start, start + timedelta(days=count - 1))
            months = count * (12 if unit == "Y" else 1)
            return cls(start, _add_months(start, months) - timedelta(days=1))
        raise NotAPeriod(f"{text!r} is not a period: expected a year, a date, or an ISO interval as 2023-01-01/P1Y")

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    @property
    def label(self) -> str:
        """The period as people write it: 2023, 2022/23, 2020 to 2022, March 2025, 30 April 2025."""
        start, end = self.start, self.end
        if start == end:
            return f"{start.day} {_MONTHS[start.month]} {start.year}"
        after = end + timedelta(days=1)
        whole_years = after.year - start.year if (after.month, after.day) == (start.month, start.day) else 0
        if whole_years:
            if (start.month, start.day) == (1, 1):
                return str(start.year) if whole_years == 1 else f"{start.year} to {end.year}"
            if whole_years == 1:
                return f"{start.year}/{end.year % 100:02d}"
            return f"{start.year}/{(start.year + 1) % 100:02d} to {end.year - 1}/{end.year % 100:02d}"
        if start.day == 1 and after.day == 1:
            if after == _add_months(start, 1):
                return f"{_MONTHS[start.month]} {start.year}"
            return f"{_MONTHS[start.month]} {start.year} to {_MONTHS[end.month]} {end.year}"
        return f"{start.day} {_MONTHS[start.month]} {start.year} to {end.day} {_MONTHS[end.month]} {end.year}"

    @property
    def when(self) -> str:
        """The period inside a sentence: in 2023, on 30 April 2025, in March 2025."""
        return f"{'on' if self.start == self.end else 'in'} {self.label}"

    def __str__(self) -> str:
        return self.label


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
