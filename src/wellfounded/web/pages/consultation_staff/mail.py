"""The consultation's mail: how far it has been read, what no person wrote, and each message as it came."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.consultation.actions import privacy
from wellfounded.people.consultation.actions.messages import take_as_response
from wellfounded.people.consultation.models import MailFolder, Original
from wellfounded.people.consultation.queries import queues
from wellfounded.people.consultation.receiving.message import read_message
from wellfounded.people.consultation.receiving.store import NotKept
from wellfounded.people.consultation.receiving.types import Kind, Message
from wellfounded.web.pages.consultation_staff.home import HERE
from wellfounded.web.pages.consultation_staff.one import handed_out
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

SHOWN = 20_000  # characters of a message; the rest is in the download


@for_staff("analyst")
def mailbox(request: HttpRequest, opened: Opened) -> Page:
    """The mailboxes that are read, and the messages that are kept as no person's."""
    return Page(
        "triage/mail.html",
        {
            "folders": list(MailFolder.objects.order_by("name")), "here": HERE,
            "page_of": Paginator(queues.kept_beside(), queues.A_PAGE).get_page(request.GET.get("page")),
        },
    )  # fmt: skip


@for_staff("analyst")
def message(request: HttpRequest, opened: Opened, pk: int) -> Page | HttpResponseBase:
    """A message; a POST takes one that was kept as no person's as a response."""
    found = _found(pk)
    read = _read(found)
    refused, status = "", 200
    if request.method == "POST" and found.kind != Kind.PERSON:
        if read is None:
            refused, status = "its original is not kept any more, so that nothing can be taken from it", 422
        else:
            made = take_as_response(found, read, by=signed_in(request).email, now=timezone.now())
            return HttpResponseRedirect(f"/staff/responses/{made[0].reference}")
    texts = [voice.text for voice in read.voices] if read is not None else []
    shown: dict[str, Any] = {
        "original": found, "message": read, "responses": list(found.responses.order_by("id")), "here": HERE,
        "texts": [text[:SHOWN] for text in texts], "cut": any(len(text) > SHOWN for text in texts),
        "person": Kind.PERSON, "refused": refused,
    }  # fmt: skip
    return Page("triage/message.html", shown, status=status)


@for_staff("analyst")
def original(request: HttpRequest, opened: Opened, pk: int) -> HttpResponseBase:
    """The bytes of a message as they came, as a download."""
    return handed_out(_found(pk).raw_hash, f"message-{pk}.eml")


def _found(pk: int) -> Original:
    found = Original.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(f"there is no message {pk}")
    return found


def _read(found: Original) -> Message | None:
    """What the message says; None where its bytes are not kept any more."""
    try:
        return read_message(privacy.store().read(found.raw_hash))
    except NotKept:
        return None
