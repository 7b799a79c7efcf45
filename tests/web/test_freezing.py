"""The staff's page that freezes an edition, and the worker's part in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.editions import SMALL_BASE, Frozen2
from tests.publishing.reading_back import Page
from wellfounded.people import accounts, jobs, mail
from wellfounded.people.models import Done, Job, Staff
from wellfounded.priorities.types import Said
from wellfounded.publishing import documents
from wellfounded.publishing.build import build
from wellfounded.publishing.editions import apart, freeze, shelf
from wellfounded.publishing.editions.apart import Refused
from wellfounded.web import editions, freezing, rendering, working
from wellfounded.web.publication import Opened

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ADDRESS = "/staff/editions"
FORM = {"on": "12 November 2026", "corrects": "", "notice": ""}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, drawings: Path) -> Path:
    """The small base, built, with a conclusion that does not hold and nothing says why it stays."""
    folder = shutil.copytree(SMALL_BASE, tmp_path_factory.mktemp("freezing") / "base")
    (folder / "build").mkdir()
    (folder / "build" / "cache").symlink_to(drawings)
    path = folder / "conclusions" / "economy.toml"
    text = path.read_text(encoding="utf-8")
    at = text.index('id = "output-per-hour"')
    path.write_text(text[:at] + text[at:].replace('expect = "higher"', 'expect = "lower"', 1), encoding="utf-8")
    build(folder, to=folder / "build" / "publication", documents=False)
    return folder


@pytest.fixture
def shown(base: Path) -> Iterator[Path]:
    """The base as the site shows it."""
    before = settings.WELLFOUNDED_PUBLICATION, settings.WELLFOUNDED_EDITIONS
    settings.WELLFOUNDED_PUBLICATION = str(base / "build" / "publication")
    settings.WELLFOUNDED_EDITIONS = str(base / "editions")
    rendering.forget()
    editions.forget()
    yield base
    settings.WELLFOUNDED_PUBLICATION, settings.WELLFOUNDED_EDITIONS = before
    rendering.forget()
    editions.forget()


@pytest.fixture
def publisher(shown: Path) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(accounts.add("publisher@example.org", roles=["publisher"])[0])
    return client


def worked(base: Path) -> Job:
    """The job that froze, after a worker has done what was due."""
    assert jobs.work({freezing.KIND: working.handlers(base)[freezing.KIND]})
    job = freezing.latest_job()
    assert job is not None
    return job


def test_only_a_publisher_sees_it(shown: Path) -> None:
    client = Client(SERVER_NAME="localhost")
    assert client.get(ADDRESS).headers["Location"].startswith("/staff/sign-in")
    client.force_login(accounts.add("analyst@example.org", roles=["analyst"])[0])
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, FORM).status_code == 403
    assert client.get(f"{ADDRESS}/progress").status_code == 403
    assert not Job.objects.exists()


def test_it_shows_everything_that_stands_in_the_way_with_the_page_of_each(publisher: Client) -> None:
    page = Page(publisher.get(ADDRESS).content.decode())
    assert "1 obstacle in the working version" in page.words
    assert "nothing says why it is kept" in page.words
    assert ("a href", "/conclusions/output-per-hour") in page.addresses


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"on": ""}, "Enter the date of the edition"),
        ({"on": "soon"}, "Enter a date as 12 November 2026"),
        ({"corrects": "7"}, "Choose an edition that there is"),
        ({"notice": "It was wrong."}, "Choose the edition that the notice belongs to"),
        ({"notice": "x" * 601}, "600 characters or fewer"),
    ],
)
def test_a_form_that_can_not_be_is_refused_in_words(publisher: Client, given: dict[str, str], said: str) -> None:
    answer = publisher.post(ADDRESS, FORM | given)
    assert answer.status_code == 422
    assert said in Page(answer.content.decode()).words
    assert not Job.objects.exists()


def test_what_is_refused_is_told_in_full_and_the_shelf_stays_as_it_was(publisher: Client, shown: Path) -> None:
    assert publisher.post(ADDRESS, FORM).headers["Location"] == ADDRESS
    waiting = publisher.get(ADDRESS).content.decode()
    assert "It waits for a worker" in waiting
    assert "data-wf-watch" in waiting
    assert '<form method="post" novalidate' not in waiting, "there is nothing to ask for while one is waited for"
    assert "asked for already" in publisher.post(ADDRESS, FORM).content.decode()
    job = worked(shown)
    assert job.state == "failed"
    part = publisher.get(f"{ADDRESS}/progress").content.decode()
    page = Page(part)
    assert "Edition 1 was not frozen" in page.words
    assert "1 obstacle; nothing was frozen" in page.words
    assert ("a href", "/conclusions/output-per-hour") in page.addresses
    assert "data-wf-watch" not in part
    assert not shelf.listing(shown / "editions")
    assert list(Done.objects.filter(what__startswith="edition").values_list("who", "what", "about")) == [
        ("publisher@example.org", "edition.asked", "edition 1"),
        ("worker", "edition.refused", "edition 1"),
    ]
    assert "given up" not in needed(publisher), "an edition that was refused is told of at its own page"


def needed(client: Client) -> str:
    """The words of what needs somebody today."""
    return Page(client.get("/staff").content.decode()).words


def test_jobs_that_were_given_up_are_counted_and_e_mails_are_told_where_there_are_some(publisher: Client) -> None:
    now = timezone.now()
    Job.objects.create(kind=freezing.KIND, failed_at=now, error="the worker died")
    assert "1 job was given up" in needed(publisher)
    assert "mail" not in needed(publisher).partition("given up")[2][:40]
    Job.objects.create(kind=mail.KIND, failed_at=now)
    assert "2 jobs were given up, 1 of them an e-mail" in needed(publisher)


def test_a_worker_freezes_what_was_asked_and_the_record_says_so(
    publisher: Client, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shown / "conclusions" / "economy.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text((SMALL_BASE / "conclusions" / "economy.toml").read_text(encoding="utf-8"), encoding="utf-8")
    said: list[str] = []
    freeze_apart = apart.freeze_apart

    def watched(base: Path, *, editions: Path, asked: apart.Asked, progress: Callable[[str], None]) -> int:
        def say(words: str) -> None:
            progress(words)
            said.append(Job.objects.latest("id").progress)

        return freeze_apart(base, editions=editions, asked=asked, progress=say)

    monkeypatch.setattr(apart, "freeze_apart", watched)
    try:
        publisher.post(ADDRESS, FORM)
        job = worked(shown)
        assert (job.state, job.result, job.error) == ("done", {"edition": 1}, "")
        assert {"testing the conclusions", "packing the archive", "edition 1 is frozen"} <= set(said)
        assert shelf.one(shown / "editions", 1).date == "2026-11-12"
        editions.forget()
        page = Page(publisher.get(ADDRESS).content.decode())
        assert "Edition 1 is frozen" in page.words
        assert "Freeze edition 2" in page.words
        assert page.words.count("Its documents lead to no site") == 2, "the one that is frozen, and the next"
        assert "Edition 1 of 12 November 2026" in page.words
        assert Done.objects.get(what="edition.frozen").who == "publisher@example.org"
        answer = publisher.post(ADDRESS, FORM | {"on": "11 November 2026"})
        assert "the date can’t be before" in answer.content.decode()

        again = Job.objects.create(kind=freezing.KIND, payload=job.payload, by=job.by, attempts=1)
        assert worked(shown).pk == again.pk
        again.refresh_from_db()
        assert again.result == {"edition": 1}, "a job that is done twice freezes once"
        late = Job.objects.create(kind=freezing.KIND, payload=job.payload, by=job.by)
        assert "was frozen meanwhile" in worked(shown).error
        assert freezing.latest_job() == late

        publisher.post(ADDRESS, FORM)
        assert "nothing has changed since edition 1" in worked(shown).error
        assert [each.number for each in shelf.listing(shown / "editions")] == [1]
    finally:
        path.write_text(before, encoding="utf-8")


def test_where_nothing_has_changed_since_the_latest_edition_that_is_said_before(
    publisher: Client, two_editions: Frozen2, tmp_path: Path
) -> None:
    nothing = "Nothing has changed since edition 2"
    settings.WELLFOUNDED_EDITIONS = str(two_editions.editions)
    settings.WELLFOUNDED_PUBLICATION = str(two_editions.first.folder)
    editions.forget()
    assert nothing not in Page(publisher.get(ADDRESS).content.decode()).words
    settings.WELLFOUNDED_PUBLICATION = str(two_editions.second.folder)
    answer = publisher.get(ADDRESS).content.decode()
    assert nothing in Page(answer).words
    assert "<details" in answer.partition('id="freeze"')[2].partition("<form")[0], "the button is behind a word"

    publication, _ = documents.read(two_editions.second.folder)
    local = msgspec.structs.replace(publication, site="http://127.0.0.1:8000")
    working = shutil.copytree(two_editions.second.folder, tmp_path / "working", copy_function=shutil.copyfile)
    (working / "publication.json").write_bytes(msgspec.json.encode(local))
    settings.WELLFOUNDED_PUBLICATION = str(working)
    page = Page(publisher.get(ADDRESS).content.decode())
    assert "lead to http://127.0.0.1:8000, which only this machine reaches" in page.words
    assert nothing not in page.words


def test_what_people_have_said_since_is_a_change(
    shown_publication: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelved = shutil.copytree(shown_publication, tmp_path / "editions" / "1")
    record = shelf.Record(1, "2026-11-12", "Title", "Place", "2026-11-12T09:00:00+00:00", "d", "0.1.0", "m")
    (shelved / shelf.RECORD).write_bytes(msgspec.json.encode(record))
    monkeypatch.setattr(settings, "WELLFOUNDED_EDITIONS", str(tmp_path / "editions"))
    editions.forget()
    opened = Opened(shown_publication)
    for supporting, unchanged in ((4, True), (5, False)):
        heard = {"output": Said(supporting=supporting)}
        monkeypatch.setattr(freezing.ledger, "said", lambda *, demonstration, heard=heard: heard)
        looked = freezing.looked(opened)
        assert looked is not None
        assert looked.unchanged is unchanged
    editions.forget()


def test_a_base_with_errors_is_refused_with_each_of_them(small_base: Path, tmp_path: Path) -> None:
    path = small_base / "base.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("= 0.95", '= "very"'), encoding="utf-8")
    with pytest.raises(Refused) as raised:
        apart.freeze_apart(small_base, editions=tmp_path / "editions", asked={}, progress=lambda _: None)
    assert any("confidence" in each.what for each in raised.value.obstacles)
    assert raised.value.obstacles[0].where.startswith(("base.toml", str(small_base)))


def test_a_freeze_that_another_holds_up_is_tried_again(shown: Path) -> None:
    by = Staff.objects.create(email="p@example.org", roles=["publisher"])
    job = freezing.ask(on=date(2026, 11, 12), corrects=0, notice="", even_if_unchanged=False, after=9, by=by)
    with freeze._alone(shown / "editions"):
        worked(shown)
    job.refresh_from_db()
    assert job.state == "to be tried again"
    assert "another edition is being frozen" in job.error
    assert job.due_at > timezone.now()
