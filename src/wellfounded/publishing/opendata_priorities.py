"""Open data of priorities: the ranking, each criterion of each policy, and each prize against each comparator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wellfounded.priorities.types import PrizeAgainst, ShownPolicy, ShownPriorities, ShownPrize
from wellfounded.publishing.columns import NUMBER, WHOLE, Column, Row

SHEETS = {
    "priorities.csv": "Priorities",
    "ranks.csv": "Ranks",
    "criteria.csv": "Criteria",
    "prizes.csv": "Prizes",
}
PRIORITIES = (
    Column("id", "id of the policy"),
    Column("title", "what it is called"),
    Column("chapter", "chapter that it belongs to"),
    Column("says", "what it would do"),
    Column("levers", "who can act, separated by semicolons"),
    Column("impact", "impact areas that it serves, separated by semicolons"),
    Column("challenges", "Grand Challenges that it serves, separated by semicolons"),
    Column("rank", "its place by expected rank", WHOLE),
    Column("expected_rank", "mean of its ranks over all draws", NUMBER),
    Column("first", "share of weightings for which it comes first", NUMBER),
    Column("top_three", "share of weightings for which it is among the first three", NUMBER),
    Column("confidence", "how often nobody is ahead of it under its central weights; empty where never first", NUMBER),
    Column("first_when", "what would have to be true for it to come first, separated by vertical bars"),
    Column("dominated_by", "policies that are before it in every draw, separated by semicolons"),
    Column("conclusions", "ids of the conclusions that it rests on, separated by semicolons"),
    Column("indicators", "ids of the indicators that it would move, separated by semicolons"),
    Column("warnings", "what is wrong with what it rests on, separated by vertical bars"),
)
RANKS = (
    Column("policy", "id of the policy"),
    Column("rank", "a rank, 1 is first", WHOLE),
    Column("share", "share of draws in which the policy has it", NUMBER),
)
CRITERIA = (
    Column("policy", "id of the policy"),
    Column("criterion", "id of the criterion: impact area and kind"),
    Column("impact", "impact area"),
    Column("kind", "prize, evidence, said, works or time"),
    Column("state", "computed, cited, said, not assessed or not claimed"),
    Column("value", "the value; empty where it is not assessed", NUMBER),
    Column("low", "lower end of its range, where it is assessed", NUMBER),
    Column("high", "upper end of its range, where it is assessed", NUMBER),
    Column("shape", "how it is drawn: point, uniform, or normal with low to high as 95% interval"),
    Column("unit", "its unit; empty for a share of 1"),
    Column("worst", "the end of the scale that scores 0", NUMBER),
    Column("best", "the end of the scale that scores 1", NUMBER),
    Column("central_weight", "mean weight of the draws in which the policy is first; empty where it never is", NUMBER),
    Column("shown", "the value as pages print it"),
    Column("range", "the range as pages print it"),
    Column("reason", "why it is what it is"),
    Column("source", "where it is from"),
    Column("url", "where that can be opened"),
)
PRIZES = (
    Column("policy", "id of the policy"),
    Column("impact", "impact area"),
    Column("comparator", "id of the comparator; empty for what rides on a sector"),
    Column("area", "code of a member area; empty for the whole"),
    Column("measure", "gva, pay or exposure"),
    Column("value", "the prize; empty where it could not be worked out", NUMBER),
    Column("lower", "lower limit of its 95% interval, where there is one", NUMBER),
    Column("upper", "upper limit of its 95% interval, where there is one", NUMBER),
    Column("unit", "its unit"),
    Column("period", "the period of its figures"),
    Column("declared", "yes where this is the comparator that the base declares"),
    Column("title", "what would be reached"),
    Column("shown", "the prize as pages print it"),
    Column("why_none", "why there is none"),
)


def tables(priorities: ShownPriorities | None) -> dict[str, tuple[str, tuple[Column, ...], Iterable[Row]]]:
    """The files of priorities: what each is about, its columns and its rows; none where there are no policies."""
    if priorities is None or not priorities.policies:
        return {}
    return {
        "priorities.csv": ("Every policy with its place in the ranking", PRIORITIES, _policies(priorities.policies)),
        "ranks.csv": ("How often each policy has each rank, over all weights", RANKS, _ranks(priorities.policies)),
        "criteria.csv": (
            "Every criterion of every policy, with range, reason and source",
            CRITERIA,
            _criteria(priorities),
        ),
        "prizes.csv": (
            "What reaching each comparator would be worth: arithmetic",
            PRIZES,
            _prizes(priorities.policies),
        ),
    }


def _policies(policies: Iterable[ShownPolicy]) -> Iterator[Row]:
    return (
        (
            p.id, p.title, p.chapter, p.says, "; ".join(p.levers), "; ".join(p.impact), "; ".join(p.challenges), p.rank,
            p.expected_rank, p.acceptabilities[0], p.top_three, p.confidence, " | ".join(p.first_when),
            "; ".join(p.dominated_by), "; ".join(one.conclusion for one in p.rests_on),
            "; ".join(one.indicator for one in p.moves), " | ".join(p.warnings),
        )
        for p in policies
    )  # fmt: skip


def _ranks(policies: Iterable[ShownPolicy]) -> Iterator[Row]:
    return ((p.id, rank, share) for p in policies for rank, share in enumerate(p.acceptabilities, start=1))


def _criteria(priorities: ShownPriorities) -> Iterator[Row]:
    for policy in priorities.policies:
        weights = {one.criterion: one.weight for one in policy.central_weights}
        own = {one.id: one for one in policy.criteria}
        for definition in priorities.criteria:
            c = own[definition.id]
            known = c.state != "not assessed"
            yield (
                policy.id, c.id, definition.impact, definition.kind, c.state, c.value if known else None,
                c.low if known else None, c.high if known else None, c.shape, definition.unit, definition.worst,
                definition.best, weights.get(c.id), c.text, c.range_text, c.reason, c.source, c.url,
            )  # fmt: skip


def _prizes(policies: Iterable[ShownPolicy]) -> Iterator[Row]:
    for policy in policies:
        for prize in policy.prizes:
            alone = PrizeAgainst(
                "", "", prize.text, prize.value, prize.lower, prize.upper, prize.interval, prize.areas, prize.why_none,
                prize.title, prize.period,
            )  # fmt: skip
            for one in prize.against or (alone,):
                yield from _against(policy.id, prize, one)


def _against(policy: str, prize: ShownPrize, one: PrizeAgainst) -> Iterator[Row]:
    declared = "yes" if one.comparator == prize.comparator else "no"
    yield (
        policy, prize.impact, one.comparator, "", prize.measure, one.value, one.lower, one.upper, prize.unit,
        one.period, declared, one.title, one.text, one.why_none,
    )  # fmt: skip
    for area in one.areas:
        yield (
            policy, prize.impact, one.comparator, area.area, prize.measure, area.value, area.lower, area.upper,
            prize.unit, one.period, declared, one.title, area.text, area.why_none,
        )  # fmt: skip
