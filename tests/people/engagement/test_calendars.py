"""Calendar entries as two parsers of different authors read them, before and after the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from tests.people.engagement.made import NOW, SITE, STAFF, a_session, booked, details
from wellfounded.people.engagement import booking, calendar, organising, rules
from wellfounded.people.models import Job


def entries(name: str) -> list[str]:
    """The calendar entries that were sent to somebody, in order."""
    jobs = Job.objects.filter(payload__to=f"{name}@example.org").order_by("id")
    return [job.payload["calendar"] for job in jobs if "calendar" in job.payload]


def read(text: str) -> tuple[str, icalendar.Event]:
    """Method and event, by the first parser; the second has to find the same."""
    found = icalendar.Calendar.from_ical(text)
    (event,) = found.walk("VEVENT")
    (other,) = IcsCalendarStream.calendar_from_ics(text).events
    assert other.uid == str(event["UID"])
    assert other.summary == str(event["SUMMARY"])
    assert other.start == event.decoded("DTSTART")
    assert other.end == event.decoded("DTEND")
    assert other.sequence == event["SEQUENCE"]
    return str(found["METHOD"]), event


def test_a_booking_keeps_its_entry_through_changes_until_it_is_cancelled(db):
    session = a_session(capacity=4)
    mine = booked(session, "ada", 1)
    booking.change_party(mine.token, seats=2, site=SITE, now=NOW)
    moved = organising.details(session.pk).__dict__ | {
        "venue": "College",
        "starts_at": session.starts_at + timedelta(hours=1),
    }
    told = organising.change(session.pk, type(organising.details(session.pk))(**moved), by=STAFF, site=SITE, now=NOW)
    booking.cancel(mine.token, site=SITE, now=NOW)
    sent = [read(text) for text in entries("ada")]
    assert told == 1
    assert [method for method, _ in sent] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert len({str(event["UID"]) for _, event in sent}) == 1
    assert [event["SEQUENCE"] for _, event in sent] == [0, 1, 2, 3]
    assert "College" in sent[-1][1]["LOCATION"]
    assert str(sent[-1][1]["STATUS"]) == "CANCELLED"
    assert str(sent[0][1]["ATTENDEE"]) == "mailto:ada@example.org"
    assert str(sent[0][1]["ORGANIZER"]).startswith("mailto:")


@pytest.mark.parametrize(
    ("day", "offset"),
    [(date(2027, 3, 26), 0), (date(2027, 3, 29), 1), (date(2027, 10, 29), 1), (date(2027, 11, 1), 0)],
)
def test_half_past_nine_is_half_past_nine_on_either_side_of_a_change_of_the_clocks(db, day, offset):
    starts_at = datetime.combine(day, time(9, 30), tzinfo=rules.HERE)
    session = organising.create(
        type(details())(**details().__dict__ | {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}),
        by=STAFF, now=NOW,
    )  # fmt: skip
    organising.open_booking(session.pk, by=STAFF, now=NOW, site=SITE)
    booked(session, "ada")
    (text,) = entries("ada")
    _, event = read(text)
    assert f"DTSTART;TZID=Europe/London:{day:%Y%m%d}T093000" in text
    assert event.decoded("DTSTART").astimezone(UTC).hour == 9 - offset
    (zone,) = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")
    assert zone.to_tz().utcoffset(starts_at.replace(tzinfo=None)) == timedelta(hours=offset), "by its own rule too"


def test_the_feed_lists_what_is_open_and_keeps_what_was_cancelled(db):
    first, second = a_session(title="One"), a_session(title="Two", district="E06000050")
    organising.create(details(title="Draft"), by=STAFF, now=NOW)
    a_session(title="Invited", invite_only=True)
    organising.call_off(second.pk, why="Snow.", by=STAFF, now=NOW, site=SITE)
    text = calendar.feed(site=SITE, now=NOW).decode()
    events = {event.summary: event for event in IcsCalendarStream.calendar_from_ics(text).events}
    assert set(events) == {"One", "Two"}
    assert events["Two"].status == "CANCELLED"
    assert events["Two"].sequence > events["One"].sequence
    assert events["One"].uid == first.uid
    assert (
        len(icalendar.Calendar.from_ical(calendar.feed(site=SITE, now=NOW, district="E06000050")).walk("VEVENT")) == 1
    )
    assert "METHOD:PUBLISH" in text
