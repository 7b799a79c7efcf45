"""What the tests of priorities share: the base that ships, evaluated once, and what it declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from wellfounded.conclusions.evaluate import Evaluation, evaluate
from wellfounded.conclusions.read import read_all
from wellfounded.evidence.located import BaseErrors
from wellfounded.priorities.evaluate import prioritise
from wellfounded.priorities.read import read_priorities
from wellfounded.priorities.types import Declared, ShownPriorities

Read = Callable[[str], Declared]


@pytest.fixture(scope="session")
def evaluation(shipped_base: Path) -> Evaluation:
    base, conclusions = read_all(shipped_base)
    return evaluate(base, conclusions=conclusions)


@pytest.fixture(scope="session")
def declared(evaluation: Evaluation) -> Declared:
    found = read_priorities(evaluation.base, [r.conclusion for r in evaluation.results], evaluation.store)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def shown(evaluation: Evaluation, declared: Declared) -> ShownPriorities:
    """The priorities of the base that ships, with fewer draws than it is published with."""
    return prioritise(evaluation, declared, draws=5_000)


@pytest.fixture
def read(evaluation: Evaluation, tmp_path: Path) -> Read:
    """Reads a text as the priorities.toml of the base that ships."""

    def call(text: str) -> Declared:
        (tmp_path / "priorities.toml").write_text(text, encoding="utf-8")
        base = replace(evaluation.base, folder=tmp_path)
        found = read_priorities(base, [r.conclusion for r in evaluation.results], evaluation.store)
        assert found is not None
        return found

    return call


@pytest.fixture
def problems(read: Read) -> Callable[[str], list[str]]:
    """What is wrong with a text as a priorities.toml, each with file and line."""

    def call(text: str) -> list[str]:
        with pytest.raises(BaseErrors) as raised:
            read(text)
        return [str(problem) for problem in raised.value.problems]

    return call
