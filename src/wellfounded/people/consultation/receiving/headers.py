"""Headers of mail as text, whatever was written into them."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime
from email.message import Message as Part
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from wellfounded.people.consultation.receiving.charsets import decode, plain
from wellfounded.people.consultation.receiving.introductions import within_reach
from wellfounded.people.consultation.receiving.types import Mailbox

_LONGEST_CONTENT = 4_000  # characters of Content-Type and the like
_LONGEST = 10_000  # characters of one header that are read
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?)")
_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_MOST_IDS = 100
_ADDRESS = re.compile(r"[^\s@<>,;\"\x00-\x1f\x7f]+@[^\s@<>,;\"\x00-\x1f\x7f]+")


class AsWritten(Compat32):
    """Headers as the message has them; Python's own policies raise on some that are malformed."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        # Python's reader of parameters takes quadratic time.
        return value[:_LONGEST_CONTENT] if name.lower().startswith("content-") else value


def raw_header(part: Part, name: str) -> str:
    """A header unfolded and otherwise as it is written, cut to a length that can be read; empty where there is none."""
    value = str(part.get(name) or "")[:_LONGEST]
    return re.sub(r"\s*[\r\n]+\s*", " ", value).strip()


def header(part: Part, name: str) -> str:
    """A header as text: encoded words decoded, line ends and control characters taken out."""
    return decoded(raw_header(part, name))


def decoded(value: str) -> str:
    """A header's value with encoded words (RFC 2047) and bytes beyond ASCII decoded, on one line."""
    value = _BETWEEN.sub(r"\1", value)
    found: list[str] = []
    at = 0
    pending, charset = b"", ""  # words of one character set are joined first: some programs split within a character
    for match in _ENCODED.finditer(value):
        if match.start() > at or match[1].lower() != charset:
            found.append(decode(pending, charset)[0])
            pending, charset = b"", match[1].split("*")[0].lower()
            found.append(_raw(value[at : match.start()]))
        pending += _word(match[2].lower(), match[3])
        at = match.end()
    found += [decode(pending, charset)[0], _raw(value[at:])]
    return re.sub(
        r"\s+", " ", "".join(found).replace("\ufffd", " ") if "\ufffd" in "".join(found) else "".join(found)
    ).strip()


def injects(value: str) -> bool:
    """Whether encoded words hide line ends, which would start a header of their own where they are written out."""
    return any(
        b"\n" in (word := _word(match[2].lower(), match[3])) or b"\r" in word for match in _ENCODED.finditer(value)
    )


def _word(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding == "q":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw


def _raw(text: str) -> str:
    """Text of a header that is not encoded: bytes beyond ASCII come as lone surrogates."""
    return decode(text.encode("utf-8", "surrogateescape"))[0] if not text.isascii() else text


def mailboxes(part: Part, name: str) -> tuple[Mailbox, ...]:
    """The names and addresses of a header that lists them."""
    written = [re.sub(r"[\r\n]+\s*", " ", str(value)[:_LONGEST]) for value in part.get_all(name) or []][:20]
    found = []
    try:
        listed = getaddresses(written)
    except Exception:  # brackets within brackets are too many for Python's reader
        listed = [
            ("", address)
            for value in written
            for address in re.findall(r"[^\s<>,;\"()]{1,64}@[^\s<>,;\"()]{1,190}", value)
        ]
    for shown, address in listed:
        address = decoded(address).strip().lower()
        if _ADDRESS.fullmatch(address):
            found.append(Mailbox(decoded(shown)[:200], address[:254]))
        elif shown or address:
            found.append(Mailbox((decoded(shown) or address)[:200], ""))
    return tuple(found)


def ids(*values: str) -> tuple[str, ...]:
    """The Message-IDs in headers, each once, in order."""
    written = (plain(_raw(value)) for value in values)  # bytes beyond ASCII, and NUL, are no rarity here
    return tuple(dict.fromkeys(match for value in written for match in _ID.findall(value)))[:_MOST_IDS]


def message_id(part: Part) -> str:
    """The Message-ID without its angle brackets; empty where there is none."""
    value = plain(decoded(raw_header(part, "Message-ID")))
    found = ids(value)
    return found[0] if found else re.sub(r"[\s<>]+", "", value)[:900]


def sent_at(part: Part) -> datetime | None:
    """When a message says it was sent; UTC where it gives no zone, None where it can't be read."""
    try:
        at = parsedate_to_datetime(raw_header(part, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return within_reach(at if at.tzinfo is not None else at.replace(tzinfo=UTC))
