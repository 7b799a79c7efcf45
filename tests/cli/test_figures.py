"""`wellfounded figures`, `indicators`, `areas` and `catalogue`."""

from __future__ import annotations

import csv
import io
import json

import pytest


def test_a_figure_is_printed_with_its_release(run):
    done = run("figures", "gva-per-hour", "--area", "E06000049", "--period", "2022")
    assert done.code == 0
    assert "GVA per hour worked" in done.out
    assert "Cheshire East" in done.out
    assert "subregional-productivity@2025-06-19" in done.out
    assert "Office for National Statistics, released 2025-06-19" in done.out


def test_an_interval_is_printed_where_one_is_published(run):
    done = run("figures", "employment-rate", "--area", "E06000007")
    assert "95% interval" in done.out
    assert " to " in done.out


def test_two_releases_of_one_figure_stand_side_by_side(run):
    told = json.loads(
        run("figures", "gva-per-hour", "--area", "E06000050", "--period", "2022", "--release", "all", "--json").out
    )
    values = {figure["release"]: figure["value"] for figure in told["figures"]}
    assert len(values) == 2
    assert len(set(values.values())) == 2


def test_as_of_leaves_out_what_was_released_later(run):
    (figure,) = json.loads(
        run("figures", "gva-per-hour", "--area", "E06000050", "--period", "2022", "--as-of", "2024-12-31", "--json").out
    )["figures"]
    assert figure["release"] == "subregional-productivity@2024-06-17"


def test_csv_holds_exact_values_and_names(run):
    rows = list(csv.DictReader(io.StringIO(run("figures", "gva-per-hour", "--area", "E06000007", "--csv").out)))
    assert len(rows) > 10
    assert {row["area_name"] for row in rows} == {"Warrington"}
    assert float(rows[-1]["value"]) > 0


def test_the_place_of_a_base_is_shown_with_its_rule(run, small_base):
    (figure,) = json.loads(
        run("figures", "gva-per-hour", "--area", "place", "--period", "2023", "--base", small_base, "--json").out
    )["figures"]
    assert figure["area_name"] == "Cheshire and Warrington"
    assert "ratio rebuilt" in figure["rule"]


def test_a_median_of_the_place_is_refused_with_the_reason(run, small_base):
    done = run("figures", "house-price", "--area", "place", "--base", small_base)
    figures = json.loads(run("figures", "house-price", "--area", "place", "--base", small_base, "--json").out)[
        "figures"
    ]
    assert done.code == 0
    assert all(figure["value"] is None for figure in figures)
    assert all("cannot" in figure["status"] or "can't" in figure["status"] for figure in figures)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("figures", "gva-per-hou"), "did you mean gva-per-hour"),
        (("figures", "gva-per-hour", "--area", "E0600004"), "no area has the code 'E0600004'"),
        (("figures", "gva-per-hour", "--period", "lately"), "'lately' is not a period"),
        (("figures", "gva-per-hour", "--release", "never"), "no release 'never'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_to_do(run, arguments, said):
    done = run(*arguments)
    assert done.code == 2
    assert said in done.err


def test_nothing_found_exits_with_1(run):
    done = run("figures", "gva-per-hour", "--area", "E06000007", "--period", "1950")
    assert done.code == 1
    assert "No figure fits" in done.err


def test_a_search_that_finds_nothing_ends_with_1_and_a_name_that_there_is_not_with_2(run):
    for command, code in (("indicators", 1), ("areas", 1), ("conclusion", 2), ("figures", 2)):
        done = run(command, "no-such-thing")
        assert (done.code, done.out) == (code, ""), command
        assert done.err, command


def test_indicators_are_listed_by_a_word(run):
    done = run("indicators", "per hour")
    assert "gva-per-hour" in done.out
    assert "employment-rate" not in done.out


def test_areas_are_found_by_name_with_their_other_codes(run):
    assert "E06000007" in run("areas", "Warrington").out
    assert "TLD61" in run("areas", "E06000007").out
    assert run("areas", "Atlantis").code == 1


def test_the_catalogue_shows_each_release_with_publisher_and_licence(run):
    done = run("catalogue", "show")
    assert "OGL-UK-3.0" in done.out
    told = json.loads(run("catalogue", "show", "--json").out)
    assert all(release["publisher"] and release["licence"] and release["released"] for release in told["releases"])


def test_the_catalogue_is_built_from_publishers_files_with_a_report(run, shared_data, tmp_path):
    done = run(
        "catalogue", "build", "--from", shared_data, "--to", tmp_path / "data", "--rejected", tmp_path / "rejected"
    )
    assert done.code == 0, done.err
    assert "rows of" in done.out
    assert "rejected" in done.out
    assert (tmp_path / "data" / "figures.parquet").exists()
    assert (tmp_path / "rejected" / "rejected.csv").exists()


def test_the_version_is_that_of_the_package(run):
    from importlib.metadata import version

    import wellfounded

    assert version("wellfounded") == wellfounded.__version__
    assert wellfounded.__version__ in run("--version").out
