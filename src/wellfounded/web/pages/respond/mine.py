"""A respondent's own page: what became of each point, and their say on what is published and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.consultation import tokens
from wellfounded.people.consultation.actions import privacy
from wellfounded.people.consultation.queries import answers
from wellfounded.people.consultation.queries.answers import PointLink
from wellfounded.people.consultation.types import About, Consent
from wellfounded.web import consultation
from wellfounded.web.pages.respond.frame import count, public
from wellfounded.web.pages.respond.reading import address_of, says_words, title_of
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page


class Erasing(forms.Form):
    """That somebody means it."""

    sure = forms.BooleanField(error_messages={"required": "Tick the box if you want it erased"})


@dataclass(frozen=True)
class Landed:
    """What one point was set against, in words, and what was decided there."""

    title: str
    address: str
    says: str
    answer: answers.Answer | None


@public
def mine(request: HttpRequest, opened: Opened, token: str) -> Page | HttpResponseBase:
    """What became of a response. A POST changes what may be published, or erases it."""
    response = tokens.response_of(token)
    if response is None:
        raise Http404("no response has this link")
    form = Erasing()
    if request.method == "POST":
        count(request, "respond.change")
        now, here = timezone.now(), HttpResponseRedirect(f"/responses/{token}")
        wanted = request.POST.get("consent", "")
        if wanted in set(Consent) and response.erased_at is None:
            privacy.change_consent(response, Consent(wanted), by="respondent", now=now)
            return here
        if "erase" not in request.POST:
            return here
        form = Erasing(request.POST)
        if form.is_valid():
            if response.erased_at is None:
                privacy.erase(response, by="respondent", now=now, why="the respondent asked for it")
            return here
    standing = answers.of(response)
    return Page(
        "respond/mine.html",
        {
            "said": standing,
            "points": [(point, _landed(opened, point.links)) for point in standing.points],
            "passages": [(_asked(opened, kind, name), text) for kind, name, text in standing.passages],
            "opinions": [
                (
                    title_of(opened, About.CONCLUSION, name) or sentence,
                    address_of(opened, About.CONCLUSION, name),
                    ticked,
                )
                for name, sentence, ticked in standing.opinions
            ],
            "files": [file for file in response.attachments.all() if not file.refused],
            "consents": [(value, words) for value, words in consultation.CONSENT_WORDS.items()],
            "consent": consultation.CONSENT_WORDS.get(standing.consent, ""),
            "opinion_words": consultation.OPINION_WORDS,
            "form": form,
            "token": token,
            "here": "respond",
        },
        status=422 if form.errors else 200,
    )


def _landed(opened: Opened, links: Sequence[PointLink]) -> list[Landed]:
    return [
        Landed(
            title_of(opened, link.about, link.id) or link.title, address_of(opened, link.about, link.id),
            says_words(link.about, link.says), link.answer,
        )
        for link in links
    ]  # fmt: skip


def _asked(opened: Opened, kind: str, name: str) -> str:
    """What a passage answers."""
    asked = opened.shown.consultation_questions
    if kind == "question" and name.isdecimal() and 0 < int(name) <= len(asked):
        return asked[int(name) - 1]
    if kind == "reason":
        return title_of(opened, About.CONCLUSION, name) or name
    if kind == "about":
        about, _, identifier = name.partition(":")
        return title_of(opened, about, identifier) or identifier
    return f"From the document {name}" if kind == "file" else "What you wrote"


__all__ = ["mine"]
