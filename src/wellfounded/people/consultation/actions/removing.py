"""Responses taken away as if they had never been received, with what holds nothing without them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from wellfounded.people.consultation.actions.settling import put_back, read_here, reopen_sign_off
from wellfounded.people.consultation.models import Campaign, Party, Point, Response, Sample, Theme

AT_ONCE = 2000


def take_away(responses: Collection[int], *, now: datetime, with_kept_themes: bool = False) -> None:
    """Nothing; these responses are gone, and others that were read in them or repeated them are read by themselves.

    Only within a transaction. What people did to a theme stays where nothing else is in it, for what comes again;
    `with_kept_themes` it goes.
    """
    wanted, themes = sorted(responses), set[int]()
    for at in range(0, len(wanted), AT_ONCE):
        going = wanted[at : at + AT_ONCE]
        themes |= set(Theme.objects.filter(members__point__response__in=going).values_list("pk", flat=True))
        read_here(Point.objects.filter(read_as__response__in=going).exclude(response__in=going), now=now)
        put_back(Response.objects.filter(duplicate_of__in=going), now=now)
        Response.objects.filter(pk__in=going).delete()
    Party.objects.filter(responses=None).delete()
    Campaign.objects.filter(members=None).delete()
    Sample.objects.filter(points=None).delete()
    Theme.objects.filter(members=None, kept=False).delete()
    if with_kept_themes:
        _without_themes(set(Theme.objects.filter(pk__in=themes, members=None).values_list("pk", flat=True)))
    if wanted:
        reopen_sign_off(now)


def _without_themes(themes: set[int]) -> None:
    """Nothing; these themes are gone, and empty ones that became them or came from them."""
    gone = set[int]()
    while themes - gone:
        gone |= themes
        of_them = Q(became__after__in=gone) | Q(came_from__before__in=gone)
        themes = set(Theme.objects.filter(of_them, members=None).values_list("pk", flat=True))
    Theme.objects.filter(pk__in=gone).delete()


__all__ = ["take_away"]
