"""Fixtures of the site over the sample publication, for the tests of pages anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.web import sample
from wellfounded.web import rendering
from wellfounded.web.publication import Opened


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample publication."""
    return sample.write(tmp_path_factory.mktemp("publication"))


@pytest.fixture
def shown_publication(publication: Path, db: None) -> Iterator[Path]:
    """The sample publication, which the site shows."""
    before = settings.WELLFOUNDED_PUBLICATION
    settings.WELLFOUNDED_PUBLICATION = str(publication)
    rendering.forget()
    yield publication
    settings.WELLFOUNDED_PUBLICATION = before
    rendering.forget()


@pytest.fixture
def opened(shown_publication: Path) -> Opened:
    """The sample publication, read."""
    return Opened(shown_publication)


@pytest.fixture
def site(shown_publication: Path) -> Client:
    """A client of the site that shows the sample publication."""
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Now, for pages too until the test ends: what is counted by the hour does not begin anew halfway."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now
