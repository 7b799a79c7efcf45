"""Staff see each message as it came, and take as a response what only looked automatic."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

import pytest

from tests.people.consultation.corpus import AWAY, CASES, OURS, plain
from wellfounded.people.consultation.actions import privacy
from wellfounded.people.consultation.mailroom import Mailroom
from wellfounded.people.consultation.models import MailFolder, Original, Response
from wellfounded.people.consultation.receiving.store import Store
from wellfounded.people.consultation.receiving.types import Arrival
from wellfounded.people.models import Done

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def room(tmp_path) -> Mailroom:
    return Mailroom(Store(tmp_path), frozenset({OURS}), ("LIS Evidence",), None)


def came() -> Arrival:
    return Arrival("lmtp", "delivered", NOW)


def test_every_awkward_message_has_a_page_and_its_bytes_as_a_download(analyst, room):
    for case in CASES:
        room.deliver(case.raw, came())
    for original in Original.objects.all():
        page = analyst.get(f"/staff/responses/mail/{original.pk}")
        assert page.status_code == 200
        text = unescape(page.content.decode())
        assert all(trouble["said"][1:] in text for trouble in original.troubles)
        handed = analyst.get(f"/staff/responses/mail/{original.pk}/original")
        assert b"".join(handed.streaming_content) == room.store.read(original.raw_hash)
        assert handed.headers["Content-Disposition"] == f'attachment; filename="message-{original.pk}.eml"'
    kept = Original.objects.exclude(kind="a person")
    assert kept.count() > 5
    text = analyst.get("/staff/responses/mail").content.decode()
    assert f"/staff/responses/mail/{kept.latest('arrived_at', 'pk').pk}" in text


def test_what_looked_automatic_is_taken_as_a_response_once(analyst, room):
    room.deliver(plain(AWAY, "Out of Office: LIS Evidence"), came())
    original = Original.objects.get()
    at = f"/staff/responses/mail/{original.pk}"
    assert "Take it as a response" in analyst.get(at).content.decode()
    assert not Response.objects.exists()  # looking changes nothing
    answer = analyst.post(at)
    made = Response.objects.get()
    assert answer.headers["Location"] == f"/staff/responses/{made.reference}"
    assert AWAY.split("\n")[0].strip() in made.text
    original.refresh_from_db()
    assert original.kind == "a person"
    assert "an automatic reply by its headers" in original.reason
    assert Done.objects.get(what="message.taken").detail == {"was": "an automatic reply"}
    again = analyst.post(at)  # pressed twice, or by two people
    assert again.status_code == 200
    assert Response.objects.count() == 1
    assert "Take it as a response" not in analyst.get(at).content.decode()
    assert at in analyst.get(f"/staff/responses/{made.reference}").content.decode()


def test_a_message_that_is_not_kept_any_more_says_so(analyst, room):
    room.deliver(plain(AWAY, "Out of Office: LIS Evidence"), came())
    original = Original.objects.get()
    privacy.store().remove(original.raw_hash)
    at = f"/staff/responses/mail/{original.pk}"
    assert "not kept any more" in analyst.get(at).content.decode()
    assert analyst.post(at).status_code == 422
    assert analyst.get(f"{at}/original").status_code == 404
    assert analyst.get("/staff/responses/mail/999999").status_code == 404
    assert not Response.objects.exists()


def test_a_mailbox_that_cannot_be_read_is_said_where_staff_look(analyst):
    MailFolder.objects.create(
        name="imaps://mail.example.gov.uk/INBOX", polled_at=NOW, again=[4, 5], trouble="it refuses our password"
    )
    text = analyst.get("/staff/responses/mail").content.decode()
    assert "it refuses our password" in text
    assert "2 messages could not be kept and are tried again" in text
    assert "mailbox could not be read" in analyst.get("/staff").content.decode()
