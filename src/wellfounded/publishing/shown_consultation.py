"""What the forms of the consultation ask and say, as the base states it."""

from __future__ import annotations

from wellfounded.evidence.consultation import Consultation
from wellfounded.publishing.model import ShownConsultation
from wellfounded.publishing.text import html


def shown(consultation: Consultation) -> ShownConsultation:
    """The consultation's days, choices and words."""
    return ShownConsultation(
        opens=consultation.opens.isoformat() if consultation.opens else "",
        closes=consultation.closes.isoformat() if consultation.closes else "",
        respondents=consultation.respondents,
        sectors=consultation.sectors,
        run_by=consultation.run_by,
        consent=consultation.consent,
        privacy_html=html(consultation.privacy) if consultation.privacy else "",
    )


__all__ = ["shown"]
