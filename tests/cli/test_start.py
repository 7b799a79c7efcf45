"""How the command starts: without what costs seconds to import."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("altair", "django", "ibis", "pandas", "scipy", "duckdb", "shapely", "typst", "rich")


def imported_by(code: str) -> set[str]:
    """Top-level modules that are loaded after `code` has run in a new interpreter."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys, json; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(json.loads(told.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import wellfounded",
        "import wellfounded.cli.main",
        "import wellfounded.core, wellfounded.analysis, wellfounded.publishing.model",
        "import wellfounded.conclusions.evaluate",
    ],
)
def test_starting_imports_nothing_heavy(code):
    assert imported_by(code).isdisjoint(HEAVY)


def test_checking_a_base_imports_nothing_heavy(small_base):
    code = f"from wellfounded.cli.main import main\nmain(['check', {str(small_base)!r}], standalone_mode=False)"
    assert imported_by(code).isdisjoint(set(HEAVY) - {"rich"})
