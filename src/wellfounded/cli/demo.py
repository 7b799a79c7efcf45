"""`wellfounded demo`: people, sessions and responses that nobody is, to see how it all works."""

from __future__ import annotations

from pathlib import Path

import click

from wellfounded.cli.people import opened


@click.group()
def demo() -> None:
    """Demonstration records: marked as such wherever they are shown, and taken away in one command."""


@demo.command()
@click.option("--base", type=click.Path(path_type=Path), help="The base that is meant.")
def load(base: Path | None) -> None:
    """Load the demonstration records that are not there yet."""
    folder = opened(base)
    from wellfounded.web import demonstration

    for what, n in demonstration.load(folder).items():
        click.echo(f"{n:,} {what}")


@demo.command()
@click.option("--base", type=click.Path(path_type=Path), help="The base that is meant.")
def remove(base: Path | None) -> None:
    """Take every demonstration record away. Nothing else is touched."""
    opened(base)
    from wellfounded.web import demonstration

    removed = demonstration.remove()
    for what, n in removed.items():
        click.echo(f"{n:,} {what} removed")
    if not any(removed.values()):
        click.echo("There were no demonstration records.")
