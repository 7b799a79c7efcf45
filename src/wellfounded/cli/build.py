"""`wellfounded build`: the site's pages and the edition's documents as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import BUILT, base_argument, folder_of, problems_told
from wellfounded.cli.people import heard
from wellfounded.cli.printing import Progress

if TYPE_CHECKING:
    from wellfounded.priorities.types import Said

PUBLICATION = "publication"
SITE = "site"


@click.command()
@base_argument
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to write; BASE/build otherwise.",
)
def build(base: Path | None, to: Path | None) -> None:
    """Build the site's pages and the edition's documents of BASE.

    Writes DIR/publication (the model that pages and documents are printed from, the pack as HTML and PDF, the open
    data as CSV) and DIR/site (every page as a file). Nothing is written when the base has errors, and nothing is built
    again that is up to date.
    """
    folder = folder_of(base)
    progress = Progress()
    publication = publication_of(folder, to=to, progress=progress, said=heard(folder)[0])
    from wellfounded.web.static_site import write_site

    site = publication.parent / SITE
    write_site(publication, to=site, progress=progress)
    click.echo(f"Built: {site / 'index.html'}, {publication / 'pack.pdf'}, {publication / 'data'}")


def publication_of(
    folder: Path, *, to: Path | None = None, progress: Progress, said: Mapping[str, Said] | None = None
) -> Path:
    """The folder of the publication of the base in `folder`, built where it wasn't up to date. Raises BaseRefused.

    `said` is what stakeholders have said by now, which priorities weigh: see `people.heard`.
    """
    from wellfounded.publishing.build import build as build_publication

    target = (to or folder / BUILT) / PUBLICATION
    with problems_told(folder):
        build_publication(folder, to=target, progress=progress, said=said)
    return target
