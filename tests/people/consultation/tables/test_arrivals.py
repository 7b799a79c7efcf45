"""What is received is there once, whole, with what belongs to it, whichever way it came and however often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db import IntegrityError, transaction

from wellfounded.people.consultation import passages, references, tokens
from wellfounded.people.consultation.actions import arrivals, drafts
from wellfounded.people.consultation.actions.arrivals import Sent, Uploaded
from wellfounded.people.consultation.actions.messages import receive_message
from wellfounded.people.consultation.actions.settling import settle
from wellfounded.people.consultation.models import Contact, OpinionGiven, Original, Party, Point, Response, SignOff
from wellfounded.people.consultation.receipts import Receipt
from wellfounded.people.consultation.receiving.message import read_message
from wellfounded.people.consultation.receiving.types import Arrival, Outcome
from wellfounded.people.consultation.rules import DRAFTS_KEPT, State
from wellfounded.people.consultation.types import Channel, Consent, Opinion
from wellfounded.people.models import Done, Job

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
SUBJECTS = ("LIS Evidence", "LIS Grand Challenges")
RECEIPT = Receipt("https://evidence.example.gov.uk", "Evidence")
SENT = Sent(
    questions=("Yes. 😀 שלום", "", "Our own survey of 40 firms."),
    answers=[("output", Opinion.DISAGREE, "The hours are wrong."), ("pay", Opinion.AGREE, "")],
    name="A. Example", email="A@Example.org", organisation="Example Ltd", consent=Consent.TEXT,
)  # fmt: skip


def mail(body: str = "The figures are wrong.", subject: str = "Re: LIS Evidence", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = headers.pop("sender", "Pat Example <pat@example.org>")
    message["To"], message["Subject"] = "evidence@example.gov.uk", subject
    message["Date"], message["Message-ID"] = "Mon, 11 Jan 2027 10:00:00 +0000", headers.pop("id", "<1@example.org>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def take(raw: bytes, **more):
    arrival = Arrival("file", "test.eml", NOW)
    return receive_message(read_message(raw), arrival=arrival, subjects=SUBJECTS, now=NOW, **more)


def test_what_is_written_in_several_fields_is_one_text_of_exact_passages():
    response = arrivals.receive_web(SENT, key="k", now=NOW).response
    written = {(p["kind"], p["id"]): response.text[p["start"] : p["end"]] for p in response.passages}
    assert written == {
        ("question", "1"): "Yes. 😀 שלום",
        ("question", "3"): "Our own survey of 40 firms.",
        ("reason", "output"): "The hours are wrong.",
    }
    assert set(OpinionGiven.objects.values_list("conclusion", "opinion", "n")) == {
        ("output", "disagree", 1), ("pay", "agree", 1),
    }  # fmt: skip


def test_a_form_that_is_sent_twice_is_received_once_with_one_receipt():
    first = arrivals.receive_web(SENT, key="k", now=NOW, receipt=RECEIPT)
    second = arrivals.receive_web(SENT, key="k", now=NOW + timedelta(seconds=5), receipt=RECEIPT)
    assert (first.new, second.new, second.response) == (True, False, first.response)
    assert first.token == second.token
    (job,) = Job.objects.filter(kind="mail")
    assert f"[ref {first.response.reference}]" in job.payload["subject"]
    assert f"/responses/{first.token}" in job.payload["text"]


def test_a_link_opens_its_response_and_only_its_hash_is_kept():
    received = arrivals.receive_web(SENT, key="k", now=NOW)
    assert tokens.response_of(received.token) == received.response
    assert tokens.response_of(received.token[:-1] + "x") is None
    assert received.token not in str(list(Response.objects.values_list()))
    assert len(received.token) >= 40, "so that logs keep it out"


def test_a_reference_is_read_however_it_is_typed():
    reference = references.new()
    typed = reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert references.read(f"Re: our letter {typed}!") == reference
    assert references.read("WF-UUUU-7777 and nothing else") == ""


def test_ticks_alone_are_a_response_that_is_read():
    ticked = arrivals.receive_web(Sent(answers=[("pay", Opinion.AGREE, "")]), key="k", now=NOW).response
    assert ticked.state == State.LINKED
    ticked = arrivals.receive_web(Sent(answers=[("pay", Opinion.DONT_KNOW, "")]), key="k1", now=NOW).response
    settle([ticked.pk], now=NOW)
    assert ticked.state == Response.objects.get(pk=ticked.pk).state == State.NO_CONCLUSION
    with pytest.raises(arrivals.NothingSaid):
        arrivals.receive_web(Sent(questions=(" ", "\n", "")), key="k2", now=NOW)


def test_an_organisation_counts_once_however_it_writes_its_name():
    for key, name in enumerate(["Example Ltd", "EXAMPLE LIMITED", "The Example Company Ltd."]):
        arrivals.receive_web(Sent(text="x", organisation=name), key=str(key), now=NOW)
    arrivals.receive_web(Sent(text="x", email="a@example.org"), key="4", now=NOW)
    arrivals.receive_web(Sent(text="y", email="A@example.org "), key="5", now=NOW)
    assert Party.objects.count() == 2
    assert not Party.objects.filter(key__contains="example.org").exists(), "a person's address is only hashed"


def test_what_no_database_takes_is_shown_as_such_one_for_one():
    text = "a\x00b\ud800c"
    assert passages.storable(text) == "a\ufffdb\ufffdc"
    assert arrivals.receive_web(Sent(text=text), key="k", now=NOW).response.text == "a\ufffdb\ufffdc"


def test_a_message_is_received_once_however_it_travels():
    first = take(mail(), receipt=RECEIPT)
    again = take(mail(X_Way="another"), receipt=RECEIPT)
    changed = take(mail("And one thing more."), receipt=RECEIPT)
    assert [each.outcome for each in (first, again, changed)] == [Outcome.NEW, Outcome.KNOWN, Outcome.CHANGED]
    assert again.responses == first.responses
    assert Response.objects.count() == 2
    assert first.original.routed == "LIS Evidence"
    assert first.responses[0].party == changed.responses[0].party
    assert Job.objects.filter(kind="mail").count() == 2


def test_an_automatic_reply_is_kept_and_is_no_response():
    taken = take(mail(subject="Out of office", Auto_Submitted="auto-replied"), receipt=RECEIPT)
    assert (taken.responses, Original.objects.count(), Job.objects.filter(kind="mail").count()) == ((), 1, 0)


def test_a_message_to_another_subject_is_kept_for_triage_without_a_receipt():
    taken = take(mail(subject="Hello"), receipt=RECEIPT)
    assert (taken.original.routed, taken.responses[0].state) == ("", State.UNREAD)
    assert not Job.objects.filter(kind="mail").exists()


def test_an_answer_is_joined_by_the_receipt_or_the_message_it_answers_and_never_by_subject():
    web = arrivals.receive_web(SENT, key="k", now=NOW).response
    by_receipt = take(mail("More.", f"Re: We have it [ref {web.reference}]", id="<2@x>")).responses[0]
    by_id = take(mail("And more.", "Other words", id="<3@x>", In_Reply_To="<2@x>")).responses[0]
    same_subject = take(mail("Mine.", "Re: LIS Evidence", id="<4@x>", sender="b@example.org")).responses[0]
    assert (by_receipt.follows, by_id.follows, same_subject.follows) == (web, by_receipt, None)
    assert by_id.original.thread == by_receipt.original.thread


def test_a_message_without_a_word_is_failed_and_says_why():
    (response,) = take(b"Subject: LIS Evidence\n\n").responses
    assert response.state == State.FAILED
    assert "no date" in response.reason


def test_rows_of_a_file_are_received_once_with_few_queries(django_assert_max_num_queries):
    rows = [Uploaded(Sent(text=f"Row {n}", organisation=f"Firm {n % 7}"), key=f"s {n}") for n in range(300)]
    with django_assert_max_num_queries(25):
        assert arrivals.receive_rows(rows, file="s.csv", by="a@example.org", now=NOW) == arrivals.Rows(300, 0)
    assert arrivals.receive_rows(rows[:10], file="s.csv", by="a@example.org", now=NOW) == arrivals.Rows(0, 10)
    assert Party.objects.count() == 7
    assert Done.objects.filter(what="response.received").count() == 300


def test_hands_in_the_room_are_counted_as_hands():
    votes = {Opinion.AGREE: 12, Opinion.DISAGREE: 3, Opinion.PARTLY: 0}
    vote = arrivals.receive_votes("pay", votes=votes, session="s1", by="a@example.org", now=NOW).response
    assert (vote.channel, vote.state) == (Channel.ROOM_VOTE, State.LINKED)
    assert set(vote.opinions.values_list("opinion", "n")) == {("agree", 12), ("disagree", 3)}


def test_what_comes_after_signing_off_opens_it_again():
    SignOff.objects.create(at=NOW, by="a@example.org", account={})
    arrivals.receive_note(Sent(text="One more."), key="n", by="b@example.org", now=NOW)
    assert SignOff.objects.get().reopened_at == NOW


def test_a_draft_is_read_and_saved_by_its_link_until_its_time_is_past():
    token = drafts.save({"q1": "a"}, token=None, now=NOW)
    assert drafts.save({"q1": "b"}, token=token, now=NOW) == token
    assert drafts.read(token, now=NOW) == {"q1": "b"}
    with pytest.raises(drafts.NoSuchDraft):
        drafts.read(token, now=NOW + DRAFTS_KEPT)
    drafts.delete(token)
    with pytest.raises(drafts.NoSuchDraft):
        drafts.save({}, token=token, now=NOW)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("wrong", [{"start": 3, "end": 3}, {"start": 4, "end": 2}])
def test_no_point_ends_before_it_starts(wrong):
    response = arrivals.receive_web(SENT, key="k", now=NOW).response
    with pytest.raises(IntegrityError), transaction.atomic():
        Point.objects.create(response=response, **wrong)


@pytest.mark.parametrize("wrong", [{"state": "duplicate"}, {"state": "withheld"}, {"state": "lost"}])
def test_a_response_is_not_set_aside_without_its_reason(wrong):
    arrivals.receive_web(SENT, key="k", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.update(**wrong)
