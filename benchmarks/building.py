"""How long a build of the whole edition of the shipped base takes, from nothing: pages, charts, pack, open data."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).parents[1] / "bases" / "cheshire-warrington"
SECONDS = 60.0


def main() -> int:
    """Exit code: 0 when the aim is met."""
    from wellfounded.publishing.build import build
    from wellfounded.web.static_site import write_site

    said: list[tuple[float, str]] = []
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        publication = build(
            BASE, to=Path(scratch) / "publication", progress=lambda line: said.append((time.perf_counter(), line))
        )
        published = time.perf_counter() - started
        charts = len(list((publication / "charts").glob("*.svg")))
        pages = write_site(publication, to=Path(scratch) / "site")
        whole = time.perf_counter() - started
        again = time.perf_counter()
        build(BASE, to=Path(scratch) / "publication")
        again = time.perf_counter() - again
    ends = [at for at, _ in said[1:]] + [started + published]
    drawing = sum(end - at for (at, line), end in zip(said, ends, strict=True) if "drawn" in line or "drawing" in line)
    print(f"building: {charts} charts, {pages} pages")
    for (at, line), end in zip(said, ends, strict=True):
        if "drawn" not in line:
            print(f"  {drawing if 'drawing' in line else end - at:6.1f} s  {line}")
    print(f"  {whole - published:6.1f} s  writing the pages as files, {pages / (whole - published):.0f} a second")
    print(f"  {drawing / charts:.3f} s a chart, {charts / drawing:.1f} charts a second")
    print(f"  {again:6.1f} s  when nothing has changed")
    print(
        f"  {whole:6.1f} s  in all; aim under {SECONDS:.0f} s: {'met' if whole < SECONDS else 'MISSED'}"
        f" (load {os.getloadavg()[0]:.1f})"
    )
    return 0 if whole < SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
