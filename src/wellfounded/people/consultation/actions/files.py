"""The words of files that came with responses, added at the end of the response's text as a passage of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from wellfounded.people import jobs, record
from wellfounded.people.consultation import passages
from wellfounded.people.consultation.models import Attachment, Response
from wellfounded.people.consultation.passages import BETWEEN, Passage
from wellfounded.people.consultation.receiving.reading import Reading, read_text
from wellfounded.people.consultation.receiving.store import NotKept, Store
from wellfounded.people.consultation.receiving.types import File
from wellfounded.people.consultation.types import Part

READ = "responses.files"  # the kind of the job
_OF_WORDS = frozenset({"pdf", "docx", "txt"})  # tables are opened by who reads the response, not cut into points
_LONGEST = 200_000  # characters that one file adds
UNDERSTAND = "responses.understand"  # the kind of the job that reads what was added


def ask(now: datetime) -> None:
    """Nothing; files that came within this minute are read at its end, all at once."""
    minute = now.replace(second=0, microsecond=0)
    jobs.ask(READ, {}, key=f"{READ} {minute:%Y-%m-%d %H:%M}", due_at=minute + timedelta(minutes=1))


def read_files(store: Store, *, now: datetime, say: Callable[[str], None] | None = None) -> int:
    """How many files there were to read. What kept one from being read is kept beside it, and it is not tried again."""
    waiting = list(
        Attachment.objects.filter(read_at__isnull=True, refused="", response__erased_at__isnull=True)
        .order_by("id").values_list("pk", flat=True)
    )  # fmt: skip
    added = False
    for number, pk in enumerate(waiting, 1):
        for attachment in Attachment.objects.filter(pk=pk, read_at__isnull=True):  # erased or read meanwhile: none
            added |= _add(attachment, _read(attachment, store), now=now)
        if say is not None:
            say(f"{number} of {len(waiting)} files read")
    if added:
        jobs.ask(UNDERSTAND, {"only": "new"}, key=f"{UNDERSTAND} after files {now.isoformat()}")
    return len(waiting)


def _read(attachment: Attachment, store: Store) -> Reading:
    if attachment.kind not in _OF_WORDS:
        return Reading(trouble="open it: only the words of PDF, DOCX and text files are read")
    try:
        content = store.read(attachment.hash)
    except NotKept as error:
        return Reading(trouble=str(error))
    return read_text(File(attachment.name, attachment.kind, attachment.hash, attachment.size, content))


def _add(attachment: Attachment, reading: Reading, *, now: datetime) -> bool:
    """Whether words were added to the response: not where another worker has read the file meanwhile."""
    text = passages.storable(reading.text)[:_LONGEST].strip()
    trouble = reading.trouble
    if len(reading.text) > _LONGEST:
        trouble = f"only its first {_LONGEST:,} characters are shown"
    with transaction.atomic():
        mine = Attachment.objects.filter(pk=attachment.pk, read_at__isnull=True)
        if not mine.update(read_at=now, trouble=trouble[:300]):
            return False
        response = Response.objects.select_for_update().get(pk=attachment.response_id)
        if not text or response.erased_at is not None:
            return False
        before = response.text + (BETWEEN if response.text else "")
        passage = Passage("file", attachment.name, len(before), len(before) + len(text))
        response.segments = [*response.segments, [str(Part.SAID), len(response.text), passage.end]]
        response.text = before + text
        response.passages = [*response.passages, passage.plain()]
        response.prepared_at = None  # there is more to understand
        response.save(update_fields=["text", "passages", "segments", "prepared_at"])
        record.done("worker", "response.file_read", about=response.reference, file=attachment.pk)
    return True


__all__ = ["READ", "UNDERSTAND", "ask", "read_files"]
