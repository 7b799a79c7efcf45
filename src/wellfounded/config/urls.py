"""All addresses of the site, and the pages for errors."""

from __future__ import annotations

from wellfounded.web.urls import urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

handler400 = "wellfounded.web.pages.errors.refused"
handler403 = "wellfounded.web.pages.errors.not_allowed"
handler404 = "wellfounded.web.pages.errors.not_found"
handler500 = "wellfounded.web.pages.errors.broken"
