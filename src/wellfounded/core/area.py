"""Area codes: the official codes of geographies."""

from __future__ import annotations

import re

_FORMS = re.compile(
    r"[EWSNKJLM]\d{8}"  # GSS nine-character codes
    r"|TL[B-N][0-9A-Z]{0,2}"  # ITL 1 to 3; TLB is England
    r"|UK[C-N][0-9A-Z]{0,2}"  # NUTS 1 to 3, as used until 2020
    r"|UKX|UK"
    r"|place:[a-z0-9-]+"  # the place of an evidence base, made of member areas
    r"|comparator:[a-z0-9-]+"  # a group of areas that a base compares with, as statistical neighbours
)


class NotAnAreaCode(ValueError):
    """The text has not the form of any area code."""


class AreaCode(str):
    """An area code whose form has been checked; whether the area exists is the catalogue's business."""

    __slots__ = ()

    def __new__(cls, text: str) -> AreaCode:
        if not _FORMS.fullmatch(text):
            raise NotAnAreaCode(
                f"{text!r} is not an area code: expected a GSS code as E06000049 or an ITL code as TLD6"
            )
        return super().__new__(cls, text)
