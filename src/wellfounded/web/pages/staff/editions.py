"""Freezing an edition: what stands in the way, a form, and how far it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.publishing import addresses
from wellfounded.web import editions
from wellfounded.web import freezing as work
from wellfounded.web.jinja import moment
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

DATES = ("%d %B %Y", "%d/%m/%Y", "%Y-%m-%d")


class Freezing(forms.Form):
    """An edition to freeze."""

    on = forms.DateField(
        input_formats=DATES,
        error_messages={
            "required": "Enter the date of the edition",
            "invalid": "Enter a date as 12 November 2026",
        },
    )
    corrects = forms.TypedChoiceField(
        coerce=int, required=False, error_messages={"invalid_choice": "Choose an edition that there is"}
    )
    notice = forms.CharField(
        max_length=600, required=False, error_messages={"max_length": "Say it in 600 characters or fewer"}
    )
    even_if_unchanged = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.every = editions.editions().every()
        self.fields["corrects"].choices = [  # type: ignore[attr-defined]
            ("", "None"), *((each.number, f"Edition {each.number} of {moment(each.date)}") for each in self.every),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["corrects"] = told.get("corrects") or 0
        if told.get("corrects") and not told.get("notice"):
            self.add_error("notice", "Say what was wrong and what is said now")
        if told.get("notice") and not told.get("corrects"):
            self.add_error("corrects", "Choose the edition that the notice belongs to, or leave the notice empty")
        if told.get("on") and self.every and told["on"].isoformat() < self.every[0].date:
            self.add_error(
                "on", f"Edition {self.every[0].number} is of {moment(self.every[0].date)}: the date can’t be before"
            )
        return told


@for_staff("publisher")
def freezing(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """What stands in the way of the next edition, and the form that asks for it."""
    today = timezone.localdate()
    form = Freezing(request.POST or None, initial={"on": f"{today.day} {today:%B %Y}"})
    latest = editions.editions().latest()
    after = latest.number if latest else 0
    if request.method == "POST" and form.is_valid():
        try:
            work.ask(**form.cleaned_data, after=after, by=signed_in(request))
        except work.BeingFrozen as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect("/staff/editions")
    looked = work.looked(opened)
    return Page(
        "staff/editions.html",
        {
            "form": form,
            "looked": looked,
            "warning": addresses.unreachable(looked.site if looked else opened.shown.site),
            "latest": latest,
            "next": after + 1,
            **_how_far(opened),
            "here": "freezing",
        },
        status=422 if form.errors else 200,
    )


@for_staff("publisher")
def progress(request: HttpRequest, opened: Opened) -> Page:
    """How far the edition is, as the part of the page that says so."""
    return Page("staff/parts/freezing.html", _how_far(opened))


def _how_far(opened: Opened) -> dict[str, object]:
    """What became of the edition that was asked for last."""
    job = work.latest_job()
    return {
        "job": job,
        "going": work.going(job),
        "refused": work.refused(job, opened) if job is not None else (),
        "warning_of_edition": work.site_note(job, opened),
    }
