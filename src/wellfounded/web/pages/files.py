"""Files: charts, documents, the open data, the brand's style sheet and icon."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from wellfounded.web import brand
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Text, current, shown
from wellfounded.web.security import FILE_POLICY

TYPES = {
    ".cff": "application/yaml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    """Where the documents and the open data were before there were editions."""
    return HttpResponsePermanentRedirect("/editions")


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
    return _file(request, "data", name, attached=True)


@require_safe
def document(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """A document of the publication, its style sheet, or its manifest."""
    return _file(request, name, attached=name.endswith((".docx", ".pptx")))


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """The place's logo."""
    if name != current(request).shown.brand.get("logo"):
        raise Http404(f"{name!r} is no file of the publication")
    return _file(request, *name.split("/"))


def _file(request: HttpRequest, *parts: str, attached: bool = False) -> FileResponse:
    try:
        path = current(request).file(*parts)
    except NotInPublication as error:
        raise Http404(str(error)) from error
    return sent(path, attached=attached)


def sent(path: Path, *, attached: bool) -> FileResponse:
    """A file as a response that runs nothing."""
    type_ = TYPES.get(path.suffix, "application/octet-stream")
    response = FileResponse(path.open("rb"), as_attachment=attached, filename=path.name, content_type=type_)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response
