"""What the tests of evidence share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.publisher import Publisher


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    """A publisher of one survey, with no rows yet."""
    return Publisher(tmp_path)
