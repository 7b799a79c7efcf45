"""Weights that people state: what adds up, what doesn't, and where it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from wellfounded.evidence.located import BaseErrors
from wellfounded.priorities.types import Kind, ShownPriorities
from wellfounded.priorities.weights import WeightsDoNotSum, by_criterion, complete, of, read

TWO = """\
[[member]]
name = "Member one"
  [member.impact]
  productivity = 0.5
  earning-power = 0.3
  resilience = 0.2
  [member.kind]
  prize = 0.4
  evidence = 0.6

[[member]]
name = "Member two"
  [member.weights]
  "productivity.prize" = [0.2, 0.5]
  "resilience.evidence" = 0.1
"""


def test_a_weight_is_the_product_of_its_impact_area_s_and_its_kind_s(shown: ShownPriorities, tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(TWO)
    one, two = read(tmp_path / "w.toml", shown)
    weights = {name: least for name, least, _ in one.ranges}
    assert one.exact
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["productivity.evidence"] == pytest.approx(0.3)
    assert weights["resilience.time"] == 0
    assert not two.exact
    by = {name: (least, most) for name, least, most in two.ranges}
    assert by["productivity.prize"] == (0.2, 0.5)
    assert by["resilience.evidence"] == (0.1, 0.1)
    assert by["resilience.time"] == (0.0, 1.0)  # not named: what the others leave


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("productivity = 0.5", "productivity = 0.6", 3, "the weights of impact areas add up to 1.1: expected 1"),
        ("evidence = 0.6", "evidence = 0.5", 7, "the weights of kinds of criterion add up to 0.9: expected 1"),
        ("resilience = 0.2", "resilence = 0.2", 6, "no impact area 'resilence'; did you mean 'resilience'?"),
        ("prize = 0.4", 'prize = "a lot"', 8, "expected a number"),
        ("prize = 0.4\n  evidence = 0.6", "prize = -0.4\n  evidence = 1.4", 7, "expected zero or more"),
        ('"resilience.evidence" = 0.1', '"resilience.proof" = 0.1', 15, "did you mean 'resilience.prize'"),
        ("[0.2, 0.5]", "[0.5, 0.2]", 13, "expected 0 to 1, the least first"),
        ('"resilience.evidence" = 0.1', '"resilience.evidence" = 0.9', 13, "the least weights add up to 1.1"),
        ('name = "Member two"\n', "", 11, "a member needs `name`"),
        ('"Member two"', '"Member one"', 12, "there already are weights of 'Member one'"),
        ("[member.weights]", "[member.wishes]", 13, "no key 'wishes'"),
    ],
)
def test_what_does_not_add_up_is_said_with_file_and_line(
    shown: ShownPriorities, tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert old in TWO
    path = tmp_path / "w.toml"
    path.write_text(TWO.replace(old, new))
    with pytest.raises(BaseErrors) as raised:
        read(path, shown)
    said = [str(problem) for problem in raised.value.problems]
    assert any(text.startswith(f"{path}:{line}: ") and message in text for text in said), said


def test_weights_rounded_to_whole_per_cents_are_taken_for_what_they_mean() -> None:
    found = by_criterion("me", {"a": 0.333, "b": 0.333, "c": 0.333})
    assert sum(least for _, least, _ in found.ranges) == pytest.approx(1)
    with pytest.raises(WeightsDoNotSum):
        by_criterion("me", {"a": 0.5, "b": 0.4})
    with pytest.raises(WeightsDoNotSum):
        of("me", impact={"a": 1.0}, kind={Kind.PRIZE.value: 0.7})
    with pytest.raises(WeightsDoNotSum, match=r"the most weights add up to 0\.5"):
        complete(by_criterion("me", {"a": (0.1, 0.2), "b": (0.1, 0.3)}), ["a", "b"])
