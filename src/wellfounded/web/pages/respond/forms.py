"""The forms that the public answers with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from wellfounded.people.consultation.receiving.attachments import LARGEST, look
from wellfounded.people.consultation.receiving.types import File
from wellfounded.web import consultation
from wellfounded.web.honest import Honest
from wellfounded.web.pages.respond.answering import LARGEST_TOGETHER, MOST_FILES, Answering
from wellfounded.web.publication import Opened

UNSAID = "unsaid"
LONGEST = 100_000  # characters of an answer to a question
LONGEST_REASON = 20_000
KEY = r"\A[A-Za-z0-9_-]{40,64}\Z"  # the chance in a form by which it is known when it is sent twice
EMAIL_ERRORS = {
    "invalid": "Enter an e-mail address as name@example.co.uk",
    "max_length": "The e-mail address is too long",
}
_CHOOSE_ONE = {"invalid_choice": "Choose one of those that are listed"}


class Words(forms.CharField):
    """Text of several lines; what is too long is said with how much too long."""

    widget = forms.Textarea

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(required=kwargs.pop("required", False), **kwargs)
        self.longest = longest

    def clean(self, value: Any) -> str:
        text = super().clean(value).replace("\r\n", "\n")
        if len(text) > self.longest:
            raise forms.ValidationError(
                f"This has {len(text):,} characters: shorten it to {self.longest:,}, or send the rest as a document"
            )
        return str(text)


class Choosing(forms.Form):
    """A form whose choices are those of the base."""

    unsaid = "I would rather not say"

    def __init__(self, *args: Any, opened: Opened, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = opened.shown
        self._choices("respondent", [*consultation.respondents(shown).items(), (UNSAID, self.unsaid)])
        self._choices("sector", [("", "Choose a sector"), *((each, each) for each in consultation.sectors(shown))])
        places = [*consultation.districts(shown).items(), (consultation.ELSEWHERE, "Somewhere else")]
        self._choices("district", [("", "Choose a place"), *places])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        if name in self.fields:
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class You(Choosing):
    """Who answers."""

    respondent = forms.ChoiceField(required=False, error_messages=_CHOOSE_ONE)
    organisation = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": "The name of the organisation is too long"}
    )
    sector = forms.ChoiceField(required=False, error_messages=_CHOOSE_ONE)
    district = forms.ChoiceField(required=False, error_messages=_CHOOSE_ONE)

    def clean_respondent(self) -> str:
        given: str = self.cleaned_data["respondent"]
        return "" if given == UNSAID else given


class Publishing(forms.Form):
    """What may be published, and how to reach whoever answers."""

    name = forms.CharField(required=False, max_length=200, error_messages={"max_length": "The name is too long"})
    email = forms.EmailField(required=False, max_length=254, error_messages=EMAIL_ERRORS)
    consent = forms.ChoiceField(
        choices=list(consultation.CONSENT_WORDS.items()),
        error_messages={"required": "Choose what we may publish", **_CHOOSE_ONE},
    )


class Questions(forms.Form):
    """The questions of the base."""

    def __init__(self, *args: Any, questions: tuple[str, ...], given: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, len(questions) + 1):
            before = given[number - 1] if number <= len(given) else ""
            self.fields[f"question{number}"] = Words(longest=LONGEST, initial=before)

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data[name] for name in self.fields)


class Opinion(forms.Form):
    """What somebody thinks of one conclusion, and why."""

    opinion = forms.ChoiceField(
        choices=list(consultation.OPINION_WORDS.items()),
        error_messages={"required": "Choose whether you agree, or say that you don’t know", **_CHOOSE_ONE},
    )
    reason = Words(longest=LONGEST_REASON)


class Idea(forms.Form):
    """What somebody has to say on a chapter, an indicator, a priority or a Grand Challenge."""

    text = Words(longest=LONGEST_REASON)


class About(Honest, You, Publishing):
    """The short form, on one page: one subject, and who says it."""

    opinion = Opinion.base_fields["opinion"]
    text = Words(longest=LONGEST_REASON)
    key = forms.RegexField(KEY, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject: consultation.Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if subject.conclusion is None:
            del self.fields["opinion"]
            self.fields["text"].required = True
            self.fields["text"].error_messages["required"] = "Write what you want to tell us"


class Later(Honest):
    """Where to send the link of a draft."""

    email = forms.EmailField(
        max_length=254, error_messages={"required": "Enter the e-mail address to send the link to", **EMAIL_ERRORS}
    )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.Form):
    """Documents. Each is looked at by its content; if one can't be taken none is, and the reason is said."""

    documents = forms.Field(required=False, widget=ManyFiles(attrs={"multiple": True}))

    def __init__(self, *args: Any, answering: Answering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answering = answering

    def clean_documents(self) -> list[File]:
        given: list[UploadedFile] = self.files.getlist("documents")
        if not given:
            raise forms.ValidationError("Choose a file to add")
        have = len(self.answering.files)
        if have + len(given) > MOST_FILES:
            raise forms.ValidationError(
                f"You can add {MOST_FILES} files in all, and {have + len(given)} would be too many"
            )
        if self.answering.together + sum(file.size or 0 for file in given) > LARGEST_TOGETHER:
            raise forms.ValidationError(f"All files together can have {LARGEST_TOGETHER // 1_000_000} MB")
        looked = []
        for file in given:
            name = file.name or "file"
            if (file.size or 0) > LARGEST:
                raise forms.ValidationError(
                    f"{name[:80]} was not added: it has {(file.size or 0) / 1e6:.0f} MB, and a file may have "
                    f"{LARGEST // 1_000_000} MB"
                )
            found = look(name, file.content_type or "", file.read())
            if found.refused:
                raise forms.ValidationError(f"{found.name} was not added: {found.refused}")
            looked.append(found)
        return looked


__all__ = [
    "KEY", "LONGEST", "LONGEST_REASON", "About", "Choosing", "Files", "Honest", "Idea", "Later", "ManyFiles", "Opinion",
    "Publishing", "Questions", "You",
]  # fmt: skip
