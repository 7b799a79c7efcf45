"""What the software proposes for points that nobody has decided on, learnt from what people decided on others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from wellfounded.people.consultation.models import Link, Point, Response, Suggestion
from wellfounded.people.consultation.preparing import kept, subjects
from wellfounded.people.consultation.preparing.texts import Said, said, words
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import About, Target
from wellfounded.people.consultation.types import Suggestion as Proposed
from wellfounded.people.consultation.understanding.embedding import Embedder
from wellfounded.people.consultation.understanding.linking import Candidate, Decided, Linker

FORM = "the form"  # what the respondent chose on the form: no guess of the software
BACKGROUND = 4096  # points that tell common words from rare ones
LATEST = 4000  # decided points that are learnt from


def linker(*, embedder: Embedder | None) -> Linker | None:
    """The linker to all that there is to link to; None where there is nothing."""
    known = subjects.targets()
    if not known:
        return None
    candidates = [
        Candidate(target, text) for target, row in known.items() for text in (row.title, row.matter) if text.strip()
    ]
    found = Linker.of(candidates, background=background(), embedder=embedder)
    measure = partial(kept.measure, found) if embedder else None
    return found.taught(decisions(known), measure=measure)


def background() -> list[str]:
    """Some points, that tell common words from rare ones: evenly chosen among the first 1, 2, 4, 8 and so on that came.

    They are the same until there are twice as many points, so that what was measured with them can be kept. One that
    is erased is left out, and one that is taken away makes room for others.
    """
    ids = list(Point.objects.order_by("pk").values_list("pk", flat=True))
    first = ids[: 1 << max(0, len(ids).bit_length() - 1)]
    chosen = Point.objects.filter(pk__in=first[:: max(1, len(first) // BACKGROUND)], response__erased_at=None)
    return sorted(chosen.annotate(words=words()).values_list("words", flat=True))


def decisions(known: Collection[Target]) -> list[Decided]:
    """What people confirmed, and which suggestions they passed over, the latest last."""
    points = list(
        Point.objects.filter(decided_at__isnull=False, response__erased_at=None, response__state__in=sorted(READABLE))
        .order_by("-decided_at", "-pk")
        .annotate(words=words())
        .values_list("pk", "words")[:LATEST]
    )
    texts = {pk: str(text) for pk, text in reversed(points)}
    confirmed: dict[int, list[Target]] = {}
    for pk, about, target in (
        Link.objects.filter(point__in=list(texts), ended_at=None)
        .order_by("pk")
        .values_list("point_id", "about", "target")
    ):
        confirmed.setdefault(pk, []).append(Target(About(about), target))
    proposed: dict[int, list[Target]] = {}
    for pk, about, target in (
        Suggestion.objects.filter(point__in=list(texts)).order_by("pk").values_list("point_id", "about", "target")
    ):
        proposed.setdefault(pk, []).append(Target(About(about), target))
    found = []
    for pk, text in texts.items():
        mine = list(dict.fromkeys(confirmed.get(pk, ())))
        found += [Decided(text, target) for target in mine if not target.id or target in known]
        found += [Decided(text, t, confirmed=False) for t in proposed.get(pk, ()) if t not in mine and t in known]
    return found


def suggest_for_new(
    found: Linker, *, since: datetime | None, made_with: str, say: Callable[[str], object] = str
) -> int:
    """How many points that wait for somebody were read for suggestions: those split since a time, or all."""
    points: QuerySet[Point] = Point.objects.filter(open=True)
    if since is not None:
        points = points.filter(response__prepared_at__gt=since)
    number = 0
    for portion in said(points):
        propose(portion, found.suggestions(kept.read(found, portion).confidence), made_with=made_with)
        number += len(portion)
        say(f"{number:,} points read for suggestions")
    return number


def propose(points: Sequence[Said], proposals: Sequence[Sequence[Proposed]], *, made_with: str) -> int:
    """How many of the points wait for somebody: they get these suggestions instead of those that they had.

    Decided points keep what they had: it is what the person saw.
    """
    with transaction.atomic():
        waits = set(
            Point.objects.filter(pk__in=[each.point for each in points], open=True).values_list("pk", flat=True)
        )
        Suggestion.objects.filter(point__in=waits).delete()
        told = _by_form(waits)
        made = [
            Suggestion(
                point_id=each.point, about=one.target.about, target=one.target.id, confidence=one.confidence,
                made_with=made_with,
            )
            for each, proposed in zip(points, proposals, strict=True)
            if each.point in waits
            for one in proposed
            if one.target != told.get(each.point)
        ]  # fmt: skip
        made += [
            Suggestion(point_id=point, about=target.about, target=target.id, confidence=1.0, made_with=FORM)
            for point, target in told.items()
        ]
        Suggestion.objects.bulk_create(made, ignore_conflicts=True)
    return len(waits)


def _by_form(points: Iterable[int]) -> dict[int, Target]:
    """What a passage of the form is about, for points that are in one that says it."""
    found: dict[int, Target] = {}
    rows = Point.objects.filter(pk__in=list(points)).values_list("pk", "start", "response_id")
    of = {pk: (start, response) for pk, start, response in rows}
    named = dict(Response.objects.filter(pk__in={r for _, r in of.values()}).values_list("pk", "passages"))
    known = set(subjects.targets())
    for pk, (start, response) in of.items():
        for passage in named[response]:
            if passage["start"] <= start < passage["end"] and (target := _target(passage)) in known:
                found[pk] = target
    return found


def _target(passage: dict[str, object]) -> Target | None:
    if passage["kind"] == "reason":
        return Target(About.CONCLUSION, str(passage["id"]))
    if passage["kind"] == "about":
        about, _, identifier = str(passage["id"]).partition(":")
        return Target(About(about), identifier)
    return None


__all__ = ["FORM", "decisions", "linker", "propose", "suggest_for_new"]
