"""Priorities in documents: the ranking with how sure it is, and for the pack each policy with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from wellfounded.priorities.types import ShownPolicy, ShownPriorities, ShownPrize
from wellfounded.publishing.documents.document import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Items,
    Paragraph,
    Row,
    Run,
    Section,
    Table,
    runs,
)
from wellfounded.publishing.documents.parts import Parts
from wellfounded.publishing.words import capital, sentence


def ranking(parts: Parts, priorities: ShownPriorities, *, n: int | None = None) -> Iterable[Block]:
    """How sure the ranking is, then the policies first to last (the first `n`) with what they are worth."""
    say = parts.say
    yield Paragraph(runs(f"{sentence(priorities.line)} {sentence(priorities.how_sure)}".strip()))
    yield _table(parts, priorities, n=n)
    yield Paragraph(
        runs(
            say(
                "A policy’s place is worked out over all ways to weigh what it is judged by, and over all that is not "
                "known about it. Money is arithmetic on published figures with all else unchanged, and not a forecast."
            )
        ),
        tone="quiet",
    )


def section(parts: Parts, priorities: ShownPriorities, *, number: str) -> Section:
    """The pack's chapter on priorities."""
    say = parts.say
    blocks: list[Block] = [Paragraph(runs(say("Where could action count most, and how sure is that?")), tone="lead")]
    blocks += ranking(parts, priorities)
    blocks.append(Heading(say("What the ranking looks at"), 2, "priorities-criteria", listed=True))
    blocks.append(_criteria(parts, priorities))
    blocks.append(
        Paragraph(
            runs(
                say("What is not assessed is never guessed: it enters the ranking as everything that it could be."),
            ),
            tone="quiet",
        )
    )
    for policy in priorities.policies:
        blocks += _policy(parts, priorities, policy)
    return Section("priorities", number, say("Priorities"), tuple(blocks))


def _table(parts: Parts, priorities: ShownPriorities, *, n: int | None) -> Table:
    say = parts.say
    impacts = [(impact.id, impact.title) for impact in parts.publication.impacts]
    columns = [
        Column(say("Rank"), number=True, share=0.4),
        Column(say("Policy"), share=2.75),
        Column(say("First for"), number=True, share=0.65),
        *(Column(title, number=True, share=1.1) for _, title in impacts),
        Column(say("Source"), share=0.7),
    ]
    rows = []
    for policy in priorities.policies[:n]:
        by_impact = {prize.impact: prize for prize in policy.prizes}
        rows.append(
            Row(
                (
                    Cell(str(policy.rank)),
                    Cell(policy.title, under=_shaky(parts, policy), href=parts.page("priorities", policy.id)),
                    Cell(policy.first_share),
                    *(
                        _prize_cell(say("not worked out"), by_impact.get(key), key in policy.impact)
                        for key, _ in impacts
                    ),
                    parts.source(name for prize in policy.prizes if prize.text for name in prize.releases),
                )
            )
        )
    title = say("The priorities: for what share of weightings each is first, and the size of the prize")
    return parts.table(title, columns, rows, small=True)


def _shaky(parts: Parts, policy: ShownPolicy) -> str:
    """That a policy rests on what fails, is uncertain or is fragile, in a line; else empty."""
    return f"{parts.say('Beware:')} {sentence(policy.beware or policy.warnings[0])}" if policy.warnings else ""


def _prize_cell(missing: str, prize: ShownPrize | None, claimed: bool) -> Cell:
    if prize is None:
        return Cell(none=missing) if claimed else Cell("–")
    return Cell(prize.text, under=prize.interval) if prize.text else Cell(none=prize.why_none or missing)


def _criteria(parts: Parts, priorities: ShownPriorities) -> Table:
    say = parts.say
    return parts.table(
        say("What a policy is judged by"),
        [
            Column(say("Criterion"), share=1.6),
            Column(say("What it asks"), share=2.6),
            Column(say("Assessed for"), share=0.8),
        ],
        [
            Row((Cell(one.title), Cell(one.asks), Cell(say("{n} of {of}", n=one.assessed, of=one.of))))
            for one in priorities.criteria
        ],
        small=True,
    )


def _policy(parts: Parts, priorities: ShownPriorities, policy: ShownPolicy) -> Iterable[Block]:
    say = parts.say
    yield Heading(f"{policy.rank}. {policy.title}", 2, f"priority-{policy.id}", listed=True)
    yield Paragraph(runs(sentence(policy.says)))
    if policy.warnings:
        told = policy.beware or "; ".join(policy.warnings)
        yield Paragraph((Run(f"{say('Beware:')} ", strong=True), Run(sentence(told))))
    facts = [
        Fact(say("How sure"), runs(sentence(policy.line))),
        Fact(say("Who can act"), runs(capital(", ".join(policy.lever_titles)))),
    ]
    challenges = [one.title for one in parts.publication.challenges if one.id in policy.challenges]
    if challenges:
        facts.append(Fact(say("Grand Challenges"), runs(", ".join(challenges))))
    yield Facts(tuple(facts))
    if policy.detail_html:
        yield from parts.prose(policy.detail_html, level=3)
    for prize in policy.prizes:
        yield from _prize(parts, prize)
    if rests := [rest for rest in policy.rests_on if rest.conclusion in parts.conclusions]:
        yield Heading(say("What it rests on"), 3)
        for rest in rests:
            yield parts.says(parts.conclusions[rest.conclusion])
    yield _judged(parts, priorities, policy)
    for one in policy.evaluations:
        yield Paragraph(
            (
                Run(f"{sentence(one.says)} "),
                Run(one.reference.title, href=one.reference.url),
                Run(f", {one.reference.publisher}, {say('read on {date}', date=one.reference.accessed)}."),
            )
        )
    if policy.first_when:
        yield Paragraph(runs(say("It would come first where:")))
        yield Items(tuple((Paragraph(runs(line)),) for line in policy.first_when))
    for success in policy.success:
        yield Paragraph(
            (
                Run(f"{success.label}, {success.area_name}: ", strong=True),
                Run(f"{capital(success.status)}. {sentence(success.line)}"),
            )
        )


def _prize(parts: Parts, prize: ShownPrize) -> Iterable[Block]:
    say = parts.say
    titles = {impact.id: impact.title for impact in parts.publication.impacts}
    yield Heading(say("{impact}: the size of the prize", impact=titles.get(prize.impact, prize.impact)), 3)
    if not prize.text:
        yield Paragraph(runs(sentence(prize.why_none or say("not worked out"))))
        return
    interval = f" ({prize.interval})" if prize.interval else ""
    yield Paragraph(
        (Run(f"{prize.text}{interval}. ", strong=True), Run(f"{sentence(prize.title)} {sentence(prize.note)}"))
    )
    if prize.areas:
        exposed = prize.measure == "exposure"
        columns = [Column(say("District"), share=1.6)]
        columns += (
            [Column(say("Largest sector"), share=1.8), Column(say("Recovery"), share=1.4)]
            if exposed
            else [Column(say("Now"), number=True), Column(say("There"), number=True)]
        )
        columns.append(Column(say("Worth"), number=True, share=1.2))
        yield parts.table(
            sentence(prize.title).rstrip("."),
            columns,
            [
                Row(
                    (
                        Cell(area.name, href=parts.page("areas", area.area)),
                        *(
                            (Cell(area.largest), Cell(area.recovery))
                            if exposed
                            else (Cell(area.own), Cell(area.target))
                        ),
                        Cell(area.text, under=area.interval) if area.text else Cell(none=area.why_none),
                    )
                )
                for area in prize.areas
            ],
            small=True,
        )
    if (source := parts.source(prize.releases)).text:
        yield Paragraph((Run(f"{say('Source')}: "), Run(source.text, href=source.href)), tone="quiet")
    if prize.working:
        yield Items(tuple((Paragraph(runs(step)),) for step in prize.working), ordered=True, steps=True)


def _judged(parts: Parts, priorities: ShownPriorities, policy: ShownPolicy) -> Table:
    say = parts.say
    titles = {one.id: one.title for one in priorities.criteria}
    return parts.table(
        say("How “{policy}” is judged", policy=policy.title),
        [Column(say("Criterion"), share=1.5), Column(say("Value"), share=1.3), Column(say("Why"), share=2.4)],
        [
            Row(
                (
                    Cell(titles.get(one.id, one.id)),
                    Cell(one.text, under=one.range_text)
                    if one.state != "not assessed"
                    else Cell(none=say("not assessed")),
                    Cell(sentence(one.reason)),
                )
            )
            for one in policy.criteria
            if one.state != "not claimed" and one.id.partition(".")[0] in policy.impact
        ],
        small=True,
    )


__all__ = ["ranking", "section"]
