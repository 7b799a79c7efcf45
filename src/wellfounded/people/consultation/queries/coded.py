"""Samples that are coded twice: what is next for somebody, and how far coders agree."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import Substr

from wellfounded.people.consultation.models import Coding, Sample, SamplePoint
from wellfounded.people.consultation.understanding.agreement import Agreement, cohens_kappa


@dataclass(frozen=True)
class Agreed:
    """How far two coders agree: on what points are about, and on that and what they say of it."""

    first: str
    second: str
    both: int  # points that both coded
    about: Agreement
    whole: Agreement


@dataclass(frozen=True)
class SampleRow:
    """A sample in a list."""

    sample: Sample
    size: int
    coders: tuple[tuple[str, int], ...]  # who coded how many
    agreed: Agreed | None


def listing() -> list[SampleRow]:
    """All samples, the latest first."""
    found = []
    for sample in Sample.objects.annotate(n=Count("points")).order_by("-pk")[:50]:
        coders = tuple(
            Coding.objects.filter(of__sample=sample).values_list("by").annotate(n=Count("id")).order_by("-n", "by")
        )
        through = sum(n == sample.n for _, n in coders) >= 2  # before, it would tell what the other made of a point
        found.append(SampleRow(sample, sample.n, coders, agreement(sample) if through else None))
    return found


def following(sample: Sample, *, by: str) -> tuple[SamplePoint | None, int, int]:
    """The next point that `by` has to code, with its words and nothing else; how many they coded, and of how many."""
    points = SamplePoint.objects.filter(sample=sample)
    mine = Coding.objects.filter(of=OuterRef("pk"), by=by)
    waiting = (
        points.filter(~Exists(mine))
        .annotate(words=Substr("point__response__text", F("point__start") + 1, F("point__end") - F("point__start")))
        .order_by("position")
    )
    return waiting.first(), Coding.objects.filter(of__sample=sample, by=by).count(), points.count()


def agreement(sample: Sample) -> Agreed | None:
    """How far the two who coded most of a sample agree; None where fewer than two have coded the same points."""
    by_coder: dict[str, dict[int, tuple[str, str]]] = {}
    for by, of, about, target, says in Coding.objects.filter(of__sample=sample).values_list(
        "by", "of_id", "about", "target", "says"
    ):
        by_coder.setdefault(by, {})[of] = (f"{about} {target}", says)
    coders = sorted(by_coder, key=lambda by: (-len(by_coder[by]), by))[:2]
    if len(coders) < 2:
        return None
    first, second = (by_coder[by] for by in coders)
    both = sorted(first.keys() & second.keys())
    if not both:
        return None
    return Agreed(
        coders[0], coders[1], len(both),
        cohens_kappa([first[of][0] for of in both], [second[of][0] for of in both]),
        cohens_kappa([" ".join(first[of]) for of in both], [" ".join(second[of]) for of in both]),
    )  # fmt: skip


__all__ = ["Agreed", "SampleRow", "agreement", "following", "listing"]
