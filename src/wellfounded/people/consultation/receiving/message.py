"""A message from its bytes. Whatever they are, there is a message, and it says what could not be read of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from email.message import Message as Part

from wellfounded.people.consultation.receiving import automatic, headers, parts
from wellfounded.people.consultation.receiving.charsets import decode
from wellfounded.people.consultation.receiving.introductions import date_in, within_reach
from wellfounded.people.consultation.receiving.routing import is_forward, token_in
from wellfounded.people.consultation.receiving.segments import Forward, segments, taken_apart
from wellfounded.people.consultation.receiving.types import Kind, Mailbox, Message, Trouble, Voice
from wellfounded.people.consultation.types import Part as Segmented
from wellfounded.people.consultation.types import Segment

MOST_VOICES = 200
_DEEPEST_VOICE = 5  # messages passed on within messages passed on
_UNREAD = 20_000  # characters that are shown of what can't be read


def read_message(raw: bytes, *, own: Collection[str] = ()) -> Message:
    """The message in `raw`. `own` are the addresses that we write from and read at, in small letters.

    Never raises: where the bytes are no message, what can be shown of them is its text, with the reason.
    """
    try:
        return _read(raw, frozenset(own))
    except Exception as error:  # whatever hostile bytes do: kept, with the reason, for a person to look at
        return _unread(raw, error)


def _read(raw: bytes, own: frozenset[str]) -> Message:
    troubles: list[Trouble] = []
    root = parts.parsed(raw, troubles)
    held = parts.Held(troubles=troubles)
    sender = _sender(root, held)
    subject = headers.header(root, "Subject")[:1000]
    sent_at = headers.sent_at(root)
    _header_troubles(root, held)
    if sent_at is None:
        held.trouble("no-date", "it has no date that can be read")
    for text in (sender.address, _for_hash(root), " ".join(subject.split())):
        held.digest.update(text.encode("utf-8", "replace") + b"\n")
    voices = _voices(root, held, path="1", author=sender, subject=subject)
    if held.unkept:
        held.trouble("many-files", f"{held.unkept} more files are in the original only")
    kind, reason = automatic.kind_of(
        lambda name: headers.header(root, name),
        content_type=root.get_content_type(),
        report=str(root.get_param("report-type") or "").lower(),
        hops=len(root.get_all("Received") or []),
        sender=sender, subject=subject, own=own,
    )  # fmt: skip
    if kind is Kind.PERSON and sender.address and sender.address in own:
        held.trouble("own-address", "it says that it comes from our own address")
    answered = headers.ids(headers.raw_header(root, "In-Reply-To")) + tuple(
        reversed(headers.ids(headers.raw_header(root, "References")))
    )
    reply_to = next((box for box in headers.mailboxes(root, "Reply-To") if box.address != sender.address), None)
    return Message(
        raw_hash=hashlib.sha256(raw).hexdigest(),
        content_hash=held.digest.hexdigest(),
        size=len(raw),
        message_id=headers.message_id(root),
        sender=sender,
        reply_to=reply_to,
        to=(headers.mailboxes(root, "To") + headers.mailboxes(root, "Cc"))[:100],
        sent_at=sent_at,
        subject=subject,
        references=tuple(dict.fromkeys(answered)),
        token=token_in(subject),
        signed=held.signed or ("PGP" if "-----BEGIN PGP SIGNED MESSAGE-----" in voices[0].text else ""),
        list_id=headers.header(root, "List-Id")[:200],
        kind=kind,
        reason=reason,
        voices=voices,
        troubles=tuple(held.troubles),
    )


def _sender(root: Part, held: parts.Held) -> Mailbox:
    written = headers.mailboxes(root, "From") or headers.mailboxes(root, "Sender")
    if len(written) > 1:
        held.trouble("many-senders", "it names more than one sender; the first was taken")
    if not written or not written[0].address:
        held.trouble("no-sender", "it has no sender's address that can be read")
    return written[0] if written else Mailbox()


def _for_hash(root: Part) -> str:
    at = headers.sent_at(root)
    return str(at.timestamp()) if at is not None else headers.raw_header(root, "Date")


def _header_troubles(root: Part, held: parts.Held) -> None:
    if not headers.message_id(root):
        held.trouble("no-message-id", "it has no Message-ID; it is known again by its content")
    if len(root.get_all("Subject") or []) > 1:
        held.trouble("many-subjects", "it has more than one subject; the first was taken")
    for name in ("Subject", "From", "Reply-To", "To"):
        if headers.injects(headers.raw_header(root, name)):
            held.trouble("header-injection", f"line ends were hidden in its {name}; they were taken out")
        if len(str(root.get(name) or "")) > 10_000:
            held.trouble(
                "long-header", f"its {name} is longer than 10,000 characters; the rest is in the original only"
            )


def _voices(root: Part, held: parts.Held, *, path: str, author: Mailbox, subject: str) -> tuple[Voice, ...]:
    """The sender's voice, then those of messages passed on in the text, then those of messages attached."""
    before = len(held.files), len(held.passed_on)
    texts, held.texts, held.html = held.texts, [], 0
    parts.gather(root, held)
    text = held.text
    held.texts = texts
    files = tuple(held.files[before[0] :])
    attached = held.passed_on[before[1] :]
    found, forwards = taken_apart(text, forwarded=is_forward(subject))
    voices = [
        Voice(
            path=path, author=author, written_at=headers.sent_at(root), subject=subject, text=text, segments=found,
            files=files,
        )
    ]  # fmt: skip
    voices += [_passed_on(text, forward, f"{path}.{number}") for number, forward in enumerate(forwards, 1)]
    for number, inner in enumerate(attached, len(forwards) + 1):
        if path.count(".") >= _DEEPEST_VOICE or len(voices) >= MOST_VOICES:
            held.trouble(
                "many-voices", "messages are passed on in it beyond what is read; they are in the original only"
            )
            break
        mailboxes = headers.mailboxes(inner, "From")
        voices += _voices(
            inner, held, path=f"{path}.{number}", author=mailboxes[0] if mailboxes else Mailbox(),
            subject=headers.header(inner, "Subject")[:1000],
        )  # fmt: skip
    return tuple(voices[:MOST_VOICES])


def _passed_on(text: str, forward: Forward, path: str) -> Voice:
    """The voice of a message passed on within `text`; one mark of a quote is taken off where all lines have it."""
    own = forward.span.of(text).strip("\n")
    lines = own.split("\n")
    if all(line.startswith(">") or not line.strip() for line in lines):
        own = "\n".join(re.sub(r"^> ?", "", line) for line in lines).strip("\n")
    written_at = date_in(forward.introduction.fields.get("date", ""))
    return Voice(
        path=path,
        author=forward.introduction.author,
        written_at=within_reach(written_at) if written_at else None,
        subject=forward.introduction.subject[:1000],
        text=own,
        segments=segments(own, forwarded=is_forward(forward.introduction.subject)),
        within=forward.span,
    )


def _unread(raw: bytes, error: Exception) -> Message:
    text = decode(raw[:_UNREAD])[0]
    digest = hashlib.sha256(raw).hexdigest()
    voice = Voice(
        path="1", author=Mailbox(), written_at=None, subject="", text=text,
        segments=(Segment(Segmented.SAID, 0, len(text)),) if text else (),
    )  # fmt: skip
    said = f"it could not be taken apart ({type(error).__name__}); its first characters are shown as they are"
    return Message(
        raw_hash=digest, content_hash=digest, size=len(raw), message_id="", sender=Mailbox(), reply_to=None, to=(),
        sent_at=None, subject="", references=(), token="", signed="", list_id="", kind=Kind.PERSON, reason="",
        voices=(voice,), troubles=(Trouble("unreadable", said),),
    )  # fmt: skip
