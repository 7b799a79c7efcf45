"""Criteria: each policy's value on each, with range, source and reason; what isn't known is not assessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from wellfounded.analysis.intervals import wilson
from wellfounded.conclusions.types import Result, Verdict
from wellfounded.evidence.base import ImpactArea
from wellfounded.priorities.types import (
    CriterionDef,
    Finding,
    Kind,
    Policy,
    Said,
    ShownCriterion,
    ShownPrize,
)
from wellfounded.priorities.words import counted, listed

NOT_ASSESSED: Literal["not assessed"] = "not assessed"
WHOLE_RANGE = "all of its range"
LONGEST = 10.0  # years: the scale of time to effect, unless something cited takes longer
QUARTERS = {Finding.NEGATIVE: 0.0, Finding.NONE: 0.25, Finding.MIXED: 0.5, Finding.POSITIVE: 0.75}
FINDINGS = {
    Finding.POSITIVE: "evaluations find that it works",
    Finding.MIXED: "evaluations find that it works in some cases and not in others",
    Finding.NONE: "evaluations find no effect",
    Finding.NEGATIVE: "evaluations find that it does harm",
}
_TITLES = {
    Kind.PRIZE: ("size of the prize", "What would reaching the comparator be worth?"),
    Kind.EVIDENCE: ("strength of evidence", "How firmly do the conclusions beneath it hold?"),
    Kind.SAID: ("what stakeholders said", "Do organisations support what it rests on?"),
    Kind.WORKS: ("evidence that it works", "What have evaluations of this kind of policy found?"),
    Kind.TIME: ("time to effect", "How many years until an effect shows?"),
}


def identifier(impact: str, kind: Kind) -> str:
    return f"{impact}.{kind.value}"


def criteria_of(
    policy: Policy,
    impacts: Sequence[ImpactArea],
    *,
    prizes: Mapping[str, ShownPrize],
    results: Mapping[str, Result],
    said: Mapping[str, Said],
) -> tuple[ShownCriterion, ...]:
    """A policy's criteria in the order of `definitions`: one of each kind for each impact area."""
    found = []
    for area in impacts:
        if area.id not in policy.impact:
            found += [_not_claimed(area.id, kind) for kind in Kind]
            continue
        beneath = [results[name] for name in policy.conclusions if area.id in results[name].conclusion.impact]
        found += [
            of_prize(area.id, prizes.get(area.id)),
            _evidence(area.id, beneath),
            _said(area.id, beneath, said),
            _works(area.id, policy),
            _time(area.id, policy),
        ]
    return tuple(found)


def definitions(
    impacts: Sequence[ImpactArea], criteria: Sequence[Sequence[ShownCriterion]], *, units: Mapping[str, str]
) -> tuple[CriterionDef, ...]:
    """What each criterion asks, with its scale: from nothing to the largest prize, from ten years to none, else 0 to 1.

    `units` are those of prizes by impact area.
    """
    found = []
    for area in impacts:
        for kind in Kind:
            name = identifier(area.id, kind)
            title, asks = _TITLES[kind]
            found.append(
                CriterionDef(
                    id=name,
                    impact=area.id,
                    impact_title=area.title,
                    kind=kind.value,
                    title=f"{area.title}: {title}",
                    asks=asks,
                    worst=0.0,
                    best=1.0,
                    unit="years" if kind is Kind.TIME else units.get(area.id, "") if kind is Kind.PRIZE else "",
                )
            )
    return scaled(tuple(found), criteria)


def scaled(
    definitions: Sequence[CriterionDef], criteria: Sequence[Sequence[ShownCriterion]]
) -> tuple[CriterionDef, ...]:
    """The definitions with the scales and counts that the policies' criteria come to."""
    out = []
    for definition in definitions:
        mine = [one for each in criteria for one in each if one.id == definition.id]
        known = [one for one in mine if one.state not in (NOT_ASSESSED, "not claimed")]
        claimed = [row for row in criteria if _claims(row, definition.impact)]
        worst, best = 0.0, 1.0
        if definition.kind == Kind.PRIZE:
            best = max((one.high for one in known), default=0.0) or 1.0
        elif definition.kind == Kind.TIME:
            worst, best = max([LONGEST, *(one.high for one in known)]), 0.0
        out.append(
            msgspec.structs.replace(
                definition,
                worst=worst,
                best=best,
                assessed=len(known),
                of=len(claimed),
            )
        )
    return tuple(out)


def _claims(row: Sequence[ShownCriterion], impact: str) -> bool:
    """Whether a policy's criteria are those of one that serves an impact area."""
    evidence = identifier(impact, Kind.EVIDENCE)
    return any(one.id == evidence and one.state != "not claimed" for one in row)


def of_prize(impact: str, prize: ShownPrize | None) -> ShownCriterion:
    """The criterion of a prize: its value, with the range of its figures where they have one."""
    name = identifier(impact, Kind.PRIZE)
    if prize is None:
        said = (
            "The base declares nothing that can be worked out in pounds: what it would move is no link of the "
            "productivity chain, no measure of pay and no sector."
        )
        return _unknown(name, said)
    if prize.value is None:
        return _unknown(name, f"It could not be worked out: {prize.why_none}.")
    known = prize.lower is not None and prize.upper is not None
    return ShownCriterion(
        id=name,
        state="computed",
        text=prize.text,
        reason=f"{prize.title}, {prize.period}. {prize.note}",
        source="figures",
        low=prize.lower if prize.lower is not None and known else prize.value,
        high=prize.upper if prize.upper is not None and known else prize.value,
        value=prize.value,
        shape="normal" if known else "point",
        range_text=prize.interval if known else "no interval is published",
        # The same figures move together: two policies that reach for the same thing aren't told apart by chance.
        stream=f"{prize.measure}:{prize.reach}:{prize.comparator}:{prize.title}",
    )


def _evidence(impact: str, beneath: Sequence[Result]) -> ShownCriterion:
    """How firmly the conclusions hold: from the share of ways in which the weakest does to their mean."""
    name = identifier(impact, Kind.EVIDENCE)
    lows, highs, holding = [], [], 0
    for result in beneath:
        low, high = strength(result)
        lows.append(low)
        highs.append(high)
        holding += result.verdict is Verdict.HOLDS
    if all(result.verdict is Verdict.CANNOT_TEST for result in beneath):
        return _unknown(name, "None of the conclusions beneath it can be tested on the present figures.")
    low, high = min(lows), sum(highs) / len(highs)
    bounds = f"{low:.0%} to {high:.0%}" if round(low, 2) != round(high, 2) else f"{high:.0%}"
    hold, them = "holds" if holding == 1 else "hold", "it" if len(beneath) == 1 else "them"
    reason = (
        f"{holding} of {counted(len(beneath), 'conclusion')} beneath {hold}. The range goes from the share of "
        f"reasonable tests in which the weakest holds ({low:.0%}) to the mean over all."
    )
    return ShownCriterion(
        id=name,
        state="computed",
        text=f"{holding} of {counted(len(beneath), 'conclusion')} {hold}, in {bounds} of ways to test {them}",
        reason=reason,
        source="conclusions",
        low=min(low, high),
        high=high,
        value=(low + high) / 2,
        shape="point" if low == high else "uniform",
        range_text=bounds,
    )


def strength(result: Result) -> tuple[float, float]:
    """Between which shares a conclusion holds: one that fails is worth nothing, an uncertain one anything up to it."""
    robustness = result.robustness
    share = robustness.holds / robustness.of if robustness.of else 1.0
    match result.verdict:
        case Verdict.HOLDS:
            return share, share
        case Verdict.UNCERTAIN:
            return 0.0, share
        case Verdict.FAILS:
            return 0.0, 0.0
    return 0.0, 1.0


def _said(impact: str, beneath: Sequence[Result], said: Mapping[str, Said]) -> ShownCriterion:
    name = identifier(impact, Kind.SAID)
    heard = [said[result.conclusion.id] for result in beneath if result.conclusion.id in said]
    supporting, challenging, qualifying = (
        sum(getattr(one, part) for one in heard) for part in ("supporting", "challenging", "qualifying")
    )
    of = supporting + challenging + qualifying
    if not of:
        return _unknown(name, "No organisation has said anything about the conclusions beneath it.")
    limits = wilson(supporting + qualifying / 2, of)
    low, high = float(limits.lower), float(limits.upper)
    return ShownCriterion(
        id=name,
        state="said",
        text=said_words(Said(supporting, challenging, qualifying)),
        reason=(
            f"{counted(supporting, 'organisation')} support, {challenging} challenge and {qualifying} qualify the "
            f"conclusions beneath it, each organisation counted once for a conclusion; who qualifies counts for half. "
            f"The range is that of a share of {of} (Wilson 1927)."
        ),
        source="responses",
        low=low,
        high=high,
        value=(supporting + qualifying / 2) / of,
        range_text=f"{low:.0%} to {high:.0%} support",
    )


def said_words(one: Said) -> str:
    """What was said, in words: `4 organisations support it, 1 challenges it`; empty where nobody has spoken."""
    parts: list[str] = []
    for number, verbs in ((one.supporting, ("supports", "support")), (one.challenging, ("challenges", "challenge")),
                          (one.qualifying, ("qualifies", "qualify"))):  # fmt: skip
        if number:
            whom = counted(number, "organisation") if not parts else str(number)
            parts.append(f"{whom} {verbs[number != 1]} it")
    return listed(parts)


def _works(impact: str, policy: Policy) -> ShownCriterion:
    name = identifier(impact, Kind.WORKS)
    cited = [one for one in policy.evaluations if impact in one.impact]
    if not cited:
        return _unknown(name, "No evaluation that can be opened is cited for it.")
    lows = [QUARTERS[one.finding] for one in cited]
    low, high = min(lows), max(lows) + 0.25
    worst = min(cited, key=lambda one: QUARTERS[one.finding])
    return ShownCriterion(
        id=name,
        state="cited",
        text=listed([FINDINGS[finding] for finding in dict.fromkeys(one.finding for one in cited)]),
        reason=(
            f"{' '.join(one.says for one in cited)} A finding is an order and no measure: it may lie anywhere in its "
            "quarter of the scale (negative, none, mixed, positive)."
        ),
        source=listed([f"{one.reference.title}, {one.reference.publisher}" for one in cited]),
        low=low,
        high=high,
        value=(low + high) / 2,
        range_text=f"{low:.2f} to {high:.2f} of 1",
        url=worst.reference.url,
    )


def _time(impact: str, policy: Policy) -> ShownCriterion:
    name = identifier(impact, Kind.TIME)
    stream = f"time:{policy.id}"
    if policy.time is None:
        unknown = _unknown(name, "No reference that can be opened is cited for how long it takes.")
        return msgspec.structs.replace(unknown, stream=stream)
    time = policy.time
    text = f"{time.least:g} to {time.most:g} years" if time.least != time.most else counted(int(time.least), "year")
    return ShownCriterion(
        id=name,
        state="cited",
        text=text,
        reason=time.says or f"So {time.reference.title} says.",
        source=f"{time.reference.title}, {time.reference.publisher}",
        low=time.least,
        high=time.most,
        value=(time.least + time.most) / 2,
        shape="point" if time.least == time.most else "uniform",
        range_text=text,
        url=time.reference.url,
        stream=stream,
    )


def _unknown(name: str, reason: str) -> ShownCriterion:
    return ShownCriterion(
        id=name, state=NOT_ASSESSED, text=NOT_ASSESSED, reason=reason, source="", range_text=WHOLE_RANGE
    )


def _not_claimed(impact: str, kind: Kind) -> ShownCriterion:
    """A criterion of an impact area that the policy doesn't serve: no prize, no evidence, the rest unknown."""
    name = identifier(impact, kind)
    why = "The base does not say that it serves this impact area"
    if kind not in (Kind.PRIZE, Kind.EVIDENCE):
        return _unknown(name, f"{why}, so this was not looked at.")
    return ShownCriterion(
        id=name,
        state="not claimed",
        text="not claimed",
        reason=f"{why}, so it counts for nothing here.",
        source="priorities.toml",
        value=0.0,
        shape="point",
        range_text="none",
    )
