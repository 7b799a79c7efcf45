"""What points can be linked to, as the publication has it; links to what was edited are to be checked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wellfounded.people.consultation.models import Link, Subject
from wellfounded.people.consultation.types import About, Target
from wellfounded.people.models import Done


@dataclass(frozen=True)
class Known:
    """A conclusion, chapter, indicator or Grand Challenge of the publication.

    `hash` is of what its author wrote, words and tests without figures: it moves when it is edited, and not with a new
    release of the data.
    """

    target: Target
    title: str
    matter: str
    hash: str
    chapter: str = ""


def know(subjects: Sequence[Known], *, now: datetime) -> int:
    """How many links are to be checked again, as what they lead to was edited or has gone. None is changed."""
    wanted = {(str(each.target.about), each.target.id): (n, each) for n, each in enumerate(subjects)}
    marked = 0
    with transaction.atomic():
        rows = {(row.about, row.target): row for row in Subject.objects.all()}
        new, changed, edited = [], [], []
        for key, (position, each) in wanted.items():
            row = rows.get(key)
            values = {
                "title": each.title, "matter": each.matter, "hash": each.hash, "chapter": each.chapter,
                "position": position, "gone_at": None,
            }  # fmt: skip
            if row is None:
                new.append(Subject(about=key[0], target=key[1], **values))
            elif any(getattr(row, name) != value for name, value in values.items()):
                if row.hash != each.hash or row.gone_at is not None:
                    edited.append((key, each.hash))
                for name, value in values.items():
                    setattr(row, name, value)
                changed.append(row)
        gone = [row for key, row in rows.items() if key not in wanted and row.gone_at is None]
        for row in gone:
            row.gone_at = now
        Subject.objects.bulk_create(new)
        Subject.objects.bulk_update([*changed, *gone], ["title", "matter", "hash", "chapter", "position", "gone_at"])
        for (about, target), hash_ in [*edited, *(((row.about, row.target), "gone") for row in gone)]:
            links = Link.objects.filter(about=about, target=target, ended_at=None).exclude(subject_hash=hash_)
            n = links.update(recheck=True)
            marked += n
            if n:
                Done.objects.create(
                    at=now, who="worker", what="links.to-check-again", about=f"{about} {target}", detail={"links": n}
                )
    return marked


def targets() -> dict[Target, Subject]:
    """What can be linked to now, in the order of the publication."""
    return {
        Target(About(row.about), row.target): row for row in Subject.objects.filter(gone_at=None).order_by("position")
    }


__all__ = ["Known", "know", "targets"]
