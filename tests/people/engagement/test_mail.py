"""E-mails through a real SMTP server: the worker sends each once, with what mail programs look for."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from tests.people.engagement.made import NOW, SITE, STAFF, a_session, ask, booked, details, latest, party
from wellfounded.people import jobs, mail
from wellfounded.people.engagement import booking, erasing, following, organising, stakeholders, wording
from wellfounded.people.engagement.models import Booking, Follower, Invitation, Stakeholder
from wellfounded.people.models import Done, Job


class Kept:
    """What a mail server was given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses = 0

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        if self.refuses:
            self.refuses -= 1
            return "451 come again later"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert [message["To"]] == envelope.rcpt_tos
        self.messages.append(message)
        return "250 kept"


@pytest.fixture
def server(settings) -> Iterator[Kept]:
    """A mail server on this machine, to which our e-mails go."""
    kept = Kept()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.WELLFOUNDED_SMTP = "smtp://127.0.0.1"
    yield kept
    controller.stop()


def work() -> None:
    while jobs.work({"mail": mail.send}):
        pass


def test_a_booking_is_confirmed_by_an_e_mail_that_carries_its_calendar_entry(db, server):
    session = a_session()
    mine = ask(session, "ada")
    work()
    (first,) = server.messages
    assert f"{SITE.address}/bookings/{mine.token}" in first.get_body(("plain",)).get_content()
    booking.confirm(mine.token, site=SITE, now=NOW)
    work()
    work()
    assert len(server.messages) == 2, "once each"
    part = next(part for part in server.messages[1].walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert "BEGIN:VEVENT" in part.get_content()
    assert len({message["Message-ID"] for message in server.messages}) == 2
    assert not Job.objects.filter(payload__has_key="to").exists(), "nothing of an e-mail is kept once it is sent"


def test_an_e_mail_that_is_refused_for_now_is_sent_later_under_the_same_id(db, server):
    server.refuses = 1
    ask(a_session(), "ada")
    work()
    assert server.messages == []
    job = Job.objects.get()
    jobs.again(job, now=NOW - timedelta(days=365))
    work()
    assert server.messages[0]["Message-ID"].startswith(f"<job-{job.pk}@")


def test_an_e_mail_that_was_given_up_goes_with_the_details_of_whoever_it_was_for(db):
    session = a_session()
    mine, other = ask(session, "ada"), ask(session, "bea")
    Job.objects.update(failed_at=NOW)
    erasing.erase(mine.pk, by="", now=NOW, site=SITE)
    assert [job.payload["to"] for job in Job.objects.all()] == [other.contact.email]


def test_following_is_confirmed_first_and_stopped_in_one_click(db, server):
    for _ in range(2):
        following.follow("Fay@example.org", districts=["E06000049"], network="n", site=SITE, now=NOW)
    a_session()
    work()
    assert [message["Subject"] for message in server.messages] == ["Please confirm: new sessions"]
    token = Follower.objects.get().token
    following.confirm(token, edition=1, now=NOW)
    a_session(title="Near")
    a_session(title="Far", district="E06000050")
    work()
    told = server.messages[1:]
    assert [message["Subject"] for message in told] == ["A new session: Near"]
    assert told[0]["List-Unsubscribe"].strip() == f"<{SITE.address}/follow/{token}/stop>"
    assert told[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert following.stop(token)
    assert not Follower.objects.exists(), "the address is gone"
    a_session(title="Later")
    work()
    assert len(server.messages) == 2


def test_an_edition_is_told_once_and_only_to_who_asked_before_it(db, server):
    following.follow("fay@example.org", editions=True, network="n", site=SITE, now=NOW)
    following.confirm(Follower.objects.get().token, edition=2, now=NOW)
    assert [following.tell_of_edition(n, site=SITE) for n in (2, 3, 3)] == [0, 1, 0]


def test_who_follows_sessions_and_asks_for_editions_follows_both(db, server):
    following.follow("fay@example.org", districts=["E06000049"], network="n", site=SITE, now=NOW)
    token = Follower.objects.get().token
    following.follow("fay@example.org", editions=True, network="n", site=SITE, now=NOW)
    for _ in range(2):
        follower = following.confirm(token, edition=1, now=NOW)
        assert (follower.districts, follower.editions, follower.wanted) == (["E06000049"], True, {})
        following.follow("Fay+x@example.org", districts=["E06000049"], network="n", site=SITE, now=NOW)
    assert Follower.objects.get().email == "fay@example.org"


def test_stakeholders_are_asked_once_answer_by_booking_and_are_left_alone_when_they_opt_out(db, server):
    entry = stakeholders.Entry(
        "Works", "employer", "public-task", name="Wyn", email="Wyn@example.org", sectors=("energy",)
    )
    who = stakeholders.save(entry, by=STAFF, now=NOW)
    session = a_session(invite_only=True)
    asked = [stakeholders.invite(session.pk, [who.pk], by=STAFF, now=NOW, site=SITE) for _ in range(2)]
    assert asked == [1, 0]
    invitation = Invitation.objects.get()
    work()
    assert server.messages[0]["List-Unsubscribe"].endswith(f"/invitations/{invitation.token}/stop>")
    booking.book(session.pk, party("wyn"), network="x", site=SITE, now=NOW, invitation=invitation)
    booking.confirm(latest(session, "wyn").token, site=SITE, now=NOW)
    (line,) = stakeholders.listed(sector="energy")
    assert (line.asked, line.answered) == (1, 1)
    stakeholders.opt_out(who.pk, by="", now=NOW)
    call = {"subject": "Energy", "text": "What do you see?", "by": STAFF, "now": NOW, "site": SITE}
    assert stakeholders.call_for_evidence([who.pk], **call) == 0
    with pytest.raises(stakeholders.NotPossible, match="already"):
        stakeholders.save(entry, by=STAFF, now=NOW)


def test_many_are_told_asked_and_put_in_the_register_with_few_queries(db, django_assert_max_num_queries):
    for n in range(30):
        following.follow(f"f{n}@example.org", districts=["all"], network=str(n), site=SITE, now=NOW)
        following.confirm(Follower.objects.latest("pk").token, edition=1, now=NOW)
    Job.objects.all().delete()
    with django_assert_max_num_queries(20):
        a_session()
    assert Job.objects.filter(payload__subject="A new session: The evidence").count() == 30
    entries = [stakeholders.Entry(f"Org {n}", "employer", "consent", email=f"O{n}@example.org") for n in range(30)]
    with django_assert_max_num_queries(12):
        assert stakeholders.put_all(entries[:20], by=STAFF, now=NOW) == 20
    assert stakeholders.put_all([replace(one, notes="Anew") for one in entries], by=STAFF, now=NOW) == 30
    assert Stakeholder.objects.filter(notes="Anew").count() == Stakeholder.objects.count() == 30
    assert Done.objects.filter(what="stakeholder.saved").count() == 50
    with pytest.raises(stakeholders.NotPossible, match="no kind"):
        stakeholders.put_all([replace(entries[0], kind="firm")], by=STAFF, now=NOW)
    ids = Stakeholder.objects.values_list("pk", flat=True)
    call = {"subject": "Energy", "text": "What do you see?", "by": STAFF, "now": NOW, "site": SITE}
    with django_assert_max_num_queries(10):
        assert stakeholders.call_for_evidence(ids, **call) == 30
    assert len({job.payload["text"] for job in Job.objects.filter(payload__subject="Energy")}) == 30


def test_organisers_write_to_all_who_have_places_or_to_some(db, server):
    session = a_session(capacity=2)
    first, second, waits = booked(session, "ada"), booked(session, "bea"), booked(session, "cat")
    work()
    server.messages.clear()
    said = {"subject": "Parking", "text": "Use the back gate.", "by": STAFF, "now": NOW, "site": SITE}
    assert organising.message(session.pk, **said) == 2
    assert organising.message(session.pk, booking_ids=[second.pk], **said) == 1
    assert organising.message(session.pk, states=["waiting"], **said) == 1
    work()
    assert [message["To"].partition("@")[0] for message in server.messages] == ["ada", "bea", "bea", "cat"]
    assert first.token in server.messages[0].get_body(("plain",)).get_content()
    assert waits.token in server.messages[3].get_body(("plain",)).get_content()


def test_a_deadline_at_midnight_is_said_as_the_last_minute_of_the_day_before(db):
    now = datetime(2026, 11, 25, 23, tzinfo=UTC)
    held = ask(a_session(now=now), "ann", now=now)
    assert held.until == datetime(2026, 11, 26, tzinfo=UTC), "the deadline itself stays"
    (asked,) = Job.objects.filter(kind=mail.KIND)
    assert asked.payload["subject"].startswith("Confirm your booking by 11:59pm on Wednesday 25 November 2026:")
    assert "for you until 11:59pm on Wednesday 25 November 2026." in asked.payload["text"]
    assert "midnight" not in asked.payload["text"]
    assert wording.deadline(now) == "Wednesday 25 November 2026 at 11pm"
    summer = datetime(2026, 6, 30, 23, tzinfo=UTC)  # midnight by the clock at the venue
    assert wording.deadline(summer) == "11:59pm on Tuesday 30 June 2026"
    assert wording.moment(summer) == "Wednesday 1 July 2026 at midnight", "what begins then begins then"


def test_an_invitation_to_a_demonstration_says_that_it_is_one(db):
    session = organising.create(details(), by=STAFF, now=NOW, demonstration=True)
    organising.open_booking(session.pk, by=STAFF, now=NOW, site=SITE)
    entry = stakeholders.Entry("Works", "employer", "public-task", email="wyn@example.org")
    who = stakeholders.save(entry, by=STAFF, now=NOW)
    assert stakeholders.invite(session.pk, [who.pk], by=STAFF, now=NOW, site=SITE) == 1
    assert "This session is a demonstration" in Job.objects.get(kind=mail.KIND).payload["text"]
    assert [one.demonstration for one in stakeholders.asked(who.pk)] == [True]


def test_nobody_is_greeted_by_a_name_that_anybody_may_have_typed_in(db):
    ann = replace(party("ann"), name="Ann\n\nYour account is closed")
    booking.book(a_session().pk, ann, network="n", site=SITE, now=NOW)
    (asked,) = Job.objects.filter(kind=mail.KIND)
    assert asked.payload["to"] == "ann@example.org"
    assert "account" not in asked.payload["text"]
    booking.confirm(Booking.objects.get().token, site=SITE, now=NOW)
    confirmed = Job.objects.filter(kind=mail.KIND).latest("pk").payload["text"]
    assert confirmed.startswith("Dear Ann Your account is closed,\n\n")
