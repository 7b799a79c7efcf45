"""The ranking: criteria drawn over all weights and over what isn't known, and what came of it in words."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from wellfounded.analysis.smaa import NORMAL, POINT, UNIFORM, Acceptability, Criteria, criteria, dominance, smaa
from wellfounded.priorities.criteria import NOT_ASSESSED
from wellfounded.priorities.types import (
    CriterionDef,
    Disagreement,
    Kind,
    MemberRanking,
    ShownCriterion,
    ShownPolicy,
    ShownPriorities,
    ShownWeight,
    Weights,
)
from wellfounded.priorities.words import counted, first, listed, millions, pounds, share

DRAWS, SEED = 100_000, 1
SHAPES = {"point": POINT, "uniform": UNIFORM, "normal": NORMAL}
COUNTS_FOR_MORE = 1.15  # times an equal share of the weight, from which a criterion is named
TURNS_OUT = 0.04  # of a scale: from which what isn't known is said to have turned out well
NAMED = 3


def ranked(
    given: ShownPriorities,
    *,
    weights: Weights | None = None,
    members: Sequence[Weights] = (),
    draws: int = DRAWS,
    seed: int = SEED,
) -> ShownPriorities:
    """The same policies first to last, with their acceptabilities; `members` are ranked beside.

    The same seed gives the same ranking to the last digit. Raises WeightsCannotSum, TooFewDraws.
    """
    if not given.policies:
        return given
    measured = _measured(given)
    least, most = _limits(given.criteria, weights)
    found = smaa(measured, rng=np.random.default_rng(seed), draws=draws, least=least, most=most)
    dominant = dominance(measured)
    order = np.argsort(found.expected_rank, kind="stable")
    ids = [policy.id for policy in given.policies]
    policies = tuple(
        _placed(given.policies[at], at, rank, found, dominant, given.criteria, ids, draws=draws)
        for rank, at in enumerate(order.tolist(), start=1)
    )
    beside = tuple(_member(one, given, measured, draws=draws, seed=seed) for one in members)
    return msgspec.structs.replace(
        given,
        policies=policies,
        line=_line(policies, weights),
        how_sure=_how_sure(policies, given.criteria),
        pairwise=tuple(tuple(round(float(part), 6) for part in row) for row in found.before[np.ix_(order, order)]),
        members=beside,
        disagreements=_disagreements(policies, beside),
        scenario=msgspec.structs.replace(
            given.scenario, draws=draws, seed=seed, weights=weights.name if weights else ""
        ),
    )


def _measured(given: ShownPriorities) -> Criteria:
    """The policies' criteria as arrays."""
    by_policy = [{one.id: one for one in policy.criteria} for policy in given.policies]
    streams: dict[str, int] = {}

    def cell(one: ShownCriterion, definition: CriterionDef) -> tuple[float, float, float, int, int]:
        stream = streams.setdefault(one.stream, len(streams)) if one.stream else -1
        if one.state == NOT_ASSESSED:
            return np.nan, np.nan, np.nan, UNIFORM, stream
        if one.state == "not claimed":
            return definition.worst, definition.worst, definition.worst, POINT, -1
        value = one.value if one.value is not None else (one.low + one.high) / 2
        # A prize is cut off at nothing; the spread is that of its upper half, on both sides.
        low = 2 * value - one.high if one.shape == "normal" else one.low
        return low, one.high, value, SHAPES[one.shape], stream

    table = [[cell(row[definition.id], definition) for definition in given.criteria] for row in by_policy]
    low, high, value, shape, stream = (np.array([[one[at] for one in row] for row in table]) for at in range(5))
    return criteria(
        low,
        high,
        worst=[definition.worst for definition in given.criteria],
        best=[definition.best for definition in given.criteria],
        value=value,
        shape=shape,
        stream=stream,
    )


def _limits(
    definitions: Sequence[CriterionDef], weights: Weights | None
) -> tuple[list[float] | None, list[float] | None]:
    if weights is None:
        return None, None
    stated = {name: (least, most) for name, least, most in weights.ranges}
    other = (0.0, 0.0) if weights.exact else (0.0, 1.0)
    pairs = [stated.get(definition.id, other) for definition in definitions]
    return [least for least, _ in pairs], [most for _, most in pairs]


def _placed(
    policy: ShownPolicy,
    at: int,
    rank: int,
    found: Acceptability,
    dominant: np.ndarray,
    definitions: Sequence[CriterionDef],
    ids: Sequence[str],
    *,
    draws: int,
) -> ShownPolicy:
    places = found.rank[at]
    reached = bool(places[0] > 0)
    central = found.central_weights[at]
    return msgspec.structs.replace(
        policy,
        rank=rank,
        expected_rank=round(float(found.expected_rank[at]), 4),
        acceptabilities=tuple(round(float(part), 6) for part in places),
        first=f"first for {share(float(places[0]))} of weightings",
        top_three=round(float(places[:3].sum()), 6),
        line=_policy_line(policy, places),
        central_weights=tuple(
            ShownWeight(one.id, one.title, round(float(weight), 6), f"{weight:.0%}")
            for one, weight in zip(definitions, central, strict=True)
        )
        if reached
        else (),
        confidence=round(float(found.confidence[at]), 6) if reached else None,
        first_when=_first_when(policy, at, found, definitions, draws=draws),
        dominates=tuple(ids[other] for other in np.flatnonzero(dominant[at]).tolist()),
        dominated_by=tuple(ids[other] for other in np.flatnonzero(dominant[:, at]).tolist()),
    )


def _policy_line(policy: ShownPolicy, places: np.ndarray) -> str:
    top, three = share(float(places[0])), share(float(places[:3].sum()))
    parts = [f"First for {top} of weightings, among the first three for {three}."]
    prizes = [prize for prize in policy.prizes if prize.value]
    if prizes:
        parts.append(f"{prizes[0].title}: {prizes[0].text}{f' ({prizes[0].interval})' if prizes[0].interval else ''}.")
    return " ".join(parts)


def _first_when(
    policy: ShownPolicy, at: int, found: Acceptability, definitions: Sequence[CriterionDef], *, draws: int
) -> tuple[str, ...]:
    """What would have to be true for a policy to come first, in sentences."""
    places = found.rank[at]
    if not places[0]:
        best = int(np.flatnonzero(places)[0]) + 1
        return (
            f"Nothing within the ranges puts it first: in {draws:,} draws it came {_ordinal(best)} at best.",
            "A larger prize or firmer evidence than the figures allow would have to be found.",
        )
    said = []
    equal = 1 / len(definitions)
    weights = found.central_weights[at]
    ordered = np.argsort(-weights, kind="stable")
    heavy = [int(column) for column in ordered if weights[column] > COUNTS_FOR_MORE * equal][:NAMED]
    if heavy:
        named = listed([f"{_inside(definitions[column].title)} ({weights[column]:.0%})" for column in heavy])
        said.append(f"These count for more than an equal share of the weight ({equal:.0%}): {named}.")
    lift = found.central_values[at] - found.mean_values[at]
    own = {one.id: one for one in policy.criteria}
    unknown: dict[str, list[str]] = {}
    for column in [int(one) for one in np.argsort(-lift, kind="stable") if lift[one] > TURNS_OUT][: 2 * NAMED]:
        definition, one = definitions[column], own[definitions[column].id]
        if definition.kind == Kind.PRIZE:
            said.append(_prize_needed(one, definition, float(found.central_values[at, column])))
        elif one.state == NOT_ASSESSED and definition.impact in policy.impact:
            area, _, what = definition.title.partition(": ")
            unknown.setdefault(what, []).append(area.lower())
        elif one.state != NOT_ASSESSED:
            said.append(f"{first(_inside(definition.title))} is at the better end of its range ({one.range_text}).")
    if unknown:
        named = listed([f"{what} ({listed(areas)})" for what, areas in unknown.items()])
        said.append(f"What is not assessed turns out well for it: {named}.")
    if not said:
        said.append("Nothing in particular: it comes first for weights and values all over their ranges.")
    return tuple(said)


def _prize_needed(one: ShownCriterion, definition: CriterionDef, central: float) -> str:
    level = definition.worst + central * (definition.best - definition.worst)
    amount = pounds(level) if "resident" in definition.unit else millions(level)
    now = NOT_ASSESSED if one.state == NOT_ASSESSED else one.text
    return f"The {_inside(definition.title)} comes to about {amount} (now: {now})."


def _inside(title: str) -> str:
    """`size of the prize for productivity`, from a criterion's title."""
    area, _, what = title.partition(": ")
    return f"{what} for {area[:1].lower()}{area[1:]}"


def _line(policies: Sequence[ShownPolicy], weights: Weights | None) -> str:
    under = f"Under the weights of {weights.name}, " if weights else ""
    top = max(policies, key=lambda policy: policy.acceptabilities[0])
    leader = policies[0]
    text = f"{under}“{leader.title}” has the best expected rank, and is {leader.first}."
    if top.id != leader.id:
        text += f" “{top.title}” is more often first ({share(top.acceptabilities[0])})."
    return first(text)


def _how_sure(policies: Sequence[ShownPolicy], definitions: Sequence[CriterionDef]) -> str:
    lead = policies[0].acceptabilities[0]
    ahead = sum(policy.acceptabilities[0] for policy in policies[:NAMED])
    assessed, of = sum(one.assessed for one in definitions), sum(one.of for one in definitions)
    opening = (
        "The order is firm"
        if lead >= 0.75
        else "The first place is likely"
        if lead >= 0.5
        else "No first place is certain"
    )
    many = min(NAMED, len(policies))
    return (
        f"{opening}: the first {many} in this order come first for {share(min(ahead, 1.0))} of weightings together. "
        f"{assessed} of {counted(of, 'criterion', 'criteria')} that policies claim are assessed; the others could be "
        "anything, and are drawn from all of their range."
    )


def _member(one: Weights, given: ShownPriorities, measured: Criteria, *, draws: int, seed: int) -> MemberRanking:
    least, most = _limits(given.criteria, one)
    found = smaa(measured, rng=np.random.default_rng(seed), draws=draws, least=least, most=most)
    order = np.argsort(found.expected_rank, kind="stable").tolist()
    ids = [policy.id for policy in given.policies]
    middle = np.array([(low + high) / 2 for low, high in zip(least or [], most or [], strict=True)])
    shown = middle if one.exact else np.full(len(given.criteria), np.nan)
    return MemberRanking(
        name=one.name,
        order=tuple(ids[at] for at in order),
        expected_ranks={ids[at]: round(float(found.expected_rank[at]), 4) for at in order},
        first={ids[at]: round(float(found.rank[at, 0]), 6) for at in order},
        weights=tuple(
            ShownWeight(definition.id, definition.title, float(weight), f"{weight:.0%}")
            for definition, weight in zip(given.criteria, shown, strict=True)
            if np.isfinite(weight)
        ),
    )


def _disagreements(policies: Sequence[ShownPolicy], members: Sequence[MemberRanking]) -> tuple[Disagreement, ...]:
    """The policies that members put in different places, the widest apart first."""
    if len(members) < 2:
        return ()
    found = []
    for policy in policies:
        ranks = {one.name: one.order.index(policy.id) + 1 for one in members}
        high, low = min(ranks.values()), max(ranks.values())
        if high == low:
            continue
        best = listed([name for name, rank in ranks.items() if rank == high])
        worst = listed([name for name, rank in ranks.items() if rank == low])
        text = f"{_ordinal(high)} under the weights of {best}, {_ordinal(low)} under those of {worst}"
        found.append(Disagreement(policy.id, policy.title, ranks, low - high, first(text)))
    return tuple(sorted(found, key=lambda one: -one.spread))


def _ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"
