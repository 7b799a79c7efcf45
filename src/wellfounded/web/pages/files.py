"""Files: charts, the pack, the open data, the brand's style sheet and icon."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wellfounded.web import addresses, brand
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, Text, shelf, shown
from wellfounded.web.security import FILE_POLICY

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
_SAY = {
    "pack.pdf": (
        "The full evidence pack",
        "Every chapter, conclusion, chart and source in one document to read or print",
    ),
    "pack.html": ("The full evidence pack as one web page", "The same pack, to read on screen or with a screen reader"),
    "figures.csv": ("Figures", "Every figure used, with interval, status and release"),
    "conclusions.csv": ("Conclusions", "Every conclusion with its verdict and robustness"),
    "tests.csv": ("Tests", "Every test of every conclusion with its working"),
    "variants.csv": ("Variants", "What every conclusion came to under other choices"),
    "indicators.csv": ("Indicators", "What each indicator measures, its unit, source and caveats"),
    "sources.csv": ("Sources", "Every release used, with publisher, licence and date"),
    "manifest.json": ("Manifest", "The size and SHA-256 of every file, for checking a download"),
}


@dataclass(frozen=True)
class Download:
    """A file to take away."""

    title: str
    text: str
    address: str
    kind: str
    size: str


def downloads_of(opened: Opened) -> list[Download]:
    """What can be taken away: the pack first, then the open data."""
    pack = [opened.folder / name for name in ("pack.pdf", "pack.html")]
    found = [_download(path, f"/{path.name}") for path in pack if path.is_file()]
    return found + [_download(path, addresses.data_file(path.name)) for path in opened.files("data")]


@shown
def downloads(request: HttpRequest, opened: Opened) -> Page:
    """The pack and the open data."""
    found = downloads_of(opened)
    return Page(
        "downloads.html",
        {
            "pack": [d for d in found if not d.address.startswith("/data/")],
            "data": [d for d in found if d.address.startswith("/data/")],
            "here": "downloads",
        },
    )


@shown
def brand_css(request: HttpRequest, opened: Opened) -> Text:
    """The place's colours as a style sheet."""
    return Text(brand.style_sheet(opened.shown), "text/css; charset=utf-8")


@shown
def icon(request: HttpRequest, opened: Opened) -> Text:
    """The site's icon."""
    return Text(brand.icon(opened.shown), TYPES[".svg"], {"Content-Security-Policy": FILE_POLICY})


@shown
def chart(request: HttpRequest, opened: Opened, name: str) -> Text:
    """A chart's drawing or its specification."""
    path = opened.file("charts", name)
    if path.suffix not in (".svg", ".json"):
        raise NotInPublication(f"a chart is an .svg or a .json, not {name!r}")
    return Text(path.read_bytes(), TYPES[path.suffix], {"Content-Security-Policy": FILE_POLICY})


@shown
def robots(request: HttpRequest, opened: Opened) -> Text:
    """What crawlers may read: everything but searches."""
    return Text("User-agent: *\nDisallow: /search\n", "text/plain; charset=utf-8")


@require_safe
def data(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """A file of the open data."""
    return _file("data", name, attached=True)


@require_safe
def pack_pdf(request: HttpRequest) -> HttpResponse | FileResponse:
    """The full pack as PDF."""
    return _file("pack.pdf")


@require_safe
def pack_html(request: HttpRequest) -> HttpResponse | FileResponse:
    """The full pack as one page."""
    return _file("pack.html")


@require_safe
def document_css(request: HttpRequest) -> HttpResponse | FileResponse:
    """The style sheet of the pack as one page."""
    return _file("document.css")


def _file(*parts: str, attached: bool = False) -> FileResponse:
    try:
        path = shelf().current().file(*parts)
    except NotInPublication as error:
        raise Http404(str(error)) from error
    type_ = TYPES.get(path.suffix, "application/octet-stream")
    response = FileResponse(path.open("rb"), as_attachment=attached, filename=path.name, content_type=type_)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


def _download(path: Path, address: str) -> Download:
    title, text = _SAY.get(path.name, (path.stem, ""))
    return Download(title, text, address, path.suffix.lstrip(".").upper(), size(path.stat().st_size))


def size(octets: int) -> str:
    """A file's size as people read it."""
    if octets >= 1_000_000:
        return f"{octets / 1_000_000:.1f} MB"
    return f"{max(1, round(octets / 1000)):,} KB"
