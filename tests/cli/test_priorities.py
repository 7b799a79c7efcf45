"""`wellfounded priorities`: the ranking on a terminal and for machines, weights, scenarios, and what is refused."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from wellfounded.conclusions.read import read_all
from wellfounded.priorities.read import read_priorities

Run = Callable[..., Ran]
PAGE = Path(__file__).parents[2] / "docs" / "priorities.md"


@pytest.fixture
def copy(shipped_base: Path, tmp_path: Path) -> Path:
    """The base that ships, to be changed."""
    folder = tmp_path / "base"
    shutil.copytree(shipped_base, folder, ignore=shutil.ignore_patterns("build", "editions"))
    return folder


def blocks() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_for_machines_every_policy_has_its_acceptabilities_weights_prizes_and_what_it_rests_on(
    run: Run, shipped_base: Path
) -> None:
    told = json.loads(run("priorities", shipped_base, "--json", "--draws", 2000).out)
    assert len(told["priorities"]) >= 10
    assert [one["rank"] for one in told["priorities"]] == list(range(1, len(told["priorities"]) + 1))
    for one in told["priorities"]:
        assert sum(one["rank_acceptabilities"]) == pytest.approx(1, abs=1e-3)
        assert one["central_weights"] is None or sum(one["central_weights"].values()) == pytest.approx(1, abs=1e-3)
        assert one["rests_on"]
        assert all(each["reason"] for each in one["criteria"])
    prizes = {one["id"]: one["prize"] for one in told["priorities"]}
    assert prizes["warrington-productivity"]["productivity"]["text"] == "£1.1bn a year"
    assert prizes["work-for-longer"]["earning-power"]["interval"][0] == 0
    ids = [one["id"] for one in told["priorities"]]
    assert told["pairwise"][ids[0]][ids[1]] + told["pairwise"][ids[1]][ids[0]] == pytest.approx(1)


def test_the_same_seed_prints_the_same_and_another_nearly(run: Run, shipped_base: Path) -> None:
    one, same, other = (
        run("priorities", shipped_base, "--json", "--draws", 1500, "--seed", seed).out for seed in (1, 1, 2)
    )
    assert one == same != other


def test_the_table_names_what_is_not_assessed_and_warns_of_what_is_fragile(run: Run, shipped_base: Path) -> None:
    done = run("priorities", shipped_base, "--draws", 500)
    assert done.code == 0
    assert "not assessed" in done.out
    assert "£1.1bn" in done.out
    assert "rests on a fragile conclusion" in done.err


def test_members_weights_stand_side_by_side_with_where_they_disagree(
    run: Run, shipped_base: Path, tmp_path: Path
) -> None:
    path = tmp_path / "weights.toml"
    path.write_text(next(block for block in blocks() if "[[member]]" in block), encoding="utf-8")
    done = run("priorities", shipped_base, "--weights", path, "--draws", 500)
    assert "Member of the board  Another member" in done.out
    assert "Where they disagree:" in done.out
    path.write_text(path.read_text().replace("productivity = 0.5", "productivity = 0.7"), encoding="utf-8")
    refused = run("priorities", shipped_base, "--weights", path, "--draws", 500)
    assert refused.code == 2
    assert f"{path}:3: Member of the board: the weights of impact areas add up to 1.2: expected 1" in refused.err


def test_a_scenario_changes_prizes_and_says_what_a_year_asks_for(run: Run, shipped_base: Path) -> None:
    told = run(
        "priorities", shipped_base, "--comparator", "north-west", "--share", "0.5", "--year", 2033, "--draws", 500
    )
    assert "£219m" in told.out  # half of £438m
    assert "By 2033:" in told.out
    for wrong, said in (
        (("--comparator", "mars"), "there is no comparator 'mars'"),
        (("--share", "2"), "the share of a gap to be closed"),
        (("--year", "1999"), "1999 is not after the figures"),
        (("--draws", "0"), "0 draws: at least one is needed"),
    ):
        refused = run("priorities", shipped_base, *wrong)
        assert (refused.code, said in refused.err) == (2, True)


def test_a_base_without_policies_says_so_and_one_with_mistakes_names_their_lines(run: Run, copy: Path) -> None:
    path = copy / "priorities.toml"
    path.write_text(path.read_text().replace('"few-digital-firms"', '"few-digital-frims"', 1), encoding="utf-8")
    for command in (("priorities", copy), ("check", copy), ("build", copy)):
        done = run(*command)
        assert done.code == 2
        assert re.search(r"priorities\.toml:\d+: there is no conclusion 'few-digital-frims'; did you mean", done.err)
    path.unlink()
    done = run("priorities", copy)
    assert (done.code, "has no priorities.toml" in done.out) == (0, True)
    assert json.loads(run("priorities", copy, "--json").out)["priorities"] == []


def test_what_stakeholders_said_is_read_from_the_base(run: Run, copy: Path) -> None:
    (copy / "said.json").write_text('{"few-digital-firms": {"supporting": 5, "challenging": 1}}', encoding="utf-8")
    told = json.loads(run("priorities", copy, "--json", "--draws", 500).out)
    (one,) = [each for each in told["priorities"] if each["id"] == "digital-adoption"]
    (said,) = [each for each in one["criteria"] if each["id"] == "productivity.said"]
    assert said["text"] == "5 organisations support it and 1 challenges it"


def test_every_example_of_the_page_is_read_as_it_stands(shipped_base: Path, tmp_path: Path) -> None:
    policy, _, success = blocks()
    base, conclusions = read_all(shipped_base)
    success = success.replace('"…"', '"A plan"').rstrip() + '\n  publisher = "The place"\n'
    success += '  url = "https://example.org"\n  accessed = 2026-11-25\n'
    (tmp_path / "priorities.toml").write_text(policy + success, encoding="utf-8")
    found = read_priorities(replace(base, folder=tmp_path), conclusions)
    assert found is not None
    assert found.policies[0].success[0].target == 82.0
    assert found.policies[0].prizes


SAY = """
import sys
from datetime import UTC, datetime
from wellfounded.config.environment import prepare
prepare()
from wellfounded.people.consultation.actions.arrivals import Sent, receive_web
from wellfounded.people.consultation.types import Opinion
for at, demonstration in enumerate(("", "", "demonstration-900")):
    answers = (("warrington-output-per-hour", Opinion.AGREE, "We see it too."),)
    said = Sent(answers=answers, organisation=f"Example {at}", demonstration_id=demonstration)
    receive_web(said, key=f"key-{at}", now=datetime(2026, 11, 25, tzinfo=UTC))
"""


def test_what_people_have_said_by_now_is_weighed_and_demonstration_is_not(shipped_base: Path, tmp_path: Path) -> None:
    own = os.environ | {"WELLFOUNDED_DATA": str(tmp_path)}
    subprocess.run([sys.executable, "-c", SAY], check=True, env=own)
    command = [sys.executable, "-m", "wellfounded.cli", "priorities", str(shipped_base), "--json", "--draws", "2000"]
    told = json.loads(subprocess.run(command, check=True, env=own, capture_output=True, text=True).stdout)
    (two,) = {
        rest["supporting"]
        for one in told["priorities"]
        for rest in one["rests_on"]
        if rest["conclusion"] == "warrington-output-per-hour"
    }
    assert two == 2
