"""What is run often starts fast: heavy libraries stay asleep."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("pandas", "ibis", "scipy", "altair", "django", "duckdb", "numpy.ma", "matplotlib")
RUN = """
import json, sys
from wellfounded.cli.main import main
try:
    main(json.loads(sys.argv[1]), standalone_mode=False)
except SystemExit:
    pass
print("\\nLOADED " + json.dumps([name for name in json.loads(sys.argv[2]) if name in sys.modules]))
"""


@pytest.mark.parametrize("arguments", [["check"], ["check", "--json"], ["conclusion", "output-per-hour"]])
def test_checking_a_base_wakes_no_heavy_library(arguments: list[str], shipped_base: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps([*arguments, str(shipped_base)]), json.dumps(HEAVY)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout.split("LOADED ")[1]) == []


@pytest.mark.parametrize(
    "module",
    ["wellfounded", "wellfounded.cli.main", "wellfounded.core", "wellfounded.conclusions.types",
     "wellfounded.conclusions.evaluate", "wellfounded.evidence.types", "wellfounded.publishing.model"],
)  # fmt: skip
def test_importing_a_room_wakes_no_heavy_library(module: str) -> None:
    code = f"import sys, json, {module}; print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
