"""`wellfounded check` and `wellfounded conclusion`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ECONOMY = Path("conclusions", "economy.toml")


def change(base: Path, old: str, new: str, *, file: Path = ECONOMY) -> None:
    text = (base / file).read_text("utf-8")
    assert old in text
    (base / file).write_text(text.replace(old, new, 1), "utf-8")


def test_a_base_whose_conclusions_hold_exits_with_0_and_shows_each_with_its_robustness(run, small_base):
    done = run("check", small_base)
    assert done.code == 0, done.err
    line = next(line for line in done.out.splitlines() if "output-per-hour" in line)
    assert re.match(r"✔ holds +\d+ of \d+ +economy +strength +output-per-hour +An hour's work in", line)
    assert "2 published: 2 hold. 1 not published (--drafts shows them)." in done.out


def test_drafts_are_shown_when_asked_for(run, small_base):
    assert "an-idea" not in run("check", small_base).out
    assert "context (draft)" in run("check", small_base, "--drafts").out


def test_a_published_conclusion_that_fails_is_named_and_exits_with_1(run, small_base):
    change(small_base, 'by_at_least = "2%"', 'by_at_least = "50%"')
    done = run("check", small_base)
    assert done.code == 1
    assert "✘ fails" in done.out
    assert "conclusions/economy.toml:1: output-per-hour: fails" in done.err


def test_a_draft_that_fails_does_not_count(run, small_base):
    change(small_base, 'status = "published"', 'status = "draft"')
    change(small_base, 'by_at_least = "2%"', 'by_at_least = "50%"')
    assert run("check", small_base, "--drafts").code == 0


def test_one_that_is_kept_with_a_reason_does_not_count_against_the_base(run, small_base):
    change(small_base, 'by_at_least = "2%"', 'by_at_least = "50%"')
    change(small_base, 'kind = "strength"', 'kind = "strength"\nkept_because = "The board asked for it to stay."')
    done = run("check", small_base)
    assert done.code == 0
    assert "✘ fails (kept)" in done.out
    assert "Kept: The board asked for it to stay." in done.err


def test_json_has_the_shape_that_machines_were_promised(run, small_base):
    done = run("check", small_base, "--json")
    told = json.loads(done.out)
    assert list(told) == ["base", "conclusions"]
    assert told["base"] == "small"
    first = told["conclusions"][0]
    assert list(first) == ["id", "chapter", "impact", "kind", "verdict", "sentence", "robustness", "tests"]
    assert first["impact"] == ["productivity"]
    assert set(first["robustness"]) == {"holds", "of"}
    assert first["tests"][0]["indicator"] == "gva-per-hour"
    assert first["tests"][0]["verdict"] == "holds"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'indicator = "gva-per-hour"',
            'indicator = "gva-per-hou"',
            "economy.toml:12: there is no indicator 'gva-per-hou'",
        ),
        ('expect = "higher"', 'expect = "hihger"', "economy.toml:13: there is no expectation 'hihger'"),
        ('than = "united-kingdom"', "", "economy.toml:11: `higher` needs a comparator"),
        (
            'id = "districts-differ"',
            'id = "output-per-hour"',
            "economy.toml:18: the id 'output-per-hour' is already used",
        ),
        ("{difference}", "{diference}", "economy.toml:7: there is no slot '{diference}'"),
        ('kind = "strength"', "kind = strength", "economy.toml:5: this is not TOML"),
    ],
)
def test_what_is_wrong_in_a_base_is_told_with_file_and_line(run, small_base, old, new, said):
    change(small_base, old, new)
    done = run("check", small_base)
    assert done.code == 2
    assert f"{small_base}/conclusions/{said}" in done.err
    assert done.out == ""


def test_all_errors_are_told_in_one_run(run, small_base):
    change(small_base, 'indicator = "gva-per-hour"', 'indicator = "nothing"')
    change(small_base, 'expect = "spread"', 'expect = "spraed"')
    change(small_base, 'areas = ["E12000002"]', 'areas = ["E12999999"]', file=Path("base.toml"))
    done = run("check", small_base)
    assert done.code == 2
    for said in ("'nothing'", "'spraed'", "'E12999999'", "3 errors"):
        assert said in done.err


def test_errors_come_as_json_too(run, small_base):
    change(small_base, 'expect = "higher"', 'expect = "hihger"')
    done = run("check", small_base, "--json")
    assert done.code == 2
    (error,) = json.loads(done.out)["errors"]
    assert error["file"] == "conclusions/economy.toml"
    assert error["line"] == 13


def test_a_folder_that_is_no_base_is_refused(run, tmp_path):
    done = run("check", tmp_path)
    assert done.code == 2
    assert "no base.toml" in done.err


def test_the_present_folder_is_the_base_where_it_is_one(run, small_base, monkeypatch):
    monkeypatch.chdir(small_base / "conclusions")
    assert json.loads(run("check", "--json").out)["base"] == "small"


def test_without_a_base_at_hand_the_command_says_how_to_get_one(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("check")
    assert done.code == 2
    assert "wellfounded new" in done.err


def test_a_conclusion_is_printed_with_its_working_figures_and_robustness(run, small_base):
    done = run("conclusion", "output-per-hour", small_base)
    assert done.code == 0
    for said in (
        "higher than in the UK, by at least 2%?",
        "ratio rebuilt from GVA",
        "subregional-productivity@",
        "Robustness: holds in",
        "Why it matters: It decides what can be paid.",
    ):
        assert said in done.out


def test_the_variants_of_a_conclusion_can_be_listed(run, small_base):
    done = run("conclusion", "districts-differ", small_base, "--variants")
    listed = re.search(r"holds in (\d+) of (\d+)", done.out)
    rows = done.out.split("choices\n")[1].strip().splitlines()
    assert len(rows) == int(listed[2])
    assert sum(row.startswith("✔") for row in rows) == int(listed[1])


def test_a_conclusion_as_json_has_everything(run, small_base):
    told = json.loads(run("conclusion", "output-per-hour", small_base, "--json").out)
    assert told["verdict"] == "holds"
    assert told["tests"][0]["working"]
    assert len(told["robustness"]["variants"]) == told["robustness"]["of"]


def test_an_unknown_conclusion_is_refused_with_the_nearest(run, small_base):
    done = run("conclusion", "output-per-hours", small_base)
    assert done.code == 2
    assert "did you mean output-per-hour" in done.err
