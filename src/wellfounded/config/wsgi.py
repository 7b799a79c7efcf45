"""The site as a WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellfounded.config.settings")

application = get_wsgi_application()

from wellfounded.web.rendering import warm  # noqa: E402  (only once Django is set up)

warm()
