"""`wellfounded edition`: what it says and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.editions import Frozen2
from wellfounded.cli.edition import note_of_site
from wellfounded.cli.main import main
from wellfounded.people.models import Done

pytestmark = [pytest.mark.slow]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def test_a_base_without_editions_says_how_to_make_the_first(
    small_base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "edition", "list", str(small_base))
    assert code == 0
    assert "`wellfounded edition freeze` makes the first" in out
    code, _, err = run(capsys, "edition", "verify", "--base", str(small_base))
    assert code == 2
    assert "no edition has been frozen yet" in err


def test_it_lists_editions_with_their_corrections(
    two_editions: Frozen2,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "edition", "list", str(two_editions.base))
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if line[:1].isdigit()] == ["2", "1"]
    assert "corrected by edition 2" in out
    code, out, _ = run(capsys, "edition", "list", str(two_editions.base), "--json")
    assert [each["number"] for each in json.loads(out)["editions"]] == [2, 1]


def test_it_says_what_changed(two_editions: Frozen2, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "edition", "changes", "--base", str(two_editions.base))
    assert code == 0
    assert "From edition 1 of 2026-03-02 to edition 2 of 2026-06-01:" in out
    assert "output-per-hour: reworded" in out
    assert "led by R-0007" in out
    code, out, _ = run(capsys, "edition", "changes", "1", "2", "--base", str(two_editions.base), "--json")
    assert {each["id"] for each in json.loads(out)["conclusions"]} >= {"output-per-hour", "an-idea"}


def test_verify_ends_with_0_for_the_same_1_for_another_and_2_for_no_edition(
    two_editions: Frozen2,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "edition", "verify", "1", "--base", str(two_editions.base))
    assert (code, "files as they were frozen" in out) == (0, True)
    folder = shutil.copytree(two_editions.first.folder, tmp_path / "copy", copy_function=shutil.copyfile)
    (folder / "data").chmod(0o755)
    (folder / "data" / "sources.csv").write_text("x", encoding="utf-8")
    code, out, _ = run(capsys, "edition", "verify", str(folder))
    assert code == 1
    assert "data/sources.csv: altered" in out
    code, _, err = run(capsys, "edition", "verify", str(tmp_path / "nowhere"))
    assert code == 2
    assert "neither an edition's folder nor its archive" in err
    assert "Traceback" not in err


def test_what_keeps_a_base_from_being_frozen_is_said_in_full(
    small_base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small_base / "conclusions" / "economy.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"2%"', '"90%"').replace('"20%"', '"900%"'), encoding="utf-8")
    code, _, err = run(capsys, "edition", "freeze", str(small_base))
    assert code == 2
    assert "conclusion output-per-hour" in err
    assert "conclusion districts-differ" in err
    assert "2 obstacles; nothing was frozen." in err
    assert not list((small_base / "editions").glob("[0-9]*"))


def test_what_can_not_be_is_refused_in_words(
    two_editions: Frozen2,
    capsys: pytest.CaptureFixture[str],
) -> None:
    base = str(two_editions.base)
    for arguments, words in (
        (("freeze", base), "nothing has changed since edition 2"),
        (("freeze", base, "--corrects", "1"), "has to say what was wrong"),
        (("freeze", base, "--date", "tomorrow"), "expected a date as 2026-11-12"),
        (("changes", "7", "--base", base), "there are 1, 2"),
        (("verify", "7", "--base", base), "there are 1, 2"),
    ):
        code, _, err = run(capsys, "edition", *arguments)
        assert code == 2, arguments
        assert words in err, arguments
        assert "Traceback" not in err


def test_documents_that_lead_to_no_page_others_can_reach_are_told_of(two_editions: Frozen2, tmp_path: Path) -> None:
    assert "lead to no site" in note_of_site(two_editions.second.folder)
    copied = shutil.copytree(two_editions.second.folder, tmp_path / "edition")
    publication = copied / "publication.json"
    publication.chmod(0o644)
    told = json.loads(publication.read_text(encoding="utf-8"))
    for site, expected in (("http://127.0.0.1:8000", True), ("https://evidence.example.gov.uk", False)):
        publication.write_text(json.dumps({**told, "site": site}), encoding="utf-8")
        assert (site in note_of_site(copied)) is expected


@pytest.mark.django_db
def test_an_edition_frozen_by_the_command_is_in_the_record_of_the_base_s_people(
    small_base: Path, drawings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_base / "build").mkdir()
    (small_base / "build" / "cache").symlink_to(drawings)
    assert run(capsys, "edition", "freeze", str(small_base), "--date", "2026-11-12")[0] == 0
    assert not Done.objects.exists(), "nobody's data has been made yet"
    monkeypatch.setenv("WELLFOUNDED_DATABASE", "people.sqlite3")
    arguments = ("--date", "2026-11-13", "--even-if-unchanged")
    assert run(capsys, "edition", "freeze", str(small_base), *arguments)[0] == 0
    assert list(Done.objects.values_list("who", "what", "about", "detail")) == [
        ("command line", "edition.frozen", "edition 2", {"date": "2026-11-13", "corrects": 0})
    ]


def test_what_may_be_left_out_stands_in_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    assert "verify [OPTIONS] [EDITION]" in run(capsys, "edition", "verify", "--help")[1]
