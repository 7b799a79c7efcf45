"""Editions: numbered, dated, whole, never changed again, and verified byte for byte."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import msgspec
import pytest

from tests.conftest import ROOT
from tests.editions import FIRST, Frozen2
from wellfounded.publishing import documents, slides
from wellfounded.publishing.editions import freeze as freezing
from wellfounded.publishing.editions import shelf
from wellfounded.publishing.editions.freeze import BeingFrozen, NoNotice, NothingChanged, NotReady, freeze
from wellfounded.publishing.editions.obstacles import obstacles
from wellfounded.publishing.editions.verify import NotAnEdition, verify
from wellfounded.publishing.model import Block

pytestmark = [pytest.mark.slow]
EVERYTHING = {
    "summary.pdf", "summary.docx", "summary.html", "pack.pdf", "pack.html", "presentation.pptx", "manifest.json",
    "edition.json", "publication.json", "data/evidence.xlsx", "data/evidence.ods", "data/figures.csv",
    "data/figures.parquet", "data/csv-metadata.json", "data/CITATION.cff", "base/base.toml",
}  # fmt: skip


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_edition_holds_every_document_its_data_and_the_base_it_was_made_from(two_editions: Frozen2) -> None:
    assert files(two_editions.first.folder) >= EVERYTHING
    assert two_editions.first.archive is not None
    with zipfile.ZipFile(two_editions.first.archive) as packed:
        names = {name.partition("/")[2] for name in packed.namelist()}
        assert names == files(two_editions.first.folder)
        assert {name.partition("/")[0] for name in packed.namelist()} == {"small-edition-1"}


def test_editions_are_numbered_and_dated_and_the_latest_is_the_last(two_editions: Frozen2) -> None:
    every = shelf.listing(two_editions.editions)
    assert [(each.number, each.date) for each in every] == [(2, "2026-06-01"), (1, "2026-03-02")]
    assert (two_editions.editions / "latest").resolve().name == "2"
    publication, _ = documents.read(two_editions.second.folder)
    assert publication.edition is not None
    assert (publication.edition.number, publication.edition.previous, publication.edition.corrects) == (2, 1, 1)
    assert "Edition 2, 1 June 2026" in (two_editions.second.folder / "pack.html").read_text(encoding="utf-8")


def test_a_correction_stands_on_the_edition_corrected_and_in_the_one_that_corrects(two_editions: Frozen2) -> None:
    old = shelf.one(two_editions.editions, 1)
    assert (old.corrected_by, old.correction.split(".")[0]) == (
        2,
        "Output for each hour was said to be of all districts alike",
    )
    for name in ("pack.html", "summary.html"):
        text = (two_editions.second.folder / name).read_text(encoding="utf-8")
        assert "This edition corrects edition 1. Output for each hour" in text


def test_nothing_of_an_edition_can_be_written(two_editions: Frozen2) -> None:
    for path in two_editions.first.folder.rglob("*"):
        assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH), path
    assert two_editions.first.archive is not None
    assert not two_editions.first.archive.stat().st_mode & stat.S_IWUSR


def test_what_changed_is_in_the_edition_and_names_the_responses_that_led_to_it(two_editions: Frozen2) -> None:
    changes = documents.read(two_editions.second.folder)[0].changes
    assert changes is not None
    found = {each.id: each for each in changes.conclusions}
    assert found["output-per-hour"].changes == ("reworded",)
    assert found["output-per-hour"].responses == ("R-0007",)
    assert found["districts-differ"].changes == ("withdrawn",)
    assert found["an-idea"].changes == ("new",)
    text = (two_editions.second.folder / "pack.html").read_text(encoding="utf-8")
    assert "Led by: R-0007." in text
    assert "Readers took it for one hour of one person." in text


def test_links_of_an_edition_lead_to_the_edition(two_editions: Frozen2, tmp_path: Path) -> None:
    publication, indicators = documents.read(two_editions.first.folder)
    shutil.copytree(two_editions.first.folder / "charts", tmp_path / "charts")
    sited = msgspec.structs.replace(publication, site="https://evidence.example.org")
    documents.write(sited, indicators, folder=tmp_path)
    text = (tmp_path / "pack.html").read_text(encoding="utf-8")
    assert 'href="https://evidence.example.org/editions/1/conclusions/output-per-hour"' in text


def test_a_frozen_edition_is_what_its_manifest_says(two_editions: Frozen2) -> None:
    told = verify(two_editions.first.folder)
    assert told.same
    assert told.files > 100
    assert two_editions.first.archive is not None
    assert verify(two_editions.first.archive).same


def test_two_freezes_of_one_base_are_byte_for_byte_the_same(
    two_editions: Frozen2, drawings: Path, tmp_path: Path
) -> None:
    base = shutil.copytree(ROOT / "tests" / "bases" / "small", tmp_path / "elsewhere" / "base")
    again = freeze(base, editions=tmp_path / "shelf", on=date(2026, 3, 2), built_at=FIRST, cache=drawings)
    assert again.archive is not None
    assert two_editions.first.archive is not None
    assert hashed(again.archive) == hashed(two_editions.first.archive)


def hashed(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _loosened(two: Frozen2, to: Path) -> Path:
    """A copy of the first edition that can be written."""
    folder = shutil.copytree(two.first.folder, to / "copy", copy_function=shutil.copyfile)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def test_a_file_that_is_altered_missing_or_added_is_told(two_editions: Frozen2, tmp_path: Path) -> None:
    folder = _loosened(two_editions, tmp_path)
    (folder / "pack.html").write_text("another", encoding="utf-8")
    (folder / "data" / "figures.csv").unlink()
    (folder / "added.txt").write_text("new", encoding="utf-8")
    told = verify(folder)
    assert not told.same
    assert (told.altered, told.missing, told.unknown) == (("pack.html",), ("data/figures.csv",), ("added.txt",))


def test_an_edition_built_again_is_the_same_byte_for_byte_but_for_what_was_altered(
    two_editions: Frozen2, drawings: Path, tmp_path: Path
) -> None:
    """The manifest is made to cover the alteration, so that only building again can find it: that file and no other."""
    folder = _loosened(two_editions, tmp_path)
    page = folder / "summary.html"
    page.write_text(page.read_text(encoding="utf-8").replace("£", "$"), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["summary.html"]["sha256"] = hashed(page)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert verify(folder).same
    told = verify(folder, rebuild=True, cache=drawings)
    assert (told.rebuilt, told.differing, told.why) == (True, ("manifest.json", "summary.html"), "")
    assert not told.same


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "a/../../out.txt", "C:/out.txt", "a\\..\\out.txt"])
def test_an_archive_that_leads_out_of_its_folder_is_refused(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("edition/edition.json", "{}")
        packed.writestr(name, "harm")
    with pytest.raises(NotAnEdition, match="leads out of it"):
        verify(tmp_path / "a.zip")
    assert not (tmp_path / "out.txt").exists()


def _packed(path: Path, *names: str) -> bytes:
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(zipfile.ZipInfo(name), "content")
    return path.read_bytes()


def test_an_archive_that_is_damaged_or_makes_no_sense_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    whole = _packed(path, "edition/edition.json")
    path.write_bytes(whole.replace(b"content", b"contend", 1))
    with pytest.raises(NotAnEdition, match=r"a\.zip is damaged .*'edition/edition\.json' can't be unpacked .*again"):
        verify(path)
    locked = bytearray(whole)
    locked[whole.index(b"PK\x01\x02") + 8] |= 1  # of the directory's entry: that it is encrypted
    path.write_bytes(locked)
    with pytest.raises(NotAnEdition, match="encrypted"):
        verify(path)
    _packed(path, "edition/a", "edition/a/b")
    with pytest.raises(NotAnEdition, match="'edition/a/b' can't be unpacked"):
        verify(path)
    with pytest.warns(UserWarning, match="Duplicate name"):
        _packed(path, "edition/a", "edition/b", "edition/a")
    with pytest.raises(NotAnEdition, match=r"holds 'edition/a' 2 times"):
        verify(path)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("no zip", encoding="utf-8"),
        lambda path: path.mkdir(),
        lambda path: (path.mkdir(), (path / "manifest.json").write_text('{"files": 3}', encoding="utf-8")),
    ],
)
def test_what_is_no_edition_is_refused_in_words(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / "thing")
    with pytest.raises(NotAnEdition, match="edition"):
        verify(tmp_path / "thing")


def test_a_base_that_says_what_its_latest_edition_says_is_not_frozen_again(
    two_editions: Frozen2, drawings: Path
) -> None:
    with pytest.raises(NothingChanged, match="nothing has changed since edition 2 of 2026-06-01"):
        freeze(two_editions.base, editions=two_editions.editions, cache=drawings)
    assert len(shelf.listing(two_editions.editions)) == 2


def test_a_correction_says_what_was_wrong_and_of_which_edition(two_editions: Frozen2, drawings: Path) -> None:
    with pytest.raises(NoNotice, match="has to say what was wrong"):
        freeze(two_editions.base, editions=two_editions.editions, corrects=1, cache=drawings)
    with pytest.raises(NoNotice, match="belongs to a correction"):
        freeze(two_editions.base, editions=two_editions.editions, notice="Wrong.", cache=drawings)
    with pytest.raises(shelf.NoSuchEdition, match="there are 1, 2"):
        freeze(two_editions.base, editions=two_editions.editions, corrects=9, notice="Wrong.", cache=drawings)


def test_a_freeze_beside_another_is_refused_and_waits_for_nothing(small_base: Path, tmp_path: Path) -> None:
    editions = tmp_path / "shelf"
    editions.mkdir()
    with (editions / ".freezing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BeingFrozen, match="wait until it is done"):
            freeze(small_base, editions=editions)
    assert shelf.listing(editions) == ()


def test_a_freeze_that_stops_half_way_leaves_the_shelf_as_it_was(
    small_base: Path, drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    editions = tmp_path / "shelf"
    for module, name in ((slides, "write"), (freezing, "archive")):
        with monkeypatch.context() as context:
            context.setattr(module, name, stopped)
            with pytest.raises(KeyboardInterrupt):
                freeze(small_base, editions=editions, cache=drawings)
        assert shelf.listing(editions) == ()
        assert [path.name for path in editions.iterdir() if path.name != ".freezing"] == []
    (editions / ".1.part").mkdir()  # as a machine that lost its power leaves it
    (editions / ".1.part" / "half").write_text("", encoding="utf-8")
    assert freeze(small_base, editions=editions, cache=drawings).number == 1
    assert not (editions / ".1.part").exists()


def _wanting(base: Path, old: str, new: str) -> str:
    path = base / "conclusions" / "economy.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(NotReady) as refused:
        freeze(base, editions=base / "editions")
    assert not shelf.listing(base / "editions")
    return str(refused.value)


def test_a_published_conclusion_that_does_not_hold_and_has_no_reason_is_in_the_way(small_base: Path) -> None:
    told = _wanting(small_base, 'by_at_least = "2%"', 'by_at_least = "90%"')
    assert "conclusion output-per-hour: it is published, its test: " in told
    assert "`kept_because`" in told
    assert told.endswith("1 obstacle; nothing was frozen.")


def test_a_base_that_publishes_nothing_is_in_the_way(small_base: Path) -> None:
    path = small_base / "conclusions" / "economy.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('status = "published"', 'status = "draft"'), "utf-8")
    with pytest.raises(NotReady, match="nothing is published"):
        freeze(small_base, editions=small_base / "editions")


def test_an_empty_slot_a_source_without_licence_and_a_figure_without_release_are_in_the_way(
    two_editions: Frozen2,
) -> None:
    publication, indicators = documents.read(two_editions.first.folder)
    assert obstacles(publication, indicators) == ()
    first, *rest = publication.releases.values()
    bare = msgspec.structs.replace(first, licence="", publisher="", released_date="")
    chapter, page = next(iter(publication.chapter_pages.items()))
    empty = msgspec.structs.replace(page, blocks=(Block(kind="text", html="<p>It was {gva-per-hour.value}.</p>"),))
    broken = msgspec.structs.replace(
        publication,
        releases={bare.id: bare, **{each.id: each for each in rest[1:]}},
        chapter_pages={**publication.chapter_pages, chapter: empty},
    )
    told = "\n".join(map(str, obstacles(broken, indicators)))
    assert f"release {first.id}: its source has no licence" in told
    assert f"release {first.id}: it has no date" in told
    assert f"chapters/{chapter}.md: the slot {{gva-per-hour.value}} is empty" in told
    assert "of its figures belong to no release" in told


def test_a_release_date_that_was_taken_from_elsewhere_is_labelled_so(built: Path) -> None:
    publication, _ = documents.read(built)
    labelled = [release for release in publication.releases.values() if release.basis]
    assert labelled
    text = unescape((built / "pack.html").read_text(encoding="utf-8"))
    for release in labelled:
        assert release.basis in text


def test_a_working_version_names_no_edition(built: Path) -> None:
    assert documents.read(built)[0].edition is None
    assert "Working version of" in (built / "summary.html").read_text(encoding="utf-8")
