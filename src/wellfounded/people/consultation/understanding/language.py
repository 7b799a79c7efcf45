"""The language of a text, English or Welsh, by the small words that only one of them has."""

from __future__ import annotations

import re

ENGLISH, WELSH = "en", "cy"
FEWEST = 3  # different small words of Welsh before a text is taken for it
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = """
about after and are because but by can from has have his how if in is it more not of on only or our should than that
the their there they this to was we were what when which who why with would you your
"""
_WELSH = """
ac ag am ar bod bydd byddai chi cyn dim dros drwy dw eich ein eu fel fod gan gyda hefyd hyn iawn llawer maen mae mewn
mwy nid nhw ni oedd oes oherwydd ond pam rhaid roedd rwy rydym rydyn sy sydd wedi wrth y ydy ydym yma yn yng ym yr yw
"""
SMALL_IN_WELSH = frozenset(_WELSH.split())
_KNOWN = frozenset(_ENGLISH.split()), SMALL_IN_WELSH


def language_of(text: str) -> str:
    """`cy` where a text is mostly Welsh, `en` where it is mostly English, and nothing where its words do not tell."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    english, welsh = (sum(word in known for word in words) for known in _KNOWN)
    if welsh > english and len({word for word in words if word in _KNOWN[1]}) >= FEWEST:
        return WELSH
    return ENGLISH if english > welsh else ""


__all__ = ["ENGLISH", "SMALL_IN_WELSH", "WELSH", "language_of"]
