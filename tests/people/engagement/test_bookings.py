"""Asking, confirming, changing and cancelling: what becomes of places and of the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.people.engagement.made import NOW, SITE, STAFF, a_session, ask, booked, details, latest, party
from wellfounded.people import limits
from wellfounded.people.engagement import booking, errors, links, organising, queries, rules, ticking
from wellfounded.people.engagement.models import Booking, Contact, Session, Transition
from wellfounded.people.engagement.types import ALLOWED, NotAllowed, State, allow
from wellfounded.people.models import Job

HOUR = timedelta(hours=1)


def subjects(name: str) -> list[str]:
    """Of the e-mails to somebody, in order, without the session's title."""
    found = Job.objects.filter(kind="mail", payload__to=f"{name}@example.org").order_by("id")
    return [job.payload["subject"].partition(": ")[0] for job in found]


def test_a_place_is_kept_from_the_request_and_confirmed_by_the_link(db):
    session = a_session(capacity=3)
    asked = booking.book(session.pk, party("ada", 2), network="x", site=SITE, now=NOW)
    assert asked == (State.HELD, NOW + HOUR)
    assert queries.shown(session.pk, now=NOW).left == 1
    assert booking.confirm(latest(session, "ada").token, site=SITE, now=NOW).state == State.CONFIRMED
    assert booking.confirm(latest(session, "ada").token, site=SITE, now=NOW).state == State.CONFIRMED, "twice is once"
    assert subjects("ada") == ["Confirm your booking by Monday 4 January 2027 at 10am", "Your booking is confirmed"]


def test_a_hold_that_is_past_its_time_is_lapsed_although_nothing_ran(db):
    session = a_session(capacity=1)
    first = ask(session, "ada")
    later = NOW + rules.HOLD
    assert queries.mine(booking.of(first.token), now=later).state is State.LAPSED
    assert queries.shown(session.pk, now=later).left == 1
    with pytest.raises(errors.TooLate):
        booking.confirm(first.token, site=SITE, now=later)
    assert ask(session, "bea", now=later).state == State.HELD


def test_what_is_cancelled_is_offered_at_once_to_the_next_whom_it_fits(db):
    session = a_session(capacity=3)
    one, two = booked(session, "ada", 2), booked(session, "bea", 1)
    large, small = booked(session, "cat", 3), booked(session, "dan", 2)
    assert [large.state, small.state] == [State.WAITING] * 2
    booking.cancel(one.token, site=SITE, now=NOW)
    small.refresh_from_db()
    assert (small.state, small.until) == (State.OFFERED, rules.offer_until(NOW, starts_at=session.starts_at))
    booking.cancel(two.token, site=SITE, now=NOW)
    assert queries.mine(booking.of(large.token), now=NOW).ahead == 0
    lapsed = small.until
    assert queries.mine(booking.of(large.token), now=lapsed).state is State.OFFERED, "whether or not anything ran"
    with pytest.raises(errors.TooLate):
        booking.confirm(small.token, site=SITE, now=lapsed)
    assert booking.confirm(large.token, site=SITE, now=lapsed).state == State.CONFIRMED
    assert subjects("dan")[-1] == "Your offer has lapsed"


def test_in_the_final_call_whoever_waits_may_take_what_is_free_first(db):
    session = a_session(capacity=2)
    holder, slow, fast = booked(session, "ada", 2), booked(session, "bea"), booked(session, "cat", 2)
    late = session.starts_at - HOUR
    with pytest.raises(errors.SessionIsFull):
        booking.confirm(fast.token, site=SITE, now=late)
    booking.cancel(holder.token, site=SITE, now=late)
    assert [subjects(name)[-1] for name in ("bea", "cat")] == ["2 places free now, first come, first served"] * 2
    assert ask(session, "dan", now=late).state == State.QUEUED, "a newcomer passes nobody whom the places fit"
    assert booking.confirm(fast.token, site=SITE, now=late).state == State.CONFIRMED
    with pytest.raises(errors.SessionIsFull, match="faster"):
        booking.confirm(slow.token, site=SITE, now=late)


def test_who_asks_twice_gets_the_link_again_and_nobody_learns_of_it(db):
    session = a_session(capacity=3)
    ask(session, "ada")
    again = [booking.book(session.pk, party("ada", 3), network="y", site=SITE, now=NOW) for _ in range(2)]
    stranger = booking.book(session.pk, party("eve", 3), network="z", site=SITE, now=NOW)
    assert again == [stranger, stranger]
    assert Booking.objects.filter(session=session).count() == 2
    assert subjects("ada")[1:] == ["Your booking"], "at most every ten minutes"


def test_a_party_can_shrink_and_grow_where_nobody_waits_whom_it_would_pass(db):
    session = a_session(capacity=4)
    mine = booked(session, "ada", 2)
    assert booking.change_party(mine.token, seats=4, site=SITE, now=NOW).seats == 4
    waits = booked(session, "bea", 2)
    booking.change_party(mine.token, seats=3, site=SITE, now=NOW)
    waits.refresh_from_db()
    assert waits.state == State.WAITING
    assert booking.change_party(waits.token, seats=1, site=SITE, now=NOW).seats == 1
    waits.refresh_from_db()
    assert waits.state == State.OFFERED, "who waits for less is offered what fits, in the same place in line"
    with pytest.raises(errors.SessionIsFull):
        booking.change_party(mine.token, seats=4, site=SITE, now=NOW)
    with pytest.raises(errors.PartyTooLarge):
        booking.change_party(mine.token, seats=5, site=SITE, now=NOW)


def test_requests_that_nobody_confirms_are_capped_for_a_network_and_a_session(db, monkeypatch):
    session = a_session(capacity=50)
    for n in range(rules.MOST_UNVERIFIED_A_NETWORK):
        booking.book(session.pk, party(f"p{n}"), network="one", site=SITE, now=NOW)
    with pytest.raises(errors.TooMany, match="your network"):
        booking.book(session.pk, party("more"), network="one", site=SITE, now=NOW)
    monkeypatch.setattr(rules, "most_unverified", lambda capacity: 6)
    with pytest.raises(errors.TooMany, match="Too many"):
        booking.book(session.pk, party("more"), network="two", site=SITE, now=NOW)
    session = a_session(capacity=50)
    for n in range(rules.MOST_REQUESTS_AN_HOUR):
        booking.book(session.pk, party(f"q{n}"), network="three", site=SITE, now=NOW)
        booking.confirm(latest(session, f"q{n}").token, site=SITE, now=NOW)
    with pytest.raises(limits.TooOften):
        booking.book(session.pk, party("more"), network="three", site=SITE, now=NOW)


def test_requests_of_one_network_that_nobody_confirms_keep_no_more_than_a_quarter_of_the_places(db):
    session = a_session(capacity=20)
    booking.book(session.pk, party("ada", 4), network="one", site=SITE, now=NOW)
    with pytest.raises(errors.TooMany, match="your network"):
        booking.book(session.pk, party("bea", 2), network="one", site=SITE, now=NOW)
    booking.book(session.pk, party("bea", 1), network="one", site=SITE, now=NOW)
    booking.confirm(latest(session, "ada").token, site=SITE, now=NOW)
    booking.book(session.pk, party("cat", 4), network="one", site=SITE, now=NOW)
    assert Session.objects.get(pk=session.pk).taken == 9


def test_too_many_requests_are_refused_alike_whether_or_not_that_person_has_a_booking(db):
    session = a_session(capacity=50)
    booked(session, "ada")
    for n in range(rules.MOST_UNVERIFIED_A_NETWORK):
        booking.book(session.pk, party(f"p{n}"), network="one", site=SITE, now=NOW)
    for name in ("ada", "nobody"):
        with pytest.raises(errors.TooMany, match="your network"):
            booking.book(session.pk, party(name), network="one", site=SITE, now=NOW)


@pytest.mark.parametrize(
    "other",
    ["ADA@EXAMPLE.ORG", " ada@example.org ", "ada+work@example.org", "ada@example.org.", "\uff41da@example.org"],
)
def test_one_mailbox_has_one_booking_however_its_address_is_written(db, other):
    session = a_session(capacity=5)
    ask(session, "ada")
    booking.book(session.pk, replace(party("ada"), email=other), network="x", site=SITE, now=NOW)
    assert Booking.objects.count() == 1
    booking.book(session.pk, replace(party("ada"), email="ada@example.com"), network="y", site=SITE, now=NOW)
    assert Booking.objects.count() == 2, "another mailbox is another person"


def test_a_name_of_a_domain_and_its_code_are_one(db):
    assert links.person("ada@b\u00fccher.example") == links.person("ada@xn--bcher-kva.example")
    assert links.person("+@example.org") != links.person("@example.org")


def test_an_offer_does_not_outlive_the_start_of_a_session_that_is_brought_forward(db):
    session = a_session(capacity=1, days=20)
    first, second = booked(session, "ada"), booked(session, "bea")
    booking.cancel(first.token, site=SITE, now=NOW)
    second.refresh_from_db()
    assert second.until == NOW + rules.LONGEST_OFFER
    sooner = replace(
        organising.details(session.pk), starts_at=NOW + timedelta(hours=20), ends_at=NOW + timedelta(hours=22)
    )
    organising.change(session.pk, sooner, by=STAFF, now=NOW, site=SITE)
    second.refresh_from_db()
    assert second.until == sooner.starts_at
    with pytest.raises(errors.TooLate):
        booking.confirm(second.token, site=SITE, now=sooner.starts_at)


def test_a_session_that_is_put_off_in_its_final_call_calls_again_when_it_is_near(db):
    session = a_session(capacity=1, days=0.2)
    first = booked(session, "ada")
    booked(session, "bea")
    booking.cancel(first.token, site=SITE, now=NOW)
    later = replace(
        organising.details(session.pk), starts_at=NOW + timedelta(days=9), ends_at=NOW + timedelta(days=9, hours=2)
    )
    organising.change(session.pk, later, by=STAFF, now=NOW, site=SITE)
    assert latest(session, "bea").state == State.OFFERED, "there is time again: places are offered in line"
    assert not Session.objects.get(pk=session.pk).calling
    booked(session, "cat")
    near = later.starts_at - HOUR
    assert latest(session, "bea").until < near
    booking.of(latest(session, "cat").token)
    ticking.settle_all(now=near, site=SITE)
    assert [s for s in subjects("cat") if "first come" in s], "called anew"


@pytest.mark.parametrize(("days", "invited", "error"), [(-1, False, "closed"), (10, True, "invited")])
def test_what_cannot_be_booked_says_why(db, days, invited, error):
    session = organising.create(details(days=10, invite_only=invited), by=STAFF, now=NOW)
    with pytest.raises(errors.NotOpen, match="not opened"):
        ask(session, "ada")
    organising.open_booking(session.pk, by=STAFF, now=NOW, site=SITE)
    now = NOW if days > 0 else session.starts_at
    with pytest.raises((errors.NotOpen, errors.NotInvited), match=error):
        ask(session, "ada", now=now)


def test_the_table_says_what_may_follow_what_and_nothing_else_can():
    for before, after in product([None, *State], State):
        if after in ALLOWED[before]:
            assert allow(before, after) is after
        else:
            with pytest.raises(NotAllowed):
                allow(before, after)
    assert set(ALLOWED) == {None, *State}


def test_the_database_itself_refuses_what_must_not_be(db):
    session = a_session(capacity=2)
    mine = booked(session, "ada", 2)
    wrong = [
        lambda: Session.objects.filter(pk=session.pk).update(taken=3),
        lambda: Session.objects.filter(pk=session.pk).update(capacity=1),
        lambda: Session.objects.filter(pk=session.pk).update(waiting=-1),
        lambda: Booking.objects.filter(pk=mine.pk).update(until=NOW),
        lambda: Booking.objects.filter(pk=mine.pk).update(state="held"),
        lambda: Booking.objects.filter(pk=mine.pk).update(state="lost"),
        lambda: Transition.objects.filter(booking=mine).update(after="waiting"),
        lambda: Booking.objects.create(
            session=session, state="waiting", position=9, seats=1, email_hash=mine.email_hash, asked_at=NOW
        ),
    ]
    for attempt in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_addresses_are_found_by_a_hash_and_links_by_theirs(db):
    session = a_session()
    mine = ask(session, "ada", access="A ramp")
    kept = str(list(Booking.objects.values_list())) + str(list(Transition.objects.values_list()))
    assert "ada@" not in kept
    assert mine.token not in kept
    with pytest.raises(errors.NoSuchBooking):
        booking.of("0" * 64)
    assert Contact.objects.get(booking=mine).needs_until == session.ends_at + rules.NEEDS_KEPT


def test_pages_ask_the_database_as_often_for_twenty_sessions_as_for_one(db):
    def asked(read) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            read()
        return len(seen)

    reads = (lambda: queries.upcoming(now=NOW), lambda: queries.organised(now=NOW))
    booked(a_session(capacity=1), "ada")
    few = [asked(read) for read in reads]
    for n in range(20):
        booked(a_session(capacity=1), f"p{n}")
    assert [asked(read) for read in reads] == few
    assert len(queries.upcoming(now=NOW)) == 21
