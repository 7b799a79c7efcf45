"""Mail fetched by IMAP: each message once, its original untouched, and none skipped for another's sake."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import parse_qs, quote, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError

from wellfounded.people.consultation.receiving.types import Arrival, Deliver, Outcome

_LARGEST = 100_000_000  # bytes of a message that is fetched
_MOST = 500  # messages that are fetched at once
_MOST_FAILURES = 5  # one after the other: then it is not the messages
_TIMEOUT = 60  # seconds
_PORTS = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_EXAMPLE = "imaps://user:password@mail.example.gov.uk/INBOX"


class WrongMailbox(ValueError):
    """The address of a mailbox can't be understood. Never says the password."""


class MailboxUnreachable(RuntimeError):
    """A mailbox could not be opened or read. Never says the password."""


@dataclass(frozen=True)
class Mailplace:
    """A folder of a mailbox, and how to get in. `move_to` is where messages go once they are kept; else they stay."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    move_to: str = ""

    def __str__(self) -> str:
        """The place as it may be shown and logged."""
        return f"{self.scheme}://{quote(self.user)}@{self.host}:{self.port}/{quote(self.folder)}"


@dataclass(frozen=True)
class Seen:
    """How far a folder has been read: all up to `last` of a numbering, but for those that have to be tried again."""

    numbering: int = 0  # UIDVALIDITY: when it changes, the server has numbered all messages anew
    last: int = 0
    again: tuple[int, ...] = ()


@dataclass(frozen=True)
class Polled:
    """What one look into a mailbox brought, and how far it has been read now."""

    seen: Seen
    new: int = 0
    known: int = 0
    changed: int = 0
    failed: tuple[str, ...] = ()  # in words, for staff
    more: bool = False  # there was more than is fetched at once


def mailplace(url: str) -> Mailplace:
    """The mailbox of an address as imaps://user:password@host/folder?move=Archive. Raises WrongMailbox."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WrongMailbox(f"the address of the mailbox can't be read: expected it as {_EXAMPLE}") from None
    if parts.scheme not in _PORTS or not parts.hostname or not parts.username or parts.password is None:
        raise WrongMailbox(
            f"the address of the mailbox lacks its kind, user, password or host: expected it as {_EXAMPLE}, "
            "with %40 for @ in the user's name and %2F for / in the password"
        )
    if parts.scheme == "imap" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise WrongMailbox(
            f"imap:// would send the password to {parts.hostname} in the clear: use imaps:// or imap+starttls://"
        )
    return Mailplace(
        parts.scheme, parts.hostname, port or _PORTS[parts.scheme], unquote(parts.username), unquote(parts.password),
        unquote(parts.path.strip("/")) or "INBOX", (parse_qs(parts.query).get("move") or [""])[0],
    )  # fmt: skip


def poll(place: Mailplace, deliver: Deliver, *, seen: Seen, now: Callable[[], datetime], most: int = _MOST) -> Polled:
    """What has come since `seen`, each message handed to `deliver` and only then marked as read or moved.

    A message that can't be kept is tried again the next time; the others go on. Raises MailboxUnreachable.
    """
    with _opened(place) as box:
        status = box.folder.status(place.folder, ["UIDVALIDITY"])
        if status["UIDVALIDITY"] != seen.numbering:
            seen = Seen(status["UIDVALIDITY"])
        # "last:*" always gives the newest message, also where there is none after it.
        new = sorted(number for uid in box.uids(f"UID {seen.last + 1}:*") if (number := int(uid)) > seen.last)
        waiting = [
            *new,
            *sorted(set(seen.again) - set(new)),
        ]  # what fails again and again keeps back nothing that is new
        polled = Polled(seen, more=len(waiting) > most)
        in_a_row = 0
        for number in waiting[:most]:
            polled, kept = _one(box, place, number, deliver, polled, now)
            in_a_row = 0 if kept else in_a_row + 1
            if in_a_row >= _MOST_FAILURES:
                break
        return polled


def _one(
    box: BaseMailBox, place: Mailplace, number: int, deliver: Deliver, polled: Polled, now: Callable[[], datetime]
) -> tuple[Polled, bool]:
    """What was brought with the message of this number, too, and whether it is dealt with."""
    seen = replace(polled.seen, last=max(polled.seen.last, number))
    later = replace(seen, again=tuple(sorted({*seen.again, number})))
    done = replace(seen, again=tuple(other for other in seen.again if other != number))
    size = _size(box, number)
    if size is None:  # somebody has moved it since
        return replace(polled, seen=done), True
    if size > _LARGEST:
        said = f"message {number} has {size / 1e6:.0f} MB; it stays in the mailbox: look at it there"
        return replace(polled, seen=done, failed=(*polled.failed, said)), True
    arrival = Arrival("imap", f"{place} {seen.numbering}/{number}", now())
    try:
        outcome = deliver(_raw(box, number), arrival)
    except Exception as error:  # whatever keeps it from being kept, the others go on
        said = f"message {number} could not be kept ({type(error).__name__}); it will be tried again"
        return replace(polled, seen=later, failed=(*polled.failed, said)), False
    if place.move_to:
        box.move(str(number), place.move_to)
    else:
        box.flag(str(number), r"\Seen", True)
    counted = {Outcome.NEW: "new", Outcome.KNOWN: "known", Outcome.CHANGED: "changed"}[outcome]
    return replace(polled, seen=done, **{counted: getattr(polled, counted) + 1}), True


def _size(box: BaseMailBox, number: int) -> int | None:
    _, answer = box.client.uid("FETCH", str(number), "(RFC822.SIZE)")
    found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in answer if isinstance(part, bytes)))
    return int(found[1]) if found else None


def _raw(box: BaseMailBox, number: int) -> bytes:
    """The message's bytes; reading them marks nothing."""
    _, answer = box.client.uid("FETCH", str(number), "(BODY.PEEK[])")
    for part in answer:
        if isinstance(part, tuple):
            return bytes(part[1])
    raise MailboxUnreachable(f"the server gave no content of message {number}")


@contextmanager
def _opened(place: Mailplace) -> Iterator[BaseMailBox]:
    try:
        box = _connected(place)
        try:
            try:
                box.login(place.user, place.password, initial_folder=None)
            except MailboxLoginError:
                raise MailboxUnreachable(
                    f"{place}: the mail server takes neither this user nor this password; check both in "
                    "WELLFOUNDED_IMAP_URL, where %, @, : and / in them are written %25, %40, %3A and %2F"
                ) from None
            box.folder.set(place.folder)
            if place.move_to and not box.folder.exists(place.move_to):
                box.folder.create(place.move_to)
            yield box
        finally:
            try:
                box.logout()
            except (OSError, imaplib.IMAP4.error, ImapToolsError):
                box.client.shutdown()
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        said = str(error).replace(place.password, "…") if place.password else str(error)
        raise MailboxUnreachable(f"{place}: {said[:300]}") from None


def _connected(place: Mailplace) -> BaseMailBox:
    if place.scheme == "imap":
        return MailBoxUnencrypted(place.host, place.port, timeout=_TIMEOUT)
    kind = MailBoxStartTls if place.scheme == "imap+starttls" else MailBox
    return kind(place.host, place.port, timeout=_TIMEOUT, ssl_context=ssl.create_default_context())
