"""`wellfounded new`: the evidence base of another place, with drafts written from the figures."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import Refused, problems_told
from wellfounded.cli.build import publication_of
from wellfounded.cli.printing import Progress
from wellfounded.cli.serve import serve_base

if TYPE_CHECKING:
    from wellfounded.evidence.areas import AreaGraph

MOST_DRAFTS = 40


@click.command()
@click.argument("name")
@click.option(
    "--area", "codes", multiple=True, required=True, metavar="CODE",
    help="A local authority of the place, or an area made of them; again for more.",
)  # fmt: skip
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Where to write; a folder of the place's name otherwise.",
)  # fmt: skip
@click.option("--build/--no-build", "built", default=True, show_default=True, help="Build its site and documents.")
@click.option(
    "--serve/--no-serve", "served", default=None, help="Serve it when built; asks where there is somebody to ask."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to serve at.")
def new(name: str, codes: tuple[str, ...], to: Path | None, built: bool, served: bool | None, port: int) -> None:
    """Start the evidence base of another place.

    Writes a folder with its settings, the comparators chosen for it, the chapters, and draft conclusions from what is
    notable in its figures. `wellfounded areas TEXT` finds the codes of areas.
    """
    from wellfounded.conclusions.findings import slug

    folder = to or (Path("bases") if Path("bases").is_dir() else Path()) / slug(name)
    write_base(folder, name, codes)
    if built:
        publication_of(folder, progress=Progress())
    click.echo(
        f"\nNext: read {folder / 'README.md'}; `wellfounded check {folder} --drafts`; `wellfounded serve {folder}`"
    )
    if served is None:
        served = built and sys.stdin.isatty() and click.confirm("Serve it now?", default=True)
    if served:
        serve_base(folder, port=port)


def write_base(folder: Path, name: str, codes: tuple[str, ...]) -> None:
    """Writes the evidence base of the place that `codes` make up; nothing is left behind where that fails."""
    from wellfounded.cli.starting import choose, write
    from wellfounded.evidence.catalogue import load

    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} exists already and is not empty: name another folder with --to, or remove it")
    started = time.monotonic()
    graph = load().areas
    members = local_authorities(codes, graph)
    chosen = choose(name, members, graph)
    for comparator in chosen:
        click.echo(f"  compared with {comparator.name}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        made = Path(beside) / folder.name
        with problems_told(folder):
            drafts = write(made, name, members, chosen, graph, most=MOST_DRAFTS)
        if folder.exists():
            folder.rmdir()
        shutil.move(made, folder)
    click.echo(
        f"Wrote {folder}: {len(members)} local {'authority' if len(members) == 1 else 'authorities'}, "
        f"{len(chosen)} comparators, {drafts} draft conclusions ({time.monotonic() - started:.1f} s)"
    )


def local_authorities(codes: tuple[str, ...], graph: AreaGraph) -> tuple[str, ...]:
    """The local authorities that `codes` name or are made of, as they are today. Raises NoSuchArea, or Refused."""
    from wellfounded.evidence.types import Level

    members: dict[str, None] = {}
    for code in codes:
        area = graph.get(code)
        today = graph.current(code) if area.end else (code,)
        found = [
            member
            for each in today
            for member in ((each,) if graph.level(each) is Level.LOCAL_AUTHORITY else graph.members(each))
        ]
        if not found:
            raise Refused(f"{code} ({area.name}, {area.level.value}) has no local authorities to make a place of")
        if list(found) != [code]:
            click.echo(f"  {code} ({area.name}) is {', '.join(graph.name(member) for member in found)}")
        members |= dict.fromkeys(found)
    return tuple(members)
