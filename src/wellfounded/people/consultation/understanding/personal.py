"""Personal data in a text, as spans.

Found are e-mail addresses, telephone numbers, postcodes, National Insurance and NHS numbers, and names where a text
shows that they are names: in a signature, after a sign-off, in a greeting, after a title or "my name is", and those
that the form or the sender's address told. What is found is checked by a person before anything is published.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wellfounded.people.consultation.types import Part, Segment, Span


class Kind(StrEnum):
    """What a piece of personal data is."""

    NAME = "name"
    EMAIL = "e-mail address"
    PHONE = "telephone number"
    POSTCODE = "postcode"
    NI_NUMBER = "National Insurance number"
    NHS_NUMBER = "NHS number"


@dataclass(frozen=True)
class Personal:
    """Something personal, and where it is."""

    kind: Kind
    span: Span


MOST_NAMES = 200  # that one text introduces and that are sought in the rest of it: each is a walk through all of it
_EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64}(?:@|\s?[\[(]at[\])]\s?)(?:[\w-]{1,63}(?:\.|\s?[\[(]dot[\])]\s?)){1,6}[^\W\d_]{2,24}(?![\w-])",
    re.IGNORECASE,
)

# Royal Mail's format; C, I, K, M, O and V are not used in the last two letters. The areas are those of the UK and the
# Crown dependencies.
_AREAS = """
AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK
FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR
NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC
WD WF WN WR WS WV YO ZE
"""
_POSTCODE = re.compile(
    rf"(?<![\w£$€.-])(?:{'|'.join(sorted(_AREAS.split(), key=len, reverse=True))})\d[\dA-Z]?(?P<gap>[ \t\u00a0]{{0,2}})"
    r"(?P<end>\d[ABD-HJLNP-UW-Z]{2})(?![\w-])",
    re.IGNORECASE,
)
_ORDINALS = frozenset({"1st", "2nd", "3rd", *(f"{figure}th" for figure in range(10))})

# HMRC, NIM39110: letters that no prefix has, and prefixes that are not given out.
_NI = re.compile(
    r"(?<![\w-])(?!BG|GB|NK|KN|TN|NT|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][ .-]?(?:\d{2}[ .-]?){3}[A-D](?![\w-])",
    re.IGNORECASE,
)
_NI_UNFINISHED = re.compile(  # without its last letter only where the text says what it is
    r"(?:\bNI\b|\bNINO\b|national insurance|yswiriant gwladol)[^\n\d]{0,30}?"
    r"((?!BG|GB|NK|KN|TN|NT|ZZ)\b[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{2})(?![\w-])",
    re.IGNORECASE,
)
_NHS = re.compile(r"(?<![\w£$€.,+/-])(?<![£$€] )\d{3}([ -]?)\d{3}\1\d{4}(?![\w%])(?![.,/-]\d)")
_PHONE = re.compile(r"(?<![\w£$€.,/])(?:\+|\(?0)[\d\s().–/-]{7,22}\d(?!\w)")

_GIVEN = r"[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*"  # a word that starts with a capital
_INITIAL = r"[^\W\d_a-z]\.?"
_PARTICLE = r"(?:ap|ab|ferch|van|von|de|der|den|da|di|bin|al|la|le|du)"
_NAME = rf"(?:{_GIVEN}|{_INITIAL})(?:[ \t]+(?:{_GIVEN}|{_INITIAL}|{_PARTICLE})){{0,4}}"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Cllr|Councillor|Rev|Sir|Dame|Lord|Lady|Y Cyng|Parch)\.?"
_TITLED = re.compile(
    rf"\b{_TITLE}[ \t]+(?P<name>(?:{_GIVEN}|{_INITIAL})(?:[ \t]+(?:{_GIVEN}|{_INITIAL}|{_PARTICLE})){{0,3}})"
)
_INTRODUCED = re.compile(
    rf"(?i:\bmy name(?:'s| is)|\bfy enw i yw|\bfy enw i ydy|(?<=^)name:|(?<=\n)name:|(?<=^)enw:|(?<=\n)enw:|"
    rf"\bsigned by|\bsigned:|\bllofnodwyd:?)[ \t]+(?P<name>{_NAME})"
)
_GREETING = re.compile(
    rf"^[ \t]*(?i:dear|hi|hello|hey|good (?:morning|afternoon|evening)|annwyl|helo|bore da|prynhawn da)[ \t]+"
    rf"(?:{_TITLE}[ \t]+)?(?P<name>{_NAME}(?:[ \t]+(?:and|a|ac|&)[ \t]+{_NAME})?)[ \t]*[,:!.–-]?[ \t]*$",
    re.MULTILINE,
)
_SIGN_OFF = re.compile(
    r"^[ \t]*(?:(?:with |many |very |my )?(?:kind(?:est)?|best|warm(?:est)?|good)[ \t]+(?:regards|wishes)|regards|best|"
    r"yours?(?:[ \t]+(?:sincerely|faithfully|truly|ever|etc))?|sincerely|faithfully|"
    r"(?:many )?thanks(?: again| and regards)?|thank you|cheers|cofion(?: gorau| cynnes)?|yn gywir|yn ffyddlon|"
    r"yr eiddoch yn (?:gywir|ffyddlon)|diolch(?: yn fawr)?|hwyl)[ \t]*[,.!–-]*[ \t]*(?P<same>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_WHOLE_NAME = re.compile(
    rf"^[ \t]*(?:[-–—~*]+[ \t]*)?(?:{_TITLE}[ \t]+)?(?P<name>{_NAME})(?P<after>[ \t]*(?:[,(|–-].*)?)$"
)

# Words that make a line of a signature something else than a name (English and Welsh).
_NOT_IN_NAMES = """
ltd limited plc llp cic council university college school department dept ministry office team group company
association society trust foundation institute centre center partnership chamber commerce union committee forum
board network services service solutions holdings director manager officer head chief chair chairman chairwoman
executive secretary treasurer clerk president engineer analyst consultant policy planning economic development
research street road lane avenue house park tel telephone phone mobile email fax www sent from iphone android sir
madam all everyone team colleague colleagues friend friends regards wishes thanks resident residents business owner
the and of for evidence strategy economy industrial local cheshire warrington cheers hello dear cyngor prifysgol
coleg ysgol adran swyddfa cwmni cymdeithas rheolwr cyfarwyddwr swyddog pennaeth cadeirydd syr madam pawb bawb
gyfeillion bwrdd tîm lis grand challenges member mp ms
"""
_NO_NAME = frozenset(_NOT_IN_NAMES.split())
_NEVER = frozenset(
    ("i", "we", "you", "he", "she", "they", "it", "my", "our", "your", "this", "that", "there", "yes", "no", "not")
)


def personal_in(text: str, *, segments: Sequence[Segment] = (), names: Sequence[str] = ()) -> tuple[Personal, ...]:
    """What is personal in a text, in its order, without overlap. `names` are those that the form or a header told."""
    found = [
        *_all(Kind.EMAIL, _EMAIL.finditer(text)),
        *(Personal(Kind.NI_NUMBER, Span(*match.span())) for match in _NI.finditer(text)),
        *(Personal(Kind.NI_NUMBER, Span(*match.span(1))) for match in _NI_UNFINISHED.finditer(text)),
        *_nhs_numbers(text),
        *_postcodes(text),
        *_phones(text),
        *_names(text, segments, names),
    ]
    return _without_overlap(found)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11)."""
    if len(digits) != 10 or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == int(digits[9])


def _all(kind: Kind, matches: Iterable[re.Match[str]]) -> Iterator[Personal]:
    for match in matches:
        yield Personal(kind, Span(*match.span()))


def _nhs_numbers(text: str) -> Iterator[Personal]:
    for match in _NHS.finditer(text):
        if is_nhs_number(re.sub(r"\D", "", match.group())):
            yield Personal(Kind.NHS_NUMBER, Span(*match.span()))


def _postcodes(text: str) -> Iterator[Personal]:
    for match in _POSTCODE.finditer(text):
        written = match.group()
        if match["end"].lower() in _ORDINALS and not match["end"].isupper():
            continue  # "in B5 5th floor"
        if not match["gap"] and not (written.isupper() or written.islower()):
            continue
        yield Personal(Kind.POSTCODE, Span(*match.span()))


def _phones(text: str) -> Iterator[Personal]:
    """Numbers that could be dialled from the UK, as they are written there: with a leading 0 or +."""
    if _PHONE.search(text) is None:
        return
    from phonenumbers import Leniency, PhoneNumberMatcher

    for run in _PHONE.finditer(text):
        if re.match(r"0\.\d", run.group()):
            continue  # a decimal
        # The matcher sees the run with what is beside it, as it judges by that as well. A number that was never given
        # out (a slip, or one of those kept for drama) is written like one that was, and is taken for one.
        first, last = max(0, run.start() - 2), min(len(text), run.end() + 2)
        for match in PhoneNumberMatcher(text[first:last], "GB", leniency=Leniency.POSSIBLE):
            written, number = match.raw_string.lstrip("("), str(match.number.national_number)
            abroad = written.startswith("+") and match.number.country_code != 44
            british = written.startswith(("+", "0")) and len(number) in (9, 10) and number[0] in "1235789"
            if (abroad or british) and "/" not in written:
                yield Personal(Kind.PHONE, Span(first + match.start, first + match.end))


def _names(text: str, segments: Sequence[Segment], told: Sequence[str]) -> Iterator[Personal]:
    spans = [Span(*match.span("name")) for pattern in (_TITLED, _INTRODUCED) for match in pattern.finditer(text)]
    greeted = (match for match in _GREETING.finditer(text) if _could_be_name(match["name"], alone=True))
    spans += [Span(*match.span("name")) for match in greeted]
    spans += _signed(text, segments)
    known = {name for name in (span.of(text) for span in spans) if " " in name}
    mine = {one.strip() for one in told if one.strip()}
    for name in sorted(mine) + sorted(known - mine)[:MOST_NAMES]:
        if len(name) > 1:
            pattern = r"[ \t\u00a0]+".join(re.escape(word) for word in name.split())
            spans += [Span(*match.span()) for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)]
    for span in spans:
        if span.start < span.end:
            yield Personal(Kind.NAME, span)


def _signed(text: str, segments: Sequence[Segment]) -> Iterator[Span]:
    """Names on the lines after a sign-off, and at the start of a signature."""
    for match in _SIGN_OFF.finditer(text):
        inside = _WHOLE_NAME.match(match["same"])
        if inside and match["same"].strip() and _could_be_name(inside["name"], alone=True):
            start = match.start("same")
            yield Span(start + inside.start("name"), start + inside.end("name"))
        elif not match["same"].strip():
            yield from _name_lines(text, match.end(), len(text), most=2)
    for segment in segments:
        if segment.part is Part.SIGNATURE:
            yield from _name_lines(text, segment.start, segment.end, most=4)


def _name_lines(text: str, start: int, end: int, *, most: int) -> Iterator[Span]:
    """Names that stand on a line of their own (or before a comma or bar) among the first lines of a part."""
    seen = 0
    for line in re.finditer(r"[^\r\n]+", text[start:end]):
        if not line.group().strip(" \t-–—_*"):
            continue
        seen += 1
        if seen > most:
            return
        found = _WHOLE_NAME.match(line.group())
        if found and _could_be_name(found["name"], alone=not found["after"].strip()):
            yield Span(start + line.start() + found.start("name"), start + line.start() + found.end("name"))
            if seen > 1:
                return


def _could_be_name(words: str, *, alone: bool) -> bool:
    """Whether capitalised words are likely somebody's name, and not a body, a role or a place."""
    plain = [word.strip(".,'’").lower() for word in words.split()]
    if any(word in _NO_NAME or word in _NEVER for word in plain):
        return False
    if words.isupper() and len(plain) == 1 and len(plain[0]) > 1 and len(plain[0]) < 5:
        return False  # an abbreviation
    return (alone or len(plain) > 1) and len(plain) <= 5


def _without_overlap(found: list[Personal]) -> tuple[Personal, ...]:
    """The longest of what overlaps, in order; of two alike the surer kind."""
    sure = {
        kind: place
        for place, kind in enumerate(
            (Kind.EMAIL, Kind.NI_NUMBER, Kind.NHS_NUMBER, Kind.PHONE, Kind.POSTCODE, Kind.NAME)
        )
    }
    kept: list[Personal] = []  # in the order of the text
    starts: list[int] = []
    for one in sorted(found, key=lambda one: (sure[one.kind], one.span.start - one.span.end, one.span.start)):
        at = bisect(starts, one.span.start)
        if (at == 0 or kept[at - 1].span.end <= one.span.start) and (at == len(kept) or one.span.end <= starts[at]):
            kept.insert(at, one)
            starts.insert(at, one.span.start)
    return tuple(kept)
