"""A sample that is coded twice, blind, and how far the coders agree."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.consultation.actions import coding as actions
from wellfounded.people.consultation.actions.linking import Linked
from wellfounded.people.consultation.models import Sample
from wellfounded.people.consultation.queries import coded
from wellfounded.people.consultation.types import Says
from wellfounded.web.given import whole
from wellfounded.web.pages.consultation_staff.home import HERE, choices, target_of
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

SIZE = 20


@for_staff("analyst")
def samples(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """The samples with the agreement of each; a POST draws a new one."""
    refused = ""
    if request.method == "POST":
        given = request.POST.get("size", "")
        size = int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 4 else SIZE
        try:
            made = actions.draw(
                max(1, size), seed=secrets.randbelow(2**31), by=signed_in(request).email, now=timezone.now()
            )
            return HttpResponseRedirect(f"/staff/responses/coding/{made.pk}")
        except actions.TooFewPoints as error:
            refused = str(error)
    return Page(
        "triage/samples.html", {"samples": coded.listing(), "size": SIZE, "refused": refused, "here": HERE},
        status=422 if refused else 200,
    )  # fmt: skip


@for_staff("analyst")
def sample(request: HttpRequest, opened: Opened, pk: int) -> Page | HttpResponseBase:
    """The next point of a sample that whoever looks has not coded: nothing that others made of it is shown."""
    found = Sample.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("there is no such sample")
    by = signed_in(request).email
    refused = ""
    if request.method == "POST":
        of = found.points.filter(pk=whole(request.POST.get("of", ""))).first()
        try:
            if of is None:
                raise ValueError("choose a point of this sample")
            says = request.POST.get("says", "")
            linked = Linked(target_of(request.POST.get("target", "")), Says(says) if says else None)
            actions.code(of, linked, by=by, now=timezone.now())
            return HttpResponseRedirect(request.path_info)
        except actions.AlreadyCoded as error:
            refused = str(error)
        except ValueError:
            refused = "choose what the point is about"
    following, done, of_all = coded.following(found, by=by)
    return Page(
        "triage/sample.html",
        {
            "sample": found, "next": following, "done": done, "of_all": of_all, "choices": choices(),
            "says": [str(says) for says in Says], "agreement": coded.agreement(found) if following is None else None,
            "refused": refused, "here": HERE,
        },
        status=422 if refused else 200,
    )  # fmt: skip
