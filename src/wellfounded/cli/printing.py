"""Tables and progress on a terminal, and the same as plain text where there is none."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import click

MARKS = {"holds": "✔", "uncertain": "?", "fails": "✘", "cannot test": "–"}
_COLOURS = {"holds": "green", "uncertain": "yellow", "fails": "red", "cannot test": "red"}
_COLUMN_WIDTH = 72


def verdict_mark(verdict: str) -> str:
    """A verdict with a sign before it, so that colour is never what tells them apart."""
    return f"{MARKS[verdict]} {verdict}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[str] = ()) -> None:
    """Prints `rows` under `columns`; those named in `numbers` are set to the right."""
    if sys.stdout.isatty():
        from rich import box
        from rich.console import Console
        from rich.table import Table

        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in columns:
            shown.add_column(
                column, justify="right" if column in numbers else "left", no_wrap=column in numbers, overflow="fold"
            )
        for row in rows:
            shown.add_row(*(_styled(cell) for cell in row))
        Console().print(shown)
        return
    widths = [
        min(max(len(row[at]) for row in (columns, *rows)), _COLUMN_WIDTH if at < len(columns) - 1 else 10_000)
        for at in range(len(columns))
    ]
    for row in (columns, *rows):
        cells = [
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def _styled(cell: str) -> Any:
    from rich.text import Text

    colour = next((_COLOURS[verdict] for verdict in MARKS if cell == verdict_mark(verdict)), "")
    return Text(cell, style=colour)


def as_json(value: object) -> str:
    """`value` as JSON: dataclasses as objects by their fields, dates and words of an enumeration as text."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if hasattr(value, "tolist"):  # NumPy's arrays and numbers
        return _plain(value.tolist())
    return value


class Progress:
    """Says what is being done, a line each with the time since the start; silent when told to be."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._started = time.monotonic()
        self._quiet = quiet

    def __call__(self, line: str) -> None:
        if not self._quiet:
            click.echo(f"  {time.monotonic() - self._started:5.1f} s  {line}", err=True)
