"""`wellfounded serve`: the site of an evidence base on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import click

from wellfounded.cli.bases import BUILT, Refused, base_argument, folder_of
from wellfounded.cli.build import PUBLICATION, publication_of
from wellfounded.cli.edition import editions_of
from wellfounded.cli.people import heard
from wellfounded.cli.printing import Progress

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@base_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen at.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="How many processes serve.")
@click.option("--working", is_flag=True, help="Show the working version, although there are editions.")
@click.option("--worker/--no-worker", default=True, help="Whether e-mails and other work are done beside it.")
@click.option("--demo/--no-demo", default=True, help="Whether an empty database gets demonstration records.")
def serve(base: Path | None, host: str, port: int, workers: int, working: bool, worker: bool, demo: bool) -> None:
    """Serve the site of BASE: its latest edition, or the working version, built first when it isn't up to date."""
    serve_base(folder_of(base), host=host, port=port, workers=workers, working=working, worker=worker, demo=demo)


def serve_base(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    working: bool = False,
    worker: bool = True,
    demo: bool = True,
) -> None:
    """Serves the base in `folder` until it is told to stop; what it shows is built first where it is out of date."""
    refuse_port_in_use(host, port)
    from wellfounded.publishing.editions.shelf import LATEST
    from wellfounded.web.serve import serve as serve_shown
    from wellfounded.web.serve import show

    publication = folder / BUILT / PUBLICATION
    shown = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
    show(publication, editions=editions_of(folder), working=working, host=host)
    links_lead_to(shown, folder)
    if working or not (editions_of(folder) / LATEST / "publication.json").is_file():
        publication = publication_of(folder, progress=Progress(), said=heard(folder)[0])

    from wellfounded.config.environment import prepare

    prepare(folder)
    if demo:
        _demonstrate(folder)
    said = f"Serving at {shown} (Ctrl-C stops it)"
    if host in LOOPBACK:
        said += f"\nTo work on it: {shown}/staff/t/{_sign_in_link()} (signs in once, on this machine)"
    with said_when_answered(said, host=host, port=port), _worker(folder) if worker else nullcontext():
        serve_shown(host=host, port=port, workers=workers)


@contextmanager
def said_when_answered(
    words: str, *, host: str, port: int, patience: float = 60.0, say: Callable[[str], None] = click.echo
) -> Iterator[None]:
    """Says `words` once a server at `host`:`port` answers, and after `patience` seconds in any case.

    Nothing is said any more once the block has ended.
    """
    over = threading.Event()

    def wait() -> None:
        until = time.monotonic() + patience
        while not _answers(host, port) and time.monotonic() < until and not over.wait(0.1):
            pass
        if not over.is_set():
            say(words)

    teller = threading.Thread(target=wait, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _answers(host: str, port: int) -> bool:
    """Whether a server answers, with whatever: the port may listen before there is anybody to answer."""
    connection = HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=2)  # noqa: S104
    try:
        connection.request("GET", "/robots.txt")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def links_lead_to(shown: str, folder: Path) -> None:
    """Links in e-mails lead to what is served, where the base names no site of its own beyond this machine."""
    from wellfounded.evidence.located import read_toml

    stated = str(read_toml(folder / "base.toml", shown_as="base.toml").data.get("site") or "")
    if not stated or urlsplit(stated).hostname in LOOPBACK:
        os.environ.setdefault("WELLFOUNDED_SITE", shown)


def _demonstrate(folder: Path) -> None:
    """Loads demonstration records into an empty database, and says so."""
    from wellfounded.web import demonstration

    if loaded := demonstration.load_into_empty(folder):
        click.echo(f"Loaded for demonstration: {', '.join(f'{n:,} {what}' for what, n in loaded.items())}")
        click.echo("They are marked wherever they are shown; `wellfounded demo remove` takes them away.")


def _sign_in_link() -> str:
    """A link for whoever sits at this machine: an account of its own with all roles."""
    from wellfounded.people import accounts

    person, _ = accounts.add(accounts.LOCAL, name="Whoever runs this machine")
    return accounts.printed_link(person)


@contextmanager
def _worker(folder: Path) -> Iterator[None]:
    """A worker in a process of its own, until the block ends."""
    command = [sys.executable, "-m", "wellfounded.cli", "worker", "--base", str(folder)]
    running = subprocess.Popen(command, env=os.environ.copy())
    try:
        yield
    finally:
        running.terminate()
        try:
            running.wait(timeout=15)
        except subprocess.TimeoutExpired:  # what it was at is leased, and done by the next worker
            running.kill()
            running.wait()


def refuse_port_in_use(host: str, port: int) -> None:
    """Nothing where `host`:`port` is free; raises an error that says what to do where it isn't."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortNotFree(host, port, error.strerror or str(error)) from None


class PortNotFree(Refused):
    """Something else listens at the port, or it may not be listened at."""

    def __init__(self, host: str, port: int, why: str) -> None:
        other = port + 1
        super().__init__(
            f"can't listen at {host}:{port} ({why}): stop what uses it, or choose another with "
            f"`--port {other}` (`make run PORT={other}`)"
        )
