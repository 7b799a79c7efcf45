"""How soon a reader meets what the conclusions don't cover: rare arguments are planted, and looked for.

    python -m benchmarks.missed [FOLDER]

The dev set of the key point task is the consultation: its key points are the conclusions, its arguments that match one
are what is said. Six arguments that match one key point and no other, each of another organisation, are planted twice:
once with every key point of their topic taken away (a subject that no conclusion is about), once with theirs alone (a
gap among conclusions on the same subject); what else matches what was taken away is left out. Found is what a
reader of the first entries meets. The thresholds of what was missed were chosen on this set.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.keypoints import NotInTheFormat, read_set

DEFAULT = Path(__file__).parents[1] / "../shared/data/responses/argument-key-points"
PLANTED = 6
ENTRIES = (10, 20, 50)
AIM = 0.9  # of subjects that are covered by no conclusion, found in the first ten entries, with embeddings


def found(folder: Path, *, embeddings: bool, every: int = 1) -> dict[str, dict[int, float]]:
    """The share of planted arguments met in the first entries, for each kind of gap, and what chance would give."""
    from wellfounded.people.consultation.types import About, Target
    from wellfounded.people.consultation.understanding.closeness import LEXICAL, SEMANTIC
    from wellfounded.people.consultation.understanding.embedding import load_embedder
    from wellfounded.people.consultation.understanding.linking import Candidate, Linker, Read, weighed, with_relative
    from wellfounded.people.consultation.understanding.missed import missed_by

    groups = read_set(folder, "dev").groups
    texts = [text for group in groups for text in group.arguments]
    topic = np.array([group.topic for group in groups for _ in group.arguments])
    its_topic = np.array([group.topic for group in groups for _ in group.key_points])
    key_points = [text for group in groups for text in group.key_points]
    matches = np.zeros((len(texts), len(key_points)), bool)
    row = column = 0
    for group in groups:
        height, width = group.labels.shape
        matches[row : row + height, column : column + width] = group.labels == 1
        row, column = row + height, column + width
    assert row == len(topic)

    embedder = load_embedder() if embeddings else None
    candidates = [Candidate(Target(About.CONCLUSION, str(n)), text) for n, text in enumerate(key_points)]
    linker = Linker.of(candidates, background=texts, embedder=embedder)
    measures = {name: one for name, one in linker.features(texts).items() if name in (*LEXICAL, *SEMANTIC)}
    vectors = embedder.encode(texts) if embedder else None

    met: dict[str, list[list[bool]]] = {"another subject": [], "a gap on a subject": []}
    chance: dict[str, list[float]] = {name: [] for name in met}
    for number in range(0, len(key_points), every):
        planted = np.flatnonzero(matches[:, number] & (matches.sum(axis=1) == 1))[:PLANTED]
        if len(planted) < PLANTED:
            continue
        for name, gone in zip(met, (its_topic == its_topic[number], np.arange(len(key_points)) == number), strict=True):
            covered = matches[:, ~gone].any(axis=1) & ~matches[:, gone].any(axis=1)
            rows = np.flatnonzero(covered | np.isin(np.arange(len(texts)), planted))
            left = {measure: one[rows][:, ~gone] for measure, one in measures.items()}
            sure = 1 / (1 + np.exp(-weighed(with_relative(left), linker.weights)))
            missed = missed_by(
                linker,
                [texts[row] for row in rows],
                organisations=[f"body {row}" for row in rows],
                districts=[""] * len(rows),
                read=Read(sure.astype(np.float32), None if vectors is None else vectors[rows]),
                at_most=max(ENTRIES),
            )
            shown = np.isin(rows[[one.point for one in missed]], planted) if missed else np.zeros(0, bool)
            met[name].append([bool(shown[:entries].any()) for entries in ENTRIES])
            chance[name].append(PLANTED / len(rows))
    return {
        **{name: dict(zip(ENTRIES, np.mean(one, axis=0).tolist(), strict=True)) for name, one in met.items()},
        **{
            f"{name}, by chance": {n: 1 - (1 - float(np.mean(one))) ** n for n in ENTRIES}
            for name, one in chance.items()
        },
    }


def main(arguments: list[str]) -> int:
    """Exit code: 0 when enough of what was planted is met in the first entries."""
    folder = Path(arguments[0]) if arguments else DEFAULT
    met = True
    try:
        for embeddings in (True, False):
            shares = found(folder, embeddings=embeddings)
            met &= not embeddings or shares["another subject"][ENTRIES[0]] >= AIM
            print(
                f"missed, with embeddings {'on' if embeddings else 'off'}: planted arguments met in the first entries"
            )
            print(f"  {'':32}" + "".join(f"{entries:8}" for entries in ENTRIES))
            for name, by_entries in shares.items():
                print(f"  {name:32}" + "".join(f"{share:8.2f}" for share in by_entries.values()))
    except NotInTheFormat as error:
        print(error, file=sys.stderr)
        return 2
    print(f"  aims: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
