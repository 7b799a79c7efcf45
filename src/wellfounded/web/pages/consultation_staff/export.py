"""What people said as files for staff: every table, and the audit pack."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from wellfounded.people import record
from wellfounded.people.consultation.models import Response
from wellfounded.web import handing_out
from wellfounded.web.pages.consultation_staff.home import HERE
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

MOST = 20_000  # responses of which files are written while somebody waits; more are for `wellfounded responses export`
FILES = {
    "responses.ods": ("application/vnd.oasis.opendocument.spreadsheet", False),
    "responses.zip": ("application/zip", False),
    "audit-pack.zip": ("application/zip", True),
}


@for_staff("analyst")
def files(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """What can be taken away, and what is in it; a POST gives one of the files, written now, and the record says so."""
    few = Response.objects.count() <= MOST
    if request.method != "POST":
        return Page("triage/files.html", {"few": few, "most": MOST, "here": HERE})
    name = request.POST.get("name", "")
    if name not in FILES or not few:
        raise Http404(f"there is no file {name!r}")
    kind, audit = FILES[name]
    with tempfile.TemporaryDirectory(prefix="wellfounded-given-") as folder:
        made = handing_out.write(Path(folder, name), opened=opened, now=timezone.now(), audit=audit)
        content = made.open("rb")  # read while it is sent, though its name is gone by then
    record.done(signed_in(request).email, "responses.given-out", about=name)
    return FileResponse(content, as_attachment=True, filename=name, content_type=kind)


__all__ = ["files"]
