"""`wellfounded conclusion`: one conclusion with its whole working."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import base_argument, folder_of, problems_told, read
from wellfounded.cli.printing import as_json, table, verdict_mark

if TYPE_CHECKING:
    from wellfounded.conclusions.types import Result, Robustness, TestResult
    from wellfounded.evidence.areas import AreaGraph
    from wellfounded.evidence.base import Base
    from wellfounded.evidence.store import Store


@click.command()
@click.argument("identifier", metavar="ID")
@base_argument
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
@click.option("--variants", is_flag=True, help="List every variant, not only what breaks it.")
def conclusion(identifier: str, base: Path | None, machine: bool, variants: bool) -> None:
    """Print the conclusion ID of BASE: its sentence, verdict, working, figures and robustness."""
    from wellfounded.conclusions.evaluate import evaluate

    folder = folder_of(base)
    opened, store = read(folder)
    with problems_told(folder):
        result = evaluate(opened, store=store).result(identifier)
    if machine:
        click.echo(as_json(result))
        return
    _print(result, opened, store)
    _print_robustness(result.robustness, every=variants)


def _print(result: Result, base: Base, store: Store) -> None:
    conclusion = result.conclusion
    _say(result.sentence)
    click.echo()
    click.echo(
        f"{verdict_mark(result.verdict)}   {conclusion.kind}, {conclusion.state}, chapter {conclusion.chapter}",
        nl=False,
    )
    click.echo(f", bears on {', '.join(conclusion.impact)}" if conclusion.impact else "")
    if not result.as_written:
        _say(f"As written: {conclusion.says}")
    if result.detail:
        _say(result.detail)
    if conclusion.matters:
        _say(f"Why it matters: {conclusion.matters}")
    if conclusion.kept_because:
        _say(f"Kept because: {conclusion.kept_because}")
    if conclusion.where:
        click.echo(f"Written in {base.folder / conclusion.where.file}:{conclusion.where.line}")
    for number, test in enumerate(result.tests, 1):
        _print_test(number, test, base, store)
    if result.q is not None:
        click.echo(f"\np adjusted for all the tests of the base: {result.q:.3g}")


def _print_test(number: int, test: TestResult, base: Base, store: Store) -> None:
    outcome = test.outcome
    click.echo(f"\nTest {number}. {test.question}")
    for step in test.working:
        _say(step, indent="   ")
    click.echo(f"   {verdict_mark(outcome.verdict)}{f': {outcome.reason}' if outcome.reason else ''}")
    if not test.figures:
        return
    click.echo()
    graph = store.catalogue.areas
    rows = []
    for figure in test.figures:
        definition = store.indicator(figure.indicator)
        unit, limits = definition.unit, figure.interval
        rows.append(
            (
                figure.indicator,
                _name(figure.area, base, graph),
                figure.period.label,
                definition.category_labels.get(figure.category, figure.category),
                unit.write(float(figure.value)) if figure.has_value else f"none ({figure.value})",
                f"{unit.write(limits.lower)} to {unit.write(limits.upper)}" if limits else "",
                figure.rule,
                figure.release,
            )
        )
    columns = ("figure", "area", "period", "category", "value", "95% interval", "how combined", "release")
    kept = [at for at, name in enumerate(columns) if name == "value" or any(row[at] for row in rows)]
    table([columns[at] for at in kept], [[row[at] for at in kept] for row in rows], numbers=("value", "95% interval"))


def _name(code: str, base: Base, graph: AreaGraph) -> str:
    if code == base.code:
        return base.name
    group = base.comparators.get(code.removeprefix("comparator:"))
    return group.name if group else graph.name(code)


def _print_robustness(robustness: Robustness, *, every: bool) -> None:
    click.echo()
    if not robustness.of:
        click.echo("Robustness: no variant can be computed.")
    else:
        click.echo(f"Robustness: holds in {robustness.holds} of {robustness.of} variants.")
    for choice in robustness.breaks:
        _say(f"Breaks: {choice}", indent="   ")
    for what, verdict in robustness.beside:
        _say(f"Beside the count: {what}: {verdict}", indent="   ")
    for what, reason in robustness.refused:
        _say(f"Not computed: {what}: {reason}", indent="   ")
    if every and robustness.variants:
        click.echo()
        table(
            ("verdict", "estimate", "choices"),
            [
                (
                    verdict_mark(variant.verdict),
                    "" if variant.estimate is None else f"{variant.estimate:.4g}",
                    "; ".join(choice.label for choice in variant.choices if not choice.stated) or "as stated",
                )
                for variant in robustness.variants
            ],
            numbers=("estimate",),
        )


def _say(text: str, *, indent: str = "") -> None:
    click.echo(textwrap.fill(text, 100, initial_indent=indent, subsequent_indent=indent))
