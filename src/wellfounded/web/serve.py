"""Serving the site."""

from __future__ import annotations

import os
from pathlib import Path

from wellfounded.web.assets import COLLECTED, NoFrontEnd, made


def serve(publication: Path, *, host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serves the publication at `publication` (a folder, or a link that builds move on) until it is told to stop.

    Raises NoFrontEnd where the style sheets and scripts have not been made.
    """
    if not made():
        raise NoFrontEnd(f"{COLLECTED} holds no front end: run `make install`, or `python -m wellfounded.web.assets`")
    os.environ["WELLFOUNDED_PUBLICATION"] = str(publication.absolute())
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
