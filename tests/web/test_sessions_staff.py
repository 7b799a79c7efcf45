"""Sessions for organisers: planned, changed, run at the door, reported; and the register of stakeholders."""

from __future__ import annotations

from calendar import SUNDAY
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.web.html import Read
from tests.web.sessions_made import BY, SITE, booked, details, opened_session
from wellfounded.people import accounts
from wellfounded.people.consultation.actions import arrivals
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.engagement import demonstration, organising, stakeholders
from wellfounded.people.engagement.models import Booking, Invitation, Session, Stakeholder, Template
from wellfounded.people.engagement.types import Details
from wellfounded.people.models import Done, Job
from wellfounded.people.room import actions as rooms
from wellfounded.web import answered
from wellfounded.web.pages.engagement import staff_forms

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() + timedelta(days=100)
PLAN = {
    "title": "The evidence for Crewe", "summary": "", "day": DAY.isoformat(), "begins": "09:30", "ends": "12:00",
    "programme": "9:30 Registration", "capacity": "40", "books_until": "", "district": "E06000049",
    "venue": "Market Hall", "address": "", "postcode": "", "access_information": "", "travel": "", "host": "",
    "audience": "", "documents": "", "slides": "",
}  # fmt: skip


@pytest.fixture
def organiser(shown_publication) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(accounts.add("organiser@example.org", roles=["organiser"])[0])
    return client


@pytest.fixture
def session(shown_publication) -> Session:
    return opened_session()


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return Read(answer.content.decode()).words


STAFF_PAGES = (
    "/staff/sessions", "/staff/sessions?past=1", "/staff/sessions/new", "/staff/sessions/report",
    "/staff/sessions/{id}",
    "/staff/sessions/{id}/edit", "/staff/sessions/{id}/call-off", "/staff/sessions/{id}/history",
    "/staff/sessions/{id}/print", "/staff/sessions/{id}/people.csv", "/staff/sessions/{id}/extra",
    "/staff/sessions/{id}/message", "/staff/sessions/{id}/door", "/staff/sessions/{id}/walk-in",
    "/staff/sessions/{id}/room", "/staff/sessions/new?like={id}", "/staff/sessions/report?session={id}",
    "/staff/stakeholders", "/staff/stakeholders/new", "/staff/stakeholders/import",
)  # fmt: skip


def test_only_organisers_see_these_pages(site, organiser, session):
    booked(session, "a@example.org", access="Hearing loop")
    analyst = Client(SERVER_NAME="localhost")
    analyst.force_login(accounts.add("analyst@example.org", roles=["analyst"])[0])
    before = (Booking.objects.count(), Job.objects.count(), Done.objects.count())
    for path in STAFF_PAGES:
        path = path.format(id=session.pk)
        assert site.get(path).status_code == 302, path
        assert analyst.get(path).status_code == 403, path
        assert organiser.get(path).status_code == 200, path
    assert (Booking.objects.count(), Job.objects.count(), Done.objects.count()) == before


def test_a_form_of_staff_from_elsewhere_is_refused(organiser, session):
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    client.cookies = organiser.cookies
    for path, given in (
        ("/staff/sessions/new", PLAN), (f"/staff/sessions/{session.pk}", {"do": "close"}),
        (f"/staff/sessions/{session.pk}/call-off", {"why": "Snow"}),
        (f"/staff/sessions/{session.pk}/door", {"do": "release"}),
        ("/staff/stakeholders/ask", {}), (f"/staff/sessions/{session.pk}/room", {"do": "open"}),
    ):  # fmt: skip
        assert client.post(path, given).status_code == 403, path


def test_a_session_is_planned_as_a_draft_and_opened(organiser, site):
    answer = organiser.post("/staff/sessions/new", PLAN)
    made = Session.objects.get()
    assert answer["Location"] == f"/staff/sessions/{made.pk}"
    assert (made.state, made.capacity, made.venue) == ("draft", 40, "Market Hall")
    assert f"{timezone.localtime(made.starts_at):%Y-%m-%d %H:%M}" == f"{DAY} 09:30"
    assert site.get(f"/sessions/{made.pk}").status_code == 404
    organiser.post(f"/staff/sessions/{made.pk}", {"do": "open"})
    assert "40 of 40 places left" in words(site, "/sessions")
    organiser.post(f"/staff/sessions/{made.pk}", {"do": "close"})
    made.refresh_from_db()
    assert made.state == "closed"


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("title", "", "Enter a title"), ("day", "tomorrow", "Enter the day"), ("ends", "09:00", "after it begins"),
        ("capacity", "0", "one place at least"), ("district", "E92000001", "Choose a district"),
        ("books_until", f"{DAY}T10:00", "before the session begins"),
        ("begins", "25:00", "Enter when it begins"), ("day", "2020-02-29", "would begin in the past"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_said(organiser, field, wrong, said):
    answer = organiser.post("/staff/sessions/new", PLAN | {field: wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Session.objects.exists()


@pytest.mark.parametrize("month", [3, 10])
def test_a_time_that_the_clocks_leave_out_or_give_twice_is_refused(organiser, month):
    last_sunday = max(
        day for n in range(25, 32) if (day := date(timezone.localdate().year + 1, month, n)).weekday() == SUNDAY
    )
    answer = organiser.post("/staff/sessions/new", PLAN | {"day": last_sunday.isoformat(), "begins": "01:30"})
    assert answer.status_code == 422
    assert "The clocks change" in answer.content.decode()


def test_a_copy_and_a_template_carry_the_format_and_not_the_venue(organiser, session):
    page = organiser.get(f"/staff/sessions/new?like={session.pk}").content.decode()
    assert 'value="The evidence for Warrington"' in page
    assert "Town Hall" not in page
    organiser.post(f"/staff/sessions/{session.pk}", {"do": "template", "name": "Morning & more"})
    assert Template.objects.get().name == "Morning & more"
    listing = Read(organiser.get("/staff/sessions").content.decode())
    (address,) = [one for _, one in listing.addresses if "Morning" in one]
    page = organiser.get(address).content.decode()
    assert 'value="The evidence for Warrington"' in page
    assert 'value="11:30"' in page, "two hours, as it took"


def test_a_copy_of_a_session_that_was_held_is_of_a_day_to_come_and_none_is_moved_into_the_past(
    organiser, one_moment, session
):
    kept = booked(session, "a@example.org")
    yesterday = (timezone.localtime(one_moment) - timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    answer = organiser.post(
        f"/staff/sessions/{session.pk}/edit", moved(session, day=yesterday.date().isoformat()) | {"sure": "yes"}
    )
    assert answer.status_code == 422
    assert "would begin in the past" in answer.content.decode()
    Session.objects.filter(pk=session.pk).update(starts_at=yesterday, ends_at=yesterday + timedelta(hours=2))
    page = organiser.get(f"/staff/sessions/new?like={session.pk}").content.decode()
    assert f'value="{yesterday.date()}"' not in page
    assert f'value="{timezone.localdate() + timedelta(weeks=4)}"' in page
    session.refresh_from_db()
    changes = staff_forms.session_initial(organising.details(session.pk)) | {"venue": "Parr Hall"}
    given = {name: said for name, said in changes.items() if said is not None}
    assert organiser.post(f"/staff/sessions/{session.pk}/edit", given).status_code == 302, (
        "of what is over nobody is told"
    )
    kept.refresh_from_db()
    assert kept.state == "confirmed"


def moved(session: Session, **more: str) -> dict[str, str]:
    start = timezone.localtime(session.starts_at)
    return PLAN | {
        "title": session.title, "day": start.date().isoformat(), "begins": "10:00", "ends": "12:00",
        "venue": session.venue, "address": session.address, "postcode": session.postcode, "capacity": "3",
        "district": session.district,
    } | more  # fmt: skip


def test_a_change_of_venue_says_first_how_many_will_be_told(organiser, session):
    booked(session, "a@example.org")
    booked(session, "b@example.org")
    given = moved(session, venue="Parr Hall")
    page = organiser.post(f"/staff/sessions/{session.pk}/edit", given)
    assert "2 people will be told" in page.content.decode()
    session.refresh_from_db()
    assert (session.venue, session.sequence) == ("Town Hall", 0)
    letters = Job.objects.filter(kind="mail").count()
    answer = organiser.post(f"/staff/sessions/{session.pk}/edit", given | {"sure": "yes", "why": "A flood"})
    assert answer.status_code == 302
    session.refresh_from_db()
    assert (session.venue, session.sequence) == ("Parr Hall", 1)
    assert Job.objects.filter(kind="mail").count() == letters + 2


def test_a_change_of_words_tells_nobody_and_keeps_what_the_form_does_not_ask(organiser, session):
    booked(session, "a@example.org")
    Session.objects.filter(pk=session.pk).update(edition=2, latitude=53.4, longitude=-2.6)
    letters = Job.objects.count()
    assert (
        organiser.post(f"/staff/sessions/{session.pk}/edit", moved(session, host="A college", edition="2")).status_code
        == 302
    )
    session.refresh_from_db()
    assert (session.host, session.edition, session.latitude) == ("A college", 2, 53.4)
    assert Job.objects.count() == letters
    answer = organiser.post(f"/staff/sessions/{session.pk}/edit", moved(session, capacity="0"))
    assert answer.status_code == 422


def test_capacity_moves_the_queue_and_never_goes_below_what_is_taken(organiser, session):
    booked(session, "a@example.org", seats=3, organisation="A")
    waits = booked(session, "b@example.org")
    organiser.post(f"/staff/sessions/{session.pk}", {"do": "capacity", "capacity": "4"})
    waits.refresh_from_db()
    assert waits.state == "offered"
    for capacity in ("2", "-1", "many", ""):
        answer = organiser.post(f"/staff/sessions/{session.pk}", {"do": "capacity", "capacity": capacity})
        assert answer.status_code == 409, capacity
        assert "There is a problem" in answer.content.decode()
    session.refresh_from_db()
    assert session.capacity == 4


def test_cancelling_a_session_needs_a_reason_and_tells_everybody(organiser, site, session):
    kept = booked(session, "a@example.org")
    assert "1 person is told" in words(organiser, f"/staff/sessions/{session.pk}/call-off")
    assert organiser.post(f"/staff/sessions/{session.pk}/call-off", {"why": ""}).status_code == 422
    assert organiser.post(f"/staff/sessions/{session.pk}/call-off", {"why": "Heavy snow"}).status_code == 302
    kept.refresh_from_db()
    assert kept.state == "called off"
    assert "Heavy snow" in words(site, f"/sessions/{session.pk}")
    assert "Add it to your calendar" not in words(site, f"/sessions/{session.pk}")
    assert b"STATUS:CANCELLED" in site.get("/sessions.ics").content
    page = organiser.get(f"/staff/sessions/{session.pk}").content.decode()
    assert "Copy to another venue" in page
    assert "/door" not in page, "what does not take place has no door"
    assert "The organisers have cancelled it" in words(site, f"/bookings/{kept.token}")


def test_one_booking_is_called_off_with_a_reason(organiser, session):
    kept = booked(session, "a@example.org")
    organiser.post(f"/staff/sessions/{session.pk}", {"do": "call-off-booking", "booking": str(kept.pk), "why": "Twice"})
    kept.refresh_from_db()
    assert kept.state == "called off"


def test_nothing_is_done_to_a_booking_from_the_pages_of_another_session(organiser, session):
    other = opened_session()
    there = booked(other, "a@example.org")
    before = (Done.objects.count(), Job.objects.count())
    at = f"/staff/sessions/{session.pk}"
    for path, do in (
        (at, "call-off-booking"), (at, "erase"), (f"{at}/door", "here"), (f"{at}/door", "not-here"),
    ):  # fmt: skip
        for number in (there.pk, 999_999, "x"):
            answer = organiser.post(path, {"do": do, "booking": str(number), "why": "By mistake"})
            assert answer.status_code == 404, (path, do, number)
    some = {"whom": "some", "some": [str(there.pk)], "subject": "Parking", "text": "Use the back."}
    assert organiser.post(f"{at}/message", some).status_code == 422
    there.refresh_from_db()
    assert (there.state, there.contact.email) == ("confirmed", "a@example.org")
    assert (Done.objects.count(), Job.objects.count()) == before
    organiser.post(f"/staff/sessions/{other.pk}/door", {"do": "here", "booking": str(there.pk)})
    there.refresh_from_db()
    assert there.state == "attended"


def test_an_answer_is_noted_only_on_the_page_of_whoever_was_asked(organiser):
    for name in ("Asked", "Other"):
        organiser.post("/staff/stakeholders/new", ENTRY | {"organisation": name, "email": f"{name}@example.org"})
    asked, other = Stakeholder.objects.order_by("organisation")
    invitation = Invitation.objects.create(
        stakeholder=asked, call="Skills", token_hash="1", asked_at=timezone.now(), asked_by=BY
    )
    given = {"do": "declined", "invitation": str(invitation.pk)}
    assert organiser.post(f"/staff/stakeholders/{other.pk}", given).status_code == 404
    invitation.refresh_from_db()
    assert (invitation.answer, invitation.answered_at) == ("", None)
    assert organiser.post(f"/staff/stakeholders/{asked.pk}", given).status_code == 302


def test_a_place_beside_the_capacity_needs_a_reason_that_is_kept(organiser, session):
    booked(session, "a@example.org", seats=3, organisation="A")
    given = {"name": "Speaker", "email": "s@example.org", "seats": "1", "why": ""}
    assert organiser.post(f"/staff/sessions/{session.pk}/extra", given).status_code == 422
    assert organiser.post(f"/staff/sessions/{session.pk}/extra", given | {"why": "Presents"}).status_code == 302
    assert Booking.objects.get(extra=True).state == "confirmed"
    assert Done.objects.filter(what="session.extra-added").exists()
    assert "Presents" in words(organiser, f"/staff/sessions/{session.pk}/history")


def test_a_message_goes_to_those_who_were_chosen(organiser, session):
    first = booked(session, "a@example.org")
    booked(session, "b@example.org")
    given = {"whom": "some", "subject": "Parking", "text": "Use the back."}
    address = f"/staff/sessions/{session.pk}/message"
    assert organiser.post(address, given).status_code == 422
    assert organiser.post(address, given | {"some": ["999"]}).status_code == 422
    before = Job.objects.filter(kind="mail").count()
    assert "1 e-mail goes" in organiser.post(address, given | {"some": [str(first.pk)]}).content.decode()
    assert Job.objects.filter(kind="mail").count() == before + 1
    assert "2 e-mails go" in organiser.post(address, given | {"whom": "confirmed"}).content.decode()
    answer = organiser.post(address, given | {"whom": "waiting"})
    assert answer.status_code == 422
    assert "There is nobody in this group" in answer.content.decode()


def test_people_of_a_demonstration_are_written_to_by_nobody_and_that_is_said(organiser, shown_publication):
    demonstration.load(now=timezone.now())
    full = Session.objects.get(waiting__gt=0)
    before = Job.objects.filter(kind="mail").count()
    given = {"whom": "confirmed", "subject": "Parking", "text": "Use the back."}
    said = organiser.post(f"/staff/sessions/{full.pk}/message", given).content.decode()
    assert "Nobody was written to" in said
    assert Job.objects.filter(kind="mail").count() == before
    assert "0 people are told" in words(organiser, f"/staff/sessions/{full.pk}/call-off")


def test_stakeholders_of_a_demonstration_are_asked_by_nobody_and_the_page_names_the_session(organiser, session):
    demonstration.load(now=timezone.now())
    shown, before = Stakeholder.objects.filter(demonstration=True)[0], Job.objects.filter(kind="mail").count()
    given = {"stakeholder": [str(shown.pk)], "to": f"session-{session.pk}"}
    page = organiser.post("/staff/stakeholders/ask", given).content.decode()
    assert session.title in page
    assert "none is sent" in page
    assert (
        "Nobody was written to" in organiser.post("/staff/stakeholders/ask", given | {"sure": "yes"}).content.decode()
    )
    assert Job.objects.filter(kind="mail").count() == before
    assert organiser.post("/staff/stakeholders/ask", given | {"to": "session-999999"}).status_code == 404
    assert "Show all" in words(organiser, "/staff/stakeholders?kind=council&sector=digital")
    assert ">held</td>" in organiser.get("/staff/sessions?past=1").content.decode()


def test_where_no_mail_server_is_set_nobody_is_told_to_wait_for_an_e_mail(site, organiser, session, settings):
    settings.WELLFOUNDED_SMTP = ""
    note, address = "has no mail server", f"/sessions/{session.pk}/asked"
    assert note in words(site, address)
    assert ("a href", "/staff/mail") in Read(organiser.get(address).content.decode()).addresses
    settings.WELLFOUNDED_SMTP = "smtp://mail.example.org"
    assert note not in words(site, address)


def test_the_door_checks_in_takes_back_and_frees_places(organiser, site, session):
    here = booked(session, "a@example.org", name="Ada Arrived", seats=2, organisation="A")
    booked(session, "b@example.org", name="Bob Absent")
    address = f"/staff/sessions/{session.pk}/door"
    assert "Bob Absent" not in words(organiser, f"{address}?q=ada")
    answer = organiser.post(address, {"do": "here", "booking": str(here.pk), "arrived": "1"})
    assert answer["Location"] == f"{address}#booking-{here.pk}"
    here.refresh_from_db()
    assert (here.state, here.arrived) == ("attended", 1)
    assert "1 of 3" in words(organiser, address)
    organiser.post(address, {"do": "not-here", "booking": str(here.pk)})
    here.refresh_from_db()
    assert here.state == "confirmed"
    assert organiser.post(address, {"do": "release"}).status_code == 409  # it has not begun
    assert organiser.post(address, {"do": "?"}).status_code == 409
    organiser.post(address, {"do": "here", "booking": str(here.pk)})
    ago = timezone.now() - timedelta(minutes=10)
    Session.objects.filter(pk=session.pk).update(starts_at=ago, ends_at=ago + timedelta(hours=2))
    assert "free for whoever is at the door" in organiser.post(address, {"do": "release"}).content.decode()
    walks = {"name": "Wanda Walks", "email": "", "seats": "1"}
    assert organiser.post(f"/staff/sessions/{session.pk}/walk-in", walks).status_code == 302
    answer = organiser.post(f"/staff/sessions/{session.pk}/walk-in", walks)
    assert answer.status_code == 422
    assert "Wanda Walks" in words(organiser, address)


def test_the_page_of_a_booking_checks_in_for_organisers_only(organiser, site, session):
    kept = booked(session, "a@example.org")
    assert "For organisers" not in site.get(f"/bookings/{kept.token}").content.decode()
    page = Read(organiser.get(f"/bookings/{kept.token}").content.decode())
    assert ("form action", f"/staff/sessions/{session.pk}/door") in page.addresses


def test_the_list_as_csv_runs_no_formula(organiser, session):
    booked(session, "a@example.org", name="=cmd|' /C calc'!A0", organisation="+1 Ltd", district="E06000007")
    answer = organiser.get(f"/staff/sessions/{session.pk}/people.csv")
    assert answer["Content-Disposition"].startswith("attachment")
    body = answer.content.decode("utf-8-sig")
    assert "'=cmd" in body
    assert ",+1" not in body
    assert "Warrington" in body, "districts by their names"


def test_the_report_counts_people_without_names(organiser, session):
    booked(
        session,
        "a@example.org",
        name="Secret Person",
        seats=2,
        organisation="Widget Works",
        sector="digital",
        district="E06000049",
    )
    said = words(organiser, f"/staff/sessions/report?session={session.pk}")
    for expected in ("Widget Works", "Digital, information and communication", "Cheshire East"):
        assert expected in said
    assert "Secret Person" not in said


def test_the_report_leaves_demonstrations_out_as_soon_as_there_is_a_session_of_ones_own(organiser, shown_publication):
    demonstration.load(now=timezone.now())
    said = words(organiser, "/staff/sessions/report")
    assert "these people do not exist" in said
    assert "Example College" in said
    booked(opened_session(), "a@example.org", organisation="Widget Works")
    said = words(organiser, "/staff/sessions/report")
    assert "Widget Works" in said
    assert "Example College" not in said
    assert "these people do not exist" not in said


def test_a_demonstration_is_marked_on_every_page_that_shows_one_of_its_sessions(organiser, site, shown_publication):
    now = timezone.now()
    session = organising.create(details(now=now), by="o@example.org", now=now, demonstration=True)
    organising.open_booking(session.pk, by="o@example.org", now=now, site=SITE)
    kept, waits = booked(session, "a@example.org"), booked(session, "b@example.org", seats=3)
    room = rooms.open_room(session.pk, by="o@example.org", now=now)
    poll = rooms.open_poll(room, "births", "Births outnumber deaths.", now=now)
    at, own, mine = f"/staff/sessions/{session.pk}", f"/sessions/{session.pk}", f"/bookings/{kept.token}"
    for path in (
        "/", "/sessions", own, f"{own}/book", f"{own}/asked", mine, f"{mine}/cancel", f"{mine}/feedback",
        f"/bookings/{waits.token}", f"/bookings/{waits.token}/cancel", f"/room/{room.token}", f"/vote/{poll.code}",
        f"/vote/{poll.code}/screen", "/staff/sessions", at, f"{at}/edit", f"{at}/message", f"{at}/print", f"{at}/extra",
        f"{at}/history", f"{at}/room", f"{at}/door", f"{at}/walk-in", f"{at}/call-off",
        f"/staff/sessions/report?session={session.pk}",
    ):  # fmt: skip
        assert "Demonstration: " in words(organiser, path), path
    moved = staff_forms.session_initial(organising.details(session.pk)) | {"venue": "Elsewhere"}
    asked = organiser.post(f"{at}/edit", {name: said for name, said in moved.items() if said is not None})
    assert "will be told" in asked.content.decode()
    assert "Demonstration: not a real session" in asked.content.decode()
    assert organiser.get(f"{at}/people.csv").content.decode().splitlines()[0].endswith(",Demonstration")
    assert "goes when the demonstration is removed" in words(site, f"{own}/book")
    real = opened_session()
    for path in (f"/sessions/{real.pk}/book", f"/sessions/{real.pk}/asked", f"/staff/sessions/{real.pk}/message"):
        assert "emonstration" not in words(organiser, path), path
    organising.call_off(session.pk, why="Over", by="o@example.org", now=now, site=SITE)
    answer = site.get(f"{own}/book")
    assert answer.status_code == 409
    assert "Demonstration: not a real session" in answer.content.decode()


ENTRY = {
    "organisation": "Example Chamber", "kind": "business-group", "name": "Sam", "email": "sam@example.org",
    "district": "E06000007", "sectors": ["digital"], "interests": ["ideas"], "basis": "public-task", "basis_note": "",
    "notes": "", "do": "save",
}  # fmt: skip


def test_the_register_adds_changes_and_narrows(organiser):
    assert organiser.post("/staff/stakeholders/new", ENTRY | {"kind": "pirates"}).status_code == 422
    assert organiser.post("/staff/stakeholders/new", ENTRY).status_code == 302
    made = Stakeholder.objects.get()
    assert (made.sectors, made.interests, made.basis) == (["digital"], ["ideas"], "public-task")
    assert organiser.post("/staff/stakeholders/new", ENTRY).status_code == 422  # the address is there already
    organiser.post(f"/staff/stakeholders/{made.pk}", ENTRY | {"organisation": "Other Chamber"})
    assert "Other Chamber" in words(organiser, "/staff/stakeholders?kind=business-group&sector=digital&interest=ideas")
    assert "Other Chamber" not in words(organiser, "/staff/stakeholders?kind=council")
    organiser.post(f"/staff/stakeholders/{made.pk}", {"do": "opt-out"})
    made.refresh_from_db()
    assert made.opted_out_at is not None
    assert organiser.get("/staff/stakeholders/999").status_code == 404
    assert organiser.post(f"/staff/stakeholders/{made.pk}", {"do": "remove"}).status_code == 302
    assert not Stakeholder.objects.exists()


def sheet(text: str) -> dict[str, SimpleUploadedFile]:
    return {"sheet": SimpleUploadedFile("register.csv", text.encode(), "text/csv")}


def test_a_register_is_imported_whole_or_not_at_all(organiser):
    head = "organisation,kind,email,district,sectors,basis\n"
    wrong = (
        head + "A,Employer,a@example.org,Warrington,digital; Construction and property,consent\n"
        "B,Guild,b@,Narnia,magic,because\n"
    )
    answer = organiser.post("/staff/stakeholders/import", sheet(wrong))
    page = Read(answer.content.decode())
    assert answer.status_code == 422
    for said in ("5 cells cannot be read", "Guild", "one of business-group", "b@", "Narnia", "magic", "because"):
        assert said in page.words
    assert not Stakeholder.objects.exists()
    right = head + "A,Employer,a@example.org,Warrington,digital; Construction and property,consent\n"
    assert "1 stakeholder added" in organiser.post("/staff/stakeholders/import", sheet(right)).content.decode()
    organiser.post("/staff/stakeholders/import", sheet(right.replace("A,Employer", "A2,Employer")))
    made = Stakeholder.objects.get()
    assert (made.organisation, made.kind, made.district, made.sectors) == (
        "A2",
        "employer",
        "E06000007",
        ["digital", "construction"],
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "CSV UTF-8"), (b"name,colour\nx,y\n", "not known is colour"),
        (b'organisation,kind,basis\n"a"b,employer,consent', "Line 2"),
    ],
)  # fmt: skip
def test_what_is_no_register_is_said(organiser, content, said):
    answer = organiser.post("/staff/stakeholders/import", {"sheet": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_invitations_lead_to_the_form_of_a_session_that_only_they_can_book(organiser, site, shown_publication):
    session = opened_session(invite_only=True)
    organiser.post("/staff/stakeholders/new", ENTRY)
    who = Stakeholder.objects.get()
    given = {"stakeholder": [str(who.pk)], "to": f"session-{session.pk}"}
    assert "Invite 1 stakeholder" in organiser.post("/staff/stakeholders/ask", given).content.decode()
    assert not Invitation.objects.exists()
    organiser.post("/staff/stakeholders/ask", given | {"sure": "yes"})
    link = f"/invitations/{Invitation.objects.get().token}"
    assert "The evidence for Warrington" not in words(site, "/sessions")
    assert site.get(f"/sessions/{session.pk}/book").status_code == 409
    assert site.get(link).status_code == 200
    filled = {
        "name": "Sam",
        "email": "sam@example.org",
        "organisation": "",
        "sector": "digital",
        "district": "E06000007",
        "seats": "1",
        "consent": "on",
    }
    assert site.post(f"/sessions/{session.pk}/book", filled).status_code == 409
    assert site.post(link, filled).status_code == 303
    assert Booking.objects.count() == 1
    said = words(organiser, f"/staff/sessions/{session.pk}")
    assert "Example Chamber" in said
    assert "No answer yet" in said
    site.post(f"/bookings/{Booking.objects.get().token}", {"do": "confirm"})
    assert "Booked" in words(organiser, f"/staff/sessions/{session.pk}")


def test_who_is_invited_can_decline_and_still_book(organiser, site, shown_publication):
    session = opened_session(invite_only=True)
    entry = stakeholders.Entry("Works", "employer", "public-task", email="wyn@example.org")
    who = stakeholders.save(entry, by=BY, now=timezone.now())
    stakeholders.invite(session.pk, [who.pk], by=BY, now=timezone.now(), site=SITE)
    address = f"/invitations/{Invitation.objects.get().token}"
    assert site.post(address, {"do": "decline"}).status_code == 200
    assert Invitation.objects.get().answer == "declined"
    assert "Declined" in words(organiser, f"/staff/sessions/{session.pk}")
    assert "We cannot come" in site.get(address).content.decode()
    assert "We cannot come" not in site.get(f"/sessions/{opened_session().pk}/book").content.decode()
    stakeholders.remove(who.pk, by=BY)
    assert site.post(f"{address}/stop").status_code == 200, "a link of somebody who is gone is no error"


def test_a_call_for_evidence_is_answered_or_stopped(organiser, site):
    organiser.post("/staff/stakeholders/new", ENTRY)
    who = Stakeholder.objects.get()
    given = {"stakeholder": [str(who.pk)], "to": "call"}
    assert organiser.post("/staff/stakeholders/ask", given | {"sure": "yes"}).status_code == 422
    organiser.post("/staff/stakeholders/ask", given | {"sure": "yes", "subject": "Skills", "text": "What do you lack?"})
    invitation = Invitation.objects.get()
    assert "Skills" in words(site, f"/invitations/{invitation.token}")
    organiser.post(f"/staff/stakeholders/{who.pk}", {"do": "declined", "invitation": str(invitation.pk)})
    assert "declined" in words(organiser, f"/staff/stakeholders/{who.pk}")
    site.get(f"/invitations/{invitation.token}/stop")
    who.refresh_from_db()
    assert who.opted_out_at is None
    program = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert program.post(f"/invitations/{invitation.token}/stop").status_code == 200
    who.refresh_from_db()
    assert who.opted_out_at is not None
    assert organiser.post("/staff/stakeholders/ask", given | {"sure": "yes"}).status_code == 409


def test_whoever_was_asked_for_evidence_and_responds_is_noted_by_organisation_or_by_address(organiser):
    for name, address in (("Example Works Ltd", "a@example.org"), ("Example Farm", "b@example.org"), ("Third", "")):
        organiser.post("/staff/stakeholders/new", ENTRY | {"organisation": name, "email": address})
    now = timezone.now()
    for who in Stakeholder.objects.all():
        Invitation.objects.create(stakeholder=who, call="Skills", token_hash=str(who.pk), asked_at=now, asked_by=BY)
    early = Sent(text="Before we were asked.", organisation="Third")
    arrivals.receive_web(early, key="0", now=now - timedelta(days=1))
    assert answered.note() == 0
    arrivals.receive_web(Sent(text="We lack welders.", organisation="EXAMPLE WORKS"), key="1", now=now)
    arrivals.receive_web(Sent(text="And drivers.", organisation="Other", email="B@example.org"), key="2", now=now)
    assert answered.note() == 2
    assert answered.note() == 0
    found = dict(Invitation.objects.values_list("stakeholder__organisation", "answer"))
    assert found == {"Example Works Ltd": "responded", "Example Farm": "responded", "Third": ""}


def test_the_form_shows_every_field_that_it_can_change():
    from wellfounded.web.pages.engagement.staff_forms import Session as Form

    asked = set(Form.base_fields) - {"day", "begins", "ends"}
    assert asked <= set(Details.__dataclass_fields__)


def test_today_says_what_organisers_have_to_do(organiser, shown_publication):
    near = opened_session(days=3, capacity=1)
    booked(near, "a@example.org")
    booked(near, "b@example.org")
    long_ago = timezone.now() - timedelta(days=2)
    held = opened_session(days=5)
    booked(held, "c@example.org")
    Session.objects.filter(pk=held.pk).update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=2))
    organiser.post("/staff/sessions/new", PLAN)
    said = words(organiser, "/staff")
    for expected in (
        "1 session in the next seven days",
        "1 person waits for a place at a session",
        "1 session is a draft",
        "nobody has noted who came",
    ):
        assert expected in said
    assert "emonstration" not in said
    analyst = Client(SERVER_NAME="localhost")
    analyst.force_login(accounts.add("analyst@example.org", roles=["analyst"])[0])
    assert "wait for a place" not in words(analyst, "/staff")


def test_today_says_how_much_of_it_is_for_demonstration(organiser, shown_publication):
    now = timezone.now()
    shown = organising.create(details(now=now, days=3, capacity=1), by=BY, now=now, demonstration=True)
    organising.open_booking(shown.pk, by=BY, now=now, site=SITE)
    booked(shown, "a@example.org")
    booked(shown, "b@example.org")
    assert "1 session in the next seven days Demonstration" in words(organiser, "/staff")
    assert "1 person waits for a place at a session Demonstration" in words(organiser, "/staff")
    opened_session(days=4)
    assert "2 sessions in the next seven days 1 for demonstration" in words(organiser, "/staff")
    analyst = Client(SERVER_NAME="localhost")
    analyst.force_login(accounts.add("analyst@example.org", roles=["analyst"])[0])
    for n, mark in enumerate(("shown", "", "")):
        arrivals.receive_web(Sent(text=f"Nothing is true of {n}.", demonstration_id=mark), key=str(n), now=now)
    assert "3 responses that nobody has read 1 for demonstration" in words(analyst, "/staff")


def test_details_of_somebody_are_deleted_by_an_organiser_and_it_is_recorded(organiser, session):
    kept = booked(session, "a@example.org", name="Secret Person")
    organiser.post(f"/staff/sessions/{session.pk}", {"do": "erase", "booking": str(kept.pk)})
    assert "Secret Person" not in words(organiser, f"/staff/sessions/{session.pk}")
    assert Done.objects.filter(what="session.contact-erased").exists()
