"""Themes: the same for the same points, stable when new ones come, and a person's own stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people.consultation.understanding.said import FARMING, SUBJECTS, every_point
from wellfounded.people.consultation.understanding.themes import Theme, ThemesDoNotFit, themes_of

POINTS = every_point()
IDS = [f"p{number:02d}" for number in range(len(POINTS))]
SUBJECT = [subject for subject, texts in SUBJECTS.items() for _ in texts]


def by_point(themes: tuple[Theme, ...], ids: list[str]) -> dict[str, str]:
    return {ids[point]: theme.id for theme in themes for point in theme.points}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_points_give_the_same_themes_whatever_their_order(seed):
    order = np.random.default_rng(seed).permutation(len(POINTS))
    there = themes_of(IDS, POINTS)
    here = themes_of([IDS[place] for place in order], [POINTS[place] for place in order])
    assert by_point(here, [IDS[place] for place in order]) == by_point(there, IDS)
    assert [(theme.id, theme.terms) for theme in here] == [(theme.id, theme.terms) for theme in there]
    shown = [[IDS[order[point]] for point in theme.representatives] for theme in here]
    assert shown == [[IDS[point] for point in theme.representatives] for theme in there]


def test_themes_are_what_points_are_about_with_words_of_their_own():
    themes = themes_of(IDS, POINTS, at_most=3)
    pure = sum(
        max(SUBJECT.count(s) and [SUBJECT[p] for p in theme.points].count(s) for s in SUBJECTS) for theme in themes
    )
    placed = sum(len(theme.points) for theme in themes)
    assert placed >= 15
    assert pure / placed >= 0.8
    assert {"skills", "bus"} <= {word for theme in themes for term in theme.terms for word in term.split()}
    assert all(set(theme.representatives) <= set(theme.points) for theme in themes)


def test_ids_go_on_when_new_points_come_and_a_new_subject_gets_one_of_its_own():
    rng = np.random.default_rng(7)
    order = [*SUBJECTS, "farming"]
    subjects = [*SUBJECT, *["farming"] * len(FARMING)]
    vectors = np.eye(8, dtype=np.float32)[[order.index(subject) for subject in subjects]]
    vectors += rng.normal(0, 0.1, vectors.shape).astype(np.float32)
    earlier = by_point(themes_of(IDS, POINTS, vectors=vectors[: len(IDS)]), IDS)
    assert len(set(earlier.values())) == 3

    ids = ["n1", "n2", "n3", "n4", *IDS]
    vectors = np.concatenate([vectors[len(IDS) :], vectors[: len(IDS)]])
    after = by_point(themes_of(ids, [*FARMING, *POINTS], vectors=vectors, earlier=earlier), ids)
    assert {point: after[point] for point in IDS} == earlier
    farming = {after[point] for point in ("n1", "n2", "n3", "n4")}
    assert len(farming) == 1
    assert farming.isdisjoint(earlier.values())


def test_what_a_person_merged_stays_together_and_draws_what_is_close():
    # A person has put buses and skills together under a name of theirs.
    earlier = {point: "getting-to-work" for point, subject in zip(IDS, SUBJECT, strict=True) if subject != "housing"}
    ids, texts = [*IDS, "new"], [*POINTS, "The bus to the college was cut, and there is no other bus."]
    themes = themes_of(ids, texts, earlier=earlier, kept={"getting-to-work"}, at_most=4)
    after = by_point(themes, ids)
    assert {after[point] for point in earlier} == {"getting-to-work"}
    assert after["new"] == "getting-to-work"


def test_what_a_person_split_stays_apart():
    buses = [point for point, subject in zip(IDS, SUBJECT, strict=True) if subject == "buses"]
    earlier = {point: ("fares" if place == 4 else "times") for place, point in enumerate(buses)}
    after = by_point(themes_of(IDS, POINTS, earlier=earlier, kept={"fares", "times"}), IDS)
    assert {point: after[point] for point in buses} == earlier


def test_vectors_from_a_model_are_used_where_there_are_some():
    vectors = np.zeros((len(POINTS), 8), np.float32)
    for row, subject in enumerate(SUBJECT):
        vectors[row, list(SUBJECTS).index(subject)] = 1
    themes = themes_of(IDS, POINTS, vectors=vectors, at_most=3)
    assert (
        sorted({SUBJECT[point] for point in theme.points} == {SUBJECT[theme.points[0]]} for theme in themes)
        == [True] * 3
    )


@settings(max_examples=20)
@given(st.lists(st.text(max_size=20), max_size=8))
def test_a_point_is_in_at_most_one_theme_whatever_it_says(texts):
    themes = themes_of([str(number) for number in range(len(texts))], texts)
    points = [point for theme in themes for point in theme.points]
    assert len(points) == len(set(points))


def test_lists_that_do_not_fit_are_refused():
    with pytest.raises(ThemesDoNotFit, match="1 ids, 2 texts and no vectors"):
        themes_of(["a"], ["b", "c"])
