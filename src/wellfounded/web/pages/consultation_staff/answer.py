"""What people said of one subject, and the decision on it: keep, amend, withdraw, use, note."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.utils import timezone

from wellfounded.conclusions import rival
from wellfounded.people import jobs
from wellfounded.people.consultation.actions import answering, privacy
from wellfounded.people.consultation.models import Attachment, Decision, Link
from wellfounded.people.consultation.queries import ledger, queues
from wellfounded.people.consultation.receiving.store import NotKept
from wellfounded.people.consultation.types import WITHOUT_ID, About, Target
from wellfounded.people.models import Job
from wellfounded.web.consulting import RERUN
from wellfounded.web.given import whole
from wellfounded.web.pages.consultation_staff.home import HERE, titles
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

MOST = 300


class NoFigures(ValueError):
    """There are no figures to test a conclusion with."""


KINDS = {
    "keep": "Keep it as it is",
    "amend": "Amend it",
    "withdraw": "Withdraw it",
    "re-run": "Test it again with the respondent’s figures: what came of it stands with the decision",
    "use": "Use the evidence that was offered",
    "note": "Note it: it can't be used, or is no matter for this evidence",
}


@for_staff("analyst")
def subject(request: HttpRequest, opened: Opened, about: str, target: str = "") -> Page | HttpResponseBase:
    """The ledger of a subject with every link to it; a POST decides on those that are chosen."""
    try:
        wanted = Target(About(about.replace("-", " ")), target)
    except ValueError as error:
        raise Http404("there is no such subject") from error
    name = titles().get((str(wanted.about), wanted.id))
    found = Link.objects.filter(about=wanted.about, target=wanted.id, ended_at=None)
    if name is None and not found.exists():
        raise Http404("there is no such subject")
    refused = ""
    if request.method == "POST":
        asked = request.POST
        try:
            if asked.get("do") == "rerun":
                job = _rerun(asked, wanted, opened, by=signed_in(request).email)
                return HttpResponseRedirect(f"{request.path_info}?job={job.pk}#again")
            answering.answer(
                wanted, asked.get("kind", ""), why=asked.get("why", "")[:8000],
                links=[whole(each) for each in asked.getlist("link")],
                by=signed_in(request).email, now=timezone.now(), rerun=_came_to(asked.get("job"), wanted),
            )  # fmt: skip
            return HttpResponseRedirect(request.path_info)
        except (answering.NoReason, answering.NoSuchDecision, answering.NothingAnswered, NoFigures) as error:
            refused = str(error)
    shown = opened.conclusions.get(wanted.id) if wanted.about is About.CONCLUSION else None
    tested = dict.fromkeys(test.indicator for test in shown.tests) if shown is not None else {}
    links = queues.links(found.select_related("decision").order_by("decision_id", "says", "id")[:MOST])
    files: dict[int, list[Any]] = {}
    for file in Attachment.objects.filter(response__in={link.response_id for link in links}, refused=""):
        files.setdefault(file.response_id, []).append(file)
    return Page(
        "triage/subject.html",
        {
            "about": wanted, "title": name or wanted.id, "ledger": ledger.of(wanted.id, wanted.about), "links": links,
            "files": files, "kinds": KINDS, "plain": wanted.about in WITHOUT_ID, "refused": refused, "here": HERE,
            "decisions": Decision.objects.filter(about=wanted.about, target=wanted.id).order_by("-at", "-id")[:20],
            "given": request.POST if refused else {}, "job": _job(request.GET.get("job"), wanted),
            "tested": [(each, opened.indicator_refs[each].label) for each in tested if each in opened.indicator_refs],
            "tables": [file for some in files.values() for file in some if file.kind == "csv"],
        },
        status=422 if refused else 200,
    )  # fmt: skip


def _rerun(asked: QueryDict, target: Target, opened: Opened, *, by: str) -> Job:
    """The job that tests a conclusion again with pasted figures, or with those of a file that came."""
    figures = asked.get("figures", "")
    if not figures.strip() and asked.get("file"):
        file = Attachment.objects.filter(pk=whole(asked.get("file", "")), kind="csv", refused="").first()
        if file is None:
            raise NoFigures("there is no such file")
        try:
            figures = privacy.store().read(file.hash).decode("utf-8-sig", "replace")
        except NotKept as error:
            raise NoFigures("the file is not kept any more") from error
    if not figures.strip() or target.about is not About.CONCLUSION or target.id not in opened.conclusions:
        raise NoFigures("paste figures of area, period and value, or choose a CSV that came with a response")
    if len(figures) > rival.LARGEST:
        raise NoFigures(f"found {len(figures):,} characters of figures; expected {rival.LARGEST:,} at most")
    wanted = {"conclusion": target.id, "indicator": asked.get("indicator", ""), "figures": figures}
    return jobs.ask(RERUN, wanted, by=by)


def _job(given: str | None, target: Target) -> Job | None:
    return Job.objects.filter(pk=whole(given or ""), kind=RERUN, payload__conclusion=target.id).first()


def _came_to(given: str | None, target: Target) -> dict[str, Any] | None:
    job = _job(given, target)
    return dict(job.result) if job is not None and job.done_at is not None else None
