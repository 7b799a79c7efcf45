"""The site over the sample publication, for benchmarks' short forms."""

from __future__ import annotations

from tests.site_fixtures import publication, shown_publication

__all__ = ["publication", "shown_publication"]
