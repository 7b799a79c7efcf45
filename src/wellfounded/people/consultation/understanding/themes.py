"""Themes: what many points have in common, found without looking for it, and stable when new points come.

The same points give the same themes whatever their order. What a person has named, merged or split is not found again
but kept: its points stay, and new points join it where they are closest to it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wellfounded.people.consultation.understanding.closeness import spread
from wellfounded.people.consultation.understanding.embedding import Vectors, of_length_one
from wellfounded.people.consultation.understanding.language import SMALL_IN_WELSH

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SEED = 20180621
FITTED = 20_000  # different points that the centres are sought on; all are placed
DIMENSIONS = 4, 100  # fewest and most of the latent space where there are no embeddings; 1.5 √n between them
LOOSE = 0.2  # cosine to the centre below which a point is in no theme
SMALLEST = 3  # points of a theme
SAME = 0.3  # share of an earlier theme's points that must still be together for its id to go on
REPRESENTATIVES = 8
TERMS = 6

Rows = NDArray[np.int64]

# Small words of Welsh that are spelt like words of English, or are too few to tell a language by.
_ALSO_WELSH = "a at ei er erbyn hon hwn i lle mi na nad o os pan taw tra un"
_ANSWERS = """
absolutely actually agree agreed agrees answer answers aye basically broadly comment comments conclusion conclusions
consultation dear definitely disagree disagreed evidence exactly figure figures generally hello hi kind know largely
like maybe mostly na nope ok okay overall partly people perhaps please point question questions quite read really
regards resonate resonates response right same say says simply sincerely sort statement sure tell thank thanks think
totally true want write wrong yeah yes aren't can't couldn't didn't doesn't don't hasn't haven't i'd i'll i'm i've
isn't it's let's shouldn't that's there's they're wasn't we'd we'll we're we've weren't what's won't wouldn't you're
you've
"""  # said in answer to any question: they tell no theme from another
_WORD = re.compile(r"[^\W\d_][^\W_]+(?:['’][^\W\d_]+)?")


class ThemesDoNotFit(ValueError):
    """Ids, texts and vectors are not of the same points."""


@dataclass(frozen=True)
class Theme:
    """Points that say alike things. `points` and `representatives` are places in the list that was given."""

    id: str
    terms: tuple[str, ...]  # what tells it from the other themes, for a label until a person names it
    points: tuple[int, ...]
    representatives: tuple[int, ...]  # the most typical, different in their words


def themes_of(
    ids: Sequence[str],
    texts: Sequence[str],
    *,
    vectors: Vectors | None = None,
    earlier: Mapping[str, str] | None = None,
    kept: Collection[str] = (),
    at_most: int = 40,
) -> tuple[Theme, ...]:
    """The themes of points, the largest first.

    `earlier` says which theme each point was in last time. The points of themes in `kept` stay where they are; other
    themes are sought anew and go on under the id of the earlier one whose points they hold. `vectors` are the points'
    embeddings; without them the space is that of their words.
    """
    if len(ids) != len(texts) or (vectors is not None and len(vectors) != len(texts)):
        given = f"{len(ids)} ids, {len(texts)} texts and {'no' if vectors is None else len(vectors)} vectors"
        raise ThemesDoNotFit(f"found {given}; give one of each for every point")
    earlier = earlier or {}
    distinct = sorted(set(texts))
    place = {text: row for row, text in enumerate(distinct)}
    where = np.array([place[text] for text in texts], np.int64)
    counted, vocabulary = _words(distinct)
    if counted.shape[1] == 0:
        return ()
    space = _space(counted) if vectors is None else _first(vectors, where, len(distinct))

    # What stays: points of kept themes. Where the same words were put in two, the words stay in both.
    stays = np.array([earlier.get(point, "") if earlier.get(point) in kept else "" for point in ids], np.str_)
    names = sorted({str(name) for name in stays if name})
    fixed = np.array([names.index(str(name)) if name else -1 for name in stays], np.int64)
    centres = [of_length_one(space[where[fixed == number]].mean(axis=0)) for number in range(len(names))]
    free = np.unique(where[fixed < 0])
    old = _earlier_centres(space, where, ids, earlier, set(kept))
    found = _centres(space, free, distinct, old, most=max(0, at_most - len(names)))
    every = np.array([*centres, *found], np.float32).reshape(-1, space.shape[1])
    if not len(every):
        return ()
    near = space @ every.T
    allowed = np.ones(len(every), np.bool_)
    while True:  # what would be too small a theme gives its points to the next closest
        open_to = np.where(allowed[None, :], near, -1)
        nearest = np.where(open_to.max(axis=1) >= LOOSE, open_to.argmax(axis=1), -1)
        group = np.where(fixed >= 0, fixed, nearest[where])
        size = np.bincount(group[group >= 0], minlength=len(every))
        small = allowed & (size < SMALLEST) & (np.arange(len(every)) >= len(names))
        if not small.any():
            break
        allowed[np.flatnonzero(small)[np.argmin(size[small])]] = False
    members = [np.flatnonzero(group == number) for number in range(len(every))]
    alive = np.flatnonzero(allowed).tolist()
    named = _named(ids, texts, members, [n for n in alive if n >= len(names)], near, where, earlier, set(kept))
    titles = {**dict(enumerate(names)), **named}
    terms = _terms(counted, vocabulary, [where[members[n]] for n in alive])
    made = [
        Theme(titles[n], terms[row], tuple(members[n].tolist()), _typical(members[n], near[:, n], where, ids))
        for row, n in enumerate(alive)
        if len(members[n])
    ]
    return tuple(sorted(made, key=lambda theme: (-len(theme.points), theme.id)))


def label(terms: Sequence[str]) -> str:
    """What a theme is called until a person names it."""
    return ", ".join(terms[:4])[:190] or "theme"


def substance(text: str) -> int:
    """How many different words a text has that are about something: none in "Yes, broadly." or "See above"."""
    return len(set(_telling(text)))


def _words(texts: Sequence[str]) -> tuple[csr_matrix, NDArray[Any]]:
    """TF-IDF of the texts' words and pairs of words, and which they are."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    def pairs(text: str) -> list[str]:
        single = _telling(text)
        return single + [f"{one} {next_}" for one, next_ in itertools.pairwise(single)]

    vectorizer = TfidfVectorizer(
        analyzer=pairs, min_df=2 if len(texts) > 50 else 1, max_features=30_000, sublinear_tf=True, dtype=np.float32
    )
    try:
        counted = vectorizer.fit_transform(texts)
    except ValueError:  # no words at all, or none that two texts share
        return csr_matrix(np.zeros((len(texts), 0), np.float32)), np.array([], np.str_)
    return counted, vectorizer.get_feature_names_out()


def _telling(text: str) -> list[str]:
    """The words of a text, without those that are in every text and in every answer."""
    common = _common()
    return [word for word in _WORD.findall(text.lower().replace("’", "'")) if word not in common]


@cache
def _common() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS) | SMALL_IN_WELSH | frozenset(_ALSO_WELSH.split()) | frozenset(_ANSWERS.split())


def _space(counted: csr_matrix) -> Vectors:
    """The texts in a space of few dimensions in which those with related words are close."""
    from sklearn.decomposition import TruncatedSVD

    fewest, most = DIMENSIONS
    wanted = max(fewest, min(most, round(1.5 * counted.shape[0] ** 0.5)))
    dimensions = min(wanted, counted.shape[0] - 1, counted.shape[1] - 1)
    if dimensions < 2:
        return of_length_one(counted.toarray())
    with _one_thread():
        return of_length_one(TruncatedSVD(dimensions, random_state=SEED).fit_transform(counted))


def _first(vectors: Vectors, where: Rows, distinct: int) -> Vectors:
    """The vector of each different text, without what all have in common."""
    rows = np.zeros((distinct, vectors.shape[1]), np.float32)
    rows[where] = vectors
    return of_length_one(rows - rows.mean(axis=0)) if distinct > 2 else rows


def _earlier_centres(
    space: Vectors, where: Rows, ids: Sequence[str], earlier: Mapping[str, str], kept: set[str]
) -> Vectors:
    """Where the themes that may be sought anew were, the largest first."""
    members: dict[str, list[int]] = {}
    for place, point in enumerate(ids):
        if (name := earlier.get(point)) is not None and name not in kept:
            members.setdefault(name, []).append(place)
    order = sorted(members, key=lambda name: (-len(members[name]), name))
    rows = [space[np.sort(where[members[name]])].mean(axis=0) for name in order]
    return of_length_one(np.array(rows, np.float32).reshape(-1, space.shape[1]))


def _centres(space: Vectors, free: Rows, distinct: Sequence[str], old: Vectors, *, most: int) -> Vectors:
    """The centres of the themes among the free texts, sought from where they were last time."""
    from sklearn.cluster import KMeans, kmeans_plusplus

    none = np.zeros((0, space.shape[1]), np.float32)
    if not most or len(free) < SMALLEST:
        return none
    number = {distinct[row]: row for row in free.tolist()}
    chosen = space[[number[text] for text in spread(list(number), FITTED)]]
    chosen = chosen[np.linalg.norm(chosen, axis=1) > 0]
    wanted = min(most, max(1, len(old), round(len(free) ** 0.5)), len(np.unique(chosen, axis=0)))
    if not wanted:
        return none
    with _one_thread():
        if not len(old):
            return of_length_one(KMeans(wanted, n_init=3, random_state=SEED).fit(chosen).cluster_centers_)
        start = old[:wanted]
        if len(start) < wanted:  # further ones among what is furthest from those that were there
            furthest = chosen[np.argsort((chosen @ start.T).max(axis=1), kind="stable")]
            furthest = furthest[: max(wanted - len(start), len(furthest) // 3)]
            start = np.concatenate([start, kmeans_plusplus(furthest, wanted - len(start), random_state=SEED)[0]])
        return of_length_one(KMeans(wanted, init=start, n_init=1, random_state=SEED).fit(chosen).cluster_centers_)


def _one_thread() -> Any:
    """Sums in one order, so that they are the same each time."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)


def _named(
    ids: Sequence[str],
    texts: Sequence[str],
    members: Sequence[Rows],
    new: Sequence[int],
    near: NDArray[np.float32],
    where: Rows,
    earlier: Mapping[str, str],
    kept: set[str],
) -> dict[int, str]:
    """An id for each new theme: that of the earlier one whose points it holds, or one made from its typical point."""
    from scipy.optimize import linear_sum_assignment

    before = sorted({name for name in earlier.values() if name not in kept})
    column = {name: number for number, name in enumerate(before)}
    was = np.array([column.get(earlier.get(point, ""), -1) for point in ids], np.int64)
    overlap = np.zeros((len(new), len(before)))
    for row, number in enumerate(new):
        old = was[members[number]]
        overlap[row] = np.bincount(old[old >= 0], minlength=len(before))
    share = overlap / np.maximum(np.bincount(was[was >= 0], minlength=len(before)), 1)[None, :]
    found: dict[int, str] = {}
    for one, other in np.stack(linear_sum_assignment(-overlap), axis=1).tolist():
        if share[one, other] >= SAME:
            found[new[one]] = before[other]
    taken = {*earlier.values(), *kept}
    for number in new:
        if number in found:
            continue
        seed = texts[_typical(members[number], near[:, number], where, ids)[0]]
        turn = 0
        while (name := blake2b(f"{turn}{seed}".encode(errors="replace"), digest_size=5).hexdigest()) in taken:
            turn += 1
        found[number] = name
        taken.add(name)
    return found


def _typical(members: Rows, near: NDArray[np.float32], where: Rows, ids: Sequence[str]) -> tuple[int, ...]:
    """The points closest to a theme's centre, each of other words; of those with the same words the first by id."""
    first: dict[int, int] = {}
    for point in sorted(members.tolist(), key=lambda point: ids[point]):
        first.setdefault(int(where[point]), point)
    order = sorted(first, key=lambda row: (-round(float(near[row]), 6), row))
    return tuple(first[row] for row in order[:REPRESENTATIVES])


def _terms(counted: csr_matrix, vocabulary: NDArray[Any], themes: Sequence[Rows]) -> list[tuple[str, ...]]:
    """The words that tell each theme from all points together; a word within a chosen pair is not said twice."""
    overall = np.asarray(counted.mean(axis=0)).ravel()
    found = []
    for rows in themes:
        lead = np.asarray(counted[np.unique(rows)].mean(axis=0)).ravel() - overall
        best = np.lexsort((np.arange(len(lead)), -np.round(lead, 7)))[: TERMS * 4]
        chosen: list[str] = []
        for term in (str(vocabulary[place]) for place in best if lead[place] > 0):
            apart = set(term.split())
            if not any(apart & set(other.split()) for other in chosen):
                chosen.append(term)
        found.append(tuple(chosen[:TERMS]))
    return found
