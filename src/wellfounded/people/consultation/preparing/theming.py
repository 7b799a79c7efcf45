"""Themes over all points, and what the evidence misses. What people named, merged, split or dismissed stays."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from wellfounded.people.consultation.models import Missed, Point, Theme, ThemePoint
from wellfounded.people.consultation.preparing import kept
from wellfounded.people.consultation.preparing.texts import Said, said
from wellfounded.people.consultation.queries.themes import changes, count_anew
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.understanding.missed import missed_by
from wellfounded.people.consultation.understanding.themes import label, substance, themes_of

if TYPE_CHECKING:
    from wellfounded.people.consultation.understanding.linking import Linker

MOST_VECTORS = 60_000  # points whose embeddings are held at once; more are grouped by their words
IN_THEMES, NOT_COVERED = 2, 4  # fewest telling words of a point of a theme, and of one that we may have missed
MOST_NOVEL = 20_000  # points, the farthest from all that we say, among which what is missed is sought


def everything() -> list[Said]:
    """All points that count, with their words."""
    points = Point.objects.filter(response__state__in=sorted(READABLE), response__erased_at=None)
    return [each for portion in said(points) for each in portion]


def find(points: list[Said], *, vectors: Any, now: datetime) -> int:
    """How many themes there are; 0 where people changed themes meanwhile, and they are sought again the next time."""
    before = changes()
    rows = ThemePoint.objects.filter(theme__ended_at=None).values_list("point_id", "theme__key", "theme__kept")
    earlier, kept = {}, set()
    for point, key, is_kept in rows.iterator(chunk_size=20_000):
        earlier[str(point)] = key
        if is_kept:
            kept.add(key)
    telling = [
        n for n, each in enumerate(points)
        if substance(each.text) >= IN_THEMES or earlier.get(str(each.point)) in kept
    ]  # fmt: skip
    vectors = vectors[telling] if vectors is not None else None
    points = [points[n] for n in telling]
    found = themes_of(
        [str(each.point) for each in points],
        [each.text for each in points],
        vectors=vectors,
        earlier=earlier,
        kept=kept,
    )
    with transaction.atomic():
        if changes() != before:
            return 0
        known = {row.key: row for row in Theme.objects.filter(ended_at=None)}
        members: list[ThemePoint] = []
        for theme in found:
            row = known.get(theme.id)
            if row is None:
                row, _ = Theme.objects.update_or_create(
                    key=theme.id, defaults={"ended_at": None},
                    create_defaults={"name": label(theme.terms), "terms": list(theme.terms), "found_at": now},
                )  # fmt: skip
            elif not row.kept and row.terms != list(theme.terms):
                row.terms, row.name = list(theme.terms), label(theme.terms)
                row.save(update_fields=["terms", "name"])
            typical = {points[n].point: place for place, n in enumerate(theme.representatives, start=1)}
            members += [
                ThemePoint(theme=row, point_id=points[n].point, representative=typical.get(points[n].point, 0))
                for n in theme.points
            ]
        over = [row.pk for key, row in known.items() if not row.kept and key not in {theme.id for theme in found}]
        Theme.objects.filter(pk__in=over).update(ended_at=now)
        ThemePoint.objects.filter(theme__ended_at=None).delete()
        ThemePoint.objects.filter(theme__in=over).delete()
        ThemePoint.objects.bulk_create(members, ignore_conflicts=True)
    count_anew()
    return len(found)


def find_missed(linker: Linker, points: list[Said], confidence: Any) -> int:
    """How many things are said that no conclusion covers. `confidence` is the greatest of each point, by its place."""
    telling = [n for n, each in enumerate(points) if substance(each.text) >= NOT_COVERED]
    order = sorted(telling, key=lambda n: (float(confidence[n]), points[n].text))[:MOST_NOVEL]
    chosen = [points[n] for n in sorted(order)]
    found = missed_by(
        linker, [each.text for each in chosen], organisations=[str(each.party) for each in chosen],
        districts=[each.district for each in chosen], read=kept.read(linker, chosen),
    )  # fmt: skip
    with transaction.atomic():
        settled = set(Missed.objects.filter(dismissed_at__isnull=False).values_list("point_id", flat=True))
        Missed.objects.filter(dismissed_at=None).delete()
        rows = [
            Missed(
                point_id=chosen[each.point].point, novelty=each.novelty, parties=each.organisations,
                districts=each.districts, score=each.score, like=[chosen[n].point for n in each.like],
            )
            for each in found
            if not settled & {chosen[n].point for n in each.like}
        ]  # fmt: skip
        Missed.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


__all__ = ["everything", "find", "find_missed"]
