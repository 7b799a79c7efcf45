"""Is this right? Tell us: a short form on one conclusion, chapter, indicator, priority or Grand Challenge."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from wellfounded.people import keyed
from wellfounded.web import consultation
from wellfounded.web.pages.respond import answering as answers
from wellfounded.web.pages.respond import forms
from wellfounded.web.pages.respond.answering import Answer, Answering
from wellfounded.web.pages.respond.frame import count, save, taking
from wellfounded.web.pages.respond.steps import send
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page


@taking
def about(request: HttpRequest, opened: Opened, kind: str, identifier: str) -> Page | HttpResponseBase:
    """The short form. It is sent as it is, or goes on as the whole form with what has been said."""
    subject = consultation.subject_of(opened, kind, identifier)
    form = forms.About(
        request.POST or None,
        opened=opened,
        subject=subject,
        initial={"key": keyed.token()},
        use_required_attribute=False,
    )
    if request.method == "POST" and form.by_a_program:
        return HttpResponseRedirect(subject.address)
    if request.method == "POST" and "more" in request.POST:
        form.fields["consent"].required = False
    if request.method == "POST" and form.is_valid():
        answering = _answering(subject, form)
        if "more" in request.POST:
            count(request, "respond.begin")
            return HttpResponseRedirect(f"/respond/d/{save(answering, token=None)}")
        count(request, "respond.send")
        return HttpResponseRedirect(f"/respond/sent/{send(request, opened, answering, token=None).token}")
    return Page(
        "respond/about.html",
        {
            "form": form, "subject": subject, "consent_hints": consultation.CONSENT_HINTS, "here": "respond",
            "chapter": opened.chapters.get(identifier) if kind == "chapter" else None,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _answering(subject: consultation.Subject, form: forms.About) -> Answering:
    """The answer that the short form comes to."""
    given = form.cleaned_data
    names = ("key", "respondent", "organisation", "sector", "district", "name", "email", "consent")
    made = Answering(opened_on=f"{subject.kind}/{subject.id}", **{name: given[name] for name in names})
    if subject.conclusion is not None:
        return answers.with_answer(made, subject.id, Answer(given["opinion"], given["text"]))
    return answers.with_idea(made, subject, given["text"])


__all__ = ["about"]
