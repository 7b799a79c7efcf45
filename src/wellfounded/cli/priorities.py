"""`wellfounded priorities`: where to act, in what order, and how sure that order is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import Refused, base_argument, folder_of, problems_told
from wellfounded.cli.people import heard
from wellfounded.cli.printing import as_json, table

if TYPE_CHECKING:
    from wellfounded.priorities.types import ShownPolicy, ShownPriorities, ShownPrize, Weights

NONE_DECLARED = "has no priorities.toml: docs/priorities.md says how to write one"


@click.command()
@base_argument
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
@click.option(
    "--weights", type=click.Path(exists=True, path_type=Path, dir_okay=False), metavar="FILE",
    help="Stated weights of one or more people (TOML): their rankings side by side, and where they disagree.",
)  # fmt: skip
@click.option("--comparator", default="", metavar="ID", help="Work prizes out against another comparator of the base.")
@click.option("--share", default=1.0, metavar="SHARE", help="Close this share of each gap: 0.5 for half of it.")
@click.option("--year", type=int, metavar="YEAR", help="By when: says what that asks for each year.")
@click.option("--draws", default=100_000, show_default=True, help="How many weightings are drawn.")
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same.")
def priorities(
    base: Path | None,
    machine: bool,
    weights: Path | None,
    comparator: str,
    share: float,
    year: int | None,
    draws: int,
    seed: int,
) -> None:
    """Rank the policies of BASE over all weights of their criteria.

    For each: for which share of weightings it comes first, what reaching the comparator would be worth, what would have
    to be true for it to come first, and what is wrong with what it rests on.
    """
    folder = folder_of(base)
    name, shown = ranked(folder, draws=draws, seed=seed)
    if shown is None:
        if machine:
            click.echo(as_json({"base": name, "priorities": []}))
            return
        click.echo(f"{folder} {NONE_DECLARED}.")
        return
    from wellfounded.priorities.scenarios import under

    if weights is not None or comparator or share != 1 or year is not None:
        members = _weights(weights, shown) if weights is not None else ()
        shown = under(shown, comparator=comparator, share=share, year=year, members=members, draws=draws, seed=seed)
    if machine:
        click.echo(as_json({"base": name, **for_machines(shown)}))
    else:
        _print(shown)


def ranked(folder: Path, *, draws: int, seed: int) -> tuple[str, ShownPriorities | None]:
    """The id of the base in `folder` and its priorities, None where it has no policies. Raises BaseRefused."""
    from wellfounded.conclusions.evaluate import evaluate
    from wellfounded.conclusions.read import read_all
    from wellfounded.priorities.evaluate import prioritise, read_said
    from wellfounded.priorities.read import read_priorities

    with problems_told(folder):
        base, conclusions = read_all(folder)
        declared = read_priorities(base, conclusions)
        if declared is None:
            return base.id, None
        said = heard(folder)[0] or read_said(folder)
        return base.id, prioritise(evaluate(base, conclusions=conclusions), declared, said=said, draws=draws, seed=seed)


def _weights(path: Path, shown: ShownPriorities) -> tuple[Weights, ...]:
    """The weights in a file. Raises Refused with every problem at its line."""
    from wellfounded.evidence.located import BaseErrors
    from wellfounded.priorities.weights import read

    try:
        return read(path, shown)
    except BaseErrors as error:
        raise Refused("\n".join(str(problem) for problem in error.problems)) from error


def for_machines(shown: ShownPriorities) -> dict[str, object]:
    """The ranking as plain values."""
    import msgspec

    ids = [policy.id for policy in shown.policies]
    pairs = {
        row: {other: part for other, part in zip(ids, line, strict=True) if other != row}
        for row, line in zip(ids, shown.pairwise, strict=True)
    }
    return {
        "priorities": [_policy(policy) for policy in shown.policies],
        "line": shown.line,
        "how_sure": shown.how_sure,
        "scenario": msgspec.to_builtins(shown.scenario),
        "criteria": msgspec.to_builtins(shown.criteria),
        "pairwise": pairs,
        "members": msgspec.to_builtins(shown.members),
        "disagreements": msgspec.to_builtins(shown.disagreements),
        "warnings": list(shown.warnings),
    }


def _policy(policy: ShownPolicy) -> dict[str, object]:
    import msgspec

    return {
        "id": policy.id,
        "title": policy.title,
        "chapter": policy.chapter,
        "levers": list(policy.levers),
        "impact": list(policy.impact),
        "challenges": list(policy.challenges),
        "rank": policy.rank,
        "expected_rank": policy.expected_rank,
        "rank_acceptabilities": list(policy.acceptabilities),
        "central_weights": {one.criterion: one.weight for one in policy.central_weights} or None,
        "confidence": policy.confidence,
        "first_when": list(policy.first_when),
        "dominates": list(policy.dominates),
        "dominated_by": list(policy.dominated_by),
        "prize": {prize.impact: _prize(prize) for prize in policy.prizes},
        "criteria": msgspec.to_builtins(policy.criteria),
        "rests_on": msgspec.to_builtins(policy.rests_on),
        "moves": msgspec.to_builtins(policy.moves),
        "success": msgspec.to_builtins(policy.success),
        "warnings": list(policy.warnings),
    }


def _prize(prize: ShownPrize) -> dict[str, object]:
    import msgspec

    return {
        "title": prize.title,
        "value": prize.value,
        "interval": None if prize.lower is None else [prize.lower, prize.upper],
        "unit": prize.unit,
        "text": prize.text,
        "comparator": prize.comparator,
        "period": prize.period,
        "areas": msgspec.to_builtins(prize.areas),
        "why_none": prize.why_none,
    }


def _print(shown: ShownPriorities) -> None:
    impacts = list(dict.fromkeys((one.impact, one.impact_title) for one in shown.criteria))
    rows = []
    for policy in shown.policies:
        prizes = {prize.impact: prize for prize in policy.prizes}
        rows.append(
            (
                str(policy.rank),
                _share(policy.acceptabilities[0]),
                _share(policy.top_three),
                *(_worth(policy, prizes.get(impact), impact) for impact, _ in impacts),
                policy.id + (" !" if policy.warnings else ""),
                policy.title,
            )
        )
    columns = ("rank", "first", "top three", *(title.lower() for _, title in impacts), "policy", "title")
    table(columns, rows, numbers=columns[: 3 + len(impacts)])
    click.echo()
    for line in (shown.line, shown.how_sure):
        if line:
            click.echo(line)
    if shown.drafts:
        click.echo(f"{shown.drafts} not published.")
    if shown.members:
        _print_members(shown)
    paces = [(p.title, a) for p in shown.policies for prize in p.prizes for a in prize.areas if a.pace]
    if paces:
        click.echo(f"\nBy {shown.scenario.year}:")
        for title, area in paces:
            click.echo(f"  {title}, {area.name}: {area.pace}.")
    for warning in shown.warnings:
        click.echo(f"! {warning}", err=True)


def _print_members(shown: ShownPriorities) -> None:
    click.echo()
    names = [member.name for member in shown.members]
    table(
        ("policy", *names),
        [
            (policy.id, *(str(member.order.index(policy.id) + 1) for member in shown.members))
            for policy in shown.policies
        ],
        numbers=names,
    )
    if shown.disagreements:
        click.echo("\nWhere they disagree:")
        for one in shown.disagreements:
            click.echo(f"  {one.title}: {one.text}.")
    elif len(names) > 1:
        click.echo("\nThey agree on every rank.")


def _worth(policy: ShownPolicy, prize: ShownPrize | None, impact: str) -> str:
    if impact not in policy.impact:
        return ""
    if prize is None or prize.value is None:
        return "not assessed"
    return prize.text.replace(" a resident a year", " each").replace(" a year", "") if prize.value else "already there"


def _share(part: float) -> str:
    from wellfounded.priorities.words import share

    return share(part)
