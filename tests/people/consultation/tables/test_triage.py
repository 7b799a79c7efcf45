"""The pages of triage: what they show, what they refuse, and that looking changes nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from tests.publishing.opened import converted
from wellfounded.people import accounts
from wellfounded.people.consultation.actions import arrivals, claims, coding, privacy
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.models import (
    Attachment,
    Coding,
    Decision,
    Link,
    Point,
    Redaction,
    Response,
    Suggestion,
)
from wellfounded.people.consultation.preparing import splitting
from wellfounded.people.consultation.preparing.subjects import know
from wellfounded.people.consultation.receiving import attachments
from wellfounded.people.consultation.rules import State
from wellfounded.people.consultation.types import Consent, Opinion
from wellfounded.people.models import Done, Job
from wellfounded.web.pages.consultation_staff.one import pieces
from wellfounded.web.subjects import subjects_of

NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
HOURS = "conclusion:output-per-hour"
HOSTILE = "<script>alert(1)</script> The hours are wrong.\n\n=cmd() is what I say."


@pytest.fixture(autouse=True)
def subjects(analyst, opened) -> None:
    know(subjects_of(opened), now=NOW)


def known(person) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    return client


def respond(**more) -> Response:
    sent = Sent(**{"text": HOSTILE, "respondent": "business", "consent": Consent.TEXT, **more})
    made = arrivals.receive_web(sent, key=str(Response.objects.count()), now=NOW).response
    splitting.split(now=NOW)
    return Response.objects.get(pk=made.pk)


def decide(client: Client, response: Response, point: Point, **more):
    return client.post(
        f"/staff/responses/{response.reference}",
        {
            "do": "decide", "point": point.pk, "version": point.version, "other": HOURS,
            "other-says": "challenges the data", **more,
        },
    )  # fmt: skip


def everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Response, Point, Link, Redaction, Done, Decision)]


ADDRESSES = (
    "", "/queue/unread", "/queue/unlinked", "/queue/challenges", "/queue/evidence", "/queue/missed", "/queue/personal",
    "/queue/approve", "/queue/recheck", "/queue/messages", "/campaigns", "/themes", "/coding", "/files",
    "/about/conclusion/output-per-hour", "/next", "/sign-off",
)  # fmt: skip


def test_looking_at_any_page_changes_nothing(analyst):
    response = respond()
    decide(analyst, response, response.points.first())
    before = everything()
    for address in (*ADDRESSES, f"/{response.reference}"):
        assert analyst.get(f"/staff/responses{address}").status_code in (200, 302), address
    assert everything() == before


def test_the_pages_are_for_analysts(shown_publication):
    assert Client(SERVER_NAME="localhost").get("/staff/responses").status_code == 302
    organiser = accounts.add("o@example.org", roles=["organiser"])[0]
    for address in ADDRESSES:
        assert known(organiser).get(f"/staff/responses{address}").status_code == 403, address


def test_the_original_is_shown_whole_with_its_points_and_nothing_in_it_runs(analyst):
    response = respond(questions=("Yes.", "", "No."), answers=[("output-per-hour", Opinion.AGREE, "True.")])
    shown = pieces(response, list(response.points.order_by("start")))
    assert "".join(piece.text for piece in shown) == response.text
    page = analyst.get(f"/staff/responses/{response.reference}").content.decode()
    assert "<script>alert" not in page
    assert page.count("<mark") >= 4
    assert "Question 1" in page


def test_a_decision_is_made_and_a_second_one_on_what_was_seen_before_is_refused(analyst):
    response = respond()
    point = response.points.first()
    Suggestion.objects.create(point=point, about="conclusion", target="employment", confidence=0.8, made_with="x")
    assert "80% sure" in analyst.get(f"/staff/responses/{response.reference}").content.decode()
    assert decide(analyst, response, point).status_code == 302
    unseen = analyst.post(f"/staff/responses/{response.reference}", {"do": "withhold", "reason": "abuse"})
    assert unseen.status_code == 409, "whoever names no version has seen none"
    second = decide(analyst, response, point, other="conclusion:employment")
    assert second.status_code == 409
    assert "was decided by somebody@example.org" in second.content.decode()
    assert list(Link.objects.values_list("target", "says")) == [("output-per-hour", "challenges the data")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "decide", "point": "0"}, {"do": "decide", "point": "x"}, {"do": ""}, {"do": "withhold", "reason": ""},
        {"do": "mark", "words": "not there"}, {"do": "approve"}, {"do": "erase", "sure": "WF-0000-0000"},
        {"do": "duplicate", "of": "nobody"}, {"do": "consent", "consent": "king"}, {"do": "approve", "made": "x"},
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_refused_with_the_reason(analyst, wrong):
    response = respond()
    before = everything()
    answer = analyst.post(f"/staff/responses/{response.reference}", wrong)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert everything() == before


def test_a_copy_is_approved_as_it_was_read_and_not_without_saying_which(analyst, somebody):
    response = respond()
    Redaction.objects.create(response=response, text="A copy.", made_by="other@example.org", made_at=NOW)
    for made in ("x", "2027-01-12T09:30:00", ""):
        answer = analyst.post(f"/staff/responses/{response.reference}", {"do": "approve", "made": made})
        assert answer.status_code == 422
        assert "pen the response again" in answer.content.decode()
    assert Redaction.objects.get().approved_by == ""


def test_the_next_response_is_claimed_and_somebody_else_gets_another(analyst):
    first, second = respond(), respond(text="Another.")
    other = known(accounts.add("b@example.org", roles=["analyst"])[0])
    taken = [
        client.post("/staff/responses/next", {"queue": "unread"}).headers["Location"] for client in (analyst, other)
    ]
    assert [address.split("?")[0].rpartition("/")[2] for address in taken] == [first.reference, second.reference]
    assert "is at work on this response" in other.get(f"/staff/responses/{first.reference}").content.decode()
    assert decide(other, first, first.points.first()).status_code == 422
    assert not Link.objects.exists()


def test_a_line_that_is_only_a_name_or_an_address_is_no_point(analyst):
    response = respond(
        text="The hours are wrong.\n\nNora Example\n\n01632 960412\n\nnora@example.org", name="Nora Example"
    )
    assert [response.text[p.start : p.end] for p in response.points.order_by("start")] == ["The hours are wrong."]


def test_next_goes_through_all_of_a_queue_and_begins_again(analyst):
    everybody = [respond(text=f"Response number {n}.").reference for n in range(4)]
    for queue in ("unread", "unlinked"):
        seen, after = [], ""
        for _ in range(5):
            to = analyst.post("/staff/responses/next", {"queue": queue, "after": after}).headers["Location"]
            after = to.split("?")[0].rpartition("/")[2]
            seen.append(after)
        assert seen == [*everybody, everybody[0]]


def test_what_was_chosen_and_could_not_be_saved_stays_chosen(analyst):
    response = respond()
    point = response.points.first()
    given = {"do": "decide", "point": str(point.pk), "version": "0", "other": "", "other-says": "challenges the data"}
    answer = analyst.post(f"/staff/responses/{response.reference}", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Choose what the point is about") == 2, "at the top and at the point"
    assert '<option value="challenges the data" selected>' in page


def test_what_may_be_published_takes_two_people(analyst):
    response = respond(text="I am Ann Example, ann@example.org. The hours are wrong.")
    address = f"/staff/responses/{response.reference}"
    spans = {f"span-{row.pk}": "remove" for row in response.personal.all()}
    assert analyst.post(address, {"do": "personal", **spans}).status_code == 302
    assert analyst.post(address, {"do": "redact"}).status_code == 302
    copy = Redaction.objects.get()
    assert "ann@example.org" not in copy.text
    assert analyst.post(address, {"do": "approve", "made": copy.made_at.isoformat()}).status_code == 422
    other = known(accounts.add("b@example.org", roles=["analyst"])[0])
    assert other.post(address, {"do": "approve", "made": copy.made_at.isoformat()}).status_code == 302
    assert Redaction.objects.get().approved_by == "b@example.org"


def test_a_file_is_given_out_as_a_download_only(analyst):
    file = attachments.look("figures.csv", "text/csv", b"area,value\nE06000007,1\n")
    privacy.store().keep(file.content)
    response = respond(files=[file])
    sent = analyst.get(f"/staff/responses/{response.reference}/files/{Attachment.objects.get().pk}")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert (sent.headers["Content-Type"], sent.headers["X-Content-Type-Options"]) == (
        "application/octet-stream",
        "nosniff",
    )
    assert b"".join(sent.streaming_content) == file.content


def test_a_challenge_is_answered_and_the_conclusion_shows_both(analyst):
    response = respond()
    decide(analyst, response, response.points.first())
    address = "/staff/responses/about/conclusion/output-per-hour"
    link = str(Link.objects.get().pk)
    assert analyst.post(address, {"kind": "keep", "why": "", "link": link}).status_code == 422
    assert analyst.post(address, {"kind": "keep", "why": "The survey covers them.", "link": link}).status_code == 302
    page = Client(SERVER_NAME="localhost").get("/conclusions/output-per-hour").content.decode()
    assert "The survey covers them." in page
    assert "challenge it" in page


def test_a_conclusion_is_tested_again_with_the_figures_of_a_respondent(analyst):
    response = respond()
    decide(analyst, response, response.points.first())
    address = "/staff/responses/about/conclusion/output-per-hour"
    assert analyst.post(address, {"do": "rerun", "indicator": "gva-per-hour", "figures": " "}).status_code == 422
    sent = analyst.post(address, {"do": "rerun", "indicator": "gva-per-hour", "figures": "area,period,value\nX,2023,1"})
    job = Job.objects.get(kind="responses.rerun")
    assert sent.headers["Location"] == f"{address}?job={job.pk}#again"
    assert "The worker is testing it" in analyst.get(f"{address}?job={job.pk}").content.decode()
    came_to = {
        "published_verdict": "holds", "verdict": "fails", "replaced": 1, "holds": 1, "of": 2, "published_holds": 2,
        "published_of": 2, "sentence": "It no longer holds.", "published_sentence": "It holds.", "told": "Both.",
    }  # fmt: skip
    Job.objects.filter(pk=job.pk).update(result=came_to, done_at=NOW)
    assert "It no longer holds." in analyst.get(f"{address}?job={job.pk}").content.decode()
    link = str(Link.objects.get().pk)
    analyst.post(address, {"kind": "re-run", "why": "Theirs are one firm's.", "link": link, "job": str(job.pk)})
    assert Decision.objects.get().rerun == came_to


@pytest.mark.parametrize(
    "asked",
    [
        {"do": "mark", "words": "hours"}, {"do": "withhold", "reason": "x", "version": "0"}, {"do": "personal"},
        {"do": "mark-personal", "words": "hours"}, {"do": "redact"}, {"do": "done", "version": "0"},
    ],
    ids=lambda asked: asked["do"],
)  # fmt: skip
def test_while_somebody_is_at_work_on_a_response_nobody_else_writes_in_it(analyst, asked):
    response = respond()
    claims.claim(response, by="other@example.org", now=timezone.now())
    before = everything()
    page = analyst.post(f"/staff/responses/{response.reference}", asked)
    assert page.status_code == 422, page.content.decode()[-3000:]
    assert "other@example.org is at work on it" in page.content.decode()
    assert everything() == before


def test_an_erased_response_says_what_it_was_about_and_no_more(analyst):
    response = respond(text="The hours are wrong.\n\nAnd so is the rest.")
    decide(analyst, response, response.points.first())
    address = f"/staff/responses/{response.reference}"
    analyst.post(address, {"do": "erase", "sure": response.reference, "why": "asked"})
    page = analyst.get(address).content.decode()
    assert "Its words are erased" in page
    assert page.count("data-point") == 1
    assert "Erased: that it was said" in analyst.get("/staff/responses/queue/challenges").content.decode()


def test_the_language_is_that_of_the_words_and_not_of_the_form(analyst):
    welsh = respond(text="Mae'r ffigurau yn anghywir, ac nid oes digon o fysiau yn y nos.")
    assert (welsh.language, respond(text="Yes.").language, respond().language) == ("cy", "en", "en")


def taken(analyst, name: str) -> bytes:
    given = analyst.post("/staff/responses/files", {"name": name})
    assert given.status_code == 200
    return b"".join(given.streaming_content)


def test_exported_cells_start_no_formula(analyst):
    respond(text="=HYPERLINK(1)", organisation="+Firm")
    archive = zipfile.ZipFile(io.BytesIO(taken(analyst, "responses.zip")))
    rows = list(csv.DictReader(io.StringIO(archive.read("tables/responses.csv").decode("utf-8-sig"))))
    assert (rows[0]["text"], rows[0]["organisation"]) == ("'=HYPERLINK(1)", "'+Firm")


def test_the_audit_pack_explains_every_column_and_holds_no_words_that_are_not_published(analyst):
    secret, open_ = (
        respond(text="My neighbour is a fraud."),
        respond(text="The hours are wrong.", organisation="A Firm"),
    )
    decide(analyst, secret, secret.points.first())
    copy = privacy.redact(open_, by="a@example.org", now=NOW)
    privacy.approve(copy, made_at=copy.made_at, by="b@example.org", now=NOW)
    archive = zipfile.ZipFile(io.BytesIO(taken(analyst, "audit-pack.zip")))
    names = set(archive.namelist())
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        names.discard(name)
    assert names == {"SHA256SUMS"}
    text = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist() if name.endswith(".csv")}
    text["content.xml"] = zipfile.ZipFile(io.BytesIO(archive.read("responses.ods"))).read("content.xml").decode()
    assert not [name for name, words in text.items() if "neighbour" in words or "A Firm" in words]
    assert "The hours are wrong." in text["tables/copies.csv"]
    explained = {(row["table"], row["column"]) for row in csv.DictReader(io.StringIO(text["dictionary.csv"]))}
    for name in archive.namelist():
        if name.startswith("tables/"):
            heading = next(csv.reader(io.StringIO(text[name])))
            assert {(Path(name).stem, column) for column in heading} <= explained, name
    links = list(csv.DictReader(io.StringIO(text["tables/links.csv"])))
    assert [(row["reference"], row["id"], row["says"]) for row in links] == [
        (secret.reference, "output-per-hour", "challenges the data")
    ]
    assert "point.decided" in text["tables/record.csv"]
    assert Done.objects.filter(what="responses.given-out", about="audit-pack.zip").count() == 1


def test_the_spreadsheet_opens_with_all_tables_and_their_words(analyst, tmp_path):
    respond(text="Two  spaces, a\ttab\nand <a> line & more.")
    (tmp_path / "responses.ods").write_bytes(taken(analyst, "responses.ods"))
    book = openpyxl.load_workbook(converted(tmp_path / "responses.ods", tmp_path, to="xlsx"))
    assert {"dictionary", "responses", "links", "record", "conclusions"} <= set(book.sheetnames)
    heading, first = list(book["responses"].values)
    assert dict(zip(heading, first, strict=True))["text"] == "Two  spaces, a    tab\nand <a> line & more."


def test_a_coder_does_not_see_what_was_suggested_decided_or_coded(analyst):
    response = respond(text="The hours are wrong.")
    decide(analyst, response, response.points.first())
    sample = coding.draw(5, seed=1, by="x@example.org", now=NOW)
    other = known(accounts.add("b@example.org", roles=["analyst"])[0])
    for client, target in ((analyst, HOURS), (other, "conclusion:employment")):
        page = client.get(f"/staff/responses/coding/{sample.pk}").content.decode()
        assert "The hours are wrong." in page
        assert "somebody@example.org" not in page.replace("<span>somebody@example.org</span>", "")
        of = sample.points.first().pk
        client.post(f"/staff/responses/coding/{sample.pk}", {"of": of, "target": target, "says": "supports"})
        if client is analyst:
            assert "they agree" not in analyst.get("/staff/responses/coding").content.decode()
    assert Coding.objects.count() == 2
    assert "they agree on 0%" in analyst.get("/staff/responses/coding").content.decode()


def test_signing_off_is_refused_on_the_page_until_nothing_is_left(analyst):
    response = respond(text="The hours are wrong.")
    assert analyst.post("/staff/responses/sign-off").status_code == 422
    decide(analyst, response, response.points.first())
    assert Response.objects.get().state == State.LINKED
    assert analyst.post("/staff/responses/sign-off", {"note": "All read."}).status_code == 302
    assert "Signed off by somebody@example.org" in analyst.get("/staff/responses").content.decode()
