"""The receipt of a response, by e-mail: its reference, and the link that shows what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wellfounded.people import limits, mail
from wellfounded.people.consultation.tokens import token_for

MOST_A_DAY = 5  # receipts to one address: two programs that answer each other come to an end


@dataclass(frozen=True)
class Receipt:
    """What the words of a receipt need: the site's address, without a slash at its end, and the publication's title."""

    site: str
    title: str


def text_of(reference: str, receipt: Receipt) -> tuple[str, str]:
    """The subject and the text of a receipt."""
    text = (
        f"Thank you. We have received your response to {receipt.title}.\n\n"
        f"Its reference is {reference}. A person reads everything that is sent to us. This link is yours alone: it "
        "shows what you said, and what became of each of your points.\n\n"
        f"{receipt.site}/responses/{token_for(reference)}\n\n"
        "To add something, answer this message or send us another.\n"
    )
    return f"We have your response: {receipt.title} [ref {reference}]", text


def ask(address: str, reference: str, receipt: Receipt, *, now: datetime) -> bool:
    """Whether a receipt is on its way: not where an address has had several today."""
    try:
        limits.count("receipt", address.strip().lower(), most=MOST_A_DAY, per=timedelta(days=1), now=now)
    except limits.TooOften:
        return False
    subject, text = text_of(reference, receipt)
    mail.ask(address, subject, text, key=f"receipt {reference}")
    return True


__all__ = ["MOST_A_DAY", "Receipt", "ask", "text_of"]
