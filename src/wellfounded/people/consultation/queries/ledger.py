"""The ledger of a conclusion: who supports it, challenges it and adds to it, counted by people and not by messages.

An organisation counts once on a side, however often it writes; a person who answers for no organisation counts as one.
What is read in the common text of a campaign counts for each of its members, and `as_one` counts each campaign once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from wellfounded.people.consultation.models import Decision, OpinionGiven
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import About, Channel, Opinion, Says
from wellfounded.priorities.types import Said

SUPPORTING, CHALLENGING, QUALIFYING, OFFERING = "supporting", "challenging", "qualifying", "offering"
NAMING = "naming"  # says nothing of it
SIDES = {
    Says.SUPPORTS: SUPPORTING,
    Says.CHALLENGES_DATA: CHALLENGING,
    Says.CHALLENGES_INFERENCE: CHALLENGING,
    Says.QUALIFIES: QUALIFYING,
    Says.OFFERS_EVIDENCE: OFFERING,
}
TICKED = {Opinion.AGREE: SUPPORTING, Opinion.PARTLY: QUALIFYING, Opinion.DISAGREE: CHALLENGING}


@dataclass(frozen=True)
class Side:
    """Who is on one side: how many different organisations and people, of which types, from which places."""

    parties: int = 0
    as_one: int = 0  # with each campaign counted once
    responses: int = 0
    types: tuple[tuple[str, int], ...] = ()  # most first
    places: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Answered:
    """What was decided, when and why."""

    kind: str
    why: str
    at: str  # ISO date
    rerun: bool = False
    demonstration: bool = False


@dataclass(frozen=True)
class Ledger:
    """The ledger of one conclusion. It can be compared and hashed, so that a page knows when it has changed."""

    supporting: Side = field(default_factory=Side)
    challenging: Side = field(default_factory=Side)
    qualifying: Side = field(default_factory=Side)
    offering: Side = field(default_factory=Side)
    challenges_data: int = 0  # parties
    challenges_inference: int = 0
    hands: tuple[tuple[str, int], ...] = ()  # in the room, by opinion
    decisions: tuple[Answered, ...] = ()  # the latest first
    demonstration: bool = False  # whether any of it is

    @property
    def anything(self) -> bool:
        """Whether anybody said anything of it."""
        sides = (self.supporting, self.challenging, self.qualifying, self.offering)
        return any(side.parties for side in sides) or bool(self.hands)


# A row a side that somebody is on: by a link of their own, by one in the common text of a campaign, by a tick.
_VOICES = """
    SELECT l.about AS about, l.target AS target, l.says AS said, r.id AS response, r.party_id AS party,
           r.respondent AS kind, r.district AS place, r.demonstration AS shown
      FROM consultation_link l JOIN consultation_response r ON r.id = l.response_id
     WHERE l.ended_at IS NULL AND r.state IN (%s, %s, %s){and_link}
    UNION
    SELECT l.about, l.target, l.says, r.id, r.party_id, r.respondent, r.district, r.demonstration
      FROM consultation_link l JOIN consultation_point p ON p.read_as_id = l.point_id
      JOIN consultation_response r ON r.id = p.response_id
     WHERE l.ended_at IS NULL AND r.state IN (%s, %s, %s){and_link}
"""
_TICKS = """
    UNION
    SELECT 'conclusion', o.conclusion, o.opinion, r.id, r.party_id, r.respondent, r.district, r.demonstration
      FROM consultation_opiniongiven o JOIN consultation_response r ON r.id = o.response_id
     WHERE r.channel <> %s AND r.state IN (%s, %s, %s){and_conclusion}
"""


def of(target: str, about: About = About.CONCLUSION) -> Ledger:
    """The ledger of one conclusion, or of another subject."""
    sql, values = _query(about, target)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT v.*, m.campaign_id FROM ({sql}) v LEFT JOIN consultation_campaignmember m"
            " ON m.response_id = v.response AND m.out_at IS NULL",
            values,
        )
        rows = cursor.fetchall()
    hands = (
        OpinionGiven.objects.filter(
            conclusion=target, response__channel=Channel.ROOM_VOTE, response__state__in=sorted(READABLE)
        )
        if about is About.CONCLUSION
        else OpinionGiven.objects.none()
    )
    counted: Counter[str] = Counter()
    shown = False
    for opinion, n, demonstration in hands.values_list("opinion", "n", "response__demonstration"):
        counted[opinion] += n
        shown = shown or demonstration
    decisions = Decision.objects.filter(about=about, target=target).order_by("-at", "-id")[:20]
    return _ledger(
        rows,
        shown=shown,
        hands=tuple((str(opinion), counted[opinion]) for opinion in Opinion if counted[opinion]),
        decisions=tuple(
            Answered(d.kind, d.why, timezone.localdate(d.at).isoformat(), d.rerun is not None, d.demonstration)
            for d in decisions
        ),
    )


def sides(*, demonstration: bool = True) -> dict[tuple[str, str], dict[str, int]]:
    """How many different parties are on each side of every subject (about, id) that anybody said anything of."""
    sql, values = _query(None, "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT about, target, CASE {_WHEN} ELSE '' END AS side, COUNT(DISTINCT party) FROM ({sql}) v"
            f"{'' if demonstration else ' WHERE NOT shown'} GROUP BY 1, 2, 3",
            [*_WHEN_VALUES, *values],
        )
        rows = cursor.fetchall()
    found: dict[tuple[str, str], dict[str, int]] = {}
    for about, target, side, n in rows:
        if side:
            found.setdefault((about, target), {})[side] = n
    return found


def said(*, demonstration: bool = True) -> dict[str, Said]:
    """What stakeholders said of each conclusion, as priorities count it: distinct organisations and people."""
    return {
        target: Said(
            supporting=each.get(SUPPORTING, 0),
            challenging=each.get(CHALLENGING, 0),
            qualifying=each.get(QUALIFYING, 0),
        )
        for (about, target), each in sorted(sides(demonstration=demonstration).items())
        if about == About.CONCLUSION and set(each) & {SUPPORTING, CHALLENGING, QUALIFYING}
    }


_SIDE_OF = {
    **{str(says): side for says, side in SIDES.items()},
    **{str(o): side for o, side in TICKED.items()},
    "": NAMING,
}
_WHEN = " ".join("WHEN said = %s THEN %s" for _ in _SIDE_OF)
_WHEN_VALUES = [text for pair in _SIDE_OF.items() for text in pair]


def _query(about: About | None, target: str) -> tuple[str, list[str]]:
    """The voices on one subject, or on all."""
    states = [str(state) for state in sorted(READABLE)]
    one = [str(about), target] if about is not None else []
    voices = _VOICES.format(and_link=" AND l.about = %s AND l.target = %s" if one else "")
    values = [*states, *one, *states, *one]
    if about in (None, About.CONCLUSION):
        voices += _TICKS.format(and_conclusion=" AND o.conclusion = %s" if one else "")
        values += [str(Channel.ROOM_VOTE), *states, *one[1:]]
    return voices, values


def _ledger(
    rows: Iterable[tuple[Any, ...]], *, shown: bool, hands: tuple[tuple[str, int], ...], decisions: Any
) -> Ledger:
    by_side: dict[str, list[tuple[Any, ...]]] = {}
    data, inference = set(), set()
    for row in rows:
        _, _, word, _, party, _, _, demonstration, _ = row
        side = _SIDE_OF.get(word)
        if side is None:  # "don't know"
            continue
        by_side.setdefault(side, []).append(row)
        shown = shown or bool(demonstration)
        if word == Says.CHALLENGES_DATA:
            data.add(party)
        elif word == Says.CHALLENGES_INFERENCE:
            inference.add(party)
    return Ledger(
        supporting=_side(by_side.get(SUPPORTING, [])), challenging=_side(by_side.get(CHALLENGING, [])),
        qualifying=_side(by_side.get(QUALIFYING, [])), offering=_side(by_side.get(OFFERING, [])),
        challenges_data=len(data), challenges_inference=len(inference), hands=hands, decisions=decisions,
        demonstration=shown or any(d.demonstration for d in decisions),
    )  # fmt: skip


def _side(rows: list[tuple[Any, ...]]) -> Side:
    parties: dict[int, tuple[str, str]] = {}
    alone: set[int] = set()
    campaigns: set[int] = set()
    for _, _, _, _, party, kind, place, _, campaign in rows:
        parties.setdefault(party, (kind or "not said", place or "not said"))
        if campaign is None:
            alone.add(party)
        else:
            campaigns.add(campaign)
    return Side(
        parties=len(parties),
        as_one=len(alone) + len(campaigns),
        responses=len({row[3] for row in rows}),
        types=_most(kind for kind, _ in parties.values()),
        places=_most(place for _, place in parties.values()),
    )


def _most(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


__all__ = [
    "CHALLENGING", "NAMING", "OFFERING", "QUALIFYING", "SUPPORTING",
    "Answered", "Ledger", "Side", "of", "said", "sides",
]  # fmt: skip
