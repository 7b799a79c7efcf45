"""Links are suggested, surest first, or not at all; what people decide teaches; stance is never guessed."""

from __future__ import annotations

import inspect
import itertools

import numpy as np
import pytest

from tests.people.consultation.understanding.said import CONCLUSIONS, FARMING, SUBJECTS, every_point
from wellfounded.people.consultation.types import About, Says, Target
from wellfounded.people.consultation.understanding import linking
from wellfounded.people.consultation.understanding.embedding import Embedder, load_embedder
from wellfounded.people.consultation.understanding.linking import (
    Candidate,
    Decided,
    Linker,
    NoCandidates,
    NoSuchTarget,
    shipped,
)

TARGETS = {id: Target(About.CONCLUSION, id) for id in CONCLUSIONS}
CANDIDATES = [Candidate(TARGETS[id], text) for id, text in CONCLUSIONS.items()]
OF = dict(zip(SUBJECTS, CONCLUSIONS, strict=True))
POINTS = every_point()
RIGHT = [TARGETS[OF[subject]] for subject, texts in SUBJECTS.items() for _ in texts]


@pytest.fixture(scope="module", params=["with the model", "without it"])
def embedder(request: pytest.FixtureRequest) -> Embedder | None:
    if request.param == "without it":
        return None
    found = load_embedder()
    assert found is not None, "the model is installed by default"
    return found


@pytest.fixture(scope="module")
def linker(embedder: Embedder | None) -> Linker:
    return Linker.of(CANDIDATES, background=POINTS, embedder=embedder)


def test_what_is_suggested_is_mostly_right_and_what_is_far_gets_nothing(linker):
    suggested = linker.suggest([*POINTS, *FARMING], at_most=1)
    told = [(one[0].target, right) for one, right in zip(suggested, RIGHT, strict=False) if one]
    assert len(told) >= 3
    assert sum(target == right for target, right in told) / len(told) >= (0.8 if linker.semantic else 0.6)
    assert sum(bool(one) for one in suggested[len(POINTS) :]) <= 1


def test_suggestions_are_sure_enough_in_order_and_no_more_than_asked(linker):
    for at_most, at_least in ((1, 0.5), (3, 0.05), (2, 0.0)):
        for one in linker.suggest(POINTS, at_most=at_most, at_least=at_least):
            assert len(one) <= at_most
            sure = [suggestion.confidence for suggestion in one]
            assert all(1 >= confidence >= at_least for confidence in sure)
            assert all(before >= after - linking.CLOSE for before, after in itertools.pairwise(sure))


def test_a_point_gets_the_same_answer_alone_and_among_others_in_any_order(linker):
    together = linker.confidence(POINTS)
    for some in (POINTS[:1], POINTS[1:4], [*FARMING, *POINTS[3:5]]):
        alone = linker.confidence(some)
        for row, text in enumerate(some):
            if text in POINTS:
                assert np.array_equal(alone[row], together[POINTS.index(text)]), (
                    "to the last bit, so that it can be kept"
                )
    assert np.array_equal(linker.confidence(POINTS[::-1])[::-1], together)
    assert linker.confidence([]).shape == (0, 3)
    assert np.isfinite(linker.confidence(["", " ", "?!", "🙂", "a" * 5000])).all()


def test_of_two_that_are_equally_close_the_conclusion_comes_first(embedder):
    twins = [Candidate(Target(About.CHAPTER, "transport"), CONCLUSIONS["bus-times"]), CANDIDATES[0]]
    (found,) = Linker.of(twins, embedder=embedder).suggest([CONCLUSIONS["bus-times"]], at_least=0.0)
    assert [suggestion.target.about for suggestion in found] == [About.CONCLUSION, About.CHAPTER]


def test_a_target_with_several_texts_is_as_close_as_the_closest(embedder):
    more = [*CANDIDATES, Candidate(TARGETS["skills"], FARMING[0])]
    linker = Linker.of(more, embedder=embedder)
    assert linker.targets == tuple(TARGETS.values())
    assert linker.confidence([FARMING[0]]).argmax() == list(CONCLUSIONS).index("skills")


def test_one_confirmed_point_draws_others_that_say_the_same(embedder):
    point, alike = FARMING[1], FARMING[3]
    before = Linker.of(CANDIDATES, background=POINTS, embedder=embedder)
    after = Linker.of(
        CANDIDATES, background=POINTS, embedder=embedder, decisions=[Decided(point, TARGETS["house-prices"])]
    )
    place = list(CONCLUSIONS).index("house-prices")
    assert after.confidence([alike])[0, place] > 2 * before.confidence([alike])[0, place]


def test_enough_decisions_teach_what_this_team_takes_for_a_link(embedder):
    rng = np.random.default_rng(5)
    said = [
        f"{text[:-1]}, {town} firm {number} says."
        for number, town in enumerate(("Crewe", "Lymm", "Neston"))
        for text in POINTS
    ]
    right = RIGHT * 3
    off = [f"{text[:-1]}, says {number}." for number in range(5) for text in FARMING]
    decisions = [Decided(text, target) for text, target in zip(said, right, strict=True)]
    decisions += [Decided(text, Target(About.MISSING)) for text in off]
    order = rng.permutation(len(decisions))
    taught = Linker.of(
        CANDIDATES, background=POINTS, embedder=embedder, decisions=[decisions[place] for place in order]
    )
    plain = Linker.of(CANDIDATES, background=POINTS, embedder=embedder)
    assert (taught.calibration.source, taught.calibration.decisions) == ("the team's decisions", len(decisions))
    assert plain.calibration.decisions == 0
    fresh = [text.replace("The ", "Our ").replace("We ", "I ") for text in POINTS]
    answer = np.array([[target == right for target in TARGETS.values()] for right in RIGHT])
    lost = [float(((linker.confidence(fresh) - answer) ** 2).mean()) for linker in (plain, taught)]
    assert lost[1] < lost[0]
    assert sum(bool(one) for one in taught.suggest(FARMING)) <= 1


def test_a_refusal_is_remembered(embedder):
    refused = [Decided(text, TARGETS["bus-times"], confirmed=False) for text in SUBJECTS["buses"]]
    others = [
        Decided(text, target) for text, target in zip(POINTS, RIGHT, strict=True) if target != TARGETS["bus-times"]
    ]
    many = [Decided(f"{one.point} {n}", one.target, one.confirmed) for one in (*refused, *others) for n in range(4)]
    taught = Linker.of(CANDIDATES, embedder=embedder, decisions=many)
    plain = Linker.of(CANDIDATES, embedder=embedder)
    fresh = "The last bus goes before my late shift ends."
    assert taught.confidence([fresh])[0, 0] < plain.confidence([fresh])[0, 0]


def test_stance_is_in_no_signature_and_no_answer():
    names = {
        name for _, one in inspect.getmembers(Linker, inspect.isfunction) for name in inspect.signature(one).parameters
    }
    assert "stance" not in names | set(Linker.__dataclass_fields__)
    assert not any(says.value in dir(linking) for says in Says)


def test_the_weights_that_ship_say_where_they_come_from():
    found = shipped()
    assert "ArgKP" in found.source
    assert "CDLA-Sharing-1.0" in found.licence
    assert len(found.learned_from) == 64
    assert 0 < len(found.without_model.by) < len(found.with_model.by) < 30


def test_nothing_to_link_to_and_decisions_on_what_is_gone_are_refused():
    with pytest.raises(NoCandidates, match="at least one conclusion"):
        Linker.of([])
    with pytest.raises(NoSuchTarget, match="conclusion 'gone'"):
        Linker.of(CANDIDATES, decisions=[Decided("x", Target(About.CONCLUSION, "gone"))])


def test_embeddings_are_of_length_one_and_the_same_in_any_company():
    embedder = load_embedder()
    assert embedder is not None
    vectors = embedder.encode([*POINTS, POINTS[0], ""])
    assert np.allclose(np.linalg.norm(vectors[:-1], axis=1), 1, atol=1e-3)
    assert np.array_equal(vectors[0], vectors[-2])
    assert not vectors[-1].any()
    assert np.array_equal(embedder.encode([POINTS[3]])[0], vectors[3])
    read, words = embedder.read(POINTS[:2])
    assert np.array_equal(read, vectors[:2])
    assert len(words.ids) == words.starts[-1] == len(words.vectors)
