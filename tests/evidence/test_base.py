"""The settings of an evidence base."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from wellfounded.conclusions.subjects import Subjects
from wellfounded.evidence.base import Base, NotABase, load_base
from wellfounded.evidence.located import BaseErrors
from wellfounded.evidence.store import Store


def test_a_base_is_what_its_folder_says(small_base: Path) -> None:
    base = load_base(small_base)
    assert base.members == ("E06000049", "E06000050", "E06000007")
    assert base.code == "place:small"
    assert list(base.comparators) == ["united-kingdom", "england", "north-west", "neighbours"]
    assert base.comparators["united-kingdom"].otherwise == "england"
    assert base.robust_comparators == ("united-kingdom", "england", "north-west", "neighbours")
    assert [chapter.id for chapter in base.chapters] == ["economy", "people"]
    assert base.consultation.address == "evidence@example.org"
    assert base.brand["members"]["E06000007"] == "#00896a"
    assert not base.show_drafts


def test_the_shipped_base_is_whole(shipped_base: Path) -> None:
    base = load_base(shipped_base)
    assert len(base.chapters) == 7
    assert {item.id for item in base.impacts} == {"productivity", "earning-power", "resilience"}
    assert len(base.challenges) == 4
    assert base.consultation.address == "consultation@871candwep.co.uk"
    assert base.consultation.subjects == ("LIS Evidence", "LIS Grand Challenges")


def test_a_folder_without_settings_is_no_base(tmp_path: Path) -> None:
    with pytest.raises(NotABase, match=r"there is no base\.toml here"):
        load_base(tmp_path)


def test_what_can_be_read_of_a_broken_base_goes_along(small_base: Path) -> None:
    path = small_base / "base.toml"
    path.write_text(path.read_text().replace("0.95", "2.0"))
    with pytest.raises(BaseErrors) as raised:
        load_base(small_base)
    assert isinstance(raised.value.readable, Base)
    assert raised.value.readable.confidence == 0.95


@pytest.mark.parametrize("wrong", ["Small Base", "small_base", "-small", "sm/all", "SMALL"])
def test_an_id_that_cannot_stand_in_an_address_is_refused(small_base: Path, wrong: str) -> None:
    path = small_base / "base.toml"
    path.write_text(path.read_text().replace('id = "small"', f'id = "{wrong}"', 1))
    with pytest.raises(BaseErrors, match="expected small letters, digits and hyphens"):
        load_base(small_base)


def test_the_neighbours_of_a_place_are_those_of_its_members_without_its_members(small_base: Path) -> None:
    base = load_base(small_base)
    store = Store.open(base)
    graph = store.catalogue.areas
    subjects = Subjects.of_base(base, store)
    found = set(subjects.sets[int(subjects.roles["comparator:neighbours"][0])].members)
    expected: set[str] = set()
    for member in base.members:
        expected |= set([code for code in graph.neighbours(member, n=20) if code not in base.members][:5])
    assert found == expected
    assert not found & set(base.members)


def test_the_place_knows_the_codes_of_its_own_ground(small_base: Path) -> None:
    base = replace(load_base(small_base), same_as=())
    subjects = Subjects.of_base(base, Store.open(base))
    official = subjects.sets[int(subjects.roles["place"][0])].official
    assert {"TLD6", "E37000003"} <= set(official)


def test_a_comparator_may_be_made_of_several_areas(small_base: Path) -> None:
    path = small_base / "base.toml"
    path.write_text(path.read_text().replace('areas = ["E12000002"]', 'areas = ["E12000002", "E12000005"]'))
    base = load_base(small_base)
    store = Store.open(base)
    subjects = Subjects.of_base(base, store)
    members = subjects.sets[int(subjects.roles["comparator:north-west"][0])].members
    graph = store.catalogue.areas
    assert set(members) == set(graph.members("E12000002")) | set(graph.members("E12000005"))
