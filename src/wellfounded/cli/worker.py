"""`wellfounded worker`: does what is to be done outside of requests."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import click

from wellfounded.cli.people import opened


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, then end.")
@click.option("--base", type=click.Path(path_type=Path), help="The base that is meant.")
def worker(once: bool, base: Path | None) -> None:
    """Send e-mails and do other work as it falls due, until told to stop.

    `wellfounded serve` runs one. Several may run at once, on several machines.
    """
    folder = opened(base)
    from wellfounded.web import working

    if once:
        click.echo(f"{working.due(folder)} jobs done")
        return
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    if not working.stay(folder, stop):
        os._exit(0)  # at work on what takes long, and it has been given back
