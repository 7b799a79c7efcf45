"""What changed between two editions: conclusions and who led to it, priorities, what people said, figures, releases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wellfounded.priorities.types import ShownPolicy
from wellfounded.publishing import sureness
from wellfounded.publishing.model import (
    ChangedConclusion,
    ChangedPriority,
    ChangedSaid,
    Changes,
    ConclusionChange,
    EditionRef,
    HistoryEntry,
    Publication,
    RevisedFigure,
    ShownConclusion,
    ShownFigure,
    ShownIndicator,
)
from wellfounded.publishing.strings import Strings

Read = tuple[Publication, Sequence[ShownIndicator]]
Key = tuple[str, str, str, str, str]
SAME = 1e-9  # of the value: what is left of arithmetic is no revision


def between(before: Read, now: Read) -> Changes:
    """What changed from one publication to another; one that is no edition counts as number 0."""
    old, new = before[0], now[0]
    known = dict.fromkeys(old.releases)
    return Changes(
        since=old.edition or EditionRef(0, old.built_at[:10]),
        to=new.edition,
        conclusions=tuple(_conclusions(old, new)),
        figures=(revised := _revised(before, now))[0],
        figures_revised=revised[1],
        new_periods=tuple(_periods(before[1], now[1])),
        releases=tuple(release for name, release in new.releases.items() if name not in known),
        indicators_new=_only(now[1], before[1]),
        indicators_gone=_only(before[1], now[1]),
        said=tuple(_said(said_of(old), said_of(new))),
        priorities=tuple(_ranks(_policies(old), _policies(new))),
        priorities_ranked=(len(_policies(old)), len(_policies(new))),
    )


def is_empty(changes: Changes) -> bool:
    """Whether nothing changed that a reader could see."""
    return not (
        changes.conclusions
        or changes.figures_revised
        or changes.new_periods
        or changes.releases
        or changes.indicators_new
        or changes.indicators_gone
        or changes.said
        or changes.priorities
    )


def same_texts(old: Publication, new: Publication) -> bool:
    """Whether all else that is printed is the same too: chapters, settings, the summary, priorities."""
    plain = {"edition": None, "changes": None, "digest": "", "built_at": "", "version": ""}
    return bool(msgspec.structs.replace(old, **plain) == msgspec.structs.replace(new, **plain))


def said_of(publication: Publication) -> dict[str, tuple[str, str]]:
    """What organisations say of each conclusion beneath a priority, in words, after the conclusion's sentence."""
    return {
        node.id.removeprefix("conclusion:"): (node.text, node.said)
        for policy in _policies(publication)
        for node in policy.nodes
        if node.kind == "conclusion"
    }


def _said(old: Mapping[str, tuple[str, str]], new: Mapping[str, tuple[str, str]]) -> Iterable[ChangedSaid]:
    """Conclusions beneath priorities then and now of which something else is said."""
    for identifier, (sentence, now) in new.items():
        if identifier in old and old[identifier][1] != now:
            yield ChangedSaid(identifier, sentence, old[identifier][1], now)


def _policies(publication: Publication) -> tuple[ShownPolicy, ...]:
    return publication.priorities.policies if publication.priorities is not None else ()


def _ranks(old: Sequence[ShownPolicy], new: Sequence[ShownPolicy]) -> Iterable[ChangedPriority]:
    """Policies with another rank than before, first to last, then those that are gone; where both rank policies."""
    if not (old and new):
        return
    before = {policy.id: policy for policy in old}
    for policy in new:
        was = before.pop(policy.id, None)
        if was is None:
            yield ChangedPriority(policy.id, policy.title, rank=policy.rank, first=policy.first_share)
        elif was.rank != policy.rank:
            yield ChangedPriority(policy.id, policy.title, was.rank, policy.rank, was.first_share, policy.first_share)
    for policy in before.values():
        yield ChangedPriority(policy.id, policy.title, rank_before=policy.rank, first_before=policy.first_share)


def _conclusions(old: Publication, new: Publication) -> Iterable[ChangedConclusion]:
    """Conclusions that are new, not as they were, or withdrawn, in the order of the chapters."""
    before = {c.id: c for c in sureness.published(old.conclusions)}
    now = {c.id: c for c in sureness.published(new.conclusions)}
    since, say = old.edition.date if old.edition is not None else old.built_at[:10], Strings.of(new)
    everything = {c.id: c for c in new.conclusions}
    for identifier, conclusion in now.items():
        found = _change(before.get(identifier), conclusion, since, say)
        if found is not None:
            yield found
    for identifier, conclusion in before.items():
        if identifier not in now:
            history = _since(everything[identifier].history, conclusion, since) if identifier in everything else ()
            yield ChangedConclusion(
                identifier,
                conclusion.chapter,
                ("withdrawn",),
                sentence_before=conclusion.sentence,
                verdict_before=conclusion.verdict,
                sure_before=sureness.mark(conclusion, say)[1],
                why=_why(history),
                responses=_responses(history),
            )


def _change(old: ShownConclusion | None, new: ShownConclusion, since: str, say: Strings) -> ChangedConclusion | None:
    history = _since(new.history, old, since)
    changes: list[ConclusionChange] = []
    if old is None:
        changes.append("new")
    else:
        if old.sentence != new.sentence:
            changes.append("reworded")
        if old.verdict != new.verdict:
            changes.append("verdict")
        if (old.holds, old.of) != (new.holds, new.of):
            changes.append("robustness")
        if history and not changes:
            changes.append("noted")
    if not changes:
        return None
    return ChangedConclusion(
        new.id,
        new.chapter,
        tuple(changes),
        sentence=new.sentence,
        sentence_before=old.sentence if old is not None else "",
        verdict=new.verdict,
        verdict_before=old.verdict if old is not None else "",
        sure=sureness.mark(new, say)[1],
        sure_before=sureness.mark(old, say)[1] if old is not None else "",
        why=_why(history),
        responses=_responses(history),
    )


def _since(history: Sequence[HistoryEntry], old: ShownConclusion | None, date: str) -> tuple[HistoryEntry, ...]:
    """Entries that the conclusion did not have before and that are of the day of the edition before or later.

    Those whose date is no ISO date can't be placed and are told too.
    """
    had = old.history if old is not None else ()
    return tuple(e for e in history if e not in had and (not e.date[:4].isdigit() or e.date >= date))


def _why(history: Sequence[HistoryEntry]) -> str:
    return " ".join(dict.fromkeys(entry.why for entry in history if entry.why))


def _responses(history: Sequence[HistoryEntry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference for entry in history for reference in entry.responses))


def _figures(read: Read) -> dict[Key, tuple[str, ShownFigure]]:
    """Every figure of the indicators' tables, and of tests, by what it is of; with its indicator's label."""
    indicators = read[1]
    found: dict[Key, tuple[str, ShownFigure]] = {}
    labels = {indicator.id: indicator.label for indicator in indicators}
    shown = [figure for indicator in indicators for row in indicator.series for figure in row.figures]
    # A conclusion may look at an earlier release on purpose; only the tables say what a figure is now.
    for figure in shown:
        found.setdefault(
            (figure.indicator, figure.area, figure.start, figure.end, figure.category),
            (labels.get(figure.indicator, figure.indicator), figure),
        )
    return found


def _revised(before: Read, now: Read) -> tuple[tuple[RevisedFigure, ...], int]:
    """Figures whose printed text moved, place and members first, and how many moved at all."""
    old, new = _figures(before), _figures(now)
    areas = [now[0].place.code, *(member.code for member in now[0].members)]
    order = {code: at for at, code in enumerate(areas)}
    moved = [
        RevisedFigure(figure.indicator, label, figure.area_name, figure.period, old[key][1], figure)
        for key, (label, figure) in new.items()
        if key in old and _differs(old[key][1], figure)
    ]
    told = [change for change in moved if _told(change.before) != _told(change.now)]
    told.sort(key=lambda c: (order.get(c.now.area, len(order)), c.label, c.now.area_name, c.now.start, c.now.category))
    return tuple(told), len(moved)


def _differs(old: ShownFigure, new: ShownFigure) -> bool:
    if old.value is None or new.value is None:
        return (old.value is None) != (new.value is None)
    return not math.isclose(old.value, new.value, rel_tol=SAME, abs_tol=SAME)


def _told(figure: ShownFigure) -> str:
    return figure.text or figure.why_none


def _periods(old: Sequence[ShownIndicator], new: Sequence[ShownIndicator]) -> Iterable[tuple[str, str, str]]:
    """Indicators whose latest period moved on: label, before and now."""
    before = {indicator.id: indicator for indicator in old}
    for indicator in new:
        was = before.get(indicator.id)
        if was is not None and was.period != indicator.period:
            yield indicator.label, was.period, indicator.period


def _only(mine: Sequence[ShownIndicator], others: Sequence[ShownIndicator]) -> tuple[tuple[str, str], ...]:
    theirs = {indicator.id for indicator in others}
    return tuple((indicator.id, indicator.label) for indicator in mine if indicator.id not in theirs)


__all__ = ["between", "is_empty", "said_of", "same_texts"]
