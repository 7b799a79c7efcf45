"""`wellfounded strings`: the fixed words of a base's documents, to be given in its own language."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from wellfounded.cli.bases import base_argument, folder_of, problems_told


@click.command()
@base_argument
@click.option("--missing", is_flag=True, help="Only those that the base has no words for.")
def strings(base: Path | None, missing: bool) -> None:
    """Print the fixed strings of BASE's documents as strings.toml, with the base's words where it has them.

    Put what is printed into BASE/strings.toml and write the words behind each; what stays empty is printed in English.
    """
    from wellfounded.publishing import who_said
    from wellfounded.publishing.documents import DOCUMENTS, consulted
    from wellfounded.publishing.publication import make
    from wellfounded.publishing.slides.deck import deck
    from wellfounded.publishing.strings import Strings, listening

    folder = folder_of(base)
    with problems_told(folder):
        made = make(folder, built_at=datetime.now(UTC))
    publication = made.publication
    with listening() as heard:
        for document in DOCUMENTS.values():
            document(publication, made.indicators)
        deck(publication, made.indicators)
        for told in (consulted.EVERY_LINE, consulted.NOTHING_SAID):
            consulted.document(publication, told)
        who_said.every_word(Strings.of(publication))
    given = publication.strings
    click.echo(f"# Words of {publication.name} ({publication.lang}): write behind each what stands in its place.")
    for english in heard:
        if not (missing and given.get(english)):
            click.echo(
                f"{json.dumps(english, ensure_ascii=False)} = {json.dumps(given.get(english, ''), ensure_ascii=False)}"
            )
    unused = [english for english in given if english not in heard]
    if unused and not missing:
        click.echo("\n# Not said in any document of this base:")
        for english in unused:
            click.echo(f"{json.dumps(english, ensure_ascii=False)} = {json.dumps(given[english], ensure_ascii=False)}")
    done = sum(bool(given.get(english)) for english in heard)
    click.echo(f"{len(heard)} strings, {done} with words of the base's own", err=True)
