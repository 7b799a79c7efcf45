"""The addresses of pages. Templates and views write no address by hand."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, urlencode

from wellfounded.web.publication import slug

FRONT = "/"


def chapter(identifier: str) -> str:
    """The page of a chapter."""
    return f"/{quote(identifier)}"


@lru_cache(maxsize=4096)
def conclusion(identifier: str) -> str:
    """The page of a conclusion."""
    return f"/conclusions/{quote(identifier)}"


def conclusions(**filters: str) -> str:
    """The list of conclusions, narrowed."""
    return f"/conclusions?{urlencode(filters)}" if filters else "/conclusions"


@lru_cache(maxsize=4096)
def indicator(identifier: str) -> str:
    """The page of an indicator."""
    return f"/indicators/{quote(identifier)}"


def indicator_csv(identifier: str) -> str:
    """An indicator's table over time as CSV."""
    return f"/indicators/{quote(identifier)}.csv"


@lru_cache(maxsize=4096)
def area(code: str) -> str:
    """The page of an area."""
    return f"/areas/{quote(slug(code))}"


@lru_cache(maxsize=4096)
def release(identifier: str) -> str:
    """The page of a release of a source."""
    return f"/sources/{quote(identifier, safe='@')}"


def priority(identifier: str, query: str = "") -> str:
    """The page of a policy, under a scenario where there is one."""
    return f"/priorities/{quote(identifier)}{f'?{query}' if query else ''}"


def impact(identifier: str) -> str:
    """The scorecard of an impact area."""
    return f"/impact/{quote(identifier)}"


def challenge(identifier: str) -> str:
    """The page of a Grand Challenge."""
    return f"/grand-challenges/{quote(identifier)}"


def chart(identifier: str, *, ending: str = "svg") -> str:
    """A chart's drawing, or its specification with `ending="json"`."""
    return f"/charts/{quote(identifier)}.{ending}"


def method(identifier: str) -> str:
    """The page of a method."""
    return f"/about/methods/{quote(identifier)}"


def data_file(name: str) -> str:
    """A file of the open data."""
    return f"/data/{quote(name)}"


def tell(kind: str, identifier: str) -> str:
    """The form on a conclusion, chapter, indicator, priority or challenge."""
    return f"/respond/about/{kind}/{quote(identifier)}"


def mail(address: str, *, subject: str, body: str = "") -> str:
    """A mailto link that opens a message to `address`."""
    query = {"subject": subject} | ({"body": body} if body else {})
    return f"mailto:{quote(address, safe='@')}?{urlencode(query, quote_via=quote)}"
