"""What changed between two publications, one kind of change at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.web import sample
from wellfounded.priorities.types import ShownPolicy
from wellfounded.publishing import changes, documents
from wellfounded.publishing.changes import Read
from wellfounded.publishing.documents.changed import what_changed
from wellfounded.publishing.documents.parts import Parts
from wellfounded.publishing.model import EditionRef, HistoryEntry, ShownConclusion

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Read:
    publication, indicators = documents.read(sample.write(tmp_path_factory.mktemp("publication")))
    return replace(publication, edition=EditionRef(1, "2026-03-02")), indicators


def with_conclusion(read: Read, identifier: str, **altered: Any) -> Read:
    some = tuple(replace(c, **altered) if c.id == identifier else c for c in read[0].conclusions)
    return replace(read[0], conclusions=some, edition=EditionRef(2, "2026-06-01", previous=1)), read[1]


def first(read: Read) -> ShownConclusion:
    return next(c for c in read[0].conclusions if c.state == "published")


def test_a_publication_compared_with_itself_has_no_changes(before: Read) -> None:
    assert changes.is_empty(changes.between(before, before))


def test_a_conclusion_that_is_reworded_keeps_both_sentences_why_and_who_led_to_it(before: Read) -> None:
    was = first(before)
    entries = (
        HistoryEntry("2026-01-05", "Reworded", "Too early to count."),
        HistoryEntry("2026-04-01", "Reworded", "It was read as pay.", ("R-0003", "R-0009")),
    )
    found = changes.between(before, with_conclusion(before, was.id, sentence="Another sentence.", history=entries))
    (each,) = found.conclusions
    assert (each.changes, each.sentence, each.sentence_before) == (("reworded",), "Another sentence.", was.sentence)
    assert (each.why, each.responses) == ("It was read as pay.", ("R-0003", "R-0009"))
    assert (found.since.number, found.to.number if found.to else 0) == (1, 2)


def test_a_history_that_went_on_is_told_although_the_sentence_reads_as_before(before: Read) -> None:
    entry = HistoryEntry("2026-04-01", "The detail says what is counted.", "Readers asked.", ("R-0011",))
    now = with_conclusion(before, first(before).id, history=(*first(before).history, entry))
    (each,) = changes.between(before, now).conclusions
    assert (each.changes, each.why, each.responses) == (("noted",), "Readers asked.", ("R-0011",))
    assert not changes.between(now, now).conclusions, "an entry that the edition before had is no news"
    again = with_conclusion(now, first(before).id, sentence="Another sentence.")
    (each,) = changes.between(now, again).conclusions
    assert (each.changes, each.why) == (("reworded",), "")


def test_a_verdict_and_robustness_that_moved_are_told_apart(before: Read) -> None:
    was = first(before)
    (each,) = changes.between(before, with_conclusion(before, was.id, verdict="uncertain")).conclusions
    assert (each.changes, each.verdict_before, each.verdict) == (("verdict",), was.verdict, "uncertain")
    (each,) = changes.between(before, with_conclusion(before, was.id, holds=was.holds - 1)).conclusions
    assert each.changes == ("robustness",)
    assert each.sure != each.sure_before


def with_said(read: Read, words: str) -> Read:
    priorities = read[0].priorities
    assert priorities is not None
    policies = tuple(
        replace(one, nodes=tuple(replace(n, said=words) if n.kind == "conclusion" else n for n in one.nodes))
        for one in priorities.policies
    )
    return replace(read[0], priorities=replace(priorities, policies=policies)), read[1]


def test_what_people_said_that_changed_is_told_once_by_conclusion_and_is_a_change(before: Read) -> None:
    found = changes.between(before, with_said(before, "5 organisations support it, 1 challenges it"))
    (each,) = found.said  # three policies rest on the one conclusion
    assert (each.id, each.before) == ("output", "4 organisations support it")
    assert each.now == "5 organisations support it, 1 challenges it"
    assert not changes.is_empty(found)
    section = str(what_changed(Parts(*before), found, number="9"))
    assert "Before: 4 organisations support it. Now: 5 organisations support it, 1 challenges it." in section
    (gone,) = changes.between(before, with_said(before, "")).said
    assert gone.now == ""
    assert not changes.between((replace(before[0], priorities=None), before[1]), before).said, "not counted before"


def with_policies(read: Read, *policies: ShownPolicy) -> Read:
    priorities = read[0].priorities
    assert priorities is not None
    return replace(read[0], priorities=replace(priorities, policies=policies)), read[1]


def test_ranks_of_priorities_are_told_only_where_they_moved(before: Read) -> None:
    assert before[0].priorities is not None
    first, second, *rest = before[0].priorities.policies
    swapped = replace(second, rank=1, first="first for 44% of weightings"), replace(first, rank=2), *rest
    found = changes.between(before, with_policies(before, *swapped))
    assert [(each.id, each.rank_before, each.rank) for each in found.priorities] == [
        (second.id, 2, 1),
        (first.id, 1, 2),
    ]
    assert found.priorities[0].first == "44%"
    assert not changes.is_empty(found)
    section = str(what_changed(Parts(*before), found, number="9"))
    assert "2 policies have another rank." in section
    assert "Priorities" not in str(what_changed(Parts(*before), changes.between(before, before), number="9"))


def test_policies_that_are_new_or_gone_have_a_rank_on_one_side_only(before: Read) -> None:
    assert before[0].priorities is not None
    *others, last = before[0].priorities.policies
    fewer = with_policies(before, *others)
    (gone,) = changes.between(before, fewer).priorities
    assert (gone.id, gone.rank_before, gone.rank) == (last.id, last.rank, 0)
    (new,) = changes.between(fewer, before).priorities
    assert (new.id, new.rank_before, new.rank) == (last.id, 0, last.rank)
    assert changes.between(fewer, before).priorities_ranked == (len(others), len(others) + 1)
    assert "not ranked" in str(what_changed(Parts(*before), changes.between(fewer, before), number="9"))
    assert not changes.between((replace(before[0], priorities=None), before[1]), before).priorities, "not ranked before"


def test_conclusions_are_new_and_withdrawn(before: Read) -> None:
    was = first(before)
    now = with_conclusion(before, was.id, state="withdrawn", history=(HistoryEntry("2026-04-01", "Withdrawn", "Old."),))
    (each,) = changes.between(before, now).conclusions
    assert (each.changes, each.sentence, each.sentence_before, each.why) == (("withdrawn",), "", was.sentence, "Old.")
    (each,) = changes.between(now, before).conclusions
    assert (each.changes, each.sentence, each.sentence_before) == (("new",), was.sentence, "")
    section = str(
        what_changed(
            Parts(replace(now[0], site="https://example.org"), now[1]), changes.between(before, now), number="9"
        )
    )
    assert f"https://example.org/editions/1/conclusions/{was.id}" in section, "only the edition before has a page of it"
    gone = replace(now[0], conclusions=tuple(c for c in now[0].conclusions if c.id != was.id)), now[1]
    assert [each.changes for each in changes.between(before, gone).conclusions] == [("withdrawn",)]


def with_figure(read: Read, **altered: Any) -> Read:
    indicator, *others = read[1]
    row, *rows = indicator.series
    figure, *figures = row.figures
    moved = replace(indicator, series=(replace(row, figures=(replace(figure, **altered), *figures)), *rows))
    return read[0], (moved, *others)


def test_a_revised_figure_keeps_what_it_was_what_it_is_and_both_releases(before: Read) -> None:
    was = before[1][0].series[0].figures[0]
    assert was.value is not None
    now = with_figure(before, value=was.value * 1.1, text="£99", release="newer@2026-05-01")
    found = changes.between(before, now)
    (figure,) = found.figures
    assert (figure.before.text, figure.now.text) == (was.text, "£99")
    assert (figure.before.release, figure.now.release) == (was.release, "newer@2026-05-01")
    assert found.figures_revised == 1


def test_a_figure_that_moved_less_than_is_printed_is_counted_and_not_listed(before: Read) -> None:
    was = before[1][0].series[0].figures[0]
    assert was.value is not None
    found = changes.between(before, with_figure(before, value=was.value * (1 + 1e-6)))
    assert (found.figures_revised, found.figures) == (1, ())
    found = changes.between(before, with_figure(before, value=was.value * (1 + 1e-14)))
    assert changes.is_empty(found)


def test_a_figure_that_is_withheld_now_is_revised(before: Read) -> None:
    now = with_figure(before, value=None, text="", why_none="suppressed")
    (figure,) = changes.between(before, now).figures
    assert (figure.now.text, figure.now.why_none) == ("", "suppressed")


def test_later_periods_new_releases_and_indicators_are_told(before: Read) -> None:
    indicator, *others = before[1]
    later = (before[0], (replace(indicator, period="2031"), *others))
    assert changes.between(before, later).new_periods == ((indicator.label, indicator.period, "2031"),)
    fewer = (before[0], tuple(others))
    assert changes.between(before, fewer).indicators_gone == ((indicator.id, indicator.label),)
    assert changes.between(fewer, before).indicators_new == ((indicator.id, indicator.label),)
    release = next(iter(before[0].releases.values()))
    bare = (replace(before[0], releases={k: v for k, v in before[0].releases.items() if k != release.id}), before[1])
    assert changes.between(bare, before).releases == (release,)


def test_figures_of_the_place_come_before_those_of_others(built: Path) -> None:
    publication, indicators = documents.read(built)
    moved = tuple(
        replace(
            indicator,
            series=tuple(
                replace(
                    row,
                    figures=tuple(
                        replace(f, value=f.value + 1, text=f"{f.text}!") if f.value is not None else f
                        for f in row.figures
                    ),
                )
                for row in indicator.series[:1]
            ),
        )
        for indicator in indicators[:20]
    )
    found = changes.between((publication, indicators[:20]), (publication, moved)).figures
    own = [publication.place.code, *(member.code for member in publication.members)]
    places = [own.index(each.now.area) if each.now.area in own else len(own) for each in found]
    assert places == sorted(places)
    assert len(found) > 40
