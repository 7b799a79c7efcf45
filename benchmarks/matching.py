"""How well the product's linker finds what an argument says, on any folder of the key point analysis task's format.

    python -m benchmarks.matching FOLDER [--json]      measures
    python -m benchmarks.matching FOLDER --learn       learns the weights that ship from the folder's train set

A folder holds `arguments_NAME.csv`, `key_points_NAME.csv` and `labels_NAME.csv` for each of its sets. The measures are
those of the shared task of 2021, track 1: for each topic and stance every argument gets its best key point, the surer
half of the arguments is kept, and average precision is taken with unlabelled pairs as wrong (strict) or right
(relaxed); their mean over topics and stances is mAP. AUC is over labelled pairs. Precision at coverage is the share of
the surest arguments whose key point is labelled as matching, unlabelled pairs counted as wrong.

Nothing is measured on what it was learned from: the set that the shipped weights were learned from (known by the hash
of its labels) is measured topic-wise by cross-validation, all others with the shipped weights.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.keypoints import Group, NotInTheFormat, Set, features_of, sets_in
from benchmarks.weights import learn, learned, names_of

DEFAULT = Path(__file__).parents[1] / "../shared/data/responses/argument-key-points"
COVERAGES = (0.25, 0.5, 0.75)
FOLDS = 6
ALONE = {"cosine": "cosine alone", "characters": "character TF-IDF alone"}


def confidences(features: list[dict[str, Any]], weights: Any) -> list[np.ndarray]:
    """How sure the linker is with these weights, by group."""
    from wellfounded.people.consultation.understanding.linking import weighed

    return [1 / (1 + np.exp(-weighed(each, weights).astype(float))) for each in features]


def cross_validated(data: Set, features: list[dict[str, Any]], *, model: bool) -> list[np.ndarray]:
    """How sure the linker is, each topic with weights learned from other topics only."""
    topics = sorted({group.topic for group in data.groups})
    fold = {topic: number % FOLDS for number, topic in enumerate(topics)}
    found: list[np.ndarray] = [np.zeros(0)] * len(data.groups)
    for number in range(min(FOLDS, len(topics))):
        held = [place for place, group in enumerate(data.groups) if fold[group.topic] == number]
        others = [place for place in range(len(data.groups)) if place not in held]
        weights = learned(
            [data.groups[place] for place in others],
            [features[place] for place in others],
            names_of(features, model=model),
        )
        for place, sure in zip(held, confidences([features[place] for place in held], weights), strict=True):
            found[place] = sure
    return found


def measured(groups: tuple[Group, ...], scores: list[np.ndarray]) -> dict[str, Any]:
    """The task's measures for scores by group (arguments, key points)."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    strict: list[float] = []
    relaxed: list[float] = []
    best, sure = [], []
    for group, score in zip(groups, scores, strict=True):
        label = group.labels[np.arange(len(score)), score.argmax(axis=1)]
        surest = score.max(axis=1)
        kept = np.argsort(-surest, kind="stable")[: len(surest) // 2]
        for found, match in ((strict, label[kept] == 1), (relaxed, label[kept] != 0)):
            found.append(float(average_precision_score(match, surest[kept])) if match.any() else 0.0)
        best.append(label)
        sure.append(surest)
    label, surest = np.concatenate(best), np.concatenate(sure)
    label = label[np.argsort(-surest, kind="stable")]
    pairs = np.concatenate([group.labels.ravel() for group in groups])
    every = np.concatenate([score.ravel() for score in scores])
    both = len(set(pairs[pairs >= 0].tolist())) == 2
    precision = {str(share): float((label[: max(1, int(len(label) * share))] == 1).mean()) for share in COVERAGES}
    judged = label[label >= 0]
    return {
        "map_strict": float(np.mean(strict)),
        "map_relaxed": float(np.mean(relaxed)),
        "auc": float(roc_auc_score(pairs[pairs >= 0], every[pairs >= 0])) if both else None,
        **{f"precision_at_{share}": value for share, value in precision.items()},
        "precision_at_coverage": precision,
        "precision_at_coverage_where_labelled": {
            str(share): float((judged[: max(1, int(len(judged) * share))] == 1).mean()) if len(judged) else None
            for share in COVERAGES
        },
        "arguments": len(label),
    }


def calibration(groups: tuple[Group, ...], scores: list[np.ndarray], *, bins: int = 10) -> list[dict[str, float]]:
    """For labelled pairs by tenths of confidence: how many, the mean confidence and the share that match."""
    pairs = np.concatenate([group.labels.ravel() for group in groups])
    every = np.concatenate([score.ravel() for score in scores])[pairs >= 0]
    match = pairs[pairs >= 0]
    tenth = np.minimum((every * bins).astype(int), bins - 1)
    return [
        {
            "pairs": int((tenth == one).sum()),
            "confidence": float(every[tenth == one].mean()),
            "matched": float(match[tenth == one].mean()),
        }
        for one in range(bins)
        if (tenth == one).any()
    ]


def abstaining(groups: tuple[Group, ...], scores: list[np.ndarray], *, at_least: float = 0.5) -> dict[str, Any]:
    """What the linker does as it ships: how many arguments get a suggestion, and how many of those are right."""
    best = np.concatenate([g.labels[np.arange(len(s)), s.argmax(axis=1)] for g, s in zip(groups, scores, strict=True)])
    told = np.concatenate([score.max(axis=1) for score in scores]) >= at_least
    judged = best[told & (best >= 0)]
    return {
        "suggested": float(told.mean()),
        "right": float((best[told] == 1).mean()) if told.any() else None,
        "right_where_labelled": float((judged == 1).mean()) if len(judged) else None,
    }


def own(data: Set, scores: list[np.ndarray]) -> list[np.ndarray]:
    """The scores of each group's own arguments, without those of other topics."""
    return [score[: len(group.labels)] for group, score in zip(data.groups, scores, strict=True)]


def report(data: Set) -> dict[str, Any]:
    """All measures of a set: the linker, each measure alone, the linker without the model, and how they compare."""
    from wellfounded.people.consultation.understanding.linking import shipped

    features, weights = features_of(data), shipped()
    model = "cosine" in features[0]
    seen = weights.learned_from == data.labels_hash
    how = "topic-wise cross-validation" if seen else "shipped weights"

    def sure(*, with_model: bool) -> list[np.ndarray]:
        if seen:
            return cross_validated(data, features, model=with_model)
        return confidences(features, weights.with_model if with_model else weights.without_model)

    every = sure(with_model=model)
    scores = own(data, every)
    found = {"set": data.name, "how": how, "embeddings": model, **measured(data.groups, scores)}
    found["abstaining"] = abstaining(data.groups, scores)
    away = [score[len(group.labels) :].max(axis=1) for group, score in zip(data.groups, every, strict=True)]
    found["abstaining"]["suggested_for_another_topic"] = float((np.concatenate(away) >= 0.5).mean())
    found["calibration"] = calibration(data.groups, scores)
    found["alone"] = {
        name: measured(data.groups, own(data, [each[name] for each in features]))
        for name in ALONE
        if name in features[0]
    }
    found["without_model"] = measured(data.groups, own(data, sure(with_model=False))) if model else None
    if model:
        alone = found["alone"]["cosine"]
        names = ("map_strict", "map_relaxed", "auc", *(f"precision_at_{share}" for share in COVERAGES))
        found["ratio_to_cosine"] = {name: found[name] / alone[name] if alone[name] else None for name in names}
    return found


def printed(found: dict[str, Any]) -> str:
    """A report as a table."""
    names = ("map_strict", "map_relaxed", "auc", *(f"precision_at_{share}" for share in COVERAGES))
    lines = [
        f"{found['set']}: {found['arguments']:,} arguments, {found['how']}",
        f"  {'':32}" + "".join(f"{name:>18}" for name in names),
    ]
    rows = {"linker": found, **{ALONE[name]: one for name, one in found["alone"].items()}}
    if found["without_model"]:
        rows["linker without embeddings"] = found["without_model"]
    for label, row in rows.items():
        lines.append(
            f"  {label:32}"
            + "".join(f"{row[name]:18.3f}" if row[name] is not None else f"{'none':>18}" for name in names)
        )
    if "ratio_to_cosine" in found:
        lines.append(
            f"  {'linker / cosine alone':32}"
            + "".join(f"{value:18.2f}" if value else f"{'none':>18}" for value in found["ratio_to_cosine"].values())
        )
    told = found["abstaining"]
    right = "none" if told["right_where_labelled"] is None else f"{told['right_where_labelled']:.3f}"
    lines.append(
        f"  suggests for {told['suggested']:.1%} of arguments at confidence 0.5; {right} of those labelled are right;"
        f" for {told['suggested_for_another_topic']:.1%} of arguments on another topic"
    )
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Exit code: 0 when measured and, where there are embeddings, better than cosine alone; 2 when FOLDER is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--learn", action="store_true", help="learn the weights that ship from the train set")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.learn:
            learn(chosen.folder)
            return 0
        found = [report(data) for data in sets_in(chosen.folder)]
    except NotInTheFormat as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.json:
        # The first set stands for the folder where it has several (dev before train).
        print(
            json.dumps(
                {**found[0], "sets": {one["set"]: one for one in found}} if len(found) > 1 else found[0], indent=2
            )
        )
    else:
        print("\n\n".join(printed(one) for one in found))
    better = all(
        min(one["ratio_to_cosine"]["map_strict"] or 9, one["ratio_to_cosine"]["map_relaxed"] or 9) > 1
        for one in found
        if "ratio_to_cosine" in one
    )
    return 0 if better else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
