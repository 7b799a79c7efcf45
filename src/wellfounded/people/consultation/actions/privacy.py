"""Personal data: what is to go before anything is published, the copy for that, consent, erasure, and what is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from wellfounded.people.consultation import parties, passages
from wellfounded.people.consultation.actions.settling import read_here, settle
from wellfounded.people.consultation.models import (
    Attachment,
    CampaignMember,
    Contact,
    Draft,
    Embedding,
    Original,
    Party,
    Personal,
    Point,
    Redaction,
    Response,
    ThemePoint,
)
from wellfounded.people.consultation.receiving.store import Store
from wellfounded.people.consultation.redacting import without
from wellfounded.people.consultation.rules import (
    ATTACHMENTS_KEPT,
    CONTACTS_KEPT,
    DRAFTS_KEPT,
    ORIGINALS_KEPT,
    UNUSED_KEPT,
)
from wellfounded.people.consultation.types import Consent, Part, Span
from wellfounded.people.models import Done, Job

PUBLISHED = frozenset({Part.SAID, Part.COMMON})  # parts of a text that are the respondent's own words
PASSED_ON = frozenset({Part.FORWARDED, Part.QUOTED, Part.HEADER})  # what a text has of others
ERASED = "\n[erased]\n"
TELLING = 30  # characters of a line by which words are known again in a file
AT_ONCE = 500
GAP = "\n\n"
WITH_WORDS = ("response.withheld", "response.failed")  # entries of the record with a reason that tells of the words


class SamePerson(ValueError):
    """A redacted copy is approved by somebody other than who made it."""


class NotAllDecided(ValueError):
    """There are words that may be personal, and nobody has said whether they go."""


class NoConsent(ValueError):
    """The respondent has not agreed that anything is published."""


class NoSuchWords(ValueError):
    """The response has no such words."""


def mark_personal(response: Response, *, kind: str, start: int, end: int, by: str, now: datetime) -> Personal:
    """Words that somebody says are to go, which the software had not found. Raises NoSuchWords."""
    if not 0 <= start < end <= len(response.text):
        raise NoSuchWords(f"{response.reference} has no words from {start} to {end}")
    with transaction.atomic():
        if _as_it_is(response).erased_at is not None:
            raise NoSuchWords(f"{response.reference} has been erased: there are no words in it")
        found, _ = Personal.objects.update_or_create(
            response=response, start=start, end=end,
            defaults={"kind": kind[:40], "remove": True, "decided_by": by, "decided_at": now},
            create_defaults={
                "kind": kind[:40], "found_by": by, "remove": True, "decided_by": by, "decided_at": now,
            },
        )  # fmt: skip
        _redact_anew(response)
        Done.objects.create(at=now, who=by, what="personal.marked", about=response.reference, detail={"kind": kind})
    return found


def decide_personal(
    response: Response, *, remove: Collection[int], keep: Collection[int], by: str, now: datetime
) -> None:
    """Nothing; each of these spans is to go, or to stay."""
    with transaction.atomic():
        _as_it_is(response)
        for ids, word in ((remove, True), (keep, False)):
            Personal.objects.filter(response=response, pk__in=ids).update(remove=word, decided_by=by, decided_at=now)
        _redact_anew(response)
        Done.objects.create(
            at=now, who=by, what="personal.decided", about=response.reference,
            detail={"removed": len(remove), "kept": len(keep)},
        )  # fmt: skip


def redact(response: Response, *, by: str, now: datetime) -> Redaction:
    """The copy that may be published once another person has approved it. Raises NotAllDecided, NoConsent."""
    with transaction.atomic():
        response = _as_it_is(response)
        if response.consent == Consent.NOTHING:
            raise NoConsent(f"{response.reference} is not to be published: nobody has agreed to it")
        spans = list(Personal.objects.filter(response=response))
        if any(span.remove is None for span in spans):
            raise NotAllDecided("say of each of the marked words whether it goes or stays")
        text = redacted_text(response, spans)
        redaction, _ = Redaction.objects.update_or_create(
            response=response,
            defaults={"text": text, "made_by": by, "made_at": now, "approved_by": "", "approved_at": None},
        )
        Done.objects.create(at=now, who=by, what="redaction.made", about=response.reference)
    return redaction


def approve(redaction: Redaction, *, made_at: datetime, by: str, now: datetime) -> None:
    """Nothing; the copy may be published. Raises SamePerson, and NotAllDecided where it has changed since."""
    if redaction.made_by == by:
        raise SamePerson("you made this copy: somebody else has to approve it")
    with transaction.atomic():
        found = Redaction.objects.filter(pk=redaction.pk, made_at=made_at, approved_by="").exclude(made_by=by)
        if not found.update(approved_by=by, approved_at=now):
            raise NotAllDecided("the copy has changed since you read it: read it again")
        Done.objects.create(at=now, who=by, what="redaction.approved", about=redaction.response.reference)


def refuse(redaction: Redaction, *, by: str, now: datetime) -> None:
    """Nothing; the copy is not fit to be published, and is made anew by somebody."""
    with transaction.atomic():
        Redaction.objects.filter(pk=redaction.pk).delete()
        Done.objects.create(at=now, who=by, what="redaction.refused", about=redaction.response.reference)


def redacted_text(response: Response, spans: Collection[Personal]) -> str:
    """The respondent's own words, without what is to go."""
    going = [span for span in spans if span.remove]
    pieces = [without(response.text, span, going) for span in own_words(response)]
    return GAP.join(piece.strip() for piece in pieces if piece.strip())


def own_words(response: Response) -> list[Span]:
    """Where the respondent's own words are: segments of their own within passages, files not among them."""
    written = [(int(p["start"]), int(p["end"])) for p in response.passages if p["kind"] != "file"]
    parts = [(s.start, s.end) for s in passages.read(response.segments) if s.part in PUBLISHED]
    return [
        Span(max(start, first), min(end, last))
        for start, end in written
        for first, last in parts
        if max(start, first) < min(end, last)
    ]


def change_consent(response: Response, consent: Consent, *, by: str, now: datetime) -> None:
    """Nothing; what may be published of a response is as the respondent now says.

    A copy that was made while the respondent was to be named may name them: without that, it is made anew.
    """
    with transaction.atomic():
        response = _as_it_is(response)
        Response.objects.filter(pk=response.pk).update(consent=consent)
        if consent != response.consent and consent is not Consent.NAME_AND_TEXT:
            Redaction.objects.filter(response=response).delete()
        if consent is Consent.TEXT:  # whoever made a copy with the name in it need not have looked for the organisation
            known = set(Personal.objects.filter(response=response).values_list("start", "end"))
            Personal.objects.bulk_create(
                [
                    Personal(response=response, kind="organisation", start=start, end=end)
                    for start, end in parties.written(response.organisation, response.text)
                    if (start, end) not in known
                ],
                ignore_conflicts=True,
            )
        Done.objects.create(
            at=now, who=by, what="consent.changed", about=response.reference,
            detail={"from": response.consent, "to": consent},
        )  # fmt: skip


def erase(response: Response, *, by: str, now: datetime, why: str) -> None:
    """Nothing; of the response only counts are left: what it was linked to, its type, place and date, and no word.

    Files and the original message are taken from the store, unless another response needs them.
    """
    with transaction.atomic():
        response = _as_it_is(response)
        hashes = set(response.attachments.values_list("hash", flat=True))
        hashes |= {response.original.raw_hash} if response.original else set()
        read_here(Point.objects.filter(read_as__response=response, read_as__open=True), now=now)
        changed = [response.pk, *_gone_where_it_was_passed_on(response, hashes)]
        _not_kept(changed)
        Contact.objects.filter(response=response).delete()
        Personal.objects.filter(response=response).delete()
        Redaction.objects.filter(response=response).delete()
        Attachment.objects.filter(response=response).delete()
        ThemePoint.objects.filter(point__response=response).update(representative=0)
        CampaignMember.objects.filter(response=response).update(common=[], added=[])
        Point.objects.filter(response=response, open=True).update(open=False, decided_at=now, decided_by=by)
        Job.objects.filter(key=f"receipt {response.reference}").delete()
        if response.original_id is not None:
            Original.objects.filter(pk=response.original_id).update(
                subject="", source="", message_id="", thread="", troubles=[]
            )
        Response.objects.filter(pk=response.pk).update(
            text="", passages=[], segments=[], subject="", organisation="", rest={}, content_hash="", session="",
            reason="erased" if response.reason else "", consent=Consent.NOTHING, erased_at=now, done_at=now,
            prepared_at=response.prepared_at or now,
        )  # fmt: skip
        if not Response.objects.filter(party=response.party_id, erased_at=None).exists():
            Party.objects.filter(pk=response.party_id).update(key=f"erased {response.party_id}", organisation="")
        settle([response.pk], now=now)
        Done.objects.filter(about=response.reference, what__in=WITH_WORDS).update(detail={})
        Done.objects.create(at=now, who=by, what="response.erased", about=response.reference, detail={"why": why[:200]})
        transaction.on_commit(lambda: take_away(hashes))
        transaction.on_commit(lambda: _not_kept(changed))  # what was being read meanwhile


def _not_kept(responses: Collection[int]) -> None:
    """Nothing; what the embedding model made of the words of these responses is gone."""
    Embedding.objects.filter(point__response__in=responses).delete()


def _gone_where_it_was_passed_on(response: Response, hashes: set[str]) -> list[int]:
    """Who passed these words on, and has them no longer: their own words keep their places in their text.

    A file of theirs goes too where it is the same as one that came with the words, or the words stand in it; its hash
    is added to `hashes`.
    """
    changed: list[int] = []
    if response.original_id is None:
        return changed
    carriers = Response.objects.select_for_update().filter(original=response.original_id, erased_at=None)
    for other in carriers.exclude(pk=response.pk):
        if not response.voice.startswith(f"{other.voice}."):
            continue
        files = {file.name: file for file in Attachment.objects.filter(response=other)}
        gone = {name for name, file in files.items() if file.hash and file.hash in hashes}
        spans = [(part.start, part.end) for part in passages.read(other.segments) if part.part in PASSED_ON]
        for each in other.passages:
            span = int(each["start"]), int(each["end"])
            if each["kind"] == "file" and (each["id"] in gone or _tells(other.text[slice(*span)], response)):
                spans.append(span)
                gone.add(str(each["id"]))
        text = other.text
        for start, end in spans:
            text = text[:start] + ERASED[: end - start].ljust(end - start) + text[end:]
        hashes |= {files[name].hash for name in gone & set(files)}
        Attachment.objects.filter(response=other, name__in=gone).delete()
        Response.objects.filter(pk=other.pk).update(text=text)
        changed.append(other.pk)
    return changed


def _tells(text: str, response: Response) -> bool:
    """Whether a line of what the response says stands in a text, however its lines are broken."""
    own = "\n".join(span.of(response.text) for span in own_words(response))
    within = " ".join(text.split())
    return any(len(line) >= TELLING and line in within for line in (" ".join(line.split()) for line in own.split("\n")))


def tidy(*, now: datetime) -> dict[str, int]:
    """How much was deleted of each kind that is kept only for a time."""
    with transaction.atomic():
        contacts = Contact.objects.filter(response__received_at__lt=now - CONTACTS_KEPT).delete()[0]
        over = Draft.objects.filter(saved_at__lt=now - DRAFTS_KEPT)
        drafted = _files_of(over.values_list("data", flat=True))
        drafts = over.delete()[0]
        files = Attachment.objects.filter(response__received_at__lt=now - ATTACHMENTS_KEPT).exclude(hash="")
        messages = Original.objects.filter(arrived_at__lt=now - ORIGINALS_KEPT).exclude(raw_hash="")
        hashes = set(files.values_list("hash", flat=True)) | set(messages.values_list("raw_hash", flat=True))
        hashes |= drafted
        counts = {
            "contacts": contacts,
            "drafts": drafts,
            "attachments": files.update(hash="", refused="kept for its time and deleted"),
            "messages": messages.update(raw_hash="", subject="", source=""),
        }
        if any(counts.values()):
            Done.objects.create(at=now, who="worker", what="responses.tidied", about="", detail=counts)
        transaction.on_commit(lambda: take_away(hashes))
    Embedding.objects.filter(point__response__erased_at__isnull=False).delete()
    take_away(store().names(before=now - UNUSED_KEPT))
    return counts


def store() -> Store:
    """Where files and original messages are kept."""
    return Store(Path(settings.WELLFOUNDED_UPLOADS))


def take_away(hashes: Iterable[str]) -> None:
    """Nothing; files of these hashes that nothing in the tables names any more are gone from the store."""
    wanted = sorted(set(hashes) - {""})
    for at in range(0, len(wanted), AT_ONCE):
        _take_away(set(wanted[at : at + AT_ONCE]))


def _take_away(wanted: set[str]) -> None:
    needed = set(Attachment.objects.filter(hash__in=wanted).values_list("hash", flat=True))
    needed |= set(
        Original.objects.filter(raw_hash__in=wanted)
        .exclude(responses__erased_at__isnull=False)
        .values_list("raw_hash", flat=True)
    )
    needed |= _files_of(Draft.objects.values_list("data", flat=True)) if wanted - needed else set()
    for name in wanted - needed:
        store().remove(name)


def _files_of(drafts: Iterable[dict[str, Any]]) -> set[str]:
    return {str(file["hash"]) for data in drafts for file in data.get("files", ())}


def _as_it_is(response: Response) -> Response:
    """The response as it stands now. Its row is ours until the transaction ends: what is decided of it waits."""
    return Response.objects.select_for_update().get(pk=response.pk)


def _redact_anew(response: Response) -> None:
    """A copy that was made before something personal was marked or decided is none any more."""
    Redaction.objects.filter(response=response).delete()


__all__ = [
    "NoConsent", "NoSuchWords", "NotAllDecided", "SamePerson",
    "approve", "change_consent", "decide_personal", "erase", "mark_personal", "own_words", "redact", "redacted_text",
    "refuse", "store", "take_away", "tidy",
]  # fmt: skip
