"""The section of the pack on what changed since the edition before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from wellfounded.publishing import naming, sureness
from wellfounded.publishing.documents.document import (
    Block,
    Cell,
    Column,
    Heading,
    Items,
    Paragraph,
    Row,
    Run,
    Section,
    runs,
)
from wellfounded.publishing.documents.parts import Parts, figure_cell
from wellfounded.publishing.model import (
    ChangedConclusion,
    ChangedPriority,
    ChangedSaid,
    Changes,
    ConclusionChange,
    EditionRef,
    RevisedFigure,
    ShownFigure,
    ShownRelease,
)
from wellfounded.publishing.words import listed, sentence

MOST_FIGURES = 40  # revised; the page of the changes on the site has all


def what_changed(parts: Parts, changes: Changes, *, number: str) -> Section:
    """What changed since the edition before: conclusions, what people said, figures, releases and indicators."""
    say = parts.say
    since = naming.day(date.fromisoformat(changes.since.date), say)
    words = say("What changed since edition {n}", n=changes.since.number)
    blocks: list[Block] = [
        Paragraph(runs(say("Edition {n} is of {date}.", n=changes.since.number, date=since)), tone="lead")
    ]
    blocks.append(Heading(say("Conclusions"), 2, "changed-conclusions", listed=True))
    blocks += _conclusions(parts, changes)
    if changes.priorities:
        blocks.append(Heading(say("Priorities"), 2, "changed-priorities", listed=True))
        blocks += _priorities(parts, changes)
    if changes.said:
        blocks.append(Heading(say("What people said"), 2, "changed-said", listed=True))
        blocks.append(Items(tuple(tuple(_said(parts, each)) for each in changes.said)))
    blocks.append(Heading(say("Figures"), 2, "changed-figures", listed=True))
    blocks += _figures(parts, changes)
    blocks.append(Heading(say("Releases and indicators"), 2, "changed-releases", listed=True))
    blocks += _releases(parts, changes)
    return Section("changes", number, words, tuple(blocks))


def _conclusions(parts: Parts, changes: Changes) -> Iterable[Block]:
    if not changes.conclusions:
        yield Paragraph(runs(parts.say("No conclusion changed.")))
        return
    say = parts.say
    for title, kind in ((say("New"), "new"), (say("Withdrawn"), "withdrawn"), (say("Changed"), "")):
        some = [
            each for each in changes.conclusions
            if (kind in each.changes if kind else not {"new", "withdrawn"} & set(each.changes))
        ]  # fmt: skip
        if some:
            yield Heading(title, 3)
            yield Items(tuple(tuple(_conclusion(parts, each, since=changes.since.number)) for each in some))


def _conclusion(parts: Parts, each: ChangedConclusion, *, since: int) -> Iterable[Block]:
    say = parts.say
    gone = "withdrawn" in each.changes  # its page is that of the edition that still had it
    href = parts.page("conclusions", each.id, edition=since) if gone else parts.to("conclusion", each.id)
    yield Paragraph(runs(each.sentence or each.sentence_before, href=href))
    told = []
    if "reworded" in each.changes:
        told.append(say("Before: “{sentence}”", sentence=each.sentence_before))
    if "verdict" in each.changes:
        verdicts = [say(sureness.VERDICTS.get(v, v)) for v in (each.verdict_before, each.verdict)]
        told.append(say("Verdict: {before}, now {now}.", before=verdicts[0].lower(), now=verdicts[1].lower()))
    if "robustness" in each.changes:
        told.append(_then_and_now(parts, each.sure_before, each.sure))
    if each.why:
        told.append(say("Why: {why}", why=sentence(each.why)))
    if each.responses:
        told.append(say("Led by: {responses}.", responses=listed(list(each.responses), last=say("and"))))
    if told:
        yield Paragraph((Run(" ".join(told)),), tone="quiet")


def _priorities(parts: Parts, changes: Changes) -> Iterable[Block]:
    say = parts.say
    before, now = changes.priorities_ranked
    yield Paragraph(
        runs(say.count(len(changes.priorities), "{n} policy has another rank.", "{n} policies have another rank."))
    )
    columns = [
        Column(say("Policy"), share=2.6),
        Column(say("Rank before, of {n}", n=before), number=True, share=1.2),
        Column(say("Rank now, of {n}", n=now), number=True, share=1.1),
        Column(say("First for, before"), number=True), Column(say("First for, now"), number=True),
    ]  # fmt: skip
    rows = [
        Row(
            (
                Cell(each.title, href=parts.page("priorities", each.id) if each.rank else ""),
                Cell(str(each.rank_before)) if each.rank_before else Cell(none=say("not ranked")),
                Cell(str(each.rank)) if each.rank else Cell(none=say("not ranked")),
                Cell(each.first_before) if each.rank_before else Cell("–"),
                Cell(each.first) if each.rank else Cell("–"),
            )
        )
        for each in changes.priorities
    ]
    yield parts.table(
        say("Priorities with another rank, and for what share of weightings each is first"), columns, rows
    )


def _said(parts: Parts, each: ChangedSaid) -> Iterable[Block]:
    nobody = parts.say("no organisation has said anything")
    yield Paragraph(runs(each.sentence, href=parts.to("conclusion", each.id)))
    yield Paragraph((Run(_then_and_now(parts, each.before or nobody, each.now or nobody)),), tone="quiet")


def _then_and_now(parts: Parts, before: str, now: str) -> str:
    return parts.say("Before: {before}. Now: {now}.", before=before, now=now)


def _figures(parts: Parts, changes: Changes) -> Iterable[Block]:
    say = parts.say
    if not changes.figures_revised:
        yield Paragraph(runs(say("No figure was revised.")))
        return
    moved, shown = changes.figures_revised, changes.figures
    told = say.count(moved, "{n} figure was revised.", "{n} figures were revised.")
    if not shown:
        told += f" {say('As they are printed, nothing shows of it.')}"
    elif len(shown) < moved:
        told += f" {say.count(len(shown), 'As they are printed, {n} differs.', 'As they are printed, {n} differ.')}"
    yield Paragraph(runs(told))
    if not shown:
        return
    columns = [
        Column(say("Figure"), share=3), Column(say("Before"), number=True), Column(say("Now"), number=True),
        Column(say("Source before"), share=0.7), Column(say("Source now"), share=0.7),
    ]  # fmt: skip
    rows = [
        Row(
            (
                Cell(
                    each.label,
                    under=", ".join(part for part in (each.area_name, each.period, each.now.category_label) if part),
                    href=parts.to("indicator", each.indicator),
                ),
                figure_cell(each.before, say), figure_cell(each.now, say),
                _source_before(parts, each.before.release),
                parts.source([each.now.release]),
            )
        )
        for each in shown[:MOST_FIGURES]
    ]  # fmt: skip
    left = len(shown) - MOST_FIGURES
    foot = say.count(left, "And {n} more, on the site.", "And {n} more, on the site.") if left > 0 else ""
    yield parts.table(say("Figures revised"), columns, rows, foot=foot, small=True)


def _source_before(parts: Parts, release: str) -> Cell:
    """The release that a figure came from: its number, or its date where it is not used any more."""
    return parts.source([release]) if release in parts.source_numbers else Cell(release.rpartition("@")[2] or release)


def _releases(parts: Parts, changes: Changes) -> Iterable[Block]:
    say = parts.say
    if not (changes.releases or changes.new_periods or changes.indicators_new or changes.indicators_gone):
        yield Paragraph(runs(say("No release and no indicator is new, and none is gone.")))
    for title, texts in (
        (
            say("Releases used for the first time"),
            [f"{each.title} ({each.publisher}, {naming.released(each, say)})" for each in changes.releases],
        ),
        (say("Later figures"), [f"{label}: {was} → {now}" for label, was, now in changes.new_periods]),
        (say("New indicators"), [label for _, label in changes.indicators_new]),
        (say("Indicators no longer used"), [label for _, label in changes.indicators_gone]),
    ):
        if texts:
            yield Heading(title, 3)
            yield Items(tuple((Paragraph(runs(text)),) for text in texts))


def _every_change() -> Changes:
    figure, revised = ShownFigure("-", "-", "-", "-", "-"), 1 + MOST_FIGURES
    figures = tuple(RevisedFigure("-", "-", "-", "-", figure, figure) for _ in range(revised))
    kinds: tuple[ConclusionChange, ...] = ("reworded", "verdict", "robustness", "noted")
    changed = ChangedConclusion("-", "-", kinds, "-", "-", "holds", "fails", "-", "-", "-", ("-",))
    return Changes(
        since=EditionRef(1, "2000-01-01"),
        conclusions=(changed, *(replace(changed, changes=(only,)) for only in ("new", "withdrawn"))),
        figures=figures,
        figures_revised=revised + 2,
        new_periods=(("-", "-", "-"),),
        releases=(ShownRelease("-", "-", "-", "-", "-", "-", "-"),),
        indicators_new=(("-", "-"),),
        indicators_gone=(("-", "-"),),
        said=(ChangedSaid("-", "-", "", "-"),),
        priorities=(ChangedPriority("-", "-", 1, 0), ChangedPriority("-", "-", 0, 1)),
    )


EVERY_CHANGE = (  # of nothing: whoever lists the strings of documents hears all of this section's in them
    _every_change(),
    Changes(since=EditionRef(1, "2000-01-01")),
    Changes(since=EditionRef(1, "2000-01-01"), figures_revised=1),
)

__all__ = ["EVERY_CHANGE", "what_changed"]
