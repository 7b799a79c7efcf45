"""Campaigns and themes: the common text read once, and what people name, merge and split."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.consultation.actions import grouping
from wellfounded.people.consultation.models import Campaign, Theme
from wellfounded.people.consultation.queries import themes as theming
from wellfounded.web.given import whole
from wellfounded.web.pages.consultation_staff.home import HERE
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page


@for_staff("analyst")
def campaigns(request: HttpRequest, opened: Opened) -> Page:
    """The campaigns, the largest first."""
    return Page("triage/campaigns.html", {"campaigns": theming.campaigns(), "here": HERE})


@for_staff("analyst")
def campaign(request: HttpRequest, opened: Opened, pk: int) -> Page | HttpResponseBase:
    """A campaign: its common text, and what each member added. A POST names it, or takes a member out."""
    found = Campaign.objects.select_related("model").filter(pk=pk).first()
    if found is None:
        raise Http404("there is no such campaign")
    refused = ""
    if request.method == "POST":
        by, now = signed_in(request).email, timezone.now()
        try:
            if request.POST.get("do") == "name":
                grouping.name_campaign(found, request.POST.get("name", ""), by=by, now=now)
            else:
                for member in found.members.filter(pk=whole(request.POST.get("member", "")), out_at=None):
                    grouping.take_out(member, by=by, now=now)
            return HttpResponseRedirect(request.path_info)
        except grouping.NoName as error:
            refused = str(error)
    members = theming.members_of(found)
    shown = [
        {
            "member": member,
            "response": member.response,
            "added": [member.response.text[start:end] for start, end in member.added],
        }
        for member in members
    ]
    model = next((m for m in found.members.filter(response=found.model).select_related("response")), None)
    common = [model.response.text[start:end] for start, end in model.common] if model is not None else []
    return Page(
        "triage/campaign.html",
        {
            "campaign": found, "common": common, "members": shown, "n": found.members.filter(out_at=None).count(),
            "refused": refused, "here": HERE,
        },
        status=422 if refused else 200,
    )  # fmt: skip


@for_staff("analyst")
def themes(request: HttpRequest, opened: Opened) -> Page:
    """The themes, the largest first."""
    return Page("triage/themes.html", {"themes": theming.listing(), "here": HERE})


@for_staff("analyst")
def theme(request: HttpRequest, opened: Opened, pk: int) -> Page | HttpResponseBase:
    """A theme with its points; a POST renames, merges or splits it."""
    found = Theme.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("there is no such theme")
    refused = ""
    if request.method == "POST":
        by, now, asked = signed_in(request).email, timezone.now(), request.POST
        try:
            if asked.get("do") == "rename":
                grouping.rename(found, asked.get("name", ""), by=by, now=now)
            elif asked.get("do") == "merge":
                into = Theme.objects.filter(pk=whole(asked.get("into", ""))).first()
                if into is None:
                    raise grouping.NothingToMerge("choose another theme to merge it into")
                grouping.merge(found, into, by=by, now=now)
                return HttpResponseRedirect(f"/staff/responses/themes/{into.pk}")
            elif asked.get("do") == "back":
                change = next((each for each in theming.history(found) if str(each.pk) == asked.get("change")), None)
                if change is None:
                    raise grouping.ChangedSince("choose one of the changes of this theme")
                back = grouping.take_back(change, by=by, now=now)
                return HttpResponseRedirect(f"/staff/responses/themes/{back.pk}")
            else:
                chosen = [whole(each) for each in asked.getlist("point")]
                made = grouping.split(found, chosen, asked.get("name", ""), by=by, now=now)
                return HttpResponseRedirect(f"/staff/responses/themes/{made.pk}")
            return HttpResponseRedirect(request.path_info)
        except (grouping.ChangedSince, grouping.NoName, grouping.NothingToMerge, grouping.NothingToSplit) as error:
            refused = str(error)
    history = theming.history(found)
    return Page(
        "triage/theme.html",
        {
            "theme": found, "row": theming.one(pk), "points": theming.points_of(found),
            "others": Theme.objects.filter(ended_at=None).exclude(pk=pk).order_by("name"),
            "history": history, "last": next((change.pk for change in history if change.back_at is None), 0),
            "refused": refused, "here": HERE,
        },
        status=422 if refused else 200,
    )  # fmt: skip
