"""The forms that the public fills in about sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from wellfounded.people.engagement.rules import LARGEST_PARTY
from wellfounded.people.engagement.types import SECTORS
from wellfounded.publishing.strings import Strings
from wellfounded.web.honest import Honest
from wellfounded.web.pages.engagement.words import ELSEWHERE
from wellfounded.web.publication import Opened

CONSENT = (
    "I agree that my details are kept to run this session, and that my name and contact details are erased afterwards."
)
EMAIL_ERRORS = {
    "required": "Enter your e-mail address",
    "invalid": "Enter an e-mail address as name@example.co.uk",
    "max_length": "The e-mail address is too long",
}
RATINGS = (("5", "Very much"), ("4", "Yes"), ("3", "Partly"), ("2", "Not much"), ("1", "No"))
ABOUT = (("sessions", "a new session in my district"), ("editions", "a new edition of the evidence"))


def consent_of(opened: Opened) -> str:
    """What whoever books agrees to, in the words of the base where it has its own."""
    return Strings.of(opened.shown)(CONSENT)


def district_choices(districts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The districts of a form: none chosen, the place's own, elsewhere."""
    return [("", "Choose a district"), *districts.items(), (ELSEWHERE, "Elsewhere")]


def seat_choices(most: int) -> list[tuple[str, str]]:
    """How many may come, from 1 to `most`."""
    return [(str(n), str(n)) for n in range(1, most + 1)]


class Booking(Honest):
    name = forms.CharField(
        max_length=120, error_messages={"required": "Enter your name", "max_length": "The name is too long"}
    )
    email = forms.EmailField(max_length=254, error_messages=EMAIL_ERRORS)
    organisation = forms.CharField(max_length=160, required=False)
    sector = forms.ChoiceField(error_messages={"required": "Choose a sector", "invalid_choice": "Choose a sector"})
    district = forms.ChoiceField(
        error_messages={"required": "Choose a district", "invalid_choice": "Choose a district"}
    )
    seats = forms.TypedChoiceField(
        coerce=int, choices=seat_choices(LARGEST_PARTY), initial="1",
        error_messages={
            "required": "Say how many of you will come",
            "invalid_choice": f"At most {LARGEST_PARTY} people can come from one organisation",
        },
    )  # fmt: skip
    access = forms.CharField(max_length=500, required=False)
    dietary = forms.CharField(max_length=500, required=False)
    consent = forms.BooleanField(error_messages={"required": "Agree that we keep your details, or we cannot book"})

    def __init__(self, *args: Any, districts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", "Choose a sector"), *SECTORS.items()]  # type: ignore[attr-defined]
        self.fields["district"].choices = district_choices(districts)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seats", 1) > 1 and not cleaned.get("organisation"):
            self.add_error("organisation", "Enter the organisation that you come from, as you book for several people")
        return cleaned


class Party(forms.Form):
    """How many come."""

    seats = forms.TypedChoiceField(
        coerce=int, error_messages={"required": "Say how many of you will come", "invalid_choice": ""}
    )

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = self.fields["seats"]
        seats.choices = seat_choices(most)  # type: ignore[attr-defined]
        seats.error_messages["invalid_choice"] = f"There are places for {most} of you at most"


class Telling(Honest):
    """Tell me when."""

    email = forms.EmailField(max_length=254, error_messages=EMAIL_ERRORS)
    about = forms.MultipleChoiceField(
        choices=ABOUT, error_messages={"required": "Say what we should tell you about", "invalid_choice": "Choose one"}
    )
    district = forms.ChoiceField(required=False, error_messages={"invalid_choice": "Choose a district"})

    def __init__(self, *args: Any, districts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = [("", "All districts"), *districts.items()]  # type: ignore[attr-defined]


class Feedback(forms.Form):
    rating = forms.TypedChoiceField(
        coerce=int, choices=RATINGS, error_messages={"required": "Say whether it was worth your time"}
    )
    liked = forms.CharField(max_length=2000, required=False)
    better = forms.CharField(max_length=2000, required=False)


__all__ = [
    "CONSENT", "ELSEWHERE", "Booking", "Feedback", "Honest", "Party", "Telling", "consent_of", "district_choices",
    "seat_choices",
]  # fmt: skip
