"""What the database itself holds, and the queries that are written by hand, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from wellfounded.people.consultation import rules
from wellfounded.people.consultation.actions import arrivals, aside, claims, importing, linking
from wellfounded.people.consultation.actions.arrivals import Sent, Uploaded
from wellfounded.people.consultation.actions.linking import Linked, decide
from wellfounded.people.consultation.mailroom import Mailroom
from wellfounded.people.consultation.models import Claim, Link, Point, Redaction, Response
from wellfounded.people.consultation.preparing import splitting
from wellfounded.people.consultation.preparing.subjects import Known, know
from wellfounded.people.consultation.queries import accounts, ledger, queues, themes
from wellfounded.people.consultation.receipts import Receipt
from wellfounded.people.consultation.receiving.store import Store
from wellfounded.people.consultation.receiving.types import Arrival, Outcome
from wellfounded.people.consultation.rules import State
from wellfounded.people.consultation.types import About, Opinion, Says, Target

NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
PAY = Target(About.CONCLUSION, "pay")


@pytest.fixture
def response(both) -> Response:
    know([Known(PAY, "Pay is higher.", "", "h")], now=NOW)
    key = str(Response.objects.count())
    sent = Sent(text="Pay is wrong. 😀 שלום", organisation=f"Firm {key}", answers=[("pay", Opinion.PARTLY, "")])
    made = arrivals.receive_web(sent, key=key, now=NOW).response
    splitting.split(now=NOW)
    return made


def test_what_must_hold_is_held(response):
    point = response.points.first()
    wrong = [
        lambda: Point.objects.create(response=response, start=5, end=5),
        lambda: Response.objects.filter(pk=response.pk).update(state="duplicate"),
        lambda: Link.objects.create(
            point=point, response=response, party=response.party, about="conclusion", target="pay", by="worker", at=NOW
        ),
        lambda: Link.objects.create(
            point=point, response=response, party=response.party, about="conclusion", target="", by="a", at=NOW
        ),
        lambda: Redaction.objects.create(
            response=response, text="x", made_by="a", made_at=NOW, approved_by="a", approved_at=NOW
        ),
    ]
    for each in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            each()


def test_the_queries_by_hand_say_the_same(response):
    point = response.points.first()
    assert [each.words for each in queues.points(Point.objects.filter(pk=point.pk))] == [
        response.text[point.start : point.end]
    ]
    decide(point, {Linked(PAY, Says.CHALLENGES_DATA)}, version=point.version, by="a@example.org", now=NOW)
    found = ledger.of("pay")
    assert (found.challenging.parties, found.qualifying.parties) == (1, Response.objects.count())
    assert ledger.said()["pay"].challenging == found.challenging.parties
    assert ledger.said(demonstration=False) == ledger.said()
    assert accounts.account().received == Response.objects.count()
    assert queues.sizes().challenges == Link.objects.filter(ended_at=None, decision=None).count()
    assert themes.listing() == []


def test_of_two_at_once_one_decides_and_one_is_told(response):
    point = response.points.first()
    told: list[str] = []
    ready = threading.Barrier(2)

    def act(by: str) -> None:
        try:
            ready.wait()
            try:
                claims.claim(response, by=by, now=NOW)
            except claims.Claimed:
                told.append("claimed")
            try:
                decide(point, {Linked(PAY, Says.SUPPORTS)}, version=point.version, by=by, now=NOW)
            except linking.ChangedMeanwhile:
                told.append("changed")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(by,)) for by in ("a@example.org", "b@example.org")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(told) == ["changed", "claimed"]
    assert Link.objects.filter(point=point, ended_at=None).count() == 1
    assert Claim.objects.filter(response=response).count() == 1


@pytest.mark.parametrize(
    "written", [b"a\x00b", b"\xff", b"\xed\xa0\x80", "caf\u00e9".encode(), "\U0001f600".encode(), b"=?utf-8?b?AA==?="]
)
def test_a_message_is_received_whatever_stands_in_its_headers(both, tmp_path, written):
    room = Mailroom(Store(tmp_path), frozenset(), ("evidence",), Receipt("https://e.example", "Evidence"))
    for header in (b"From", b"Message-ID", b"References", b"In-Reply-To", b"Subject", b"Reply-To", b"Sender", b"Date"):
        for value in (
            written,
            b"<" + written + b"@example.org>",
            b'"A' + written + b'" <a' + written + b"@example.org>",
        ):
            given = {b"From": b"ann@example.org", b"Subject": b"evidence", header: value}
            head = b"".join(name + b": " + text + b"\r\n" for name, text in given.items())
            raw = head + b"\r\nSaid: " + header + value
            assert room.deliver(raw, Arrival("imap", "mailbox", NOW)) in (Outcome.NEW, Outcome.CHANGED)


def test_a_row_is_received_whatever_stands_in_its_cells(both):
    odd = "Tea\x00Rooms\ud800"
    sent = Sent(
        text=odd, name=odd, email=f"{odd}@example.org", organisation=odd, sector=odd, district=odd, language=odd
    )
    arrivals.receive_rows([Uploaded(sent, key="odd")], file="rows.csv", by="a", now=NOW)
    assert Response.objects.get(key="upload odd").organisation == "Tea\ufffdRooms\ufffd"


def test_a_spreadsheet_is_taken_back(both):
    rows = [Uploaded(Sent(text=f"Row {n}."), key=f"r{n}") for n in range(3)]
    assert importing.take(rows, file="rows.csv", by="import@example.org", now=NOW).new == 3
    (one,) = importing.latest(now=NOW)
    assert (one.file, one.new, one.untouched) == ("rows.csv", 3, True)
    Response.objects.filter(key__startswith="upload r").update(begun_at=NOW)
    assert [each.untouched for each in importing.latest(now=NOW)] == [False]
    Response.objects.filter(key__startswith="upload r").update(begun_at=None)
    assert importing.take_back(one.pk, by="import@example.org", now=NOW) == (3, 0)
    assert importing.latest(now=NOW) == []
    assert not Response.objects.filter(key__startswith="upload r").exists()


def test_two_who_each_take_one_for_a_duplicate_of_the_other_do_not_lose_both(both, monkeypatch):
    pair = [arrivals.receive_web(Sent(text="The same."), key=f"pair {n}", now=NOW).response for n in range(2)]
    in_it, ended = threading.Event(), []

    def allow(before: State, after: State) -> None:
        in_it.set()
        time.sleep(0.5)  # the other comes meanwhile
        rules.allow(before, after)

    def put(one: int) -> None:
        try:
            aside.duplicate(pair[one], of=pair[1 - one], version=0, by="a", now=NOW)
            ended.append("put")
        except aside.NotADuplicate:
            ended.append("refused")
        finally:
            connection.close()

    monkeypatch.setattr(aside, "allow", allow)
    threads = [threading.Thread(target=put, args=(n,)) for n in range(2)]
    threads[0].start()
    assert in_it.wait(30)
    threads[1].start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["put", "refused"]
    assert Response.objects.filter(pk__in=[one.pk for one in pair], state=State.DUPLICATE).count() == 1
    third = arrivals.receive_web(Sent(text="The same."), key="third", now=NOW).response
    with pytest.raises(aside.NotADuplicate):
        aside.duplicate(third, of=pair[0], version=0, by="a", now=NOW)  # as it was when the page was shown
