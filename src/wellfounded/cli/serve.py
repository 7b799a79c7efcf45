"""`wellfounded serve`: the site of an evidence base on this machine."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from wellfounded.cli.bases import BUILT, Refused, base_argument, folder_of
from wellfounded.cli.build import PUBLICATION, publication_of
from wellfounded.cli.edition import editions_of
from wellfounded.cli.printing import Progress


@click.command()
@base_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen at.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="How many processes serve.")
@click.option("--working", is_flag=True, help="Show the working version, although there are editions.")
def serve(base: Path | None, host: str, port: int, workers: int, working: bool) -> None:
    """Serve the site of BASE: its latest edition, or the working version, built first when it isn't up to date."""
    serve_base(folder_of(base), host=host, port=port, workers=workers, working=working)


def serve_base(
    folder: Path, *, host: str = "127.0.0.1", port: int = 8000, workers: int = 1, working: bool = False
) -> None:
    """Serves the base in `folder` until it is told to stop; what it shows is built first where it is out of date."""
    refuse_port_in_use(host, port)
    from wellfounded.publishing.editions.shelf import LATEST
    from wellfounded.web.serve import serve as serve_publication

    publication = folder / BUILT / PUBLICATION
    if working or not (editions_of(folder) / LATEST / "publication.json").is_file():
        publication = publication_of(folder, progress=Progress())

    click.echo(f"Serving at http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port} (Ctrl-C stops it)")  # noqa: S104
    serve_publication(publication, editions=editions_of(folder), working=working, host=host, port=port, workers=workers)


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
