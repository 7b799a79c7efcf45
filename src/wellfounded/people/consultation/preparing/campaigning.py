"""Campaigns among responses: their common text is read once, in one of them, and each addition where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from wellfounded.people.consultation.actions.privacy import own_words
from wellfounded.people.consultation.actions.settling import read_here, settle
from wellfounded.people.consultation.models import Campaign, CampaignMember, Point, Response, Subject
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import Span
from wellfounded.people.consultation.understanding.campaigns import Campaigns, campaigns_in

_WORD = re.compile(r"\w+")


def find(*, now: datetime) -> int:
    """How many campaigns there are among all responses that are read. What people said of campaigns stays.

    Who was erased, set aside or taken out of a campaign while it looked is in none.
    """
    out = set(CampaignMember.objects.filter(out_at__isnull=False).values_list("response_id", flat=True))
    ids: list[int] = []
    texts: list[str] = []
    rows = (
        Response.objects.filter(state__in=sorted(READABLE), erased_at=None)
        .exclude(text="")
        .only("pk", "text", "passages", "segments")
        .order_by("pk")
    )
    for response in rows.iterator(chunk_size=2000):
        if response.pk not in out:
            ids.append(response.pk)
            texts.append(_own(response))
    quoted = list(Subject.objects.values_list("title", flat=True))  # whoever quotes a conclusion joins no campaign
    found = campaigns_in(texts, known=quoted)
    with transaction.atomic():
        _keep(found, ids, texts, now)
    return len(found.campaigns)


def _own(response: Response) -> str:
    """The text with everything that is not the respondent's own blanked out, so that places in it stay the same."""
    blank = [" "] * len(response.text)
    for span in own_words(response):
        blank[span.start : span.end] = response.text[span.start : span.end]
    return "".join(blank)


def _keep(found: Campaigns, ids: list[int], texts: list[str], now: datetime) -> None:
    standing = CampaignMember.objects.filter(out_at=None, response__erased_at=None)  # what was erased stays counted
    before = dict(standing.filter(campaign__ended_at=None).values_list("response_id", "campaign_id"))
    earlier = {row.pk: row for row in Campaign.objects.filter(ended_at=None)}
    there = _there(ids[n] for campaign in found.campaigns for n in campaign.members)
    taken: set[int] = set()
    members: list[CampaignMember] = []
    models: dict[int, int] = {}  # campaign -> the response in which its text is read
    for campaign in found.campaigns:
        mine = tuple(n for n in campaign.members if ids[n] in there)
        if len(mine) < 2:
            continue
        model = campaign.model if campaign.model in mine else mine[0]
        row = _same(mine, ids, before, earlier, taken)
        if row is None:
            row = Campaign.objects.create(name=_name(found, texts, model), model_id=ids[model], found_at=now)
        elif row.model_id not in {ids[n] for n in mine}:
            row.model_id = ids[model]
            row.save(update_fields=["model"])
        taken.add(row.pk)
        assert row.model_id is not None
        models[row.pk] = row.model_id
        members += [
            CampaignMember(
                campaign=row, response_id=ids[n],
                common=[[s.start, s.end] for s in found.readings[n].common],
                added=[[s.start, s.end] for s in found.readings[n].added],
            )
            for n in mine
        ]  # fmt: skip
    over = [pk for pk in earlier if pk not in taken]
    Campaign.objects.filter(pk__in=over).update(ended_at=now)
    standing.delete()
    CampaignMember.objects.bulk_create(members)
    left = [pk for pk in before if pk not in {member.response_id for member in members}]
    for at in range(0, len(left), 500):
        read_here(Point.objects.filter(response__in=left[at : at + 500], read_as__isnull=False), now=now)
    _read_once(members, models, now)


def _there(responses: Iterable[int]) -> set[int]:
    """Those of the responses that can be in a campaign now; their rows are ours until the transaction ends."""
    wanted, found = sorted(responses), set()
    for at in range(0, len(wanted), 500):
        rows = Response.objects.select_for_update().filter(
            pk__in=wanted[at : at + 500], state__in=sorted(READABLE), erased_at=None
        )
        found |= set(rows.values_list("pk", flat=True))
    return found - set(CampaignMember.objects.filter(out_at__isnull=False).values_list("response_id", flat=True))


def _same(
    members: tuple[int, ...], ids: list[int], before: dict[int, int], earlier: dict[int, Campaign], taken: set[int]
) -> Campaign | None:
    """The campaign that most of these members were in before."""
    counted: dict[int, int] = {}
    for n in members:
        if (pk := before.get(ids[n])) is not None and pk not in taken:
            counted[pk] = counted.get(pk, 0) + 1
    return earlier[max(counted, key=lambda pk: (counted[pk], -pk))] if counted else None


def _name(found: Campaigns, texts: list[str], model: int) -> str:
    words = " ".join(span.of(texts[model]) for span in found.readings[model].common[:2]).split()
    return (" ".join(words[:12])[:190] + ("…" if len(words) > 12 else "")) or "Campaign"


def _read_once(members: list[CampaignMember], models: dict[int, int], now: datetime) -> None:
    """Points in the common text that nobody has decided on are read where the campaign's text is read."""
    said: dict[int, dict[str, int]] = {pk: {} for pk in models.values()}
    texts = dict(Response.objects.filter(pk__in=list(models.values())).values_list("pk", "text"))
    for pk, response, start, end in Point.objects.filter(response__in=list(models.values()), read_as=None).values_list(
        "pk", "response_id", "start", "end"
    ):
        said[response].setdefault(_plain(texts[response][start:end]), pk)
    others = {m.response_id: m for m in members if models[m.campaign_id] != m.response_id}
    changed: set[int] = set()
    wanted = list(others)
    for at in range(0, len(wanted), 500):
        moving: list[Point] = []
        rows = Point.objects.filter(
            response__in=wanted[at : at + 500], decided_at=None, read_as=None, marked_by=""
        ).select_related("response")
        for point in rows:
            member = others[point.response_id]
            text = point.response.text[point.start : point.end]
            there = said[models[member.campaign_id]].get(_plain(text))
            if there is not None and _within(Span(point.start, point.end), member.common):
                point.read_as_id, point.open = there, False
                moving.append(point)
                changed.add(point.response_id)
        Point.objects.bulk_update(moving, ["read_as", "open"], batch_size=400)
    settle(changed, now=now)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _within(span: Span, common: list[list[int]]) -> bool:
    """Whether most of a point is in the common text."""
    inside = sum(max(0, min(span.end, end) - max(span.start, start)) for start, end in common)
    return inside >= 0.9 * (span.end - span.start)


__all__ = ["find"]
