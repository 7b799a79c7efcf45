"""How long `wellfounded check` takes on the shipped base, and its conclusions for every local authority of the UK.

The floor is a Python that only starts and imports NumPy, PyArrow and click.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BASE = ROOT / "bases" / "cheshire-warrington"
CHECK_SECONDS = 2.0
EVERYWHERE_SECONDS = 60.0
TIMES = 5

_FLOOR = "import click, numpy, pyarrow.parquet"


def seconds(command: list[str]) -> float:
    """The least wall time of several runs of a command, warm."""
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> int:
    """Exit code: 0 when the aims are met."""
    from wellfounded.conclusions.evaluate import evaluate, evaluate_everywhere
    from wellfounded.conclusions.read import read_all
    from wellfounded.evidence.store import Store
    from wellfounded.evidence.types import Level

    base, conclusions = read_all(BASE)
    store = Store.open(base)
    floor = seconds([sys.executable, "-c", _FLOOR])
    check = seconds([str(Path(sys.executable).with_name("wellfounded")), "check", str(BASE)])

    started = time.perf_counter()
    results = evaluate(base, store, conclusions=conclusions).results
    inside = time.perf_counter() - started
    variants = sum(result.robustness.of for result in results)

    codes = store.catalogue.areas.of_level(Level.LOCAL_AUTHORITY)
    started = time.perf_counter()
    everywhere = evaluate_everywhere(base, codes, Store.open(base), conclusions=conclusions)
    wide = time.perf_counter() - started
    judged = sum(int(result.of.sum()) for result in everywhere)

    print(f"check: {len(conclusions)} conclusions, {variants:,} variants")
    print(f"  wellfounded check, whole process        {check:6.2f} s   aim under {CHECK_SECONDS:.0f} s")
    print(f"  floor: starting and importing            {floor:6.2f} s   {check / floor:.1f} times the floor")
    each = f"{variants / inside:,.0f} conclusions x variants a second"
    print(f"  evaluation alone, first time            {inside:6.2f} s   {each}")
    each = f"{judged:,} conclusions x variants, {judged / wide:,.0f} a second"
    print(f"  every local authority ({len(codes)})             {wide:6.2f} s   aim under 60 s; {each}")
    met = check < CHECK_SECONDS and wide < EVERYWHERE_SECONDS
    print(f"  aims: {'met' if met else 'MISSED'} (load {os.getloadavg()[0]:.1f})")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
