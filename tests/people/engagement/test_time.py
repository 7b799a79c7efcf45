"""What time brings: reminders, thanks, and what is no longer needed; and the door, in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.people.engagement.made import NOW, SITE, STAFF, a_session, ask, booked, details, party
from tests.people.engagement.test_bookings import subjects
from wellfounded.people.engagement import booking, door, erasing, errors, organising, queries, reporting, rules, ticking
from wellfounded.people.engagement.models import Booking, Contact, Feedback
from wellfounded.people.engagement.replaying import discrepancies
from wellfounded.people.engagement.types import Details, State

DAY = timedelta(days=1)


def ticked(start, end, *, every=timedelta(hours=1)) -> None:
    """The worker's ticks from one moment to another."""
    while start <= end:
        ticking.tick(now=start, site=SITE)
        start += every


def test_reminders_come_a_week_two_days_and_the_morning_before_once_each(db):
    session = a_session(days=10)
    early = booked(session, "ada")
    ticked(NOW, NOW + 5 * DAY, every=DAY / 2)
    booked(session, "bea", now=NOW + 5 * DAY)
    ticked(NOW + 5 * DAY, session.starts_at, every=DAY / 12)
    said = ["In a week", "Are you still coming? The evidence", "Today"]
    assert subjects("ada")[2:] == said
    assert subjects("bea")[2:] == said[1:], "who booked within the week knows"
    late = NOW + 9 * DAY
    assert queries.mine(booking.of(early.token), now=late).may_say_still_coming
    assert booking.still_coming(early.token, now=late).still_coming_at == late


def test_a_session_that_is_moved_reminds_again_for_its_new_day(db):
    session = a_session(days=10)
    booked(session, "ada")
    ticked(NOW + 9 * DAY, NOW + 9 * DAY)
    moved = organising.details(session.pk).__dict__ | {
        "starts_at": session.starts_at + 20 * DAY, "ends_at": session.ends_at + 20 * DAY,
    }  # fmt: skip
    organising.change(session.pk, Details(**moved), by=STAFF, now=NOW + 9 * DAY, site=SITE)
    ticked(NOW + 28 * DAY, NOW + 29 * DAY, every=DAY / 4)
    assert subjects("ada")[-3:] == [
        "Are you still coming? The evidence",
        "Please note the change",
        "Are you still coming? The evidence",
    ]


def test_who_came_is_thanked_once_and_asked_what_they_thought_without_a_name(db):
    session = a_session(days=1)
    came, stayed = booked(session, "ada", 2), booked(session, "bea")
    door.check_in(came.pk, by=STAFF, now=session.starts_at, site=SITE, arrived=1)
    assert door.release_no_shows(session.pk, by=STAFF, now=session.starts_at, site=SITE) == 1
    walked = door.walk_in(session.pk, party("cat"), by=STAFF, now=session.starts_at, site=SITE)
    with pytest.raises(errors.SessionIsFull, match="beside"):
        door.check_in(stayed.pk, by=STAFF, now=session.starts_at, site=SITE)
    assert door.check_in(stayed.pk, by=STAFF, now=session.starts_at, site=SITE, beside=True).extra
    ticked(session.ends_at, session.ends_at + DAY)
    assert [subjects(name)[-1] for name in ("ada", "bea", "cat")] == ["Thank you"] * 3
    booking.give_feedback(came.token, rating=4, liked="Tables", now=session.ends_at)
    with pytest.raises(errors.TooLate, match="already"):
        booking.give_feedback(came.token, rating=1, now=session.ends_at)
    assert Feedback.objects.get().rating == 4
    (figures,) = reporting.report().sessions
    assert (figures.came, figures.booked, figures.walk_ins, figures.extras, figures.rating) == (3, 4, 1, 1, 4.0)
    assert walked.state == State.ATTENDED
    assert discrepancies(session.pk) == []


def test_needs_go_after_two_weeks_names_after_three_months_and_the_counts_stay(db):
    session = a_session(days=1)
    mine = booked(session, "ada", 2, access="A ramp", sector="energy", district="E06000049")
    door.check_in(mine.pk, by=STAFF, now=session.starts_at, site=SITE)
    report = reporting.report()
    ticked(*[session.ends_at + rules.NEEDS_KEPT] * 2)
    contact = Contact.objects.get()
    assert (contact.access, contact.name) == ("", "ada")
    ticked(*[session.ends_at + rules.CONTACT_KEPT] * 2)
    assert not Contact.objects.exists()
    assert Booking.objects.get().email_hash == ""
    assert reporting.report() == report
    (line,) = queries.attendees(session.pk, now=NOW + 200 * DAY)
    assert line.erased


def test_whoever_is_erased_at_the_door_is_written_to_no_more_and_stops_nobody(db):
    session = a_session(days=1)
    gone, other = booked(session, "ada"), booked(session, "bea")
    at = {"by": STAFF, "now": session.starts_at, "site": SITE}
    for one in (gone, other):
        door.check_in(one.pk, **at)
    erasing.erase(gone.pk, **at)
    everybody = (State.ATTENDED, State.CONFIRMED)
    assert organising.message(session.pk, subject="The slides", text="Here.", states=everybody, **at) == 1
    door.undo_check_in(gone.pk, **at)
    moved = replace(organising.details(session.pk), venue="The library")
    assert organising.change(session.pk, moved, **at) == 1
    assert organising.call_off(session.pk, why="A fire", **at) == 1
    assert subjects("bea")[2:] == ["The slides", "Please note the change"]
    assert len(subjects("ada")) == 2


def test_somebody_has_one_booking_that_counts_although_their_first_was_set_free(db):
    session = a_session(days=1, capacity=5)
    late = booked(session, "ada")
    at = {"by": STAFF, "now": session.starts_at, "site": SITE}
    door.release_no_shows(session.pk, **at)
    door.walk_in(session.pk, party("ada"), **at)
    for again in (door.check_in, door.undo_check_in):
        with pytest.raises(errors.NotPossible, match="have a booking"):
            again(late.pk, **at)


def test_who_waited_and_let_an_offer_lapse_is_kept_as_others_are_and_who_never_confirmed_two_days(db):
    session = a_session(days=30, capacity=1)
    mine, waits, never = booked(session, "ada"), booked(session, "bea"), ask(session, "cat")
    booking.cancel(mine.token, site=SITE, now=NOW + 5 * DAY)
    ticking.tick(now=NOW + 8 * DAY, site=SITE)
    waits.refresh_from_db()
    assert waits.state == State.LAPSED
    assert set(Contact.objects.values_list("name", flat=True)) == {"ada", "bea"}
    assert not Contact.objects.filter(booking=never).exists()


def test_erasing_somebody_who_is_to_come_frees_the_place_for_the_next(db):
    session = a_session(capacity=1)
    mine, waits = booked(session, "ada"), booked(session, "bea")
    assert erasing.erase(mine.pk, by=STAFF, now=NOW, site=SITE).state == State.CANCELLED
    waits.refresh_from_db()
    assert waits.state == State.OFFERED


def test_an_extra_is_beside_the_capacity_and_says_why(db):
    session = a_session(capacity=1)
    booked(session, "ada")
    with pytest.raises(errors.NotPossible, match="why"):
        door.add_extra(session.pk, party("bea"), why=" ", by=STAFF, now=NOW, site=SITE)
    extra = door.add_extra(session.pk, party("bea", 2), why="Speaks", by=STAFF, now=NOW, site=SITE)
    assert queries.shown(session.pk, now=NOW).taken == 1
    assert queries.history(session.pk)[0].why == "Speaks"
    assert subjects("bea") == ["Your booking is confirmed"]
    assert extra.extra


def test_a_smaller_capacity_than_is_taken_is_refused_and_a_larger_one_moves_the_queue(db):
    session = a_session(capacity=2)
    booked(session, "ada", 2)
    waits = booked(session, "bea", 2)
    with pytest.raises(errors.CapacityTooSmall, match="2 places"):
        organising.set_capacity(session.pk, capacity=1, by=STAFF, now=NOW, site=SITE)
    organising.set_capacity(session.pk, capacity=4, by=STAFF, now=NOW, site=SITE)
    waits.refresh_from_db()
    assert waits.state == State.OFFERED


def test_a_format_is_kept_as_a_template_and_carried_to_another_venue(db):
    session = a_session(programme="Registration\nPresentation")
    organising.save_as_template(session.pk, name="Morning", by=STAFF, now=NOW)
    usual, mine = organising.templates()
    assert (usual.name, mine.name, mine.minutes) == (organising.USUAL, "Morning", 180)
    assert mine.format["programme"] == session.programme
    copy = organising.create(details(**organising.copied(session) | {"venue": "College"}), by=STAFF, now=NOW)
    assert (copy.programme, copy.venue, copy.state, copy.taken) == (session.programme, "College", "draft", 0)


def test_the_list_as_csv_holds_no_formula(db):
    session = a_session()
    booked(session, "ada", sector="energy", access="=HYPERLINK(1)")
    text = reporting.attendees_csv(session.pk, now=NOW)
    assert "'=HYPERLINK(1)" in text
    assert "Energy, water and waste" in text
