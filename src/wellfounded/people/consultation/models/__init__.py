"""The tables of the consultation: what arrived, what was read in it, what was grouped, and what was answered."""

from __future__ import annotations

from wellfounded.people.consultation.models.answered import Decision, Personal, Redaction, SignOff, Understood
from wellfounded.people.consultation.models.arrived import (
    Attachment,
    Contact,
    Draft,
    MailFolder,
    OpinionGiven,
    Original,
    Party,
    Response,
)
from wellfounded.people.consultation.models.grouped import Campaign, CampaignMember, Theme, ThemeChange, ThemePoint
from wellfounded.people.consultation.models.read import (
    Claim,
    Coding,
    Embedding,
    Link,
    Missed,
    Point,
    Sample,
    SamplePoint,
    Subject,
    Suggestion,
)

__all__ = [
    "Attachment", "Campaign", "CampaignMember", "Claim", "Coding", "Contact", "Decision", "Draft", "Embedding",
    "Link", "MailFolder", "Missed", "OpinionGiven", "Original", "Party", "Personal", "Point", "Redaction", "Response",
    "Sample", "SamplePoint", "SignOff", "Subject", "Suggestion", "Theme", "ThemeChange", "ThemePoint", "Understood",
]  # fmt: skip
