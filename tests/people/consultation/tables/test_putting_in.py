"""What staff put in by hand: a letter with a scan, and a spreadsheet with its mapping."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from wellfounded.people.consultation.actions import arrivals
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.actions.linking import Linked, decide
from wellfounded.people.consultation.models import Response
from wellfounded.people.consultation.preparing import splitting
from wellfounded.people.consultation.queries import accounts
from wellfounded.people.consultation.types import About, Target

NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
SHEET = (
    "Response ID,Date submitted,Organisation,"
    "Does the evidence resonate with you?,May we publish?\n"
    "ANON-1,12/11/2026,Example Ltd,It does not: hours are longer here.,Yes\n"
    "ANON-2,31/02/2026,Example Two,It does.,No\n"
)
LETTER = {
    "key": "k" * 43, "text": "Dear all,\n\nThe figures miss home workers.", "received": "12/11/2026", "name": "",
    "respondent": "", "organisation": "Example Works", "sector": "", "district": "E06000007", "consent": "none",
}  # fmt: skip


def test_a_letter_is_typed_in_with_its_scan_and_read_like_any_response(analyst):
    scan = SimpleUploadedFile("scan.csv", b"area,value\nWarrington,38.1\n")
    answer = analyst.post("/staff/responses/letter", {**LETTER, "documents": scan})
    made = Response.objects.get()
    assert answer.headers["Location"] == f"/staff/responses/{made.reference}"
    assert (made.channel, made.district, made.received_at.date().isoformat()) == ("paper", "E06000007", "2026-11-12")
    assert made.attachments.get().name == "scan.csv"
    assert "miss home workers" in analyst.get(f"/staff/responses/{made.reference}").content.decode()


def test_the_form_for_a_letter_speaks_of_the_letter_and_not_as_whoever_wrote_it(analyst):
    page = analyst.get("/staff/responses/letter").content.decode()
    assert "It does not say" in page
    assert not [words for words in ("what I say", "my organisation", "I would rather") if words in page]


def test_a_letter_that_is_sent_twice_is_one_and_letters_with_the_same_words_or_none_are_several(analyst):
    scans = [b"\x89PNG\r\n\x1a\n" + bytes([n]) * 40 for n in range(2)]
    letters = [{**LETTER, "key": key * 43} for key in "ab"]
    letters += [{**LETTER, "key": key * 43, "text": ""} for key in "cd"]
    letters += [{**letters[0], "text": "Dear all, gone back to and written anew."}]
    for _ in range(2):
        for n, letter in enumerate(letters):
            given = {"documents": SimpleUploadedFile("scan.png", scans[n % 2])} if not letter["text"] else {}
            assert analyst.post("/staff/responses/letter", letter | given).status_code == 302
    assert Response.objects.count() == len(letters)
    assert re.search(r'name="key" value="[\w-]{43}"', analyst.get("/staff/responses/letter").content.decode())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": ""}, "Open the form again"),
        ({"text": " "}, "Type what the letter says"),
        ({"received": "some day"}, "Enter a day as"),
        ({"received": "12/11/2099"}, "cannot lie ahead"),
        ({"consent": ""}, "Choose what may be published"),
        ({"documents": SimpleUploadedFile("x.pdf", b"MZ\x90\x00 no document")}, "was not added"),
    ],
)
def test_what_is_wrong_with_a_letter_is_said_and_nothing_is_kept(analyst, change, words):
    answer = analyst.post("/staff/responses/letter", {**LETTER, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Response.objects.exists()


def chosen(page: str) -> dict[str, str]:
    """What the form would send as it stands."""
    found = {name: unescape(value) for name, value in re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page)}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', page, re.S):
        picked = re.search(r'<option value="([^"]*)" selected', options)
        found[unescape(name)] = unescape(picked[1]) if picked else ""
    return {name: value for name, value in found.items() if name not in ("csrfmiddlewaretoken", "q", "do")}


def uploaded(analyst: Client, text: str = SHEET, name: str = "out.csv") -> dict[str, str]:
    given = {"sheet": SimpleUploadedFile(name, text.encode())}
    return chosen(analyst.post("/staff/responses/spreadsheet", given).content.decode())


def test_a_spreadsheet_is_mapped_checked_and_taken_once(analyst):
    form = uploaded(analyst)
    assert [form[f"column-{at}"] for at in range(5)] == [
        "reference", "received", "organisation", "question 1", "consent",
    ]  # fmt: skip
    assert form["meant:consents:Yes"] == "text"
    assert not Response.objects.exists()
    checked = analyst.post("/staff/responses/spreadsheet", {**form, "do": "check"}).content.decode()
    assert "1 response</strong> would be taken" in checked
    assert "out.csv, row 3" in checked
    assert not Response.objects.exists()
    for _ in range(2):
        taken = analyst.post("/staff/responses/spreadsheet", {**form, "do": "take"}).content.decode()
    assert "1 known already" in taken
    assert Response.objects.get().organisation == "Example Ltd"


def test_rows_of_two_spreadsheets_with_the_same_references_are_all_taken(analyst):
    for name in ("first.csv", "second.csv"):
        form = uploaded(analyst, SHEET.replace("ANON-", ""), name)
        assert form["system"] == name.removesuffix(".csv")
        analyst.post("/staff/responses/spreadsheet", {**form, "do": "take"})
    assert Response.objects.count() == 2


def test_a_mapping_that_is_not_whole_is_said_and_another_kind_of_file_is_refused(analyst):
    form = uploaded(analyst, SHEET.replace("longer here.,Yes", "longer here.,Ask me"))
    for change, words in (
        ({}, "Choose what &#39;Ask me&#39; means"),
        ({"column-3": ""}, "nothing that was said is mapped"),
        ({"column-0": "question 1"}, "taken for the same: question 1"),
    ):
        answer = analyst.post("/staff/responses/spreadsheet", {**form, **change, "do": "take"})
        assert (answer.status_code, words.lower() in answer.content.decode().lower()) == (422, True), words
        assert chosen(answer.content.decode()).keys() >= {"column-0", "column-4"}, "nothing that was chosen is lost"
    for bad in ({"sheet": SimpleUploadedFile("a.exe", b"MZ")}, {}, {"file": "../x", "name": "a.csv"}):
        assert analyst.post("/staff/responses/spreadsheet", bad).status_code == 422
    assert not Response.objects.exists()


def test_a_letter_says_nothing_of_who_wrote_it_until_somebody_does(analyst):
    page = analyst.get("/staff/responses/letter").content.decode()
    assert re.search(r'value="[^"]*" selected>\s*It does not say', page)


def test_both_are_for_analysts(shown_publication):
    for path in ("letter", "spreadsheet"):
        assert Client(SERVER_NAME="localhost").get(f"/staff/responses/{path}").status_code == 302


def test_a_spreadsheet_is_taken_back_as_far_as_nobody_has_begun_to_read_it(analyst, somebody):
    sheet = "Response ID,Organisation,What do you think?\n" + "".join(
        f"R-{n},Example {n},The buses of ward {n} stop at six and nobody counts them.\n" for n in range(5)
    )
    arrivals.receive_web(Sent(text="The buses of ward 1 stop at six and nobody counts them."), key="w", now=NOW)
    form = uploaded(analyst, sheet) | {"column-2": "question 1"}
    taken = analyst.post("/staff/responses/spreadsheet", form | {"do": "take"}).content.decode()
    assert "5 responses taken" in taken
    assert "Take back all that nobody has begun to read" in taken
    splitting.split(now=NOW)
    read = Response.objects.filter(channel="upload").first()
    for point in read.points.all():
        decide(point, {Linked(Target(About.NOT_EVIDENCE))}, version=point.version, by="a@example.org", now=NOW)
    shown = analyst.get("/staff/responses/spreadsheet").content.decode()
    assert "Take back all that nobody has begun to read" in shown
    number = re.search(r'name="import" value="(\d+)"', shown)[1]
    back = analyst.post("/staff/responses/spreadsheet", {"do": "back", "import": number}).content.decode()
    assert "4 responses taken away" in back
    assert "1 stays" in back
    assert {each.reference for each in Response.objects.filter(channel="upload")} == {read.reference}
    assert Response.objects.count() == 2
    assert accounts.account().received == 2
    again = analyst.post("/staff/responses/spreadsheet", form | {"do": "take"}).content.decode()
    assert "4 responses taken" in again
    assert "1 known already" in again
    for bad in ("", "-1", "9" * 5000, "999999"):
        assert analyst.post("/staff/responses/spreadsheet", {"do": "back", "import": bad}).status_code == 422
