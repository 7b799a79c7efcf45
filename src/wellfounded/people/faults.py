"""What a fault tells: PostgreSQL quotes the row that it refused, and a row holds what people said and who they are."""

from __future__ import annotations

import re

_ROW = re.compile(r"\n(?:DETAIL|CONTEXT):.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL)


def without_rows(text: str) -> str:
    """The words of a fault, or of how it came about, with every row of the database cut out."""
    return _ROW.sub("", text)
