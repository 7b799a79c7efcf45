"""Seconds a chart: the shipped base's charts drawn by the build, against vl-convert alone on the same specifications.

The floor is vl-convert in one process that does nothing else; the smallest chart that it can draw is shown beside, as
no chart takes less. What the build adds (hashes, the cache, workers, files) is the difference.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BASE = Path(__file__).parents[1] / "bases" / "cheshire-warrington"
SAMPLE = 12  # of each kind
RATIO = 1.3  # of the floor, with one worker
SMALLEST: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"a": 1}]},
    "mark": "point",
    "encoding": {"x": {"field": "a", "type": "quantitative", "axis": None}},
}


def main() -> int:
    """Exit code: 0 when drawing stays within RATIO of the floor."""
    import vl_convert

    from wellfounded.publishing import drawing
    from wellfounded.publishing.publication import make

    def alone(text: str) -> float:
        started = time.perf_counter()
        vl_convert.vegalite_to_svg(text, vl_version=drawing.VEGA_LITE)
        return time.perf_counter() - started

    made = make(BASE, built_at=datetime.now(UTC))
    kinds = defaultdict(list)
    for chart in made.charts:
        kinds[chart.id.partition("--")[2] or "conclusion"].append(chart)
    chosen = [chart for found in kinds.values() for chart in found[:SAMPLE]]
    smallest = json.dumps(SMALLEST)
    alone(smallest)
    least = min(alone(smallest) for _ in range(10))
    print(f"charts: {len(made.charts)} charts of {len(kinds)} kinds, {SAMPLE} of each drawn")
    print(f"  {least * 1000:6.0f} ms  the smallest chart, by vl-convert alone")
    floor, drawn = 0.0, 0
    for kind, found in sorted(kinds.items()):
        specs = [(spec, chart) for chart in found[:SAMPLE] for spec in (chart.spec, chart.narrow) if spec is not None]
        texts = [drawing._with_data(json.dumps(spec), chart.shared, made.shared) for spec, chart in specs]
        taken = sum(alone(text) for text in texts)
        floor, drawn = floor + taken, drawn + len(texts)
        print(f"  {taken / len(texts) * 1000:6.0f} ms  a drawing of the kind {kind!r}, by vl-convert alone")
    with tempfile.TemporaryDirectory() as scratch:
        seconds = {}
        for workers in (1, drawing.MOST_WORKERS):
            started = time.perf_counter()
            drawing.draw(
                chosen, to=Path(scratch) / f"{workers}", cache=Path(scratch) / f"cache-{workers}", shared=made.shared,
                workers=workers,
            )  # fmt: skip
            seconds[workers] = time.perf_counter() - started
    for workers, taken in seconds.items():
        print(f"  {taken / drawn * 1000:6.0f} ms  a drawing by the build with {workers} worker{'s'[: workers - 1]}")
    ratio = seconds[1] / floor
    print(f"  {ratio:6.2f} times the floor with one worker; aim under {RATIO}: {'met' if ratio < RATIO else 'MISSED'}")
    return 0 if ratio < RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
