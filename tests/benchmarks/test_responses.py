"""Five thousand responses are understood: what was planted is found, and nothing is lost on the way."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.responses import STEPS, Work, made


@pytest.fixture(scope="module")
def work() -> Work:
    work = made(5_000, embeddings=False)
    for _, step in STEPS:
        step(work)
    return work


def test_every_response_has_points_and_every_point_its_suggestions_or_none(work):
    assert set(work.of) == set(range(5_000))
    said = Counter("".join("".join(text.split()) for text in work.texts))
    assert Counter("".join("".join(point.split()) for point in work.points)) == said
    assert len(work.suggestions) == len(work.points) == len(work.read.confidence)


def test_the_campaigns_that_were_planted_are_found_whole_and_apart(work):
    found = [one.campaign for one in work.campaigns.readings]
    pairs = Counter((planted, campaign) for planted, campaign in zip(work.planted, found, strict=True) if planted >= 0)
    assert sum(count for (_, campaign), count in pairs.items() if campaign is not None) >= 0.99 * sum(pairs.values())
    assert len({campaign for _, campaign in pairs if campaign is not None}) == len({planted for planted, _ in pairs})
    assert sum(campaign is not None for campaign in found) <= 1.05 * sum(pairs.values())


def test_themes_and_what_was_missed_are_of_the_points_given(work):
    placed = [point for theme in work.themes for point in theme.points]
    assert 5 <= len(work.themes) <= 40
    assert len(placed) == len(set(placed)) > 0.2 * len(work.points)
    assert all(one.organisations + one.districts > 0 for one in work.missed)
    assert work.personal >= sum("@example.org" in text for text in work.texts)
