"""What if: another comparator, another share of the gap, a year by when; prizes and the ranking follow.

Worked out from a publication alone: no figure is read again.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wellfounded.analysis.prize import NotAShare, NoYears, pace
from wellfounded.evidence.located import no_such
from wellfounded.priorities.criteria import of_prize, scaled
from wellfounded.priorities.ranking import SEED, ranked
from wellfounded.priorities.types import (
    Measure,
    PrizeAgainst,
    PrizeOfArea,
    ShownPolicy,
    ShownPriorities,
    ShownPrize,
    Weights,
)
from wellfounded.priorities.words import PER, growth, interval, money
from wellfounded.priorities.words import share as share_words

DRAWS = 10_000  # fewer than a publication's: the answer is awaited
FARTHEST = 2100


class NoSuchComparator(LookupError):
    """No prize was worked out against a comparator of this id."""


class AlreadyAScenario(ValueError):
    """A scenario of a scenario: it has to be worked out from what the base declares."""


def under(
    given: ShownPriorities,
    *,
    comparator: str = "",
    share: float = 1.0,
    year: int | None = None,
    weights: Weights | None = None,
    members: Sequence[Weights] = (),
    draws: int = DRAWS,
    seed: int = SEED,
) -> ShownPriorities:
    """The priorities under another comparator, share of the gap and year, and under somebody's weights.

    Raises NoSuchComparator, NotAShare, NoYears, AlreadyAScenario, and what `ranked` raises.
    """
    if not given.scenario.is_stated:
        raise AlreadyAScenario("these priorities are a scenario themselves: start from those of the publication")
    if not 0 < share <= 1:
        raise NotAShare(f"the share of a gap to be closed lies above 0 and is at most 1, not {share:g}")
    known = {one.comparator: one.name for policy in given.policies for prize in policy.prizes for one in prize.against}
    if comparator and known and comparator not in known:
        raise NoSuchComparator(no_such("comparator", comparator, known))
    if year is not None and year > FARTHEST:
        raise NoYears(f"{year} is too far away: expected a year up to {FARTHEST}")
    policies = tuple(_policy(policy, comparator, share, year) for policy in given.policies)
    changed = bool(comparator and comparator != given.comparator) or share != 1 or year is not None
    return ranked(
        msgspec.structs.replace(
            given,
            policies=policies,
            criteria=scaled(given.criteria, [policy.criteria for policy in policies]),
            scenario=msgspec.structs.replace(
                given.scenario,
                comparator=comparator,
                comparator_name=known.get(comparator, "") if comparator else given.scenario.comparator_name,
                share=share,
                year=year,
                is_stated=not changed and weights is None,
            ),
        ),
        weights=weights,
        members=members,
        draws=draws,
        seed=seed,
    )


def _policy(policy: ShownPolicy, comparator: str, share: float, year: int | None) -> ShownPolicy:
    prizes = tuple(_prize(prize, comparator, share, year) for prize in policy.prizes)
    criteria = {one.id: one for one in policy.criteria}
    for prize in prizes:
        one = of_prize(prize.impact, prize)
        criteria[one.id] = one
    return msgspec.structs.replace(policy, prizes=prizes, criteria=tuple(criteria.values()))


def _prize(prize: ShownPrize, comparator: str, share: float, year: int | None) -> ShownPrize:
    """A prize against another comparator for a share of the gap; what rides on a sector stays as it is."""
    if not prize.against:
        return prize
    wanted = comparator or prize.comparator
    one = next(found for found in prize.against if found.comparator == wanted)
    note = " ".join(
        part for part in (prize.note.split(" Not all figures")[0], one.note, _closing(share), _by(year)) if part
    )
    value, lower, upper = (None if number is None else number * share for number in (one.value, one.lower, one.upper))
    measure = Measure(prize.measure)
    text = one.text if not value else f"{money(value, measure)}{PER[measure]}"
    return msgspec.structs.replace(
        prize,
        title=one.title,
        text=text,
        value=value,
        lower=lower,
        upper=upper,
        interval="" if lower is None or upper is None else interval(lower, upper, measure),
        comparator=wanted,
        comparator_name=one.name,
        period=one.period,
        areas=tuple(_area(area, one, measure, share, year) for area in one.areas),
        note=note,
        why_none=one.why_none,
    )


def _area(area: PrizeOfArea, one: PrizeAgainst, measure: Measure, share: float, year: int | None) -> PrizeOfArea:
    value, lower, upper = (
        None if number is None else number * share for number in (area.value, area.lower, area.upper)
    )
    return msgspec.structs.replace(
        area,
        text=money(value, measure) if value else area.text,
        value=value,
        lower=lower,
        upper=upper,
        interval="" if lower is None or upper is None else interval(lower, upper, measure),
        pace=_pace(area, one, share, year),
    )


def _pace(area: PrizeOfArea, one: PrizeAgainst, share: float, year: int | None) -> str:
    """What the year asks for, in words. Raises NoYears where it isn't after the figures."""
    if year is None or not area.value or area.own_value is None or area.target_value is None:
        return ""
    now = int(one.period[:4])
    if year <= now:
        raise NoYears(f"{year} is not after the figures, which are of {now}: expected a later year")
    asked = float(pace(area.own_value, area.target_value, years=year - now, share=share))
    money_of = " in money of the time" if area.own.startswith("£") else ""
    before = f"; it was {growth(area.past)} over the ten years before{money_of}" if area.past is not None else ""
    return f"{growth(asked)} from {now} to {year} if {one.name} stood still{before}"


def _closing(share: float) -> str:
    return "" if share == 1 else f"For {share_words(share)} of the gap."


def _by(year: int | None) -> str:
    return "" if year is None else f"Each year from {year} on, and part of it before."
