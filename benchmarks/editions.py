"""Freezing the shipped base as an edition in every form, from nothing: seconds, memory, charts and pages a second.

The floor is vl-convert and Typst alone on the same input in the same run: the same specifications drawn one after the
other, the same document set again.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import psutil

BASE = Path(__file__).parents[1] / "bases" / "cheshire-warrington"
SECONDS, MEGABYTES, FEWEST_CHARTS = 60.0, 1000.0, 60
SAMPLE = 60  # charts drawn by vl-convert alone


class Memory(threading.Thread):
    """The most memory that this process and those below it held together while it ran, in megabytes.

    Memory that processes share is counted once (the proportional set size).
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self._stop_asked = threading.Event()

    def run(self) -> None:
        mine = psutil.Process()
        while not self._stop_asked.wait(0.25):
            held = 0
            for process in (mine, *mine.children(recursive=True)):
                try:
                    held += process.memory_full_info().pss
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            self.most = max(self.most, held / 1e6)

    def stop(self) -> float:
        self._stop_asked.set()
        self.join()
        return self.most


def main() -> int:
    """Exit code: 0 when every aim is met."""
    from wellfounded.publishing.editions.freeze import freeze

    said: list[tuple[float, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        memory = Memory()
        memory.start()
        started = time.perf_counter()
        frozen = freeze(
            BASE,
            editions=Path(scratch) / "editions",
            on=datetime.now(UTC).date(),
            cache=Path(scratch) / "cache",
            progress=lambda line: said.append((time.perf_counter() - started, line)),
        )
        whole = time.perf_counter() - started
        most = memory.stop()
        drawings = len(list((frozen.folder / "charts").glob("*.svg")))
        pages = {path.name: _pages(path) for path in sorted(frozen.folder.glob("*.pdf"))}
        archive = frozen.archive.stat().st_size / 1e6 if frozen.archive else 0.0
        chart_floor, set_again = _charts_alone(frozen.folder), _typst_alone(frozen.folder)
    for at, line in said:
        if " of " not in line:
            print(f"  {at:6.1f} s  {line}")
    print(f"editions: {drawings} drawings, {sum(pages.values())} pages of {', '.join(pages)}, archive {archive:.1f} MB")
    print(
        f"  {drawings / whole:6.1f} drawings and {sum(pages.values()) / whole:.1f} pages a second, all else with them"
    )
    print(
        f"  {1 / chart_floor:6.1f} drawings a second by vl-convert alone, {set_again:.1f} pages a second by Typst alone"
    )
    floor = drawings * chart_floor + sum(pages.values()) / set_again
    print(f"  {whole / floor:6.2f} times what these two alone would take one after the other ({floor:.1f} s)")
    fast, small, enough = whole < SECONDS, most < MEGABYTES, drawings >= FEWEST_CHARTS
    print(f"  {whole:6.1f} s in all; aim {SECONDS:.0f}: {'met' if fast else 'MISSED'} (load {os.getloadavg()[0]:.1f})")
    print(f"  {most:6.0f} MB at most; aim under {MEGABYTES:.0f}: {'met' if small else 'MISSED'}")
    return 0 if fast and small and enough else 1


def _pages(path: Path) -> int:
    with pikepdf.open(path) as opened:
        return len(opened.pages)


def _charts_alone(folder: Path) -> float:
    """Seconds a drawing, by vl-convert in this process."""
    import vl_convert

    from wellfounded.publishing import drawing

    def text(path: Path) -> str:
        spec = json.loads(path.read_text(encoding="utf-8"))
        return json.dumps(spec)

    specs = [path for path in sorted((folder / "charts").glob("*.json")) if "$schema" in path.read_text("utf-8")[:400]]
    chosen = [text(path) for path in specs[:: max(1, len(specs) // SAMPLE)]]
    vl_convert.vegalite_to_svg(chosen[0], vl_version=drawing.VEGA_LITE)
    started = time.perf_counter()
    for each in chosen:
        vl_convert.vegalite_to_svg(each, vl_version=drawing.VEGA_LITE)
    return (time.perf_counter() - started) / len(chosen)


def _typst_alone(folder: Path) -> float:
    """Pages a second of the pack, set by Typst when all that goes into it is at hand."""
    from wellfounded.publishing import documents
    from wellfounded.publishing.documents import pack, typesetting

    made = pack.document(*documents.read(folder))
    started = time.perf_counter()
    typesetting.pdf(made, charts=folder / "charts")
    return _pages(folder / "pack.pdf") / (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
