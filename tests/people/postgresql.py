"""A real PostgreSQL for tests, and people's tables in a database of one's own: SQLite's or its."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from tests.conftest import skip_unless_ci
from wellfounded.config.environment import database

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server on this machine without its database: add a name with `a_database`."""
    if not (PROGRAMS / "initdb").exists():
        skip_unless_ci("no PostgreSQL 15: on Debian, `apt-get install postgresql`")
    with running() as address:
        yield address


@contextmanager
def running(*, options: str = QUICK) -> Iterator[str]:
    """A PostgreSQL server with a folder of its own, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="wellfounded-postgresql-"))
    shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _as_postgres("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
    listening = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {options}"
    _as_postgres("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", listening, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        _as_postgres("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs, which refuse to be run by root."""
    command = ["runuser", "-u", "postgres", "--", str(PROGRAMS / program), *arguments]
    done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert not done.returncode, done.stderr.decode()


@contextmanager
def a_database(server: str) -> Iterator[str]:
    """The address of a new database on a server, dropped when the block ends."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def people_in(address: str) -> Iterator[None]:
    """People's tables in the database at `address`, for all threads of this process, until the block ends."""
    before, settings = connections["default"], connections.databases["default"]
    connections.databases["default"] = {**settings, **_defaults(address)}
    connections["default"] = connections.create_connection("default")
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        connections["default"].close()
        connections.databases["default"] = settings
        connections["default"] = before


def _defaults(address: str) -> dict[str, object]:
    """All settings of a database, those that are not given as Django has them."""
    empty: dict[str, object] = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}}
    return {**empty, "CONN_HEALTH_CHECKS": False, **database(address, folder=Path())}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def both(
    request: pytest.FixtureRequest, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """People's tables in a new SQLite file, then in a new database of PostgreSQL; gives its address."""
    with django_db_blocker.unblock():
        if request.param == "sqlite":
            address = str(tmp_path_factory.mktemp("people") / "people.sqlite3")
            with people_in(address):
                yield address
        else:
            with a_database(request.getfixturevalue("postgresql")) as address, people_in(address):
                yield address


__all__ = ["a_database", "both", "people_in", "postgresql", "running"]
