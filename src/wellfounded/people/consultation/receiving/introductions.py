"""The lines with which mail programs introduce what is quoted or passed on, in English, Welsh and some others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import parseaddr, parsedate_to_datetime
from zoneinfo import ZoneInfo

from wellfounded.people.consultation.receiving.types import Mailbox

_MOST_MORE = 12  # lines that a list of addresses may go on for
_LONGEST = 400  # characters of "On … wrote:", over at most four lines
_LONDON = ZoneInfo("Europe/London")  # what a date without a zone is in

_WROTE = re.compile(
    r"(?:On\b.{4,300}?\bwrote|Ar\b.{4,300}?\bysgrifennodd|Am\b.{4,300}?\bschrieb|Le\b.{4,300}?\ba écrit"
    r"|El\b.{4,300}?\bescribió|Op\b.{4,300}?\bschreef|Dnia\b.{4,300}?\bnapisał\(?a?\)?).{0,120}:"
    r"|\d{4}-\d\d-\d\d \d\d?:\d\d (?:GMT|UTC)?\S* ?.{0,120}<\S+@\S+>:"
    r"|.{1,120}<\S+@\S+> wrote(?: on .{4,80})?:",
    re.DOTALL,
)
_OPENS = re.compile(r"(?:On|Ar|Am|Le|El|Op|Dnia|\d{4}-\d)\b")
_FORWARD = re.compile(
    r"(?:-{2,}\s*(?:Forwarded [Mm]essage|Neges (?:a (?:anfonwyd|yrrwyd) ymlaen|ymlaen)|Weitergeleitete Nachricht"
    r"|Message transféré|Mensaje reenviado)(?: from .{1,80}?)?\s*-{2,}"
    r"|Begin forwarded message\s*:|Dechrau'r neges a anfonwyd ymlaen\s*:|Start of forwarded message\s*:?"
    r"|-+ ?Begin forwarded message ?-+|-{3,} ?Forwarded by .{1,120}-{3,})",
)
_ORIGINAL = re.compile(
    r"-{2,}\s*(?:Original (?:Message|Appointment)|Neges Wreiddiol|Ursprüngliche Nachricht|Message d'origine"
    r"|Reply message|Mensaje original)\s*-{2,}",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_=*-]{10,}")
_FIELDS = {
    "from": "from", "oddi wrth": "from", "o": "from", "gan": "from", "von": "from", "de": "from",
    "sent": "date", "date": "date", "anfonwyd": "date", "dyddiad": "date", "gesendet": "date", "envoyé": "date",
    "datum": "date", "enviado": "date",
    "to": "to", "at": "to", "i": "to", "an": "to", "à": "to", "para": "to",
    "cc": "cc", "copi": "cc", "bcc": "cc", "reply-to": "other", "importance": "other", "sensitivity": "other",
    "attachments": "other", "organization": "other", "resent-from": "other", "message-id": "other",
    "subject": "subject", "pwnc": "subject", "testun": "subject", "betreff": "subject", "objet": "subject",
    "asunto": "subject",
}  # fmt: skip
_FIELD = re.compile(
    r"\*?(" + "|".join(sorted(map(re.escape, _FIELDS), key=len, reverse=True)) + r")\s*\*?\s*:\*?\s*(.*)", re.IGNORECASE
)
_MAILTO = re.compile(r"\[?mailto:([^\]\s>]+)\]?", re.IGNORECASE)
_DAY = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-zŵŷâ]{3,10})\.?,?[ -](\d{4})"
    r"(?:\D{1,8}?(\d{1,2})[:.](\d\d)(?::\d\d)?\s*([ap]m)?)?", re.I
)  # fmt: skip
_NUMBERS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\D{1,4}?(\d{1,2})[:.](\d\d))?")
_MONTHS = {
    name: month
    for month, names in enumerate(
        ("jan ion", "feb chw", "mar maw", "apr ebr", "may mai", "jun meh", "jul gor", "aug aws", "sep med", "oct hyd",
         "nov tac", "dec rha"), 1,
    )
    for name in names.split()
}  # fmt: skip


@dataclass(frozen=True)
class Introduction:
    """Lines that introduce another message: how many, whether it is passed on, and the fields that they give."""

    lines: int
    forward: bool | None  # None: a block of fields, which both replies and forwards have
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def author(self) -> Mailbox:
        return mailbox_in(self.fields.get("from", ""))

    @property
    def subject(self) -> str:
        return self.fields.get("subject", "")

    @property
    def written_at(self) -> datetime | None:
        return date_in(self.fields.get("date", ""))


def introduction_at(lines: Sequence[str], index: int) -> Introduction | None:
    """What the lines from `index` introduce, if they do. `lines` are without marks of quotes and without line ends."""
    line = lines[index].strip()
    if not line or len(line) > _LONGEST:
        return None
    for pattern, forward in ((_FORWARD, True), (_ORIGINAL, None)):
        if pattern.fullmatch(line):
            count, fields = _fields(lines, index + 1)
            found = True if forward else (None if fields else False)
            return Introduction(1 + count, found, fields)
    if _RULE.fullmatch(line):
        count, fields = _fields(lines, index + 1)
        return Introduction(1 + count, None, fields) if _is_block(fields) else None
    if _FIELD.match(line):
        count, fields = _fields(lines, index)
        if _is_block(fields):
            return Introduction(count, None, fields)
    if _OPENS.match(line) or ("<" in line and "@" in line):
        joined = ""
        for count, following in enumerate(lines[index : index + 4], 1):
            if not following.strip() or len(joined) + len(following) > _LONGEST:
                break
            joined = f"{joined} {following.strip()}".strip()
            if joined.endswith(":") and _WROTE.fullmatch(joined) and re.search(r"\d|@", joined):
                return Introduction(count, False)
    return None


def _is_block(fields: dict[str, str]) -> bool:
    """Whether fields are those of a message, and not a line of somebody's that begins with "To:"."""
    return "from" in fields and len(fields.keys() & {"date", "to", "subject"}) >= 2


def _fields(lines: Sequence[str], start: int) -> tuple[int, dict[str, str]]:
    """How many lines from `start` are fields of a header, and the fields; lists of addresses may take several lines."""
    fields: dict[str, str] = {}
    last, end, more = "", start, 0
    for index in range(start, min(len(lines), start + 60)):
        line = lines[index].strip()
        if not line:
            # One blank line may stand between fields, as where each of them is a paragraph.
            following = lines[index + 1].strip() if index + 1 < len(lines) else ""
            known = _FIELD.match(following)
            if known and _FIELDS[known[1].lower()] not in fields and not (_is_block(fields) and "subject" in fields):
                continue
            if not fields and index == start:
                continue
            break
        match = _FIELD.match(line)
        if match and (name := _FIELDS[match[1].lower()]) and (name not in fields or name in ("cc", "other")):
            fields.setdefault(name, match[2].strip())
            last, end = name, index + 1
        elif last in ("to", "cc") and more < _MOST_MORE and ("@" in line or ";" in line):
            end, more = index + 1, more + 1
        elif last == "subject" and lines[index][:1] in " \t" and index == end:
            fields["subject"] += f" {line}"
            end = index + 1
        elif last == "from" and "@" in line and "<" in line and "@" not in fields["from"]:
            fields["from"] += f" {line}"
            end = index + 1
        else:
            break
    return end - start, fields


def mailbox_in(written: str) -> Mailbox:
    """The name and address in a line such as "Jane Doe [mailto:jane@a.example]"."""
    written = _MAILTO.sub(r"<\1>", written.replace("*", "").strip())[:500]
    written = re.sub(r"<(<[^<>]*>)>", r"\1", written)
    written = re.sub(r"(\S+@\S+) <\1>", r"<\1>", written)
    name, address = parseaddr(written)
    if "@" not in address:
        found = re.search(r"[^\s<>,;\"']+@[^\s<>,;\"']+", written)
        address = found[0] if found else ""
        name = re.split(r"[<\[]", written)[0].strip(" \"'") if not found or found.start() > 0 else ""
    elif not name:
        name = re.split(r"[<\[]", written)[0].strip(" \"'") if "<" in written else ""
    return Mailbox(name.strip(), address.lower())


def date_in(written: str) -> datetime | None:
    """The time in a line such as "Tue, 3 Mar 2026 at 10:02" or "03 Mawrth 2026 10:02"; London's if it gives no zone."""
    written = written.strip()[:120]
    try:
        found = parsedate_to_datetime(written)
        return found if found.tzinfo is not None else found.replace(tzinfo=_LONDON)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    match = _DAY.search(written) or _NUMBERS.search(written)
    if match is None:
        american = re.search(r"([A-Za-z]{3,10})\.? (\d{1,2}), (\d{4})(.*)", written)
        if american is None:
            return None
        return (
            date_in(f"{american[2]} {american[1]} {american[3]}{american[4]}")
            if american[1][:3].lower() in _MONTHS
            else None
        )
    month = int(match[2]) if match[2].isdigit() else _MONTHS.get(match[2][:3].lower())
    if month is None:
        return None
    hour = int(match[4] or 0)
    if match.re is _DAY and match[6]:
        hour = hour % 12 + (12 if match[6].lower() == "pm" else 0)
    try:
        return datetime(int(match[3]), month, int(match[1]), hour, int(match[5] or 0), tzinfo=_LONDON)
    except ValueError:
        return None


def within_reach(at: datetime) -> datetime | None:
    """`at` with an offset that databases take, or None where it is beyond what a calendar can move."""
    try:
        offset = at.utcoffset()
        if offset is None or abs(offset) >= timedelta(hours=24) or not 1970 <= at.year <= 2200:
            return None
        return at.astimezone(timezone(offset))
    except (OverflowError, ValueError):
        return None
