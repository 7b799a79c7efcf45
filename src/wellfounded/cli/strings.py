"""`wellfounded strings`: the fixed words of a base's documents, to be given in its own language."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import base_argument, folder_of, problems_told

if TYPE_CHECKING:
    from wellfounded.publishing.model import Publication


def _to_come(publication: Publication) -> Publication:
    """The publication as an edition that corrects another."""
    from msgspec.structs import replace

    from wellfounded.publishing.model import EditionRef

    return replace(publication, edition=EditionRef(2, "2000-01-01", previous=1, corrects=1, notice="-"))


def _say_what_may_come(publication: Publication) -> None:
    """Nothing; says what a base may say another time: verdicts, how sure, months."""
    from msgspec.structs import replace

    from wellfounded.publishing import naming, sureness
    from wellfounded.publishing.strings import Strings
    from wellfounded.publishing.words import sentence

    say = Strings.of(publication)
    for words in (sureness.SURENESS, sureness.VERDICTS, sureness.KINDS, sureness.KIND):
        for text in words.values():
            say(text)
    for means in (sureness.SURENESS_MEANS, sureness.VERDICT_MEANS):
        for text in means.values():
            say(sentence(text))
    for one, many in sureness.COUNTED.values():
        say.count(1, one, many)
    for month in naming.MONTHS:
        say(month)
    for conclusion in publication.conclusions[:1]:
        for verdict, of in (("holds", 0), ("holds", 2), ("fails", 2)):
            sureness.mark(replace(conclusion, verdict=verdict, of=of, sureness="firm"), say)


@click.command()
@base_argument
@click.option("--missing", is_flag=True, help="Only those that the base has no words for.")
def strings(base: Path | None, missing: bool) -> None:
    """Print the fixed strings of BASE's documents as strings.toml, with the base's words where it has them.

    Put what is printed into BASE/strings.toml and write the words behind each; what stays empty is printed in English.
    """
    from wellfounded.publishing import spreadsheets, who_said
    from wellfounded.publishing.documents import DOCUMENTS, changed, consulted
    from wellfounded.publishing.documents.parts import Parts
    from wellfounded.publishing.publication import make
    from wellfounded.publishing.slides.deck import deck
    from wellfounded.publishing.strings import Strings, listening

    folder = folder_of(base)
    with listening() as heard:
        with problems_told(folder):
            made = make(folder, built_at=datetime.now(UTC))
        publication = made.publication
        for shown in (publication, _to_come(publication)):
            for document in DOCUMENTS.values():
                document(shown, made.indicators)
            deck(shown, made.indicators)
            spreadsheets.book(shown, made.indicators, ())
        for changes in changed.EVERY_CHANGE:
            changed.what_changed(Parts(publication, made.indicators), changes, number="")
        for told in (consulted.EVERY_LINE, consulted.NOTHING_SAID):
            consulted.document(publication, told)
        who_said.every_word(Strings.of(publication))
        _say_what_may_come(publication)
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
