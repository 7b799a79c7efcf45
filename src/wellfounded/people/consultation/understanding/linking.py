"""Which conclusions a point is about, as suggestions that are calibrated, abstain, and learn from what people decide.

Several measures of closeness (see `closeness`) are weighed by a logistic regression. Its weights ship as numbers
learned from public pairs of arguments and key points (`weights.json` names the source, its licence and what was
measured); where the team has decided enough, a second regression of theirs is put on top. Neither sees whether a point
agrees: stance is asked for on the form and decided by people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from wellfounded.people.consultation.types import About, Suggestion, Target
from wellfounded.people.consultation.understanding.closeness import LEXICAL, SEMANTIC, Lexical, Matrix, Semantic
from wellfounded.people.consultation.understanding.embedding import Embedder, Vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

AT_ONCE = 2_000  # points that are read together: keeps memory flat
EXAMPLES = 30  # confirmed points kept for each target, the latest
DECISIONS = 3_000  # the latest that are learned from
ENOUGH = 40  # decisions from which the team's own regression is learned, with
OF_EACH = 10  # at least so many links and so many refusals or misses among them
CLOSE = 0.03  # two confidences no further apart than this are equal, and a conclusion comes first

_RELATIVE = ("characters", "contained", "centred cosine", "its rare words", "its own words")
_SHARPNESS = 12.0  # of the share that a candidate has of a point's closeness to all of them
_MADE_BY = ("embedding.py", "closeness.py", "linking.py"), ("numpy", "scipy", "scikit-learn")  # what is measured

Confidences = NDArray[np.float32]


class NoCandidates(ValueError):
    """There is nothing that a point could be linked to."""


class NoSuchTarget(ValueError):
    """A decision names what is not among the candidates."""


@dataclass(frozen=True)
class Candidate:
    """What a point may be about, in words: the sentence of a conclusion, the title of a chapter. A target may have
    several."""

    target: Target
    text: str


@dataclass(frozen=True)
class Decided:
    """What a person decided: that a point is about a target, or, when not `confirmed`, that it is not."""

    point: str
    target: Target
    confirmed: bool = True


class Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much the closeness to points that people have decided adds to the log-odds, once it is beyond a threshold."""

    beyond: float
    confirmed: float
    refused: float


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A logistic regression on measures of closeness: a handful of numbers."""

    constant: float
    by: dict[str, float]
    examples: Examples


class Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The weights that ship, and where they come from."""

    source: str
    licence: str
    learned_from: str  # the sha256 of the labels, so that nobody measures the weights on what they were learned from
    with_model: Weights
    without_model: Weights


@dataclass(frozen=True)
class Calibration:
    """What the confidences rest on."""

    source: str
    decisions: int  # of the team that it was learned from; 0 where the shipped one is used


@dataclass(frozen=True)
class Measured:
    """What is measured of texts, whatever people decide: a text has the same, to the last bit, in any company."""

    logits: NDArray[np.float16]  # (texts, targets), the log-odds by the weights
    vectors: Vectors | None  # (texts, 384), where the linker has a model
    characters: csr_matrix | None  # where it has none


@dataclass(frozen=True)
class Read:
    """The confidence that points are about each target, and the points' vectors where the linker has a model."""

    confidence: Confidences  # (points, targets)
    vectors: Vectors | None


@cache
def shipped() -> Shipped:
    """The weights that ship with the software."""
    return msgspec.json.decode((files(__package__) / "weights.json").read_bytes(), type=Shipped)


@dataclass(frozen=True)
class Linker:
    """Suggests what points are about. The same candidates, decisions and background give a point the same answer."""

    targets: tuple[Target, ...]
    lexical: Lexical
    semantic: Semantic | None
    weights: Weights
    calibration: Calibration
    rows: NDArray[np.int64]  # where each target's candidates start
    frame: str  # a hash of all that `measure` depends on but the text: what it gave under the same one still holds
    example_texts: tuple[str, ...] = ()
    example_targets: NDArray[np.int64] | None = None  # sorted
    example_confirmed: NDArray[np.bool_] | None = None
    examples: Any = None  # their centred vectors, or their characters
    team: Any = None  # the team's own regression, fitted by scikit-learn

    @classmethod
    def of(
        cls,
        candidates: Sequence[Candidate],
        *,
        background: Sequence[str] = (),
        decisions: Sequence[Decided] = (),
        embedder: Embedder | None = None,
        weights: Weights | None = None,
    ) -> Linker:
        """A linker to the candidates. `background` is what was said so far: it tells common words from rare ones."""
        if not candidates:
            raise NoCandidates("found no candidate; expected at least one conclusion, chapter, indicator or challenge")
        targets = tuple(dict.fromkeys(candidate.target for candidate in candidates))
        place = {target: number for number, target in enumerate(targets)}
        ordered = sorted(candidates, key=lambda candidate: place[candidate.target])
        texts = [candidate.text for candidate in ordered]
        found = shipped()
        chosen = weights or (found.with_model if embedder else found.without_model)
        plain = cls(
            targets=targets,
            lexical=Lexical.of(texts, background=background),
            semantic=Semantic.of(texts, background=background, embedder=embedder) if embedder else None,
            weights=chosen,
            calibration=Calibration(found.source if weights is None else "weights passed in", 0),
            rows=np.flatnonzero(np.diff([-1, *(place[candidate.target] for candidate in ordered)])),
            frame=_frame(ordered, background, chosen, embedder),
        )
        return plain.taught(decisions)

    def taught(
        self, decisions: Sequence[Decided], *, measure: Callable[[Sequence[str]], Measured] | None = None
    ) -> Linker:
        """This linker with what people decided. `measure` gives what its own would, from where it is kept."""
        if not decisions:
            return self
        column = {target: number for number, target in enumerate(self.targets)}
        unknown = [one.target for one in decisions if one.target.id and one.target not in column]
        if unknown:
            raise NoSuchTarget(
                f"a decision names {unknown[0].about.value} {unknown[0].id!r}, which is no candidate; "
                "leave out decisions on what is no longer there"
            )
        examples = _examples(decisions, column)
        latest = list(decisions)[-DECISIONS:]
        points = list(dict.fromkeys(one.point for one in latest))
        texts = list(dict.fromkeys([*points, *(text for text, _, _ in examples)]))
        row = {text: number for number, text in enumerate(texts)}
        measured = (measure or self.measure)(texts)
        space = self._space(measured)
        shown = replace(
            self,
            example_texts=tuple(text for text, _, _ in examples),
            example_targets=np.array([number for _, number, _ in examples], np.int64),
            example_confirmed=np.array([confirmed for _, _, confirmed in examples], np.bool_),
            examples=space[[row[text] for text, _, _ in examples]],
        )
        confirmed, judged = _answers(latest, points, column)
        if len(points) < ENOUGH or confirmed.sum() < OF_EACH or (judged & ~confirmed).sum() < OF_EACH:
            return shown

        from sklearn.linear_model import LogisticRegression

        parts = []
        for first in range(0, len(points), AT_ONCE):
            some = slice(first, min(first + AT_ONCE, len(points)))
            told = shown._told(points[some], space[some])
            parts.append(_stacked(shown._with_examples(measured.logits[some], told), told))
        team = LogisticRegression(C=1.0, max_iter=1000).fit(np.concatenate(parts)[judged.ravel()], confirmed[judged])
        return replace(shown, team=team, calibration=Calibration("the team's decisions", len(points)))

    def suggest(
        self, points: Sequence[str], *, at_most: int = 3, at_least: float = 0.5
    ) -> list[tuple[Suggestion, ...]]:
        """What each point is about, the surest first; nothing where the linker abstains."""
        return self.suggestions(self.confidence(points), at_most=at_most, at_least=at_least)

    def suggestions(
        self, confidence: Confidences, *, at_most: int = 3, at_least: float = 0.5
    ) -> list[tuple[Suggestion, ...]]:
        """The suggestions that confidences (points, targets) amount to."""
        first = np.array([CLOSE if target.about is About.CONCLUSION else 0.0 for target in self.targets], np.float32)
        order = np.argsort(-(confidence + first), axis=1, kind="stable")[:, :at_most]
        sure = np.take_along_axis(confidence, order, axis=1)
        found: list[tuple[Suggestion, ...]] = [()] * len(confidence)
        for point in np.flatnonzero((sure >= at_least).any(axis=1)):
            found[point] = tuple(
                Suggestion(self.targets[target], round(float(how_sure), 4))
                for target, how_sure in zip(order[point], sure[point], strict=True)
                if how_sure >= at_least
            )
        return found

    def confidence(self, points: Sequence[str]) -> Confidences:
        """How sure it is that each point is about each target (points, targets), 0 to 1, calibrated."""
        return self.read(points).confidence

    def read(self, points: Sequence[str]) -> Read:
        """Confidences and vectors. Each different text is read once."""
        distinct = sorted(set(points))
        place = {text: row for row, text in enumerate(distinct)}
        where = np.array([place[text] for text in points], np.int64)
        measured = self.measure(distinct)
        sure = self.judge(distinct, measured)
        return Read(sure[where], None if measured.vectors is None else measured.vectors[where])

    def measure(self, texts: Sequence[str]) -> Measured:
        """What takes long of reading texts, and does not depend on what people decided."""
        from scipy.sparse import vstack

        logits = np.zeros((len(texts), len(self.targets)), np.float16)
        vectors = np.zeros((len(texts), self.semantic.vectors.shape[1]), np.float32) if self.semantic else None
        characters = [self.lexical.candidate_characters[:0]]
        for first in range(0, len(texts), AT_ONCE):
            some = texts[first : first + AT_ONCE]
            by, its_vectors, its_characters = self._near(some)
            logits[first : first + len(some)] = weighed(with_relative(by), self.weights)
            if vectors is not None:
                vectors[first : first + len(some)] = its_vectors
            else:
                characters.append(its_characters)
        return Measured(logits, vectors, vstack(characters, format="csr") if vectors is None else None)

    def judge(self, texts: Sequence[str], measured: Measured) -> Confidences:
        """How sure it is that each text is about each target (texts, targets), from what was measured of them."""
        sure = np.zeros((len(texts), len(self.targets)), np.float32)
        for first in range(0, len(texts), AT_ONCE):
            some = slice(first, min(first + AT_ONCE, len(texts)))
            told = self._told(texts[some], self._space(measured, some))
            logit = self._with_examples(measured.logits[some], told)
            if self.team is not None:
                logit = self.team.decision_function(_stacked(logit, told)).reshape(logit.shape)
            sure[some] = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
        return sure

    def features(self, points: Sequence[str]) -> dict[str, Matrix]:
        """The measures that the weights are on (points, targets): for learning them, and for showing why."""
        return with_relative(self._near(points)[0])

    def told(self, points: Sequence[str]) -> Matrix:
        """How close points are to what people confirmed and refused (points, targets, 2): for learning its weight."""
        return self._told(points, self._space(self.measure(points)))

    def _near(self, texts: Sequence[str]) -> tuple[dict[str, Matrix], Vectors | None, csr_matrix]:
        """Closeness by target, the texts' vectors and their characters."""
        by, characters = self.lexical.near(texts)
        vectors = None
        if self.semantic is not None:
            further, vectors = self.semantic.near(texts)
            by |= further
        return {key: np.maximum.reduceat(matrix, self.rows, axis=1) for key, matrix in by.items()}, vectors, characters

    def _space(self, measured: Measured, some: slice = slice(None)) -> Any:
        """Rows whose products say how close texts are to one another."""
        if self.semantic is None or measured.vectors is None:
            return measured.characters[some]  # type: ignore[index]
        return self.semantic.centred(measured.vectors[some])

    def _told(self, texts: Sequence[str], space: Any) -> Matrix:
        """(texts, targets, 2): the closeness to the nearest point that people confirmed for the target, and to the
        nearest that they refused."""
        told = np.zeros((len(texts), len(self.targets), 2), np.float32)
        if not self.example_texts or self.example_targets is None or self.example_confirmed is None:
            return told
        near = space @ self.examples.T
        near = near if isinstance(near, np.ndarray) else near.toarray()
        # What was decided of the very same words is no evidence of how the next words will be decided.
        places: dict[str, list[int]] = {}
        for number, text in enumerate(self.example_texts):
            places.setdefault(text, []).append(number)
        for row, text in enumerate(texts):
            if text in places:
                near[row, places[text]] = 0
        for kind, of_kind in enumerate((self.example_confirmed, ~self.example_confirmed)):
            chosen = np.flatnonzero(of_kind)
            if len(chosen):
                its, starts = np.unique(self.example_targets[chosen], return_index=True)
                told[:, its, kind] = np.maximum.reduceat(near[:, chosen], starts, axis=1)
        return told

    def _with_examples(self, logits: NDArray[np.float16], told: Matrix) -> Matrix:
        """The log-odds by the shipped weights, what people decided of similar points counted in."""
        examples = self.weights.examples
        close = np.maximum(told - np.float32(examples.beyond), 0)
        by_example = examples.confirmed * close[:, :, 0] - examples.refused * close[:, :, 1]
        return np.asarray(logits + by_example, np.float32)


def _frame(
    candidates: Sequence[Candidate], background: Sequence[str], weights: Weights, embedder: Embedder | None
) -> str:
    """A hash of what is measured against, and of what measures."""
    code, packages = _MADE_BY
    digest = hashlib.sha256()
    for name in code:
        digest.update((files(__package__) / name).read_bytes())
    told = [*(f"{name} {version(name)}" for name in packages), embedder.identity if embedder else ""]
    told += [f"{one.target.about} {one.target.id} {one.text}" for one in candidates]
    digest.update("\0".join([*told, "", *sorted(set(background))]).encode(errors="replace"))
    digest.update(msgspec.json.encode(weights))
    return digest.hexdigest()


def _answers(
    decisions: Sequence[Decided], points: Sequence[str], column: dict[Target, int]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which points were confirmed for which targets, and of which pairs people have judged (points, targets)."""
    place = {text: row for row, text in enumerate(points)}
    confirmed = np.zeros((len(points), len(column)), np.bool_)
    settled = np.zeros(len(points), np.bool_)  # points that a person has placed: what they left out is a refusal
    judged = np.zeros_like(confirmed)
    for one in decisions:
        row = place[one.point]
        if one.confirmed:
            settled[row] = True
        if one.target in column:
            confirmed[row, column[one.target]] = one.confirmed
            judged[row, column[one.target]] = True
    return confirmed, judged | settled[:, None]


def _examples(decisions: Sequence[Decided], place: dict[Target, int]) -> list[tuple[str, int, bool]]:
    """The latest decided points of each target, by target: text, target, whether confirmed."""
    found = {(one.point, place[one.target]): one.confirmed for one in decisions if one.target in place}
    kept: dict[tuple[int, bool], list[str]] = {}
    for (text, number), confirmed in found.items():
        kept.setdefault((number, confirmed), []).append(text)
    return [
        (text, number, confirmed) for (number, confirmed), texts in sorted(kept.items()) for text in texts[-EXAMPLES:]
    ]


def _stacked(logit: Matrix, told: Matrix) -> Matrix:
    """A row a pair of point and target: what the shipped weights say, and what the team's examples say."""
    return np.concatenate([logit[:, :, None], told], axis=2).reshape(-1, 3)


def weighed(features: dict[str, Matrix], weights: Weights) -> Matrix:
    """The log-odds that each point is about each target (points, targets)."""
    total = np.full(next(iter(features.values())).shape, weights.constant, np.float32)
    for name, weight in weights.by.items():
        total += np.float32(weight) * features[name]
    return total


def with_relative(by: dict[str, Matrix]) -> dict[str, Matrix]:
    """The measures, and for some of them how a candidate stands among all: its share, and its lead over the next."""
    found = {name: by[name] for name in (*LEXICAL, *SEMANTIC) if name in by}
    for name in _RELATIVE:
        if name not in by:
            continue
        matrix = by[name]
        sharp = np.exp(_SHARPNESS * (matrix - matrix.max(axis=1, keepdims=True)))
        found[f"share of {name}"] = sharp / sharp.sum(axis=1, keepdims=True)
        found[f"lead in {name}"] = _lead(matrix)
    return found


def _lead(matrix: Matrix) -> Matrix:
    """How far each candidate is ahead of the best other one, or behind the best."""
    if matrix.shape[1] < 2:
        return np.zeros_like(matrix)
    best = np.partition(matrix, -2, axis=1)[:, -2:]
    return np.where(matrix >= best[:, 1:], matrix - best[:, :1], matrix - best[:, 1:])
