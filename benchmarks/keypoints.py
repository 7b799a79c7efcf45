"""Reads a folder in the format of the key point analysis task, and has the product's linker measure its pairs."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

OTHERS = 40  # arguments of other topics beside each group
COLUMNS = {
    "arguments": ("arg_id", "argument", "topic", "stance"),
    "key_points": ("key_point_id", "key_point", "topic", "stance"),
    "labels": ("arg_id", "key_point_id", "label"),
}


class NotInTheFormat(ValueError):
    """A folder or file is not as the task has it."""


@dataclass(frozen=True)
class Group:
    """Arguments and key points of one topic and stance. Labels are 1, 0 or -1 where nobody labelled the pair."""

    topic: str
    stance: str
    arguments: tuple[str, ...]
    key_points: tuple[str, ...]
    labels: np.ndarray  # (arguments, key points)
    others: tuple[str, ...] = ()  # arguments of other topics: nothing should be suggested for them


@dataclass(frozen=True)
class Set:
    """One of the folder's sets."""

    name: str
    groups: tuple[Group, ...]
    said: dict[str, list[str]]  # all arguments of a topic, whichever their stance
    labels_hash: str


def rows_of(path: Path, kind: str) -> list[dict[str, str]]:
    """The rows of a file, which has at least the columns of its kind."""
    if not path.is_file():
        raise NotInTheFormat(f"{path}: not found; a set needs arguments_, key_points_ and labels_ files of one name")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS[kind] if name not in (reader.fieldnames or [])]
            if missing:
                raise NotInTheFormat(
                    f"{path}, line 1: found the columns {', '.join(reader.fieldnames or ['none'])}; "
                    f"expected {', '.join(COLUMNS[kind])}"
                )
            rows = list(reader)
    except UnicodeDecodeError as error:
        raise NotInTheFormat(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    for line, row in enumerate(rows, 2):
        gap = next((name for name in COLUMNS[kind] if not row[name]), None)
        if gap is not None:
            raise NotInTheFormat(f"{path}, row {line}: {gap} is empty; every row needs {', '.join(COLUMNS[kind])}")
    return rows


def read_set(folder: Path, name: str) -> Set:
    """A set of the folder, checked."""
    arguments, key_points, labelled = (rows_of(folder / f"{kind}_{name}.csv", kind) for kind in COLUMNS)
    known: dict[str, set[str]] = {"arg_id": {row["arg_id"] for row in arguments},
                                  "key_point_id": {row["key_point_id"] for row in key_points}}  # fmt: skip
    path = folder / f"labels_{name}.csv"
    labels = {}
    for line, row in enumerate(labelled, 2):
        for column, ids in known.items():
            if row[column] not in ids:
                raise NotInTheFormat(f"{path}, row {line}: {column} {row[column]!r} is in no other file of the set")
        if row["label"] not in ("0", "1"):
            raise NotInTheFormat(f"{path}, row {line}: found the label {row['label']!r}; expected 0 or 1")
        labels[row["arg_id"], row["key_point_id"]] = int(row["label"])
    groups, said = [], {}
    for topic, stance in sorted({(row["topic"], row["stance"]) for row in key_points}):
        mine = [row for row in arguments if (row["topic"], row["stance"]) == (topic, stance)]
        its = [row for row in key_points if (row["topic"], row["stance"]) == (topic, stance)]
        said[topic] = [row["argument"] for row in arguments if row["topic"] == topic]
        pairs = np.array([[labels.get((a["arg_id"], k["key_point_id"]), -1) for k in its] for a in mine], np.int64)
        if mine:
            away = [row["argument"] for row in arguments if row["topic"] != topic]
            others = away[:: max(1, len(away) // OTHERS)][:OTHERS]
            texts = tuple(row["argument"] for row in mine), tuple(row["key_point"] for row in its)
            groups.append(Group(topic, stance, *texts, pairs.reshape(len(mine), len(its)), tuple(others)))
    if not groups:
        raise NotInTheFormat(f"{folder}: set {name} has no argument with a key point of its topic and stance")
    return Set(name, tuple(groups), said, hashlib.sha256(path.read_bytes()).hexdigest())


def sets_in(folder: Path) -> list[Set]:
    """The folder's sets, in alphabetical order."""
    if not folder.is_dir():
        raise NotInTheFormat(f"{folder}: no such folder")
    names = sorted(path.stem.removeprefix("labels_") for path in folder.glob("labels_*.csv"))
    if not names:
        raise NotInTheFormat(f"{folder}: no file labels_NAME.csv in it; expected the task's three files for each set")
    return [read_set(folder, name) for name in names]


def linker_of(data: Set, group: Group, decisions: Any = (), *, model: bool = True) -> Any:
    """The product's linker to the key points of a group, with what people said on the topic as its background."""
    from wellfounded.people.consultation.types import About, Target
    from wellfounded.people.consultation.understanding.embedding import load_embedder
    from wellfounded.people.consultation.understanding.linking import Candidate, Decided, Linker

    targets = [Target(About.CONCLUSION, str(number)) for number in range(len(group.key_points))]
    return Linker.of(
        [Candidate(target, text) for target, text in zip(targets, group.key_points, strict=True)],
        background=data.said[group.topic],
        decisions=[Decided(text, targets[number], confirmed) for text, number, confirmed in decisions],
        embedder=load_embedder() if model else None,
    )


def features_of(data: Set) -> list[dict[str, Any]]:
    """What the product's linker measures, for each group: (arguments and those of other topics, key points)."""
    return [linker_of(data, group).features([*group.arguments, *group.others]) for group in data.groups]
