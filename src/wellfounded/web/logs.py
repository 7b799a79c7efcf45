"""What is kept out of logs: links that let somebody in are as good as a password."""

from __future__ import annotations

import logging
import re

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
