"""`wellfounded new`."""

from __future__ import annotations

import tomllib

import pytest

from wellfounded.conclusions.read import read_all
from wellfounded.evidence.base import load_base
from wellfounded.priorities.read import read_priorities

LINCOLNSHIRE = ("E06000012", "E06000013", "E10000019")


def areas(codes):
    return [part for code in codes for part in ("--area", code)]


def test_a_new_base_is_valid_and_its_drafts_are_tested(run, tmp_path):
    folder = tmp_path / "greater-lincolnshire"
    done = run("new", "Greater Lincolnshire", *areas(LINCOLNSHIRE), "--to", folder, "--no-build")
    assert done.code == 0, done.err
    base, conclusions = read_all(folder)
    assert base.id == "greater-lincolnshire"
    assert len(base.members) == 9
    assert base.show_drafts
    assert len(conclusions) > 10
    assert {conclusion.state for conclusion in conclusions} == {"draft"}
    checked = run("check", folder, "--drafts")
    assert checked.code == 0
    assert checked.out.count("✔ holds") > 10


def test_a_new_base_has_no_policy_yet_and_its_first_one_only_has_to_be_uncommented(run, tmp_path):
    folder = tmp_path / "base"
    run("new", "Greater Lincolnshire", *areas(LINCOLNSHIRE), "--to", folder, "--no-build")
    base, conclusions = read_all(folder)
    assert read_priorities(base, conclusions).policies == ()
    told = run("priorities", folder)
    assert (told.code, "No policy is published yet." in told.out) == (0, True)
    path = folder / "priorities.toml"
    head, example = path.read_text(encoding="utf-8").split("# [[policy]]")
    example = "\n".join(line.removeprefix("# ") for line in ("# [[policy]]" + example).splitlines())
    path.write_text(head + example, encoding="utf-8")
    (policy,) = read_priorities(base, conclusions).policies
    assert policy.draft
    assert policy.conclusions[0] in {conclusion.id for conclusion in conclusions}


def test_comparators_are_the_nation_the_region_neighbours_and_never_the_place_itself(run, tmp_path):
    run("new", "Greater Lincolnshire", *areas(LINCOLNSHIRE), "--to", tmp_path / "base", "--no-build")
    comparators = load_base(tmp_path / "base").comparators
    assert list(comparators) == ["united-kingdom", "england", "east-midlands", "neighbours"]
    assert comparators["east-midlands"].name == "the East Midlands"


def test_a_place_in_a_larger_combined_authority_is_compared_with_it(run, tmp_path):
    run("new", "Salford", "--area", "E08000006", "--to", tmp_path / "salford", "--no-build")
    assert load_base(tmp_path / "salford").comparators["greater-manchester"].areas == ("E47000001",)


@pytest.mark.parametrize(
    ("name", "code", "country"),
    [
        ("Cardiff", "W06000015", "wales"),
        ("Aberdeen", "S12000033", "scotland"),
        ("Belfast", "N09000003", "northern-ireland"),
    ],
)
def test_places_outside_england_have_a_base_too(run, tmp_path, name, code, country):
    done = run("new", name, "--area", code, "--to", tmp_path / "base", "--no-build")
    assert done.code == 0, done.err
    base = load_base(tmp_path / "base")
    assert country in base.comparators
    assert run("check", tmp_path / "base", "--drafts").code == 0


def test_names_with_quotes_make_valid_files(run, tmp_path):
    assert run("new", 'The "Valley"', "--area", "W06000015", "--to", tmp_path / "base", "--no-build").code == 0
    assert tomllib.loads((tmp_path / "base" / "base.toml").read_text("utf-8"))["name"] == 'The "Valley"'


def test_a_folder_that_holds_something_is_left_alone(run, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = run("new", "Salford", "--area", "E08000006", "--to", tmp_path, "--no-build")
    assert done.code == 2
    assert "exists already" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_code_is_refused_and_nothing_is_written(run, tmp_path):
    done = run("new", "Nowhere", "--area", "E0600001", "--to", tmp_path / "base", "--no-build")
    assert done.code == 2
    assert "no area has the code 'E0600001'" in done.err
    assert not (tmp_path / "base").exists()
