"""`wellfounded check`: every published conclusion with its verdict and robustness."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import BaseRefused, base_argument, folder_of, problems_told
from wellfounded.cli.printing import as_json, table, verdict_mark

if TYPE_CHECKING:
    from wellfounded.conclusions.types import Result, TestResult


@click.command()
@base_argument
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
@click.option("--drafts", is_flag=True, help="Show drafts too; they don't count towards the exit code.")
def check(base: Path | None, machine: bool, drafts: bool) -> None:
    """Test every published conclusion again and say how robust each is.

    Exits with 0 when each holds or carries a reason why it is kept, with 1 when one fails, is uncertain or can't be
    tested, and with 2 when the base can't be read.
    """
    folder = folder_of(base)
    try:
        name, results = evaluated(folder)
    except BaseRefused as error:
        if machine:
            click.echo(as_json({"base": str(folder), "errors": error.as_json()}))
        raise
    published = [result for result in results if result.conclusion.state == "published"]
    shown = list(results) if drafts else published
    if machine:
        click.echo(as_json({"base": name, "conclusions": [_for_machines(result) for result in shown]}))
    else:
        _print(shown, published, folder, drafts_left_out=0 if drafts else len(results) - len(published))
    if any(not _stands(result) for result in published):
        raise click.exceptions.Exit(1)


def evaluated(folder: Path) -> tuple[str, tuple[Result, ...]]:
    """The id of the base in `folder` and the results of its conclusions. Raises BaseRefused."""
    from wellfounded.conclusions.evaluate import evaluate
    from wellfounded.conclusions.read import read_all
    from wellfounded.priorities.read import read_priorities

    with problems_told(folder):
        base, conclusions = read_all(folder)
        read_priorities(base, conclusions)  # what it can't be published with is told here too
        return base.id, evaluate(base, conclusions=conclusions).results


def _stands(result: Result) -> bool:
    return result.verdict == "holds" or bool(result.conclusion.kept_because)


def _for_machines(result: Result) -> dict[str, object]:
    return {
        "id": result.conclusion.id,
        "chapter": result.conclusion.chapter,
        "impact": list(result.conclusion.impact),
        "kind": result.conclusion.kind,
        "verdict": result.verdict,
        "sentence": result.sentence,
        "robustness": {"holds": result.robustness.holds, "of": result.robustness.of},
        "tests": [_test_for_machines(test) for test in result.tests],
    }


def _test_for_machines(test: TestResult) -> dict[str, object]:
    outcome = test.outcome
    return {
        "id": test.test.id,
        "indicator": test.test.indicator,
        "expect": test.test.expect,
        "than": test.test.than,
        "question": test.question,
        "verdict": outcome.verdict,
        "estimate": outcome.estimate,
        "lower": outcome.lower,
        "upper": outcome.upper,
        "p": outcome.p,
        "margin": outcome.margin,
        "interval_published": outcome.interval_published,
        "reason": outcome.reason,
        "method": test.method,
    }


def _print(shown: list[Result], published: list[Result], folder: Path, *, drafts_left_out: int) -> None:
    table(
        ("verdict", "robustness", "chapter", "kind", "conclusion", "sentence"),
        [
            (
                verdict_mark(result.verdict) + (" (kept)" if result.verdict != "holds" and _stands(result) else ""),
                f"{result.robustness.holds} of {result.robustness.of}" if result.robustness.of else "none",
                result.conclusion.chapter,
                result.conclusion.kind
                + ("" if result.conclusion.state == "published" else f" ({result.conclusion.state})"),
                result.conclusion.id,
                result.sentence,
            )
            for result in shown
        ],
        numbers=("robustness",),
    )
    counts = {verdict: sum(result.verdict == verdict for result in published) for verdict in _said}
    click.echo()
    said = f"{len(published)} published: " if published else "Nothing is published yet: "
    click.echo(
        said
        + ", ".join(
            f"{counts[verdict]} {words}" for verdict, words in _said.items() if counts[verdict] or verdict == "holds"
        )
        + (f". {drafts_left_out} not published (--drafts shows them)" if drafts_left_out else "")
        + "."
    )
    for result in published:
        if result.verdict == "holds":
            continue
        where = f"{folder / str(result.conclusion.where)}: " if result.conclusion.where else ""
        because = "; ".join(
            test.outcome.reason for test in result.tests if test.outcome.reason and test.outcome.verdict != "holds"
        )
        kept = f" Kept: {result.conclusion.kept_because}" if result.conclusion.kept_because else ""
        click.echo(
            f"{where}{result.conclusion.id}: {result.verdict}{f', {because}' if because else ''}.{kept}", err=True
        )


_said = {"holds": "hold", "uncertain": "uncertain", "fails": "fail", "cannot test": "can't be tested"}
