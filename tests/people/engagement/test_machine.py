"""Whatever people, organisers and time do to a session, in any order: what must always hold, on both databases."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from itertools import count

import hypothesis.strategies as st
import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.people.engagement.made import NOW, SITE, STAFF, a_session, booked, latest, party
from wellfounded.people.engagement import booking, door, erasing, organising, queries, rules, ticking
from wellfounded.people.engagement.errors import EngagementError, TooLate
from wellfounded.people.engagement.models import Booking, Contact, Feedback, Session, Transition
from wellfounded.people.engagement.replaying import discrepancies
from wellfounded.people.engagement.types import ACTIVE, IN_LINE, SEATED, TOLD, Details, SessionState, State
from wellfounded.people.models import Job, Tally

EXAMPLES = int(os.environ.get("EXAMPLES", "6"))  # more for a longer look
PEOPLE = ("ada", "bea", "cat", "dan", "eve", "fay", "gus")
names, sizes = st.sampled_from(PEOPLE), st.integers(1, 4)
numbers = count()  # each request comes from a network of its own
spans = st.sampled_from([1, 20, 61, 61, 200, 700])  # minutes


class Sessions(RuleBasedStateMachine):
    """One session, seven people, an organiser and a clock. An oracle of its own reads the log line by line."""

    counts: list = []  # noqa: RUF012

    @initialize(
        capacity=st.integers(2, 6),
        days=st.sampled_from([0.4, 1, 3, 12]),
        parties=st.lists(sizes, min_size=4, max_size=6),
    )
    def begin(self, capacity, days, parties):
        for table in (Transition, Session, Job, Tally):
            table.objects.all().delete()
        self.now = NOW
        self.session_id = a_session(days=days, capacity=capacity).pk
        self.seen: dict[int, tuple[State, int, bool]] = {}
        self.last_entry = self.last_job = 0
        self.sequences: dict[str, int] = {}
        self.settled = True
        for name, seats in zip(PEOPLE, parties, strict=False):
            booked(self.session, name, seats)

    @property
    def session(self) -> Session:
        return Session.objects.get(pk=self.session_id)

    def theirs(self, name: str) -> Booking | None:
        try:
            return latest(self.session, name)
        except Booking.DoesNotExist:
            return None

    def tried(self, action, *args, **kwargs):
        """Does it as anybody may try to; what is refused changes nothing."""
        before = self.dump()
        try:
            result = action(*args, **kwargs, now=self.now)
        except EngagementError:
            assert self.dump() == before, "what is refused changes nothing"
            return None
        self.settled = True
        return result

    def dump(self) -> list[object]:
        tables = (Session, Booking, Contact, Transition, Feedback, Job)
        mine = {
            Session: {"pk": self.session_id},
            Job: {"pk__gt": self.last_job},
            Contact: {"booking__session": self.session_id},
        }
        return [
            list(t.objects.filter(**mine.get(t, {"session": self.session_id})).order_by("pk").values()) for t in tables
        ]

    @rule(name=names, seats=sizes)
    def somebody_asks(self, name, seats):
        self.tried(booking.book, self.session_id, party(name, seats), network=f"network {next(numbers)}", site=SITE)

    @rule(name=names, seats=sizes)
    def somebody_books(self, name, seats):
        if self.tried(booking.book, self.session_id, party(name, seats), network=f"network {next(numbers)}", site=SITE):
            self.tried(booking.confirm, self.theirs(name).token, site=SITE)

    @rule(name=names)
    def somebody_uses_the_link(self, name):
        if there := self.theirs(name):
            over = there.state in (State.HELD, State.QUEUED, State.OFFERED) and there.until <= self.now
            done = self.tried(booking.confirm, there.token, site=SITE)
            assert not (over and done), "an offer that is past its time never confirms"
            if over:
                with pytest.raises(TooLate):
                    booking.confirm(there.token, site=SITE, now=self.now)

    @rule(name=names, seats=sizes)
    def somebody_changes_the_size(self, name, seats):
        if there := self.theirs(name):
            self.tried(booking.change_party, there.token, seats=seats, site=SITE)

    @rule(name=names)
    def somebody_cancels(self, name):
        if there := self.theirs(name):
            self.tried(booking.cancel, there.token, site=SITE)

    @rule(minutes=spans)
    def time_goes_by(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.settled = False

    @rule()
    def the_worker_ticks(self):
        ticking.tick(now=self.now, site=SITE)
        self.settled = True

    @rule(name=names)
    def somebody_only_looks(self, name):
        before = self.dump()
        queries.upcoming(now=self.now), queries.past(now=self.now), queries.attendees(self.session_id, now=self.now)
        organised = (*queries.organised(now=self.now), *queries.organised(now=self.now, past=True))
        shown = next(one.session for one in organised if one.session.id == self.session_id)
        mine = queries.mine(booking.of(there.token), now=self.now) if (there := self.theirs(name)) else None
        assert self.dump() == before, "looking changes nothing"
        ticking.settle_all(now=self.now, site=SITE)
        self.settled = True
        session = self.session
        assert (shown.taken, shown.waiting) == (session.taken, session.waiting), "pages show it as it is settled"
        if mine:
            assert mine.state == self.theirs(name).state

    @rule(capacity=st.integers(1, 10))
    def an_organiser_changes_the_capacity(self, capacity):
        self.tried(organising.set_capacity, self.session_id, capacity=capacity, by=STAFF, site=SITE)

    @rule(days=st.sampled_from([-0.2, 0.3, 2]), venue=st.sampled_from(["Town hall", "College"]))
    def an_organiser_moves_the_session(self, days, venue):
        before = organising.details(self.session_id)
        moved = timedelta(days=days)
        changed = {
            **before.__dict__,
            "venue": venue,
            "starts_at": before.starts_at + moved,
            "ends_at": before.ends_at + moved,
        }
        self.tried(organising.change, self.session_id, Details(**changed), by=STAFF, site=SITE)

    @rule(open_=st.booleans())
    def an_organiser_opens_or_closes_booking(self, open_):
        action = organising.open_booking if open_ else organising.close_booking
        self.tried(action, self.session_id, by=STAFF, site=SITE)

    @precondition(lambda self: len(self.seen) > 6)
    @rule(sure=st.integers(0, 3))
    def an_organiser_calls_it_off(self, sure):
        if not sure:
            self.tried(organising.call_off, self.session_id, why="Snow.", by=STAFF, site=SITE)

    @rule(name=names, seats=sizes, extra=st.booleans())
    def an_organiser_adds_somebody(self, name, seats, extra):
        if extra:
            self.tried(door.add_extra, self.session_id, party(name, seats), why="speaks", by=STAFF, site=SITE)
        else:
            self.tried(door.walk_in, self.session_id, party(name, seats), by=STAFF, site=SITE)

    @rule(name=names, beside=st.booleans(), undo=st.booleans())
    def the_door(self, name, beside, undo):
        if there := self.theirs(name):
            if undo:
                self.tried(door.undo_check_in, there.pk, by=STAFF, site=SITE)
            else:
                self.tried(door.check_in, there.pk, by=STAFF, site=SITE, beside=beside)

    @rule()
    def no_shows_are_released(self):
        self.tried(door.release_no_shows, self.session_id, by=STAFF, site=SITE)

    @rule(name=names)
    def somebody_is_erased(self, name):
        if there := self.theirs(name):
            ticking.settle_all(now=self.now, site=SITE)
            there.refresh_from_db()
            counts = dict(Booking.objects.values_list("pk", "seats"))
            erasing.erase(there.pk, by=STAFF, now=self.now, site=SITE)
            self.settled = True
            assert dict(Booking.objects.values_list("pk", "seats")) == counts
            after = Booking.objects.get(pk=there.pk)
            kept = there.state if there.state not in ACTIVE or self.now >= self.session.ends_at else None
            assert after.state == (kept or (there.state if there.state == State.ATTENDED else State.CANCELLED))
            assert not Contact.objects.filter(booking=there.pk).exists()

    @invariant()
    def seats_are_those_of_the_states_and_never_too_many(self):
        session = self.session
        found = Booking.objects.filter(session=session)
        taken = found.filter(state__in=SEATED, extra=False).aggregate(n=Sum("seats"))["n"] or 0
        waiting = found.filter(state__in=IN_LINE).aggregate(n=Sum("seats"))["n"] or 0
        assert (session.taken, session.waiting) == (taken, waiting)
        assert session.taken <= session.capacity
        hashes = [h for h in found.filter(state__in=ACTIVE).values_list("email_hash", flat=True) if h]
        assert len(hashes) == len(set(hashes)), "one active booking a person"
        assert discrepancies(session.pk) == []

    @invariant()
    def no_place_is_stranded(self):
        session = self.session
        on = rules.moves_on(SessionState(session.state), now=self.now, starts_at=session.starts_at)
        if not (self.settled and on):
            return
        free = session.capacity - session.taken
        in_line = Booking.objects.filter(session=session, state__in=IN_LINE, seats__lte=free)
        if rules.is_final_call(self.now, starts_at=session.starts_at):
            told = set(Job.objects.filter(key__startswith=f"call {session.calls} ").values_list("key", flat=True))
            wait = in_line.filter(state=State.WAITING).values_list("pk", flat=True)
            assert {f"call {session.calls} {pk}" for pk in wait} <= told, "whoever fits is called"
        else:
            assert not in_line.exists(), "seats are free and somebody waits whom they fit"

    @invariant()
    def the_log_shows_that_nobody_was_passed_and_each_was_told_once(self):
        session = self.session
        entries = list(
            Transition.objects.filter(session=session, pk__gt=self.last_entry).order_by("pk").select_related("booking")
        )
        for entry in entries:
            self._nobody_was_passed(entry)
            Sessions.counts.append((entry.before, entry.after))
            self.seen[entry.booking_id] = (State(entry.after), entry.seats, entry.extra)
        told = [e for e in entries if (e.before or None, e.after) in TOLD]
        keys = [job.key for job in Job.objects.filter(key__in=[f"transition {e.pk}" for e in entries])]
        assert sorted(keys) == sorted(f"transition {entry.pk}" for entry in told), "one e-mail each, and no other"
        for job in Job.objects.filter(pk__gt=self.last_job, kind="mail").order_by("pk"):
            if text := job.payload.get("calendar", ""):
                uid = re.search(r"UID:(.*?)\r\n(?! )", text, re.S).group(1)
                sequence = int(re.search(r"SEQUENCE:(\d+)", text).group(1))
                assert sequence > self.sequences.get(uid, -1), "SEQUENCE rises"
                self.sequences[uid] = sequence
        self.last_entry = entries[-1].pk if entries else self.last_entry
        self.last_job = max(self.last_job, Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)

    def _nobody_was_passed(self, entry: Transition) -> None:
        before = self.seen.get(entry.booking_id)
        seats = entry.seats if entry.after in SEATED and not entry.extra else 0
        had = before[1] if before and before[0] in SEATED and not before[2] else 0
        at_the_door = (
            entry.booking.means != "form"
            or State.ATTENDED in (entry.after, before and before[0])
            or "absent" in (entry.before, entry.after)
        )
        if seats <= had or at_the_door or (entry.before, entry.after) == (State.WAITING, State.CONFIRMED):
            return
        free = entry.capacity - sum(n for state, n, extra in self.seen.values() if state in SEATED and not extra)
        waiting = {pk: n for pk, (state, n, _) in self.seen.items() if state in IN_LINE and pk != entry.booking_id}
        positions = dict(Booking.objects.filter(pk__in=waiting).values_list("pk", "position"))
        for pk, n in waiting.items():
            first = positions[pk] < entry.booking.position or entry.before not in IN_LINE
            assert not (first and n <= free), f"booking {entry.booking_id} passed {pk}, who waits and fits"


@pytest.mark.slow
def test_a_session_keeps_its_promises_whatever_happens(both):
    run_state_machine_as_test(
        Sessions,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
