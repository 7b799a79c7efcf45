"""The site over the sample publication, and a folder for what is uploaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from tests.people.postgresql import postgresql
from tests.site_fixtures import opened, publication, shown_publication, site
from wellfounded.publishing.model import Publication, ShownConsultation
from wellfounded.web import rendering


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path) -> Iterator[Path]:
    """The folder of the store."""
    before = settings.WELLFOUNDED_UPLOADS
    settings.WELLFOUNDED_UPLOADS = tmp_path / "uploads"
    yield settings.WELLFOUNDED_UPLOADS
    settings.WELLFOUNDED_UPLOADS = before


@pytest.fixture
def stating(publication: Path, db: None, tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """A client of the site whose base states something of its consultation, or has none (`stating(None)`)."""
    before = settings.WELLFOUNDED_PUBLICATION

    def client(consultation: ShownConsultation | None = None, **more: object) -> Client:
        shown = msgspec.json.decode((publication / "publication.json").read_bytes(), type=Publication)
        if consultation is None:
            shown = msgspec.structs.replace(shown, consultation_questions=(), consultation_address="")
        else:
            shown = msgspec.structs.replace(shown, consultation=consultation, **more)
        folder = tmp_path / "stating"
        folder.mkdir(exist_ok=True)
        for path in publication.iterdir():
            if path.name != "publication.json" and not (folder / path.name).exists():
                (folder / path.name).symlink_to(path)
        (folder / "publication.json").write_bytes(msgspec.json.encode(shown))
        settings.WELLFOUNDED_PUBLICATION = str(folder)
        rendering.forget()
        return Client(SERVER_NAME="localhost")

    yield client
    settings.WELLFOUNDED_PUBLICATION = before
    rendering.forget()


__all__ = ["opened", "postgresql", "publication", "shown_publication", "site", "stating", "uploads"]
