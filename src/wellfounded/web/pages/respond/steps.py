"""The whole form, step by step: begun, saved at every step, returned to by its link, checked and sent."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people import keyed, limits, mail
from wellfounded.people.consultation.actions import arrivals, drafts, privacy
from wellfounded.people.consultation.receipts import Receipt
from wellfounded.people.consultation.receiving.attachments import LARGEST, TAKEN
from wellfounded.people.consultation.receiving.store import Store
from wellfounded.people.consultation.rules import DRAFTS_KEPT
from wellfounded.web import consultation
from wellfounded.web.pages.respond import answering as answers
from wellfounded.web.pages.respond import forms
from wellfounded.web.pages.respond.answering import Answer, Answering
from wellfounded.web.pages.respond.frame import count, save, step, taking
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

LINKS_A_DAY = 3  # to one address


@taking
def begin(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """What the consultation asks, and a button that begins an answer."""
    if request.method == "POST":
        if forms.Honest(request.POST).by_a_program:
            return HttpResponseRedirect("/respond")
        count(request, "respond.begin")
        return HttpResponseRedirect(f"/respond/d/{save(answers.begun(), token=None)}")
    standing = consultation.standing(opened.shown, now=timezone.now())
    return Page("respond/begin.html", {"taken": standing, "days": DRAFTS_KEPT.days, "here": "respond"})


@step
def tasks(request: HttpRequest, opened: Opened, answering: Answering, token: str) -> Page:
    """The list of what can be answered, and how far it is."""
    shown = opened.shown
    chapters = []
    for chapter in shown.chapters:
        mine = consultation.conclusions_of(opened, chapter.id)
        if mine:
            chapters.append((chapter, len(mine), sum(c.id in answering.answers for c in mine)))
    others = [
        subject
        for key, subject in answers.subjects(opened, answering).items()
        if subject.kind != "challenge" and answering.ideas[key]
    ]
    return Page(
        "respond/tasks.html",
        {"chapters": chapters, "others": others, "questions": sum(1 for text in answering.questions if text.strip())},
    )


@step
def you(request: HttpRequest, opened: Opened, answering: Answering, token: str) -> Page | HttpResponseBase:
    """Who answers."""
    given = {name: getattr(answering, name) for name in forms.You.base_fields}
    form = forms.You(request.POST or None, initial=given, opened=opened)
    if request.method == "POST" and form.is_valid():
        return _saved(request, answers.with_(answering, **form.cleaned_data), token)
    return Page("respond/you.html", {"form": form}, status=_status(form))


@step
def questions(request: HttpRequest, opened: Opened, answering: Answering, token: str) -> Page | HttpResponseBase:
    """The questions of the base."""
    asked = opened.shown.consultation_questions
    form = forms.Questions(request.POST or None, questions=asked, given=answering.questions)
    if request.method == "POST" and form.is_valid():
        return _saved(request, answers.with_(answering, questions=form.answers), token)
    return Page("respond/questions.html", {"form": form, "asked": asked}, status=_status(form))


@step
def chapter(
    request: HttpRequest, opened: Opened, answering: Answering, token: str, identifier: str
) -> Page | HttpResponseBase:
    """The conclusions of a chapter, to pick from."""
    subject = consultation.subject_of(opened, "chapter", identifier)
    return Page(
        "respond/chapter.html", {"subject": subject, "conclusions": consultation.conclusions_of(opened, identifier)}
    )


@step
def conclusion(
    request: HttpRequest, opened: Opened, answering: Answering, token: str, identifier: str
) -> Page | HttpResponseBase:
    """What somebody thinks of one conclusion; then the next one, or back to the list."""
    subject = consultation.subject_of(opened, "conclusion", identifier)
    shown = opened.conclusions[identifier]
    before = answering.answers.get(identifier)
    back = f"/respond/d/{token}/chapters/{shown.chapter}"
    siblings = [c.id for c in consultation.conclusions_of(opened, shown.chapter)]
    at = siblings.index(identifier)
    after = siblings[at + 1] if at + 1 < len(siblings) else ""
    initial = {"opinion": before.opinion, "reason": before.reason} if before else {}
    form = forms.Opinion(request.POST or None, initial=initial)
    if request.method == "POST":
        if "forget" in request.POST:
            save(answers.with_answer(answering, identifier, None), token=token)
            return HttpResponseRedirect(back)
        if form.is_valid():
            answer = Answer(form.cleaned_data["opinion"], form.cleaned_data["reason"])
            save(answers.with_answer(answering, identifier, answer), token=token)
            goes_on = "next" in request.POST and after
            return HttpResponseRedirect(f"/respond/d/{token}/conclusions/{after}" if goes_on else back)
    return Page(
        "respond/conclusion.html",
        {
            "form": form, "subject": subject, "conclusion": shown, "back": back, "after": after, "answered": before,
            "number": at + 1, "of": len(siblings), "chapter": opened.chapters.get(shown.chapter),
        },
        status=_status(form),
    )  # fmt: skip


@step
def idea(
    request: HttpRequest, opened: Opened, answering: Answering, token: str, kind: str, identifier: str
) -> Page | HttpResponseBase:
    """What somebody has to say on a Grand Challenge, or another subject that is no conclusion."""
    subject = consultation.subject_of(opened, kind, identifier)
    before = answering.ideas.get(f"{kind}/{identifier}", "")
    form = forms.Idea(request.POST or None, initial={"text": before})
    if request.method == "POST" and form.is_valid():
        return _saved(request, answers.with_idea(answering, subject, form.cleaned_data["text"]), token)
    return Page("respond/idea.html", {"form": form, "subject": subject}, status=_status(form))


@step
def files(request: HttpRequest, opened: Opened, answering: Answering, token: str) -> Page | HttpResponseBase:
    """Documents: added one or several at a time, or taken out again."""
    form = None
    if request.method == "POST" and "remove" in request.POST:
        rest = tuple(file for file in answering.files if file.hash != request.POST["remove"])
        save(answers.with_(answering, files=rest), token=token)
        privacy.take_away({file.hash for file in answering.files} - {file.hash for file in rest})
        return HttpResponseRedirect(f"/respond/d/{token}/files")
    if request.method == "POST":
        count(request, "respond.files")
        form = forms.Files(request.POST, request.FILES, answering=answering)
        if form.is_valid():
            _keep(answering, form, token)
            return HttpResponseRedirect(f"/respond/d/{token}/files")
    form = form or forms.Files(answering=answering)
    return Page(
        "respond/files.html",
        {
            "form": form, "taken": TAKEN, "largest": LARGEST // 1_000_000, "most": answers.MOST_FILES,
            "together": answers.LARGEST_TOGETHER // 1_000_000,
        },
        status=_status(form),
    )  # fmt: skip


def _keep(answering: Answering, form: forms.Files, token: str) -> None:
    """Nothing; the files are in the store and then in the draft, each once."""
    store = Store(settings.WELLFOUNDED_UPLOADS)
    have = {file.hash: file for file in answering.files}
    for file in form.cleaned_data["documents"]:
        have.setdefault(store.keep(file.content), answers.Upload(file.name, file.kind, file.hash, file.size))
    save(answers.with_(answering, files=tuple(have.values())), token=token)


@step
def publishing(request: HttpRequest, opened: Opened, answering: Answering, token: str) -> Page | HttpResponseBase:
    """What may be published, and where a receipt goes."""
    given = {name: getattr(answering, name) for name in forms.Publishing.base_fields}
    form = forms.Publishing(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        return _saved(request, answers.with_(answering, **form.cleaned_data), token)
    return Page("respond/publishing.html", {"form": form, "hints": consultation.CONSENT_HINTS}, status=_status(form))


@step
def check(request: HttpRequest, opened: Opened, answering: Answering, token: str) -> Page | HttpResponseBase:
    """All answers on one page, and the button that sends them."""
    missing = _missing(answering)
    if request.method == "POST" and not missing:
        if forms.Honest(request.POST).by_a_program:
            return HttpResponseRedirect(f"/respond/d/{token}")
        count(request, "respond.send")
        received = send(request, opened, answering, token=token)
        return HttpResponseRedirect(f"/respond/sent/{received.token}")
    return Page(
        "respond/check.html",
        {
            "missing": missing if request.method == "POST" else {},
            "conclusions": [
                (opened.conclusions[name], each)
                for name, each in answering.answers.items()
                if name in opened.conclusions
            ],
            "ideas": [(subject, answering.ideas[key]) for key, subject in answers.subjects(opened, answering).items()],
            "district": consultation.district_name(opened.shown, answering.district),
            "respondent": consultation.RESPONDENT_WORDS.get(answering.respondent, ""),
            "opinions": consultation.OPINION_WORDS,
            "consent": consultation.CONSENT_WORDS.get(answering.consent, ""),
        },
        status=422 if request.method == "POST" else 200,
    )


def _missing(answering: Answering) -> dict[str, str]:
    """What has to be said before an answer can be sent, by the step where it is said."""
    missing = {}
    if not answering.said:
        missing["questions"] = "Answer a question, say what you think of a conclusion, or add a document"
    if not answering.consent:
        missing["publishing"] = "Choose what we may publish"
    return missing


def send(request: HttpRequest, opened: Opened, answering: Answering, *, token: str | None) -> arrivals.Received:
    """The response that was received. Nothing of the draft is left but its reference."""
    now = timezone.now()
    receipt = Receipt(consultation.site_of(request, opened.shown), opened.shown.title)
    with transaction.atomic():
        received = arrivals.receive_web(answers.to_send(opened, answering), key=answering.key, now=now, receipt=receipt)
        if token is not None:
            save(Answering(sent=received.response.reference), token=token)
    return received


@step
def later(request: HttpRequest, opened: Opened, answering: Answering, token: str) -> Page | HttpResponseBase:
    """The link to return by, shown and, if somebody wishes, sent."""
    address = f"{consultation.site_of(request, opened.shown)}/respond/d/{token}"
    form = forms.Later(request.POST or None, initial={"email": answering.email})
    sent_to = ""
    if request.method == "POST" and form.is_valid():
        sent_to = form.cleaned_data["email"]
        if not form.by_a_program:
            _send_link(request, opened, address, sent_to)
    return Page(
        "respond/later.html",
        {"form": form, "address": address, "sent_to": sent_to, "days": DRAFTS_KEPT.days},
        status=_status(form),
    )


def _send_link(request: HttpRequest, opened: Opened, address: str, to: str) -> None:
    count(request, "respond.link")
    now, day = timezone.now(), timedelta(days=1)
    limits.count("respond.link to", to.strip().lower(), most=LINKS_A_DAY, per=day, now=now)
    mail.ask(
        to,
        f"Your answer to {opened.shown.title}",
        f"You asked us to send this link. It leads to the answer that you have begun; nobody else has it, and it works "
        f"for {DRAFTS_KEPT.days} days after you last saved.\n\n{address}\n\n"
        "Nothing has been sent to us yet. If you did not ask for this, do nothing.\n",
        key=f"draft {keyed.of('draft link', f'{address} {to} {now:%Y-%m-%d %H:%M}')}",
    )


@step
def delete(request: HttpRequest, opened: Opened, answering: Answering, token: str) -> Page | HttpResponseBase:
    """Deletes the draft, once it is confirmed."""
    if request.method == "POST":
        drafts.delete(token)
        privacy.take_away({file.hash for file in answering.files})
        return HttpResponseRedirect("/respond")
    return Page("respond/delete.html", {})


def _saved(request: HttpRequest, answering: Answering, token: str) -> HttpResponseBase:
    save(answering, token=token)
    return HttpResponseRedirect(f"/respond/d/{token}/check" if "check" in request.GET else f"/respond/d/{token}")


def _status(form: BaseForm) -> int:
    return 422 if form.errors else 200


__all__ = [
    "begin", "chapter", "check", "conclusion", "delete", "files", "idea", "later", "publishing", "questions", "send",
    "tasks", "you",
]  # fmt: skip
