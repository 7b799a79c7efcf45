"""Django's settings. What differs from one installation to another comes from the environment:

WELLFOUNDED_PUBLICATION   the folder of the publication that is shown, or a link to it that builds move on
WELLFOUNDED_EDITIONS      the folder of the frozen editions; the latest is what the site shows
WELLFOUNDED_WORKING       1 to show the working version in place of the latest edition
WELLFOUNDED_SITE          the address that links in e-mails and codes lead to (the base's `site` if not set)
WELLFOUNDED_HOSTS         host names that the site answers to, with commas (127.0.0.1, localhost and [::1] if not set)
WELLFOUNDED_DATA          the folder of people's data: the SQLite file, uploads, the key (var/NAME if not set)
WELLFOUNDED_UPLOADS       the folder of originals and attachments, never served by the web (uploads in that folder)
WELLFOUNDED_DATABASE      postgresql://user:password@host/name, or an SQLite file (people.sqlite3 in that folder)
WELLFOUNDED_SECRET_KEY    the key of all that is signed and hashed (kept in that folder if not set)
WELLFOUNDED_SMTP          smtp://, smtp+starttls:// or smtps://user:password@host:port (files in that folder if not set)
WELLFOUNDED_IMAP_URL      imaps://user:password@host/folder of the consultation's mailbox (none is read if not set)
WELLFOUNDED_MAIL_FROM     whom our e-mails come from
WELLFOUNDED_PROXIES       addresses and networks of proxies whose X-Forwarded-For is believed, with commas
WELLFOUNDED_HTTPS         1 where the site is reached by HTTPS: strict transport security and secure cookies
WELLFOUNDED_DEBUG         1 to see errors in the browser and to render each page anew; never on a public site
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from email.utils import parseaddr
from pathlib import Path

from wellfounded.config.environment import data_folder, database, mail_server
from wellfounded.web.assets import COLLECTED, made


def _yes(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


WELLFOUNDED_PUBLICATION = os.environ.get("WELLFOUNDED_PUBLICATION", "")
WELLFOUNDED_EDITIONS = os.environ.get("WELLFOUNDED_EDITIONS", "")
WELLFOUNDED_WORKING = _yes("WELLFOUNDED_WORKING")
WELLFOUNDED_SITE = os.environ.get("WELLFOUNDED_SITE", "").rstrip("/")

DEBUG = _yes("WELLFOUNDED_DEBUG")
SECRET_KEY = os.environ.get("WELLFOUNDED_SECRET_KEY") or secrets.token_urlsafe(48)
_hosts = os.environ.get("WELLFOUNDED_HOSTS", "127.0.0.1,localhost,[::1]")
ALLOWED_HOSTS = [host.strip() for host in _hosts.split(",") if host.strip()]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "wellfounded.people",
    "wellfounded.people.consultation",
    "wellfounded.people.engagement",
    "wellfounded.people.deciding",
    "wellfounded.people.room",
]
AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
MIDDLEWARE = [
    "wellfounded.web.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
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

WELLFOUNDED_DATA = data_folder()
WELLFOUNDED_UPLOADS = Path(os.environ.get("WELLFOUNDED_UPLOADS") or WELLFOUNDED_DATA / "uploads")
DATABASES = {"default": database(os.environ.get("WELLFOUNDED_DATABASE", ""), folder=WELLFOUNDED_DATA)}
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

WELLFOUNDED_SMTP = os.environ.get("WELLFOUNDED_SMTP", "")
if WELLFOUNDED_SMTP:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(mail_server(WELLFOUNDED_SMTP))
else:  # nobody gets anything: staff read it on their mail page
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
WELLFOUNDED_IMAP_URL = os.environ.get("WELLFOUNDED_IMAP_URL", "")
EMAIL_FILE_PATH = WELLFOUNDED_DATA / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("WELLFOUNDED_MAIL_FROM", "") or "Wellfounded <wellfounded@localhost>"
WELLFOUNDED_MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"

WELLFOUNDED_PROXIES = tuple(
    ipaddress.ip_network(part.strip()) for part in os.environ.get("WELLFOUNDED_PROXIES", "").split(",") if part.strip()
)

SESSION_COOKIE_NAME = "staff"  # only staff who have signed in get one
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "form"  # only who opens a form gets one
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone when the browser is closed
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "wellfounded.web.pages.errors.form_refused"
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024  # of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 12

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
    "formatters": {
        "line": {"()": "wellfounded.web.logs.Line", "format": "{levelname} {name}: {message}", "style": "{"}
    },
    "filters": {"without_tokens": {"()": "wellfounded.web.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},  # anybody can send any host name
    },
}
