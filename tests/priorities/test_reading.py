"""priorities.toml: what may stand in it, and what is said of what may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.priorities.conftest import Read
from wellfounded.conclusions.evaluate import Evaluation
from wellfounded.evidence.located import BaseErrors
from wellfounded.evidence.types import Rule
from wellfounded.priorities.evaluate import read_said, write_said
from wellfounded.priorities.read import read_priorities
from wellfounded.priorities.types import Declared, Lever, Said, ShownPriorities

Problems = Callable[[str], list[str]]

ONE = """\
[[policy]]
id = "skills"
title = "Skills"
chapter = "people"
says = "Train people."
status = "published"
levers = ["business", "college-university"]
impact = ["earning-power"]
conclusions = ["adult-learning", "qualified-residents"]
moves = ["level-3-qualifications"]
  [[policy.prize]]
  impact = "earning-power"
  measure = "pay"
  reach = "mean-annual-pay"
  areas = ["E06000050"]
  [[policy.evaluation]]
  finding = "mixed"
  says = "It works at times."
  title = "A review"
  publisher = "A centre"
  url = "https://example.org/review"
  accessed = 2026-11-25
  [[policy.success]]
  indicator = "employment-rate"
  baseline = "2023"
"""


def test_the_base_that_ships_declares_at_least_ten_policies_with_all_that_is_asked_of_them(declared: Declared) -> None:
    assert len(declared.published) >= 10
    assert {policy.chapter for policy in declared.published} >= {
        "ideas", "people", "infrastructure", "business-environment", "place"
    }  # fmt: skip
    assert {lever for policy in declared.policies for lever in policy.levers} == set(Lever)
    assert {name for policy in declared.policies for name in policy.challenges} == {
        "ai-and-data", "ageing-society", "clean-growth", "future-of-mobility"
    }  # fmt: skip
    for policy in declared.policies:
        assert policy.conclusions
        assert policy.moves
        for one in policy.evaluations:
            assert one.reference.url.startswith("http")
            assert one.says


def test_a_policy_is_what_its_table_says(read: Read) -> None:
    (policy,) = read('comparator = "england"\n' + ONE).policies
    assert policy.levers == (Lever.BUSINESS, Lever.COLLEGE_UNIVERSITY)
    assert policy.prizes[0].areas == ("E06000050",)
    assert policy.evaluations[0].impact == ("earning-power",)  # all of the policy's, unless it says which
    assert not policy.draft
    assert read(ONE.replace('status = "published"\n', "")).policies[0].draft


def test_a_base_without_the_file_has_no_priorities(evaluation: Evaluation, tmp_path: Path) -> None:
    assert read_priorities(replace(evaluation.base, folder=tmp_path), [], evaluation.store) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('id = "skills"', 'id = "Skills"', 2, "expected small letters"),
        ('title = "Skills"\n', "", 1, "a policy needs `title`"),
        ('chapter = "people"', 'chapter = "peeple"', 4, "there is no chapter 'peeple'; did you mean 'people'?"),
        ('status = "published"', 'status = "live"', 6, "there is no status 'live'"),
        ('"business", ', '"busyness", ', 7, "did you mean 'business'?"),
        ('levers = ["business", "college-university"]', "levers = []", 7, "a policy needs `levers`: who can act"),
        ('impact = ["earning-power"]\nconcl', 'impact = ["earning"]\nconcl', 8, "no impact area 'earning'"),
        ('impact = ["earning-power"]\nconcl', 'impact = ["earning-power", "resilience"]\nconcl', 8,
         "none of the conclusions that 'skills' rests on bears on 'resilience'"),
        ('"adult-learning", ', '"adult-lerning", ', 9,
         "there is no conclusion 'adult-lerning'; did you mean 'adult-learning'?"),
        ('["level-3-qualifications"]', '["level-4"]', 10, "there is no indicator 'level-4'"),
        ('impact = "earning-power"\n  measure', 'impact = "resilience"\n  measure', 12,
         "expected one of the policy's own: earning-power"),
        ('measure = "pay"', 'measure = "happiness"', 13, "there is no measure of a prize 'happiness'"),
        ('reach = "mean-annual-pay"', 'reach = "gva-per-hour"', 14, "there is no link for a prize in pay"),
        ('areas = ["E06000050"]', 'areas = ["E06000049", "K02000001"]', 15, "there is no member 'K02000001'"),
        ('areas = ["E06000050"]', 'comparator = "france"', 15, "there is no comparator 'france'"),
        ('areas = ["E06000050"]', 'category = "C (10-33)"', 15, "mean-annual-pay has no sectors"),
        ('finding = "mixed"', 'finding = "good"', 17, "there is no finding 'good'"),
        ('  says = "It works at times."\n', "", 16, "an evaluation needs `says`"),
        ('  url = "https://example.org/review"\n', "", 16, "needs a reference that can be opened: `url` is missing"),
        ('"https://example.org/review"', '"a book"', 21, "expected an address that can be opened"),
        ("accessed = 2026-11-25", 'accessed = "today"', 22, "expected the day on which it was opened"),
        ('baseline = "2023"', 'baseline = "2023"\n  target = 82', 23, "a target needs a reference that can be opened"),
        ('baseline = "2023"', 'baseline = "2023"\n  target = 82\n  by = 2020', 27, "expected a year after the base"),
        ('baseline = "2023"', 'baseline = "2023"\n  target = 82', 23, "`by` is missing: expected the year"),
        ('baseline = "2023"', 'baseline = "2023"\n  by = 2030', 23, "`target` is missing: expected a number"),
        ('indicator = "employment-rate"', 'indicator = "employment"', 24, "there is no indicator 'employment'"),
        ("[[policy]]", "[[member]]\nname = 'Me'\n[[policy]]", 1, "stated weights are in a file of their own"),
        ("[[policy]]", "[[polizy]]", 1, "there is no key 'polizy'; did you mean 'policy'?"),
        ("  [[policy.success]]", "  [policy.time]\n  years = [5, 2]\n  [[policy.success]]", 23,
         "a time to effect needs a reference that can be opened"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_and_line(
    problems: Problems, old: str, new: str, line: int, message: str
) -> None:
    assert old in ONE
    said = problems(ONE.replace(old, new))
    assert any(text.startswith(f"priorities.toml:{line}: ") and message in text for text in said), said


def test_every_problem_is_told_in_one_run_and_two_policies_have_two_ids(problems: Problems) -> None:
    said = problems(ONE + ONE.replace("people", "peeple").replace("adult-learning", "nothing"))
    assert len(said) == 3
    assert any("already used at priorities.toml:1" in text for text in said)


def test_prizes_that_are_ranked_together_have_one_measure(problems: Problems) -> None:
    other = ONE.replace('id = "skills"', 'id = "other"').replace('measure = "pay"', 'measure = "gva"')
    other = other.replace('reach = "mean-annual-pay"', 'reach = "employment-rate"')
    (said,) = problems(ONE + other)
    assert "those of one impact area are ranked together and need one measure" in said


def test_a_withdrawn_conclusion_carries_nothing(evaluation: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "priorities.toml").write_text(ONE)
    conclusions = [
        replace(r.conclusion, state="withdrawn") if r.conclusion.id == "adult-learning" else r.conclusion
        for r in evaluation.results
    ]
    from wellfounded.conclusions.types import State

    conclusions = [replace(c, state=State(c.state)) for c in conclusions]
    with pytest.raises(BaseErrors, match="'adult-learning' is withdrawn: nothing can rest on it"):
        read_priorities(replace(evaluation.base, folder=tmp_path), conclusions, evaluation.store)


def test_a_published_policy_prints_no_draft_unless_drafts_are_shown(evaluation: Evaluation, tmp_path: Path) -> None:
    from wellfounded.conclusions.types import State

    (tmp_path / "priorities.toml").write_text(ONE)
    conclusions = [
        replace(r.conclusion, state=State.DRAFT) if r.conclusion.id == "adult-learning" else r.conclusion
        for r in evaluation.results
    ]
    base = replace(evaluation.base, folder=tmp_path)
    with pytest.raises(BaseErrors, match=r"priorities\.toml:9: the conclusion 'adult-learning' is a draft"):
        read_priorities(base, conclusions, evaluation.store)
    assert read_priorities(replace(base, show_drafts=True), conclusions, evaluation.store) is not None


def test_what_stakeholders_said_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    said = {"b": Said(3, 1, 0), "a": Said(0, 0, 2)}
    (tmp_path / "said.json").write_bytes(write_said(said))
    assert read_said(tmp_path) == said
    (tmp_path / "said.json").write_text('{"a": {"supporting": "many"}}')
    with pytest.raises(BaseErrors, match=r"said\.json:1: this is not what stakeholders said"):
        read_said(tmp_path)
    assert read_said(tmp_path / "nowhere") == {}


def test_an_amount_of_the_place_is_not_set_against_one_of_the_country(shown: ShownPriorities, evaluation: Evaluation):
    for move in (move for policy in shown.policies for move in policy.moves):
        amount = evaluation.store.indicator(move.indicator).additivity.rule is Rule.SUM
        assert not (amount and (move.comparator or move.gap)), move
        assert move.own or move.why_none, move
    assert any(move.gap for policy in shown.policies for move in policy.moves)
