"""Addresses in pages turned into others: relative ones for a site of files, or those of an earlier edition."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

_ADDRESS = re.compile(r'\b(href|src|action|data-wf-find)="(/[^"]*)"')
# What belongs to the site and not to one edition of what it publishes.
_OF_THE_SITE = (
    "/editions",
    "/static",
    "/accessibility",
    "/privacy",
    "/staff",
    "/sessions",
    "/bookings",
    "/workshops",
    "/respond",
    "/responses",
    "/you-said",
)


def rewritten(page: str, turned: Callable[[str], str]) -> str:
    """A page in which every address of our own is what `turned` makes of it."""
    return _ADDRESS.sub(lambda match: f'{match[1]}="{escape(turned(unescape(match[2])))}"', page)


def in_edition(address: str, number: int) -> str:
    """An address of the site as one of its edition `number`: /editions/2/conclusions/pay."""
    path, mark, rest = _parted(address)
    if any(path == each or path.startswith(f"{each}/") for each in _OF_THE_SITE):
        return address
    return f"/editions/{number}{'/front' if path == '/' else path}{mark}{rest}"


def _parted(address: str) -> tuple[str, str, str]:
    for mark in "?#":
        path, found, rest = address.partition(mark)
        if found:
            return path, found, rest
    return address, "", ""
