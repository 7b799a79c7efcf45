"""The settings of an evidence base."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from wellfounded.conclusions.subjects import Subjects
from wellfounded.evidence.base import Base, NotABase, load_base
from wellfounded.evidence.consultation import RESPONDENTS
from wellfounded.evidence.located import BaseErrors
from wellfounded.evidence.store import Store
from wellfounded.people.consultation.types import Respondent
from wellfounded.publishing import shown_consultation


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


def test_a_consultation_states_its_days_its_choices_and_who_runs_it(small_base: Path) -> None:
    path = small_base / "base.toml"
    path.write_text(
        path.read_text().replace(
            "[consultation]",
            '[consultation]\nopens = 2027-01-11\ncloses = "2027-03-05"\nrespondents = ["council", "resident"]\n'
            'sectors = ["Digital"]\nrun_by = "Example Authority"\nprivacy = "We keep **little**."',
        )
    )
    said = load_base(small_base).consultation
    assert (said.opens, said.closes) == (date(2027, 1, 11), date(2027, 3, 5))
    assert (said.respondents, said.sectors) == (("council", "resident"), ("Digital",))
    shown = shown_consultation.shown(said)
    assert (shown.opens, shown.closes) == ("2027-01-11", "2027-03-05")
    assert shown.privacy_html == "<p>We keep <strong>little</strong>.</p>"


def test_types_of_respondents_are_those_of_the_table() -> None:
    assert tuple(str(one) for one in Respondent) == RESPONDENTS


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('closes = "next spring"', r"`closes` is 'next spring': expected a day, as 2027-01-31"),
        ("opens = 2027-01-31T10:00:00", r"`opens` is .*: expected a day"),
        ("opens = 2027-01-31\ncloses = 2027-01-30", r"`closes` is 2027-01-30, before it opens on 2027-01-31"),
        ('respondents = ["resident", "bussiness"]', r"no type of respondent 'bussiness'; did you mean 'business'"),
        ('sectors = [""]', r"expected 1 to 120"),
        ('close = 2027-01-31', r"there is no key 'close'; did you mean 'closes'"),
        ("run_by = 3", r"`run_by` is 3: expected text"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_consultation_is_said_with_its_line(small_base: Path, line: str, said: str) -> None:
    path = small_base / "base.toml"
    text = path.read_text().replace("[consultation]", f"[consultation]\n{line}")
    path.write_text(text)
    at = text[: text.index("[consultation]")].count("\n") + 2
    with pytest.raises(BaseErrors, match=said) as raised:
        load_base(small_base)
    assert {problem.file for problem in raised.value.problems} == {"base.toml"}
    assert raised.value.problems[0].line in (at, at + 1)
