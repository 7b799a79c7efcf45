"""What the embedding model made of points, kept from one run to the next: it reads the same words once.

A row holds a text's vector in steps (see `embedding.stepped`) and its log-odds by target as the linker rounds them, so
that a run gives the same whether it finds them or makes them. All are made anew where the publication or the model is
another one, or the points that tell common words from rare ones are others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from django.db import transaction

from wellfounded.people import keyed
from wellfounded.people.consultation.models import Embedding, Point
from wellfounded.people.consultation.preparing.texts import Said
from wellfounded.people.consultation.understanding.embedding import DIMENSIONS, STEP
from wellfounded.people.consultation.understanding.linking import Linker, Measured, Read

AT_ONCE = 2_000  # texts looked up, measured and written together


def read(found: Linker, points: Sequence[Said]) -> Read:
    """What a linker reads in points. The model reads only words that it has never read, and what it makes is kept."""
    if found.semantic is None:
        return found.read([each.text for each in points])
    distinct = sorted({each.text for each in points})
    place = {text: row for row, text in enumerate(distinct)}
    where = np.array([place[each.text] for each in points], np.int64)
    measured = measure(found, distinct, said_in=points)
    assert measured.vectors is not None, "the linker has a model"
    return Read(found.judge(distinct, measured)[where], measured.vectors[where])


def measure(found: Linker, texts: Sequence[str], *, said_in: Iterable[Said] = ()) -> Measured:
    """What a linker with a model measures of different texts; what is new is kept where it is said in these points."""
    points: dict[str, Said] = {}
    for each in said_in:
        points.setdefault(each.text, each)
    logits = np.zeros((len(texts), len(found.targets)), np.float16)
    vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
    for at in range(0, len(texts), AT_ONCE):
        some = slice(at, at + AT_ONCE)
        there = _there([_key(text) for text in texts[some]], found.frame)
        known = [at + n for n, row in enumerate(there) if row is not None]
        if known:
            vectors[known], logits[known] = _unpacked([row for row in there if row is not None])
        new = [at + n for n, row in enumerate(there) if row is None]
        if new:
            made = found.measure([texts[row] for row in new])
            assert made.vectors is not None, "the linker has a model"
            vectors[new], logits[new] = made.vectors, made.logits
            rows = zip((texts[row] for row in new), _packed(made.vectors, made.logits), strict=True)
            _keep({points[text]: numbers for text, numbers in rows if text in points}, frame=found.frame)
    return Measured(logits, vectors, None)


def forget_all_but(points: Iterable[Said], *, frame: str) -> int:
    """How many rows were kept that these points do not need."""
    gone = Embedding.objects.exclude(frame=frame).delete()[0]
    needed = {_key(text) for text in {each.text for each in points}}
    rows = Embedding.objects.values_list("pk", "key").iterator(chunk_size=20_000)
    over = [pk for pk, key in rows if key not in needed]
    for at in range(0, len(over), AT_ONCE):
        gone += Embedding.objects.filter(pk__in=over[at : at + AT_ONCE]).delete()[0]
    return gone


def _key(text: str) -> str:
    return keyed.of("words of a point", text)


def _there(keys: Sequence[str], frame: str) -> list[bytes | None]:
    """The numbers that are kept under each key, if any."""
    rows = Embedding.objects.filter(frame=frame, key__in=keys).values_list("key", "numbers")
    found = {key: bytes(numbers) for key, numbers in rows}
    return [found.get(key) for key in keys]


def _keep(made: Mapping[Said, bytes], *, frame: str) -> None:
    """Nothing; what was made is kept, but of what was erased or taken away while it was made."""
    with transaction.atomic():
        theirs = Point.objects.filter(pk__in=[each.point for each in made], response__erased_at=None)
        stand = set(theirs.values_list("pk", flat=True))
        Embedding.objects.bulk_create(
            [
                Embedding(key=_key(each.text), frame=frame, point_id=each.point, numbers=numbers)
                for each, numbers in made.items()
                if each.point in stand
            ],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["frame", "point", "numbers"],
        )
    # Whoever erased between these two looks again when that is done, as we do: one of us sees what the other did.
    Embedding.objects.filter(point__in=stand, point__response__erased_at__isnull=False).delete()


def _packed(vectors: np.ndarray, logits: np.ndarray) -> list[bytes]:
    steps = np.rint(vectors / np.float32(STEP)).astype("<i2")
    rows = np.concatenate([steps, logits.astype("<f2").view("<i2")], axis=1)
    return [row.tobytes() for row in rows]


def _unpacked(rows: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.frombuffer(b"".join(rows), "<i2").reshape(len(rows), -1)
    logits = np.ascontiguousarray(numbers[:, DIMENSIONS:]).view("<f2")
    return numbers[:, :DIMENSIONS].astype(np.float32) * np.float32(STEP), logits


__all__ = ["forget_all_but", "measure", "read"]
