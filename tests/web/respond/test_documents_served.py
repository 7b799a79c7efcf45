"""Documents are made by the server that gives them out, whatever its parent has done before."""

from __future__ import annotations

import urllib.request
from pathlib import Path

from tests.web.serving import served

# As `wellfounded serve` does where the publication is out of date: the pack is set, by a compiler that has threads.
BUILT_BEFORE = "import typst; typst.compile(b'= A document\\n#lorem(2000)'); "


def test_a_server_whose_parent_has_set_documents_sets_them_too(publication: Path) -> None:
    with (
        served(publication, first=BUILT_BEFORE) as address,
        urllib.request.urlopen(f"{address}/you-said.pdf", timeout=120) as answer,
    ):
        assert answer.read(5) == b"%PDF-"
