"""The model reads the same words once: what it made is kept, changes no result, and goes with the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import transaction

from tests.people.consultation.understanding.said import CONCLUSIONS, FARMING, SUBJECTS, every_point
from wellfounded.people.consultation.actions import arrivals, privacy
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.actions.linking import Linked, decide
from wellfounded.people.consultation.models import Embedding, Missed, Point, Response, Suggestion, ThemePoint
from wellfounded.people.consultation.preparing import kept, splitting, suggesting, theming
from wellfounded.people.consultation.preparing.run import understand
from wellfounded.people.consultation.preparing.subjects import Known
from wellfounded.people.consultation.types import About, Says, Target
from wellfounded.people.consultation.understanding.embedding import load_embedder
from wellfounded.people.consultation.understanding.linking import Linker

NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
KNOWN = [Known(Target(About.CONCLUSION, id), text, "", "h") for id, text in CONCLUSIONS.items()]
BUSES = Linked(Target(About.CONCLUSION, "bus-times"), Says.SUPPORTS)
READER = "reader@example.org"


@pytest.fixture
def measured(monkeypatch) -> list[str]:
    """The points that the model is given from here on."""
    given: list[str] = []
    plain = Linker.measure

    def measure(self: Linker, texts: list[str]) -> object:
        given.extend(texts)
        return plain(self, texts)

    monkeypatch.setattr(Linker, "measure", measure)
    return given


@pytest.fixture
def emptied(both) -> Iterator[None]:
    """Both databases, each without responses afterwards."""
    yield
    Response.objects.all().delete()


def say(*texts: str) -> None:
    for text in texts:
        arrivals.receive_web(Sent(text=text), key=text[:80], now=NOW)


def run(*, now: datetime = NOW, **more: bool) -> dict[str, int]:
    return understand(KNOWN, now=now, **more)


def found() -> list[object]:
    """What a run leaves, to the last digit."""
    return [
        sorted(Suggestion.objects.values_list("point", "target", "confidence")),
        sorted(Missed.objects.values_list("point", "novelty", "score", "like"), key=str),
        sorted(ThemePoint.objects.values_list("point", "theme__key", "theme__name", "representative")),
    ]


def test_a_run_finds_the_same_whether_all_was_kept_or_nothing_and_puts_only_what_is_new_to_the_model(emptied, measured):
    first, later = (
        [*every_point(), *FARMING[:2]],
        [*FARMING[2:], "Barges on the canal carry salt, and nobody counts it."],
    )
    say(*first)
    run()
    assert set(measured) == set(first)
    for point in Point.objects.filter(response__text__in=SUBJECTS["buses"]):
        decide(point, {BUSES}, version=point.version, by=READER, now=NOW)
    say(*later)
    run(now=NOW + timedelta(minutes=1), everything=False)
    say(FARMING[0].replace("Farming", "Fishing"))
    splitting.split(now=NOW)
    results = []
    for cold in (False, True):
        with transaction.atomic():
            if cold:
                Embedding.objects.all().delete()
            measured.clear()
            run(again=True)
            assert len(set(measured)) == (Point.objects.count() if cold else 1)
            results.append(found())
            transaction.set_rollback(True)
    assert results[0] == results[1]
    assert all(results[0]), "there are suggestions, misses and themes to compare"


def test_what_is_kept_gives_the_same_bits_in_any_company_and_under_another_frame_it_does_not_count(db, measured):
    say(*every_point())
    run()
    linker = suggesting.linker(embedder=load_embedder())
    points = theming.everything()
    texts = [each.text for each in points]
    plain, warm = linker.read(texts), kept.read(linker, points)
    for some in (slice(3, 4), slice(2, 9)):
        Embedding.objects.filter(point__in=[each.point for each in points[some]]).delete()
        mixed = kept.read(linker, points)
        for one in (warm, mixed):
            assert np.array_equal(one.confidence, plain.confidence)
            assert np.array_equal(one.vectors, plain.vectors)
    measured.clear()
    assert kept.read(replace(linker, frame="another"), points[:2]).confidence.shape == (2, len(CONCLUSIONS))
    assert measured == sorted(texts[:2])


def test_the_frame_is_another_when_the_publication_or_the_points_it_was_made_with_are(db):
    def frame() -> str:
        return suggesting.linker(embedder=load_embedder()).frame

    say(*every_point()[:4])
    run()
    before = frame()
    point = Point.objects.order_by("pk")[3]
    decide(point, {BUSES}, version=0, by=READER, now=NOW)
    say(*every_point()[4:7])
    run()
    assert frame() == before, "neither decisions nor a few points more change it"
    say(every_point()[7])
    run()
    assert frame() != before, "twice as many points do"
    before = frame()
    understand([*KNOWN[:2], replace(KNOWN[2], title="Houses cost more years of pay here.")], now=NOW, again=True)
    assert frame() != before
    assert set(Embedding.objects.values_list("frame", flat=True)) == {frame()}, "what nothing needs is not kept"


def test_nothing_is_kept_of_what_was_erased_or_deleted_and_what_others_say_too_stays(db):
    say(*every_point()[:4])
    arrivals.receive_web(Sent(text=every_point()[0]), key="the same again", now=NOW)
    run()
    kept_of = {each.point_id for each in Embedding.objects.all()}
    erased, deleted = Response.objects.get(text=every_point()[1]), Response.objects.get(text=every_point()[2])
    assert {erased.points.get().pk, deleted.points.get().pk} <= kept_of
    privacy.erase(erased, by=READER, now=NOW, why="asked for")
    assert not Embedding.objects.filter(point__response=erased).exists()
    deleted.delete()
    left = Embedding.objects.count()
    assert left == len(kept_of) - 2
    run()
    assert not Embedding.objects.filter(point__response__erased_at__isnull=False).exists()


def test_what_is_erased_while_the_model_reads_it_is_not_kept(emptied, measured, monkeypatch):
    say(*every_point()[:4])
    counting = Linker.measure
    erased = []

    def measure(self: Linker, texts: list[str]) -> object:
        made = counting(self, texts)
        if not erased:
            erased.append(Response.objects.order_by("pk")[0])
            privacy.erase(erased[0], by="respondent", now=NOW, why="asked for")
        return made

    monkeypatch.setattr(Linker, "measure", measure)
    run()
    assert measured
    assert Embedding.objects.exists()
    assert not Embedding.objects.filter(point__response=erased[0]).exists()
