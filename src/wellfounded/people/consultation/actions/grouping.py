"""Themes and campaigns as people change them. What people did stays: only what nobody touched is found anew."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from wellfounded.people.consultation.actions.settling import read_here
from wellfounded.people.consultation.models import Campaign, CampaignMember, Point, Theme, ThemeChange, ThemePoint
from wellfounded.people.models import Done


class NoName(ValueError):
    """A theme or a campaign has a name."""


class NothingToMerge(ValueError):
    """Merging takes two themes that are there."""


class NothingToSplit(ValueError):
    """Splitting takes some of the points of a theme, and leaves some."""


class ChangedSince(ValueError):
    """A change is taken back while it is the last one of the themes that it changed."""


def rename(theme: Theme, name: str, *, by: str, now: datetime) -> None:
    """Nothing; the theme has a name that people gave it. Raises NoName."""
    if not name.strip():
        raise NoName("give the theme a name")
    with transaction.atomic():
        ThemeChange.objects.create(kind="renamed", before=theme, after=theme, by=by, at=now, was=theme.name)
        Theme.objects.filter(pk=theme.pk).update(name=name.strip()[:200], kept=True)
        Done.objects.create(
            at=now,
            who=by,
            what="theme.renamed",
            about=f"theme {theme.pk}",
            detail={"was": theme.name, "is": name.strip()},
        )


def merge(theme: Theme, into: Theme, *, by: str, now: datetime) -> None:
    """Nothing; all points of a theme are in the other, and the theme is over. Raises NothingToMerge."""
    if theme.pk == into.pk or theme.ended_at or into.ended_at:
        raise NothingToMerge("choose another theme to merge it into")
    with transaction.atomic():
        theirs = ThemePoint.objects.filter(theme=theme)
        ids = list(theirs.order_by("point_id").values_list("point_id", flat=True))
        moved = theirs.update(theme=into, representative=0)
        Theme.objects.filter(pk=theme.pk).update(ended_at=now, kept=True)
        Theme.objects.filter(pk=into.pk).update(kept=True)
        ThemeChange.objects.create(
            kind="merged", before=theme, after=into, by=by, at=now, was=theme.name, points=moved, moved=ids
        )
        Done.objects.create(
            at=now, who=by, what="theme.merged", about=f"theme {theme.pk}", detail={"into": into.pk, "points": moved}
        )


def split(theme: Theme, points: Collection[int], name: str, *, by: str, now: datetime) -> Theme:
    """A new theme of some of the points of another. Raises NoName, NothingToSplit."""
    if not name.strip():
        raise NoName("give the theme a name")
    with transaction.atomic():
        theirs = ThemePoint.objects.filter(theme=theme)
        moving = theirs.filter(point__in=points)
        ids = list(moving.order_by("point_id").values_list("point_id", flat=True))
        n = len(ids)
        if not n or n == theirs.count():
            raise NothingToSplit("choose some of the theme's points, and leave some")
        made = Theme.objects.create(
            key=f"people-{secrets.token_hex(8)}", name=name.strip()[:200], terms=[], kept=True, found_at=now
        )
        theirs.filter(point__in=ids).update(theme=made)
        Theme.objects.filter(pk=theme.pk).update(kept=True)
        ThemeChange.objects.create(
            kind="split", before=theme, after=made, by=by, at=now, was=theme.name, points=n, moved=ids
        )
        Done.objects.create(
            at=now, who=by, what="theme.split", about=f"theme {theme.pk}", detail={"into": made.pk, "points": n}
        )
    return made


def take_back(change: ThemeChange, *, by: str, now: datetime) -> Theme:
    """The theme as it was before: its name, or its points, as far as they are still where the change put them.

    Raises ChangedSince where the themes were changed after it.
    """
    with transaction.atomic():
        theirs = _changes_of(change.before_id, change.after_id)
        holds = ThemeChange.objects.filter(pk=change.pk, back_at=None)
        if theirs.filter(pk__gt=change.pk).exists() or not holds.update(back_by=by, back_at=now):
            raise ChangedSince("these themes were changed since: take the later change back first")
        if change.kind == "renamed":
            Theme.objects.filter(pk=change.before_id).update(name=change.was)
        elif change.kind == "merged":
            Theme.objects.filter(pk=change.before_id).update(ended_at=None)
            ThemePoint.objects.filter(theme=change.after_id, point__in=change.moved).update(theme=change.before_id)
        else:
            ThemePoint.objects.filter(theme=change.after_id).update(theme=change.before_id, representative=0)
            Theme.objects.filter(pk=change.after_id).update(ended_at=now)
        for theme in {change.before_id, change.after_id}:
            Theme.objects.filter(pk=theme).update(kept=_changes_of(theme).exists())
        Done.objects.create(
            at=now, who=by, what="theme.taken-back", about=f"theme {change.before_id}",
            detail={"change": change.kind, "with": change.after_id},
        )  # fmt: skip
    return Theme.objects.get(pk=change.before_id)


def _changes_of(*themes: int) -> QuerySet[ThemeChange]:
    """Changes that hold of any of these themes."""
    return ThemeChange.objects.filter(Q(before__in=themes) | Q(after__in=themes), back_at=None)


def name_campaign(campaign: Campaign, name: str, *, by: str, now: datetime) -> None:
    """Nothing; the campaign has a name that people gave it. Raises NoName."""
    if not name.strip():
        raise NoName("give the campaign a name")
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(name=name.strip()[:200], named_by=by)
        Done.objects.create(
            at=now, who=by, what="campaign.named", about=f"campaign {campaign.pk}", detail={"is": name.strip()}
        )


def take_out(member: CampaignMember, *, by: str, now: datetime) -> None:
    """Nothing; a person says that a response is no part of the campaign: all of it is read by itself."""
    with transaction.atomic():
        CampaignMember.objects.filter(pk=member.pk).update(out_by=by, out_at=now)
        read_here(Point.objects.filter(response=member.response_id, read_as__isnull=False), now=now)
        Done.objects.create(
            at=now,
            who=by,
            what="campaign.left",
            about=member.response.reference,
            detail={"campaign": member.campaign_id},
        )


__all__ = [
    "ChangedSince", "NoName", "NothingToMerge", "NothingToSplit", "merge", "name_campaign", "rename", "split",
    "take_back", "take_out",
]  # fmt: skip
