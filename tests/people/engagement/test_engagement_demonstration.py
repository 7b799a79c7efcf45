"""Demonstration sessions: marked, sent to nobody, and taken away without a trace."""

from __future__ import annotations

from calendar import FRIDAY, MONDAY
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests.conftest import SHIPPED_BASE
from tests.people.engagement.made import a_session, booked
from wellfounded.people.engagement import demonstration as sessions
from wellfounded.people.engagement import queries
from wellfounded.people.engagement.models import Booking, Contact, Session, Stakeholder
from wellfounded.people.engagement.replaying import discrepancies
from wellfounded.people.models import Job
from wellfounded.web import demonstration, working


def test_one_is_nearly_full_and_one_is_full_with_a_waiting_list_whenever_it_is_loaded(db):
    demonstration.load(SHIPPED_BASE)
    shown = {session.address.partition(", ")[2]: session for session in queries.upcoming(now=timezone.now())}
    assert set(shown) == {"Macclesfield", "Chester", "Warrington"}
    assert all(town in session.venue for town, session in shown.items()), "lists print the venue and not its address"
    assert all(session.demonstration for session in shown.values())
    assert 0 < shown["Macclesfield"].left < 5
    assert shown["Chester"].full
    assert shown["Chester"].waiting > 0
    assert [discrepancies(session.pk) for session in Session.objects.all()] == [[]] * 4
    addresses = set(Contact.objects.values_list("email", flat=True))
    assert {address.partition("@")[2] for address in addresses} == {"example.org"}


@pytest.mark.parametrize("day", [7, 8])  # a Monday and a Tuesday: twelve days later is a Saturday and a Sunday
def test_no_demonstration_session_is_at_a_weekend(db, day):
    sessions.load(now=datetime(2026, 12, day, 23, 30, tzinfo=UTC))
    begins = list(Session.objects.values_list("starts_at", flat=True))
    assert {at.weekday() for at in begins} <= {MONDAY, FRIDAY}
    assert len(begins) == len(sessions.VENUES)


def test_nobody_of_the_demonstration_is_written_to_also_by_the_worker(db):
    demonstration.load(SHIPPED_BASE)
    working.due(SHIPPED_BASE)
    assert not Job.objects.filter(kind="mail").exists()
    assert Job.objects.filter(kind=working.SESSIONS, error="", done_at__isnull=False).exists()


def test_removing_it_leaves_what_is_real(db):
    real = booked(a_session(), "ada")
    demonstration.load(SHIPPED_BASE)
    demonstration.remove()
    assert list(Booking.objects.all()) == [real]
    assert Session.objects.count() == 1
    assert not Stakeholder.objects.exists()
