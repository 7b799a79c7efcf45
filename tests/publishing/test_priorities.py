"""Priorities in what is published: in the model, in the open data, and with what stakeholders said."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pyarrow.parquet
import pytest
from csvw import CSVW

from tests.web import sample
from wellfounded.conclusions.evaluate import evaluate
from wellfounded.conclusions.read import read_all
from wellfounded.evidence.located import BaseErrors
from wellfounded.priorities.evaluate import prioritise, write_said
from wellfounded.priorities.read import read_priorities
from wellfounded.priorities.types import Said, ShownPriorities
from wellfounded.publishing import build, documents, opendata
from wellfounded.publishing.model import Publication
from wellfounded.publishing.publication import make

TWO = """\
[[policy]]
id = "warrington"
title = "Raise what an hour is worth"
status = "published"
chapter = "economy"
says = "Help firms."
detail = "With **advice** & finance."
levers = ["business"]
impact = ["productivity", "earning-power"]
conclusions = ["districts-differ"]
moves = ["gva-per-hour"]
  [[policy.prize]]
  impact = "productivity"
  measure = "gva"
  reach = "gva-per-hour"

[[policy]]
id = "an-idea"
title = "Not yet"
chapter = "people"
says = "Later."
levers = ["national"]
impact = ["productivity"]
conclusions = ["output-per-hour"]
moves = []
"""


@pytest.fixture(scope="module")
def priorities(shipped_base: Path) -> ShownPriorities:
    base, conclusions = read_all(shipped_base)
    declared = read_priorities(base, conclusions)
    assert declared is not None
    evaluation = evaluate(base, conclusions=conclusions, robustness=False)
    return prioritise(evaluation, declared, draws=500)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, priorities: ShownPriorities) -> Path:
    """The sample publication with the shipped base's priorities, and its open data."""
    folder = sample.write(tmp_path_factory.mktemp("publication"))
    publication, indicators = documents.read(folder)
    publication = msgspec.structs.replace(publication, priorities=priorities)
    (folder / "publication.json").write_bytes(msgspec.json.encode(publication))
    for path in (folder / "data").iterdir():
        path.unlink()
    opendata.write(publication, indicators, to=folder / "data")
    return folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_policy_rank_criterion_and_prize_is_in_the_open_data(folder: Path, priorities: ShownPriorities) -> None:
    policies = priorities.policies
    assert [row["id"] for row in rows(folder, "priorities")] == [policy.id for policy in policies]
    assert len(rows(folder, "ranks")) == len(policies) ** 2
    criteria = rows(folder, "criteria")
    assert len(criteria) == len(policies) * len(priorities.criteria)
    for row in criteria:
        assert row["reason"]
        assert (row["value"] == "") == (row["state"] == "not assessed")
    prizes = rows(folder, "prizes")
    assert {row["comparator"] for row in prizes} > {"united-kingdom", "england", ""}
    for policy in policies:
        for prize in policy.prizes:
            whole = [r for r in prizes if (r["policy"], r["impact"], r["area"], r["declared"]) == (
                policy.id, prize.impact, "", "yes")]  # fmt: skip
            assert [row["shown"] for row in whole] == [prize.text]
            assert [float(row["value"]) for row in whole if row["value"]] == [prize.value]


def test_the_tables_of_priorities_are_described_for_machines_and_hold_the_same_in_parquet(folder: Path) -> None:
    told = CSVW(str(folder / "data" / "csv-metadata.json"))
    assert told.is_valid
    for name in ("priorities", "ranks", "criteria", "prizes"):
        table = pyarrow.parquet.read_table(folder / "data" / f"{name}.parquet")
        assert table.num_rows == len(rows(folder, name))
        assert all(field.metadata[b"description"] for field in table.schema)
    opendata.write_manifest(folder)
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    assert "data/criteria.csv" in manifest["tables"]


def test_a_publication_without_priorities_has_no_tables_of_them() -> None:
    from wellfounded.publishing import opendata_priorities

    assert opendata_priorities.tables(None) == {}


def test_a_publication_carries_the_ranking_and_what_stakeholders_said(small_base: Path) -> None:
    path = small_base / "framework.toml"
    if 'id = "earning-power"' not in path.read_text(encoding="utf-8"):
        with path.open("a", encoding="utf-8") as file:
            file.write('\n[[impact]]\nid = "earning-power"\ntitle = "Earning power"\n')
    (small_base / "priorities.toml").write_text(TWO, encoding="utf-8")
    said = {"districts-differ": Said(4, 1, 0)}
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    made = make(small_base, built_at=moment, said=said).publication
    assert made.priorities is not None
    (policy,) = made.priorities.policies  # the draft stays out
    assert made.priorities.drafts == 1
    assert policy.acceptabilities == (1.0,)
    assert policy.detail_html == "<p>With <strong>advice</strong> &amp; finance.</p>"
    assert made.priorities.stakeholders
    assert {release for prize in policy.prizes for release in prize.releases} <= made.releases.keys()
    encoded = msgspec.json.encode(made)
    assert msgspec.json.decode(encoded, type=Publication) == made
    before = build.made_from(small_base)
    with_said = build.made_from(small_base, said=said)
    assert before != with_said
    (small_base / "said.json").write_bytes(write_said(said))
    assert build.made_from(small_base) == with_said  # as an edition's copy of the base carries it
    again = make(small_base, built_at=moment).publication
    assert msgspec.json.encode(again) == encoded
    (small_base / "priorities.toml").write_text(TWO.replace("districts-differ", "districts-differr"), encoding="utf-8")
    with pytest.raises(BaseErrors, match=r"priorities\.toml:10: there is no conclusion 'districts-differr'"):
        make(small_base, built_at=moment)
