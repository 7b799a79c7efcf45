"""What is kept out of logs: links that let somebody in are as good as a password, and rows of people's data."""

from __future__ import annotations

import logging
import re
from types import TracebackType

from wellfounded.people.faults import without_rows

_TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{40,}(?![A-Za-z0-9_.-])")


def has_token(path: str) -> bool:
    """Whether an address holds the token of a booking, a response or a sign-in."""
    return bool(_TOKEN.search(path))


def without_tokens(text: str) -> str:
    """`text` with every such token cut out."""
    return _TOKEN.sub("…", text)


class WithoutTokens(logging.Filter):
    """A filter that takes tokens out of what is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if has_token(message):
            record.msg, record.args = without_tokens(message), ()
        return True


class Line(logging.Formatter):
    """A line of the log; how a fault came about stands below it, without the row that a database refused."""

    def formatException(  # noqa: N802 (its name in the library)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return without_rows(super().formatException(ei))
