"""`wellfounded catalogue`: building, showing and documenting the figures that ship."""

from __future__ import annotations

from pathlib import Path

import click

from wellfounded.cli.printing import Progress, as_json, table


@click.group()
def catalogue() -> None:
    """The sources, indicators, areas and figures that every evidence base can use."""


@catalogue.command()
@click.option(
    "--from", "source", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="The folder of publishers' files.",
)  # fmt: skip
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Where to write; the catalogue that ships, unless told otherwise.",
)  # fmt: skip
@click.option(
    "--rejected", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Where to keep the rejected rows, as rejected.csv.",
)  # fmt: skip
@click.option("--json", "machine", is_flag=True, help="Print the report as JSON.")
def build(source: Path, to: Path | None, rejected: Path | None, machine: bool) -> None:
    """Build the catalogue from publishers' files; report what was read, rejected and changed.

    Nothing is replaced when a file can't be read or too many of its rows are rejected.
    """
    from wellfounded.evidence.catalogue import DATA
    from wellfounded.evidence.catalogue.build import build as build_catalogue

    report = build_catalogue(source, to=to or DATA, progress=Progress(quiet=machine), rejected_to=rejected)
    click.echo(as_json(report.as_json()) if machine else report.text())


@catalogue.command()
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
def show(machine: bool) -> None:
    """Show the sources and their releases."""
    from wellfounded.evidence.catalogue import load

    held = load()
    releases = sorted(held.releases.values(), key=lambda release: (release.source, release.released))
    if machine:
        click.echo(as_json({"sources": list(held.sources.values()), "releases": releases}))
        return
    table(
        ("release", "publisher", "title", "released", "rows", "rejected", "licence"),
        [
            (
                release.id,
                release.publisher,
                release.title,
                release.released.isoformat() + ("" if release.released_basis == "publisher" else " *"),
                f"{release.rows:,}",
                f"{release.rejected:,}",
                release.licence,
            )
            for release in releases
        ],
        numbers=("rows", "rejected"),
    )
    click.echo("\n* the date of the file, as the publisher's is not known")
    click.echo(
        f"{len(held.indicators)} indicators of {len(held.sources)} sources in {len(releases)} releases; "
        f"{len(held.areas)} areas."
    )


@catalogue.command()
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it here instead of printing it.",
)
def dictionary(to: Path | None) -> None:
    """Print the data dictionary: every indicator with its definition, unit, source and rule, as Markdown."""
    from wellfounded.cli.dictionary import data_dictionary
    from wellfounded.evidence.catalogue import load

    text = data_dictionary(load())
    if to is None:
        click.echo(text, nl=False)
    else:
        to.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {to}")
