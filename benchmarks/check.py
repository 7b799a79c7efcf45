"""How long `wellfounded check` takes on the shipped base, and its conclusions for every local authority of the UK.

The floor is a Python that imports NumPy and PyArrow and reads the rows that the conclusions use. Comparators in the
same run: each variant of some conclusions tested by itself, and some local authorities as bases of their own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wellfounded.conclusions.types import Conclusion
    from wellfounded.evidence.base import Base
    from wellfounded.evidence.store import Store

ROOT = Path(__file__).parents[1]
BASE = ROOT / "bases" / "cheshire-warrington"
CHECK_SECONDS = 2.0
EVERYWHERE_SECONDS = 60.0
TIMES = 5
ONE_BY_ONE = ("output-per-hour", "employment-rate", "older-population", "warrington-growth")
AREAS = ("E06000065", "E08000003", "S12000036", "W06000015")

_FLOOR = """
import numpy, pyarrow.parquet as pq, sys
pq.read_table(sys.argv[1], filters=[("indicator", "in", sys.argv[2].split(","))])
"""


def seconds(command: list[str]) -> tuple[float, float]:
    """The least wall time of several runs of a command, warm, and the processor time of that run."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(TIMES):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        taken.append((time.perf_counter() - started, busy))
    return min(taken)


def one_variant_at_a_time(base: Base, store: Store, conclusions: list[Conclusion]) -> tuple[int, float]:
    """How many variants of some conclusions were tested, each by itself, and in how many seconds."""
    from tests.conclusions.one_at_a_time import OneAtATime, combinations
    from wellfounded.conclusions.choices import choices_of
    from wellfounded.conclusions.expectations import EXPECTATIONS
    from wellfounded.conclusions.subjects import Subjects
    from wellfounded.conclusions.types import Test

    twin, tested, started = OneAtATime(base, store), 0, time.perf_counter()
    for conclusion in conclusions:
        (test,) = conclusion.tests.parts
        assert isinstance(test, Test)
        subjects = Subjects.of_base(base, store, also=[str(code) for code in [test.options.get("area")] if code])
        offered = choices_of(test, EXPECTATIONS[test.expect], subjects).by_dimension
        for chosen in combinations({name: [choice.value for choice in among] for name, among in offered.items()}):
            tested += twin.verdict(conclusion, chosen)[0] != "cannot test"
    return tested, time.perf_counter() - started


def main() -> int:
    """Exit code: 0 when the aims are met."""
    from wellfounded.conclusions.evaluate import evaluate, evaluate_everywhere
    from wellfounded.conclusions.read import read_all
    from wellfounded.conclusions.robustness import tests_of
    from wellfounded.evidence.store import Store
    from wellfounded.evidence.types import Level

    base, conclusions = read_all(BASE)
    store = Store.open(base)
    used = sorted({test.indicator for conclusion in conclusions for test in tests_of(conclusion.tests)})
    floor, _ = seconds([sys.executable, "-c", _FLOOR, str(store.catalogue.figures_path), ",".join(used)])
    check, busy = seconds([str(Path(sys.executable).with_name("wellfounded")), "check", str(BASE)])

    started = time.perf_counter()
    results = evaluate(base, store, conclusions=conclusions).results
    inside = time.perf_counter() - started
    variants = sum(result.robustness.of for result in results)

    sample = [conclusion for conclusion in conclusions if conclusion.id in ONE_BY_ONE]
    started = time.perf_counter()
    together = sum(result.robustness.of for result in evaluate(base, store, conclusions=sample).results)
    in_one_pass = time.perf_counter() - started
    alone, one_by_one = one_variant_at_a_time(base, store, sample)

    codes = store.catalogue.areas.of_level(Level.LOCAL_AUTHORITY)
    started = time.perf_counter()
    everywhere = evaluate_everywhere(base, codes, Store.open(base), conclusions=conclusions)
    wide = time.perf_counter() - started
    judged = sum(int(result.of.sum()) for result in everywhere)
    started = time.perf_counter()
    plain = [replace(conclusion, says="So it is.", detail="") for conclusion in conclusions]
    for code in AREAS:
        evaluate(replace(base, members=(code,), same_as=()), store, conclusions=plain)
    each_area = (time.perf_counter() - started) / len(AREAS)

    print(f"check: {len(conclusions)} conclusions, {variants:,} variants (load {os.getloadavg()[0]:.1f})")
    print(
        f"  wellfounded check, whole process      {check:6.2f} s   {check / CHECK_SECONDS:.2f} of the limit of", end=""
    )
    print(f" {CHECK_SECONDS:.0f} s; {busy:.2f} s of processor time")
    print(f"  floor: start, imports, reading rows   {floor:6.2f} s   the check takes {check / floor:.1f} times as long")
    print(f"  evaluation alone, first time          {inside:6.2f} s   {variants / inside:,.0f} variants a second")
    rates = together / in_one_pass, alone / one_by_one
    print(f"  {len(sample)} conclusions in one pass           {in_one_pass:6.2f} s   {rates[0]:,.0f} variants a second")
    print(
        f"  the same, one variant at a time       {one_by_one:6.2f} s   {rates[1]:,.0f} a second: the pass is", end=""
    )
    print(f" {rates[0] / rates[1]:.0f} times as fast")
    print(
        f"  every local authority ({len(codes)})           {wide:6.2f} s   {wide / EVERYWHERE_SECONDS:.2f} of", end=""
    )
    print(f" the limit of {EVERYWHERE_SECONDS:.0f} s; {judged / wide:,.0f} variants a second")
    print(
        f"  one authority as a base of its own    {each_area:6.2f} s   all of them: {each_area * len(codes):,.0f} s,",
        end="",
    )
    print(f" {each_area * len(codes) / wide:.0f} times as long")
    met = check < CHECK_SECONDS and wide < EVERYWHERE_SECONDS
    print(f"  aims: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
