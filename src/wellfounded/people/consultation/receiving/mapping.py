"""Which column of a spreadsheet is what: proposed from headings and cells, checked by a person, read from a file."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from wellfounded.evidence.located import BaseErrors, Located, Problem, no_such, read_toml
from wellfounded.evidence.located import Table as Toml
from wellfounded.people.consultation.receiving.sheets import Table
from wellfounded.people.consultation.types import Consent, Opinion, Respondent

UNSURE = "?"  # what a value is written as until a person says what it means
_LIKE = 80  # of 100: how alike a heading is to a question or a conclusion to be taken for it
_MOST_VALUES = 40  # different answers that a column of choices may have
FIELDS: dict[str, tuple[str, ...]] = {
    "reference": ("response id", "responseid", "response reference", "reference", "ref", "submission id", "anon", "id",
                  "respondent id", "comment id", "representation id"),
    "received": ("submitted date", "date submitted", "submitted", "date received", "received", "completed",
                 "completion time", "end date", "timestamp", "date"),
    "name": ("name", "your name", "full name", "what is your name", "respondent name", "consultee name", "consultee"),
    "email": ("email", "e mail", "email address", "your email", "what is your email address", "e mail address"),
    "organisation": ("organisation", "organization", "your organisation", "what is your organisation", "company",
                     "organisation name", "company organisation", "name of organisation"),
    "respondent": ("respondent type", "type of respondent", "are you responding as",
                   "in what capacity are you responding", "capacity",
                   "are you responding on behalf of", "i am responding as", "who are you"),
    "sector": ("sector", "industry", "what sector do you work in", "business sector"),
    "district": ("district", "local authority", "council area", "where are you based", "area", "borough", "location"),
    "consent": ("consent", "may we publish your response", "may we publish", "publish", "permission to publish",
                "publication", "confidential", "would you like your response to be confidential"),
    "language": ("language", "iaith"),
}  # fmt: skip
_WHY = re.compile(r"\b(?:why|reasons?|comments?|explain|please say|further|details?|pam)\b", re.IGNORECASE)
_RESPONDENTS = (
    (Respondent.BUSINESS_GROUP, r"business (?:group|organisation|represent)|chamber|trade (?:body|assoc)|federation"),
    (Respondent.COLLEGE, r"college|universit|academ|school|education|training provider"),
    (Respondent.COUNCIL, r"council|local authority|parish|government|public (?:body|sector)|statutory"),
    (Respondent.VOLUNTARY, r"volunt|charit|third sector|community (?:group|organisation)|social enterprise|faith"),
    (Respondent.RESIDENT, r"resident|individual|member of the public|myself|personal|preswyl|unigolyn"),
    (Respondent.EMPLOYER, r"employer|hospital|nhs|trust"),
    (Respondent.BUSINESS, r"business|company|firm|busnes|developer|landowner|organisation"),
)  # fmt: skip
_OPINIONS = (
    (Opinion.DONT_KNOW, r"don'?t know|no opinion|not sure|unsure|not answered|ddim yn gwybod|n/?a$"),
    (Opinion.PARTLY, r"partly|partial|somewhat|neither|neutral|to some extent|mixed|rhannol"),
    (Opinion.DISAGREE, r"disagree|^no\b|not at all|object|anghytuno|^na\b"),
    (Opinion.AGREE, r"agree|^yes\b|support|resonates|cytuno|^ydw\b|^ie\b"),
)  # fmt: skip
_CONSENTS = (
    (Consent.NOTHING, r"^no\b|not (?:be )?publish|confidential|do not|don'?t|none|private|nothing"),
    # A bare yes is none to the name.
    (Consent.TEXT, r"anonym|without|not my name|but not|except|only|dienw|^(?:yes|ydw|agree)$"),
    (Consent.NAME_AND_TEXT, r"\bname"),
    (Consent.TEXT, r"^yes\b|publish"),
)  # fmt: skip


@dataclass(frozen=True)
class OnConclusion:
    """The columns in which one conclusion is answered."""

    id: str
    opinion: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Mapping:
    """Which column is what, and what the values of columns of choices mean. All else is kept with each response."""

    system: str  # what wrote the spreadsheet: with a response's reference it makes the same response again
    sheet: str
    heading_line: int
    columns: Pairs[str, str]  # field to heading
    questions: tuple[str, str, str]  # headings, each empty where the question was not asked
    conclusions: tuple[OnConclusion, ...] = ()
    respondents: Pairs[str, Respondent] = field(default_factory=dict)
    consents: Pairs[str, Consent] = field(default_factory=dict)
    opinions: Pairs[str, Opinion] = field(default_factory=dict)
    districts: Pairs[str, str] = field(default_factory=dict)
    month_first: bool = False  # 3/4/2026 is 4 March


def propose(table: Table, *, questions: Sequence[str], conclusions: Pairs[str, str], districts: Pairs[str, str]) -> str:
    """A mapping of `table` as TOML, for a person to check: what is not sure is written as "?".

    `conclusions` gives the sentence of each by its id, `districts` the code of each by its name.
    """
    return written(table, taken_for(table, questions=questions, conclusions=conclusions), districts=districts)


def taken_for(table: Table, *, questions: Sequence[str], conclusions: Pairs[str, str]) -> dict[str, str]:
    """What each heading of `table` seems to be: a field, `question 1`, `opinion ID` or `reason ID` of a conclusion."""
    taken: dict[str, str] = {}
    for name, wanted in FIELDS.items():
        free = [heading for heading in table.columns if heading not in taken]
        if best := _best(free, wanted):
            taken[best] = name
    for at in range(3):
        wanted_text = questions[at] if at < len(questions) else ""
        free = [heading for heading in table.columns if heading not in taken]
        scored = [(_question(heading, at + 1, wanted_text), heading) for heading in free]
        score, heading = max(scored, default=(0.0, ""))
        if score >= _LIKE:
            taken[heading] = f"question {at + 1}"
    for on in _on_conclusions(table, conclusions, dict(taken)):
        taken |= {on.opinion: f"opinion {on.id}"} if on.opinion else {}
        taken |= {on.reason: f"reason {on.id}"} if on.reason else {}
    return taken


def written(
    table: Table, taken: Pairs[str, str], *, districts: Pairs[str, str], system: str = "",
    month_first: bool | None = None, meant: Pairs[str, Pairs[str, str]] | None = None,
) -> str:  # fmt: skip
    """The mapping as TOML in which headings are what they are `taken` for.

    `meant` says for each section of values what some of them mean; of the others the meaning is guessed, or "?".
    """
    heading_of = {what: heading for heading, what in taken.items()}
    fields = {name: heading_of[name] for name in FIELDS if name in heading_of}
    ids = dict.fromkeys(what.partition(" ")[2] for what in taken.values() if what.startswith(("opinion ", "reason ")))
    found = [OnConclusion(i, heading_of.get(f"opinion {i}", ""), heading_of.get(f"reason {i}", "")) for i in ids]
    months = _month_first(table, fields.get("received", "")) if month_first is None else month_first
    told = system or _system(table, fields.get("reference", ""))
    lines = [
        f"# Proposed for {table.source} from its headings. Check every line, and fill in what stands at \"{UNSURE}\".",
        "# Columns that are named nowhere are kept with each response.",
        f"system = {_quoted(told)}  # with the reference, it tells rows apart",
        f"sheet = {_quoted(table.sheet)}",
        f"heading_line = {table.heading_line}",
        f"month_first = {str(months).lower()}  # true: 3/4/2026 is 4 March",
        "",
        f"[columns]  # {', '.join(FIELDS)}",
        *(f"{name} = {_quoted(heading)}" for name, heading in fields.items()),
        "",
        "[questions]",
        *(
            f"{at} = {_quoted(heading_of[f'question {at}'])}"
            for at in (1, 2, 3) if f"question {at}" in heading_of
        ),
    ]  # fmt: skip
    for on in found:
        lines += ["", f"[conclusions.{_quoted(on.id)}]"]
        lines += [
            f"{key} = {_quoted(value)}" for key, value in (("opinion", on.opinion), ("reason", on.reason)) if value
        ]
    said = meant or {}
    lines += _values(table, "respondents", fields.get("respondent", ""), _RESPONDENTS, Respondent, said)
    confidential = "confidential" in fields.get("consent", "").lower()
    consents = ((Consent.NOTHING, r"^yes\b"), (Consent.TEXT, r"^no\b")) if confidential else _CONSENTS
    lines += _values(table, "consents", fields.get("consent", ""), consents, Consent, said)
    lines += _values(table, "opinions", [on.opinion for on in found], _OPINIONS, Opinion, said)
    if heading := fields.get("district", ""):
        names = tuple((code, re.escape(name)) for name, code in districts.items())
        lines += _values(table, "districts", heading, names, tuple(districts.values()), said)
    unused = [heading for heading in table.columns if heading not in taken]
    lines += (
        ["", "# Not mapped, and kept with each response:", *(f"#   {heading}" for heading in unused)] if unused else []
    )
    return "\n".join(lines) + "\n"


def read_mapping(path: Path, table: Table, *, conclusions: Pairs[str, str]) -> Mapping:
    """The mapping in the file at `path`, checked against `table`. Raises BaseErrors with every problem, by line."""
    located = read_toml(path, shown_as=path.name)
    problems: list[Problem] = []
    whole = Toml(located, located.data, problems)
    whole.only(
        ("system", "sheet", "heading_line", "month_first", "columns", "questions", "conclusions", "respondents",
         "consents", "opinions", "districts")
    )  # fmt: skip
    columns, questions = whole.table("columns"), whole.table("questions")
    columns.only(tuple(FIELDS), what="field")
    questions.only(("1", "2", "3"), what="question")
    on_conclusions = []
    for identifier in whole.table("conclusions").data:
        one = whole.table("conclusions").table(identifier)
        one.only(("opinion", "reason"))
        if identifier not in conclusions:
            one.wrong(no_such("conclusion", identifier, conclusions))
        on_conclusions.append(OnConclusion(identifier, _heading(one, "opinion", table), _heading(one, "reason", table)))
    mapping = Mapping(
        system=whole.text("system")[:60] or Path(table.source).stem[:60],
        sheet=whole.text("sheet"),
        heading_line=whole.whole_number("heading_line", 1),
        columns={name: heading for name in columns.data if (heading := _heading(columns, name, table))},
        questions=(
            _heading(questions, "1", table), _heading(questions, "2", table), _heading(questions, "3", table),
        ),
        conclusions=tuple(on_conclusions),
        respondents={key: Respondent(value) for key, value in _choices(whole, "respondents", list(Respondent)).items()},
        consents={key: Consent(value) for key, value in _choices(whole, "consents", list(Consent)).items()},
        opinions={key: Opinion(value) for key, value in _choices(whole, "opinions", list(Opinion)).items()},
        districts=_choices(whole, "districts", None),
        month_first=whole.flag("month_first"),
    )  # fmt: skip
    if not any(mapping.questions) and not mapping.conclusions:
        whole.wrong("nothing that was said is mapped: expected a column under [questions] or [conclusions.ID]")
    if problems:
        raise BaseErrors(problems)
    return mapping


def where(path: Path) -> tuple[str, int]:
    """The sheet and the line of the headings that a mapping's file names; to be read before the table is."""
    located: Located = read_toml(path, shown_as=path.name)
    whole = Toml(located, located.data, [])
    return whole.text("sheet"), whole.whole_number("heading_line", 1)


def _heading(toml: Toml, key: str, table: Table) -> str:
    heading = " ".join(toml.text(key).split())
    if heading and heading not in table.columns:
        toml.wrong(f"{table.source}: {no_such('column', heading, table.columns)}", key)
        return ""
    return heading


def _choices(whole: Toml, name: str, known: Sequence[str] | None) -> dict[str, str]:
    """What each value of a column means."""
    table = whole.table(name)
    found = {}
    for value in table.data:
        meant = table.text(value)
        if meant == UNSURE or (known is not None and meant not in known):
            expected = (
                f"one of {', '.join(map(repr, map(str, known)))}" if known else "a district's code, or an empty text"
            )
            table.wrong(f"{value!r} is said to mean {meant!r}: expected {expected}", value)
        else:
            found[_folded(value)] = meant
    return found


def _folded(value: str) -> str:
    return " ".join(value.casefold().split())


def _best(headings: Sequence[str], wanted: Sequence[str]) -> str:
    """The heading that names a field: as one of the words for it, alone or at the heading's start or end."""
    for words in wanted:
        for heading in headings:
            bare = re.sub(r"[^\w\s]", " ", heading.casefold())
            bare = " ".join(re.sub(r"^\s*(?:q(?:uestion)?\s*)?\d+[a-z]?\b", "", bare).split())
            if bare == words or (len(words) > 6 and bare.startswith(words) and len(bare) < len(words) + 25):
                return heading
    return ""


def _question(heading: str, number: int, wanted: str) -> float:
    """How much a heading looks like the question: 0 to 100."""
    folded = heading.casefold()
    numbered = 85.0 if re.match(rf"\s*q(?:uestion)?\s*\.?\s*{number}\b", folded) else 0.0
    alike = fuzz.token_set_ratio(heading, wanted, processor=default_process)
    words = alike if len(folded.split()) > 3 and wanted else 0.0
    return max(numbered, words + (5 if numbered else 0))


def _on_conclusions(table: Table, conclusions: Pairs[str, str], taken: dict[str, str]) -> list[OnConclusion]:
    """The columns on each conclusion: by its id or its sentence in the heading; a column of reasons follows."""
    found: dict[str, OnConclusion] = {}
    last = ""
    for heading in table.columns:
        if heading in taken:
            last = ""
            continue
        folded = heading.casefold()
        named = next((name for name in conclusions if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", folded)), "")
        if not named and len(folded.split()) > 4:
            scored = [(fuzz.token_set_ratio(folded, text.casefold()), name) for name, text in conclusions.items()]
            score, best = max(scored, default=(0, ""))
            named = best if score >= _LIKE else ""
        choices = _is_choices(table, heading)
        if named and choices and not found.get(named, OnConclusion(named)).opinion:
            found[named] = OnConclusion(named, heading, found.get(named, OnConclusion(named)).reason)
            taken[heading] = last = named
        elif named or (last and _WHY.search(heading)):
            on = found.get(named or last, OnConclusion(named or last))
            if not on.reason:
                found[on.id] = OnConclusion(on.id, on.opinion, heading)
                taken[heading] = on.id
            last = ""
        else:
            last = ""
    return list(found.values())


def _is_choices(table: Table, heading: str) -> bool:
    values = {_folded(value) for value in table.column(heading) if value}
    known = sum(bool(_meaning(value, _OPINIONS)) for value in values)
    return 0 < len(values) <= 12 and max(map(len, values)) <= 60 and known >= len(values) / 2


def _meaning(value: str, meanings: Sequence[tuple[str, str]]) -> str:
    folded = value.casefold().replace("’", "'").strip()
    exact = next((str(meant) for meant, _ in meanings if folded == str(meant)), "")
    return exact or next((str(meant) for meant, words in meanings if re.search(words, folded, re.IGNORECASE)), "")


def _values(
    table: Table,
    name: str,
    headings: str | Sequence[str],
    meanings: Sequence[tuple[str, str]],
    known: Iterable[str],
    meant: Pairs[str, Pairs[str, str]],
) -> list[str]:
    """The lines that say what the values of columns of choices mean."""
    chosen = [headings] if isinstance(headings, str) else headings
    counted = Counter(value for heading in chosen if heading for value in table.column(heading) if value)
    if not counted:
        return []
    lines = ["", f"[{name}]  # {', '.join(str(one) for one in known)}"]
    for value, times in counted.most_common(_MOST_VALUES):
        said = meant.get(name, {})
        means = said[value] if value in said else _meaning(value, meanings) or UNSURE
        lines.append(f"{_quoted(value)} = {_quoted(means)}  # rows: {times}")
    if len(counted) > _MOST_VALUES:
        lines.append(f"# … and {len(counted) - _MOST_VALUES} more values")
    return lines


def _system(table: Table, heading: str) -> str:
    """The name of the system, where references tell it, else the file's own."""
    first = next((value for value in (table.column(heading) if heading else ()) if value), "")
    return "Citizen Space" if first.startswith("ANON-") else Path(table.source).stem[:60]


def _month_first(table: Table, heading: str) -> bool:
    """Whether dates such as 3/14/2026 tell that months come first."""
    pairs = [re.match(r"(\d{1,2})/(\d{1,2})/\d", value) for value in (table.column(heading) if heading else ())]
    return any(pair and int(pair[2]) > 12 for pair in pairs) and not any(pair and int(pair[1]) > 12 for pair in pairs)


def _quoted(text: str) -> str:
    """`text` as TOML writes it, on one line."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
