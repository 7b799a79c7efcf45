"""Sessions for the public: the list, booking, one's own booking, and being told."""

from __future__ import annotations

import re
from datetime import timedelta

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from tests.web.html import Read
from tests.web.sessions_made import SITE, booked, details, opened_session
from wellfounded.people.engagement import booking, organising, wording
from wellfounded.people.engagement.models import Booking, Follower, Session, Transition
from wellfounded.people.models import Job
from wellfounded.web.pages import workshops
from wellfounded.web.pages.engagement import room

pytestmark = pytest.mark.django_db
FILLED = {
    "name": "Alex Example", "email": "alex@example.org", "organisation": "Example Ltd", "sector": "manufacturing",
    "district": "E06000007", "seats": "2", "access": "Hearing loop", "dietary": "", "consent": "on", "website": "",
}  # fmt: skip


@pytest.fixture
def session(shown_publication) -> Session:
    return opened_session()


def changed() -> tuple[int, int, int, int]:
    """What any change would change."""
    return (Booking.objects.count(), Transition.objects.count(), Job.objects.count(), Follower.objects.count())


def test_the_list_says_when_where_and_how_many_places_are_left(site, session):
    booked(session, "a@example.org", seats=2)
    page = Read(site.get("/sessions").content.decode())
    assert page.h1 == ["Sessions"]
    assert "The evidence for Warrington" in page.words
    assert "1 of 3 places left" in page.words
    assert "Town Hall, Warrington" in page.words
    assert ("a href", "webcal://localhost/sessions.ics") in [
        (k, v.replace("testserver", "localhost")) for k, v in page.addresses
    ]
    booked(session, "b@example.org")
    assert "waiting list open" in Read(site.get("/sessions").content.decode()).words


def test_numbers_on_the_map_lead_to_their_sessions(site, session):
    page = site.get("/sessions").content.decode()
    drawn = page.partition('<svg class="wf-map"')[2].partition("</svg>")[0]
    (link,) = re.findall("<a [^>]*>", drawn)
    assert link == '<a href="/sessions?district=E06000007" aria-label="1 session in Warrington">'
    assert 'role="img"' not in page.partition('<svg class="wf-map"')[2].partition(">")[0], "that would hide the links"
    drawn = site.get("/sessions?district=E06000007").content.decode().partition('<svg class="wf-map"')[2]
    assert 'aria-current="true"' in drawn.partition("</svg>")[0]


def test_the_list_is_narrowed_to_a_district_and_says_where_there_are_others(site, session):
    page = Read(site.get("/sessions?district=E06000049").content.decode())
    assert "No session is announced in Cheshire East" in page.words
    assert "See the 1 session in other districts" in page.words
    assert "The evidence for Warrington" in Read(site.get("/sessions?district=E06000007").content.decode()).words
    assert site.get("/sessions?district=nowhere'").status_code == 200


def test_without_sessions_the_list_offers_to_tell(site):
    page = Read(site.get("/sessions").content.decode())
    assert "No session is announced at present" in page.words
    assert ("a href", "#tell-me") in page.addresses


def test_drafts_and_what_does_not_exist_are_not_found(site, shown_publication):
    draft = organising.create(details(now=timezone.now()), by="o@example.org", now=timezone.now())
    for path in (
        f"/sessions/{draft.pk}",
        f"/sessions/{draft.pk}/book",
        f"/sessions/{draft.pk}.ics",
        "/sessions/999",
        f"/sessions/{10**30}",
        "/bookings/x",
        "/bookings/" + "a" * 64,
        "/follow/x",
    ):
        assert site.get(path).status_code == 404, path


def test_a_session_shows_its_programme_venue_and_access(site, session):
    page = Read(site.get(f"/sessions/{session.pk}").content.decode())
    for words in (
        "Registration",
        "Presentation of the evidence",
        "Interactive session",
        "Level access",
        "Bank Quay",
        "The council",
        "Employers and colleges",
        "3 of 3 places left",
    ):
        assert words in page.words
    assert ("a href", f"/sessions/{session.pk}/book") in page.addresses


def test_documents_that_are_no_addresses_of_the_web_are_no_links(site, shown_publication):
    session = opened_session(documents="javascript:alert(1)\nhttps://example.org/a", slides="data:text/html,x")
    page = Read(site.get(f"/sessions/{session.pk}").content.decode())
    targets = [address for _, address in page.addresses]
    assert "https://example.org/a" in targets
    assert not [one for one in targets if one.startswith(("javascript", "data"))]


def test_booking_holds_places_and_leads_to_a_page_that_says_what_happens_next(site, session):
    answer = site.post(f"/sessions/{session.pk}/book", FILLED)
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"/sessions/{session.pk}/asked?until=")
    assert "alex" not in answer["Location"].lower()
    page = Read(site.get(answer["Location"]).content.decode())
    assert "Your place is held until" in page.words
    made = Booking.objects.get()
    assert (made.state, made.seats, made.contact.access) == ("held", 2, "Hearing loop")


def test_pages_say_a_deadline_at_midnight_as_the_last_minute_of_the_day_before(site, session):
    kept = booked(session, "a@example.org", confirmed=False)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    Booking.objects.update(until=midnight)
    said = f"held until 11:59pm on {wording.day(midnight - timedelta(hours=1))}."
    for path in (f"/sessions/{session.pk}/asked?until={int(midnight.timestamp())}", f"/bookings/{kept.token}"):
        assert said in Read(site.get(path).content.decode()).words, path


def test_what_happens_next_believes_no_address_that_was_made_up(site, session):
    for until in ("99999999999", "-1", "x", "1"):
        assert "is held." in Read(site.get(f"/sessions/{session.pk}/asked?until={until}").content.decode()).words


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("name", "", "Enter your name"),
        ("email", "nobody", "Enter an e-mail address as name@example.co.uk"),
        ("sector", "piracy", "Choose a sector"),
        ("district", "", "Choose a district"),
        ("seats", "5", "At most 4 people"),
        ("organisation", "", "Enter the organisation"),
        ("consent", "", "Agree that we keep your details"),
    ],
)
def test_a_form_that_is_wrong_says_what_is_wrong_and_keeps_nothing(site, session, field, wrong, said):
    before = changed()
    answer = site.post(f"/sessions/{session.pk}/book", FILLED | {field: wrong})
    page = Read(answer.content.decode())
    assert answer.status_code == 422
    assert page.title.startswith("Error: ")
    assert page.words.count(said) >= 2  # in the summary, and beside the field
    assert ("a href", f"#id_{field}") in page.addresses
    assert f"id_{field}" in page.ids
    assert changed() == before


def test_a_program_that_fills_in_the_hidden_field_books_nothing(site, session):
    answer = site.post(f"/sessions/{session.pk}/book", FILLED | {"website": "https://spam.example"})
    assert answer.status_code == 303
    assert not Booking.objects.exists()


def test_a_form_from_elsewhere_is_refused(shown_publication, session):
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    kept = booked(session, "a@example.org")
    for path, given in (
        (f"/sessions/{session.pk}/book", FILLED),
        (f"/bookings/{kept.token}", {"do": "cancel"}),
        ("/sessions/tell-me", {"email": "a@example.org", "about": "sessions"}),
    ):
        assert client.post(path, given).status_code == 403
    kept.refresh_from_db()
    assert kept.state == "confirmed"


@pytest.mark.usefixtures("one_moment")
def test_one_network_asks_so_often_and_no_more(site, session):
    codes = [
        site.post(f"/sessions/{session.pk}/book", FILLED | {"email": f"p{n}@example.org", "seats": "1"}).status_code
        for n in range(12)
    ]
    assert codes[0] == 303
    assert set(codes) <= {303, 409, 429}
    assert codes[-1] in (409, 429)


def test_a_session_that_cannot_be_booked_says_why(site, session):
    organising.close_booking(session.pk, by="o@example.org", now=timezone.now(), site=SITE)
    answer = site.get(f"/sessions/{session.pk}/book")
    assert answer.status_code == 409
    assert "You cannot book this now" in answer.content.decode()
    assert site.post(f"/sessions/{session.pk}/book", FILLED).status_code == 409
    assert not Booking.objects.exists()


def test_following_links_changes_nothing_and_buttons_do(site, session):
    kept = booked(session, "a@example.org", confirmed=False)
    before = changed()
    address = f"/bookings/{kept.token}"
    for path in (
        address,
        f"{address}/cancel",
        f"{address}/calendar.ics",
        f"{address}?do=cancel",
        f"{address}/feedback",
    ):
        assert site.get(path).status_code in (200, 302, 404), path
        assert site.head(path).status_code in (200, 302, 404), path
    assert changed() == before
    kept.refresh_from_db()
    assert kept.state == "held"
    assert site.post(address, {"do": "confirm"}).status_code == 302
    page = site.get(address)
    assert "You have a place" in page.content.decode()
    assert 'class="wf-qr"' in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    calendar = icalendar.Calendar.from_ical(site.get(f"{address}/calendar.ics").content)
    assert str(calendar.walk("VEVENT")[0]["SUMMARY"]) == session.title


def test_the_party_is_changed_and_what_does_not_fit_is_said_beside_the_field(site, session):
    kept = booked(session, "a@example.org", organisation="Example Ltd")
    address = f"/bookings/{kept.token}"
    assert site.post(address, {"do": "change", "seats": "3"}).status_code == 302
    kept.refresh_from_db()
    assert kept.seats == 3
    for seats in ("4", "9", "0", "x", ""):
        answer = site.post(address, {"do": "change", "seats": seats})
        assert answer.status_code == 422, seats
        assert "There is a problem" in answer.content.decode()
    assert site.post(address, {"do": "fly"}).status_code == 409


def test_cancelling_asks_first_and_moves_the_waiting_list(site, session):
    first = booked(session, "a@example.org", seats=3, organisation="A")
    waits = booked(session, "b@example.org")
    page = Read(site.get(f"/bookings/{waits.token}").content.decode())
    assert page.h1 == ["You are on the waiting list"]
    assert "You are the first in line" in page.words
    assert "Are you sure" in site.get(f"/bookings/{first.token}/cancel").content.decode()
    assert site.post(f"/bookings/{first.token}", {"do": "cancel"}).status_code == 302
    assert "Your booking is cancelled" in site.get(f"/bookings/{first.token}").content.decode()
    page = Read(site.get(f"/bookings/{waits.token}").content.decode())
    assert page.h1 == ["There is a place for you"]
    assert "Take the place" in page.words
    assert site.post(f"/bookings/{waits.token}", {"do": "confirm"}).status_code == 302
    waits.refresh_from_db()
    assert waits.state == "confirmed"


def test_an_offer_that_was_not_taken_says_that_it_has_lapsed_and_confirms_nothing(site, session):
    first = booked(session, "a@example.org", seats=3, organisation="A")
    waits = booked(session, "b@example.org")
    booking.cancel(first.token, site=SITE, now=timezone.now())
    Booking.objects.filter(pk=waits.pk).update(until=timezone.now() - timedelta(minutes=1))
    assert Read(site.get(f"/bookings/{waits.token}").content.decode()).h1 == ["This offer has lapsed"]
    assert site.post(f"/bookings/{waits.token}", {"do": "confirm"}).status_code == 409
    waits.refresh_from_db()
    assert waits.state in ("offered", "lapsed")
    booked(session, "c@example.org")  # settles what time has brought
    waits.refresh_from_db()
    assert waits.state == "lapsed"
    assert Read(site.get(f"/bookings/{waits.token}").content.decode()).h1 == ["This offer has lapsed"]


def test_tell_me_when_needs_the_link_and_stops_in_one_click(site, session):
    assert site.post("/sessions/tell-me", {"email": "x"}).status_code == 422
    answer = site.post("/sessions/tell-me", {"email": "t@example.org", "about": ["sessions"], "district": "E06000007"})
    assert answer["Location"] == "/sessions/tell-me/asked"
    follower = Follower.objects.get()
    assert follower.confirmed_at is None
    assert "Shall we tell you" in site.get(f"/follow/{follower.token}").content.decode()
    follower.refresh_from_db()
    assert follower.confirmed_at is None
    site.post(f"/follow/{follower.token}")
    follower.refresh_from_db()
    assert (follower.confirmed_at is not None, follower.districts) == (True, ["E06000007"])
    assert "Shall we stop" in site.get(f"/follow/{follower.token}/stop").content.decode()
    assert Follower.objects.exists()
    program = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert program.post(f"/follow/{follower.token}/stop", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()
    assert site.get(f"/follow/{follower.token}/stop").status_code == 200


def test_who_follows_already_is_asked_again_only_where_they_want_more(site, session):
    asks = {"email": "fay@example.org", "about": ["sessions"], "district": "", "website": ""}
    site.post("/sessions/tell-me", asks)
    address = f"/follow/{Follower.objects.get().token}"
    site.post(address)
    assert "Yes, tell me" not in Read(site.get(address).content.decode()).words
    site.post("/sessions/tell-me", asks | {"about": ["editions"]})
    assert "Yes, tell me" in site.get(address).content.decode()


def test_who_waited_in_vain_is_told_so_once_the_session_has_begun(site, session):
    booked(session, "a@example.org", seats=3)
    waits = booked(session, "b@example.org")
    Session.objects.update(starts_at=timezone.now() - timedelta(minutes=5))
    page = Read(site.get(f"/bookings/{waits.token}").content.decode())
    assert page.h1 == ["No place came free for you"]
    assert "Place in line" not in page.words
    assert "Leave the waiting list" not in page.words


def test_who_has_just_said_yes_is_not_asked_whether_they_still_come(site, session):
    mine = booked(session, "a@example.org")
    soon = timezone.now() + timedelta(hours=20)
    Session.objects.update(starts_at=soon, ends_at=soon + timedelta(hours=2))
    assert "still coming" not in site.get(f"/bookings/{mine.token}").content.decode()
    Booking.objects.update(confirmed_at=soon - timedelta(days=3))
    assert "still coming" in site.get(f"/bookings/{mine.token}").content.decode()


def test_a_booking_that_is_over_says_no_more_how_many_come(site, session):
    mine = booked(session, "a@example.org", seats=3)
    assert "3 people" in site.get(f"/bookings/{mine.token}").content.decode()
    site.post(f"/bookings/{mine.token}", {"do": "cancel"})
    page = site.get(f"/bookings/{mine.token}").content.decode()
    assert "3 people" not in page
    assert "Book again" in page


def test_feedback_is_given_once_by_somebody_who_had_a_place(site, session):
    kept = booked(session, "a@example.org")
    assert site.post(f"/bookings/{kept.token}/feedback", {"rating": "5"}).status_code == 422
    long_ago = timezone.now() - timedelta(hours=3)
    Session.objects.filter(pk=session.pk).update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=2))
    assert "Tell us how the session was" in site.get(f"/bookings/{kept.token}").content.decode()
    for path in (f"/sessions/{session.pk}", f"/bookings/{kept.token}"):
        assert "Add it to your calendar" not in site.get(path).content.decode(), f"{path}: it is over"
    assert site.post(f"/bookings/{kept.token}/feedback", {"rating": "7"}).status_code == 422
    assert site.post(f"/bookings/{kept.token}/feedback", {"rating": "4", "better": "More time"}).status_code == 302
    assert site.post(f"/bookings/{kept.token}/feedback", {"rating": "1"}).status_code == 422
    assert [(one.rating, one.better) for one in session.feedback.all()] == [(4, "More time")]


def test_calendars_can_be_read_and_name_the_session(site, session):
    for path in ("/sessions.ics", f"/sessions/{session.pk}.ics"):
        answer = site.get(path)
        assert answer["Content-Type"].startswith("text/calendar")
        (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        assert str(event["SUMMARY"]) == session.title


def test_the_front_page_shows_the_places_that_are_left_now(site, session):
    assert "3 of 3 places left" in Read(site.get("/").content.decode()).words
    booked(session, "a@example.org")
    assert "2 of 3 places left" in Read(site.get("/").content.decode()).words


def test_whoever_booked_can_have_their_details_deleted_at_once(site, session):
    kept = booked(session, "a@example.org", name="Secret Person")
    assert site.post(f"/bookings/{kept.token}", {"do": "erase"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.state, kept.email_hash) == ("cancelled", "")
    page = site.get(f"/bookings/{kept.token}").content.decode()
    assert "Secret Person" not in page
    assert "Delete my details" not in page


def test_the_privacy_page_names_each_cookie_that_is_set_and_no_other(site, settings):
    cookies = site.get("/privacy").content.decode().split('id="cookies"')[1].split("<h2")[0]
    set_here = {settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME, room.DEVICE, workshops.COOKIE}
    assert set(re.findall("<code>([^<]+)</code>", cookies)) == set_here


def test_a_link_of_an_e_mail_that_was_broken_in_two_leads_to_a_page_that_says_so(site, session):
    kept = booked(session, "a@example.org")
    answer = site.get(f"/bookings/{kept.token[:30]}")
    assert answer.status_code == 404
    assert "copy all of it" in answer.content.decode()
    assert "copy all of it" not in site.get("/nothing/here").content.decode()
