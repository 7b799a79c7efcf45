"""Robustness: one pass over all variants against each on its own, and what is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conclusions.one_at_a_time import OneAtATime, combinations
from wellfounded.conclusions import types
from wellfounded.conclusions.choices import choices_of
from wellfounded.conclusions.evaluate import evaluate
from wellfounded.conclusions.expectations import EXPECTATIONS
from wellfounded.conclusions.read import read_all
from wellfounded.conclusions.subjects import Subjects
from wellfounded.conclusions.types import Conclusion
from wellfounded.evidence.base import Base
from wellfounded.evidence.store import Store

TWINS = [
    "output-per-hour",  # every choice there is, no intervals
    "warrington-output-per-hour",  # about a member
    "employment-rate",  # intervals
    "household-income",
    "older-population",
    "healthy-life-cheshire-east",
    "warrington-growth",  # a window
    "cheshire-east-slow-growth",
    "emissions-fall-west",
]


@pytest.fixture(scope="module")
def shipped(shipped_base: Path) -> tuple[Base, Store, dict[str, Conclusion]]:
    base, conclusions = read_all(shipped_base)
    return base, Store.open(base), {conclusion.id: conclusion for conclusion in conclusions}


@pytest.mark.slow
@pytest.mark.parametrize("name", TWINS)
def test_one_pass_comes_to_what_each_variant_comes_to_by_itself(
    name: str, shipped: tuple[Base, Store, dict[str, Conclusion]]
) -> None:
    base, store, conclusions = shipped
    conclusion = conclusions[name]
    (test,) = conclusion.tests.parts
    assert isinstance(test, types.Test)
    counted = evaluate(base, store, conclusions=[conclusion]).results[0].robustness
    subjects = Subjects.of_base(
        base, store, also=[code for code in (test.options.get("area"),) if isinstance(code, str)]
    )
    choices = choices_of(test, EXPECTATIONS[test.expect], subjects).by_dimension
    offered = {dimension: [choice.value for choice in among] for dimension, among in choices.items()}
    found = {
        tuple(choice.value for choice in variant.choices): (str(variant.verdict), variant.estimate)
        for variant in counted.variants
    }
    twin = OneAtATime(base, store)
    for chosen in combinations(offered):
        alone = twin.verdict(conclusion, chosen)
        together = found.pop(tuple(chosen.values()), None)
        if together is not None:
            assert alone[0] == together[0], chosen
            assert alone[1] == pytest.approx(together[1]), chosen
        elif alone[0] != "cannot test":  # then it is the same computation as one that was counted
            assert any(
                variant.verdict == alone[0] and variant.estimate == pytest.approx(alone[1])
                for variant in counted.variants
            ), chosen
    assert not found
