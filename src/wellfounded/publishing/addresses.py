"""Where on the site a document's figures, conclusions and releases have their pages."""

from __future__ import annotations

from urllib.parse import quote

from wellfounded.publishing.model import Publication


def page(publication: Publication, kind: str, identifier: str = "") -> str:
    """The full address of a page of the publication's site, that of its own edition where it is one; "" without a site.

    `kind` is the first part of the page's address: conclusions, indicators, sources, areas, "" for a chapter.
    """
    if not publication.site:
        return ""
    parts = [publication.site.rstrip("/")]
    if publication.edition is not None:
        parts += ["editions", str(publication.edition.number)]
    parts += [part for part in (kind, quote(identifier.replace(":", "-"), safe="@")) if part]
    return "/".join(parts)


__all__ = ["page"]
