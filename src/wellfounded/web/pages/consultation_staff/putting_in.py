"""What staff put in by hand: letters that are typed in, scans, and spreadsheets of another system, mapped."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.evidence.located import BaseErrors
from wellfounded.people.consultation.actions import arrivals
from wellfounded.people.consultation.mailroom import uploaded
from wellfounded.people.consultation.receiving import rows
from wellfounded.people.consultation.receiving.attachments import look
from wellfounded.people.consultation.receiving.mapping import propose, read_mapping
from wellfounded.people.consultation.receiving.sheets import NotATable, Table, read_table
from wellfounded.people.consultation.receiving.store import NotKept, Store
from wellfounded.people.consultation.types import Channel, Consent
from wellfounded.web import consultation
from wellfounded.web.pages.respond.forms import LONGEST, UNSAID, Choosing, ManyFiles
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

MOST_FILES, LARGEST = 10, 20_000_000
ENDINGS = (".csv", ".tsv", ".xlsx", ".ods")
SHOWN = 50  # rows that were not taken, one by one


class Letter(Choosing):
    """A letter or a form on paper, typed in, with scans of it."""

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
        choices=list(consultation.CONSENT_WORDS.items()),
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
        received = arrivals.receive_note(sent, by=by, now=now, channel=Channel.PAPER, at=data["received"])
        return HttpResponseRedirect(f"/staff/responses/{received.response.reference}")
    return Page("triage/letter.html", {"form": form, "here": "triage"}, status=422 if form.errors else 200)


@for_staff("analyst")
def spreadsheet(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """A spreadsheet of another system: its mapping is proposed, checked by a person, then its rows are taken."""
    context: dict[str, Any] = {"here": "triage", "problems": [], "mapping": "", "file": "", "name": ""}
    if request.method != "POST":
        return Page("triage/spreadsheet.html", context)
    store = Store(settings.WELLFOUNDED_UPLOADS)
    try:
        name, kept = _sheet(request, store)
        context |= {"file": kept, "name": name}
        with _on_disk(name, store.read(kept)) as path:
            if not request.POST.get("mapping"):
                return Page("triage/spreadsheet.html", context | {"mapping": _proposed(read_table(path), opened)})
            context["mapping"] = request.POST["mapping"][:200_000].replace("\r\n", "\n")
            return Page("triage/spreadsheet.html", context | _taken(request, path, context["mapping"], opened))
    except BaseErrors as error:
        problems = [f"line {problem.line} of the mapping: {problem.message}" for problem in error.problems]
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
        raise _NoSheet(f"{name[:80]} is no spreadsheet that can be read: expected CSV, Excel (XLSX) or ODS")
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


def _proposed(table: Table, opened: Opened) -> str:
    shown = opened.shown
    names = {title: code for code, title in consultation.districts(shown).items()}
    return propose(
        table, questions=shown.consultation_questions, conclusions=_conclusions(opened), districts=names
    )  # fmt: skip


def _conclusions(opened: Opened) -> dict[str, str]:
    return {each.id: each.sentence for each in opened.shown.conclusions if each.state == "published"}


def _taken(request: HttpRequest, path: Path, mapping: str, opened: Opened) -> dict[str, Any]:
    """What would be taken under a mapping, or what has been, and which rows not. Raises BaseErrors."""
    written = path.with_name("mapping.toml")
    written.write_text(mapping, encoding="utf-8")
    table = read_table(path)
    mapped = read_mapping(written, table, conclusions=_conclusions(opened))
    if (mapped.sheet, mapped.heading_line) != (table.sheet, table.heading_line):
        table = read_table(path, sheet=mapped.sheet, heading_line=mapped.heading_line)
        mapped = read_mapping(written, table, conclusions=_conclusions(opened))
    sheet = rows.responses(table, mapped)
    name = Path(request.POST.get("name", "")).name[:120]
    told: dict[str, Any] = {
        "would": len(sheet.rows),
        "rejected": [str(each).replace(path.name, name) for each in sheet.rejected[:SHOWN]],
        "lines": len(sheet.rejected_lines),
    }
    if request.POST.get("do") == "take":
        by, now = signed_in(request).email, timezone.now()
        told["done"] = arrivals.receive_rows(
            (uploaded(row, system=mapped.system) for row in sheet.rows), file=name, by=by, now=now
        )  # fmt: skip
    return told
