"""What commands set up before Django reads its settings: where people's data lies, its database, and the key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

DATA, DATABASE, KEY = "WELLFOUNDED_DATA", "WELLFOUNDED_DATABASE", "WELLFOUNDED_SECRET_KEY"
FOLDER = "var"


class WrongDatabase(ValueError):
    """WELLFOUNDED_DATABASE is neither a file nor the address of a PostgreSQL database."""


class WrongMailServer(ValueError):
    """WELLFOUNDED_SMTP is no address of a mail server."""


def data_folder() -> Path:
    """Where people's data lies: WELLFOUNDED_DATA, or `var` in the present folder."""
    return Path(os.environ.get(DATA) or Path.cwd() / FOLDER)


def database(given: str, *, folder: Path) -> dict[str, object]:
    """Django's settings of a database: postgresql://user:password@host/name, or the path of an SQLite file."""
    if "://" not in given:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(given) if given else folder / "people.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
            },
        }
    parts = urlsplit(given)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise WrongDatabase(f"{DATABASE} has to be a file, or an address as postgresql://user:password@host:5432/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def mail_server(given: str) -> dict[str, object]:
    """Django's settings of a mail server: smtp://, smtp+starttls:// or smtps://user:password@host:port."""
    parts = urlsplit(given)
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise WrongMailServer(
            "WELLFOUNDED_SMTP has to be an address as smtp+starttls://user:password@mail.example.gov.uk:587"
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def prepare(base: Path | None = None) -> None:
    """Sets up Django and brings the tables up to date.

    People's data of `base` lies in var/NAME where nothing else is set. The key is made once and kept in that folder.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellfounded.config.settings")
    if base is not None and not os.environ.get(DATA):
        os.environ[DATA] = str(Path.cwd() / FOLDER / base.resolve().name)
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.environ.get(KEY):
        os.environ[KEY] = _key(folder)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _key(folder: Path) -> str:
    """The key in `folder`, made where there is none; nobody else on the machine may read it."""
    path = folder / "secret-key"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


__all__ = [
    "DATA",
    "DATABASE",
    "KEY",
    "WrongDatabase",
    "WrongMailServer",
    "data_folder",
    "database",
    "mail_server",
    "prepare",
]
