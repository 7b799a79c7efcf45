"""`wellfounded edition`: freeze, list, verify and compare editions."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import BUILT, Refused, base_argument, folder_of, problems_told
from wellfounded.cli.people import heard, recorded
from wellfounded.cli.printing import Progress, as_json, table

if TYPE_CHECKING:
    from wellfounded.publishing.changes import Read
    from wellfounded.publishing.editions.shelf import Frozen
    from wellfounded.publishing.model import Changes

SETTING = "WELLFOUNDED_EDITIONS"
WORKING = "working"


def editions_of(folder: Path) -> Path:
    """Where the editions of the base in `folder` stand: the setting's folder, else BASE/editions."""
    return Path(os.environ.get(SETTING) or folder / "editions")


@click.group()
def edition() -> None:
    """Freeze, list, verify and compare editions: numbered, dated, and never changed again."""


@edition.command()
@base_argument
@click.option("--date", "on", metavar="DATE", help="The date of the edition, as 2026-11-12; today otherwise.")
@click.option("--corrects", type=click.IntRange(0), default=0, metavar="N", help="The edition that this one corrects.")
@click.option("--notice", default="", help="What was wrong, and what is said now; shown on the edition corrected.")
@click.option("--even-if-unchanged", is_flag=True, help="Freeze although nothing changed since the latest edition.")
def freeze(base: Path | None, on: str | None, corrects: int, notice: str, even_if_unchanged: bool) -> None:
    """Freeze BASE as its next edition, in every form, and make it the latest.

    Refuses, with every obstacle at once, while a published conclusion does not hold and nothing says why it is kept, a
    draft is shown, a slot is empty, a source has no licence, or a figure belongs to no release. Nothing is on the shelf
    before all of it is.
    """
    folder = folder_of(base)
    from wellfounded.publishing.editions.freeze import freeze as freeze_base

    said, decisions = heard(folder)
    with problems_told(folder):
        frozen = freeze_base(
            folder,
            said=said,
            decisions=decisions,
            editions=editions_of(folder),
            on=_date(on),
            corrects=corrects,
            notice=notice.strip(),
            even_if_unchanged=even_if_unchanged,
            progress=Progress(),
        )
    for label in _labelled(frozen):
        click.echo(label)
    if note := note_of_site(frozen.folder):
        click.echo(note, err=True)
    recorded(folder, "edition.frozen", about=f"edition {frozen.number}", date=frozen.date, corrects=corrects)


@edition.command("list")
@base_argument
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
def list_(base: Path | None, machine: bool) -> None:
    """List the editions of BASE, newest first."""
    from wellfounded.publishing.editions.shelf import listing

    folder = folder_of(base)
    every = listing(editions_of(folder))
    if machine:
        click.echo(as_json({"editions": [_for_machines(each) for each in every]}))
    elif not every:
        click.echo(f"No edition of {folder} has been frozen yet: `wellfounded edition freeze` makes the first.")
    else:
        table(
            ["Edition", "Date", "Title", "Note"],
            [[str(each.number), each.date, each.record.title, _note(each)] for each in every],
        )


@edition.command()
@click.argument("what", required=False, metavar="[EDITION]")
@click.option("--base", type=click.Path(path_type=Path), help="The base whose edition is meant by a number.")
@click.option("--rebuild", is_flag=True, help="Build it again from what it carries, and compare every byte.")
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
def verify(what: str | None, base: Path | None, rebuild: bool, machine: bool) -> None:
    """Compare EDITION with its manifest, and with what is built again from it.

    EDITION is a number, an edition's folder, or its archive; the latest of the present base otherwise. Exits with 0
    when all is as it was frozen, 1 when anything differs, and 2 when it is no edition.
    """
    from wellfounded.publishing.editions.verify import verify as verify_edition

    place = _meant(what, base)
    told = verify_edition(place, rebuild=rebuild, progress=None if machine else Progress())
    record = told.record
    if machine:
        click.echo(
            as_json(
                {
                    "edition": record.number, "date": record.date, "files": told.files, "same": told.same,
                    "altered": list(told.altered), "missing": list(told.missing), "unknown": list(told.unknown),
                    "rebuilt": told.rebuilt, "differing": list(told.differing), "why": told.why,
                }
            )
        )  # fmt: skip
    else:
        for name, files in (
            ("altered", told.altered), ("missing", told.missing), ("not in the manifest", told.unknown),
            ("came out otherwise", told.differing),
        ):  # fmt: skip
            for file in files:
                click.echo(f"{file}: {name}")
        if told.why and told.differing:
            click.echo(f"Why: {told.why}")
        how = " and built again, byte for byte the same" if told.rebuilt else ""
        verdict = f"{told.files} files as they were frozen{how}" if told.same else "not as it was frozen"
        click.echo(f"Edition {record.number} of {record.date}: {verdict}.")
    if not told.same:
        raise click.exceptions.Exit(1)


@edition.command()
@click.argument("since", type=click.IntRange(1), required=False)
@click.argument("to", required=False, metavar="[TO]")
@click.option("--base", type=click.Path(path_type=Path), help="The base whose editions are meant.")
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
def changes(since: int | None, to: str | None, base: Path | None, machine: bool) -> None:
    """Say what changed between edition SINCE and edition TO, or `working` for the working version.

    Without TO the latest edition is meant, without SINCE the one before it.
    """
    from wellfounded.publishing import changes as comparing
    from wellfounded.publishing.editions import shelf

    folder = folder_of(base)
    shelf_folder = editions_of(folder)
    every = shelf.listing(shelf_folder)
    if not every:
        raise Refused(f"nothing to compare: {shelf.told(every)}")
    newer = to or (WORKING if since == every[0].number else str(every[0].number))
    if since is None:
        since = every[0].record.previous or every[0].number
        newer = newer if since != every[0].number else WORKING
    found = comparing.between(_read(shelf_folder, str(since), folder), _read(shelf_folder, newer, folder))
    if machine:
        import msgspec

        click.echo(as_json(msgspec.to_builtins(found)))
    else:
        _print(found)


def _read(editions: Path, name: str, folder: Path) -> Read:
    from wellfounded.publishing import documents
    from wellfounded.publishing.editions import shelf

    if name != WORKING:
        if not name.isdigit():
            raise click.UsageError(f"{name!r} is neither the number of an edition nor `{WORKING}`")
        return documents.read(shelf.one(editions, int(name)).folder)
    from wellfounded.cli.build import PUBLICATION, publication_of

    publication_of(folder, progress=Progress(), said=heard(folder)[0])
    return documents.read((folder / BUILT / PUBLICATION).resolve())


def _print(found: Changes) -> None:
    from wellfounded.publishing.changes import is_empty

    now = f"edition {found.to.number} of {found.to.date}" if found.to is not None else "the working version"
    click.echo(f"From edition {found.since.number} of {found.since.date} to {now}:")
    if is_empty(found):
        click.echo("  no conclusion, priority, figure, release or indicator changed, nor what people said")
        return
    for each in found.conclusions:
        click.echo(f"  {each.id}: {', '.join(each.changes)}")
        if each.verdict != each.verdict_before and each.verdict and each.verdict_before:
            click.echo(f"    {each.verdict_before} → {each.verdict}")
        if each.sure != each.sure_before and each.sure and each.sure_before:
            click.echo(f"    {each.sure_before} → {each.sure}")
        if each.why:
            click.echo(f"    because {each.why}")
        if each.responses:
            click.echo(f"    led by {', '.join(each.responses)}")
    for said in found.said:
        before_, now_ = (words or "no organisation has said anything" for words in (said.before, said.now))
        click.echo(f"  {said.id}: what people said: {before_} → {now_}")
    for moved in found.priorities:
        was, is_now = (f"rank {rank}" if rank else "not ranked" for rank in (moved.rank_before, moved.rank))
        click.echo(f"  {moved.id}: {was} → {is_now}")
    for figure in found.figures:
        before, after = (one.text or one.why_none for one in (figure.before, figure.now))
        what = " ".join(part for part in (figure.area_name, figure.period, figure.now.category_label) if part)
        click.echo(f"  {figure.label}, {what}: {before} → {after} ({figure.now.release})")
    if found.figures_revised > len(found.figures):
        click.echo(f"  {found.figures_revised} figures revised, {len(found.figures)} of them as printed")
    for label, was, is_ in found.new_periods:
        click.echo(f"  {label}: {was} → {is_}")
    for release in found.releases:
        click.echo(f"  new release: {release.id}")
    for word, some in (("new", found.indicators_new), ("gone", found.indicators_gone)):
        for _, label in some:
            click.echo(f"  indicator {word}: {label}")


def _meant(what: str | None, base: Path | None) -> Path:
    from wellfounded.publishing.editions import shelf

    if what is not None and not what.isdigit():
        return Path(what)
    editions = editions_of(folder_of(base))
    if what is not None:
        return shelf.one(editions, int(what)).folder
    newest = shelf.latest(editions)
    if newest is None:
        raise Refused("no edition has been frozen yet: name an edition's folder or its archive")
    return newest.folder


def _date(given: str | None) -> date:
    if given is None:
        from wellfounded.publishing.naming import day_at

        return day_at(datetime.now(UTC))
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise click.UsageError(f"--date is {given!r}: expected a date as 2026-11-12") from None


def _labelled(frozen: Frozen) -> list[str]:
    lines = [f"Edition {frozen.number} of {frozen.date}: {frozen.folder}"]
    if frozen.archive is not None:
        lines.append(f"Archive: {frozen.archive}")
    return lines


def note_of_site(folder: Path) -> str:
    """That an edition's documents lead to no page that others can reach, where it is so."""
    from wellfounded.publishing import addresses, documents

    return addresses.unreachable(documents.read(folder)[0].site)


def _note(each: Frozen) -> str:
    notes = []
    if each.record.corrects:
        notes.append(f"corrects edition {each.record.corrects}")
    if each.corrected_by:
        notes.append(f"corrected by edition {each.corrected_by}")
    return "; ".join(notes)


def _for_machines(each: Frozen) -> dict[str, object]:
    import msgspec

    return {
        **msgspec.to_builtins(each.record),
        "folder": str(each.folder),
        "archive": str(each.archive or ""),
        "corrected_by": each.corrected_by,
    }
