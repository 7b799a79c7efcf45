"""The form of the consultation: begun, saved, returned to, checked and sent; and the short one on a page of ours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.web.html import Read
from wellfounded.people.consultation.models import Draft, Response
from wellfounded.people.consultation.receiving.store import Store
from wellfounded.people.models import Done, Job
from wellfounded.publishing.model import ShownConsultation

CONCLUSION = "births"
ALL_STEPS = (
    "", "/you", "/questions", "/chapters/economy", f"/conclusions/{CONCLUSION}", "/ideas/challenge/clean-growth",
    "/files", "/publishing", "/later", "/delete", "/check",
)  # fmt: skip


def begun(site: Client) -> str:
    """The address of a new answer."""
    return site.post("/respond")["Location"]


def words(page: object) -> str:
    return " ".join(Read(page.content.decode()).words.split())  # type: ignore[attr-defined]


def key_of(site: Client, address: str) -> str:
    """The key that a short form carries."""
    found = re.search(r'name="key" value="([^"]+)"', site.get(address).content.decode())
    assert found
    return found[1]


def test_somebody_answers_everything_and_all_of_it_is_received(site: Client, uploads: Path) -> None:
    draft = begun(site)
    site.post(f"{draft}/you", {"respondent": "business", "organisation": "Example Works", "sector": "Digital",
                               "district": "E06000007"})  # fmt: skip
    site.post(f"{draft}/questions", {"question1": "Mostly.\r\n\r\nYes.", "question2": "", "question3": "Our survey"})
    site.post(f"{draft}/conclusions/{CONCLUSION}", {"opinion": "disagree", "reason": "We count more 🏭 here"})
    site.post(f"{draft}/ideas/challenge/clean-growth", {"text": "Hydrogen for heavy lorries"})
    site.post(f"{draft}/ideas/chapter/economy", {"text": "Say more of micro firms"})
    site.post(
        f"{draft}/files", {"documents": SimpleUploadedFile("../our figures.csv", b"year,n\n2024,3\n", "text/csv")}
    )
    site.post(f"{draft}/publishing", {"consent": "name and text", "name": "A Person", "email": "a.person@example.org"})
    checked = words(site.get(f"{draft}/check"))
    for told in ("Mostly.", "I disagree", "We count more 🏭 here", "Hydrogen for heavy lorries", "our figures.csv",
                 "A business", "Example Works", "Warrington", "a.person@example.org"):  # fmt: skip
        assert told in checked
    sent = site.post(f"{draft}/check")
    response = Response.objects.get()
    assert response.reference in words(site.get(sent["Location"]))
    assert "A receipt with this reference" in words(site.get(sent["Location"]))
    said = {(p["kind"], p["id"]): response.text[p["start"] : p["end"]] for p in response.passages}
    assert said == {
        ("question", "1"): "Mostly.\n\nYes.",
        ("question", "3"): "Our survey",
        ("reason", CONCLUSION): "We count more 🏭 here",
        ("about", "grand challenge:clean-growth"): "Hydrogen for heavy lorries",
        ("about", "chapter:economy"): "Say more of micro firms",
    }
    assert [(o.conclusion, o.opinion) for o in response.opinions.all()] == [(CONCLUSION, "disagree")]
    assert (response.respondent, response.sector, response.district) == ("business", "Digital", "E06000007")
    assert (response.consent, response.contact.email) == ("name and text", "a.person@example.org")
    file = response.attachments.get()
    assert (file.name, file.kind) == ("our figures.csv", "csv")
    assert Store(uploads).read(file.hash) == b"year,n\n2024,3\n"
    mail = Job.objects.get(kind="mail").payload
    assert mail["to"] == "a.person@example.org"
    assert response.reference in mail["subject"]
    assert sent["Location"].replace("/respond/sent/", "/responses/") in mail["text"]


def test_an_answer_that_is_sent_twice_is_one_response_and_nothing_of_its_draft_is_left(site: Client) -> None:
    draft = begun(site)
    site.post(f"{draft}/questions", {"question1": "Only once"})
    site.post(f"{draft}/publishing", {"consent": "text", "email": "a@example.org"})
    first, second = (site.post(f"{draft}/check")["Location"] for _ in range(2))
    assert first == second
    assert Response.objects.count() == 1
    kept = Draft.objects.get().data
    assert set(kept) == {"sent"}
    assert site.get(draft)["Location"] == first
    assert Job.objects.filter(kind="mail").count() == 1


def test_looking_changes_nothing(site: Client) -> None:
    draft = begun(site)
    token = draft.rpartition("/")[2]
    before = Draft.objects.get()
    for step in ALL_STEPS:
        assert site.get(draft + step).status_code == 200, step
    for address in ("/respond", f"/respond/about/conclusion/{CONCLUSION}", "/respond/about/chapter/economy",
                    "/respond/about/indicator/gigabit", "/respond/about/challenge/clean-growth"):  # fmt: skip
        assert site.get(address).status_code == 200, address
    after = Draft.objects.get()
    assert (after.data, after.saved_at) == (before.data, before.saved_at)
    assert not Response.objects.exists()
    assert not Job.objects.exists()
    assert not Done.objects.exists()
    assert len(token) == 43


@pytest.mark.parametrize("address", ["/respond", f"/respond/about/conclusion/{CONCLUSION}"])
def test_what_does_not_come_from_our_own_page_is_refused(site: Client, address: str) -> None:
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    draft = begun(site)
    assert strict.post(address, {"opinion": "agree"}).status_code == 403
    for step in ALL_STEPS[1:]:
        if not step.startswith("/chapters"):
            assert strict.post(draft + step, {"question1": "forged"}).status_code == 403, step
    assert Draft.objects.count() == 1
    assert not Response.objects.exists()


def test_nothing_is_sent_that_says_nothing_or_does_not_say_what_may_be_published(site: Client) -> None:
    draft = begun(site)
    page = site.post(f"{draft}/check")
    assert page.status_code == 422
    assert "Answer a question" in words(page)
    assert "Choose what we may publish" in words(page)
    site.post(f"{draft}/questions", {"question1": "   "})
    site.post(f"{draft}/publishing", {"consent": "none"})
    assert site.post(f"{draft}/check").status_code == 422
    assert not Response.objects.exists()


def test_a_program_that_fills_in_everything_sends_nothing(site: Client) -> None:
    assert site.post("/respond", {"website": "http://spam.example"})["Location"] == "/respond"
    assert not Draft.objects.exists()
    draft = begun(site)
    site.post(f"{draft}/questions", {"question1": "Cheap watches"})
    site.post(f"{draft}/publishing", {"consent": "text"})
    site.post(f"{draft}/check", {"website": "http://spam.example"})
    address = f"/respond/about/conclusion/{CONCLUSION}"
    filled = {"opinion": "agree", "text": "Cheap watches", "consent": "text", "key": key_of(site, address)}
    site.post(address, filled | {"website": "http://spam.example"})
    site.post(f"{draft}/later", {"email": "victim@example.org", "website": "x"})
    assert not Response.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.usefixtures("one_moment")
def test_a_network_that_begins_too_many_answers_waits(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wellfounded.web.pages.respond.frame.MOST", {"respond.begin": 3, "respond.link": 20})
    for _ in range(3):
        draft = begun(site)
    page = site.post("/respond")
    assert page.status_code == 429
    assert int(page["Retry-After"]) > 0
    assert site.post(f"{draft}/questions", {"question1": "Work goes on"}).status_code == 302
    for _ in range(3):
        assert site.post(f"{draft}/later", {"email": "me@example.org"}).status_code == 200
    assert site.post(f"{draft}/later", {"email": "Me@Example.org"}).status_code == 429


def test_a_request_larger_than_any_form_is_refused_before_it_is_read(site: Client) -> None:
    draft = begun(site)
    page = site.post(f"{draft}/files", {"remove": "x"}, CONTENT_LENGTH=str(5_000_000_000))
    assert page.status_code == 413
    assert "was not taken" in words(page)


def zipped(**members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return made.getvalue()


def bomb() -> bytes:
    """A small archive that would unpack to more than we open."""
    return zipped(**{"[Content_Types].xml": "0" * 301_000_000})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("figures.pdf", b"MZ\x90\x00" + b"0" * 100, "it is a Windows program"),
        ("page.csv", b"<html><script>alert(1)</script>", "a web page"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "can run"),
        ("paper.pdf", b"%PDF-1.7\n1 0 obj <</JavaScript (app.alert(1))>>", "a PDF that carries what can run"),
        ("sums.xlsm", zipped(**{"[Content_Types].xml": "macroEnabled", "xl/vbaProject.bin": "x"}), "can carry macros"),
        ("bomb.docx", bomb, "it would unpack to more than 300 MB"),
        ("archive.zip", zipped(a="b"), "it is an archive"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "an old Office program"),
        ("empty.csv", b"", "empty"),
        ("large.csv", lambda: b"a,b\n" * 5_000_001, "it has 20 MB, and a file may have 20 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_taken_is_refused_in_words_and_kept_nowhere(
    site: Client, uploads: Path, name: str, content: bytes | Callable[[], bytes], said: str
) -> None:
    draft = begun(site)
    content = content if isinstance(content, bytes) else content()
    harmless = SimpleUploadedFile("good.csv", b"a,b\n1,2\n", "text/csv")
    page = site.post(f"{draft}/files", {"documents": [harmless, SimpleUploadedFile(name, content, "application/pdf")]})
    assert page.status_code == 422
    assert said in words(page)
    assert "files" not in Draft.objects.get().data
    assert not uploads.exists()


def test_files_are_at_most_ten_and_what_is_taken_out_or_deleted_is_gone(site: Client, uploads: Path) -> None:
    draft = begun(site)
    some = [SimpleUploadedFile(f"{n}.csv", f"a,b\n{n},2\n".encode(), "text/csv") for n in range(11)]
    assert "You can add 10 files in all" in words(site.post(f"{draft}/files", {"documents": some}))
    assert "Choose a file to add" in words(site.post(f"{draft}/files"))
    for file in some[:2]:
        file.seek(0)
    site.post(f"{draft}/files", {"documents": some[:2]})
    kept = Draft.objects.get().data["files"]
    assert [file["name"] for file in kept] == ["0.csv", "1.csv"]
    site.post(f"{draft}/files", {"remove": kept[0]["hash"]})
    assert [file["name"] for file in Draft.objects.get().data["files"]] == ["1.csv"]
    assert list(Store(uploads).names()) == [kept[1]["hash"]]
    site.post(f"{draft}/delete")
    assert list(Store(uploads).names()) == []


def test_a_draft_is_over_when_nobody_saved_it_for_thirty_days_or_it_was_deleted(site: Client) -> None:
    draft = begun(site)
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=31))
    for step in ALL_STEPS:
        assert site.get(draft + step).status_code == 410, step
        assert site.post(draft + step, {"question1": "late"}).status_code == 410, step
    other = begun(site)
    site.post(f"{other}/delete")
    assert site.get(other).status_code == 410
    assert Draft.objects.count() == 1


def test_the_link_of_a_draft_is_sent_to_whom_asks_and_the_address_is_not_kept(site: Client) -> None:
    draft = begun(site)
    page = site.post(f"{draft}/later", {"email": "me@example.org"})
    assert "on its way to me@example.org" in words(page)
    mail = Job.objects.get().payload
    assert mail["to"] == "me@example.org"
    assert f"http://localhost{draft}" in mail["text"]
    assert "email" not in Draft.objects.get().data


def test_a_long_answer_is_taken_and_one_that_is_too_long_is_said_to_be(site: Client) -> None:
    draft = begun(site)
    longest = "Ŵyth 🏭 عرب\n" * 9090
    assert site.post(f"{draft}/questions", {"question1": longest}).status_code == 302
    page = site.post(f"{draft}/questions", {"question1": longest + "x" * 100})
    assert page.status_code == 422
    assert "shorten it to 100,000" in words(page)
    assert Draft.objects.get().data["questions"][0].strip() == longest.strip()


def test_what_is_typed_is_shown_as_text_and_never_as_markup(site: Client) -> None:
    draft = begun(site)
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    site.post(f"{draft}/questions", {"question1": evil})
    site.post(f"{draft}/you", {"organisation": evil})
    for step in ("/questions", "/you", "/check"):
        page = site.get(draft + step).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert" in page


def test_an_opinion_is_changed_and_taken_back(site: Client) -> None:
    draft = begun(site)
    step = f"{draft}/conclusions/{CONCLUSION}"
    assert site.post(step, {"reason": "no tick"}).status_code == 422
    site.post(step, {"opinion": "agree"})
    site.post(step, {"opinion": "partly", "reason": "In part"})
    assert Draft.objects.get().data["answers"] == {CONCLUSION: {"opinion": "partly", "reason": "In part"}}
    site.post(step, {"forget": "1"})
    assert "answers" not in Draft.objects.get().data
    on = site.post(f"{draft}/conclusions/output-per-hour", {"opinion": "agree", "next": "1"})["Location"]
    assert on.startswith(f"{draft}/conclusions/")
    assert on != f"{draft}/conclusions/output-per-hour"


@pytest.mark.parametrize(
    "address",
    ["/respond/about/conclusion/none", "/respond/about/chapter/none", "/respond/about/indicator/none",
     "/respond/about/priority/none", "/respond/about/challenge/none", "/respond/about/planet/economy",
     "/respond/sent/x"],
)  # fmt: skip
def test_there_is_no_form_about_what_is_not_there(site: Client, address: str) -> None:
    assert site.get(address).status_code == 404


def test_one_conclusion_is_answered_on_one_page(site: Client) -> None:
    address = f"/respond/about/conclusion/{CONCLUSION}"
    page = site.post(address, {"key": key_of(site, address)})
    assert page.status_code == 422
    assert "Choose whether you agree" in words(page)
    assert "Choose what we may publish" in words(page)
    filled = {"opinion": "partly", "text": "Warrington differs", "consent": "text", "district": "elsewhere",
              "key": key_of(site, address)}  # fmt: skip
    first, second = (site.post(address, filled)["Location"] for _ in range(2))
    assert first == second
    response = Response.objects.get()
    assert (response.opened_on_about, response.opened_on_id) == ("conclusion", CONCLUSION)
    assert response.text == "Warrington differs"
    assert response.opinions.get().opinion == "partly"
    assert "so there is no receipt" in words(site.get(first))


def test_the_short_form_goes_on_as_the_whole_one_with_what_was_said(site: Client) -> None:
    address = "/respond/about/chapter/economy"
    filled = {"text": "Too little of small firms", "organisation": "Example Works", "more": "1",
              "key": key_of(site, address)}  # fmt: skip
    draft = site.post(address, filled)["Location"]
    assert draft.startswith("/respond/d/")
    assert not Response.objects.exists()
    site.post(f"{draft}/publishing", {"consent": "none"})
    site.post(f"{draft}/check")
    response = Response.objects.get()
    assert response.passages[0]["id"] == "chapter:economy"
    assert (response.opened_on_about, response.organisation) == ("chapter", "Example Works")


def test_a_closed_consultation_takes_nothing_and_says_since_when(stating: Callable[..., Client]) -> None:
    site = stating(ShownConsultation(opens="2020-01-01", closes="2020-02-29"))
    for address in ("/respond", f"/respond/about/conclusion/{CONCLUSION}"):
        for page in (site.get(address), site.post(address, {"opinion": "agree"})):
            assert page.status_code == 410
            assert "This closed on 29 February 2020" in words(page)
    assert not Draft.objects.exists()


def test_a_consultation_that_has_not_opened_says_when_it_does(stating: Callable[..., Client]) -> None:
    site = stating(ShownConsultation(opens="2999-01-01"))
    assert "This opens on 1 January 2999" in words(site.get("/respond"))


def test_an_open_consultation_names_its_last_day_and_asks_as_the_base_says(stating: Callable[..., Client]) -> None:
    last = timezone.localdate() + timedelta(days=2)
    site = stating(
        ShownConsultation(
            closes=last.isoformat(), respondents=("council", "resident"), sectors=("Fishing",),
            consent="We publish in spring.",
        )
    )  # fmt: skip
    assert "2 days from now" in words(site.get("/respond"))
    draft = begun(site)
    you = site.get(f"{draft}/you").content.decode()
    assert 'value="council"' in you
    assert 'value="business"' not in you
    assert "Fishing" in you
    assert "We publish in spring." in words(site.get(f"{draft}/publishing"))
    assert site.post(f"{draft}/you", {"respondent": "business"}).status_code == 422


def test_a_base_without_a_consultation_has_none_of_its_pages(stating: Callable[..., Client]) -> None:
    site = stating(None)
    for address in ("/respond", f"/respond/about/conclusion/{CONCLUSION}", "/respond/sent"):
        assert site.get(address).status_code == 404, address
