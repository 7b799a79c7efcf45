"""People's data on SQLite, and on a real PostgreSQL where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.people.postgresql import both, postgresql
from tests.site_fixtures import one_moment, opened, publication, shown_publication, site
from wellfounded.people import accounts
from wellfounded.people.models import Staff


@pytest.fixture
def somebody(db: None) -> Staff:
    """A staff member with all roles."""
    return accounts.add("Somebody@Example.org", name="Somebody")[0]


@pytest.fixture
def analyst(somebody: Staff, shown_publication: Path, tmp_path: Path, settings: Any) -> Client:
    """The browser of somebody who is signed in and may do anything; uploads are in a folder of the test."""
    settings.WELLFOUNDED_UPLOADS = tmp_path
    client = Client(SERVER_NAME="localhost")
    client.force_login(somebody)
    return client


__all__ = ["both", "one_moment", "opened", "postgresql", "publication", "shown_publication", "site", "somebody"]
