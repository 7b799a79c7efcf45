"""The site over the sample publication."""

from __future__ import annotations

from tests.site_fixtures import one_moment, opened, publication, shown_publication, site

__all__ = ["one_moment", "opened", "publication", "shown_publication", "site"]
