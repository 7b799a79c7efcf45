"""Serving the site."""

from __future__ import annotations

import os
from pathlib import Path

from wellfounded.web.assets import COLLECTED, NoFrontEnd, made


def serve(
    publication: Path,
    *,
    editions: Path | None = None,
    working: bool = False,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
) -> None:
    """Serves the latest of `editions`, or else the publication at `publication`, until it is told to stop.

    `publication` is a folder, or a link that builds move on; `working` shows it although there are editions. Raises
    NoFrontEnd where the style sheets and scripts have not been made.
    """
    if not made():
        raise NoFrontEnd(f"{COLLECTED} holds no front end: run `make install`, or `python -m wellfounded.web.assets`")
    os.environ["WELLFOUNDED_PUBLICATION"] = str(publication.absolute())
    if editions is not None:
        os.environ["WELLFOUNDED_EDITIONS"] = str(editions.absolute())
    if working:
        os.environ["WELLFOUNDED_WORKING"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellfounded.config.settings")
    if host not in ("127.0.0.1", "localhost", "::1"):
        os.environ.setdefault("WELLFOUNDED_HOSTS", "*" if host in ("0.0.0.0", "::") else host)  # noqa: S104

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "wellfounded.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        backpressure=128,
        log_level=LogLevels.warning,
    ).serve()
