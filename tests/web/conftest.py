"""The site over the sample publication."""

from __future__ import annotations

from tests.site_fixtures import opened, publication, shown_publication, site

__all__ = ["opened", "publication", "shown_publication", "site"]
