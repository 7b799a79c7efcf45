"""Runs the benchmarks named on the command line, or all, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ORDER = (
    "check",
    "reading",
    "charts",
    "building",
    "editions",
    "pages",
    "priorities",
    "matching",
    "missed",
    "responses",
    "sessions",
)


def main(names: list[str]) -> int:
    """Exit code: 0 when every benchmark met its aim."""
    unknown = [name for name in names if name not in ORDER]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}: there are {', '.join(ORDER)}", file=sys.stderr)
        return 2
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f} before the start\n")
    missed = []
    for name in names or ORDER:
        sys.stdout.flush()
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=Path(__file__).parents[1]).returncode:
            missed.append(name)
        print()
    if missed:
        print(f"aims missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
