"""The forms that organisers fill in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.forms.utils import from_current_timezone
from django.utils import timezone

from wellfounded.people.engagement.rules import LARGEST_PARTY
from wellfounded.people.engagement.types import BASES, KINDS, SECTORS, Details, Party, State
from wellfounded.web.pages.engagement.forms import EMAIL_ERRORS, district_choices, seat_choices

WHOM = {
    "confirmed": "Everybody with a place",
    "waiting": "Everybody on the waiting list",
    "all": "Both",
    "some": "Only those that I tick below",
}
STATES: dict[str, tuple[State, ...]] = {
    "confirmed": (State.CONFIRMED, State.ATTENDED),
    "waiting": (State.WAITING, State.OFFERED),
    "all": (State.CONFIRMED, State.ATTENDED, State.WAITING, State.OFFERED),
}


def _needed(words: str, **more: str) -> dict[str, str]:
    return {"required": words, "invalid": words, "invalid_choice": words, **more}


THEIR_EMAIL = EMAIL_ERRORS | {"required": "Enter their e-mail address"}


class Session(forms.Form):
    """All that an organiser says of a session."""

    title = forms.CharField(max_length=200, error_messages=_needed("Enter a title"))
    summary = forms.CharField(max_length=4000, required=False)
    day = forms.DateField(error_messages=_needed("Enter the day as 2027-01-12"))
    begins = forms.TimeField(error_messages=_needed("Enter when it begins as 9:30"))
    ends = forms.TimeField(error_messages=_needed("Enter when it ends as 12:00"))
    books_until = forms.DateTimeField(
        required=False, error_messages=_needed("Enter day and time as 2027-01-12 17:00, or leave it empty")
    )
    capacity = forms.IntegerField(
        min_value=1, max_value=10_000,
        error_messages=_needed("Enter how many places there are", min_value="There has to be one place at least"),
    )  # fmt: skip
    district = forms.ChoiceField(error_messages=_needed("Choose a district"))
    venue = forms.CharField(max_length=200, error_messages=_needed("Enter the name of the venue"))
    address = forms.CharField(max_length=300, required=False)
    postcode = forms.CharField(max_length=10, required=False)
    access_information = forms.CharField(max_length=4000, required=False)
    travel = forms.CharField(max_length=4000, required=False)
    host = forms.CharField(max_length=200, required=False)
    audience = forms.CharField(max_length=2000, required=False)
    programme = forms.CharField(max_length=4000, required=False)
    documents = forms.CharField(max_length=4000, required=False)
    slides = forms.CharField(max_length=500, required=False)
    edition = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    invite_only = forms.BooleanField(required=False)

    def __init__(self, *args: Any, districts: Mapping[str, str], editions: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frozen = [(str(number), words) for number, words in editions.items()]
        self.fields["edition"].choices = [("", "What the site shows"), *frozen]  # type: ignore[attr-defined]
        self.fields["district"].choices = [("", "Choose a district"), *districts.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        day, begins, ends = given.get("day"), given.get("begins"), given.get("ends")
        if day and begins and ends:
            if ends <= begins:
                self.add_error("ends", "It has to end after it begins")
            try:
                given["starts_at"] = from_current_timezone(datetime.combine(day, begins))
                given["ends_at"] = from_current_timezone(datetime.combine(day, ends))
            except forms.ValidationError:
                self.add_error("begins", "The clocks change then: that time is not there, or comes twice")
        if (until := given.get("books_until")) and given.get("starts_at") and until > given["starts_at"]:
            self.add_error("books_until", "Booking has to close before the session begins")
        return given

    def details(self, *, before: Details | None = None) -> Details:
        """What was filled in; what the form does not ask stays as it was."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("day", "begins", "ends")}
        place = (before.latitude, before.longitude) if before and before.venue == given["venue"] else (None, None)
        return Details(latitude=place[0], longitude=place[1], **given)


def session_initial(details: Details) -> dict[str, Any]:
    """A session as its form shows it."""
    start, end = timezone.localtime(details.starts_at), timezone.localtime(details.ends_at)
    until = timezone.localtime(details.books_until) if details.books_until else None
    asked = [name for name in Session.base_fields if name not in ("day", "begins", "ends", "books_until")]
    return {name: getattr(details, name) for name in asked} | {
        "day": start.date().isoformat(),
        "begins": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
        "books_until": f"{until:%Y-%m-%dT%H:%M}" if until else "",
    }


def after(begins: str, *, minutes: int) -> str:
    """The time of day so many minutes after another, on the same day: a template says how long its sessions are."""
    hour, minute = map(int, begins.split(":"))
    return "{:02}:{:02}".format(*divmod(min(60 * hour + minute + minutes, 24 * 60 - 1), 60))


def empty_initial(*, now: datetime) -> dict[str, Any]:
    """What a new session's form shows before anything is said: a morning in four weeks."""
    return {
        "day": (timezone.localtime(now) + timedelta(weeks=4)).date().isoformat(),
        "begins": "09:30", "ends": "12:00", "capacity": 40,
        "programme": "9:30 Registration\n10:00 Presentation of the evidence\n10:40 Interactive session\n12:00 Close",
    }  # fmt: skip


class Guest(forms.Form):
    """Somebody whom an organiser adds, or who comes to the door."""

    name = forms.CharField(max_length=120, error_messages=_needed("Enter a name"))
    email = forms.EmailField(max_length=254, required=False, error_messages=THEIR_EMAIL)
    organisation = forms.CharField(max_length=160, required=False)
    sector = forms.ChoiceField(required=False)
    district = forms.ChoiceField(required=False)
    seats = forms.TypedChoiceField(
        coerce=int, choices=seat_choices(LARGEST_PARTY), initial="1", error_messages=_needed("Say how many")
    )
    why = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, districts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", "Not known"), *SECTORS.items()]  # type: ignore[attr-defined]
        choices = district_choices(districts)
        self.fields["district"].choices = [("", "Not known"), *choices[1:]]  # type: ignore[attr-defined]

    def party(self) -> Party:
        """Who it is."""
        return Party(**{name: value for name, value in self.cleaned_data.items() if name != "why"})


class Extra(Guest):
    """A place beside the capacity: why is kept in the record."""

    email = forms.EmailField(max_length=254, error_messages=THEIR_EMAIL)
    why = forms.CharField(max_length=300, error_messages=_needed("Say why there is a place beside the capacity"))


class Message(forms.Form):
    whom = forms.ChoiceField(choices=tuple(WHOM.items()), initial="confirmed", error_messages=_needed("Say whom to"))
    subject = forms.CharField(max_length=150, error_messages=_needed("Enter a subject"))
    text = forms.CharField(max_length=10_000, error_messages=_needed("Enter what you want to tell them"))
    some = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["some"].choices = [(str(one), name) for one, name in people.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("whom") == "some" and not given.get("some"):
            self.add_error("some", "Tick somebody, or choose another group")
        return given


class Why(forms.Form):
    why = forms.CharField(max_length=1000, error_messages=_needed("Say why: people are told"))


class Capacity(forms.Form):
    capacity = forms.IntegerField(
        min_value=1, max_value=10_000, error_messages=_needed("Enter how many places there are")
    )


class Stakeholder(forms.Form):
    organisation = forms.CharField(max_length=200, error_messages=_needed("Enter the organisation"))
    kind = forms.ChoiceField(choices=tuple(KINDS.items()), error_messages=_needed("Choose a kind"))
    name = forms.CharField(max_length=120, required=False)
    email = forms.EmailField(max_length=254, required=False, error_messages=THEIR_EMAIL)
    district = forms.ChoiceField(required=False)
    sectors = forms.MultipleChoiceField(choices=tuple(SECTORS.items()), required=False)
    interests = forms.MultipleChoiceField(required=False)
    basis = forms.ChoiceField(choices=tuple(BASES.items()), error_messages=_needed("Say why we may write to them"))
    basis_note = forms.CharField(max_length=2000, required=False)
    notes = forms.CharField(max_length=4000, required=False)

    def __init__(self, *args: Any, districts: Mapping[str, str], interests: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = district_choices(districts)
        self.fields["district"].choices = [("", "Not known"), *choices[1:]]  # type: ignore[attr-defined]
        self.fields["interests"].choices = list(interests.items())  # type: ignore[attr-defined]


class Sheet(forms.Form):
    sheet = forms.FileField(error_messages={"required": "Choose a CSV file", "empty": "The file is empty"})


class Call(forms.Form):
    subject = forms.CharField(max_length=150, error_messages=_needed("Enter a subject"))
    text = forms.CharField(max_length=10_000, error_messages=_needed("Enter what you want to ask them"))
