"""Accounts, sign-in links, limits and the jobs table."""

from __future__ import annotations

import re
import smtplib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core import mail as sent
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from wellfounded.people import accounts, jobs, keyed, limits, mail, record
from wellfounded.people.models import Done, Job, SignInLink, Staff, Tally
from wellfounded.web import working

SHIPPED = Path(__file__).parents[2] / "bases" / "cheshire-warrington"
NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
def known(somebody: Staff, shown_publication) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(somebody)
    return client


def test_an_account_is_found_by_its_address_in_any_case(somebody):
    again, new = accounts.add(" SOMEBODY@example.org ", roles=["analyst"])
    assert (again.pk, new, again.roles) == (somebody.pk, False, ["analyst"])


@pytest.mark.parametrize("wrong", ["", "nobody", "a b@example.org", "@example.org", "x@" + "y" * 260])
def test_what_is_no_address_is_refused(db, wrong):
    with pytest.raises(accounts.NotAnAddress):
        accounts.add(wrong)


def test_a_role_that_there_is_not_is_refused_with_those_that_there_are(db):
    with pytest.raises(accounts.NoSuchRole, match="publisher, organiser, analyst"):
        accounts.add("a@example.org", roles=["king"])


def test_a_link_signs_in_once_and_only_its_hash_is_kept(somebody):
    token = accounts.link_for(somebody)
    assert token not in str(list(SignInLink.objects.values_list()))
    assert accounts.holder(token, loopback=False) == somebody
    assert accounts.use(token, loopback=False) == somebody
    with pytest.raises(accounts.LinkOver):
        accounts.use(token, loopback=False)


def test_a_link_that_was_printed_signs_in_on_this_machine_only(somebody):
    token = accounts.printed_link(somebody)
    with pytest.raises(accounts.LinkOver, match="machine"):
        accounts.use(token, loopback=False)
    assert accounts.use(token, loopback=True) == somebody


def test_a_link_is_over_when_its_time_is_past_or_its_holder_removed(somebody):
    token = accounts.link_for(somebody, now=NOW)
    with pytest.raises(accounts.LinkOver):
        accounts.use(token, loopback=True, now=NOW + accounts.SENT_FOR)
    accounts.remove(somebody.email)
    with pytest.raises(accounts.LinkOver):
        accounts.use(token, loopback=True, now=NOW)


def test_following_a_link_changes_nothing_and_pressing_its_button_signs_in(somebody, shown_publication):
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    address = f"/staff/t/{accounts.link_for(somebody)}"
    page = client.get(address)
    assert page.status_code == 200
    assert client.get("/staff").status_code == 302
    assert client.post(address).status_code == 403, "without the form's token"
    token = client.cookies["form"].value
    assert client.post(address, {"csrfmiddlewaretoken": token}).headers["Location"] == "/staff"
    assert client.get("/staff").status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin", "no other site learns the address"


@pytest.mark.parametrize(
    ("wanted", "then"), [("/staff/sessions/7/door", "/staff/sessions/7/door"), ("//evil.example/staff", "/staff")]
)
def test_signing_in_leads_to_the_page_that_was_asked_for_where_it_is_ours(somebody, shown_publication, wanted, then):
    client = Client(SERVER_NAME="localhost")
    if wanted == then:
        assert client.get(wanted).headers["Location"] == f"/staff/sign-in?{urlencode({'next': wanted})}"
    client.post(f"/staff/sign-in?{urlencode({'next': wanted})}", {"email": somebody.email})
    (path,) = re.findall(r"/staff/t/\S+", Job.objects.get(kind="mail").payload["text"])
    assert client.post(path).headers["Location"] == then


def test_who_asks_to_sign_in_learns_nothing_of_who_has_an_account(somebody, shown_publication):
    client = Client(SERVER_NAME="localhost")
    pages = [client.post("/staff/sign-in", {"email": email}) for email in (somebody.email, "stranger@example.org")]
    assert pages[1].content.replace(b"stranger@example.org", somebody.email.encode()) == pages[0].content
    assert {page.status_code for page in pages} == {200}
    while jobs.work({"mail": mail.send}):
        pass
    assert [message.to for message in sent.outbox] == [[somebody.email]]


def test_links_lead_to_where_the_site_is_served_whatever_the_base_states(somebody, shown_publication, settings):
    settings.WELLFOUNDED_SITE = "http://127.0.0.1:8130"
    Client(SERVER_NAME="localhost").post("/staff/sign-in", {"email": somebody.email})
    while jobs.work({"mail": mail.send}):
        pass
    assert "http://127.0.0.1:8130/staff/t/" in sent.outbox[0].body
    assert working.site_of(SHIPPED).address == "http://127.0.0.1:8130"


def test_e_mails_are_read_by_organisers_and_never_those_that_sign_others_in(
    known, somebody, shown_publication, settings, tmp_path
):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", tmp_path
    other, _ = accounts.add("other@example.org", roles=["analyst"])
    for address in (somebody.email, other.email, "guest@example.org"):
        sent.send_mail(f"Letter to {address}", "words", None, [address])
    page = known.get("/staff/mail").content.decode()
    assert "Letter to guest@example.org" in page
    assert f"Letter to {somebody.email}" in page
    assert f"Letter to {other.email}" not in page
    assert re.search(r"To guest@example\.org, \w+day \d+ \w+ \d{4}, \d+(:\d\d)?[ap]m<", page), "by the clock here"
    known.force_login(other)
    assert known.get("/staff/mail").status_code == 403


def test_a_job_that_is_no_number_is_none(known):
    assert known.post("/staff/jobs", {"job": "first"}).status_code == 302


@pytest.mark.usefixtures("one_moment")
def test_signing_in_can_be_asked_for_only_so_often_by_one_network(shown_publication):
    client = Client(SERVER_NAME="localhost")
    answers = [client.post("/staff/sign-in", {"email": f"{n}@example.org"}).status_code for n in range(11)]
    assert answers == [200] * 10 + [429]


@pytest.mark.usefixtures("one_moment")
def test_one_address_is_sent_only_so_many_links_and_nothing_tells_whether_it_has_an_account(
    somebody, shown_publication
):
    def asked(email: str, networks: int) -> list[tuple[int, bytes]]:
        """What each network that asks for a link to an address is answered, however the address is written."""
        answers = []
        for n in range(8):
            address = f"10.{networks}.0.{n}"
            client = Client(SERVER_NAME="localhost", REMOTE_ADDR=address)
            page = client.post("/staff/sign-in", {"email": email.upper() if n % 2 else email})
            answers.append((page.status_code, page.content.lower().replace(email.lower().encode(), b"")))
        return answers

    known, stranger = asked(somebody.email, 1), asked("stranger@example.org", 2)
    assert [status for status, _ in known] == [200] * 5 + [429] * 3
    assert known == stranger
    while jobs.work({"mail": mail.send}):
        pass
    assert len(sent.outbox) == 5
    assert not Tally.objects.filter(who__contains="@").exists()


@pytest.mark.parametrize("path", ["/staff", "/staff/jobs", "/staff/record", "/staff/mail"])
def test_staff_pages_are_for_staff(known, path):
    assert known.get(path).status_code == 200
    assert Client(SERVER_NAME="localhost").get(path).status_code == 302


def test_a_limit_counts_for_one_network_in_one_span(db):
    asked = [limits.count("x", "10.0.0.1", most=2, per=timedelta(hours=1), now=NOW) for _ in range(2)]
    assert asked == [1, 2]
    with pytest.raises(limits.TooOften) as error:
        limits.count("x", "10.0.0.1", most=2, per=timedelta(hours=1), now=NOW)
    assert error.value.wait == timedelta(minutes=30)
    assert limits.count("x", "10.0.0.2", most=2, per=timedelta(hours=1), now=NOW) == 1
    assert limits.count("x", "10.0.0.1", most=2, per=timedelta(hours=1), now=NOW + timedelta(hours=1)) == 1
    assert not Tally.objects.filter(who__contains="10.0").exists()
    assert limits.forget(now=NOW + timedelta(days=3)) == 3


def test_an_address_of_version_six_counts_for_its_network():
    assert limits.network("2001:db8::1") == limits.network("2001:db8::ffff") != limits.network("2001:db8:0:1::1")
    assert limits.network("10.0.0.1") == "10.0.0.1"
    assert limits.network("::ffff:10.0.0.1") == "10.0.0.1", (
        "IPv4 addresses that a server of IPv6 sees are not one network"
    )
    assert limits.network("10.0.0.1:4711") == "10.0.0.1", "some proxies add the port"
    assert limits.network("[2001:db8::1]:4711") == limits.network("2001:db8::1")
    assert limits.network("no address") == "unknown"


def test_keyed_hashes_differ_by_purpose_and_by_key(settings):
    first = keyed.of("a", "x")
    assert first == keyed.of("a", "x") != keyed.of("b", "x")
    settings.SECRET_KEY = "another"
    assert keyed.of("a", "x") != first


def test_a_job_that_fails_is_tried_again_later_and_given_up_in_the_end(db):
    job = jobs.ask("breaks", {}, due_at=NOW)
    tried, at = 0, NOW
    while tried < 20 and jobs.work({"breaks": lambda job, say: 1 / 0}, now=at):
        tried += 1
        at += timedelta(days=1)
        Job.objects.filter(pk=job.pk).update(due_at=at)
    job.refresh_from_db()
    assert (tried, job.state) == (jobs.MOST_ATTEMPTS, "failed")
    assert "ZeroDivisionError" in job.error
    jobs.again(job, now=at)
    assert jobs.work({"breaks": lambda job, say: {"n": 1}}, now=at)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"n": 1})


def test_a_job_whose_worker_died_is_done_by_the_next_when_the_lease_is_over(db):
    job = jobs.ask("x", {}, due_at=NOW)
    Job.objects.filter(pk=job.pk).update(leased_until=NOW + jobs.LEASE, attempts=1)
    assert not jobs.work({"x": lambda job, say: None}, now=NOW)
    assert jobs.work({"x": lambda job, say: None}, now=NOW + jobs.LEASE)


def test_a_job_that_is_at_work_is_not_given_to_another_who_asks_for_it_again(db):
    job = jobs.ask("x", {}, due_at=NOW)

    def handle(job: Job, say: object) -> None:
        jobs.again(job, now=NOW)
        assert not jobs.work({"x": handle}, now=NOW)

    assert jobs.work({"x": handle}, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 1)


def test_what_is_done_once_a_day_is_asked_for_once_a_day(db):
    for hour in range(0, 48, 5):
        jobs.every("tidy", timedelta(days=1), now=datetime(2027, 1, 12, tzinfo=UTC) + timedelta(hours=hour))
    assert Job.objects.count() == 2


def test_an_e_mail_carries_its_calendar_with_the_method_and_is_forgotten_when_sent(db):
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    job = mail.ask("a@example.org", "Line one\nBcc: b@example.org", "Text", key="k", calendar=calendar)
    assert mail.ask("a@example.org", "again", "Text", key="k").pk == job.pk
    assert jobs.work({"mail": mail.send})
    (message,) = sent.outbox
    raw = message.message()
    assert raw["Subject"] == "Line one Bcc: b@example.org"
    assert raw["Message-ID"] == f"<job-{job.pk}@localhost>"
    part = next(part for part in raw.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    job.refresh_from_db()
    assert job.payload == {}


def test_what_was_done_is_in_the_record(somebody, known):
    assert Done.objects.filter(what="staff.added", about="somebody@example.org").count() == 1
    record.done("worker", "demonstration.loaded", counts={"sessions": 4, "responses": 240}, also=["A", "B"])
    assert "counts: sessions 4, responses 240; also: A, B" in known.get("/staff/record").content.decode()


def test_a_job_that_ends_its_worker_each_time_is_given_up(db):
    job = jobs.ask("x", {}, due_at=NOW)
    Job.objects.filter(pk=job.pk).update(leased_until=NOW - jobs.LEASE, attempts=jobs.MOST_ATTEMPTS)
    after = jobs.ask("y", {}, due_at=NOW)
    assert jobs.work({"x": lambda job, say: pytest.fail("tried again"), "y": lambda job, say: None}, now=NOW)
    job.refresh_from_db()
    after.refresh_from_db()
    assert (job.state, after.state) == ("failed", "done")
    assert "the worker died" in job.error


def test_a_job_that_was_given_up_long_ago_is_forgotten_with_whom_it_was_for(db):
    job = mail.ask("ann@example.org", "Subject", "Text")
    Job.objects.filter(pk=job.pk).update(failed_at=NOW)
    assert jobs.forget(now=NOW + jobs.KEPT) == 0
    assert jobs.forget(now=NOW + jobs.KEPT + timedelta(seconds=1)) == 1


def test_an_address_that_a_mail_server_refuses_is_in_no_log_and_no_error(db, monkeypatch, caplog):
    def refuse(message: object, **_: object) -> None:
        raise smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"<ann@example.org>: no such person")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    job = mail.ask("ann@example.org", "Subject", "Text")
    assert jobs.work({"mail": mail.send})
    job.refresh_from_db()
    assert "550" in job.error
    assert "ann@" not in job.error + caplog.text


def test_an_e_mail_whose_worker_died_after_sending_it_is_sent_once(db):
    job = mail.ask("ann@example.org", "Subject", "Text")
    mail.send(job, lambda words: None)
    assert mail.send(Job.objects.get(pk=job.pk), lambda words: None) == {}
    assert len(sent.outbox) == 1


def test_a_nul_in_an_address_or_a_form_is_refused_wherever_it_is(known):
    for path in ("/workshops/%00", "/sessions.ics?district=%00", "/conclusions/%00", "/?a%00=b"):
        assert known.get(path).status_code == 400, path
    assert known.post("/staff/sign-in", {"email": "a\0@example.org"}).status_code == 400
    assert known.get(f"/charts/{'x' * 600}").status_code == 404


def test_a_worker_outlives_a_database_that_is_away_for_a_while(db, monkeypatch, caplog, tmp_path):
    there = jobs.every

    def away(*given: object, **more: object) -> Job:
        raise OperationalError("the server at db.example.org is away")

    monkeypatch.setattr(jobs, "every", away)
    assert working.go_on(SHIPPED) == 0
    assert "OperationalError" in caplog.text
    with pytest.raises(OperationalError):
        working.due(SHIPPED)
    monkeypatch.setattr(jobs, "every", there)
    monkeypatch.setattr(working, "handlers", lambda base: dict.fromkeys(working.EVERY, lambda job, say: None))
    assert working.go_on(tmp_path) == len(working.EVERY)


def test_links_and_sessions_that_are_over_are_deleted_and_those_that_are_not_stay(somebody, known):
    now = timezone.now()
    accounts.link_for(somebody, now=now)
    assert accounts.forget(now=now + accounts.SENT_FOR) == 0
    assert known.get("/staff").status_code == 200
    assert accounts.forget(now=now + timedelta(days=1)) == 2
    assert not SignInLink.objects.exists()
    assert known.get("/staff").status_code == 302


def test_links_that_anybody_asks_for_take_away_none_that_was_printed(somebody):
    printed = accounts.printed_link(somebody)
    for _ in range(accounts.MOST_LINKS * 2):
        sent_one = accounts.link_for(somebody)
    assert SignInLink.objects.count() == accounts.MOST_LINKS + 1
    assert accounts.use(printed, loopback=True) == accounts.use(sent_one, loopback=False) == somebody
