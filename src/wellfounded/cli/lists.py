"""`wellfounded indicators` and `wellfounded areas`: what there is to ask for."""

from __future__ import annotations

from pathlib import Path

import click

from wellfounded.cli.bases import read
from wellfounded.cli.printing import as_json, table


@click.command()
@click.argument("text", required=False, default="")
@click.option("--chapter", default="", help="Only those of one chapter.")
@click.option("--base", type=click.Path(path_type=Path), help="Also the local sources of this base.")
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
def indicators(text: str, chapter: str, base: Path | None, machine: bool) -> None:
    """List the indicators, or those whose id or label has TEXT in it."""
    from wellfounded.evidence.store import Store

    store = read(base)[1] if base is not None else Store.open()
    wanted = text.casefold()
    listed = [
        indicator
        for indicator in map(store.indicator, store.indicator_ids())
        if wanted in f"{indicator.id} {indicator.label}".casefold() and chapter in ("", indicator.chapter)
    ]
    if machine:
        click.echo(as_json(listed))
    elif listed:
        table(
            ("indicator", "label", "chapter", "unit", "combines"),
            [
                (
                    indicator.id,
                    indicator.label,
                    indicator.chapter,
                    " ".join(
                        part for part in (indicator.unit.prefix, indicator.unit.suffix, indicator.unit.words) if part
                    ),
                    indicator.additivity.rule.value,
                )
                for indicator in listed
            ],
        )
        click.echo(f"\n{len(listed)} indicators.")
    else:
        click.echo("No indicator is so called: `wellfounded indicators` lists them all.", err=True)
    if not listed:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("text")
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
def areas(text: str, machine: bool) -> None:
    """Find areas by code or name."""
    from wellfounded.evidence.catalogue import load

    graph = load().areas
    listed = graph.find(text)
    if machine:
        click.echo(as_json(listed))
    elif listed:
        table(
            ("code", "name", "level", "until", "same ground as"),
            [
                (
                    area.code,
                    area.name,
                    area.level.value,
                    area.end.isoformat() if area.end else "",
                    ", ".join(graph.same_as(area.code)),
                )
                for area in listed
            ],
        )
    else:
        click.echo(f"No area has {text!r} in its name or code.", err=True)
    if not listed:
        raise click.exceptions.Exit(1)
