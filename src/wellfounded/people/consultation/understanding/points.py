"""The points of a response: what it says, one thing at a time, as exact characters of the original.

A point is a sentence with those that lean on it ("This is because …"), an item of a list, or an answer under its
heading. All of a respondent's own words are in a point, in their order; no character is in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wellfounded.people.consultation.types import Part, Segment, Span

LONGEST = 600  # characters of one point; what is longer is cut at a blank
GROUPED = 320  # characters up to which sentences are put together
SHORT = 60  # characters below which a sentence seldom stands alone

# A full stop after one of these ends no sentence (English and Welsh).
_SHORT_WORDS = """
mr mrs ms mx dr prof rev cllr sir st rt hon gen col capt sgt mt ave rd eg e.g ie i.e cf viz vs al approx ca est incl
excl max min no nos vol fig figs para paras p pp ch sec tab app ltd plc co corp inc dept govt assoc jan feb mar apr
jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun u.k u.s a.m p.m am pm h.y e.e h.n tud
tt yh
"""
_ABBREVIATIONS = frozenset(_SHORT_WORDS.split())
_END = re.compile(  # a row of dots that no blank follows is looked at once, and not again from each of its dots
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|[。！？؟۔।]+[\"'”’»)\]]*"
)
_LAST_WORD = re.compile(r"([^\W\d_](?:[^\W_]|\.(?=\w))*)\.$")
_LEANS = re.compile(  # the start of a sentence that says nothing without the one before
    r"(?:this|that|these|those|it|its|they|their|which|such|because|so|hence|thus|therefore|indeed|in fact|"
    r"for example|for instance|e\.g\.|as a result|in other words|that said|why|here|there|"
    r"mae hyn|mae hynny|dyma|felly|oherwydd|er enghraifft|yn wir|o ganlyniad|hynny yw)\b",
    re.IGNORECASE,
)
_TURNS = re.compile(  # the start of another point
    r"(?:however|but|on the other hand|secondly|thirdly|finally|lastly|also|in addition|additionally|moreover|"
    r"furthermore|another|first|firstly|second|third|separately|conversely|meanwhile|equally|"
    r"ond|fodd bynnag|hefyd|yn ail|yn drydydd|yn olaf|ar y llaw arall|yn ogystal|yn gyntaf|peth arall)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[ \t>]*(?:[-–—*•·▪◦‣●○■□➢✓✔]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)](?!\d))[ \t]+(?=\S)")
_QUESTION = re.compile(
    r"[ \t]*(?:#+[ \t]*)?(?:question|cwestiwn|answer|ateb|q|c|a)[ \t]*\d{0,2}[a-z]?[ \t]*[:.)–-][ \t]*", re.IGNORECASE
)
_LINE = re.compile(r"[^\n\r\u2028\u2029]*(?:\r\n|[\n\r\u2028\u2029])?")
_ENDS_SENTENCE = re.compile(r"[.!?…;。！？؟۔।][\"'”’»)\]]*\s*$")
_JOINS = frozenset("\u200c\u200d\ufe0e\ufe0f\u20e3")  # what follows belongs to the character before


def points_in(text: str, *, segments: Sequence[Segment] = ()) -> tuple[Span, ...]:
    """The points of a text in its order. Without segments all of it is the respondent's own words."""
    said = [(part.start, part.end) for part in segments if part.part is Part.SAID] if segments else [(0, len(text))]
    found: list[Span] = []
    for start, end in said:
        carried = start
        for first, last, heading in _blocks(text, start, end):
            if not heading:
                spans = _grouped(text, list(_sentences(text, first, last)))
                if carried < first and spans:  # the heading or introduction belongs to the first point under it
                    spans[0] = Span(_bounds(text, carried, spans[0].end)[0], spans[0].end)
                found += spans
                carried = last
        left = _bounds(text, carried, end)
        if left[0] < left[1]:
            found += _cut(text, *left)
    return tuple(found)


def sentences_in(text: str) -> tuple[Span, ...]:
    """The sentences, list items and headings of a text, in order; every non-blank character is in one of them."""
    return tuple(
        Span(*sentence) for first, last, _ in _blocks(text, 0, len(text)) for sentence in _sentences(text, first, last)
    )


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Paragraphs, list items and headings: where each starts and ends without blanks, and whether it heads others."""
    at, first, last, before = start, -1, start, ""
    lines = []
    while at < end:
        found = _LINE.match(text, at, end)
        assert found is not None
        lines.append((at, found.end()))
        at = found.end()
    bodies = [text[line[0] : line[1]].strip() for line in lines]
    for number, ((here, after), body) in enumerate(zip(lines, bodies, strict=True)):
        if not body:
            if first >= 0:
                yield (*_bounds(text, first, last), False)
            first, before = -1, ""
            continue
        following = bodies[number + 1] if number + 1 < len(bodies) else ""
        heads = _is_heading(body, alone=first < 0, following=following)
        if first >= 0 and (heads or _starts_block(body, before)):
            yield (*_bounds(text, first, last), False)
            first = -1
        if heads:
            yield (*_bounds(text, here, after), True)
            before = ""
            continue
        if first < 0:
            first = here
        last, before = after, body
    if first >= 0:
        yield (*_bounds(text, first, last), False)


def _is_heading(body: str, *, alone: bool, following: str) -> bool:
    """Whether a line heads what comes below it."""
    if body.startswith("#") and body.lstrip("#").startswith(" "):
        return True
    question = _QUESTION.match(body)
    if question is not None and (question.end() == len(body) or body.endswith("?")):
        return True
    if body.endswith(":"):
        return len(body) <= GROUPED
    if not alone or len(body) > 80 or _ENDS_SENTENCE.search(body) or _ITEM.match(body) or body.endswith(","):
        return False
    letters = [character for character in body if character.isalpha()]
    shouted = len(letters) > 3 and all(character.isupper() for character in letters)
    titled = len(body.split()) <= 8 and body[0].isupper() and not following and len(letters) > 3
    return shouted or titled


def _starts_block(body: str, before: str) -> bool:
    """Whether a line starts a new block, and does not go on with the (wrapped) line before."""
    if _ITEM.match(body) or _QUESTION.match(body):
        return True
    if _ENDS_SENTENCE.search(before):
        return not body[0].islower()
    return len(before) < 45 and body[0].isupper()


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each sentence of a block starts and ends, blanks at its ends left out."""
    at = start
    for stop in _END.finditer(text, start, end):
        if _goes_on(text, at, stop.end(), end):
            continue
        first, last = _bounds(text, at, stop.end())
        if first < last:
            yield first, last
        at = stop.end()
    first, last = _bounds(text, at, end)
    if first < last:
        yield first, last


def _goes_on(text: str, start: int, stop: int, end: int) -> bool:
    """Whether the mark that ends at `stop` is not the end of a sentence."""
    following = stop
    while following < end and text[following].isspace():
        following += 1
    if following == end:
        return False
    mark = text[stop - 1]
    if mark in "…" or text[max(start, stop - 3) : stop] == "...":
        return text[following].islower()
    if mark != ".":
        return mark in "\"'”’»)]" and text[following].islower()
    before = text[max(start, stop - 24) : stop]
    if before.strip(" \t\n\r.") == "" or re.fullmatch(r"\s*\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\.", before):
        return True  # the number of a list item
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    name = word.group(1)
    if name.lower() == "no" and not text[following].isdigit():
        return False
    return name.lower() in _ABBREVIATIONS or (len(name) == 1 and name.isupper() and name != "I")


def _grouped(text: str, sentences: list[tuple[int, int]]) -> list[Span]:
    """Points made of sentences: one that leans on the one before, or is short, is put with it."""
    points: list[Span] = []
    current: tuple[int, int] | None = None
    for start, end in sentences:
        if current is None:
            current = (start, end)
            continue
        together = end - current[0] <= GROUPED
        opening = text[start : start + 24]
        leans = _LEANS.match(opening) is not None or end - start < 25
        alone = _TURNS.match(opening) is not None or current[1] - current[0] >= SHORT
        if together and (leans or not alone):
            current = (current[0], end)
        else:
            points += _cut(text, *current)
            current = (start, end)
    if current is not None:
        points += _cut(text, *current)
    return points


def _cut(text: str, start: int, end: int) -> list[Span]:
    """The span, in pieces where it is longer than a point may be: at a blank, or at least not within a character."""
    pieces = []
    while end - start > LONGEST:
        stop = start + LONGEST
        blank = next((at for at in range(stop, start + LONGEST // 2, -1) if text[at].isspace()), 0)
        if not blank:
            while stop < end and (text[stop] in _JOINS or text[stop - 1] in _JOINS or _combines(text[stop])):
                stop += 1
        first, last = _bounds(text, start, blank or stop)
        if first < last:
            pieces.append(Span(first, last))
        start = _bounds(text, blank or stop, end)[0]
    first, last = _bounds(text, start, end)
    return [*pieces, Span(first, last)] if first < last else pieces


def _combines(character: str) -> bool:
    import unicodedata

    return unicodedata.combining(character) > 0 or unicodedata.category(character) in ("Mn", "Me", "Sk")


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """The part between two places without the blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
