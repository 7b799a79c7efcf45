"""What can be taken away: the documents and the open data of a publication, in each form that was built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wellfounded.web import addresses
from wellfounded.web.publication import Opened

FORMS = {  # how people call the kinds of file
    ".cff": "CFF", ".csv": "CSV", ".docx": "Word", ".html": "web page", ".json": "JSON", ".ods": "ODS",
    ".parquet": "Parquet", ".pdf": "PDF", ".pptx": "PowerPoint", ".xlsx": "Excel", ".zip": "ZIP",
}  # fmt: skip
DOCUMENTS = (
    ("summary", "Summary", "What the evidence says, in a few pages", (".pdf", ".docx", ".html")),
    (
        "pack",
        "Full evidence pack",
        "Every chapter, conclusion, test, table and source, with appendices",
        (".pdf", ".html"),
    ),
    (
        "presentation",
        "Presentation",
        "Slides for a session, with charts that can be edited and notes for who presents",
        (".pptx",),
    ),
)
SPREADSHEETS = (
    "evidence",
    "Spreadsheet",
    "Figures of every indicator, conclusions, tests and sources, a sheet each",
    (".xlsx", ".ods"),
)
TABLES = (
    ("figures", "Figures", "Every figure used, with interval, status and release"),
    ("conclusions", "Conclusions", "Every conclusion with its verdict and robustness"),
    ("tests", "Tests", "Every test of every conclusion with its working"),
    ("variants", "Variants", "What every conclusion came to under other choices"),
    ("indicators", "Indicators", "What each indicator measures, its unit, source and caveats"),
    ("sources", "Sources", "Every release used, with publisher, licence and date"),
)
METADATA = "csv-metadata.json"
CITATION = "CITATION.cff"


@dataclass(frozen=True)
class Form:
    """A file in one form: its address, what the form is called, and its size."""

    address: str
    name: str
    size: str


@dataclass(frozen=True)
class Download:
    """Something to take away, in one or more forms."""

    title: str
    text: str
    forms: tuple[Form, ...]


def documents_of(opened: Opened) -> list[Download]:
    """The documents of a publication that were built."""
    found = []
    for name, title, text, endings in DOCUMENTS:
        forms = tuple(_form(opened.folder / f"{name}{end}", f"/{name}{end}") for end in endings)
        if kept := tuple(form for form in forms if form is not None):
            found.append(Download(title, text, kept))
    return found


def data_of(opened: Opened) -> list[Download]:
    """The open data of a publication: spreadsheets first, then each table in its forms, and what describes them."""
    name, title, text, endings = SPREADSHEETS
    wanted = [(title, text, [f"{name}{end}" for end in endings])]
    wanted += [(title, text, [f"{name}.csv", f"{name}.parquet"]) for name, title, text in TABLES]
    wanted.append(("Metadata of the tables", "CSV on the Web: each column with its meaning and type", [METADATA]))
    wanted.append(("Citation", "How to cite this evidence, for reference managers", [CITATION]))
    found = []
    for title, text, names in wanted:
        forms = tuple(
            form
            for name in names
            if (form := _form(opened.folder / "data" / name, addresses.data_file(name))) is not None
        )
        if forms:
            found.append(Download(title, text, forms))
    return found


def _form(path: Path, address: str) -> Form | None:
    if not path.is_file():
        return None
    return Form(address, FORMS.get(path.suffix, path.suffix.lstrip(".").upper()), size(path.stat().st_size))


def size(octets: int) -> str:
    """A file's size as people read it."""
    if octets >= 1_000_000:
        return f"{octets / 1_000_000:.1f} MB"
    return f"{max(1, round(octets / 1000)):,} KB"
