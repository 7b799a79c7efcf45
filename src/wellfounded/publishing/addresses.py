"""Where on the site a document's figures, conclusions and releases have their pages."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from wellfounded.publishing.model import Publication


def page(publication: Publication, kind: str, identifier: str = "", *, edition: int = 0) -> str:
    """The full address of a page of the publication's site, that of its own edition where it is one; "" without a site.

    With `edition` it is the page that another edition has.
    `kind` is the first part of the page's address: conclusions, indicators, sources, areas, "" for a chapter.
    """
    number = edition or (publication.edition.number if publication.edition is not None else 0)
    if not publication.site:
        return ""
    parts = [publication.site.rstrip("/")]
    if number:
        parts += ["editions", str(number)]
    parts += [part for part in (kind, quote(identifier.replace(":", "-"), safe="@")) if part]
    return "/".join(parts)


def unreachable(site: str) -> str:
    """That documents which lead to `site` lead to no page that others can reach, where it is so; else empty."""
    if site and urlsplit(site).hostname not in ("127.0.0.1", "::1", "localhost"):
        return ""
    leads = f"lead to {site}, which only this machine reaches" if site else "lead to no site"
    return f"Its documents {leads}: `site` in base.toml names the site's address."


__all__ = ["page", "unreachable"]
