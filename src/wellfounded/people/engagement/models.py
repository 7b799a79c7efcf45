"""Tables of engagement: sessions, bookings with the contact apart, the log, followers, stakeholders, feedback.

What must go together is checked by the database: capacity is never exceeded, a person has one active booking a session,
a state that ends has its time.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from wellfounded.people.engagement import links
from wellfounded.people.engagement.types import ACTIVE, EXPIRING, Line, Means, SessionState, State

BOOKING, FOLLOWER, INVITATION = "booking", "follower", "invitation"  # purposes of links


def _values(states: frozenset[State]) -> list[str]:
    return sorted(state.value for state in states)


class Session(models.Model):
    """An engagement session. `taken` counts the seats of SEATED bookings, `waiting` those of bookings in line."""

    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    programme = models.TextField(blank=True)  # a line each: "9:30 Registration"
    audience = models.TextField(blank=True)  # who it is for
    host = models.CharField(max_length=200, blank=True)
    documents = models.TextField(blank=True)  # what to read before, an address a line
    slides = models.CharField(max_length=500, blank=True)  # where the presentation lies
    edition = models.PositiveIntegerField(null=True)  # that it discusses

    district = models.CharField(max_length=12, blank=True)  # area code
    venue = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    access_information = models.TextField(blank=True)
    travel = models.TextField(blank=True)

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    books_until = models.DateTimeField(null=True)  # until it starts where nothing is said
    state = models.CharField(max_length=12, default=SessionState.DRAFT)
    invite_only = models.BooleanField(default=False)
    demonstration = models.BooleanField(default=False)
    called_off_why = models.TextField(blank=True)

    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)  # bookings ever made: the last place in line
    calls = models.PositiveIntegerField(default=0)  # final calls so far
    calling = models.BooleanField(default=False)  # a final call stands: seats are free for whoever waits

    uid = models.CharField(max_length=120, unique=True)  # in calendars
    sequence = models.PositiveIntegerField(default=0)
    thanked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(capacity__gte=1), name="session_has_room"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="session_not_overbooked"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in SessionState]), name="session_state_known"
            ),
        )
        indexes = (models.Index(fields=["starts_at"], name="session_starts"),)

    def __str__(self) -> str:
        return f"{self.title}, {self.venue}"


class Booking(models.Model):
    """Seats for somebody, or a place in line. Who it is stands in `contact`, which is deleted before the booking is."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="bookings")
    state = models.CharField(max_length=12)
    until = models.DateTimeField(null=True)  # when a hold, a request or an offer lapses
    position = models.PositiveIntegerField()  # place in line, from the request
    seats = models.PositiveSmallIntegerField()
    means = models.CharField(max_length=8, default=Means.FORM)
    extra = models.BooleanField(default=False)  # beside the capacity: an organiser's decision
    email_hash = models.CharField(max_length=64, blank=True)  # keyed
    key = models.CharField(max_length=32, default=links.new_key)
    token_hash = models.CharField(max_length=64, unique=True)
    network = models.CharField(max_length=64, blank=True)  # keyed, while the address is not confirmed

    organisation = models.CharField(max_length=200, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    district = models.CharField(max_length=12, blank=True)

    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    arrived = models.PositiveSmallIntegerField(null=True)  # how many of the party came
    still_coming_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)  # reminders whose time is past
    sequence = models.PositiveIntegerField(default=0)  # of the calendar entry that was sent last
    in_calendar = models.BooleanField(default=False)  # a calendar entry was sent and not taken away
    feedback_given = models.BooleanField(default=False)
    invitation = models.ForeignKey("Invitation", on_delete=models.SET_NULL, null=True, related_name="bookings")
    demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["session", "email_hash"],
                condition=Q(state__in=_values(ACTIVE)) & ~Q(email_hash=""),
                name="one_active_booking_a_person",
            ),
            models.UniqueConstraint(fields=["session", "position"], name="one_booking_a_place_in_line"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="booking_has_seats"),
            models.CheckConstraint(
                condition=Q(state__in=_values(EXPIRING), until__isnull=False)
                | (~Q(state__in=_values(EXPIRING)) & Q(until__isnull=True)),
                name="booking_ends_where_it_can",
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="booking_state_known"),
        )
        indexes = (
            models.Index(fields=["session", "state", "until"], name="booking_state"),
            models.Index(fields=["until"], name="booking_until", condition=Q(until__isnull=False)),
        )

    def __str__(self) -> str:
        return f"booking {self.pk}, {self.state}"

    @property
    def token(self) -> str:
        """What its link carries."""
        return links.token(BOOKING, self.key)

    @property
    def holder(self) -> Contact:
        """Who booked: without a name and an address once they are erased."""
        return getattr(self, "contact", None) or Contact()

    @property
    def line(self) -> Line:
        """It as the rules see it."""
        return Line(self.pk, self.position, self.seats, State(self.state), self.until)


class Contact(models.Model):
    """Who booked, and what they need: seen by organisers only, deleted when it is no longer needed."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254, blank=True)
    access = models.TextField(blank=True)
    dietary = models.TextField(blank=True)
    needs_until = models.DateTimeField(null=True)  # when both are deleted

    class Meta:
        indexes = (models.Index(fields=["needs_until"], name="contact_needs", condition=Q(needs_until__isnull=False)),)

    def __str__(self) -> str:
        return f"contact of booking {self.pk}"


class Transition(models.Model):
    """A line of the log: what a booking became, when and by whom. The database refuses to change one."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="transitions")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="transitions")
    at = models.DateTimeField()
    before = models.CharField(max_length=12, blank=True)  # empty: there was none
    after = models.CharField(max_length=12)
    seats = models.PositiveSmallIntegerField()
    extra = models.BooleanField(default=False)
    capacity = models.PositiveIntegerField()  # of the session at that moment
    by = models.CharField(max_length=254, blank=True)  # empty: the person; "rule": time or free seats
    why = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.before or 'new'} → {self.after}"


class Template(models.Model):
    """The format of a session, to be held at one venue after another."""

    name = models.CharField(max_length=120, unique=True)
    format = models.JSONField(default=dict)  # fields of Details that are the same everywhere
    minutes = models.PositiveIntegerField(default=150)
    made_by = models.CharField(max_length=254, blank=True)
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Follower(models.Model):
    """Somebody who wants to be told of new sessions or editions, once they have confirmed their address."""

    email = models.CharField(max_length=254)
    email_hash = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=32, default=links.new_key)
    token_hash = models.CharField(max_length=64, unique=True)
    districts = models.JSONField(default=list)  # area codes; "all" for every one
    editions = models.BooleanField(default=False)
    wanted: Any = models.JSONField(default=dict)  # what was asked for and is not confirmed yet
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    told_edition = models.PositiveIntegerField(default=0)
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"follower {self.pk}"

    @property
    def token(self) -> str:
        """What their link carries."""
        return links.token(FOLLOWER, self.key)


class Stakeholder(models.Model):
    """An organisation in the register: whom to ask about what, and by what right we write to them."""

    organisation = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)  # of KINDS in types
    name = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    district = models.CharField(max_length=12, blank=True)
    sectors = models.JSONField(default=list)  # of SECTORS
    interests = models.JSONField(default=list)  # ids of chapters and Grand Challenges
    basis = models.CharField(max_length=20)  # of BASES in types
    basis_note = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    added_at = models.DateTimeField()
    opted_out_at = models.DateTimeField(null=True)
    demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="one_stakeholder_an_address"),
        )

    def __str__(self) -> str:
        return self.organisation


class Invitation(models.Model):
    """A stakeholder was asked: to a session, or for evidence."""

    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="invitations")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="invitations")
    call = models.CharField(max_length=200, blank=True)  # what evidence is asked for, where it is no session
    key = models.CharField(max_length=32, default=links.new_key)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=254)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=20, blank=True)  # booked, responded, declined

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["stakeholder", "session"], condition=Q(session__isnull=False), name="one_invitation_a_session"
            ),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def token(self) -> str:
        """What its link carries."""
        return links.token(INVITATION, self.key)


class Feedback(models.Model):
    """What somebody thought of a session; whose it is isn't kept."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="feedback")
    rating = models.PositiveSmallIntegerField()  # 1 to 5
    liked = models.TextField(blank=True)
    better = models.TextField(blank=True)
    given_on = models.DateField()  # no time of day: it would tell whose it is

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="rating_of_five"),)

    def __str__(self) -> str:
        return f"{self.rating} of 5"
