"""The editions on the site: the latest in front, each at its own address, what changed, and corrections."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from tests.publishing.test_changes import with_policies, with_said
from tests.web import sample
from tests.web.html import Read
from wellfounded.publishing import changes
from wellfounded.publishing.documents import read
from wellfounded.publishing.editions.shelf import Record
from wellfounded.publishing.model import EditionRef, HistoryEntry
from wellfounded.web import rendering

replace = msgspec.structs.replace
NOTICE = "Output <per> hour was that of 2022. It is that of 2023 now."


def edition(editions: Path, number: int, *, date: str, corrects: int = 0, notice: str = "") -> Path:
    """An edition of the sample publication on the shelf; from the second on a conclusion is reworded."""
    folder = sample.write(editions / str(number))
    publication, indicators = read(folder)
    ref = EditionRef(number, date, previous=number - 1, corrects=corrects, notice=notice)
    if number > 1:
        first = next(c for c in publication.conclusions if c.state == "published")
        history = (HistoryEntry("2026-05-20", "Reworded", "It was read as pay.", ("R-0007",)),)
        some = tuple(
            replace(c, sentence=f"Said anew in edition {number}.", verdict="uncertain", history=history)
            if c.id == first.id
            else c
            for c in publication.conclusions
        )
        publication = replace(publication, conclusions=some)
        publication = with_said((publication, indicators), f"{3 + number} organisations support it")[0]
        assert publication.priorities is not None
        ahead, behind, *rest = publication.priorities.policies
        swapped = replace(behind, rank=1), replace(ahead, rank=2), *rest
        publication = with_policies((publication, indicators), *swapped)[0]
        since = changes.between(read(editions / str(number - 1)), (publication, indicators))
        publication = replace(publication, changes=replace(since, to=ref))
    publication = replace(publication, edition=ref, digest=f"{number:02}" * 32)
    (folder / "publication.json").write_bytes(msgspec.json.encode(publication))
    record = Record(
        number, date, publication.title, publication.name, f"{date}T09:00:00+00:00", publication.digest, "0.1.0", "ab",
        previous=number - 1, corrects=corrects, notice=notice,
    )  # fmt: skip
    (folder / "edition.json").write_bytes(msgspec.json.encode(record))
    with zipfile.ZipFile(editions / f"cw-edition-{number}.zip", "w") as packed:
        packed.writestr("a", "b")
    (editions / "latest").unlink(missing_ok=True)
    (editions / "latest").symlink_to(str(number))
    return folder


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    editions = tmp_path_factory.mktemp("editions")
    edition(editions, 1, date="2026-03-02")
    edition(editions, 2, date="2026-06-01", corrects=1, notice=NOTICE)
    edition(editions, 3, date="2026-09-01")
    return editions


@pytest.fixture
def with_editions(site: Client, shelf: Path) -> Iterator[Client]:
    """The site with three editions; the working version is the sample publication."""
    settings.WELLFOUNDED_EDITIONS = str(shelf)
    rendering.forget()
    yield site
    settings.WELLFOUNDED_EDITIONS = ""
    settings.WELLFOUNDED_WORKING = False
    rendering.forget()


def page(site: Client, path: str, status: int = 200) -> Read:
    response = site.get(path)
    assert response.status_code == status, path
    return Read(response.content.decode())


def conclusion(shelf: Path) -> str:
    return next(c.id for c in read(shelf / "1")[0].conclusions if c.state == "published")


def test_without_editions_pages_say_that_this_is_the_working_version(site: Client) -> None:
    assert "Working version of" in page(site, "/").words
    assert "No edition has been frozen yet" in page(site, "/editions").words
    assert site.get("/editions/latest").headers["Location"] == "/editions"
    assert site.get("/editions/1").status_code == 404


def test_the_front_of_the_site_is_the_latest_edition(with_editions: Client) -> None:
    words = page(with_editions, "/").words
    assert "Edition 3, 1 September 2026" in words
    assert "Working version" not in words
    words = page(with_editions, "/conclusions").words
    assert "Said anew in edition 3." in words


def test_the_working_version_is_shown_where_it_is_asked_for(with_editions: Client) -> None:
    settings.WELLFOUNDED_WORKING = True
    words = page(with_editions, "/").words
    assert "Working version" in words
    assert "The latest edition is edition 3" in words
    assert "which comes after edition 3" in page(with_editions, "/editions").words


def test_every_edition_is_listed_with_its_date_its_changes_and_its_correction(with_editions: Client) -> None:
    found = page(with_editions, "/editions")
    for words in ("Edition 3", "Edition 2", "Edition 1", "2 March 2026", "Corrected by edition 2", "Latest"):
        assert words in found.words
    linked = {address for _, address in found.addresses}
    assert {"/editions/1", "/editions/2/changes", "/pack.pdf", "/editions/3/archive.zip", "/manifest.json"} <= linked


def test_an_earlier_edition_stays_as_it_was_at_its_address(with_editions: Client, shelf: Path) -> None:
    identifier = conclusion(shelf)
    was = next(c for c in read(shelf / "1")[0].conclusions if c.id == identifier)
    old = page(with_editions, f"/editions/1/conclusions/{identifier}")
    assert old.h1 == [was.sentence]
    assert "This is edition 1 of 2 March 2026. There is a later one: edition 3." in old.words
    now = page(with_editions, f"/conclusions/{identifier}")
    assert now.h1 == ["Said anew in edition 3."]


def test_links_of_an_earlier_edition_stay_within_it(with_editions: Client, shelf: Path) -> None:
    outside = ("/editions", "/static/", "/accessibility", "/privacy", "/respond", "/responses", "/you-said")
    for path in ("front", "conclusions", f"conclusions/{conclusion(shelf)}", "indicators", "areas", "sources", "about"):
        for _, address in page(with_editions, f"/editions/1/{path}").addresses:
            if address.startswith("/"):
                assert address.startswith(("/editions/1/", *outside)), f"{path}: {address}"
                if not address.startswith("/static/"):
                    with closing(with_editions.get(address)) as response:
                        assert response.status_code in (200, 302), f"{path}: {address}"


def test_files_of_an_edition_are_its_own(with_editions: Client, shelf: Path) -> None:
    (shelf / "1" / "pack.html").write_text("<title>The first pack</title>", encoding="utf-8")
    with closing(with_editions.get("/editions/1/pack.html")) as response:
        assert b"The first pack" in b"".join(response)
    with closing(with_editions.get("/pack.html")) as response:
        assert b"The first pack" not in b"".join(response)
    for path in ("/editions/2/data/figures.csv", "/editions/2/manifest.json", "/editions/2/archive.zip"):
        with closing(with_editions.get(path)) as response:
            assert response.status_code == 200, path
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_address_of_the_latest_leads_to_any_page_and_file_of_it(with_editions: Client) -> None:
    for path in ("", "/front", "/pack.pdf", "/conclusions?kind=issue"):
        assert with_editions.get(f"/editions/latest{path}").headers["Location"] == f"/editions/3{path}"


@pytest.mark.parametrize(
    "path",
    ["/editions/9", "/editions/9/front", "/editions/1/nothing-here", "/editions/1/editions", "/editions/1/editions/2",
     "/editions/1/data/..%2f..%2fbase.toml", "/editions/0/front", "/editions/1/changes/1", "/editions/1/changes/2"],
)  # fmt: skip
def test_what_no_edition_has_is_not_found(with_editions: Client, path: str) -> None:
    assert with_editions.get(path).status_code == 404


def test_a_correction_stands_on_every_page_of_the_edition_corrected(with_editions: Client, shelf: Path) -> None:
    for path in ("/editions/1", "/editions/1/front", f"/editions/1/conclusions/{conclusion(shelf)}"):
        found = page(with_editions, path)
        assert NOTICE in found.words, path
        assert "Edition 1 was corrected by edition 2" in found.words, path
        assert "<per>" not in found.html
    assert "This edition corrects edition 1" in page(with_editions, "/editions/2").words
    assert NOTICE not in page(with_editions, "/").words


def test_what_changed_names_sentences_verdicts_reasons_and_responses(with_editions: Client, shelf: Path) -> None:
    words = page(with_editions, "/editions/2/changes").words
    for said in ("since edition 1", "Said anew in edition 2.", "Before: “", "Why: It was read as pay.", "R-0007"):
        assert said in words
    assert "Verdicts that moved" in words
    assert "nor is what people said of 1 conclusion; 2 priorities have another rank." in words
    assert "Priorities whose rank moved" in words
    assert "Before: 4 organisations support it. Now: 5 organisations support it." in words
    far = page(with_editions, "/editions/3/changes/1").words
    assert "since edition 1" in far
    assert "Said anew in edition 3." in far
    assert "is the first" in page(with_editions, "/editions/1/changes").words


def test_a_scenario_is_cited_by_the_address_of_its_edition_which_a_later_one_does_not_move(
    with_editions: Client,
) -> None:
    for asked, edition in (("/priorities?share=50", 3), ("/editions/1/priorities?share=50", 1)):
        assert f"/editions/{edition}/priorities?share=50" in page(with_editions, asked).words


def test_a_conclusion_shows_what_each_edition_says_of_it(with_editions: Client, shelf: Path) -> None:
    found = page(with_editions, f"/conclusions/{conclusion(shelf)}")
    assert "In each edition" in found.words
    linked = {address for _, address in found.addresses}
    assert {f"/editions/{n}/conclusions/{conclusion(shelf)}" for n in (1, 2, 3)} <= linked


def test_a_new_edition_is_seen_without_a_restart(with_editions: Client, shelf: Path, tmp_path: Path) -> None:
    import shutil

    shelf_2 = shutil.copytree(shelf, tmp_path / "shelf", symlinks=True)
    settings.WELLFOUNDED_EDITIONS = str(shelf_2)
    rendering.forget()
    assert "Edition 3" in page(with_editions, "/").words
    edition(shelf_2, 4, date="2026-11-01")
    import time

    time.sleep(1.1)  # the site looks again when a moment has passed
    assert "Edition 4, 1 November 2026" in page(with_editions, "/").words
    assert "There is a later one: edition 4" in page(with_editions, "/editions/3/front").words
