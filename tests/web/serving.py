"""The site served by its own server, for a browser or a load generator."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CODE = (
    "import sys; from pathlib import Path; from wellfounded.config.environment import prepare; "
    "from wellfounded.web.serve import serve, show; show(Path(sys.argv[1])); prepare(); serve(port=int(sys.argv[2]))"
)


@contextmanager
def served(
    publication: Path, *, data: Path | None = None, settings: dict[str, str] | None = None, first: str = ""
) -> Iterator[str]:  # fmt: skip
    """The address at which `publication` is served, until the block ends.

    `data` is the folder of people's data (an empty one if not given), `settings` are more of the environment, and
    `first` is what the server's own process does before it serves.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WELLFOUNDED_")}
    kept = data or Path(tempfile.mkdtemp(prefix="wellfounded-served-"))
    environment |= {"WELLFOUNDED_DATA": str(kept), **(settings or {})}
    server = subprocess.Popen([sys.executable, "-c", first + _CODE, str(publication), str(port)], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):  # a minute: the machine may have much else to do
            try:
                with urllib.request.urlopen(f"{address}/robots.txt", timeout=2):
                    break
            except OSError:
                if server.poll() is not None:
                    raise RuntimeError(f"the server ended with exit code {server.returncode}") from None
                time.sleep(0.1)
        else:
            raise RuntimeError(f"the server does not answer at {address}")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)
        if data is None:
            shutil.rmtree(kept, ignore_errors=True)
