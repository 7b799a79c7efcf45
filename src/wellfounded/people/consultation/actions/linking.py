"""What people decide on points. A decision replaces an earlier one only where whoever decides has seen it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from wellfounded.people.consultation.actions.settling import reopen_sign_off, settle_with_those_read_there
from wellfounded.people.consultation.models import Link, Point, Response, Subject
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import WITHOUT_ID, About, Says, Target
from wellfounded.people.models import Done


class ChangedMeanwhile(ValueError):
    """Somebody else has decided on the same thing since it was read."""

    def __init__(self, what: str, by: str) -> None:
        self.by = by
        super().__init__(f"{what} was decided by {by or 'somebody'} since you opened it: look at it again")


class NothingDecided(ValueError):
    """No link was chosen; a point that is on nothing of ours is "not about the evidence"."""


class NoSuchSubject(LookupError):
    """The publication has nothing of that name to link to."""


class NotReadable(ValueError):
    """The response is set aside, or has been erased: nothing in it can be decided."""


@dataclass(frozen=True, order=True)
class Linked:
    """What a point is about, and what it says of it; `says` is empty where it only names it."""

    target: Target
    says: Says | None = None


def decide(point: Point, links: Collection[Linked], *, version: int, by: str, now: datetime) -> Point:
    """The point, on which `by` has decided that it has these links and no other.

    `version` is that of the point as they saw it. Raises ChangedMeanwhile, NothingDecided, NoSuchSubject, NotReadable.
    """
    if not links:
        raise NothingDecided("choose what the point is about, or that it is not about the evidence")
    wanted = set(links)
    hashes = _hashes({each.target for each in wanted})
    with transaction.atomic():
        response = _readable(point.response_id)
        _take(point, version)
        standing = {_linked(link): link for link in Link.objects.filter(point=point, ended_at=None)}
        over = [link.pk for each, link in standing.items() if each not in wanted]
        Link.objects.filter(pk__in=over).update(ended_at=now, ended_by=by)
        for each, link in standing.items():
            if each in wanted and link.recheck:
                link.recheck, link.subject_hash = False, hashes[each.target]
                link.save(update_fields=["recheck", "subject_hash"])
        Link.objects.bulk_create(
            [
                Link(
                    point=point, response=response, party_id=response.party_id, about=each.target.about,
                    target=each.target.id, says=each.says or "", by=by, at=now, subject_hash=hashes[each.target],
                )
                for each in sorted(wanted - set(standing), key=str)
            ]
        )  # fmt: skip
        Point.objects.filter(pk=point.pk).update(open=False, decided_at=now, decided_by=by)
        Response.objects.filter(pk=response.pk, begun_at=None).update(begun_at=now)
        Done.objects.create(
            at=now, who=by, what="point.decided", about=response.reference,
            detail={"point": point.pk, "links": [told(each) for each in sorted(wanted, key=str)]},
        )  # fmt: skip
        settle_with_those_read_there(response.pk, now=now)
        reopen_sign_off(now)
    return Point.objects.get(pk=point.pk)


def reopen(point: Point, *, version: int, by: str, now: datetime) -> Point:
    """The point, which waits for somebody again; the links that it had are kept as taken back."""
    with transaction.atomic():
        response = _readable(point.response_id)
        _take(point, version)
        Link.objects.filter(point=point, ended_at=None).update(ended_at=now, ended_by=by)
        Point.objects.filter(pk=point.pk).update(open=True, decided_at=None, decided_by="", read_as=None)
        Done.objects.create(at=now, who=by, what="point.reopened", about=response.reference, detail={"point": point.pk})
        settle_with_those_read_there(response.pk, now=now)
        reopen_sign_off(now)
    return Point.objects.get(pk=point.pk)


def confirm(link: Link, *, by: str, now: datetime) -> None:
    """Nothing; a person says that a link stands although what it leads to was edited."""
    with transaction.atomic():
        hashes = _hashes({Target(About(link.about), link.target)})
        Link.objects.filter(pk=link.pk).update(recheck=False, subject_hash=next(iter(hashes.values())))
        Done.objects.create(
            at=now, who=by, what="link.confirmed", about=link.response.reference, detail={"link": link.pk}
        )


def mark(response: Response, *, start: int, end: int, by: str, now: datetime) -> Point:
    """A point that a person marks, which the software had not made one. Raises NotReadable, also where no words are."""
    if not 0 <= start < end <= len(response.text) or not response.text[start:end].strip():
        raise NotReadable(f"{response.reference} has no words from {start} to {end}")
    with transaction.atomic():
        _readable(response.pk)
        point, new = Point.objects.get_or_create(response=response, start=start, end=end, defaults={"marked_by": by})
        if new:
            Done.objects.create(
                at=now, who=by, what="point.marked", about=response.reference, detail={"start": start, "end": end}
            )
            settle_with_those_read_there(response.pk, now=now)
    return point


def done(response: Response, *, version: int, by: str, now: datetime) -> None:
    """Nothing; a person says that there is nothing more to read in a response. Its points still have to be decided."""
    with transaction.atomic():
        take(response, version)
        Response.objects.filter(pk=response.pk).update(done_at=now, begun_at=response.begun_at or now)
        Done.objects.create(at=now, who=by, what="response.read", about=response.reference)
        settle_with_those_read_there(response.pk, now=now)


def take(response: Response, version: int) -> None:
    """Nothing; the response's version has moved on. Raises ChangedMeanwhile where it has moved before."""
    if not Response.objects.filter(pk=response.pk, version=version).update(version=F("version") + 1):
        last = Done.objects.filter(about=response.reference).order_by("-id").first()
        raise ChangedMeanwhile(f"response {response.reference}", last.who if last else "")


def told(linked: Linked) -> str:
    """A link in words, for the record and for comparing what two people made of a point."""
    subject = " ".join(part for part in (str(linked.target.about), linked.target.id) if part)
    return f"{linked.says} {subject}" if linked.says else subject


def _take(point: Point, version: int) -> None:
    if not Point.objects.filter(pk=point.pk, version=version).update(version=F("version") + 1):
        found = Point.objects.filter(pk=point.pk).first()
        raise ChangedMeanwhile("this point", found.decided_by if found else "")


def _readable(number: int) -> Response:
    response = Response.objects.get(pk=number)
    if response.state not in READABLE or response.erased_at is not None:
        raise NotReadable(f"{response.reference} is {'erased' if response.erased_at else response.state}")
    return response


def _linked(link: Link) -> Linked:
    return Linked(Target(About(link.about), link.target), Says(link.says) if link.says else None)


def _hashes(targets: Collection[Target]) -> dict[Target, str]:
    """The hash of each subject as it is now. Raises NoSuchSubject."""
    known = {
        Target(About(row.about), row.target): row.hash
        for row in Subject.objects.filter(target__in=[target.id for target in targets if target.id], gone_at=None)
    }
    for target in targets:
        if target.about in WITHOUT_ID:
            known[target] = ""
        elif target not in known:
            raise NoSuchSubject(f"the publication has no {target.about} {target.id!r}")
    return {target: known[target] for target in targets}


__all__ = [
    "ChangedMeanwhile", "Linked", "NoSuchSubject", "NotReadable", "NothingDecided",
    "confirm", "decide", "done", "mark", "reopen", "take", "told",
]  # fmt: skip
