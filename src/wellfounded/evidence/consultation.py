"""What a base says of its consultation: whom it asks what, from when to when, and in whose name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wellfounded.evidence.located import Table, no_such

RESPONDENTS = (  # who may answer as what: the words of people.consultation.types.Respondent
    "business",
    "business group",
    "employer",
    "college or university",
    "council",
    "voluntary sector",
    "resident",
)
SECTORS = (
    "Agriculture and food",
    "Construction",
    "Digital",
    "Education",
    "Energy, water and waste",
    "Finance",
    "Health and care",
    "Hospitality and visitors",
    "Life sciences",
    "Manufacturing",
    "Professional services",
    "Public services",
    "Retail",
    "Transport and logistics",
    "Voluntary",
    "Other",
)
_MOST_WORDS = 120  # characters of a sector, as the table keeps it
_KNOWN = frozenset(
    {
        "address", "subjects", "questions", "opens", "closes", "respondents", "sectors", "run_by", "consent", "privacy",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Consultation:
    """The consultation of a base; what is not stated is empty, and `respondents` and `sectors` are the usual ones."""

    address: str = ""
    subjects: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    opens: date | None = None  # its first day
    closes: date | None = None  # its last day
    respondents: tuple[str, ...] = RESPONDENTS
    sectors: tuple[str, ...] = SECTORS
    run_by: str = ""  # who runs it and answers for the data: a name, and how to reach them
    consent: str = ""  # said above the question of what may be published
    privacy: str = ""  # Markdown, on the privacy page


def read_consultation(table: Table) -> Consultation:
    """The [consultation] of base.toml; what is wrong in it is added to the table's problems."""
    table.only(_KNOWN)
    opens, closes = _day(table, "opens"), _day(table, "closes")
    if opens and closes and closes < opens:
        table.wrong(f"`closes` is {closes}, before it opens on {opens}", "closes")
    return Consultation(
        address=table.text("address"),
        subjects=table.texts("subjects"),
        questions=_questions(table),
        opens=opens,
        closes=closes,
        respondents=_respondents(table),
        sectors=_sectors(table),
        run_by=table.text("run_by").strip(),
        consent=table.text("consent").strip(),
        privacy=table.text("privacy").strip(),
    )


def _questions(table: Table) -> tuple[str, ...]:
    given = table.texts("questions")
    if len(given) > 3:
        table.wrong(f"`questions` has {len(given)} questions: the form asks three at most", "questions")
    return given


def _day(table: Table, key: str) -> date | None:
    value = table.data.get(key)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if value is not None:
        table.wrong(f"`{key}` is {str(value)!r}: expected a day, as 2027-01-31", key)
    return None


def _respondents(table: Table) -> tuple[str, ...]:
    given = table.texts("respondents")
    for name in given:
        if name not in RESPONDENTS:
            table.wrong(no_such("type of respondent", name, RESPONDENTS), "respondents")
    return tuple(dict.fromkeys(name for name in given if name in RESPONDENTS)) or RESPONDENTS


def _sectors(table: Table) -> tuple[str, ...]:
    given = table.texts("sectors")
    for name in given:
        if not 0 < len(name.strip()) <= _MOST_WORDS:
            table.wrong(f"the sector {name[:40]!r} has {len(name)} characters: expected 1 to {_MOST_WORDS}", "sectors")
    return tuple(dict.fromkeys(name.strip() for name in given)) or SECTORS


__all__ = ["RESPONDENTS", "SECTORS", "Consultation", "read_consultation"]
