"""A sample that is coded twice, blind: what one person made of a point is not shown to the other."""

from __future__ import annotations

import random
from datetime import datetime

from django.db import transaction

from wellfounded.people.consultation.actions.linking import Linked
from wellfounded.people.consultation.models import Coding, Point, Sample, SamplePoint
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.models import Done

MOST = 500


class TooFewPoints(ValueError):
    """There is nothing to draw a sample from."""


class AlreadyCoded(ValueError):
    """Somebody codes a point once: seeing what others made of it must not change it."""


def draw(size: int, *, seed: int, by: str, now: datetime) -> Sample:
    """A sample of points drawn by chance from all that can be read; the same seed draws the same of the same."""
    ids = list(
        Point.objects.filter(read_as=None, response__state__in=sorted(READABLE), response__erased_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not ids:
        raise TooFewPoints("there are no points yet to draw a sample from")
    chosen = random.Random(seed).sample(ids, min(size, MOST, len(ids)))  # noqa: S311  (a sample, no secret)
    with transaction.atomic():
        sample = Sample.objects.create(made_at=now, made_by=by, seed=seed)
        SamplePoint.objects.bulk_create(
            [SamplePoint(sample=sample, point_id=pk, position=n) for n, pk in enumerate(chosen, start=1)]
        )
        Done.objects.create(
            at=now,
            who=by,
            what="sample.drawn",
            about=f"sample {sample.pk}",
            detail={"points": len(chosen), "seed": seed},
        )
    return sample


def code(of: SamplePoint, linked: Linked, *, by: str, now: datetime) -> Coding:
    """What `by` makes of a point of a sample. Raises AlreadyCoded."""
    with transaction.atomic():
        coding, new = Coding.objects.get_or_create(
            of=of, by=by,
            defaults={
                "at": now, "about": linked.target.about, "target": linked.target.id, "says": linked.says or "",
            },
        )  # fmt: skip
        if not new:
            raise AlreadyCoded("you have coded this point")
    return coding


__all__ = ["AlreadyCoded", "TooFewPoints", "code", "draw"]
