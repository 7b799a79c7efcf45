"""Django's settings. What differs from one installation to another comes from the environment:

WELLFOUNDED_PUBLICATION   the folder of the publication that is shown, or a link to it that builds move on
WELLFOUNDED_EDITIONS      the folder of the frozen editions; the latest is what the site shows
WELLFOUNDED_WORKING       1 to show the working version in place of the latest edition
WELLFOUNDED_HOSTS         host names that the site answers to, with commas (127.0.0.1, localhost and [::1] if not set)
WELLFOUNDED_DATABASE      the SQLite file of people's data (var/people.sqlite3 if not set)
WELLFOUNDED_SECRET_KEY    the key that signs what visitors get from us (new at each start if not set)
WELLFOUNDED_HTTPS         1 where the site is reached by HTTPS: strict transport security and secure cookies
WELLFOUNDED_DEBUG         1 to see errors in the browser and to render each page anew; never on a public site
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from wellfounded.web.assets import COLLECTED, made


def _yes(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


WELLFOUNDED_PUBLICATION = os.environ.get("WELLFOUNDED_PUBLICATION", "")
WELLFOUNDED_EDITIONS = os.environ.get("WELLFOUNDED_EDITIONS", "")
WELLFOUNDED_WORKING = _yes("WELLFOUNDED_WORKING")

DEBUG = _yes("WELLFOUNDED_DEBUG")
SECRET_KEY = os.environ.get("WELLFOUNDED_SECRET_KEY") or secrets.token_urlsafe(48)
_hosts = os.environ.get("WELLFOUNDED_HOSTS", "127.0.0.1,localhost,[::1]")
ALLOWED_HOSTS = [host.strip() for host in _hosts.split(",") if host.strip()]

INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = [
    "wellfounded.web.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wellfounded.web.middleware.Publication",
]
ROOT_URLCONF = "wellfounded.config.urls"
WSGI_APPLICATION = "wellfounded.config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "pages",
        "OPTIONS": {"environment": "wellfounded.web.jinja.environment"},
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(os.environ.get("WELLFOUNDED_DATABASE") or Path.cwd() / "var" / "people.sqlite3"),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = COLLECTED
_files = "wellfounded.web.storage.HashedFiles" if made() else "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _files},  # without hashed names only where the front end has not been made
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_MAX_AGE = 3600

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/London"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _yes("WELLFOUNDED_HTTPS"):
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},  # anybody can send any host name
    },
}
