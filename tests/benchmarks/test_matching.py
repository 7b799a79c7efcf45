"""The measures of matching are those of the shared task, through the product's linker, on any folder of its format."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.keypoints import COLUMNS, Group, NotInTheFormat, features_of, read_set, sets_in
from benchmarks.matching import cross_validated, main, measured
from benchmarks.weights import learned, names_of, with_examples

ARGUMENTS = 40
TOPICS = 2


@pytest.fixture(scope="module")
def folder(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small set: two topics of the task's dev set, the first arguments of each."""
    source, to = shared_data / "responses" / "argument-key-points", tmp_path_factory.mktemp("set")
    rows = {}
    for kind in COLUMNS:
        with (source / f"{kind}_dev.csv").open(encoding="utf-8", newline="") as file:
            rows[kind] = list(csv.DictReader(file))
    chosen = sorted({row["topic"] for row in rows["arguments"]})[:TOPICS]
    kept = [row for topic in chosen for row in [r for r in rows["arguments"] if r["topic"] == topic][:ARGUMENTS]]
    rows["arguments"], ids = kept, {row["arg_id"] for row in kept}
    rows["labels"] = [row for row in rows["labels"] if row["arg_id"] in ids]
    rows["key_points"] = [row for row in rows["key_points"] if row["topic"] in chosen]
    for kind, its in rows.items():
        with (to / f"{kind}_small.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[kind])
            writer.writeheader()
            writer.writerows({name: row[name] for name in COLUMNS[kind]} for row in its)
    return to


def test_a_folder_of_the_format_is_measured_and_the_linker_beats_cosine_alone(folder, capsys):
    code = main([str(folder), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["how"] == "shipped weights"
    assert found["auc"] > found["alone"]["cosine"]["auc"]
    assert found["precision_at_0.5"] >= found["alone"]["cosine"]["precision_at_0.5"]
    assert found["precision_at_0.5"] == found["precision_at_coverage"]["0.5"]
    assert found["map_strict"] <= found["map_relaxed"] <= 1
    assert code == int(min(found["ratio_to_cosine"][name] for name in ("map_strict", "map_relaxed")) <= 1)


def test_the_measures_of_a_worked_example():
    # Four arguments; the surer half are the first (right) and the second (nobody labelled it).
    labels = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.5], [0.1, 0.3]])
    group = Group("t", "1", ("a", "b", "c", "d"), ("x", "y"), labels)
    found = measured((group,), [scores])
    assert (found["map_strict"], found["map_relaxed"]) == (1.0, 1.0)
    assert found["precision_at_coverage"] == {"0.25": 1.0, "0.5": 0.5, "0.75": pytest.approx(1 / 3)}
    assert found["auc"] == pytest.approx(7 / 8)
    swapped = measured((group,), [scores[[1, 0, 2, 3]] * [[1], [1], [1], [1]]])
    assert (swapped["map_strict"], swapped["map_relaxed"]) == (0.5, 1.0)


def test_weights_are_learned_from_other_topics_only_and_examples_are_worth_something(folder):
    data = read_set(folder, "small")
    features = features_of(data)
    held = cross_validated(data, features, model=True)
    first = [place for place, group in enumerate(data.groups) if group.topic == data.groups[0].topic]
    other = [place for place in range(len(data.groups)) if place not in first]
    names = names_of(features, model=True)
    weights = learned([data.groups[place] for place in other], [features[place] for place in other], names)
    from benchmarks.matching import confidences

    assert np.allclose(confidences([features[0]], weights)[0], held[0])
    taught = with_examples(data, features, weights, model=True)
    assert taught.examples.confirmed != 0
    assert taught.by == weights.by


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("labels", "arg_id,label\n", "labels_x.csv, line 1: found the columns arg_id, label; expected arg_id"),
        ("labels", "arg_id,key_point_id,label\na,k,maybe\n", "row 2: found the label 'maybe'; expected 0 or 1"),
        ("labels", "arg_id,key_point_id,label\nb,k,1\n", "row 2: arg_id 'b' is in no other file"),
        ("arguments", "arg_id,argument,topic,stance\na,,t,1\n", "row 2: argument is empty"),
        ("key_points", "key_point_id,key_point,topic,stance\nk,words,u,1\n", "no argument with a key point"),
        ("key_points", None, "key_points_x.csv: not found"),
    ],
)
def test_a_file_that_is_not_in_the_format_is_refused_with_its_row(tmp_path, capsys, kind, text, told):
    files = {
        "arguments": "arg_id,argument,topic,stance\na,words,t,1\n",
        "key_points": "key_point_id,key_point,topic,stance\nk,words,t,1\n",
        "labels": "arg_id,key_point_id,label\na,k,1\n",
    }
    for name, body in {**files, kind: text}.items():
        if body is not None:
            (tmp_path / f"{name}_x.csv").write_text(body)
    with pytest.raises(NotInTheFormat, match=told.replace("(", r"\(")):
        sets_in(tmp_path)
    assert main([str(tmp_path)]) == 2
    assert told in capsys.readouterr().err


def test_a_folder_without_a_set_is_refused(tmp_path):
    with pytest.raises(NotInTheFormat, match="no such folder"):
        sets_in(tmp_path / "none")
    with pytest.raises(NotInTheFormat, match=r"no file labels_NAME\.csv"):
        sets_in(tmp_path)
