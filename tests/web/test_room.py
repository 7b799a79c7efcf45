"""The interactive session: notes and votes become responses, once, and say what they are."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.html import Read
from tests.web.sessions_made import opened_session
from wellfounded.people import accounts
from wellfounded.people.consultation.models import OpinionGiven, Response
from wellfounded.people.room import actions, queries
from wellfounded.people.room.models import Poll, Room, Vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(shown_publication) -> Room:
    return actions.open_room(opened_session(capacity=2).pk, by="o@example.org", now=timezone.now())


@pytest.fixture
def address(room) -> str:
    return f"/room/{room.token}"


NOTE = {
    "do": "note",
    "key": "k" * 43,
    "table": "3",
    "about": "conclusion:births",
    "opinion": "disagree",
    "text": "Not in Crewe.",
}


def test_a_note_becomes_a_response_reported_by_a_facilitator_once(site, room, address):
    before = Response.objects.count()
    assert site.get(address).status_code == 200
    for _ in range(2):
        answer = site.post(address, NOTE)
        assert answer.status_code == 302
    assert "The note is kept" in site.get(answer["Location"].partition("#")[0]).content.decode()
    assert "The note is kept" not in site.get(address).content.decode()
    response = Response.objects.get()
    assert before == 0
    assert (response.channel, response.text, response.table) == ("note in the room", "Not in Crewe.", 3)
    assert response.session.startswith("Town Hall, ")
    assert OpinionGiven.objects.get().conclusion == "births"
    page = Read(site.get(address).content.decode())
    assert "Table 3" in page.words
    assert "Not in Crewe" not in page.words  # whoever has the link reads no one else's words


def test_a_note_that_is_gone_back_to_and_written_anew_is_another(site, address):
    for text in ("Not in Crewe.", "Nor in Nantwich."):
        assert site.post(address, NOTE | {"text": text}).status_code == 302
    assert set(Response.objects.values_list("text", flat=True)) == {"Not in Crewe.", "Nor in Nantwich."}


def test_nothing_is_ticked_for_a_table_and_a_note_without_a_tick_has_no_opinion(site, address):
    assert "checked" not in site.get(address).content.decode()
    assert site.post(address, {name: said for name, said in NOTE.items() if name != "opinion"}).status_code == 302
    (passage,) = Response.objects.get().passages
    assert (passage["kind"], passage["id"]) == ("about", "conclusion:births")
    assert not OpinionGiven.objects.exists()


@pytest.mark.parametrize(
    ("about", "kind"), [("question:2", "question"), ("other:", "text")]
)  # fmt: skip
def test_a_note_may_answer_a_question_or_be_of_anything_else(site, address, about, kind):
    assert site.post(address, NOTE | {"about": about}).status_code == 302
    assert [one["kind"] for one in Response.objects.get().passages] == [kind]
    assert not OpinionGiven.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("table", ""), ("table", "99"), ("about", "conclusion:no-such"), ("text", "  "), ("text", "x" * 4001)],
)  # fmt: skip
def test_a_note_that_cannot_be_kept_says_why(site, address, field, wrong):
    answer = site.post(address, NOTE | {field: wrong})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Response.objects.exists()


def opened_poll(site: Client, address: str) -> Poll:
    assert site.post(address, {"do": "open", "conclusion": "births"}).status_code == 302
    return Poll.objects.latest("id")


def test_a_device_votes_once_and_may_change_it_until_votes_are_counted(site, room, address):
    poll = opened_poll(site, address)
    phone, other = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    assert phone.get(f"/vote?code={poll.code.lower()}")["Location"] == f"/vote/{poll.code}"
    assert phone.get("/vote?code=ZZZZZ").status_code == 404
    assert phone.get(f"/vote/{poll.code}").status_code == 200
    assert not Vote.objects.exists()
    for opinion in ("agree", "disagree"):
        assert phone.post(f"/vote/{poll.code}", {"opinion": opinion}).status_code == 302
    assert phone.cookies["device"]["httponly"]
    other.post(f"/vote/{poll.code}", {"opinion": "agree"})
    assert other.post(f"/vote/{poll.code}", {"opinion": "perhaps"}).status_code == 409
    assert {one.value: n for one, n in queries.tallied(poll).votes if n} == {"agree": 1, "disagree": 1}
    assert phone.cookies["device"].value not in str(list(Vote.objects.values_list()))
    shown = Read(site.get(f"/vote/{poll.code}/screen").content.decode())
    assert "2 votes" in shown.words
    assert 'http-equiv="refresh"' in shown.html
    assert 'http-equiv="refresh"' not in site.get(f"/vote/{poll.code}/screen?still=1").content.decode()
    for _ in range(2):
        assert site.post(address, {"do": "close", "poll": str(poll.pk)}).status_code == 302
    response = Response.objects.get()
    assert response.channel == "vote in the room"
    assert {(one.opinion, one.n) for one in OpinionGiven.objects.all()} == {("agree", 1), ("disagree", 1)}
    assert phone.post(f"/vote/{poll.code}", {"opinion": "agree"}).status_code == 409
    assert "The votes have been counted" in phone.get(f"/vote/{poll.code}").content.decode()


def test_there_are_no_more_votes_than_people_can_be_in_the_room(room):
    poll = actions.open_poll(room, "births", "Sentence", now=timezone.now())
    for n in range(room.session.capacity + actions.MORE_THAN_PLACES):
        actions.vote(poll, device=f"device {n}", opinion=actions.Opinion.AGREE)
    with pytest.raises(actions.TooManyVotes):
        actions.vote(poll, device="one more", opinion=actions.Opinion.AGREE)
    actions.vote(poll, device="device 1", opinion=actions.Opinion.PARTLY)


def test_the_same_conclusion_has_one_open_poll(site, room, address):
    first = opened_poll(site, address)
    assert opened_poll(site, address) == first
    assert site.post(address, {"do": "open", "conclusion": "no-such"}).status_code == 409
    assert site.post(address, {"do": "close", "poll": "999"}).status_code == 409


def test_a_poll_without_votes_becomes_no_response(site, room, address):
    poll = opened_poll(site, address)
    site.post(address, {"do": "close", "poll": str(poll.pk)})
    poll.refresh_from_db()
    assert (poll.closed_at is not None, poll.response, Response.objects.count()) == (True, "", 0)


def test_organisers_open_and_close_the_room_and_what_is_open_is_counted(site, shown_publication):
    organiser = Client(SERVER_NAME="localhost")
    organiser.force_login(accounts.add("organiser@example.org", roles=["organiser"])[0])
    session = opened_session()
    staff = f"/staff/sessions/{session.pk}/room"
    assert "There is no link yet" in organiser.get(staff).content.decode()
    assert not Room.objects.exists()
    organiser.post(staff, {"do": "open"})
    made = Room.objects.get()
    assert made.token in organiser.get(staff).content.decode()
    poll = opened_poll(site, f"/room/{made.token}")
    site.post(f"/vote/{poll.code}", {"opinion": "partly"})
    organiser.post(staff, {"do": "close"})
    assert Response.objects.count() == 1
    assert site.post(f"/room/{made.token}", NOTE).status_code in (409, 422)
    assert "have closed this room" in site.get(f"/room/{made.token}").content.decode()
    assert Response.objects.count() == 1


def test_the_room_is_found_by_its_link_only_and_forms_from_elsewhere_are_refused(site, room, address):
    for path in ("/room/x", "/room/" + "a" * 64, "/vote/ABCDE"):
        assert site.get(path).status_code == 404
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert client.post(address, NOTE).status_code == 403
    assert not Response.objects.exists()
