"""How close points are to the sentences that they may be about, measured in several ways at once.

Every measure is an array (points, candidates). The lexical ones (character and word TF-IDF, the share of a sentence's
words that a point uses) need nothing but the texts. The others come from the sentence-embedding model: the cosine of
the two texts' vectors, as they are and after taking away what all of the consultation has in common; and late
interaction, in which each word of the one looks for its best counterpart in the other (Khattab and Zaharia 2020).

A point is measured the same, to the last bit, in whatever company it is read: what was measured once can be kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wellfounded.people.consultation.understanding.embedding import Embedder, Vectors, Words, stepped

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Matrix = NDArray[np.float32]

LEXICAL = ("characters", "words", "contained")
SEMANTIC = ("cosine", "centred cosine", "its words", "point's words", "its rare words", "point's rare words",
            "its own words", "point's own words")  # fmt: skip

_IDF_TEXTS = 5_000  # of the background that word frequencies are counted in
_MEAN_TEXTS = 400  # of the background that the common direction is measured on
_AT_ONCE = 20_000_000  # pairs of words compared at a time: 80 MB
_WORD = re.compile(r"\w+")
_STEM = 5  # letters of a word that count: housing, houses and housed are one


@dataclass(frozen=True)
class Lexical:
    """The vocabulary of a consultation, and the candidates in it."""

    characters: Any  # sklearn's TfidfVectorizer, fitted
    words: Any
    stems: Any
    candidate_characters: csr_matrix
    candidate_words: csr_matrix
    candidate_stems: csr_matrix

    @classmethod
    def of(cls, candidates: Sequence[str], *, background: Sequence[str]) -> Lexical:
        """The vocabulary of the background and the candidates."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        corpus = [*candidates, *spread(background, _IDF_TEXTS)]
        kinds = (
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32),
            TfidfVectorizer(
                tokenizer=_WORD.findall, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32
            ),
            TfidfVectorizer(analyzer=stems, binary=True, norm=None, dtype=np.float32),
        )
        for kind in kinds:
            kind.fit([*corpus, "a"])  # never empty, whatever the texts are
        return cls(*kinds, *(kind.transform(candidates).tocsr() for kind in kinds))

    def near(self, points: Sequence[str]) -> tuple[dict[str, Matrix], csr_matrix]:
        """The lexical measures of points by candidate, and the points' characters."""
        characters = self.characters.transform(points)
        weight = np.asarray(self.candidate_stems.sum(axis=1)).ravel()
        # Each stem counts as much as it is rare; what a point repeats counts once.
        shared = (self.stems.transform(points).sign() @ self.candidate_stems.T).toarray()
        return {
            "characters": (characters @ self.candidate_characters.T).toarray(),
            "words": (self.words.transform(points) @ self.candidate_words.T).toarray(),
            "contained": np.asarray(shared / np.maximum(weight, 1e-6), np.float32),
        }, characters.tocsr()


@dataclass(frozen=True)
class Semantic:
    """What the model says of candidates, and what all of a consultation has in common."""

    embedder: Embedder
    vectors: Vectors  # of the candidates
    words: Words  # of the candidates
    centre: Vectors  # (384,): the mean of the background
    word_centre: Vectors
    rarity: NDArray[np.float32]  # of every entry of the model's vocabulary

    @classmethod
    def of(cls, candidates: Sequence[str], *, background: Sequence[str], embedder: Embedder) -> Semantic:
        """The candidates read, and the background's mean and rare words."""
        vectors, words = embedder.read(candidates)
        common, its_words = embedder.read(spread(background, _MEAN_TEXTS))
        counted = [*candidates, *spread(background, _IDF_TEXTS)]
        used = [np.unique(ids) for ids in embedder.tokens(counted)]
        frequency = np.bincount(np.concatenate(used), minlength=embedder.vocabulary)
        return cls(
            embedder,
            vectors,
            words,
            np.concatenate([vectors, common]).mean(axis=0),
            np.concatenate([words.vectors, its_words.vectors]).mean(axis=0),
            np.asarray(np.log((1 + len(counted)) / (1 + frequency)) + 0.1, np.float32),
        )

    def near(self, points: Sequence[str]) -> tuple[dict[str, Matrix], Vectors]:
        """The measures of points by candidate, and the points' vectors."""
        vectors, words = self.embedder.read(points)
        found = {
            "cosine": vectors @ self.vectors.T,
            "centred cosine": self.centred(vectors) @ self.centred(self.vectors).T,
        }
        return found | self._interaction(words), vectors

    def centred(self, vectors: Vectors) -> Vectors:
        """Vectors without what all of the consultation has in common."""
        return stepped(vectors - self.centre)

    def _interaction(self, points: Words) -> dict[str, Matrix]:
        """Late interaction both ways: all words alike, rare words more, and rare words without what is common."""
        names = SEMANTIC[2:]
        shape = (len(points.starts) - 1, len(self.words.starts) - 1)
        found = {name: np.zeros(shape, np.float32) for name in names}
        its_rarity = self.rarity[self.words.ids]
        centred = stepped(self.words.vectors - self.word_centre)
        for first, last in _portions(points.starts, _AT_ONCE // max(1, len(self.words.ids))):
            inside = slice(points.starts[first], points.starts[last])
            starts = points.starts[first : last + 1] - points.starts[first]
            vectors, rarity = points.vectors[inside], self.rarity[points.ids[inside]]
            alike = vectors @ self.words.vectors.T
            own = stepped(vectors - self.word_centre) @ centred.T
            for matrix, weights in ((alike, ("words", "rare words")), (own, ("own words",))):
                by_point = _reduced(np.maximum, matrix, starts, axis=0)  # (points, its words)
                by_candidate = _reduced(np.maximum, matrix, self.words.starts, axis=1)  # (point's words, candidates)
                for kind in weights:
                    mine = np.ones_like(rarity) if kind == "words" else rarity
                    its = np.ones_like(its_rarity) if kind == "words" else its_rarity
                    found[f"its {kind}"][first:last] = _mean(by_point, its, self.words.starts, axis=1)
                    found[f"point's {kind}"][first:last] = _mean(by_candidate, mine, starts, axis=0)
        return found


def stems(text: str) -> list[str]:
    """The beginnings of a text's words, each once."""
    return sorted({word[:_STEM] for word in _WORD.findall(text.lower())})


def spread(texts: Sequence[str], most: int) -> list[str]:
    """At most so many of the different texts, evenly chosen from their alphabetical order."""
    distinct = sorted(set(texts))
    if len(distinct) <= most:
        return distinct
    return [distinct[place] for place in np.linspace(0, len(distinct) - 1, most).astype(int)]


def _portions(starts: NDArray[np.int64], words: int) -> list[tuple[int, int]]:
    """Runs of texts that hold at most so many words together, or one text."""
    found, first = [], 0
    while first < len(starts) - 1:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + words, side="right")) - 1)
        found.append((first, last))
        first = last
    return found


def _reduced(by: np.ufunc, matrix: Matrix, starts: NDArray[np.int64], *, axis: int) -> Matrix:
    """One value a text along an axis of words; a text without words has 0."""
    lengths = np.diff(starts)
    shape = list(matrix.shape)
    shape[axis] = len(lengths)
    result = np.zeros(shape, np.float32)
    filled = np.flatnonzero(lengths)
    if len(filled):
        where = [slice(None), slice(None)]
        where[axis] = filled  # type: ignore[call-overload]
        result[tuple(where)] = by.reduceat(matrix, starts[filled], axis=axis)
    return result


def _mean(matrix: Matrix, weights: NDArray[np.float32], starts: NDArray[np.int64], *, axis: int) -> Matrix:
    """The weighted mean over each text's words along an axis."""
    line = weights[:, None] if axis == 0 else weights[None, :]
    total = _reduced(np.add, line, starts, axis=axis)
    return np.asarray(_reduced(np.add, matrix * line, starts, axis=axis) / np.maximum(total, 1e-6), np.float32)
