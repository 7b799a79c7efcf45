"""One response: its points in the original, what is suggested, what is decided, and what may be published of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.consultation import passages
from wellfounded.people.consultation.actions import answering, aside, claims, linking, privacy
from wellfounded.people.consultation.actions.linking import Linked
from wellfounded.people.consultation.models import Attachment, CampaignMember, Link, Missed, Point, Response, Suggestion
from wellfounded.people.consultation.receiving.store import NotKept
from wellfounded.people.consultation.rules import READABLE, NotAllowed
from wellfounded.people.consultation.types import Consent, Says
from wellfounded.people.models import Done
from wellfounded.web.given import whole
from wellfounded.web.pages.consultation_staff.home import HERE, choices, target_of, titles
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

REFUSED = (
    aside.NotADuplicate, aside.WithoutReason, claims.Claimed, linking.NoSuchSubject, linking.NotReadable,
    linking.NothingDecided, privacy.NoConsent, privacy.NoSuchWords, privacy.NotAllDecided, privacy.SamePerson,
    NotAllowed, answering.NoReason,
)  # fmt: skip
# What somebody asked for of their own response, and the copy of one person that another has read, wait for nobody.
AT_ANY_TIME = frozenset({"erase", "consent", "approve", "refuse"})


class NothingChosen(ValueError):
    """A form that lacks what it asks for."""


@dataclass(frozen=True)
class Piece:
    """Characters of the original in the order of the text: plain, or of a point, with what the segment is."""

    text: str
    part: str  # of Part
    point: int  # number of the point on the page; 0 for none
    heading: str = ""  # of the passage that begins here


@for_staff("analyst")
def one(request: HttpRequest, opened: Opened, reference: str) -> Page | HttpResponseBase:
    """Shows a response; a POST decides something about it."""
    response = Response.objects.select_related("party", "contact", "original", "redaction").filter(
        reference=reference
    ).first()  # fmt: skip
    if response is None:
        raise Http404(f"there is no response {reference}")
    refused, status = "", 200
    if request.method == "POST":
        try:
            _do(request, response, by=signed_in(request).email, now=timezone.now())
            return HttpResponseRedirect(
                f"{request.path_info}?queue={_queue(request)}#{request.POST.get('back', '')[:20]}"
            )
        except linking.ChangedMeanwhile as error:
            refused, status = str(error), 409
        except (*REFUSED, NothingChosen) as error:
            refused, status = str(error), 422
        response = Response.objects.select_related("party", "contact", "original", "redaction").get(pk=response.pk)
    return Page("triage/one.html", _shown(request, response, opened) | {"refused": refused}, status=status)


@for_staff("analyst")
def file(request: HttpRequest, opened: Opened, reference: str, pk: int) -> HttpResponseBase:
    """An attachment, as a download only: no browser shows or runs it."""
    found = Attachment.objects.filter(response__reference=reference, pk=pk, refused="").first()
    if found is None or not found.hash:
        raise Http404("there is no such file")
    return handed_out(found.hash, found.name)


def handed_out(kept: str, name: str) -> HttpResponseBase:
    """A kept file as a download only: no browser shows or runs it. Raises Http404 where it is not kept any more."""
    try:
        content = privacy.store().path(kept).open("rb")
    except (NotKept, OSError) as error:
        raise Http404("the file is not kept any more") from error
    sent = FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return sent


def _do(request: HttpRequest, response: Response, *, by: str, now: datetime) -> None:
    asked = request.POST
    do = asked.get("do", "")
    version = whole(asked.get("version"), otherwise=-1)  # 0 is one: whoever names none has seen none
    if do not in AT_ANY_TIME and (held := claims.holder(response, other_than=by, now=now)) is not None:
        raise claims.Claimed(held.by, held.until)
    if do in ("decide", "reopen"):
        point = Point.objects.filter(response=response, pk=whole(asked.get("point"))).first()
        if point is None:
            raise NothingChosen("choose a point of this response")
        if do == "reopen":
            linking.reopen(point, version=version, by=by, now=now)
        else:
            linking.decide(point, _links(request), version=version, by=by, now=now)
    elif do == "confirm":
        link = Link.objects.filter(response=response, pk=whole(asked.get("link")), ended_at=None).first()
        if link is None:
            raise NothingChosen("choose a link that stands")
        linking.confirm(link, by=by, now=now)
    elif do == "mark":
        span = _found(response, asked.get("words", ""))
        linking.mark(response, start=span[0], end=span[1], by=by, now=now)
    elif do == "done":
        linking.done(response, version=version, by=by, now=now)
    elif do in ("withhold", "fail"):
        getattr(aside, do)(response, reason=asked.get("reason", ""), version=version, by=by, now=now)
    elif do == "duplicate":
        other = Response.objects.filter(reference=asked.get("of", "").strip().upper()).first()
        if other is None:
            raise NothingChosen("give the reference of the response that it repeats, as WF-7K3M-9Q2P")
        aside.duplicate(response, of=other, version=version, by=by, now=now)
    elif do == "restore":
        aside.restore(response, version=version, by=by, now=now)
    elif do == "personal":
        spans = {row.pk: asked.get(f"span-{row.pk}") for row in response.personal.all()}
        privacy.decide_personal(
            response, remove=[pk for pk, word in spans.items() if word == "remove"],
            keep=[pk for pk, word in spans.items() if word == "keep"], by=by, now=now,
        )  # fmt: skip
    elif do == "mark-personal":
        span = _found(response, asked.get("words", ""))
        privacy.mark_personal(response, kind=asked.get("kind", "name")[:40], start=span[0], end=span[1], by=by, now=now)
    elif do == "redact":
        privacy.redact(response, by=by, now=now)
    elif do in ("approve", "refuse"):
        copy = getattr(response, "redaction", None)
        if copy is None:
            raise NothingChosen("there is no copy to approve")
        if do == "approve":
            privacy.approve(copy, made_at=_moment(asked.get("made", "")), by=by, now=now)
        else:
            privacy.refuse(copy, by=by, now=now)
    elif do == "consent":
        privacy.change_consent(response, _consent(asked.get("consent", "")), by=by, now=now)
    elif do == "erase":
        if asked.get("sure") != response.reference:
            raise NothingChosen("type the reference of the response to erase it")
        privacy.erase(response, by=by, now=now, why=asked.get("why", ""))
    elif do == "dismiss":
        for missed in Missed.objects.filter(point__response=response, point=whole(asked.get("point"))):
            answering.dismiss_missed(missed, by=by, now=now)
    else:
        raise NothingChosen("choose what is to be done")


def _links(request: HttpRequest) -> set[Linked]:
    """What was chosen for a point: suggestions ticked, and up to three others, each with what it says."""
    asked = request.POST
    if asked.get("nothing"):
        return {Linked(target_of("not about the evidence:"))}
    chosen = [(value, asked.get(f"says-{value}", "")) for value in asked.getlist("link")]
    others = zip(asked.getlist("other"), asked.getlist("other-says"), strict=False)
    chosen += [(value, says) for value, says in others if value]
    try:
        return {Linked(target_of(value), Says(says) if says else None) for value, says in chosen}
    except ValueError as error:
        raise NothingChosen("choose from what is offered") from error


def _given(request: HttpRequest) -> dict[str, Any]:
    """What was chosen for a point and could not be saved, for its form."""
    asked = request.POST
    return {
        "point": whole(asked.get("point")) if asked.get("do") == "decide" else 0,
        "links": set(asked.getlist("link")), "says": {name: asked[name] for name in asked if name.startswith("says-")},
        "other": asked.get("other", ""), "other_says": asked.get("other-says", ""),
    }  # fmt: skip


def _moment(text: str) -> datetime:
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        made = None
    if made is None or made.tzinfo is None:
        raise NothingChosen("open the response again: the copy to approve is not named")
    return made


def _consent(text: str) -> Consent:
    try:
        return Consent(text)
    except ValueError as error:
        raise NothingChosen("choose what may be published") from error


def _found(response: Response, words: str) -> tuple[int, int]:
    from wellfounded.people.consultation.demonstration import find

    span = find(words, response.text) if words.strip() else None
    if span is None:
        raise NothingChosen("these words are not in the response: copy them from the original")
    return span.start, span.end


def _shown(request: HttpRequest, response: Response, opened: Opened) -> dict[str, Any]:
    now = timezone.now()
    staff = signed_in(request)
    points = list(Point.objects.filter(response=response).select_related("read_as").order_by("start"))
    where = {point.pk: point.read_as_id or point.pk for point in points}
    links: dict[int, list[Link]] = {}
    for link in (
        Link.objects.filter(point__in=set(where.values()), ended_at=None).select_related("decision").order_by("id")
    ):
        links.setdefault(link.point_id, []).append(link)
    suggested: dict[int, list[Suggestion]] = {}
    for each in Suggestion.objects.filter(point__in=[p.pk for p in points]).order_by("-confidence"):
        suggested.setdefault(each.point_id, []).append(each)
    elsewhere = dict(
        Response.objects.filter(points__in=[p.read_as_id for p in points if p.read_as_id]).values_list(
            "points", "reference"
        )
    )
    rows = [
        {
            "n": n, "point": point, "text": response.text[point.start : point.end],
            "links": links.get(where[point.pk], []),
            "suggested": suggested.get(point.pk, []), "elsewhere": elsewhere.get(point.read_as_id or 0, ""),
            "waits": point.open,
        }
        for n, point in enumerate(points, start=1)
    ]  # fmt: skip
    contact = getattr(response, "contact", None)
    return {
        "response": response, "contact": contact, "pieces": pieces(response, points, _asked(opened)), "rows": rows,
        "opinions": list(response.opinions.order_by("id")), "attachments": list(response.attachments.order_by("id")),
        "personal": [
            {"row": row, "text": response.text[row.start : row.end]} for row in response.personal.order_by("start")
        ],
        "redaction": getattr(response, "redaction", None), "member": CampaignMember.objects.select_related("campaign")
        .filter(response=response, out_at=None).first(),
        "same": list(
            Response.objects.filter(content_hash=response.content_hash, party=response.party_id)
            .exclude(pk=response.pk).exclude(content_hash="").values_list("reference", flat=True)[:5]
        ),
        "voices": list(
            Response.objects.filter(original=response.original_id, erased_at=None).exclude(pk=response.pk)
            .exclude(original=None).values_list("reference", flat=True)
        ),
        "readable": response.state in READABLE and response.erased_at is None,
        "claimed": claims.holder(response, other_than=staff.email, now=now), "titles": titles(), "choices": choices(),
        "says": [str(says) for says in Says], "consents": [str(consent) for consent in Consent],
        "log": Done.objects.filter(about=response.reference).order_by("-id")[:50], "queue": _queue(request),
        "missed": set(
            Missed.objects.filter(point__response=response, dismissed_at=None).values_list("point_id", flat=True)
        ),
        "here": HERE, "me": staff.email, "given": _given(request),
    }  # fmt: skip


def _asked(opened: Opened) -> dict[str, str]:
    """What was asked, by what passages name it with: the questions, and the sentences of conclusions."""
    questions = enumerate(opened.shown.consultation_questions, start=1)
    return {f"question {n}": text for n, text in questions} | {c.id: c.sentence for c in opened.shown.conclusions}


def pieces(response: Response, points: list[Point], asked: Mapping[str, str] | None = None) -> list[Piece]:
    """The whole original, cut where points, segments and passages begin and end; joined, it is the text again."""
    text = response.text
    segments = passages.read(response.segments)
    cuts = {0, len(text)}
    cuts |= {at for row in points for at in (row.start, row.end)}
    cuts |= {at for part in segments for at in (part.start, part.end)}
    headings = {int(p["start"]): _heading(p, asked or {}) for p in response.passages}
    cuts |= {at for at in headings if at <= len(text)}
    edges = sorted(cuts)
    found, segment, point = [], 0, 0
    for start, end in pairwise(edges):
        while segment < len(segments) - 1 and segments[segment].end <= start:
            segment += 1
        while point < len(points) and points[point].end <= start:
            point += 1
        within = segments and segments[segment].start <= start < segments[segment].end
        at_point = point < len(points) and points[point].start <= start
        found.append(
            Piece(
                text[start:end], str(segments[segment].part) if within else "said", point + 1 if at_point else 0,
                headings.get(start, ""),
            )
        )  # fmt: skip
    return found


def _heading(passage: dict[str, Any], asked: Mapping[str, str]) -> str:
    kind, identifier = passage["kind"], passage["id"]
    if kind == "question":
        text = asked.get(f"question {identifier}")
        return f"Question {identifier}: {text}" if text else f"Question {identifier}"
    if kind in ("reason", "about"):
        return f"On: {asked.get(identifier.partition(':')[2] or identifier, identifier)}"
    return f"In the file {identifier}" if kind == "file" else ""


def _queue(request: HttpRequest) -> str:
    given = request.POST.get("queue") or request.GET.get("queue", "")
    return given if given in ("unread", "unlinked", "personal") else "unread"
