"""People's data on SQLite, and on a real PostgreSQL where it is."""

from __future__ import annotations

import pytest

from tests.people.postgresql import both, postgresql
from tests.site_fixtures import one_moment, opened, publication, shown_publication, site
from wellfounded.people import accounts
from wellfounded.people.models import Staff


@pytest.fixture
def somebody(db: None) -> Staff:
    """A staff member with all roles."""
    return accounts.add("Somebody@Example.org", name="Somebody")[0]


__all__ = ["both", "one_moment", "opened", "postgresql", "publication", "shown_publication", "site", "somebody"]
