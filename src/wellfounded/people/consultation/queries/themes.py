"""Themes with their sizes, with campaigns and with each counted once, by type, sector and district; and campaigns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, Max, Q, Sum, When

from wellfounded.people.consultation.models import Campaign, CampaignMember, Point, Theme, ThemeChange, ThemePoint
from wellfounded.people.consultation.preparing.texts import words
from wellfounded.people.consultation.understanding.themes import label


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a theme is: points, responses, responses with each campaign counted once, and who is in it."""

    points: int = 0
    responses: int = 0
    as_one: int = 0
    types: tuple[tuple[str, int], ...] = ()
    sectors: tuple[tuple[str, int], ...] = ()
    districts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ThemeRow(Size):
    """A theme with its size."""

    pk: int
    name: str
    terms: tuple[str, ...]
    kept: bool
    named: bool  # by a person; else its name is only the words that tell it from the others
    quotes: tuple[tuple[str, str], ...]  # reference and words: for staff, as nothing is redacted here


TYPICAL_FIRST = (Case(When(representative=0, then=1), default=0), F("representative").asc(), F("point").asc())


def listing() -> list[ThemeRow]:
    """All themes, the largest first: a fixed number of queries."""
    themes = list(Theme.objects.filter(ended_at=None))
    sizes, quotes = _sizes(themes), _quotes(themes)
    found = [
        ThemeRow(
            pk=theme.pk, name=theme.name, terms=tuple(theme.terms), kept=theme.kept,
            named=theme.kept and theme.name != label(theme.terms), quotes=tuple(quotes.get(theme.pk, ())),
            **vars(sizes.get(theme.pk, Size())),
        )
        for theme in themes
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.responses, row.name))


MANY = 20_000  # points in themes from which it takes a moment to see which themes have changed
_latest: dict[tuple[object, ...], dict[int, Size]] = {}  # of so many, where nothing at all has changed


def count_anew() -> None:
    """Nothing; the sizes of themes that have changed are counted and kept, so that nobody waits for it."""
    _sizes(list(Theme.objects.filter(ended_at=None)))


def _sizes(themes: Sequence[Theme]) -> dict[int, Size]:
    """The size of each theme: as it is kept, and counted anew where its points or a campaign have changed."""
    points = ThemePoint.objects.aggregate(n=Count("id"), last=Max("id"))
    sent = CampaignMember.objects.aggregate(last=Max("id"), n=Count("id"), out=Count("out_at"))
    if (points["n"] or 0) < MANY:
        return _sizes_of(themes, list(sent.values()))
    state = (connection.settings_dict["NAME"], *points.values(), *sent.values(), *changes())
    if state not in _latest:
        _latest.clear()
        _latest[state] = _sizes_of(themes, list(sent.values()))
    return _latest[state]


def _sizes_of(themes: Sequence[Theme], sent: list[int]) -> dict[int, Size]:
    rows = ThemePoint.objects.filter(theme__in=themes).values_list("theme_id")
    members = rows.annotate(n=Count("id"), last=Max("id"), sum=Sum("point_id")).values_list(
        "theme_id", "n", "last", "sum"
    )
    of = {theme: [int(each or 0) for each in (*marks, *sent)] for theme, *marks in members}
    moved = [theme for theme in themes if theme.pk in of and theme.size.get("of") != of[theme.pk]]
    counted = _counted(moved) if moved else {}
    for theme in moved:
        theme.size = {"of": of[theme.pk], **vars(counted[theme.pk])}
        Theme.objects.filter(pk=theme.pk).update(size=theme.size)
    return {theme.pk: _kept(theme.size) for theme in themes if theme.pk in of}


def _kept(size: dict[str, Any]) -> Size:
    plain = {name: value for name, value in size.items() if name != "of"}
    lists = {name: tuple((each, n) for each, n in plain[name]) for name in ("types", "sectors", "districts")}
    return Size(**{**plain, **lists})


def changes() -> tuple[int, int]:
    """What people have changed of themes, told apart from any other time: the last change, and how many were undone."""
    found = ThemeChange.objects.aggregate(last=Max("pk"), back=Count("back_at"))
    return found["last"] or 0, found["back"]


def _counted(themes: Sequence[Theme]) -> dict[int, Size]:
    grouped: dict[int, list[tuple[int, str, str, str, int | None, int]]] = {}
    rows = (
        ThemePoint.objects.filter(theme__in=themes)
        .values_list(
            "theme_id", "point__response_id", "point__response__respondent", "point__response__sector",
            "point__response__district", "point__response__membership__campaign_id",
            "point__response__membership__out_at",
        )
        .annotate(n=Count("id"))
    )  # fmt: skip
    for theme, response, kind, sector, district, campaign, out_at, n in rows:
        of = campaign if out_at is None else None
        grouped.setdefault(theme, []).append((response, kind, sector, district, of, n))
    return {theme: _size(some) for theme, some in grouped.items()}


def one(pk: int) -> ThemeRow | None:
    """One theme."""
    return next((row for row in listing() if row.pk == pk), None)


def points_of(theme: Theme, *, most: int = 200) -> list[Point]:
    """The points of a theme with their words, the most typical first."""
    ranked = ThemePoint.objects.filter(theme=theme).order_by(*TYPICAL_FIRST)
    ids = list(ranked.values_list("point_id", flat=True)[:most])
    found = {
        point.pk: point
        for point in Point.objects.filter(pk__in=ids)
        .annotate(words=words())
        .select_related("response")
        .defer("response__text", "response__passages", "response__segments", "response__rest")
    }
    return [found[pk] for pk in ids]


def history(theme: Theme) -> list[ThemeChange]:
    """Where a theme came from and where it went, the latest first."""
    changes = ThemeChange.objects.filter(before=theme) | ThemeChange.objects.filter(after=theme)
    return list(changes.select_related("before", "after").order_by("-at", "-id"))


@dataclass(frozen=True)
class CampaignRow:
    """A campaign: how many sent it, and how many of them added something of their own."""

    pk: int
    name: str
    members: int
    with_additions: int
    parties: int
    model: str  # reference of the response in which the common text is read


def campaigns() -> list[CampaignRow]:
    """All campaigns, the largest first: two queries."""
    counted = {
        row["campaign"]: row
        for row in CampaignMember.objects.filter(out_at=None)
        .values("campaign")
        .annotate(
            members=Count("id"),
            additions=Count("id", filter=~Q(added=[])),
            parties=Count("response__party", distinct=True),
        )
    }
    none = {"members": 0, "additions": 0, "parties": 0}
    found = []
    for row in Campaign.objects.filter(ended_at=None).select_related("model").only("pk", "name", "model__reference"):
        n = counted.get(row.pk, none)
        reference = row.model.reference if row.model else ""
        found.append(CampaignRow(row.pk, row.name, n["members"], n["additions"], n["parties"], reference))
    return sorted(found, key=lambda row: (-row.members, row.pk))


def members_of(campaign: Campaign, *, most: int = 50) -> list[CampaignMember]:
    """Members of a campaign with their responses, those that added something first."""
    members = campaign.members.filter(out_at=None).select_related("response")
    ranked = sorted(members.values_list("pk", "added"), key=lambda pair: (not pair[1], pair[0]))
    ids = [pk for pk, _ in ranked[:most]]
    found = members.in_bulk(ids)
    return [found[pk] for pk in ids]


def _quotes(themes: list[Theme]) -> dict[int, tuple[tuple[str, str], ...]]:
    shown = (
        Point.objects.filter(theme_of__theme__in=themes, theme_of__representative__gt=0)
        .order_by("theme_of__theme", "theme_of__representative")
        .annotate(words=words())
        .values_list("theme_of__theme_id", "response__reference", "words")
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for theme, reference, text in shown:
        found.setdefault(theme, []).append((reference, text))
    return {theme: tuple(some) for theme, some in found.items()}


def _size(rows: list[tuple[int, str, str, str, int | None, int]]) -> Size:
    alone = sum(campaign is None for _, _, _, _, campaign, _ in rows)
    return Size(
        points=sum(row[5] for row in rows),
        responses=len(rows), as_one=alone + len({row[4] for row in rows if row[4] is not None}),
        types=_most(row[1] for row in rows), sectors=_most(row[2] for row in rows),
        districts=_most(row[3] for row in rows),
    )  # fmt: skip


def _most(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counted = Counter(name or "not said" for name in names)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


__all__ = [
    "CampaignRow",
    "ThemeRow",
    "campaigns",
    "changes",
    "count_anew",
    "history",
    "listing",
    "members_of",
    "one",
    "points_of",
]
