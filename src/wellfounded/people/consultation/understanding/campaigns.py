"""Campaigns: responses that are near-identical, what they have in common (read once) and what each adds (read always).

First MinHash finds texts most of whose word sequences are the same, among all pairs without comparing all. Then
sentences decide: what most of a group say is its common text, and a response that carries enough of a group's common
text belongs to it however much of its own it adds. A sentence is common only if its words are the same, case and
punctuation apart: one that was edited is an addition, and gets read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from wellfounded.people.consultation.types import Span
from wellfounded.people.consultation.understanding.points import sentences_in

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

ALIKE = 0.6  # share of word sequences in common (Jaccard) from which two texts are near-identical
CARRIED = 0.4  # share of a campaign's common text from which a response belongs to it
MOST = 0.5  # share of a group that says a sentence from which it is the group's common text
LONG = 12  # words of a sentence that different people seldom write alike by chance; two of them in a row never
LONGER = 30  # words of a sentence that needs no second
SEQUENCE = 3  # words
PERMUTATIONS = 96
SEED = 20180621
SCHEME: Literal["affine32"] = "affine32"

_WORD = re.compile(r"\w+")
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Campaign:
    """Responses that share a text. `model` is the member that carries most of the common text and adds least."""

    members: tuple[int, ...]
    model: int


@dataclass(frozen=True)
class Reading:
    """How a response is to be read: which campaign it is of, what it shares with it, and what it adds."""

    campaign: int | None
    common: tuple[Span, ...]
    added: tuple[Span, ...]


@dataclass(frozen=True)
class Campaigns:
    """The campaigns, the largest first, and how each response is to be read."""

    campaigns: tuple[Campaign, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class _Sentences:
    """Every sentence of every response, a row each, in order."""

    response: Rows
    id: Rows  # the same for the same words
    start: Rows
    end: Rows
    words: Rows  # by id: how many words
    plain: tuple[str, ...]  # by id: the words

    def incidence(self, responses: int) -> csr_matrix:
        """(responses, ids): 1 where the response says the sentence."""
        from scipy.sparse import csr_matrix

        ones = np.ones(len(self.id), np.float64)
        said = csr_matrix((ones, (self.response, self.id)), shape=(responses, len(self.words)))
        said.data[:] = 1
        return said


def campaigns_in(texts: Sequence[str], *, at_least: int = 3, known: Sequence[str] = ()) -> Campaigns:
    """The campaigns of at least so many responses among the texts, and how to read each of them.

    `known` are sentences that many quote without being of one campaign: those of conclusions, the questions of a form.
    """
    sentences = _sentences(texts)
    if not len(sentences.id):
        return Campaigns((), tuple(Reading(None, (), ()) for _ in texts))
    said = sentences.incidence(len(texts))
    group = _near_identical(texts)
    group = _by_long_sentences(sentences, group, at_least, known={_plain(sentence) for sentence in known})
    group = _large(group, at_least)
    group, common = _by_common_text(said, sentences.words, group)
    group = _large(group, at_least)
    return _read(len(texts), sentences, group, common)


def _sentences(texts: Sequence[str]) -> _Sentences:
    number: dict[str, int] = {}
    words: list[int] = []
    rows: list[tuple[int, int, int, int]] = []
    split: dict[str, list[tuple[int, int, int]]] = {}  # the same text to the character is split once
    for response, text in enumerate(texts):
        if text not in split:
            split[text] = []
            for span in sentences_in(text):
                key = _plain(span.of(text)) or span.of(text)
                if key not in number:
                    number[key] = len(number)
                    words.append(key.count(" ") + 1)
                split[text].append((number[key], span.start, span.end))
        rows += [(response, *sentence) for sentence in split[text]]
    table = np.array(rows, np.int64).reshape(-1, 4)
    of, sentence, first, last = table.T
    return _Sentences(of, sentence, first, last, np.array(words, np.int64), tuple(number))


def _near_identical(texts: Sequence[str]) -> Rows:
    """A group number for each text: texts that are the same, or linked by near-identical ones, have the same."""
    from datasketch import MinHash, MinHashLSH

    plain = [_plain(text) for text in texts]
    distinct = sorted(set(plain))
    place = {text: number for number, text in enumerate(distinct)}
    permutations = MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme=SCHEME).permutations
    lsh = MinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS)
    leaders: dict[
        int, set[bytes]
    ] = {}  # only the first of each group is looked for: a campaign of thousands stays fast
    group = np.arange(len(distinct))
    for number, text in enumerate(distinct):
        its = _sequences(text)
        if not its:
            continue
        sketch = MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=_hash, permutations=permutations, scheme=SCHEME)
        sketch.update_batch(its)
        best = 0.0
        for other in sorted(lsh.query(sketch)):
            shared = len(its & leaders[other])
            alike = shared / (len(its) + len(leaders[other]) - shared)
            if alike >= ALIKE and alike > best:
                group[number], best = other, alike
        if group[number] == number:
            leaders[number] = its
            lsh.insert(number, sketch)
    found = group[[place[text] for text in plain]]
    blank = np.array([text == "" for text in plain], np.bool_)
    found[blank] = len(distinct) + np.arange(int(blank.sum()))  # texts without words have nothing in common
    return found


def _sequences(text: str) -> set[bytes]:
    words = text.encode().split(b" ") if text else []
    if len(words) <= SEQUENCE:
        return {b" ".join(words)} if words else set()
    return {b" ".join(part) for part in zip(*(words[skip:] for skip in range(SEQUENCE)), strict=False)}


def _plain(text: str) -> str:
    """The words of a text alone."""
    return " ".join(_WORD.findall(text.lower()))


def _hash(data: bytes) -> int:
    from zlib import crc32

    return crc32(data)


def _by_long_sentences(sentences: _Sentences, group: Rows, at_least: int, *, known: set[str]) -> Rows:
    """Groups put together that say the same long sentences: what a campaign is where everybody adds much."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    ordinary = np.array([text not in known for text in sentences.plain], np.bool_)
    rows = np.flatnonzero(((sentences.words >= LONG) & ordinary)[sentences.id])
    if not len(rows):
        return group
    response, sentence = sentences.response[rows], sentences.id[rows]
    alone = np.flatnonzero(sentences.words[sentence] >= LONGER)
    pair = np.flatnonzero((response[1:] == response[:-1]) & (sentence[1:] != sentence[:-1]))
    # A sign is a pair of long sentences in a row, or one that is longer; its number tells which.
    signs = np.concatenate([sentence[pair] * len(sentences.words) + sentence[pair + 1], -1 - sentence[alone]])
    of = np.concatenate([response[pair], response[alone]])
    both = np.unique(np.stack([of, signs], axis=1), axis=0)
    _, sign, often = np.unique(both[:, 1], return_inverse=True, return_counts=True)
    strong = often[sign] >= at_least
    _, group = np.unique(group, return_inverse=True)
    groups = int(group.max()) + 1
    row, column = group[both[strong, 0]], groups + sign[strong]
    graph = coo_matrix((np.ones(len(row), np.int8), (row, column)), shape=(groups + len(often),) * 2)
    return np.asarray(connected_components(graph, directed=False)[1][group], np.int64)


def _large(group: Rows, at_least: int) -> Rows:
    """Groups numbered from 0 by their first member; -1 for what is in none of at least so many."""
    _, first, numbered, size = np.unique(group, return_index=True, return_inverse=True, return_counts=True)
    large = (size >= at_least) & (group[first] >= 0)
    order = np.full(len(first), -1, np.int64)
    chosen = np.flatnonzero(large)
    order[chosen[np.argsort(first[chosen])]] = np.arange(len(chosen))
    return order[numbered]


def _by_common_text(said: csr_matrix, words: Rows, group: Rows) -> tuple[Rows, csr_matrix]:
    """The groups with who else carries enough of their common text, and the common text (groups, sentences)."""
    from scipy.sparse import csr_matrix

    groups = int(group.max()) + 1
    members = np.flatnonzero(group >= 0)
    if not groups:
        return group, csr_matrix((0, said.shape[1]))
    belongs = csr_matrix((np.ones(len(members)), (group[members], members)), shape=(groups, len(group)))
    share = (belongs @ said).multiply(1 / np.maximum(np.bincount(group[members], minlength=groups), 1)[:, None]).tocsr()
    share.data = (share.data >= MOST).astype(np.float64)
    share.eliminate_zeros()
    weighted = share.multiply(words[None, :]).tocsr()
    total = np.asarray(weighted.sum(axis=1)).ravel()
    outside = np.flatnonzero(group < 0)
    carried = (said[outside] @ weighted.T).multiply(1 / np.maximum(total, 1)[None, :]).tocsr()
    found = group.copy()
    if carried.nnz:
        best = np.asarray(carried.argmax(axis=1)).ravel()
        enough = carried.max(axis=1).toarray().ravel() >= CARRIED
        enough &= total[best] >= LONG
        found[outside[enough]] = best[enough]
    return found, share


def _read(responses: int, sentences: _Sentences, group: Rows, common: csr_matrix) -> Campaigns:
    """The campaigns in the order of their size, and a reading of each response."""
    groups = int(group.max()) + 1 if len(group) else 0
    size = np.bincount(group[group >= 0], minlength=groups)
    order = np.argsort(-size, kind="stable")
    rank = np.full(groups + 1, -1, np.int64)  # the last is that of no group
    rank[order] = np.arange(len(order))
    campaign = rank[group]

    of_sentence = group[sentences.response]
    shared = np.zeros(len(sentences.id), np.bool_)
    inside = np.flatnonzero(of_sentence >= 0)
    if len(inside):
        shared[inside] = np.asarray(common[of_sentence[inside], sentences.id[inside]]).ravel() > 0
    length = sentences.end - sentences.start
    score = np.bincount(sentences.response, np.where(shared, length, -length), minlength=responses)

    bounds = np.searchsorted(sentences.response, np.arange(responses + 1))
    readings = []
    for response in range(responses):
        part = slice(bounds[response], bounds[response + 1])
        # Sentences of one kind that follow each other are one span.
        turns = np.flatnonzero(np.diff(shared[part], prepend=~shared[part][:1]))
        ends = np.append(turns, bounds[response + 1] - bounds[response])[1:] - 1
        spans: dict[bool, list[Span]] = {True: [], False: []}
        for turn, end in zip(turns, ends, strict=True):
            kind = bool(shared[part][turn])
            spans[kind].append(Span(int(sentences.start[part][turn]), int(sentences.end[part][end])))
        number = int(campaign[response])
        readings.append(Reading(None if number < 0 else number, tuple(spans[True]), tuple(spans[False])))
    found = []
    for number in range(len(order)):
        members = np.flatnonzero(campaign == number)
        found.append(Campaign(tuple(members.tolist()), int(members[np.argmax(score[members])])))
    return Campaigns(tuple(found), tuple(readings))
