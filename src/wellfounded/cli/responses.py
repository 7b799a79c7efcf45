"""`wellfounded responses`: what people told the consultation, from files, from its mailbox, and from a mail server."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import Refused, folder_of, problems_told, read
from wellfounded.cli.people import opened
from wellfounded.cli.printing import Progress, as_json

if TYPE_CHECKING:
    from wellfounded.evidence.base import Base
    from wellfounded.people.consultation.mailroom import Mailroom

_TABLES = (".csv", ".tsv", ".xlsx", ".ods")
_MOST_SHOWN = 20  # rows and files that were not taken, one by one
base_option = click.option("--base", type=click.Path(path_type=Path), help="The base whose consultation is meant.")


@click.group()
def responses() -> None:
    """What people told the consultation: taken from files, from its mailbox, and from a mail server."""


@responses.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--mapping", type=click.Path(path_type=Path), help="The mapping of a spreadsheet: which column is what.")
@click.option("--propose-mapping", is_flag=True, help="Print a mapping for a spreadsheet, to check and to save.")
@click.option("--rejected", type=click.Path(path_type=Path), help="Where to write rows that were not taken, as CSV.")
@click.option("--check", is_flag=True, help="Say what would be taken and what not; change nothing.")
@base_option
def import_(
    files: tuple[Path, ...], mapping: Path | None, propose_mapping: bool, rejected: Path | None, check: bool,
    base: Path | None,
) -> None:  # fmt: skip
    """Take responses from FILEs: messages (.eml, mbox, folders of them), or spreadsheets (CSV, XLSX, ODS).

    What has been taken before is known again and changes nothing.
    """
    sheets = [path for path in files if path.suffix.lower() in _TABLES]
    if sheets and len(sheets) < len(files):
        raise Refused("spreadsheets and messages were named together: import them one after the other")
    if propose_mapping:
        if len(sheets) != 1:
            raise Refused("--propose-mapping takes one spreadsheet (CSV, XLSX or ODS)")
        click.echo(_proposed(sheets[0], folder_of(base)), nl=False)
        return
    if sheets and mapping is None:
        raise Refused(
            f"{sheets[0]}: a spreadsheet needs a mapping. Have one proposed, check it, then import with it:\n"
            f"  wellfounded responses import {sheets[0]} --propose-mapping > mapping.toml\n"
            f"  wellfounded responses import {sheets[0]} --mapping mapping.toml"
        )
    whole = _import_sheets(sheets, mapping, rejected, base, check=check) if mapping and sheets else _import_mail(
        files, base, check=check
    )  # fmt: skip
    if not whole:
        raise click.exceptions.Exit(1)


@responses.command()
@base_option
def poll(base: Path | None) -> None:
    """Look into the consultation's mailbox now. `wellfounded worker` does so each minute."""
    folder = opened(base)
    from django.conf import settings

    from wellfounded.people.consultation import mailroom

    if not settings.WELLFOUNDED_IMAP_URL:
        raise Refused("WELLFOUNDED_IMAP_URL is not set: expected it as imaps://user:password@mail.example.gov.uk/INBOX")
    room = mailroom.mailroom_of(read(folder)[0])
    failed: tuple[str, ...] = ()
    more = True
    while more and not failed:
        looked = mailroom.look(room, settings.WELLFOUNDED_IMAP_URL)
        click.echo(f"{looked.new + looked.changed:,} new, {looked.known:,} known already")
        failed, more = looked.failed, looked.more
    for each in failed:
        click.echo(each, err=True)
    if failed:
        raise click.exceptions.Exit(1)


@responses.command()
@click.option(
    "--port", default=8024, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 for a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="This machine's address to listen at.")
@click.option(
    "--protocol", default="lmtp", show_default=True, type=click.Choice(["lmtp", "smtp"]),
    help="What the mail server speaks.",
)  # fmt: skip
@base_option
def listen(port: int, host: str, protocol: str, base: Path | None) -> None:
    """Take mail for the consultation's address from a mail server on this machine, until told to stop.

    What is answered with 250 is kept; what could not be kept the mail server is told to send again.
    """
    room, address = _room(opened(base))
    from django.utils import timezone

    from wellfounded.people.consultation.receiving.lmtp import listening

    if not address:
        raise Refused("the base has no address for its consultation: set `address` under [consultation] in base.toml")
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    try:
        with listening(
            room.deliver_apart, addresses={address}, now=timezone.now, host=host, port=port, protocol=protocol
        ) as at:  # fmt: skip
            click.echo(f"Taking mail for {address} at {host}:{at} ({protocol.upper()}; Ctrl-C stops it)")
            stop.wait()
    except OSError as error:
        raise Refused(f"can't listen at {host}:{port} ({error.strerror}): choose another with --port") from error


def _room(folder: Path) -> tuple[Mailroom, str]:
    from wellfounded.people.consultation.mailroom import mailroom_of

    base, _ = read(folder)
    return mailroom_of(base), base.consultation.address


def _import_mail(paths: tuple[Path, ...], base: Path | None, *, check: bool) -> bool:
    """Whether every message was taken."""
    from wellfounded.people.consultation.receiving import mbox
    from wellfounded.people.consultation.receiving.message import read_message
    from wellfounded.people.consultation.receiving.types import Arrival

    room, _ = _room(opened(base))
    from django.utils import timezone

    became: Counter[str] = Counter()
    refused: list[str] = []
    for path in paths:
        for found in mbox.each(path):
            if found.refused:
                refused.append(f"{found.source}: {found.refused}")
            elif check:
                message = read_message(found.raw, own=room.own)
                became[str(message.kind)] += 1
            else:
                became[str(room.deliver(found.raw, Arrival("file", found.source, timezone.now())))] += 1
    click.echo(", ".join(f"{n:,} {what}" for what, n in became.items()) or "no messages")
    _told(refused)
    return not refused


def _import_sheets(
    paths: list[Path], mapping: Path, rejected: Path | None, given: Path | None, *, check: bool
) -> bool:  # fmt: skip
    """Whether every row was taken."""
    folder = opened(given)
    from django.utils import timezone

    from wellfounded.people.consultation.actions.importing import take
    from wellfounded.people.consultation.mailroom import uploaded
    from wellfounded.people.consultation.receiving.mapping import read_mapping, where
    from wellfounded.people.consultation.receiving.rows import responses as responses_of
    from wellfounded.people.consultation.receiving.rows import write_rejected
    from wellfounded.people.consultation.receiving.sheets import read_table

    if rejected is not None and len(paths) > 1:
        raise Refused("--rejected takes the rows of one spreadsheet: import them one after the other")
    whole = True
    with _mapping_told(mapping):
        sheet_name, heading_line = where(mapping)
    for path in paths:
        table = read_table(path, sheet=sheet_name, heading_line=heading_line)
        with _mapping_told(mapping):
            mapped = read_mapping(mapping, table, conclusions=_conclusions(folder))
        sheet = responses_of(table, mapped)
        if check:
            click.echo(f"{path.name}: {len(sheet.rows):,} rows would be taken")
        else:
            done = take(
                uploaded(sheet.rows, system=mapped.system),
                file=path.name, by="command line", now=timezone.now(),
            )  # fmt: skip
            click.echo(f"{path.name}: {done.new:,} new, {done.known:,} known already")
        lines = len(sheet.rejected_lines)
        if lines:
            whole = False
            click.echo("1 row not taken" if lines == 1 else f"{lines:,} rows not taken", err=True)
            _told([str(each) for each in sheet.rejected])
            if rejected is not None:
                write_rejected(sheet, table, rejected)
                click.echo(f"They are in {rejected}: mend them there or in the mapping, and import again.", err=True)
    return whole


@responses.command()
@click.option("--json", "machine", is_flag=True, help="Print JSON for machines.")
@base_option
def account(machine: bool, base: Path | None) -> None:
    """Say what has become of all that was received. Exits with 1 while it does not balance."""
    opened(base)
    from dataclasses import asdict

    from wellfounded.people.consultation.queries import accounts, queues

    found = accounts.account()
    if machine:
        click.echo(as_json({**asdict(found), "balances": found.balances, "queues": asdict(queues.sizes())}))
    else:
        for what, n in asdict(found).items():
            click.echo(f"{n:>9,}  {what.replace('_', ' ')}")
        click.echo("It balances." if found.balances else f"It does not balance: {found.unread:,} are still to be read.")
    if not found.balances:
        raise click.exceptions.Exit(1)


@responses.command("understand")
@click.option("--without-embeddings", is_flag=True, help="By words alone: faster, and less sure.")
@click.option("--again", is_flag=True, help="Although nothing is new since the last time.")
@base_option
def understand_(without_embeddings: bool, again: bool, base: Path | None) -> None:
    """Split what has come into points, suggest what they are about, find campaigns, themes, and what is missed.

    The worker does it by itself. What people decided is left as it is.
    """
    folder = opened(base)
    from django.utils import timezone

    from wellfounded.people.consultation.preparing.run import understand
    from wellfounded.web.consulting import subjects_at

    done = understand(
        subjects_at(folder), now=timezone.now(), embeddings=not without_embeddings, again=again, say=Progress()
    )
    for what, n in done.items():
        click.echo(f"{n:,} {what}")


@responses.command()
@click.argument("reference")
@click.option("--why", default="", help="Why, for the record.")
@base_option
def erase(reference: str, why: str, base: Path | None) -> None:
    """Erase the response REFERENCE: no word of it can be brought back, and only counts stay."""
    opened(base)
    from django.utils import timezone

    from wellfounded.people.consultation import references
    from wellfounded.people.consultation.actions import privacy
    from wellfounded.people.consultation.models import Response

    found = Response.objects.filter(reference=references.read(reference) or reference).first()
    if found is None:
        raise Refused(f"there is no response {reference}: expected a reference as WF-7K3M-9Q2P")
    privacy.erase(found, by="command line", now=timezone.now(), why=why)
    click.echo(f"Erased {found.reference}: only counts are left of it.")


@responses.command("export")
@click.argument("to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--audit", is_flag=True, help="The audit pack: no words but those that are published.")
@base_option
def export_(to: Path, audit: bool, base: Path | None) -> None:
    """Write every table of the consultation to FILE: an archive of CSV (.zip), or one spreadsheet (.ods)."""
    if to.suffix not in (".zip", ".ods"):
        raise Refused(f"{to}: found the ending {to.suffix!r}; expected .zip (CSV and a spreadsheet) or .ods")
    if not to.resolve().parent.is_dir():
        raise Refused(f"{to.parent}: there is no such folder to write into")
    folder = opened(base)
    from django.utils import timezone

    from wellfounded.people import record
    from wellfounded.web import handing_out
    from wellfounded.web.consulting import shown_at

    handing_out.write(to, opened=shown_at(folder), now=timezone.now(), audit=audit)
    record.done("command line", "responses.given-out", about=to.name)
    kept = "no words but those that are published" if audit else "people's words as they came: keep it accordingly"
    click.echo(f"Wrote {to} ({to.stat().st_size / 1_000_000:.1f} MB), with {kept}")


def _told(reasons: list[str]) -> None:
    for reason in reasons[:_MOST_SHOWN]:
        click.echo(reason, err=True)
    if len(reasons) > _MOST_SHOWN:
        click.echo(f"… and {len(reasons) - _MOST_SHOWN:,} more", err=True)


def _proposed(path: Path, folder: Path) -> str:
    from wellfounded.people.consultation.receiving.mapping import propose
    from wellfounded.people.consultation.receiving.sheets import read_table

    base, store = read(folder)
    names: dict[str, str] = {store.catalogue.areas.name(code): code for code in base.members}
    return propose(
        read_table(path), questions=base.consultation.questions, conclusions=_conclusions(folder, base), districts=names
    )  # fmt: skip


def _conclusions(folder: Path, base: Base | None = None) -> dict[str, str]:
    """The words of each conclusion by its id, without what figures fill in."""
    import re

    from wellfounded.conclusions.read import read_all

    with problems_told(folder):
        _, found = read_all(folder)
    place = base.name if base is not None else ""
    return {each.id: re.sub(r"\{\w+\}", " ", each.says.replace("{area}", place)) for each in found}


@contextmanager
def _mapping_told(mapping: Path) -> Iterator[None]:
    """Problems of a mapping as a refusal that names its lines."""
    from wellfounded.evidence.located import BaseErrors

    try:
        yield
    except BaseErrors as error:
        lines = [f"{mapping}:{problem.line}: {problem.message}" for problem in error.problems]
        raise Refused("\n".join([*lines, "nothing was imported"])) from None
