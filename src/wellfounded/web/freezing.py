"""Freezing an edition at the staff's word: asked for on a page, done by a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from wellfounded.people import jobs, record
from wellfounded.people.consultation.queries import frozen, ledger
from wellfounded.people.models import Job, Payload, Staff
from wellfounded.priorities.criteria import said_words
from wellfounded.priorities.types import Said
from wellfounded.publishing import addresses, changes, documents
from wellfounded.publishing.editions import apart, obstacles, shelf
from wellfounded.publishing.model import Publication
from wellfounded.web import editions
from wellfounded.web.publication import NothingPublished, Opened, UnreadablePublication, slug

KIND = "edition.freeze"
OPEN = Q(done_at__isnull=True, failed_at__isnull=True)
REFUSED = Q(kind=KIND, result__has_key="obstacles")  # as the base or the shelf stood: nothing that broke


class BeingFrozen(ValueError):
    """Somebody has asked for an edition already."""


@dataclass(frozen=True)
class Hindrance:
    """An obstacle with the page that tells of it, where the site has one."""

    what: str
    where: str
    do: str
    address: str = ""


@dataclass(frozen=True)
class Looked:
    """What stands in the way of an edition, and of which build that is said."""

    built_at: str
    found: tuple[Hindrance, ...]
    site: str  # where its documents lead
    unchanged: bool = False  # it says what the latest edition says, and so do people


def ask(*, on: date, corrects: int, notice: str, even_if_unchanged: bool, after: int, by: Staff) -> Job:
    """The job that freezes the next edition. `after` is the latest edition that whoever asked knew of.

    Raises BeingFrozen where one has been asked for and is not there yet.
    """
    payload = {
        "on": on.isoformat(), "corrects": corrects, "notice": notice, "even_if_unchanged": even_if_unchanged,
        "after": after,
    }  # fmt: skip
    with transaction.atomic():
        if Job.objects.select_for_update().filter(OPEN, kind=KIND).exists():
            raise BeingFrozen("an edition has been asked for already: wait until it is frozen")
        record.done(by.email, "edition.asked", about=f"edition {after + 1}", date=payload["on"], corrects=corrects)
        return jobs.ask(KIND, payload, by=by.email)


def latest_job() -> Job | None:
    """The latest edition that was asked for: at work, frozen or refused."""
    return Job.objects.filter(kind=KIND).order_by("-id").first()


def going(job: Job | None) -> bool:
    """Whether an edition is waited for."""
    return job is not None and job.done_at is None and job.failed_at is None


def site_note(job: Job | None, opened: Opened) -> str:
    """That the documents of the edition that a job froze lead to no page that others can reach; else empty."""
    if job is None or job.done_at is None:
        return ""
    try:
        site = editions.editions().opened(job.result["edition"]).shown.site
    except shelf.NoSuchEdition:  # it came this moment
        site = opened.shown.site
    return addresses.unreachable(site)


def handler(base: Path) -> Callable[[Job, Callable[[str], None]], Payload | None]:
    """What a worker does to freeze an edition of the base in a folder."""

    def freeze(job: Job, say: Callable[[str], None]) -> Payload:
        on_shelf = Path(settings.WELLFOUNDED_EDITIONS or base / shelf.FOLDER)
        asked = job.payload
        newest = shelf.latest(on_shelf)
        if newest is not None and newest.number > asked["after"]:
            if job.attempts > 1:  # a worker that froze it died before it could say so
                return _told(job, newest.number)
            raise jobs.GiveUp(
                f"edition {newest.number} was frozen meanwhile: look at what it says, then ask again", {"obstacles": []}
            )
        say("beginning")
        try:
            number = apart.freeze_apart(
                base,
                editions=on_shelf,
                asked={
                    "on": date.fromisoformat(asked["on"]),
                    "corrects": asked["corrects"],
                    "notice": asked["notice"],
                    "even_if_unchanged": asked["even_if_unchanged"],
                    "said": ledger.said(demonstration=False) or None,
                    "decisions": frozen.decided(),
                },
                progress=say,
            )
        except apart.Refused as error:
            record.done("worker", "edition.refused", about=f"edition {asked['after'] + 1}", why=str(error))
            raise jobs.GiveUp(str(error), {"obstacles": [asdict(each) for each in error.obstacles]}) from error
        return _told(job, number)

    return freeze


def _told(job: Job, number: int) -> Payload:
    record.done(
        job.by, "edition.frozen", about=f"edition {number}", date=job.payload["on"], corrects=job.payload["corrects"]
    )
    return {"edition": number}


def refused(job: Job, opened: Opened) -> tuple[Hindrance, ...]:
    """Every obstacle that a job met, with its page."""
    return with_pages([obstacles.Obstacle(**each) for each in job.result.get("obstacles", ())], opened)


def looked(opened: Opened) -> Looked | None:
    """What stands in the way of the working version as it was built last; None where none has been built here."""
    folder = Path(settings.WELLFOUNDED_PUBLICATION or "/no/publication").resolve()
    try:
        seen = (folder / "publication.json").stat().st_mtime_ns
        built_at, site, found = _obstacles(str(folder), seen)
    except (OSError, NothingPublished, UnreadablePublication):
        return None
    latest = editions.editions().latest()
    same = latest is not None and _says_the_same(str(latest.folder), str(folder), seen) and _heard_the_same(folder)
    return Looked(built_at, with_pages(found, opened), site, unchanged=same)


@lru_cache(maxsize=2)
def _says_the_same(edition: str, folder: str, _: int) -> bool:
    """Whether a publication says what an edition says; figures are read only where all else is the same."""
    if not changes.same_texts(Opened(Path(edition)).shown, Opened(Path(folder)).shown):
        return False
    return changes.is_empty(changes.between(documents.read(Path(edition)), documents.read(Path(folder))))


def _heard_the_same(folder: Path) -> bool:
    """Whether people have said by now what a publication says that they said."""
    now = ledger.said(demonstration=False)
    told = changes.said_of(Opened(folder).shown)
    return not now or all(words == said_words(now.get(each, Said())) for each, (_, words) in told.items())


@lru_cache(maxsize=2)
def _obstacles(folder: str, _: int) -> tuple[str, str, tuple[obstacles.Obstacle, ...]]:
    working = Opened(Path(folder))
    indicators = [working.indicator(ref.id) for ref in working.shown.indicators]
    return working.shown.built_at, working.shown.site, obstacles.obstacles(working.shown, indicators)


def with_pages(found: Sequence[obstacles.Obstacle], opened: Opened) -> tuple[Hindrance, ...]:
    """Obstacles with the pages of what the site shows that tell of them."""
    return tuple(Hindrance(each.what, each.where, each.do, _page(each.where, opened.shown)) for each in found)


def _page(where: str, shown: Publication) -> str:
    """The page of a conclusion, an indicator, a release or a chapter that is named as `conclusion ID`; else empty."""
    kind, _, identifier = where.partition(" ")
    if kind == "conclusion" and any(c.id == identifier and c.state == "published" for c in shown.conclusions):
        return f"/conclusions/{identifier}"
    if kind == "indicator" and any(ref.id == identifier for ref in shown.indicators):
        return f"/indicators/{identifier}"
    if kind == "release" and identifier in shown.releases:
        return f"/sources/{slug(identifier)}"
    if where.startswith("chapters/") and (name := where[9:].removesuffix(".md")) in shown.chapter_pages:
        return f"/{name}"
    return "/summary.html" if where.startswith("summary/") else ""


__all__ = [
    "KIND", "REFUSED", "BeingFrozen", "Hindrance", "Looked", "ask", "going", "handler", "latest_job", "looked",
    "refused", "site_note", "with_pages",
]  # fmt: skip
