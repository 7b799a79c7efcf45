"""What staff put in by hand: letters that are typed in, scans, and spreadsheets of another system, mapped."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.utils import timezone

from wellfounded.evidence.located import BaseErrors
from wellfounded.people import keyed
from wellfounded.people.consultation.actions import arrivals, importing
from wellfounded.people.consultation.mailroom import uploaded
from wellfounded.people.consultation.receiving import rows
from wellfounded.people.consultation.receiving.attachments import look
from wellfounded.people.consultation.receiving.mapping import FIELDS, read_mapping, taken_for, written
from wellfounded.people.consultation.receiving.sheets import NotATable, Table, read_table
from wellfounded.people.consultation.receiving.store import NotKept, Store
from wellfounded.people.consultation.types import Channel, Consent, Opinion, Respondent
from wellfounded.web import consultation
from wellfounded.web.given import whole
from wellfounded.web.pages.respond.forms import KEY, LONGEST, UNSAID, Choosing, ManyFiles
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

MOST_FILES, LARGEST = 10, 20_000_000
ENDINGS = (".csv", ".tsv", ".xlsx", ".ods")
ELSEWHERE = "-"  # what a district that is none of the place's own is chosen as
MOST_LINES = 1000  # above the headings
SECTIONS = {
    "respondents": "Who answers", "consents": "What may be published", "opinions": "Agreement", "districts": "Places",
}  # fmt: skip
SHOWN = 50  # rows that were not taken, one by one
_UNSURE = re.compile(r"^(.+) is said to mean '\?': .*$")


class Letter(Choosing):
    """A letter or a form on paper, typed in, with scans of it."""

    unsaid = "It does not say"
    key = forms.RegexField(KEY, error_messages=dict.fromkeys(("required", "invalid"), "Open the form again"))
    text = forms.CharField(
        max_length=LONGEST, required=False, error_messages={"max_length": f"At most {LONGEST:,} letters fit"}
    )
    received = forms.DateField(
        error_messages={"required": "Enter the day on which it came", "invalid": "Enter a day as 25/11/2026"},
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    name = forms.CharField(required=False, max_length=200)
    respondent = forms.ChoiceField(required=False)
    organisation = forms.CharField(required=False, max_length=200)
    sector = forms.ChoiceField(required=False)
    district = forms.ChoiceField(required=False)
    consent = forms.ChoiceField(
        choices=[
            (str(Consent.NAME_AND_TEXT), "What it says, with the name and the organisation"),
            (str(Consent.TEXT), "What it says, without the name and the organisation"),
            (str(Consent.NOTHING), "Nothing"),
        ],
        error_messages={"required": "Choose what may be published; if the letter does not say, nothing may"},
    )
    documents = forms.Field(required=False, widget=ManyFiles(attrs={"multiple": True}))

    def clean_received(self) -> datetime:
        day = self.cleaned_data["received"]
        if day > timezone.localdate():
            raise forms.ValidationError("The day on which it came cannot lie ahead")
        return datetime.combine(day, time(12), tzinfo=UTC)

    def clean_documents(self) -> list[Any]:
        given = self.files.getlist("documents") if self.files else []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"At most {MOST_FILES} files can be added to a letter")
        found = []
        for file in given:
            if (file.size or 0) > LARGEST:
                raise forms.ValidationError(f"{(file.name or 'file')[:80]} has more than {LARGEST // 1_000_000} MB")
            looked = look(file.name or "file", file.content_type or "", file.read())
            if looked.refused:
                raise forms.ValidationError(f"{looked.name} was not added: {looked.refused}")
            found.append(looked)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("text", "").strip() and not data.get("documents"):
            self.add_error("text", "Type what the letter says, or add a scan of it")
        return data


@for_staff("analyst")
def letter(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """Types a letter in; it is then read like any other response."""
    first = {
        "received": timezone.localdate().strftime("%d/%m/%Y"),
        "consent": str(Consent.NOTHING),
        "respondent": UNSAID,
        "key": keyed.token(),
    }
    form = Letter(request.POST or None, request.FILES or None, opened=opened, initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        store = Store(settings.WELLFOUNDED_UPLOADS)
        for file in data["documents"]:
            store.keep(file.content)
        respondent = data["respondent"] if data["respondent"] in consultation.respondents(opened.shown) else ""
        sent = arrivals.Sent(
            text=data["text"].strip(), respondent=respondent, name=data["name"], organisation=data["organisation"],
            sector=data["sector"], district=data["district"], consent=Consent(data["consent"]),
            files=data["documents"],
        )  # fmt: skip
        by, now = signed_in(request).email, timezone.now()
        received = arrivals.receive_note(
            sent, key=data["key"], by=by, now=now, channel=Channel.PAPER, at=data["received"]
        )
        return HttpResponseRedirect(f"/staff/responses/{received.response.reference}")
    return Page("triage/letter.html", {"form": form, "here": "triage"}, status=422 if form.errors else 200)


@for_staff("analyst")
def spreadsheet(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """A spreadsheet of another system: its mapping is proposed, checked by a person, then its rows are taken."""
    context: dict[str, Any] = {"here": "triage", "problems": [], "mapping": "", "file": "", "name": ""}
    by, now = signed_in(request).email, timezone.now()
    if request.method != "POST":
        return Page("triage/spreadsheet.html", context | {"imports": importing.latest(now=now)})
    if request.POST.get("do") == "back":
        return _back(request, context, by=by, now=now)
    store = Store(settings.WELLFOUNDED_UPLOADS)
    try:
        name, kept = _sheet(request, store)
        context |= {"file": kept, "name": name}
        with _on_disk(name, store.read(kept)) as path:
            table = _table(path, request.POST)
            taken, mapping = _mapped(table, request.POST, opened)
            context |= _choices(table, taken, mapping, opened)
            if twice := [what for what, n in Counter(taken.values()).items() if n > 1]:
                raise _NoSheet(f"two columns were taken for the same: {', '.join(twice)}. Choose one for each")
            if request.POST.get("do"):
                context |= _taken(request, path, table, mapping, opened)
            return Page("triage/spreadsheet.html", context)
    except BaseErrors as error:
        problems = [_UNSURE.sub(r"choose what \1 means", problem.message) for problem in error.problems]
    except (NotATable, NotKept, _NoSheet) as error:
        problems = [str(error)]
    return Page("triage/spreadsheet.html", context | {"problems": problems}, status=422)


class _NoSheet(ValueError):
    """No spreadsheet was given."""


def _sheet(request: HttpRequest, store: Store) -> tuple[str, str]:
    """The name of the spreadsheet and the hash under which it is kept. Raises _NoSheet."""
    file = request.FILES.get("sheet")
    if file is None:
        name, kept = Path(request.POST.get("name", "")).name, request.POST.get("file", "")
        if not kept or not name.lower().endswith(ENDINGS):
            raise _NoSheet("choose a spreadsheet: CSV, Excel (XLSX) or ODS")
        return name, kept
    name = Path(file.name or "").name
    if not name.lower().endswith(ENDINGS):
        raise _NoSheet(f"the file {name[:80]} is no spreadsheet that can be read: expected CSV, Excel (XLSX) or ODS")
    if (file.size or 0) > LARGEST:
        raise _NoSheet(
            f"{name[:80]} has more than {LARGEST // 1_000_000} MB: import it with `wellfounded responses import`"
        )
    return name, store.keep(file.read())


@contextmanager
def _on_disk(name: str, content: bytes) -> Iterator[Path]:
    """The spreadsheet as a file with its ending, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="wellfounded-sheet-") as folder:
        stem = re.sub(r"[^\w .-]+", " ", Path(name).stem).strip(" .")[:80] or "sheet"
        path = Path(folder) / f"{stem}{Path(name).suffix.lower()}"  # its name tells its rows from those of another
        path.write_bytes(content)
        yield path


def _table(path: Path, asked: QueryDict) -> Table:
    """The table of the sheet and below the line of headings that a person chose, else where it seems to begin."""
    line = asked.get("line", "")
    if not (line.isascii() and line.isdigit() and 0 < int(line[:6]) <= MOST_LINES):
        return read_table(path)
    return read_table(path, sheet=asked.get("worksheet", ""), heading_line=int(line))


def _mapped(table: Table, asked: QueryDict, opened: Opened) -> tuple[dict[str, str], str]:
    """What each column is taken for, by a person or as it seems, and the mapping that this makes. Raises _NoSheet."""
    conclusions = _conclusions(opened)
    districts = {title: code for code, title in consultation.districts(opened.shown).items()}
    if not asked.get("do"):
        questions = opened.shown.consultation_questions
        taken = taken_for(table, questions=questions, conclusions=conclusions)
        return taken, written(table, taken, districts=districts)
    chosen = {heading: asked.get(f"column-{at}", "") for at, heading in enumerate(table.columns)}
    known = {value for _, some in _roles(opened) for value, _ in some}
    taken = {heading: what for heading, what in chosen.items() if what in known}
    meant: dict[str, dict[str, str]] = {}
    for key in asked:
        if key.startswith("meant:"):
            _, section, value = key.split(":", 2)
            if given := asked.get(key, ""):
                meant.setdefault(section, {})[value] = "" if given == ELSEWHERE else given
    mapping = written(
        table, taken, districts=districts, system=asked.get("system", "").strip()[:60],
        month_first=asked.get("months") == "first", meant=meant,
    )  # fmt: skip
    return taken, mapping


def _roles(opened: Opened) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column can be, in groups: value and words."""
    questions = enumerate(opened.shown.consultation_questions[:3], start=1)
    conclusions = _conclusions(opened).items()
    return [
        ("What was said", [(f"question {n}", f"Question {n}: {text}") for n, text in questions]),
        ("Who says it", [(name, name.capitalize()) for name in FIELDS]),
        ("Agreement with a conclusion", [(f"opinion {name}", sentence) for name, sentence in conclusions]),
        ("Why, on a conclusion", [(f"reason {name}", sentence) for name, sentence in conclusions]),
    ]


def _choices(table: Table, taken: dict[str, str], mapping: str, opened: Opened) -> dict[str, Any]:
    """What the page shows of a mapping: every column with an example, and what the values of choices mean."""
    read = tomllib.loads(mapping)
    districts = [*consultation.districts(opened.shown).items(), (ELSEWHERE, "Elsewhere, or not said")]
    meanings: dict[str, list[tuple[str, str]]] = {
        "respondents": [(str(each), str(each)) for each in Respondent],
        "consents": [(str(each), {"none": "nothing"}.get(str(each), str(each))) for each in Consent],
        "opinions": [(str(each), str(each)) for each in Opinion], "districts": districts,
    }  # fmt: skip
    return {
        "mapping": mapping,
        "read": read,
        "roles": _roles(opened),
        "columns": [
            (at, heading, taken.get(heading, ""), next((value for value in table.column(heading) if value), ""))
            for at, heading in enumerate(table.columns)
        ],
        "sections": [
            (section, title, {value: means or ELSEWHERE for value, means in read[section].items()}, meanings[section])
            for section, title in SECTIONS.items() if read.get(section)
        ],
    }  # fmt: skip


def _conclusions(opened: Opened) -> dict[str, str]:
    return {each.id: each.sentence for each in opened.shown.conclusions if each.state == "published"}


def _taken(request: HttpRequest, path: Path, table: Table, mapping: str, opened: Opened) -> dict[str, Any]:
    """What would be taken under a mapping, or what has been, and which rows not. Raises BaseErrors."""
    kept = path.with_name("mapping.toml")
    kept.write_text(mapping, encoding="utf-8")
    mapped = read_mapping(kept, table, conclusions=_conclusions(opened))
    sheet = rows.responses(table, mapped)
    name = Path(request.POST.get("name", "")).name[:120]
    told: dict[str, Any] = {
        "would": len(sheet.rows),
        "rejected": [str(each).replace(path.name, name) for each in sheet.rejected[:SHOWN]],
        "lines": len(sheet.rejected_lines),
    }
    if request.POST.get("do") == "take":
        by, now = signed_in(request).email, timezone.now()
        told["done"] = importing.take(
            uploaded(sheet.rows, system=mapped.system), file=name, by=by, now=now
        )  # fmt: skip
        told["imports"] = importing.latest(now=now)
    return told


def _back(request: HttpRequest, context: dict[str, Any], *, by: str, now: datetime) -> Page:
    """Takes a spreadsheet back, as far as nobody has begun to read what it brought."""
    try:
        gone, stay = importing.take_back(whole(request.POST.get("import", "")), by=by, now=now)
    except importing.NoSuchImport as error:
        told: dict[str, Any] = {"problems": [str(error)]}
    else:
        told = {"gone": gone, "stay": stay}
    shown = context | told | {"imports": importing.latest(now=now)}
    return Page("triage/spreadsheet.html", shown, status=422 if shown["problems"] else 200)


__all__ = ["letter", "spreadsheet"]
