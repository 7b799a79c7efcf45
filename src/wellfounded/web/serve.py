"""Serving the site."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

from wellfounded.web.assets import COLLECTED, NoFrontEnd, made


def show(publication: Path, *, editions: Path | None = None, working: bool = False, host: str = "127.0.0.1") -> None:
    """Nothing; what is to be served stands in the environment, from which Django reads its settings once.

    `publication` is a folder, or a link that builds move on; the latest of `editions` goes before it, unless
    `working`.
    """
    os.environ["WELLFOUNDED_PUBLICATION"] = str(publication.absolute())
    if editions is not None:
        os.environ["WELLFOUNDED_EDITIONS"] = str(editions.absolute())
    if working:
        os.environ["WELLFOUNDED_WORKING"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellfounded.config.settings")
    if host not in ("127.0.0.1", "localhost", "::1"):
        os.environ.setdefault("WELLFOUNDED_HOSTS", "*" if host in ("0.0.0.0", "::") else host)  # noqa: S104


def serve(*, host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serves what `show` was told, until it is told to stop. Raises NoFrontEnd where style sheets were not made."""
    if not made():
        raise NoFrontEnd(f"{COLLECTED} holds no front end: run `make install`, or `python -m wellfounded.web.assets`")
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()  # a server's process opens its own
    # A process that was forked has none of the threads of the one that built the documents, and would wait for them.
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "wellfounded.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        backpressure=128,
        workers_kill_timeout=10,  # seconds: a connection that is left open does not keep the server from ending
        log_level=LogLevels.warning,
    ).serve()
