"""What the conclusions don't cover comes up, first what many different voices say."""

from __future__ import annotations

import pytest

from tests.people.consultation.understanding.said import CONCLUSIONS, FARMING, every_point
from wellfounded.people.consultation.types import About, Target
from wellfounded.people.consultation.understanding.embedding import Embedder, load_embedder
from wellfounded.people.consultation.understanding.linking import Candidate, Linker
from wellfounded.people.consultation.understanding.missed import Missed, VoicesDoNotMatch, missed_by

POINTS = every_point()
CANDIDATES = [Candidate(Target(About.CONCLUSION, id), text) for id, text in CONCLUSIONS.items()]


def found(embedder: Embedder | None, texts: list[str], organisations: list[str]) -> tuple[Missed, ...]:
    linker = Linker.of(CANDIDATES, background=texts, embedder=embedder)
    return missed_by(linker, texts, organisations=organisations, districts=["Cheshire East"] * len(texts))


@pytest.mark.parametrize("model", [True, False])
def test_a_rare_argument_that_was_planted_is_among_the_first(model):
    texts = [*POINTS, *FARMING]
    missed = found(load_embedder() if model else None, texts, [f"body {number}" for number in range(len(texts))])
    planted = set(range(len(POINTS), len(texts)))
    recalled = {point for one in missed[:3] for point in one.like} & planted
    assert len(recalled) >= (3 if model else 2)


def test_the_more_organisations_say_it_the_earlier_it_comes():
    texts = [*POINTS, *FARMING]
    many = [f"body {number}" for number in range(len(texts))]
    one_voice = [*many[: len(POINTS)], *["one farm"] * len(FARMING)]
    embedder = load_embedder()

    def place(organisations: list[str]) -> float:
        missed = found(embedder, texts, organisations)
        return max(one.score for one in missed if set(one.like) & set(range(len(POINTS), len(texts))))

    assert place(many) > place(one_voice) > place([*many[: len(POINTS)], *[""] * len(FARMING)])


def test_the_same_words_count_once_as_a_point_and_as_often_as_there_are_voices():
    texts = [*POINTS, FARMING[0], FARMING[0]]
    missed = found(load_embedder(), texts, ["a"] * len(POINTS) + ["b", "c"])
    (one,) = [one for one in missed if len(POINTS) in one.like]
    assert {len(POINTS), len(POINTS) + 1} <= set(one.like)
    assert one.organisations >= 2


def test_voices_are_asked_for_each_point():
    linker = Linker.of(CANDIDATES)
    with pytest.raises(VoicesDoNotMatch, match="1 points, 0 organisations"):
        missed_by(linker, ["x"], organisations=[], districts=[""])
    assert missed_by(linker, [], organisations=[], districts=[]) == ()
