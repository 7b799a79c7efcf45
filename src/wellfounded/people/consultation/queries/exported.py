"""Every table of the consultation for files, each column with what it means. Contacts are in none.

`words` marks what respondents wrote or are known by: it is in what the team exports for its own work, and in no audit
pack, which anybody may be handed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from wellfounded.people.consultation.models import (
    Attachment,
    Campaign,
    CampaignMember,
    Coding,
    Decision,
    Link,
    Missed,
    OpinionGiven,
    Original,
    Personal,
    Point,
    Redaction,
    Response,
    SamplePoint,
    SignOff,
    Subject,
    Suggestion,
    Theme,
    ThemeChange,
    ThemePoint,
)
from wellfounded.people.consultation.preparing.texts import words
from wellfounded.people.consultation.queries import accounts, coded
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import Consent
from wellfounded.people.models import Done

Cell = str | int | float
AT_ONCE = 2000
# The beginnings of what the record says of the consultation: the rest of it is of sessions, editions and staff.
_STEPS = (
    "response", "point.", "link", "personal.", "redaction.", "consent.", "theme.", "campaign.", "sample.", "answer.",
    "missed.", "consultation.", "message",
)  # fmt: skip
_PUBLISHED = ~Q(approved_by="") & Q(
    response__state__in=sorted(READABLE),
    response__erased_at=None,
    response__consent__in=[Consent.TEXT, Consent.NAME_AND_TEXT],
)


@dataclass(frozen=True)
class Column:
    """A column, and what is in it."""

    name: str
    meaning: str
    words: bool = False  # written by a respondent, or tells who they are


@dataclass(frozen=True)
class Table:
    """A table of a file: what a row is, its columns, and its rows, read anew each time."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Sequence[Cell]]]


def tables() -> tuple[Table, ...]:
    """All tables, in the order in which they are read."""
    return (_account(), *(_table(*each) for each in _stored()), _agreement())


def _stored() -> tuple[tuple[str, str, Callable[[], QuerySet[Any]], tuple[tuple[str, ...], ...]], ...]:
    """Name, what a row is, rows, and columns: name, path in the tables, meaning, and "words" for what people wrote."""
    reference = ("reference", "response__reference", "the response")
    demonstration = ("demonstration", "response__demonstration", "whether it was invented to show how this works")
    about, target = (
        ("about", "about", "what kind of thing it is about"),
        ("id", "target", "which of them; may be empty"),
    )
    by, at = ("by", "by", "who did it"), ("at", "at", "when")
    return (
        (
            "responses", "A response, in the order in which they came",
            lambda: Response.objects.order_by("received_at", "id"), (
            ("reference", "reference", "what the respondent was given to quote"),
            ("received_at", "received_at", "when it came"), ("channel", "channel", "how it came"),
            ("state", "state", "what has become of it; the account counts these"),
            ("reason", "reason", "why it is withheld or could not be read"),
            ("duplicate_of", "duplicate_of__reference", "the response that it repeats"),
            ("party", "party", "a number for who answers: an organisation or a person, counted once"),
            ("respondent", "respondent", "which kind of respondent, as they said"),
            ("organisation", "organisation", "the organisation that answers", "words"),
            ("sector", "sector", "sector, as they said"), ("district", "district", "code or name of the district"),
            ("consent", "consent", "what may be published: name and text, text, or none"),
            ("language", "language", "language of the answer"),
            ("session", "session", "the session at which it was said"),
            ("table", "table", "the table at the session; 0 for none"),
            ("opened_on", "opened_on_about", "the kind of page on which the form was opened"),
            ("opened_on_id", "opened_on_id", "which page"),
            ("message", "original", "number of the message that it came in"),
            ("voice", "voice", "which voice of the message; 1 is its sender"),
            ("follows", "follows__reference", "the response that it answers"),
            ("subject", "subject", "subject of the message", "words"),
            ("text", "text", "all of it, as it came", "words"),
            ("begun_at", "begun_at", "when somebody first decided on something in it"),
            ("erased_at", "erased_at", "when it was erased: no word is left then"),
            ("demonstration", "demonstration", "whether it was invented to show how this works"),
        )),
        (
            "ticks", "An opinion ticked beside a conclusion, or hands in the room",
            lambda: OpinionGiven.objects.order_by("id"), (
            reference, ("conclusion", "conclusion", "the conclusion"), ("opinion", "opinion", "what was ticked"),
            ("n", "n", "how many: hands in the room, else 1"), demonstration,
        )),
        (
            "points", "A thing that a response says: characters of its text",
            lambda: Point.objects.order_by("id").annotate(said=words()), (
            ("point", "id", "its number"), reference, ("start", "start", "first character, from 0"),
            ("end", "end", "the character after the last"), ("words", "said", "these characters", "words"),
            ("marked_by", "marked_by", "who marked it; empty: the software"),
            ("read_as", "read_as", "the point in which the same words are read, for campaigns"),
            ("waits", "open", "whether somebody has still to decide"),
            ("decided_by", "decided_by", "who decided last"), ("decided_at", "decided_at", "when"), demonstration,
        )),
        (
            "suggestions", "What the software suggests for a point; it decides nothing",
            lambda: Suggestion.objects.order_by("id"), (
            ("point", "point", "the point"), about, target,
            ("confidence", "confidence", "share of such suggestions that people confirm, 0 to 1"),
            ("made_with", "made_with", "by what"),
        )),
        (
            "links", "What a person decided that a point is about; those taken back too",
            lambda: Link.objects.order_by("id"), (
            ("link", "id", "its number"), ("point", "point", "the point"), reference, about, target,
            ("says", "says", "what it says of it; empty: it only names it"), by, at,
            ("ended_by", "ended_by", "who took it back"),
            ("ended_at", "ended_at", "when it was taken back; empty: it stands"),
            ("check_again", "recheck", "whether what it leads to was edited since"),
            ("decision", "decision", "number of the decision that answers it"), demonstration,
        )),
        (
            "decisions", "What was decided on what people said, and why",
            lambda: Decision.objects.order_by("id"), (
            ("decision", "id", "its number"), about, target,
            ("kind", "kind", "keep, amend, withdraw, re-run, use or note"),
            ("why", "why", "why, as respondents read it"), by, at,
            ("rerun", "rerun", "what came of a test with a respondent's figures, beside the published one, as JSON"),
            ("demonstration", "demonstration", "whether all that it answers was invented"),
        )),
        (
            "subjects", "What a point can be linked to, as the publication has it now",
            lambda: Subject.objects.order_by("position", "id"), (
            about, target, ("title", "title", "its sentence or title"),
            ("hash", "hash", "of its words and tests, without their figures"),
            ("gone_at", "gone_at", "when it was last there; empty: it is there"),
        )),
        ("copies", "A copy of a response that may be published", lambda: Redaction.objects.order_by("id").annotate(
            shown=Case(When(_PUBLISHED, then="text"), default=Value(""), output_field=CharField()),
        ), (
            reference, ("made_by", "made_by", "who made it"), ("made_at", "made_at", "when"),
            ("approved_by", "approved_by", "who approved it, somebody else; empty: nobody yet"),
            ("approved_at", "approved_at", "when"),
            ("text", "shown", "the words, where anybody may read them"), demonstration,
        )),
        (
            "personal", "Words that may be personal; not the words themselves",
            lambda: Personal.objects.order_by("id"), (
            reference, ("start", "start", "first character, from 0"), ("end", "end", "the character after the last"),
            ("kind", "kind", "what they may be"), ("found_by", "found_by", "the software, or who"),
            ("remove", "remove", "whether they go; empty: nobody has said"),
            ("decided_by", "decided_by", "who said so"), ("decided_at", "decided_at", "when"),
        )),
        (
            "files", "A file that came with a response",
            lambda: Attachment.objects.order_by("id"), (
            reference, ("name", "name", "what it was called", "words"), ("kind", "kind", "what it is, by its content"),
            ("size", "size", "bytes"), ("hash", "hash", "SHA-256 of its content"),
            ("refused", "refused", "why it was not kept"), ("trouble", "trouble", "what could not be read of it"),
        )),
        (
            "messages", "A message as it came, people's and others",
            lambda: Original.objects.order_by("id"), (
            ("message", "id", "its number"), ("arrived_at", "arrived_at", "when"), ("how", "how", "by what way"),
            ("kind", "kind", "written by a person, or why it is no response"),
            ("reason", "reason", "how that is known"),
            ("routed", "routed", "the subject of ours that it fits; empty: another"),
            ("size", "size", "bytes"), ("hash", "content_hash", "SHA-256 of its content"),
            ("subject", "subject", "its subject", "words"),
        )),
        (
            "themes", "What many points are about",
            lambda: Theme.objects.order_by("id"), (
            ("theme", "id", "its number"), ("name", "name", "its name, by a person or from its words"),
            ("terms", "terms", "words that tell it from the others, as JSON"),
            ("kept", "kept", "whether a person changed it: no program does then"),
            ("found_at", "found_at", "when it was found"), ("ended_at", "ended_at", "when it was over"),
        )),
        (
            "theme_points", "A point of a theme",
            lambda: ThemePoint.objects.order_by("theme", "id"), (
            ("theme", "theme", "the theme"), ("point", "point", "the point"),
            ("representative", "representative", "1 is the most typical; 0 is not among them"),
        )),
        (
            "theme_changes", "How themes became others",
            lambda: ThemeChange.objects.order_by("id"), (
            ("kind", "kind", "renamed, merged or split"), ("before", "before", "the theme before"),
            ("after", "after", "the theme after"), ("was", "was", "its name before"),
            ("points", "points", "how many points went over"), by, at,
            ("back_by", "back_by", "who took it back; empty: it holds"), ("back_at", "back_at", "when"),
        )),
        (
            "campaigns", "Responses that share a text",
            lambda: Campaign.objects.order_by("id"), (
            ("campaign", "id", "its number"), ("name", "name", "its name, or how its text begins", "words"),
            ("named_by", "named_by", "who named it"), ("read_in", "model__reference", "where the common text is read"),
            ("found_at", "found_at", "when it was found"), ("ended_at", "ended_at", "when it was over"),
        )),
        (
            "campaign_members", "A response of a campaign",
            lambda: CampaignMember.objects.order_by("campaign", "id"), (
            ("campaign", "campaign", "the campaign"), reference,
            ("added", "added", "characters that it adds to the common text, as JSON"),
            ("out_by", "out_by", "who took it out"), ("out_at", "out_at", "when"),
        )),
        (
            "missed", "What people say that no conclusion covers",
            lambda: Missed.objects.order_by("-score", "id"), (
            ("point", "point", "the point"), ("novelty", "novelty", "how far it is from all conclusions, 0 to 1"),
            ("parties", "parties", "organisations and people who say the like"),
            ("districts", "districts", "districts from which they do"), ("score", "score", "by which they are ranked"),
            ("dismissed_by", "dismissed_by", "who said that nothing is missed"),
            ("dismissed_at", "dismissed_at", "when"),
        )),
        (
            "sample_points", "A point drawn by chance to be coded twice",
            lambda: SamplePoint.objects.order_by("sample", "position"), (
            ("sample", "sample", "the sample"), ("position", "position", "its place"), ("point", "point", "the point"),
            ("seed", "sample__seed", "the seed by which the sample was drawn"),
            ("made_by", "sample__made_by", "who drew it"), ("made_at", "sample__made_at", "when"),
        )),
        (
            "codings", "What one person made of a point of a sample, blind",
            lambda: Coding.objects.order_by("of__sample", "of__position", "by"), (
            ("sample", "of__sample", "the sample"), ("position", "of__position", "the place of the point"),
            by, at, about, target, ("says", "says", "what it says of it"),
        )),
        (
            "sign_offs", "Somebody signed the consultation off",
            lambda: SignOff.objects.order_by("id"), (
            at, by, ("account", "account", "the account as it balanced then, as JSON"), ("note", "note", "a note"),
            ("reopened_at", "reopened_at", "when something came or was decided that it lacks"),
        )),
        ("record", "A step that somebody or the worker took; never changed", _record, (
            at, ("who", "who", "a staff's address, respondent, worker or command line"),
            ("what", "what", "what was done"),
            ("about", "about", "to what"), ("detail", "detail", "more of it, as JSON"),
        )),
    )  # fmt: skip


def _record() -> QuerySet[Done]:
    ours = Q()
    for step in _STEPS:
        ours |= Q(what__startswith=step)
    return Done.objects.filter(ours).order_by("id")


def _table(
    name: str, meaning: str, found: Callable[[], QuerySet[Any]], columns: tuple[tuple[str, ...], ...]
) -> Table:  # fmt: skip
    return Table(
        name,
        meaning,
        tuple(Column(column[0], column[2], "words" in column[3:]) for column in columns),
        partial(_rows, found, tuple(column[1] for column in columns)),
    )


def _rows(found: Callable[[], QuerySet[Any]], paths: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    for row in found().values_list(*paths).iterator(chunk_size=AT_ONCE):
        yield tuple(map(_cell, row))


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, (int, float)) else str(value)


def _account() -> Table:
    def rows() -> Iterator[Sequence[Cell]]:
        found = accounts.account()
        yield ("received", found.received)
        yield from (
            (what, n) for what, n in (
                ("linked", found.linked), ("no conclusion", found.no_conclusion), ("duplicates", found.duplicates),
                ("withheld", found.withheld), ("failed", found.failed), ("still to read", found.unread),
            )
        )  # fmt: skip
        yield ("balances", "yes" if found.balances else "no")

    columns = (Column("what", "what has become of them"), Column("responses", "how many"))
    return Table("account", "Received = linked + no conclusion + duplicates + withheld + failed", columns, rows)


def _agreement() -> Table:
    def rows() -> Iterator[Sequence[Cell]]:
        for row in coded.listing():
            if (agreed := row.agreed) is None:
                continue
            for on, found in (("subject", agreed.about), ("subject and what it says", agreed.whole)):
                yield tuple(
                    _cell(value) for value in (
                        row.sample.pk, agreed.first, agreed.second, agreed.both, on, found.observed, found.value,
                        found.low, found.high, found.reason,
                    )
                )  # fmt: skip

    return Table(
        "agreement", "How far the two who coded most of a sample agree",
        (
            Column("sample", "the sample"), Column("first", "who coded it"), Column("second", "who else did"),
            Column("both", "points that both coded"), Column("on", "on what they agree"),
            Column("observed", "share of points on which they agree, 0 to 1"),
            Column("kappa", "Cohen's kappa: 1 is full agreement, 0 what chance would give"),
            Column("lower", "lower limit of its 95% interval"), Column("upper", "upper limit"),
            Column("reason", "why there is none"),
        ), rows,
    )  # fmt: skip


__all__ = ["Cell", "Column", "Table", "tables"]
