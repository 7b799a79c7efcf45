"""What each part of a message's text is: said, quoted, passed on, greeting, signature. Nothing is deleted.

Where it is unsure it says "said": to read a signature costs a second, and to miss a sentence costs the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from wellfounded.people.consultation.receiving.introductions import Introduction, introduction_at
from wellfounded.people.consultation.types import Part, Segment, Span

_MOST_FORWARDS = 50  # messages passed on in one text that become voices; further ones stay in the last

_GREETING = re.compile(
    r"(?:dear|hi|hello|hey|helo|hia|hullo|good (?:morning|afternoon|evening|day)|greetings|to whom (?:it"
    r"|this) may concern"
    r"|annwyl|bore da|p[rn]+ynhawn da|noswaith dda|shwmae|s'?mae|i bwy bynnag a fynno wybod)\b",
    re.IGNORECASE,
)
_GREETED = {
    "all", "sir", "sirs", "madam", "or", "and", "team", "there", "everyone", "colleague", "colleagues", "both", "the",
    "to", "of", "a", "consultation", "friends", "folks", "again", "syr", "neu", "bawb", "pawb", "gyfeillion", "i", "y",
    "tîm",
}  # fmt: skip
_SIGN_OFF = re.compile(
    r"(?:(?:kind(?:est)?|best|warm(?:est)?|with (?:kind(?:est)?|best|warm)|my (?:kind|best)"
    r"|very best)?\s*(?:regards|wishes)"
    r"|best|all the best|(?:many |with |very many )?thanks(?: (?:again|a lot|very much|in advance|and (?:kind "
    r"|best )?regards))?"
    r"|thank you(?: (?:again|very much|in advance|for your time))?|cheers|yours|yours (?:sincerely|faithfully"
    r"|truly|ever|etc\.?)"
    r"|sincerely|faithfully|respectfully|cofion(?: (?:cynnes|gorau|caredig|gore))?|yn gywir"
    r"|yr eiddoch yn (?:gywir|ddiffuant)"
    r"|diolch(?: (?:yn fawr|o galon|eto|am eich amser))*|hwyl(?: fawr)?|gyda diolch|pob hwyl|dymuniadau gorau"
    r"|mit freundlichen grüßen|cordialement|kr|br|vbw)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[^\W\d_][\w'’.-]*\.?\s*){1,4}")
_MOBILE = re.compile(
    r"(?:sent|anfonwyd|get|cafwyd|gesendet|envoyé)\s(?:from|via|using|by|o|o'm|o’m|drwy|oddi ar|von|de"
    r"|outlook)\b.{0,80}",
    re.IGNORECASE,
)
_MOBILE_SURE = re.compile(
    r"(?:sent (?:from|via|using) (?:my|yahoo|mail|outlook|samsung|the|an?|proton|gmail|aol|blackberry|ipad"
    r"|iphone|hcl|surface|myMail)\b"
    r"|get outlook for|sent by|anfonwyd (?:o'm|o’m|o fy|o|oddi ar|drwy)\b|gesendet von|envoyé de)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"this (?:e-?mail|message|communication|transmission)\b.{0,120}\b(?:confidential|privileged"
    r"|intended (?:only|solely)|intended for)"
    r"|(?:if you are|unless you are) not the (?:intended|named) (?:recipient|addressee)"
    r"|if you (?:have )?receive[d]? (?:this|it) (?:e-?mail|message|communication)?.{0,20}in error"
    r"|intended (?:only|solely) for the (?:use of the )?(?:individual|addressee|person|recipient|named)"
    r"|(?:do not|don't) (?:click|open) (?:on )?(?:any )?(?:links|attachments)"
    r"|(?:this )?e-?mail (?:originated|was sent|came) from outside|external (?:e-?mail|sender)\s*[:!-]"
    r"|consider the environment before|(?:scanned|swept|checked) (?:by|for) .{0,60}(?:virus|malware"
    r"|mailmarshal|mimecast|messagelabs)"
    r"|virus[- ]free\.|registered in (?:england|wales|scotland)\b[^.]{0,60}?(?:no\.?|number|rhif)[\s:]*\w{0,2}\d{5,8}"
    r"|views (?:or opinions )?expressed .{0,60}(?:not necessarily|those of the (?:author|sender))"
    r"|may be (?:monitored|recorded|disclosed).{0,80}(?:freedom of information|law|act)"
    r"|mae(?:'r|’r)? (?:yr )?(?:neges|e-?bost|ebost|ohebiaeth).{0,120}(?:gyfrinachol|breintiedig)"
    r"|os nad chi yw.{0,40}(?:derbynnydd|derbyniwr)|drwy gamgymeriad|meddyliwch am yr amgylchedd"
    r"|you (?:received|are receiving) this (?:message|e-?mail) because you|to unsubscribe\b|^unsubscribe\b"
    r"|i ddad-?danysgrifio",
    re.IGNORECASE | re.DOTALL,
)
_LIST_RULE = re.compile(r"[_-]{20,}")
_LIST_FOOT = re.compile(r"mailing list|to unsubscribe|listinfo|rhestr bostio", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"(?:p\.?\s?p?\.?s\b\.?|ôl-?nodyn|o\.?n\.?)[\s:.–-]", re.IGNORECASE)
_ARMOUR = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----")
_ARMOUR_SIGNATURE = re.compile(r"-----BEGIN PGP SIGNATURE-----")
_LONGEST_DISCLAIMER = 4000
_LEAD = 60  # characters, as "CONFIDENTIALITY NOTICE: The information in", that may stand before in the same line
_LONG = 160  # characters of a line that is hardly a signature's


@dataclass(frozen=True)
class Forward:
    """A message that is passed on within a text: where its text stands, and what introduces it."""

    span: Span
    introduction: Introduction


def segments(text: str, *, forwarded: bool = False) -> tuple[Segment, ...]:
    """The segments of `text`, in order, that cover it to the character; none is empty.

    `forwarded` says that the subject tells of a message passed on (FW:), which decides what a block of fields
    introduces.
    """
    return taken_apart(text, forwarded=forwarded)[0]


def said(text: str, parts: Sequence[Segment]) -> str:
    """The person's own words in `text`: what is said, without what is quoted, passed on, greeting or signature."""
    return "\n".join(
        found for part in parts if part.part is Part.SAID and (found := text[part.start : part.end].strip("\n"))
    )


def taken_apart(text: str, *, forwarded: bool = False) -> tuple[tuple[Segment, ...], tuple[Forward, ...]]:
    """The segments of `text`, and the messages that are passed on in it."""
    if not text:
        return (), ()
    whole = text.split("\n")
    starts = [0]
    for line in whole[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    starts.append(len(text))
    parts, introductions = _structure(whole, forwarded=forwarded)
    _own_words(whole, parts)
    _blank_lines(whole, parts)
    found: list[Segment] = []
    for index, part in enumerate(parts):
        if starts[index] == starts[index + 1]:
            continue
        assert part is not None
        # Two messages passed on, one right after the other, are told apart by the header between them.
        if found and found[-1].part is part:
            found[-1] = Segment(part, found[-1].start, starts[index + 1])
        else:
            found.append(Segment(part, starts[index], starts[index + 1]))
    forwards = []
    for (first, introduction), (following, _) in pairwise([*introductions, (len(whole), Introduction(0, None))]):
        start = min(first + introduction.lines, len(whole))
        if any(line.strip() for line in whole[start:following]):
            forwards.append(Forward(Span(starts[start], starts[following]), introduction))
    return tuple(found), tuple(forwards)


def _structure(lines: Sequence[str], *, forwarded: bool) -> tuple[list[Part | None], list[tuple[int, Introduction]]]:
    """Each line's part as far as quotes, forwards and what introduces them go, and the introductions of forwards."""
    parts: list[Part | None] = [None] * len(lines)
    forwards: list[tuple[int, Introduction]] = []
    rest = Part.SAID  # what lines are from here on, unless marked
    anything_said = False
    bare = [re.sub(r"^\s{0,3}>[> ]*", "", line) for line in lines]
    below = [*lines, ""]  # the first line with words from each line on
    for number in range(len(lines) - 1, -1, -1):
        below[number] = lines[number] if lines[number].strip() else below[number + 1]
    index = 0
    while index < len(lines):
        marked = lines[index].lstrip(" ").startswith(">")
        found = None
        if not marked or rest is Part.FORWARDED or (index and parts[index - 1] is Part.HEADER):
            found = introduction_at(bare, index)
        if found is not None and rest is Part.FORWARDED and not (found.forward and len(forwards) < _MOST_FORWARDS):
            found = None  # what a message that is passed on quotes is part of it
        if found is not None and rest is Part.QUOTED and found.forward:
            found = Introduction(found.lines, False, found.fields)  # passed on earlier, and quoted now
        if found is not None:
            count = max(1, min(found.lines, len(lines) - index))
            parts[index : index + count] = [Part.HEADER] * count
            passed_on = found.forward if found.forward is not None else (forwarded or not anything_said)
            following = below[index + count]
            if passed_on and rest is not Part.QUOTED:
                rest = Part.FORWARDED
                forwards.append((index, Introduction(count, True, found.fields)))
            elif not following.lstrip(" ").startswith(">"):
                rest = Part.QUOTED
            index += count
            continue
        if marked and rest is not Part.FORWARDED:
            parts[index] = Part.QUOTED
        elif lines[index].strip():
            parts[index] = rest
            anything_said = anything_said or not _GREETING.match(lines[index].strip())
        index += 1
    return parts, forwards


def _own_words(lines: Sequence[str], parts: list[Part | None]) -> None:
    """Tells greeting, signature and disclaimer from what is said, in each run of the respondent's own lines."""
    run: list[int] = []
    first = True
    for index in range(len(lines) + 1):
        if index < len(lines) and (parts[index] is Part.SAID or (parts[index] is None and run)):
            run.append(index)
        elif run:
            _one_run(lines, parts, run, first=first)
            run, first = [], False


def _one_run(lines: Sequence[str], parts: list[Part | None], run: Sequence[int], *, first: bool) -> None:
    texts = {index: lines[index].strip() for index in run}
    written = [index for index in run if texts[index]]
    _mark_armour(texts, parts, written)
    for paragraph in _paragraphs(run, texts):
        for index in _disclaiming([(index, texts[index]) for index in paragraph]):
            parts[index] = Part.DISCLAIMER
    for position, index in enumerate(written):
        below = written[position + 1 : position + 9]
        if _LIST_RULE.fullmatch(texts[index]) and any(_LIST_FOOT.search(texts[other]) for other in below):
            for other in written[position:]:
                parts[other] = Part.DISCLAIMER
            break
    own = [index for index in written if parts[index] is Part.SAID]
    if own and first and _is_greeting(texts[own[0]]):
        parts[own[0]] = Part.GREETING
        own = own[1:]
    position = 0
    while position < len(own):
        if _starts_signature(lines[own[position]], [texts[index] for index in own[position + 1 : position + 4]]):
            position = _sign(texts, parts, own, position)
        elif _MOBILE_SURE.match(texts[own[position]]) and _MOBILE.fullmatch(texts[own[position]]):
            parts[own[position]] = Part.SIGNATURE
            position += 1
        else:
            position += 1


def _paragraphs(run: Sequence[int], texts: dict[int, str]) -> list[list[int]]:
    found: list[list[int]] = [[]]
    for index in run:
        if texts[index]:
            found[-1].append(index)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def _disclaiming(paragraph: Sequence[tuple[int, str]]) -> list[int]:
    """The lines of a paragraph from where it disclaims; none where something else is said before it in that line."""
    joined = " ".join(text for _, text in paragraph)
    match = _DISCLAIMER.search(joined) if len(joined) < _LONGEST_DISCLAIMER else None
    if match is None:
        return []
    start = 0
    for position, (_, text) in enumerate(paragraph):
        if match.start() <= start + len(text):
            return [index for index, _ in paragraph[position:]] if match.start() - start <= _LEAD else []
        start += len(text) + 1
    return []


def _mark_armour(texts: dict[int, str], parts: list[Part | None], written: Sequence[int]) -> None:
    """The lines that PGP puts round a text that it signs."""
    signing = False
    for position, index in enumerate(written):
        if _ARMOUR.fullmatch(texts[index]):
            parts[index] = Part.HEADER
            if position + 1 < len(written) and texts[written[position + 1]].startswith("Hash:"):
                parts[written[position + 1]] = Part.HEADER
        signing = signing or bool(_ARMOUR_SIGNATURE.fullmatch(texts[index]))
        if signing:
            parts[index] = Part.SIGNATURE
            signing = texts[index] != "-----END PGP SIGNATURE-----"


def _is_greeting(line: str) -> bool:
    """Whether a line only greets: "Dear Sir or Madam," and not "Hi, I think that the figures are wrong."."""
    match = _GREETING.match(line)
    if match is None or len(line) > 80:
        return False
    rest = line[match.end() :].strip()
    words = rest.rstrip(" ,.!:;-–—").split()
    if "," in rest.rstrip(" ,.!:;-–—") and not re.fullmatch(
        r"[^,]*(?:, (?:and )?[A-Z][^,]*)*", rest.rstrip(" ,.!:;-–—")
    ):
        return False
    if re.search(r"[.!?]\s+\w", rest):
        return re.fullmatch(r"(?:mr|mrs|ms|miss|dr|prof|cllr|rev|sir)\.?\s.{0,40}", rest, re.IGNORECASE) is not None
    lower = sum(word[:1].islower() and word.lower() not in _GREETED for word in words)
    return len(words) <= 9 and lower <= 1


def _starts_signature(line: str, following: Sequence[str]) -> bool:
    """Whether a signature begins with `line`: its delimiter, or words that close a letter, alone or with a name."""
    stripped = line.strip()
    if line.rstrip("\r") == "-- " or (
        stripped in ("--", "—", "––") and all(not _looks_said(text) for text in following)
    ):
        return True
    match = _SIGN_OFF.match(stripped)
    if match is None or len(stripped) > 60:
        return False
    rest = stripped[match.end() :]
    if rest[:1].isalnum():
        return False
    rest = rest.strip(" ,.!;:–—-")
    if not rest:
        return True
    return bool(_NAME.fullmatch(rest)) and all(word[:1].isupper() for word in rest.split()) and len(rest.split()) <= 4


def _sign(texts: dict[int, str], parts: list[Part | None], own: Sequence[int], position: int) -> int:
    """Marks a signature from `position`, up to where somebody says something again; gives that position."""
    parts[own[position]] = Part.SIGNATURE
    position += 1
    while position < len(own):
        text = texts[own[position]]
        if _POSTSCRIPT.match(text) or (_looks_said(text) and not _MOBILE_SURE.match(text)):
            break
        parts[own[position]] = Part.SIGNATURE
        position += 1
    return position


def _looks_said(line: str) -> bool:
    """Whether a line reads as a sentence and not as a name, a role, an address or a slogan."""
    words = line.split()
    if len(line) > _LONG:
        return True
    if len(words) < 6 or "://" in line or "|" in line:
        return False
    plain = [word for word in words if word[:1].isalpha()]
    return sum(word[:1].islower() for word in plain) > 0.6 * len(words)


def _blank_lines(lines: Sequence[str], parts: list[Part | None]) -> None:
    """Blank lines belong to what stands above them; those at the top to what comes first."""
    last = next((part for part in parts if part is not None), Part.SAID)
    for index in range(len(lines)):
        if parts[index] is None or (not lines[index].strip() and parts[index] is not Part.HEADER):
            parts[index] = last
        last = parts[index] or Part.SAID
