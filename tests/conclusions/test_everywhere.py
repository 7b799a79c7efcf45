"""The conclusions of a base asked of every local authority in one pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conclusions.made_up import EAST, UK, WARRINGTON, WEST, a_base, a_conclusion, a_test
from wellfounded.conclusions import types
from wellfounded.conclusions.evaluate import evaluate, evaluate_everywhere, held
from wellfounded.conclusions.frame import CANNOT, FAILS, HOLDS, VERDICTS
from wellfounded.conclusions.read import read_all
from wellfounded.conclusions.types import Combination, Conclusion
from wellfounded.evidence.base import Base
from wellfounded.evidence.store import Store
from wellfounded.evidence.types import Level

SAMPLE = ("E06000007", "E06000049", "E06000065", "E08000003", "E09000001", "W06000015", "S12000036", "N09000003")


@pytest.fixture(scope="module")
def shipped(shipped_base: Path) -> tuple[Base, Store, tuple[Conclusion, ...]]:
    base, conclusions = read_all(shipped_base)
    return base, Store.open(base), conclusions


def test_each_area_is_asked_as_a_place_of_its_own() -> None:
    figures = {EAST: {2023: 110.0}, WEST: {2023: 90.0}, UK: {2023: 100.0}}
    base = a_base({"rate": figures}, robust=("uk",))
    conclusion = a_conclusion(a_test("higher", than="uk", by_at_least="5%"))
    (found,) = evaluate_everywhere(base, [EAST, WEST, WARRINGTON], conclusions=[conclusion])
    assert found.verdict.tolist() == [HOLDS, FAILS, CANNOT]
    assert (found.holds.tolist(), found.of.tolist()) == ([1, 0, 0], [1, 1, 0])
    assert held([found]) == 1


def test_a_test_about_a_member_is_asked_of_each_area_itself() -> None:
    figures = {EAST: {2023: 110.0}, WEST: {2023: 90.0}, UK: {2023: 100.0}}
    conclusion = a_conclusion(a_test("higher", than="uk", by_at_least="5%", area=EAST))
    (found,) = evaluate_everywhere(a_base({"rate": figures}), [EAST, WEST], conclusions=[conclusion])
    assert found.verdict.tolist() == [HOLDS, FAILS]


def test_a_rank_leaves_out_the_area_itself_and_no_other() -> None:
    codes = ("E06000001", "E06000002", "E06000003", "E06000004", "E06000005", "E06000006")
    figures = {code: {2023: float(at)} for at, code in enumerate(codes)}
    conclusion = a_conclusion(a_test("ranks", among="local-authorities", top=3))
    (found,) = evaluate_everywhere(a_base({"rate": figures}), list(codes), conclusions=[conclusion])
    assert found.verdict.tolist() == [FAILS, FAILS, FAILS, HOLDS, HOLDS, HOLDS]


@pytest.mark.slow
@pytest.mark.parametrize("code", SAMPLE)
def test_one_pass_comes_to_what_each_area_comes_to_as_a_base_of_its_own(
    code: str, shipped: tuple[Base, Store, tuple[Conclusion, ...]]
) -> None:
    base, store, conclusions = shipped
    asked = [
        conclusion for conclusion in conclusions
        if all(isinstance(part, types.Test) and part.expect in ("higher", "lower", "share", "specialised")
               and part.than in ("united-kingdom", "england") for part in conclusion.tests.parts)
    ]  # fmt: skip
    assert len(asked) > 20
    together = evaluate_everywhere(base, SAMPLE, store, conclusions=asked)
    at = SAMPLE.index(code)
    own = replace(base, id="own", members=(code,), same_as=())
    alone = evaluate(own, store, conclusions=[_of_itself(each) for each in asked], robustness=False)
    for one, many in zip(alone.results, together, strict=True):
        if VERDICTS[many.verdict[at]] != "cannot test":
            assert one.verdict == VERDICTS[many.verdict[at]], one.conclusion.id


def _of_itself(conclusion: Conclusion) -> Conclusion:
    parts = tuple(
        replace(part, options={key: value for key, value in part.options.items() if key != "area"})
        for part in conclusion.tests.parts if isinstance(part, types.Test)
    )  # fmt: skip
    return replace(conclusion, tests=Combination(conclusion.tests.mode, parts), says="So it is.", detail="")


@pytest.mark.slow
def test_all_local_authorities_are_asked_everything(shipped: tuple[Base, Store, tuple[Conclusion, ...]]) -> None:
    base, store, conclusions = shipped
    codes = store.catalogue.areas.of_level(Level.LOCAL_AUTHORITY)
    found = evaluate_everywhere(base, codes, store, conclusions=conclusions)
    assert len(found) == len(conclusions)
    for result in found:
        assert result.verdict.shape == result.holds.shape == result.of.shape == (len(codes),)
        assert (result.holds <= result.of).all()
        assert set(np.unique(result.verdict).tolist()) <= {0, 1, 2, 3}
    assert held(found) > 3000


ODD_PLACES = {
    "a single district": ("E07000214",),
    "two islands": ("S12000023", "S12000027"),
    "a district of Northern Ireland": ("N09000011",),
    "districts far apart": ("E06000052", "W06000001", "S12000033", "E09000001"),
    "a combined authority": tuple(f"E0800000{number}" for number in range(1, 10)),
}


@pytest.mark.slow
@pytest.mark.parametrize("members", ODD_PLACES.values(), ids=ODD_PLACES)
def test_any_place_can_be_asked_and_what_cannot_be_tested_says_why(
    members: tuple[str, ...], shipped: tuple[Base, Store, tuple[Conclusion, ...]]
) -> None:
    base, store, conclusions = shipped
    place = replace(base, id="odd", name="the place", members=members, same_as=())
    asked = [_of_itself(each) for each in conclusions if all(isinstance(part, types.Test) for part in each.tests.parts)]
    found = evaluate(place, store, conclusions=asked).results
    assert {str(result.verdict) for result in found} >= {"holds", "fails", "cannot test"}
    for result in found:
        for test in result.tests:
            if test.outcome.verdict == "cannot test":
                assert test.outcome.reason, result.conclusion.id
        assert all(reason for _, reason in result.robustness.refused), result.conclusion.id
        assert result.sentence
