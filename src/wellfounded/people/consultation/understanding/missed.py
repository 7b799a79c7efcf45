"""What the evidence has missed: points far from everything that was concluded, said by many who are not one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wellfounded.people.consultation.understanding.linking import Linker, Read

FAR = 0.25  # confidence below which a point is far from a target
GROUPED = 8_000  # different points, the most novel, that are looked through for those that say the same
ALIKE = {True: 0.45, False: 0.25}  # cosine from which two points say the same: of embeddings, of characters
_ROWS = 1_000


class VoicesDoNotMatch(ValueError):
    """Not every point has an organisation and a district, or a sign that they are not known."""


@dataclass(frozen=True)
class Missed:
    """Something that people say and no conclusion covers. `point` is the one to read; `like` are all that say it."""

    point: int
    novelty: float  # 1 less the confidence that the points are about what was concluded
    organisations: int
    districts: int
    like: tuple[int, ...]
    score: float


def missed_by(
    linker: Linker,
    texts: Sequence[str],
    *,
    organisations: Sequence[str],
    districts: Sequence[str],
    read: Read | None = None,
    at_most: int = 50,
) -> tuple[Missed, ...]:
    """What the linker's targets don't cover, that which most different voices say first.

    The score is novelty times log2(2 + organisations + districts); an empty string is a voice that is not known, and
    counts for neither. `read` is what the linker made of the same texts, where that is there already.
    """
    if not len(texts) == len(organisations) == len(districts):
        found = f"{len(texts)} points, {len(organisations)} organisations and {len(districts)} districts"
        raise VoicesDoNotMatch(f"found {found}; give one of each for every point, empty where it is not known")
    if not texts:
        return ()
    read = read or linker.read(texts)
    novelty = 1 - read.confidence.max(axis=1).astype(np.float64)
    first: dict[str, int] = {}  # a text's row stands for all that are the same to the character
    for row, text in enumerate(texts):
        first.setdefault(text, row)
    rows = np.array(
        sorted((row for row in first.values() if novelty[row] > 1 - FAR), key=lambda row: texts[row]), np.int64
    )
    if not len(rows):
        return ()
    rows = rows[np.sort(np.argsort(-np.round(novelty[rows], 6), kind="stable")[:GROUPED])]
    near = _near(linker, read, texts, rows)
    owner = _groups(near, novelty[rows])

    group = {texts[row]: int(owner[place]) for place, row in enumerate(rows)}
    members: dict[int, list[int]] = {}
    for row, text in enumerate(texts):
        if text in group:
            members.setdefault(group[text], []).append(row)
    made = []
    for leader, its in members.items():
        bodies = len({organisations[row] for row in its} - {""})
        places = len({districts[row] for row in its} - {""})
        mean = float(novelty[its].mean())
        made.append(
            Missed(int(rows[leader]), mean, bodies, places, tuple(its), mean * float(np.log2(2 + bodies + places)))
        )
    return tuple(sorted(made, key=lambda one: (-round(one.score, 6), -len(one.like), texts[one.point]))[:at_most])


def _near(linker: Linker, read: Read, texts: Sequence[str], rows: NDArray[np.int64]) -> Any:
    """Which points say the same: a sparse matrix (points, points) of True."""
    from scipy.sparse import csr_matrix, vstack

    if read.vectors is None or linker.semantic is None:
        space = linker.lexical.characters.transform([texts[row] for row in rows]).tocsr()
    else:
        space = csr_matrix(linker.semantic.centred(read.vectors[rows]))
    dense = None if read.vectors is None else space.toarray()
    parts = []
    for start in range(0, len(rows), _ROWS):
        if dense is not None:
            alike = dense[start : start + _ROWS] @ dense.T
        else:
            alike = (space[start : start + _ROWS] @ space.T).toarray()
        parts.append(csr_matrix(alike >= ALIKE[dense is not None]))
    return vstack(parts, format="csr")


def _groups(near: Any, novelty: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each point the one that its group is built about: where most say the same comes first."""
    weight = np.asarray(near.sum(axis=1)).ravel()
    owner = np.full(near.shape[0], -1, np.int64)
    for place in np.lexsort((np.arange(len(weight)), -np.round(novelty, 6), -weight)):
        if owner[place] < 0:
            its = near.indices[near.indptr[place] : near.indptr[place + 1]]
            owner[its[owner[its] < 0]] = place
            owner[place] = place
    return owner
