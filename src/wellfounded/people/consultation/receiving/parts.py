"""The tree of a message's parts, walked within bounds: the text to read, the files, the messages passed on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message as Part
from email.parser import BytesParser
from typing import Any

from wellfounded.people.consultation.receiving import attachments, markup
from wellfounded.people.consultation.receiving.charsets import decode
from wellfounded.people.consultation.receiving.headers import AsWritten, decoded, header, raw_header
from wellfounded.people.consultation.receiving.signed_data import NotSignedData, content_of
from wellfounded.people.consultation.receiving.types import File, Trouble

MOST_PARTS = 1_000
DEEPEST = 30  # parts within parts
MOST_FILES = 100
LONGEST_TEXT = 1_000_000  # characters
LARGEST = 100_000_000  # bytes of a message that are taken apart
_POLICY = AsWritten()
_EMPTY_PLAIN = re.compile(
    r"(?:your|this) (?:e-?mail|mail|message|browser|client).{0,60}(?:html|mime)|view (?:this|it) (?:e-?mail"
    r"|message)?.{0,20}(?:in|online)",
    re.IGNORECASE,
)


class _Bounded(Exception):
    """The tree is larger than what is read of one."""


class _Part(Part):
    """A part that knows how deep it stands."""

    depth = 0

    def attach(self, payload: Any) -> None:
        payload.depth = self.depth + 1
        super().attach(payload)
        if payload.depth > DEEPEST:
            raise _Bounded(f"parts within parts, more than {DEEPEST} deep")


def parsed(raw: bytes, troubles: list[Trouble]) -> Part:
    """The tree of the message in `raw`, up to the bounds of depth, number and size."""
    made: list[_Part] = []

    def make(*arguments: Any, **named: Any) -> _Part:
        if len(made) >= MOST_PARTS:
            raise _Bounded(f"more than {MOST_PARTS:,} parts")
        made.append(_Part(*arguments, **named))
        return made[-1]

    if len(raw) > LARGEST:
        troubles.append(Trouble("large", f"it has {len(raw) / 1e6:.0f} MB; its first {LARGEST / 1e6:.0f} MB were read"))
    if re.match(rb"From [^\r\n]*\r?\n", raw):
        raw = raw.split(b"\n", 1)[1]
    try:
        return BytesParser(_class=make, policy=_POLICY).parsebytes(raw[:LARGEST])
    except _Bounded as bound:
        troubles.append(Trouble("bounded", f"it has {bound}; the rest is in the original only"))
        # The parser makes one to try it before it makes the message itself.
        return next(part for part in made if part.depth == 0 and (len(part) or part.is_multipart()))


@dataclass
class Held:
    """What has been found in a message so far."""

    texts: list[str] = field(default_factory=list)
    html: int = 0  # how many of the texts were HTML
    files: list[File] = field(default_factory=list)
    passed_on: list[Part] = field(default_factory=list)
    signed: str = ""
    troubles: list[Trouble] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)
    unkept: int = 0  # files beyond the most that are kept apart

    def trouble(self, code: str, said: str) -> None:
        if Trouble(code, said) not in self.troubles and len(self.troubles) < 50:
            self.troubles.append(Trouble(code, said))

    @property
    def text(self) -> str:
        return "\n\n".join(text.strip("\n") for text in self.texts if text.strip())


def gather(part: Part, held: Held) -> None:
    """Adds to `held` what `part` and the parts in it have to read."""
    kind = _kind(part)
    main, _, sub = kind.partition("/")
    if kind in _SPECIAL:
        _SPECIAL[kind](part, held)
    elif main == "multipart":
        for child in _children(part, held):
            gather(child, held)
    elif main == "message" and sub in ("rfc822", "global", "news"):
        _message(part, held)
    elif kind in ("text/plain", "text/html") and not _is_file(part):
        _text(part, kind, held)
    else:
        _file(part, held)


def _kind(part: Part) -> str:
    try:
        return part.get_content_type()
    except Exception:  # a Content-Type that is not one
        return "text/plain"


def _children(part: Part, held: Held) -> list[Part]:
    children = part.get_payload()
    if isinstance(children, list):
        return [child for child in children if isinstance(child, Part)]
    held.trouble("mime", "a part says that it has parts and has none; it was read as text")
    _text(part, "text/plain", held)
    return []


def _alternative(part: Part, held: Held) -> None:
    """The richest of alternatives whose text is whole: plain text, unless it is empty or only points to the HTML."""
    found: list[Held] = []
    for child in _children(part, held):
        each = Held(digest=held.digest, troubles=held.troubles, files=held.files, passed_on=held.passed_on)
        gather(child, each)
        held.signed = held.signed or each.signed
        held.unkept += each.unkept
        if each.text:
            found.append(each)
    if not found:
        return
    plain = next((each for each in found if not each.html), None)
    html = next((each for each in reversed(found) if each.html), None)
    best = plain or html or found[0]
    if plain and html:
        short = len(plain.text) < 400 and _EMPTY_PLAIN.search(plain.text)
        if short or len(plain.text) < len(html.text) / 5:
            best = html
            held.trouble("alternative", "its plain text is not all of it; the HTML was read")
    held.texts += best.texts
    held.html += best.html


def _signed(part: Part, held: Held) -> None:
    protocol = str(part.get_param("protocol") or "")
    held.signed = held.signed or ("PGP" if "pgp" in protocol.lower() else "S/MIME")
    for child in _children(part, held):
        if _kind(child) not in (
            "application/pgp-signature",
            "application/pkcs7-signature",
            "application/x-pkcs7-signature",
        ):
            gather(child, held)


def _encrypted(part: Part, held: Held) -> None:
    held.trouble("encrypted", "it is encrypted and can't be read here; ask its sender for it in plain text")
    for leaf in (each for each in part.walk() if not each.is_multipart()):
        _hash(held, _kind(leaf), "", payload(leaf))


def _pkcs7(part: Part, held: Held) -> None:
    """S/MIME that holds the message inside the signature."""
    content = payload(part)
    try:
        inner = content_of(content)
    except NotSignedData:
        _encrypted(part, held)
        return
    held.signed = held.signed or "S/MIME"
    gather(parsed(inner, held.troubles), held)


def _report(part: Part, held: Held) -> None:
    """The words of a report on delivery; what it is about is not its sender's."""
    for child in _children(part, held):
        if _kind(child).startswith("text/") and _kind(child) != "text/rfc822-headers":
            gather(child, held)
        else:
            _hash(held, _kind(child), "", child.as_bytes(policy=_POLICY)[:1_000_000])


def _message(part: Part, held: Held) -> None:
    children = part.get_payload()
    inner = children[0] if isinstance(children, list) and children and isinstance(children[0], Part) else None
    if inner is None:
        _file(part, held)
        return
    if raw_header(part, "Content-Transfer-Encoding").lower() in ("base64", "quoted-printable"):
        # Not allowed for messages, and done all the same.
        wrapped = Part(policy=_POLICY)
        wrapped["Content-Transfer-Encoding"] = raw_header(part, "Content-Transfer-Encoding")
        wrapped.set_payload(str(inner.get_payload()))
        inner = parsed(payload(wrapped), held.troubles)
    _hash(held, "message/rfc822", header(inner, "Subject"), raw_header(inner, "From").encode("utf-8", "replace"))
    held.passed_on.append(inner)


def _unreadable(part: Part, held: Held) -> None:
    held.trouble("part", f"a part of kind {_kind(part)[:60]} only says where its content is; ask its sender for it")


def _is_file(part: Part) -> bool:
    disposition = raw_header(part, "Content-Disposition").lower()
    return disposition.startswith("attachment") or bool(file_name(part))


def _text(part: Part, kind: str, held: Held) -> None:
    text, trouble = decode(payload(part)[: 4 * LONGEST_TEXT], _charset(part))
    if trouble:
        held.trouble(trouble.code, trouble.said)
    if kind == "text/html":
        text, trouble = markup.text_of(text)
        held.html += bool(text.strip())
        if trouble:
            held.trouble(trouble.code, trouble.said)
    elif str(part.get_param("format") or "").lower() == "flowed":
        text = unflowed(text, joined=str(part.get_param("delsp") or "").lower() == "yes")
    room = LONGEST_TEXT - sum(map(len, held.texts))
    if len(text) > room:
        held.trouble("long-text", f"its first {LONGEST_TEXT:,} characters are shown; the rest is in the original only")
        text = text[: max(0, room)]
    lines = (re.sub(r"^>+From ", "From ", line).rstrip() for line in text.split("\n"))
    _hash(held, "text", "", "\n".join(lines).strip().encode("utf-8", "replace"))
    if text.strip():
        held.texts.append(text)


def _file(part: Part, held: Held) -> None:
    content = payload(part)
    name = file_name(part)
    kind = _kind(part)
    _hash(held, kind, name, content)
    if name.lower().endswith(".eml") or kind == "message/global":
        inner = parsed(content, held.troubles)
        if raw_header(inner, "From"):
            held.passed_on.append(inner)
            return
    if name.lower() == "winmail.dat" or kind == "application/ms-tnef":
        held.trouble(
            "winmail", "files came in Outlook's own format (winmail.dat), which can't be read here; ask for them again"
        )
    if len(held.files) >= MOST_FILES:
        held.unkept += 1
        return
    inline = raw_header(part, "Content-Disposition").lower().startswith("inline") or bool(part.get("Content-ID"))
    held.files.append(attachments.look(name, kind, content, inline=inline and kind.startswith("image/")))


def file_name(part: Part) -> str:
    """The file name that a part gives, decoded; empty where there is none."""
    try:
        given = part.get_filename("") or ""
    except Exception:  # a parameter that is not one (LookupError, UnicodeError, ValueError …)
        given = raw_header(part, "Content-Disposition").partition("filename")[2].strip("*=\"' ")
    return decoded(str(given)[:1000])


def _charset(part: Part) -> str:
    try:
        found = part.get_param("charset") or ""
    except Exception:  # a parameter that is not one
        return ""
    return str(found[2] if isinstance(found, tuple) else found)[:100]


def payload(part: Part) -> bytes:
    """The decoded content of a part that has no parts; what can't be decoded stays as it is."""
    try:
        content = part.get_payload(decode=True)
    except Exception:  # a transfer encoding that goes wrong within Python's reader
        content = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return content if isinstance(content, bytes) else b""


def unflowed(text: str, *, joined: bool) -> str:
    """The paragraphs of text whose lines were wrapped to be flowed together again (RFC 3676)."""
    found: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        if open_depth == depth and words != "-- ":
            found[-1] += words
        else:
            found.append(f"{'>' * depth} {words}" if depth else words)
        if soft and joined:
            found[-1] = found[-1][:-1]
        open_depth = depth if soft else -1
    return "\n".join(line if line == "-- " else line.rstrip() for line in found)


def _hash(held: Held, kind: str, name: str, content: bytes) -> None:
    for piece in (kind.encode("utf-8", "replace"), name.encode("utf-8", "replace"), content):
        held.digest.update(len(piece).to_bytes(8, "big") + piece)


_SPECIAL: dict[str, Callable[[Part, Held], None]] = {
    "multipart/alternative": _alternative,
    "multipart/signed": _signed,
    "multipart/encrypted": _encrypted,
    "multipart/report": _report,
    "application/pkcs7-mime": _pkcs7,
    "application/x-pkcs7-mime": _pkcs7,
    "message/external-body": _unreadable,
    "message/partial": _unreadable,
}
