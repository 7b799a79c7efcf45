"""all, any, not: how the verdicts of several tests make one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conclusions.made_up import EAST, UK, a_base, a_conclusion, a_test, conclude
from wellfounded.conclusions.frame import CANNOT, FAILS, HOLDS, UNCERTAIN
from wellfounded.conclusions.robustness import combine_verdicts
from wellfounded.conclusions.types import Combination, Verdict

CODES = {"holds": HOLDS, "uncertain": UNCERTAIN, "fails": FAILS, "cannot": CANNOT}
NAMES = {code: name for name, code in CODES.items()}
words = st.sampled_from(list(CODES))
lists = st.lists(words, min_size=1, max_size=5)


def combined(mode: str, *verdicts: str) -> str:
    tests = tuple(a_test("higher", id=str(at)) for at in range(len(verdicts)))
    codes = {str(at): np.array([CODES[verdict]], dtype=np.int8) for at, verdict in enumerate(verdicts)}
    return NAMES[int(combine_verdicts(Combination(mode, tests), codes)[0])]


@pytest.mark.parametrize(
    ("verdicts", "all_of", "any_of"),
    [
        (("holds", "holds"), "holds", "holds"),
        (("holds", "uncertain"), "uncertain", "holds"),
        (("holds", "fails"), "fails", "holds"),
        (("holds", "cannot"), "cannot", "holds"),
        (("uncertain", "fails"), "fails", "uncertain"),
        (("uncertain", "cannot"), "cannot", "uncertain"),
        (("fails", "cannot"), "fails", "cannot"),
        (("fails", "fails"), "fails", "fails"),
    ],
)
def test_all_is_as_weak_as_its_weakest_and_any_as_strong_as_its_strongest(
    verdicts: tuple[str, str], all_of: str, any_of: str
) -> None:
    assert (combined("all", *verdicts), combined("any", *verdicts)) == (all_of, any_of)


@pytest.mark.parametrize(
    ("one", "turned"), [("holds", "fails"), ("fails", "holds"), ("uncertain", "uncertain"), ("cannot", "cannot")]
)
def test_not_swaps_holds_and_fails_and_leaves_what_is_not_known(one: str, turned: str) -> None:
    assert combined("not", one) == turned


@given(lists)
def test_one_test_alone_is_itself_and_repetition_changes_nothing(verdicts: list[str]) -> None:
    for mode in ("all", "any"):
        assert combined(mode, verdicts[0]) == verdicts[0]
        assert combined(mode, *verdicts) == combined(mode, *verdicts, *verdicts)


@given(lists, st.randoms())
def test_the_order_of_tests_does_not_matter(verdicts: list[str], random: object) -> None:
    shuffled = list(verdicts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for mode in ("all", "any"):
        assert combined(mode, *verdicts) == combined(mode, *shuffled)


@given(lists, lists)
def test_tests_may_be_taken_together_in_groups(first: list[str], second: list[str]) -> None:
    for mode in ("all", "any"):
        assert combined(mode, combined(mode, *first), combined(mode, *second)) == combined(mode, *first, *second)


@given(lists)
def test_any_holds_when_one_does_and_all_fails_when_one_does(verdicts: list[str]) -> None:
    assert (combined("any", *verdicts) == "holds") == ("holds" in verdicts)
    assert (combined("all", *verdicts) == "fails") == ("fails" in verdicts)
    assert (combined("all", *verdicts) == "holds") == (set(verdicts) == {"holds"})
    assert (combined("any", *verdicts) == "fails") == (set(verdicts) == {"fails"})


@given(st.lists(st.sampled_from(["holds", "uncertain", "fails"]), min_size=1, max_size=5))
def test_not_all_is_any_not_where_all_can_be_tested(verdicts: list[str]) -> None:
    assert combined("not", combined("all", *verdicts)) == combined("any", *(combined("not", one) for one in verdicts))


def test_combinations_nest_and_not_is_read_over_one_figure() -> None:
    base = a_base({"rate": {EAST: {2023: 110.0}, UK: {2023: 100.0}}})
    yes = a_test("higher", id="yes", than="uk", by_at_least="2%")
    no = a_test("lower", id="no", than="uk", by_at_least="2%")
    for parts, said in [
        (Combination("all", (yes, Combination("not", (no,)))), Verdict.HOLDS),
        (Combination("all", (yes, no)), Verdict.FAILS),
        (Combination("any", (no, Combination("all", (yes, yes)))), Verdict.HOLDS),
        (Combination("not", (Combination("any", (yes, no)),)), Verdict.FAILS),
    ]:
        assert conclude(base, replace(a_conclusion(yes), tests=parts)).verdict is said
