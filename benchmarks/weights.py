"""Learns the weights of the product's linker from labelled pairs (`python -m benchmarks.matching --learn`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.keypoints import Group, Set, features_of, linker_of, read_set

WEIGHTS = Path(__file__).parents[1] / "src/wellfounded/people/consultation/understanding/weights.json"
EXAMPLES = 5  # of each kind for each key point, from which it is learned what an example is worth
BEYOND = {True: 0.2, False: 0.05}  # closeness that an example has to have, with embeddings and without


def learned(groups: list[Group], features: list[dict[str, Any]], names: list[str]) -> Any:
    """The weights of a logistic regression on labelled pairs."""
    from sklearn.linear_model import LogisticRegression

    from wellfounded.people.consultation.understanding.linking import Examples, Weights

    def chosen(group: Group, matrix: np.ndarray) -> np.ndarray:
        """The labelled pairs, and every pair of what is of another topic."""
        return np.concatenate([matrix[: len(group.labels)][group.labels >= 0], matrix[len(group.labels) :].ravel()])

    measures = np.concatenate(
        [
            np.stack([chosen(group, each[name]) for name in names], -1)
            for group, each in zip(groups, features, strict=True)
        ]
    )
    match = np.concatenate([chosen(group, np.pad(group.labels, ((0, len(group.others)), (0, 0)))) for group in groups])
    middle, scale = measures.mean(axis=0), np.maximum(measures.std(axis=0), 1e-6)
    fitted = LogisticRegression(C=0.3, max_iter=3000).fit((measures - middle) / scale, match)
    by = fitted.coef_[0] / scale
    return Weights(
        round(float(fitted.intercept_[0] - by @ middle), 4),
        {n: round(float(b), 4) for n, b in zip(names, by, strict=True)},
        Examples(0.0, 0.0, 0.0),
    )


def names_of(features: list[dict[str, Any]], *, model: bool) -> list[str]:
    """The measures that weights are learned for, with the embedding model or without."""
    from wellfounded.people.consultation.understanding.closeness import LEXICAL

    lexical = [name for name in features[0] if name.split(" of ")[-1].split(" in ")[-1] in LEXICAL]
    return [name for name in features[0] if "contained" not in name or " " not in name] if model else lexical


def with_examples(data: Set, features: list[dict[str, Any]], weights: Any, *, model: bool) -> Any:
    """The weights with what it is worth that a point is close to one that people confirmed or refused."""
    from msgspec.structs import replace
    from scipy.optimize import minimize

    from wellfounded.people.consultation.understanding.linking import Examples, weighed

    parts = []
    for group, each in zip(data.groups, features, strict=True):
        shown, kept = [], group.labels >= 0
        for number, labels in enumerate(group.labels.T):
            for label in (1, 0):
                rows = np.flatnonzero(labels == label)[:EXAMPLES]
                shown += [(group.arguments[row], number, bool(label)) for row in rows]
                kept[rows, number] = False
        told = linker_of(data, group, shown, model=model).told(group.arguments)[kept]
        parts.append((weighed(each, weights)[: len(kept)][kept], told, group.labels[kept]))
    logit, told, match = (np.concatenate(part) for part in zip(*parts, strict=True))
    close = np.maximum(told - BEYOND[model], 0)

    def loss(worth: np.ndarray) -> float:
        odds = logit + close[:, 0] * worth[0] - close[:, 1] * worth[1]
        return float(np.logaddexp(0, -(2 * match - 1) * odds).mean())

    confirmed, refused = minimize(loss, np.ones(2)).x
    return replace(weights, examples=Examples(BEYOND[model], round(float(confirmed), 4), round(float(refused), 4)))


def learn(folder: Path) -> None:
    """Writes the weights that ship, learned from the folder's train set."""
    from wellfounded.people.consultation.understanding.linking import Shipped

    train = read_set(folder, "train")
    features = features_of(train)
    found = []
    for model in (True, False):
        weights = learned(list(train.groups), features, names_of(features, model=model))
        found.append(with_examples(train, features, weights, model=model))
    shipped = Shipped(
        source="ArgKP-2021, train set of the key point analysis shared task (IBM/KPA_2021_shared_task)",
        licence="CDLA-Sharing-1.0 (the data; results of computing on it are free of its conditions)",
        learned_from=train.labels_hash,
        with_model=found[0],
        without_model=found[1],
    )
    import msgspec

    WEIGHTS.write_bytes(msgspec.json.format(msgspec.json.encode(shipped), indent=2) + b"\n")
    print(f"wrote {WEIGHTS.name}: {sum(len(weights.by) + 4 for weights in found)} numbers")
