"""What the tests of conclusions share: the small base of three real districts, asked one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conclusions.made_up import a_conclusion, a_test, conclude
from wellfounded.conclusions.evaluate import Evaluation, evaluate
from wellfounded.conclusions.read import read_all
from wellfounded.conclusions.types import Result
from wellfounded.evidence.base import Base, load_base
from wellfounded.evidence.store import Store

SMALL = Path(__file__).parents[1] / "bases" / "small"

Ask = Callable[..., Result]


@pytest.fixture(scope="session")
def base() -> Base:
    """Cheshire and Warrington, with four comparators and the figures that ship."""
    return load_base(SMALL)


@pytest.fixture(scope="session")
def store(base: Base) -> Store:
    return Store.open(base)


@pytest.fixture
def ask_place(base: Base, store: Store) -> Ask:
    """Asks one thing of the place on the figures that ship."""

    def call(expect: str, *, robustness: bool = False, says: str = "So it is.", **test: Any) -> Result:
        conclusion = a_conclusion(a_test(expect, **test), says=says)
        return conclude(
            replace(base, robust_comparators=base.robust_comparators), conclusion, robustness=robustness, store=store
        )

    return call


@pytest.fixture(scope="session")
def evaluation(shipped_base: Path) -> Evaluation:
    """Every conclusion of the base that ships, with its robustness."""
    base, conclusions = read_all(shipped_base)
    return evaluate(base, conclusions=conclusions)
